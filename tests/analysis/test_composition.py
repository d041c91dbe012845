"""Composition of the Li-Mg electrodes against the numbers of the paper."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.composition import (
    MOST_MAGNESIUM,
    concentration,
    concentration_at,
    lattice_parameter,
    magnesium_of_lattice,
    magnesium_of_ocv,
    ocv,
)
from core.errors import BadInput

ROOM = 298.15


@pytest.mark.parametrize(
    ("anode", "mmol_cm3"), [("Li", 76.81), ("Li0.95Mg0.05", 73.22), ("Li0.9Mg0.1", 69.59)]
)
def test_concentrations_are_those_of_the_lattice_parameters(anode, mmol_cm3):
    assert concentration(anode) / 1e3 == pytest.approx(mmol_cm3, abs=0.005)


def test_a_measured_lattice_parameter_counts_instead_of_vegards():
    assert concentration_at(0.1, 3.5020e-10) == pytest.approx(concentration("Li0.9Mg0.1"))
    assert concentration_at(0.1, 3.49e-10) > concentration_at(0.1)
    with pytest.raises(BadInput, match="lattice parameter"):
        concentration_at(0.1, math.nan)


@given(st.floats(0.0, MOST_MAGNESIUM))
def test_composition_of_a_lattice_parameter_is_the_one_that_has_it(magnesium):
    assert magnesium_of_lattice(lattice_parameter(magnesium)) == pytest.approx(magnesium, abs=1e-9)


@pytest.mark.parametrize("magnesium", [-0.01, 0.7, math.nan])
def test_what_is_no_solid_solution_has_no_lattice_parameter(magnesium):
    with pytest.raises(BadInput, match="body-centred"):
        lattice_parameter(magnesium)


@pytest.mark.parametrize("lattice", [3.52e-10, 3.40e-10])
def test_lattice_parameters_outside_the_alloys_are_refused_with_the_range(lattice):
    with pytest.raises(BadInput, match="Å belongs to no"):
        magnesium_of_lattice(lattice)


@pytest.mark.parametrize(("magnesium", "millivolts"), [(0.05, 1.3), (0.10, 2.7), (0.12, 3.3)])
def test_ideal_solutions_lie_as_far_above_lithium_as_the_paper_says(magnesium, millivolts):
    assert ocv(magnesium, ROOM) * 1e3 == pytest.approx(millivolts, abs=0.05)


def test_the_factor_gives_the_two_and_a_half_millivolts_of_ten_percent():
    assert ocv(0.1, ROOM, 0.925) == pytest.approx(2.5e-3, abs=0.01e-3)


@given(st.floats(0.0, 0.65), st.floats(250.0, 400.0), st.floats(0.5, 1.5))
def test_composition_of_a_potential_is_the_one_that_has_it(magnesium, kelvin, factor):
    found = magnesium_of_ocv(ocv(magnesium, kelvin, factor), kelvin, factor)
    assert found.magnesium == pytest.approx(magnesium, abs=1e-9)


def test_the_paper_s_relaxed_alloy_has_sixteen_percent_at_its_surface():
    found = magnesium_of_ocv(4.5e-3, ROOM, error=0.1e-3)
    assert found.magnesium == pytest.approx(0.161, abs=0.002)
    assert found.low < 0.16 < found.high
    assert found.high - found.low == pytest.approx(0.013, abs=0.001)


def test_a_potential_of_zero_within_its_error_is_lithium_and_one_below_is_refused():
    assert magnesium_of_ocv(-0.1e-3, ROOM, error=0.1e-3).magnesium == 0
    with pytest.raises(BadInput, match="check the sign"):
        magnesium_of_ocv(-0.5e-3, ROOM, error=0.1e-3)
