"""Utilisation of foils, by one current and as a map."""

import numpy as np
import pytest

from analysis.diffusion.material import alloy, diffusivity_at
from analysis.diffusion.utilisation import by_volumes, utilisation
from core.errors import BadInput


def test_the_map_over_temperature_is_the_one_known():
    celsius = np.array([0, 25, 50, 80, 100])
    diffusion = np.array([diffusivity_at(each + 273.15) for each in celsius])
    found = utilisation(alloy("Li0.9Mg0.1"), 25e-6, np.array([[0.1], [1.0], [10.0], [100.0]]), diffusion)
    known = [[52.7, 93.7, 98.9, 99.8, 99.9], [5.44, 41.3, 88.7, 98.0, 99.3], [0.544, 4.15, 23.1, 80.1, 92.7]]
    np.testing.assert_allclose(100 * found.beta[:3], known, rtol=5e-3)
    np.testing.assert_allclose(100 * found.beta[3], [0.0544, 0.415, 2.31, 13.1, 35.8], rtol=5e-3)


@pytest.mark.parametrize(("frame", "steepness"), [("conserving", 0.0), ("fixed", 4.0), ("conserving", 6.0)])
def test_a_map_read_off_the_curve_is_what_each_foil_gives_by_itself(frame, steepness):
    metal = alloy("Li0.9Mg0.1", frame=frame, steepness=steepness)
    density, diffusion = np.geomspace(0.1, 100, 7)[:, None], np.geomspace(4e-16, 3e-13, 6)[None, :]
    found = utilisation(metal, 25e-6, density, diffusion)
    alone = by_volumes(metal, 25e-6, density, diffusion, 160, 80)
    np.testing.assert_allclose(found.time, alone, rtol=2e-3)


def test_a_foil_never_gives_more_than_it_has():
    for frame in ("fixed", "conserving"):
        found = utilisation(
            alloy("Li0.9Mg0.1", frame=frame), 25e-6, np.geomspace(1e-3, 1e3, 30), np.asarray(3e-15)
        )
        assert np.all(found.beta <= 1 + 1e-9)
        assert np.all(np.diff(found.beta) < 1e-9)
        np.testing.assert_array_less(found.total, found.beta)


def test_half_the_foil_at_twice_the_current_and_diffusion_gives_the_same_share():
    metal = alloy("Li0.9Mg0.1", frame="conserving")
    one = utilisation(metal, 100e-6, np.asarray(1.0), np.asarray(1e-15))
    other = utilisation(metal, 50e-6, np.asarray(4.0), np.asarray(2e-15))
    assert float(one.total) == pytest.approx(float(other.total), rel=1e-9)


@pytest.mark.parametrize(
    ("thickness", "density", "diffusion", "named"),
    [
        (0.0, 1.0, 1e-15, "thickness"),
        (1e-5, 0.0, 1e-15, "current density"),
        (1e-5, 1.0, float("nan"), "D of"),
    ],
)
def test_what_is_not_above_zero_is_refused_by_name(thickness, density, diffusion, named):
    with pytest.raises(BadInput, match=named):
        utilisation(alloy("Li0.9Mg0.1"), thickness, np.asarray(density), np.asarray(diffusion))
