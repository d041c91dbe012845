"""Eq. 5 as corrected: where it starts, what it conserves, and the paper's utilisations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.diffusion.series import (
    concentration_profile,
    depletion_tau,
    depletion_time,
    surface_drop,
    surface_slope,
)
from analysis.sand import FARADAY, transition_time

START, LEAST, D, L = 69.6e3, 24.0e3, 3e-15, 25e-6


@pytest.mark.parametrize(
    ("density", "total", "beta"), [(0.1, 61.38, 93.69), (1.0, 27.07, 41.32), (10.0, 2.72, 4.15)]
)
def test_the_utilisations_of_the_series_are_those_known(density, total, beta):
    charge = density * float(depletion_time(density, L, D, START - LEAST)) / (FARADAY * L)
    assert 100 * charge / START == pytest.approx(total, abs=0.006)
    assert 100 * charge / (START - LEAST) == pytest.approx(beta, abs=0.006)


def test_eq_5_starts_from_the_same_concentration_everywhere():
    found = concentration_profile(np.array([0.0, L / 2, L]), np.array([0.0]), START, 1.0, L, D)
    np.testing.assert_allclose(found, START, rtol=1e-12)


def test_eq_5_conserves_charge():
    position = np.linspace(0, L, 20_001)
    time = np.array([10.0, 1e3, 2e4, 5e4])
    found = concentration_profile(position, time, START, 1.0, L, D)
    lost = FARADAY * np.trapezoid(START - found, position, axis=1)
    np.testing.assert_allclose(lost, time, rtol=1e-5)


def test_both_forms_of_eq_5_agree_where_they_meet():
    meets = 0.1 * L**2 / D
    early, late = concentration_profile(
        np.linspace(0, L, 11), meets * np.array([1 - 1e-9, 1 + 1e-9]), START, 1.0, L, D
    )
    np.testing.assert_allclose(early, late, rtol=1e-8)


def test_the_interface_follows_eq_5_at_the_end_of_the_foil():
    time = np.array([50.0, 5e3, 4e4])
    at_end = concentration_profile(np.array([L]), time, START, 1.0, L, D)[:, 0]
    drop = 1.0 * L / (FARADAY * D) * surface_drop(D * time / L**2)
    np.testing.assert_allclose(START - at_end, drop, rtol=1e-10)


def test_a_thick_foil_depletes_as_sand_says():
    assert depletion_time(10.0, 1e-2, D, 45.6e3) == pytest.approx(transition_time(D, 45.6e3, 10.0), rel=1e-9)


def test_a_slow_current_takes_nearly_all_of_the_drop():
    time = float(depletion_time(1e-4, L, D, 45.6e3))
    assert 1e-4 * time / (FARADAY * L * 45.6e3) == pytest.approx(1.0, abs=1e-3)


@given(st.floats(-8, 8))
def test_the_time_of_depletion_inverts_the_drop(exponent):
    theta = np.array([10.0**exponent])
    assert surface_drop(depletion_tau(theta))[0] == pytest.approx(theta[0], rel=1e-11)


@settings(max_examples=50)
@given(st.floats(-6, 2))
def test_the_slope_is_the_derivative_of_the_drop(exponent):
    tau = np.array([10.0**exponent])
    ends = [surface_drop(tau * (1 + sign * 1e-5))[0] for sign in (1, -1)]
    assert surface_slope(tau)[0] == pytest.approx((ends[0] - ends[1]) / (2e-5 * tau[0]), rel=1e-5)
