"""Concentration profiles of a foil under current."""

import numpy as np
import pytest

from analysis.diffusion.material import FRAMES, alloy
from analysis.diffusion.profiles import profiles
from analysis.sand import FARADAY
from core.errors import BadInput


@pytest.mark.parametrize("frame", FRAMES)
def test_profiles_end_at_the_limit_when_the_interface_is_depleted(frame):
    metal = alloy("Li0.9Mg0.1", frame=frame)
    found, end = profiles(metal, 25e-6, 1.0)
    assert [each.time / end for each in found] == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert found[-1].concentration[-1] == pytest.approx(24e3, rel=1e-3)
    assert found[-1].depth[-1] == 0.0


def test_a_foil_that_keeps_its_magnesium_recedes_by_what_was_stripped():
    metal = alloy("Li0.9Mg0.1", frame="conserving")
    found, _ = profiles(metal, 25e-6, 1.0, [36_000.0])
    assert found[0].thickness == pytest.approx(25e-6 - 36_000.0 / (FARADAY * metal.sites), rel=1e-6)
    assert profiles(alloy("Li0.9Mg0.1"), 25e-6, 1.0, [36_000.0])[0][0].thickness == pytest.approx(25e-6)


def test_magnesium_in_the_foil_stays():
    metal = alloy("Li0.9Mg0.1", frame="conserving")
    for each in profiles(metal, 25e-6, 1.0)[0]:
        # edges lie halfway in material, so widths follow from centres one after the other
        edges = [0.0]
        for centre in each.position[:-1]:
            edges.append(2 * centre - edges[-1])
        amount = np.sum(np.diff(edges) * each.share[:-1])
        assert amount == pytest.approx(0.1 * 25e-6, rel=1e-9)


def test_a_time_after_depletion_is_refused_with_the_time_of_depletion():
    with pytest.raises(BadInput, match=r"depleted after 12\.6"):
        profiles(alloy("Li0.9Mg0.1"), 25e-6, 1.0, [3600.0, 20 * 3600.0])


@pytest.mark.parametrize("time", [0.0, -1.0])
def test_a_time_that_is_not_above_zero_is_refused(time):
    with pytest.raises(BadInput, match=f"a time of {time:g} s is refused"):
        profiles(alloy("Li0.9Mg0.1"), 25e-6, 1.0, [3600.0, time])


def test_times_may_come_in_any_order_and_twice():
    found, _ = profiles(alloy("Li0.9Mg0.1"), 25e-6, 1.0, [7200.0, 3600.0, 7200.0])
    assert [each.time for each in found] == [3600.0, 7200.0]
