"""What diffuses: the two frames, D(x) and D(T)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.diffusion.depleting import deplete
from analysis.diffusion.following import Stretch, follow
from analysis.diffusion.material import FRAMES, Alloy, alloy, diffusivity_at
from analysis.sand import FARADAY
from core.errors import BadInput
from simulators.cell.diffusion import advance_profile, surface_fraction, uniform_profile


@pytest.mark.parametrize(("celsius", "cm2"), [(0, 3.94e-12), (50, 1.67e-10), (80, 9.50e-10), (100, 2.59e-9)])
def test_the_diffusion_coefficient_follows_0_57_ev(celsius, cm2):
    assert diffusivity_at(celsius + 273.15) * 1e4 == pytest.approx(cm2, rel=2e-3)


@pytest.mark.parametrize(("density", "total"), [(0.1, 94.9), (1.0, 94.0), (10.0, 49.1)])
def test_an_alloy_that_keeps_its_magnesium_gives_more_of_its_lithium(density, total):
    gone = deplete(alloy("Li0.9Mg0.1", frame="conserving"), 25e-6, np.array([density])).time[0]
    assert 100 * density * gone / (FARADAY * 25e-6 * alloy("Li0.9Mg0.1").start) == pytest.approx(
        total, abs=0.1
    )


def test_the_limit_of_both_frames_is_the_same_composition():
    fixed, conserving = (alloy("Li0.9Mg0.1", frame=frame) for frame in FRAMES)
    shares = [float(each.share(np.asarray(each.limit))) for each in (fixed, conserving)]
    assert shares[0] == pytest.approx(shares[1], rel=1e-12)
    assert shares[0] == pytest.approx(0.69, abs=1e-3)


@given(st.sampled_from(FRAMES), st.sampled_from([0.0, 5.0, -3.0]), st.floats(0.02, 0.6))
def test_content_share_and_potential_lead_back_to_each_other(frame, steepness, share):
    metal = alloy("Li0.9Mg0.1", frame=frame, steepness=steepness)
    content = metal.content(np.array([share]))
    assert metal.share(content)[0] == pytest.approx(share, rel=1e-12)
    assert metal.content_at(metal.potential(content))[0] == pytest.approx(content[0], rel=1e-9)


@given(st.sampled_from(FRAMES), st.sampled_from([0.0, 5.0, -3.0]), st.floats(0.05, 0.6))
def test_the_potential_is_the_integral_of_the_coefficient(frame, steepness, share):
    metal = alloy("Li0.9Mg0.1", frame=frame, steepness=steepness)
    content = metal.content(np.array([share]))
    shift = 1e-4 * content
    slope = (metal.potential(content + shift) - metal.potential(content - shift)) / (2 * shift)
    assert slope[0] == pytest.approx(metal.effective(content)[0], rel=1e-5)


@pytest.mark.parametrize("steepness", [0.0, 6.0])
def test_the_interface_has_the_composition_that_a_receding_mesh_gives(steepness):
    """The simulated cell solves it in the frame of the interface, where magnesium drifts towards it."""
    metal = alloy("Li0.9Mg0.1", 2e-16, "conserving", steepness=steepness)
    end = float(deplete(metal, 100e-6, np.array([1.0])).time[0])
    velocity, steps = 1.0 / (FARADAY * metal.sites), 3000
    profile = uniform_profile(metal.magnesium, 100e-6)
    for step in np.diff(0.9 * end * (np.arange(steps + 1) / steps) ** 2):
        profile = advance_profile(profile, velocity, metal.diffusivity, steepness, step)
    share = surface_fraction(profile, velocity, metal.diffusivity, steepness, 0.99)
    course = follow(metal, 100e-6, [Stretch(0.9 * end, 1.0)])
    assert float(metal.share(course.surface[-1:])[0]) == pytest.approx(share, rel=5e-3)


def test_lithium_has_no_frame_that_conserves_magnesium():
    with pytest.raises(BadInput, match="without magnesium"):
        alloy("Li", frame="conserving", least=0.0)


@pytest.mark.parametrize("least", [-1.0, 70e3])
def test_a_limit_outside_what_the_alloy_can_have_is_refused(least):
    with pytest.raises(BadInput, match="c_min"):
        alloy("Li0.9Mg0.1", least=least)


@pytest.mark.parametrize("diffusivity", [0.0, -1e-15, float("nan"), float("inf")])
def test_an_impossible_diffusion_coefficient_is_refused(diffusivity):
    with pytest.raises(BadInput, match="cm²/s is refused"):
        Alloy(69.6e3, 77.3e3, 24e3, diffusivity)
