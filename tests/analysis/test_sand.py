"""Sand's equation against the numbers of the paper that are consistent, and its line."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sand import concentration, diffusion_coefficient, sand_line, transition_time

HOUR = 3600.0
D_LI = 0.8e-15
"""m²/s, of the paper."""


@pytest.mark.parametrize(
    ("anode", "mmol_cm3"), [("Li", 76.81), ("Li0.95Mg0.05", 73.2), ("Li0.9Mg0.1", 69.59)]
)
def test_concentrations_are_those_of_the_lattice_parameters(anode, mmol_cm3):
    assert concentration(anode) / 1e3 == pytest.approx(mmol_cm3, abs=0.05)


def test_lithium_at_100_microamperes_is_depleted_after_nine_and_a_half_hours():
    assert transition_time(D_LI, 76.8e3, 1.0) == pytest.approx(34_500, rel=1e-3)


@pytest.mark.parametrize(("density", "hours"), [(0.5, 38.3), (1.0, 9.6), (2.0, 2.4)])
def test_twice_the_current_takes_a_quarter_of_the_time(density, hours):
    assert transition_time(D_LI, 76.8e3, density) / HOUR == pytest.approx(hours, rel=0.01)


def test_nine_hours_stand_for_the_diffusion_coefficient_that_the_paper_gives():
    assert diffusion_coefficient(9 * HOUR, 76.8e3, 1.0) == pytest.approx(7.51e-16, rel=2e-3)


@given(st.floats(1e-18, 1e-10), st.floats(1e3, 1e5))
def test_runs_that_follow_the_equation_give_back_their_coefficient(diffusion, drop):
    density = np.array([0.5, 1.0, 2.0])
    time = np.array([transition_time(diffusion, drop, each) for each in density])
    line = sand_line(density, time, drop)
    assert line.diffusion == pytest.approx(diffusion, rel=1e-6)
    assert line.intercept == pytest.approx(0.0, abs=1e-6 * line.slope)
    assert line.points == 3


def test_two_runs_are_drawn_through_the_origin_with_an_error_from_their_scatter():
    line = sand_line(np.array([1.0, 2.0]), np.array([9.5, 2.2]) * HOUR, 76.8e3)
    assert line.through_origin
    assert line.intercept == 0
    assert 0 < line.diffusion_error < line.diffusion


def test_one_run_has_a_coefficient_but_no_error():
    line = sand_line(np.array([1.0]), np.array([9 * HOUR]), 76.8e3)
    assert line.diffusion == pytest.approx(diffusion_coefficient(9 * HOUR, 76.8e3, 1.0))
    assert math.isnan(line.diffusion_error)


def test_several_runs_at_one_current_are_drawn_through_the_origin():
    line = sand_line(np.array([1.0, 1.0, 1.0]), np.array([9.0, 9.2, 9.4]) * HOUR, 76.8e3)
    assert line.through_origin


def test_the_error_covers_the_truth_under_scatter():
    random = np.random.default_rng(3)
    density = np.repeat([0.5, 1.0, 2.0], 4)
    exact = np.array([transition_time(D_LI, 76.8e3, each) for each in density])
    pulls = []
    for _ in range(200):
        line = sand_line(density, exact * (1 + 0.02 * random.standard_normal(12)), 76.8e3)
        pulls.append((line.diffusion - D_LI) / line.diffusion_error)
    assert 0.7 < np.std(pulls) < 1.6


def test_no_line_is_drawn_without_a_point_or_where_a_higher_current_lasts_longer():
    assert sand_line(np.array([]), np.array([]), 1.0) is None
    assert sand_line(np.array([1.0, 2.0]), np.array([np.nan, -1.0]), 1.0) is None
    assert sand_line(np.array([0.5, 1.0, 2.0]), np.array([1.0, 4.0, 16.0]), 1.0) is None
    assert sand_line(np.array([0.5, 1.0, 2.0]), np.array([4.0, 4.1, 3.99]), 1.0) is None


def scattered(relative, count, seed, intercept=0.0):
    random = np.random.default_rng(seed)
    density = np.repeat([0.5, 1.0, 2.0], count)
    exact = np.array([transition_time(D_LI, 76.8e3, each) for each in density])
    root = (exact**-0.5 + intercept) * np.exp(-relative / 2 * random.standard_normal(len(density)))
    return density, root**-2


@pytest.mark.parametrize(("relative", "count"), [(0.05, 1), (0.1, 2), (0.2, 4)])
def test_the_interval_holds_the_truth_in_nineteen_of_twenty_sets_of_electrodes(relative, count):
    lines = [sand_line(*scattered(relative, count, seed), 76.8e3) for seed in range(600)]
    inside = sum(line is not None and line.low <= D_LI <= line.high for line in lines)
    assert 550 <= inside <= 589


def test_the_interval_is_not_symmetric_and_ends_nowhere_where_the_slope_may_be_zero():
    line = sand_line(*scattered(0.1, 3, 1), 76.8e3)
    assert 0 < line.low < line.diffusion < line.high
    assert line.high - line.diffusion > line.diffusion - line.low
    density, time = scattered(0.0, 1, 1)
    wide = sand_line(density, time * np.array([1.0, 0.8, 1.2]), 76.8e3)
    assert wide.high == math.inf
    assert wide.low > 0


def test_electrodes_weigh_by_their_relative_scatter_not_by_hours():
    density, time = scattered(0.0, 2, 1)
    # 10 % more at the lowest current and at the highest move the slope in proportion to their lever.
    late, early = time.copy(), time.copy()
    late[0] *= 1.1
    early[-1] *= 1.1
    moved = [sand_line(density, each, 76.8e3).diffusion / D_LI - 1 for each in (late, early)]
    assert 0.1 < abs(moved[0] / moved[1]) < 10


def test_an_intercept_is_told_apart_from_a_slope():
    density, time = scattered(0.0, 2, 1, intercept=2e-4)
    line = sand_line(density, time, 76.8e3)
    assert line.intercept == pytest.approx(2e-4, rel=1e-6)
    assert line.diffusion == pytest.approx(D_LI, rel=1e-6)
    assert line.scatter == pytest.approx(0.0, abs=1e-6)


def test_the_band_is_narrowest_within_the_points_and_holds_the_line():
    line = sand_line(*scattered(0.1, 3, 4), 76.8e3)
    density = np.linspace(0.1, 4.0, 40)
    low, high = line.band(density)
    assert np.all(low < line.at(density))
    assert np.all(line.at(density) < high)
    narrowest = density[np.argmin(high - low)]
    assert 0.5 < narrowest < 1.0
    assert (high - low)[-1] > 2 * np.min(high - low)


def test_one_run_has_no_interval_and_no_band():
    line = sand_line(np.array([1.0]), np.array([9 * HOUR]), 76.8e3, np.array([0.01]))
    assert (line.low, line.high, line.source) == (0.0, math.inf, "nothing")
    assert np.all(np.isnan(line.band(np.array([1.0]))))


def test_errors_no_larger_than_chance_explains_leave_the_interval_to_the_scatter():
    density = np.array([0.5, 1.0, 2.0, 0.5, 1.0, 2.0])
    time = transition_time(D_LI, 76.8e3, 1.0) / density**2 * np.array([1.05, 0.96, 1.02, 0.97, 1.03, 0.98])
    alone, given = (sand_line(density, time, 76.8e3, each) for each in (None, np.full(6, 0.1)))
    assert given == alone


def test_errors_of_the_times_count_where_they_are_larger_than_the_scatter():
    density, time = scattered(0.0, 1, 1)
    line = sand_line(density, time, 76.8e3, np.full(3, 0.1))
    assert line.source == "errors"
    assert line.low < 0.9 * D_LI < 1.1 * D_LI < line.high
    assert sand_line(*scattered(0.1, 3, 1), 76.8e3, np.full(9, 1e-5)).source == "scatter"


def test_d_of_one_current_is_as_uncertain_as_the_mean_of_its_times():
    line = sand_line(np.ones(3), np.full(3, 9 * HOUR), 76.8e3, np.full(3, 0.1))
    assert line.diffusion_error / line.diffusion == pytest.approx(0.1 / math.sqrt(3))


def test_the_scatter_told_is_that_of_the_times():
    assert sand_line(*scattered(0.1, 100, 5), 76.8e3).scatter == pytest.approx(0.1, rel=0.1)


def test_points_above_the_line_weigh_like_those_below_it():
    """Weights of the points themselves would draw the line below them, those of the line do not."""
    density, time = scattered(0.4, 60, 2)
    line = sand_line(density, time, 76.8e3)
    shares = time**-0.5 / line.at(density) - 1
    assert np.mean(shares) == pytest.approx(0.0, abs=1e-5)
    assert np.mean(shares / density) == pytest.approx(0.0, abs=1e-5)
