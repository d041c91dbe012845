"""Crossings, projections, charge and the reference temperature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.charge import charge
from analysis.depletion import first_crossing, projected_depletion
from analysis.normalise import to_reference_temperature


def test_crossing_of_an_exponential_is_exact():
    time = np.arange(0, 1000, 28.0)
    value = 300 * np.exp(time / 200)
    crossing = first_crossing(time, value, 10_000.0)
    assert crossing is not None
    assert crossing.time == pytest.approx(200 * np.log(10_000 / 300), rel=1e-12)
    assert value[crossing.index_before] < 10_000 <= value[crossing.index_after]
    assert crossing.time_before < crossing.time < crossing.time_after
    assert crossing.uncertainty == pytest.approx(28 / np.sqrt(12))


@given(st.floats(1.5, 1e6), st.floats(1e-4, 1.0))
def test_crossing_lies_between_its_neighbours(threshold, rate):
    time = np.arange(200.0)
    value = np.exp(rate * time)
    crossing = first_crossing(time, value, threshold)
    if value[-1] < threshold:
        assert crossing is None
    else:
        assert crossing is not None
        assert crossing.time == pytest.approx(np.log(threshold) / rate, rel=1e-9)


def test_only_the_first_upward_crossing_counts():
    time = np.arange(7.0)
    assert first_crossing(time, np.array([5, 2, 5, 20, 5, 30, 40.0]), 10.0).index_after == 3
    assert first_crossing(time, np.array([50, 20, 15, 20, 15, 30, 40.0]), 10.0) is None
    assert first_crossing(time, np.array([50, 2, 15, 20, 15, 30, 40.0]), 10.0).index_after == 2
    assert first_crossing(time, np.full(7, 1.0), 10.0) is None
    assert first_crossing(np.array([]), np.array([]), 10.0) is None


def test_unknown_samples_are_passed_over():
    time = np.arange(5.0)
    crossing = first_crossing(time, np.array([1.0, np.nan, np.nan, 100.0, np.nan]), 10.0)
    assert crossing is not None
    assert (crossing.index_before, crossing.index_after) == (0, 3)
    assert crossing.time == pytest.approx(1.5)


def test_a_sample_on_the_threshold_is_the_crossing():
    crossing = first_crossing(np.array([0.0, 1.0, 2.0]), np.array([1.0, 10.0, 100.0]), 10.0)
    assert crossing is not None
    assert crossing.time == 1.0


def test_uncertainty_from_standard_errors_by_sampling():
    time, value, stderr = np.array([0.0, 28.0]), np.array([9000.0, 12_000.0]), np.array([45.0, 60.0])
    crossing = first_crossing(time, value, 10_000.0, stderr)
    rng = np.random.default_rng(0)
    draws = [
        first_crossing(time, value + stderr * rng.standard_normal(2), 10_000.0).time for _ in range(4000)
    ]
    assert crossing.uncertainty == pytest.approx(np.std(draws), rel=0.06)


def test_other_quantities_at_the_crossing():
    crossing = first_crossing(np.array([0.0, 10.0]), np.array([1.0, 100.0]), 10.0)
    assert crossing.interpolate(np.array([2.0, 4.0])) == pytest.approx(3.0)
    assert crossing.interpolate(np.array([1.0, 4.0]), logarithmic=True) == pytest.approx(2.0)


def test_projection_of_contact_lost_at_a_constant_rate():
    rng = np.random.default_rng(2)
    depleted = 33_000.0
    time = np.arange(0, 0.8 * depleted, 28.0)
    contact = 1 - (1 - 270 / 10_000) * time / depleted
    resistance = 270 / contact * (1 + 0.003 * rng.standard_normal(len(time)))
    projection = projected_depletion(time, resistance, 10_000.0)
    assert projection is not None
    assert projection.time == pytest.approx(depleted, rel=0.01)
    assert projection.earliest < depleted < projection.latest
    assert projection.earliest >= time[-1]


@pytest.mark.parametrize(
    "resistance",
    [
        np.full(50, 300.0),
        np.linspace(400, 300, 50),
        np.linspace(300, 20_000, 50),
        np.linspace(300, 310, 5),
        np.full(50, np.nan),
        300 + 1e-4 * np.arange(50),
    ],
    ids=["steady", "falling", "already above", "too few", "unknown", "far ahead"],
)
def test_no_projection_where_it_makes_no_sense(resistance):
    assert projected_depletion(28.0 * np.arange(len(resistance)), resistance, 10_000.0) is None


def test_factors_between_temperatures():
    assert to_reference_temperature(1.0, 273.15) == pytest.approx(0.2922, abs=5e-5)
    assert to_reference_temperature(1.0, 323.15) == pytest.approx(2.811, abs=5e-4)
    assert to_reference_temperature(5.0, 298.15) == pytest.approx(5.0)
    pair = to_reference_temperature(np.array([1.0, 2.0]), np.array([273.15, 298.15]))
    assert pair == pytest.approx([0.2922, 2.0], abs=5e-5)


def test_charge_of_a_measured_current():
    time = np.array([0.0, 10.0, 30.0, 40.0])
    assert charge(time, np.full(4, 2e-6)) == pytest.approx([0, 20e-6, 60e-6, 80e-6])
    assert charge(time, np.array([0.0, 2e-6, np.nan, 2e-6])) == pytest.approx([0, 10e-6, 50e-6, 70e-6])
    assert charge(np.array([]), np.array([])).shape == (0,)
