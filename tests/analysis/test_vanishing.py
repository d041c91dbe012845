"""When contact vanishes, on curves like those of lithium and of the alloys."""

import math

import numpy as np
import pytest

from analysis.vanishing import vanishing

LIFE = 9.4 * 3600
START = 270.0
LARGEST = 36e3
"""Ω cm²; where the cut-off ends a stripping at 100 µA/cm²."""


def curve(power: float, end: float = LARGEST, every: float = 30.0, noise: float = 0.0, seed: int = 1):
    """Contact falls as (1 − t/life)^power: 1 for lithium, less for what goes faster at last."""
    time = np.arange(every, LIFE, every)
    resistance = START * (1 - time / LIFE) ** -power
    kept = resistance < end
    wobble = 1 + noise * np.random.default_rng(seed).standard_normal(len(time))
    return time[kept], (resistance * wobble)[kept]


def test_contact_lost_at_a_constant_rate_vanishes_at_the_end_of_its_life():
    time, resistance = curve(1.0)
    found = vanishing(time, resistance)
    assert found.time == pytest.approx(LIFE, rel=1e-6)
    assert found.error < 1
    assert found.last == time[-1]
    assert resistance[np.searchsorted(time, found.first)] >= resistance[-1] / 6.01


@pytest.mark.parametrize("power", [0.5, 0.7, 0.92, 1.15])
@pytest.mark.parametrize("end", [10e3, LARGEST])
def test_the_error_covers_what_a_bent_curve_makes_of_the_line(power, end):
    found = vanishing(*curve(power, end))
    assert abs(found.time - LIFE) < 2.5 * found.error
    assert abs(found.time / LIFE - 1) < 0.02


def test_the_further_the_curve_was_followed_the_better_it_is_known():
    early, late = (vanishing(*curve(0.8, end)) for end in (10e3, LARGEST))
    assert late.error < early.error / 2


def test_noise_makes_the_error_that_repeats_show():
    found = [vanishing(*curve(1.0, noise=3e-3, seed=seed)) for seed in range(40)]
    pulls = [(each.time - LIFE) / each.error for each in found]
    assert abs(np.mean([each.time for each in found]) / LIFE - 1) < 1e-3
    assert 0.3 < np.std(pulls) < 1.5


def test_it_does_not_depend_on_where_a_threshold_was_put():
    times = [vanishing(*curve(1.0, end)).time for end in (2e3, 5e3, 10e3, 20e3)]
    assert np.ptp(times) < 1e-3 * LIFE


def test_contact_never_vanishes_before_it_was_last_seen():
    time = np.array([0.0, 1, 2, 3, 4])
    found = vanishing(time, 1 / np.array([1.0, 0.4, 0.05, 0.02, 0.019]))
    assert found.time >= 4


@pytest.mark.parametrize(
    "resistance",
    [
        np.full(50, 300.0),
        np.linspace(300, 800, 50),
        np.linspace(3000, 300, 50),
        np.array([300.0, 900.0, 3000.0]),
        np.full(50, math.nan),
    ],
)
def test_a_contact_that_does_not_go_has_no_such_time(resistance):
    assert vanishing(np.arange(float(len(resistance))), resistance) is None


def test_samples_that_are_not_known_are_passed_over():
    time, resistance = curve(1.0)
    spoilt = resistance.copy()
    spoilt[::3] = math.nan
    assert vanishing(time, spoilt).time == pytest.approx(LIFE, rel=1e-4)


def test_the_error_of_a_straight_curve_is_what_repeats_show():
    time, resistance = curve(1.0, 10e3)
    told = vanishing(time, resistance, 0.02 * resistance).error
    repeats = []
    for seed in range(200):
        noisy = resistance * (1 + 0.02 * np.random.default_rng(seed).standard_normal(len(time)))
        repeats.append(vanishing(time[:-1], noisy[:-1], 0.02 * noisy[:-1]).time)
    assert told == pytest.approx(np.std(repeats), rel=0.3)


def test_scatter_counts_as_much_as_an_error_that_was_told():
    ratios = []
    for seed in range(20):
        time, resistance = curve(1.0, 10e3, noise=0.02, seed=seed)
        told, shown = (vanishing(time, resistance, each).error for each in (0.02 * resistance, None))
        ratios.append(shown / told)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.15)


def test_what_came_after_the_largest_resistance_is_not_looked_at():
    time, resistance = curve(1.0)
    later = np.append(time, time[-1] + np.arange(1, 20) * 30.0)
    assert vanishing(later, np.append(resistance, np.full(19, 5e3))) == vanishing(time, resistance)


def test_a_long_part_is_thinned_and_not_cut():
    time, resistance = curve(1.0, every=2.0)
    found = vanishing(time, resistance)
    assert found.points == 60
    assert found.time == pytest.approx(LIFE, rel=1e-6)
    assert resistance[np.searchsorted(time, found.first)] == pytest.approx(resistance[-1] / 6, rel=0.01)


def test_a_curve_that_levels_out_may_never_reach_zero_and_its_error_says_so():
    time = np.linspace(0.0, 5.0, 50)
    found = vanishing(time, np.exp(time))
    assert math.isnan(found.bend)
    assert found.error >= found.time - time[-1] > 0
