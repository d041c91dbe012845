"""The finite volumes: as good as the series, conserving, and for any current."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.diffusion.depleting import deplete
from analysis.diffusion.following import Stretch, follow
from analysis.diffusion.material import FRAMES, alloy
from analysis.diffusion.mesh import graded
from analysis.diffusion.series import concentration_profile, depletion_time
from analysis.sand import FARADAY
from core.errors import BadInput

L = 25e-6
alloys = st.builds(
    alloy,
    st.sampled_from(["Li0.95Mg0.05", "Li0.9Mg0.1"]),
    st.floats(-17, -12).map(lambda exponent: 10.0**exponent),
    st.sampled_from(FRAMES),
    steepness=st.sampled_from([0.0, 6.0, -2.0]),
)


@settings(max_examples=40, deadline=None)
@given(st.floats(-1, 2), st.floats(-6, -3.5), st.floats(-16.5, -12.5))
def test_volumes_and_series_deplete_within_a_thousandth_of_each_other(current, length, diffusion):
    density, thickness, metal = 10.0**current, 10.0**length, alloy("Li0.9Mg0.1", 10.0**diffusion)
    found = deplete(metal, thickness, np.array([density])).time[0]
    exact = float(depletion_time(density, thickness, metal.diffusivity, metal.drop))
    assert found == pytest.approx(exact, rel=1e-3)


@settings(max_examples=25, deadline=None)
@given(alloys, st.floats(-1, 1))
def test_what_leaves_the_foil_is_what_it_lost(metal, current):
    density = np.array([10.0**current])
    gone = deplete(metal, L, density)
    left = gone.mesh.amount(gone.content)
    np.testing.assert_allclose(left + density * gone.time / FARADAY, metal.start * L, rtol=1e-12)


@settings(max_examples=15, deadline=None)
@given(
    alloys,
    st.lists(st.tuples(st.floats(60, 7200), st.floats(-0.3, 0.3)), min_size=1, max_size=4),
)
def test_lithium_is_conserved_under_any_profile_of_both_signs(metal, profile):
    course = follow(metal, L, [Stretch(*each) for each in profile])
    left = course.mesh.amount(course.content)
    kept = metal.start * L - course.charge[list(course.ends)] / FARADAY
    np.testing.assert_allclose(left, kept, rtol=1e-12)


def test_a_foil_has_the_profile_of_eq_5():
    metal = alloy("Li0.9Mg0.1")
    course = follow(metal, L, [Stretch(7200.0, 1.0), Stretch(28_800.0, 1.0)])
    exact = concentration_profile(
        course.mesh.centre[0], np.array([7200.0, 36_000.0]), metal.start, 1.0, L, 3e-15
    )
    np.testing.assert_allclose(course.content, exact, rtol=2e-4)


def test_a_current_given_as_a_function_passes_its_integral():
    metal = alloy("Li0.9Mg0.1")
    course = follow(metal, L, [Stretch(3600.0, lambda time: time / 3600.0)])
    assert course.charge[-1] == pytest.approx(1800.0, rel=1e-9)
    steps = [Stretch(36.0, (number + 0.5) / 100) for number in range(100)]
    assert course.surface[-1] == pytest.approx(follow(metal, L, steps).surface[-1], rel=2e-3)


def test_a_rest_levels_what_a_current_has_made():
    metal = alloy("Li0.9Mg0.1")
    course = follow(metal, L, [Stretch(3600.0, 1.0), Stretch(30 * 86_400.0, 0.0)])
    level = metal.start - 3600.0 / (FARADAY * L)
    np.testing.assert_allclose(course.content[-1], level, rtol=1e-4)


@pytest.mark.parametrize("frame", FRAMES)
def test_plating_back_and_levelling_brings_the_foil_to_where_it_was(frame):
    metal = alloy("Li0.9Mg0.1", frame=frame)
    course = follow(metal, L, [Stretch(3600.0, 1.0), Stretch(3600.0, -1.0), Stretch(30 * 86_400.0, 0.0)])
    assert course.surface[course.ends[0]] < metal.start < course.surface[course.ends[1]]
    np.testing.assert_allclose(course.content[-1], metal.start, rtol=1e-4)


def test_a_stretch_ends_where_the_interface_is_depleted():
    metal = alloy("Li0.9Mg0.1")
    course = follow(metal, L, [Stretch(60_000.0, 1.0), Stretch(3600.0, 0.0)])
    assert course.depleted == pytest.approx(float(depletion_time(1.0, L, 3e-15, metal.drop)), rel=1e-3)
    assert course.surface[course.ends[0]] == pytest.approx(metal.least, rel=1e-6)
    assert course.time[-1] == pytest.approx(course.depleted + 3600.0)
    assert course.surface[-1] > metal.least


def test_the_first_of_several_depletions_is_told():
    course = follow(
        alloy("Li0.9Mg0.1"), L, [Stretch(60_000.0, 1.0), Stretch(60.0, 0.0), Stretch(9000.0, 1.0)]
    )
    assert course.depleted == course.time[course.ends[0]] < course.time[course.ends[2]]
    assert course.time[course.ends[2]] - course.time[course.ends[1]] < 9000.0


def test_many_foils_are_depleted_as_each_by_itself():
    metal, density = alloy("Li0.9Mg0.1", frame="conserving"), np.array([0.1, 1.0, 30.0])
    alone = [deplete(metal, L, each[None]).time[0] for each in density]
    np.testing.assert_allclose(deplete(metal, L, density).time, alone, rtol=1e-8)


def test_volumes_fill_the_foil_and_are_finest_at_the_interface():
    mesh = graded(L, np.array([1e-9, 1e-7, 1e-3]), 50)
    np.testing.assert_allclose(mesh.width.sum(axis=1), L, rtol=1e-12)
    np.testing.assert_allclose(mesh.width[:2, -1], [1e-9, 1e-7], rtol=1e-2)
    np.testing.assert_allclose(mesh.width[2], L / 50, rtol=1e-3)


@pytest.mark.parametrize("density", [0.0, -1.0])
def test_a_current_that_does_not_strip_is_refused(density):
    with pytest.raises(BadInput, match="only a current that strips"):
        deplete(alloy("Li0.9Mg0.1"), L, np.array([density]))


def test_an_empty_profile_is_refused():
    with pytest.raises(BadInput, match="stretches of time above zero"):
        follow(alloy("Li0.9Mg0.1"), L, [])
