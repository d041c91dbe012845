"""Where R_int is too small to be resolved, only the most it can be is known."""

import math

import numpy as np

from core.records import Fit, KramersKronig, Value
from protocols.decisions import KeptFit, ShortCircuit


def kept(number, upper, flags=("below resolution",), resistance=math.nan, lowest=1000.0):
    values = {
        "R_int": Value(resistance, 1.0), "R_int_upper": Value(upper, math.nan), "R_bulk": Value(710.0, 1.0),
        "R_gb": Value(280.0, 1.0), "R_electrolyte": Value(990.0, 1.0), "Re_low": Value(lowest, math.nan),
        "I": Value(3e-5, math.nan), "E": Value(0.03, math.nan), "T": Value(298.15, math.nan),
    }  # fmt: skip
    verdict = KramersKronig(True, 0.0)
    empty = np.empty((0, 0))
    fit = Fit(
        "m", 1, 30.0 * number, values, (), empty, np.ones(3, bool), "modulus", 0.0, verdict, tuple(flags)
    )
    return KeptFit(number, fit)


def test_a_limit_that_becomes_tighter_is_no_short():
    rule = ShortCircuit()
    for number, upper in enumerate([49.0, 11.0, 45.0, 65.0, 30.0, 8.0, 25.0, 4.0, 5.0], start=1):
        assert rule.see(kept(number, upper)) is None
    assert not rule.shorted


def test_a_resistance_that_falls_below_what_can_be_resolved_is_one():
    rule = ShortCircuit()
    for number in (1, 2, 3):
        assert rule.see(kept(number, math.nan, (), 5000.0, 6000.0)) is None
    assert rule.see(kept(4, 10.0)) is not None
    assert rule.shorted
