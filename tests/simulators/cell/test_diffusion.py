import numpy as np
import pytest

from simulators.cell.diffusion import advance_profile, surface_fraction, uniform_profile

VELOCITY = 1.35e-10
MOBILITY = 9.2e-16


def test_grid_fills_the_foil_and_is_fine_at_the_interface():
    widths = uniform_profile(0.1, 100e-6).widths
    assert len(widths) >= 60
    assert widths[0] < 0.04e-6
    assert widths.sum() == pytest.approx(100e-6, rel=1e-12)


def test_magnesium_stays_while_lithium_comes_and_goes():
    profile = uniform_profile(0.1, 100e-6)
    amount = profile.amount
    for step in range(4000):
        velocity = VELOCITY * (1, 8, -1, 0, -6, 2)[step // 500 % 6]
        profile = advance_profile(profile, velocity, MOBILITY, 6.0, 30.0)
        assert profile.amount == pytest.approx(amount, rel=1e-12)


def test_the_foil_gets_thinner_by_what_was_stripped():
    profile = uniform_profile(0.1, 100e-6)
    for _ in range(2000):
        profile = advance_profile(profile, VELOCITY, MOBILITY, 6.0, 30.0)
    assert profile.widths.sum() == pytest.approx(100e-6 - VELOCITY * 60000.0, rel=1e-9)


def test_early_enrichment_goes_with_the_square_root_of_time():
    # at first nothing is depleted: dx = 2 v x0 sqrt(t/(pi D)), the solution for a constant flux
    profile = uniform_profile(0.1, 100e-6)
    for _ in range(400):
        profile = advance_profile(profile, VELOCITY / 100, MOBILITY, 0.0, 10.0)
    expected = 0.1 * (1 + 2 * VELOCITY / 100 * np.sqrt(4000.0 / (np.pi * MOBILITY)))
    found = surface_fraction(profile, VELOCITY / 100, MOBILITY, 0.0, 0.69)
    assert found - 0.1 == pytest.approx(expected - 0.1, rel=0.02)


def test_plating_dilutes():
    profile = uniform_profile(0.1, 100e-6)
    for _ in range(100):
        profile = advance_profile(profile, -VELOCITY, MOBILITY, 6.0, 30.0)
    assert 0.0 < surface_fraction(profile, -VELOCITY, MOBILITY, 6.0, 0.69) < 0.1


def test_a_nearly_used_up_foil_keeps_its_magnesium():
    profile = uniform_profile(0.1, 10e-6)
    for _ in range(3000):
        profile = advance_profile(profile, VELOCITY, MOBILITY, 6.0, 30.0)
    assert np.isfinite(profile.fraction).all()
    assert profile.amount == pytest.approx(1e-6, rel=1e-12)
    assert surface_fraction(profile, VELOCITY, MOBILITY, 6.0, 0.69) == 0.69
