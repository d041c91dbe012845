"""R over stack pressure, critical pressures and homologous temperatures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.pressure import critical_pressure, homologous, power_law
from core.errors import BadInput

MPA = 1e6
PRESSURE = np.array([4.0, 8.0, 12.0, 16.0]) * MPA


@given(st.floats(-4, 1), st.floats(1e-3, 1e3))
def test_points_on_a_power_law_give_its_exponent(exponent, at_ten):
    law = power_law(PRESSURE, at_ten * (PRESSURE / (10 * MPA)) ** exponent)
    assert law.exponent == pytest.approx(exponent, abs=1e-9)
    assert law.resistance(10 * MPA) == pytest.approx(at_ten, rel=1e-9)


def test_scatter_and_the_zero_of_the_gauge_are_both_in_the_interval():
    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(400):
        read = PRESSURE + rng.normal(0, 0.37 * MPA)
        r = (PRESSURE / MPA) ** -2.5 * np.exp(rng.normal(0, 0.03, 4))
        law = power_law(read, r, 0.03 * r, pressure_stderr=0.37 * MPA)
        inside += law.low <= -2.5 <= law.high
    assert inside / 400 == pytest.approx(0.95, abs=0.03)


def test_two_pressures_are_as_good_as_their_errors():
    r = np.array([1.0, 0.2])
    law = power_law(PRESSURE[:2], r, 0.01 * r, pressure_stderr=0.3 * MPA)
    assert law.source == "errors"
    assert law.low < np.log(0.2) / np.log(2) < law.high
    assert power_law(PRESSURE[:2], r).high == np.inf


@pytest.mark.parametrize(
    ("pressure", "resistance"),
    [([4e6], [1.0]), ([4e6, 4e6], [1, 2]), ([4e6, 0.0], [1, 2]), ([4e6, 8e6], [1, -1])],
)
def test_what_gives_no_exponent_is_refused(pressure, resistance):
    with pytest.raises(BadInput):
        power_law(np.array(pressure), np.array(resistance))


def test_the_critical_pressure_lies_between_the_last_that_lost_and_the_first_that_kept():
    found = critical_pressure([0.0, 3.8, 7.5, 15.0], [False, False, True, True])
    assert (found.low, found.high, found.consistent) == (3.8, 7.5, True)


def test_one_sided_and_contradictory_outcomes_stay_what_they_are():
    assert critical_pressure([3.8, 7.5], [False, False]).high is None
    assert critical_pressure([3.8, 7.5], [True, True]).low is None
    assert not critical_pressure([3.8, 7.5], [True, False]).consistent


def test_homologous_temperature_is_known_of_lithium_alone():
    assert homologous("Li", 298.15) == pytest.approx(0.657, abs=1e-3)
    assert homologous("Li0.9Mg0.1", 298.15) is None
