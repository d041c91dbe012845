"""The next pressure of a forming."""

import math

import numpy as np
import pytest

from core.records import Fit, KramersKronig, Value
from protocols.decisions import KINDS, KeptFit, PressureAdvice

BAND = {"low": 780.0, "high": 1130.0}
STEPS = {"largest_step": 4e6, "smallest_step": 0.5e6, "highest": 40e6}


def kept(pressure, resistance, number=7, flags=()):
    values = {"R_int": Value(resistance, 1.0)}
    if pressure is not None:
        values["p"] = Value(pressure, math.nan)
    verdict = KramersKronig(True, 0.0)
    mask = np.ones(3, bool)
    return KeptFit(
        number, Fit("m", 1, 60.0, values, (), np.empty((0, 0)), mask, "modulus", 0.0, verdict, flags)
    )


def advice(pressure, resistance, before=(), flags=(), **changed):
    rule = PressureAdvice(**(BAND | STEPS | changed), before=[list(pair) for pair in before])
    assert rule.see(kept(pressure, resistance, flags=flags)) is None
    return rule, rule.conclude(60.0, "finished")


def test_two_pressures_make_a_line_in_logarithms():
    # R ∝ p^-2.5: what is aimed at is three quarters of the way up the band.
    resistance = 1042.5 * (10 / 11) ** -2.5
    rule, decision = advice(10e6, resistance, [(5e6, resistance * 2**2.5)])
    assert rule.aim == pytest.approx(1042.5)
    assert rule.pressure == pytest.approx(11e6)
    assert decision.outcome == "press to 11.00 MPa"
    assert decision.fits == (7,)
    assert decision.changes_bench


def test_one_pressure_goes_the_least_far():
    rule, _ = advice(10e6, 1042.5 * 1.2**3)
    assert rule.pressure == pytest.approx(12e6)


@pytest.mark.parametrize(("resistance", "pressure"), [(1e6, 14e6), (1131.0, 10.5e6)])
def test_steps_are_neither_too_large_nor_too_small(resistance, pressure):
    assert advice(10e6, resistance)[0].pressure == pytest.approx(pressure)


def test_the_highest_pressure_is_the_last():
    assert advice(10e6, 1e6, highest=11e6)[0].pressure == pytest.approx(11e6)
    # A hand on a screw does not come nearer.
    rule, decision = advice(10.7e6, 1e6, highest=11e6)
    assert rule.pressure is None
    assert "highest pressure" in decision.outcome
    assert not decision.changes_bench


@pytest.mark.parametrize(("resistance", "where"), [(1000.0, "within"), (500.0, "below")])
def test_nothing_is_advised_once_the_band_is_reached(resistance, where):
    rule, decision = advice(10e6, resistance)
    assert rule.pressure is None
    assert where in decision.outcome
    assert rule.reached == (10e6, resistance)


def test_without_contact_it_goes_on_by_the_largest_step():
    rule, _ = advice(4e6, 1e7, flags=("poor fit",))
    assert rule.pressure == pytest.approx(8e6)
    assert rule.reached is None


def test_without_gauge_there_is_no_advice():
    rule, decision = advice(None, 2000.0)
    assert rule.pressure is None
    assert decision.outcome == "no advice: nobody measured the pressure"


def test_a_line_that_cannot_be_is_bounded():
    # R that rises with pressure is noise; the shallowest slope goes far, and the largest step bounds it.
    rule, _ = advice(10e6, 2000.0, [(9e6, 1900.0)])
    assert rule.pressure == pytest.approx(14e6)


def test_an_overridden_rule_advises_nothing():
    rule = PressureAdvice(**BAND, **STEPS)
    rule.overridden = True
    rule.see(kept(10e6, 2000.0))
    assert not rule.conclude(60.0, "finished").changes_bench
    assert rule.pressure is None


def test_it_can_be_made_again_from_what_is_stored():
    rule, decision = advice(10e6, 2000.0, [(5e6, 9000.0)])
    again = KINDS["pressure advice"].from_parameters(rule.parameters())
    again.see(kept(10e6, 2000.0))
    assert again.conclude(60.0, "finished") == decision
