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
