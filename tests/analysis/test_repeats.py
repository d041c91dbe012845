"""The mean of repeated spectra."""

import math

import numpy as np
import pytest

from analysis.repeats import mean_of_repeats
from core.records import Fit, KramersKronig, Value


def fit(**values):
    found = {name: Value(*pair) for name, pair in values.items()}
    nothing = np.zeros(0)
    verdict = KramersKronig(True, 0.0)
    return Fit("m", 1, 0.0, found, (), nothing, nothing.astype(bool), "modulus", 0.0, verdict)


def test_scatter_averages_out_and_the_error_of_the_model_stays():
    fits = [fit(R_int=(value, 3.0)) for value in (98.0, 100.0, 102.0, 100.0)]
    mean = mean_of_repeats(fits, "R_int")
    scatter = np.std([98, 100, 102, 100], ddof=1) / 2
    assert (mean.value, mean.stderr) == pytest.approx((100.0, math.hypot(scatter, 3.0)))


def test_a_single_spectrum_has_its_own_error():
    assert mean_of_repeats([fit(L=(6e-7, 5e-8))], "L") == Value(6e-7, 5e-8)


def test_what_no_fit_knows_is_not_made_up():
    assert mean_of_repeats([fit(R_int=(1.0, math.nan)), fit(L=(1.0, 1.0))], "R_int") is None
    assert mean_of_repeats([], "R_int") is None
