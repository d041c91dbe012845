"""How much of a foil can be stripped before its interface is depleted, for one current or for a map.

With lengths in L and times in L²/D there is one curve for each alloy and frame, over i L/D; so a map over
current and temperature is read off that curve. In the fixed frame with a constant D the curve is a
series (`analysis.diffusion.series`), else it comes from finite volumes.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicSpline

from analysis.diffusion.depleting import deplete
from analysis.diffusion.material import Alloy
from analysis.diffusion.series import depletion_time
from analysis.sand import FARADAY
from core.errors import BadInput
from core.records import Floats

_PER_DECADE = 10
"""Points of the curve that is solved by finite volumes; it is smooth."""


@dataclass(frozen=True, eq=False)
class Utilisation:
    """What a foil gives until its interface is depleted.

    Attributes
    ----------
    time : ndarray
        s until depletion, in the shape of the currents and diffusivities that were asked for.
    total : ndarray
        Charge stripped by then, as a share of all lithium in the foil.
    beta : ndarray
        The same as a share of what the β phase can give: of c₀ − c_min.
    """

    time: Floats
    total: Floats
    beta: Floats


def utilisation(alloy: Alloy, thickness: float, density: Floats, diffusivity: Floats) -> Utilisation:
    """Return the utilisation of foils at constant currents.

    Parameters
    ----------
    alloy : Alloy
        Its own D is not used.
    thickness : float
        m.
    density : ndarray or float
        A/m², positive.
    diffusivity : ndarray or float
        D in m²/s, positive; broadcast against `density`.

    Raises
    ------
    BadInput
        For a thickness, current or D that is not positive and finite.
    """
    density, diffusivity = np.broadcast_arrays(
        np.asarray(density, dtype=float), np.asarray(diffusivity, dtype=float)
    )
    _check("the thickness", "m", np.asarray(thickness))
    _check("the current density", "A/m²", density)
    _check("D", "m²/s", diffusivity)
    if alloy.linear:
        time = depletion_time(density, thickness, diffusivity, alloy.drop)
    else:
        time = thickness**2 / diffusivity * _scaled_time(alloy, density * thickness / diffusivity)
    stripped = density * time / (FARADAY * thickness)
    return Utilisation(time, stripped / alloy.start, stripped / alloy.drop)


def by_volumes(
    alloy: Alloy, thickness: float, density: Floats, diffusivity: Floats, cells: int, steps: int
) -> Floats:
    """Return the time of depletion in s, solved by finite volumes for each current and D by itself.

    For comparisons; see `utilisation` for the parameters, and `analysis.diffusion.depleting.deplete` for
    `cells` and `steps`.
    """
    density, diffusivity = np.broadcast_arrays(density, diffusivity)
    scaled = deplete(_unit(alloy), 1.0, (density * thickness / diffusivity).ravel(), cells, steps)
    time: Floats = scaled.time.reshape(density.shape) * thickness**2 / diffusivity
    return time


def _unit(alloy: Alloy) -> Alloy:
    return replace(alloy, diffusivity=1.0)


def _scaled_time(alloy: Alloy, load: Floats) -> Floats:
    """Return D t/L² at depletion over i L/D in A s/m³, from finite volumes."""
    low, high = np.log(np.min(load)), np.log(np.max(load))
    if load.size <= _PER_DECADE or high - low < 1e-9:
        unlike, back = np.unique(load.ravel(), return_inverse=True)
        return deplete(_unit(alloy), 1.0, unlike).time[back].reshape(load.shape)
    points = max(8, int(np.ceil(_PER_DECADE * (high - low) / np.log(10))) + 1)
    at = np.linspace(low, high, points)
    time = deplete(_unit(alloy), 1.0, np.exp(at)).time
    curve: Floats = np.exp(CubicSpline(at, np.log(time))(np.clip(np.log(load), low, high)))
    return curve


def _check(what: str, unit: str, value: Floats) -> None:
    wrong = ~(np.isfinite(value) & (value > 0))
    if np.any(wrong):
        first = float(np.asarray(value)[wrong].ravel()[0])
        raise BadInput(f"{what} of {first:g} {unit} is refused;", "it has to be above zero.")
