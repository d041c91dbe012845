"""Apparent contact, and whether a contact stands still."""

import numpy as np
import pytest

from analysis.contact import Steady, steady_at_end

TIME = np.arange(0, 6 * 3600.0, 30.0)


def course(per_hour, noise=0.003, seed=1, ripple=0.0):
    rng = np.random.default_rng(seed)
    wave = ripple * np.sin(2 * np.pi * TIME / 600)
    return 0.03 * np.exp(per_hour * TIME / 3600 + rng.normal(0, noise, len(TIME)) + wave)


def test_a_resistance_that_stands_still_is_steady():
    found = steady_at_end(TIME, course(0.0))
    assert found.steady
    assert not found.rising
    assert found.low < 0 < found.high
    assert found.value == pytest.approx(0.03, rel=3 * found.error / found.value)
    assert found.hours == pytest.approx(1.5, abs=0.01)
    assert str(found).startswith("steady: R_int changes by")


def test_a_resistance_that_rises_is_not_steady_and_says_by_how_much():
    found = steady_at_end(TIME, course(0.12))
    assert found.rising
    assert not found.steady
    assert found.low < 0.12 < found.high
    assert "rising" in str(found)


def test_what_cannot_be_told_is_neither_steady_nor_rising():
    found = steady_at_end(TIME[:16], course(0.03, noise=0.05)[:16], part=0.9)
    assert not found.steady
    assert not found.rising
    assert str(found).startswith("not steady")


def test_the_slope_holds_the_truth_as_often_as_it_says_although_neighbours_are_alike():
    inside = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        wander = np.zeros(len(TIME))
        for row in range(1, len(TIME)):
            wander[row] = 0.5 * wander[row - 1] + rng.normal(0, 0.003)
        found = steady_at_end(TIME, 0.03 * np.exp(0.02 * TIME / 3600 + wander))
        inside += found.low <= 0.02 <= found.high
    assert 0.90 <= inside / 300 <= 0.985


def test_an_early_fall_does_not_count():
    assert steady_at_end(TIME, course(0.0) * (1 + np.exp(-TIME / 1800))).steady


def test_too_few_spectra_tell_nothing():
    assert steady_at_end(TIME[:5], course(0.0)[:5]) is None
    assert steady_at_end(TIME[:0], TIME[:0]) is None
    assert steady_at_end(TIME, np.full(len(TIME), np.nan)) is None


def test_a_slope_is_told_in_percent_no_finer_than_it_is_large():
    told = str(Steady(False, True, 4.014, 2.152, 5.875, 0.04, 0.57, 1.0, 0.1, 12))
    assert told.startswith("rising: R_int changes by +401 % in an hour (95 % from +215 % to +588 %)")
    assert "by −0.3 %" in str(Steady(True, False, -0.003, -0.01, 0.004, 0.04, 1.5, 1.0, 0.1, 12))
