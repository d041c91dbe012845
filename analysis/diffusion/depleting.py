"""Stripping foils at constant currents until their interfaces are depleted, by finite volumes."""

from dataclasses import dataclass

import numpy as np

from analysis.diffusion.material import Alloy
from analysis.diffusion.mesh import CELLS, Mesh
from analysis.diffusion.series import depletion_time
from analysis.diffusion.volumes import advance, mesh_for, surface
from core.errors import BadInput
from core.records import Floats

STEPS = 80
"""Of a stretch of constant current. They are equal in √t, as the content at the interface changes."""

_ROOT = 8
"""Steps that find the moment of depletion within a step of time; three are usual."""


def expected_depletion(alloy: Alloy, thickness: float, density: Floats) -> Floats:
    """Return in s, shape (b,), about when a current depletes the interface: with the mean of D_eff."""
    return depletion_time(density, thickness, np.asarray(alloy.mean_diffusivity), alloy.drop)


@dataclass(frozen=True, eq=False)
class Depleted:
    """Foils that a constant current has depleted, shape (b,).

    Attributes
    ----------
    time : ndarray, shape (b,)
        s.
    mesh : Mesh
    content : ndarray, shape (b, n)
        mol/m³ at that time.
    """

    time: Floats
    mesh: Mesh
    content: Floats


def deplete(
    alloy: Alloy, thickness: float, density: Floats, cells: int = CELLS, steps: int = STEPS
) -> Depleted:
    """Strip foils at constant currents until their interfaces are depleted.

    Parameters
    ----------
    thickness : float
        m.
    density : ndarray, shape (b,)
        A/m², positive.
    cells, steps : int
        Volumes, and steps until about the time of depletion.
    """
    density = np.atleast_1d(np.asarray(density, dtype=float))
    if not np.all(density > 0):
        raise BadInput("only a current that strips depletes an interface;", "give one above zero.")
    mesh = mesh_for(alloy, thickness, density, cells)
    scale = expected_depletion(alloy, thickness, density)
    content = np.full(mesh.width.shape, alloy.start)
    time, number = np.zeros(len(density)), 0
    left = np.ones(len(density), dtype=bool)
    while np.any(left):
        each = np.flatnonzero(left)
        step = scale[each] * ((number + 1) ** 2 - number**2) / steps**2
        part, currents = mesh.of(each), density[each]
        after = advance(alloy, part, content[each], step, (currents, currents))
        over = surface(alloy, part, after, currents) <= alloy.limit
        if np.any(over):
            gone = each[over]
            step[over], after[over] = crossing(alloy, mesh.of(gone), content[gone], density[gone], step[over])
        time[each] += step
        content[each] = after
        left[each[over]] = False
        number += 1
    return Depleted(time, mesh, content)


def crossing(
    alloy: Alloy, mesh: Mesh, content: Floats, density: Floats, step: Floats
) -> tuple[Floats, Floats]:
    """Return the part of a step after which the interface is just depleted, and the contents then."""
    low, high = np.zeros_like(step), step.copy()
    above = surface(alloy, mesh, content, density) - alloy.limit
    below = surface(alloy, mesh, advance(alloy, mesh, content, high, (density, density)), density)
    below = below - alloy.limit
    for _ in range(_ROOT):
        # the surface of a state that has not seen the current yet may lie below the limit already
        share = np.where(above > 0, above / np.maximum(above - below, 1e-300), 0.5)
        trial = low + np.clip(share, 1e-6, 1 - 1e-6) * (high - low)
        after = advance(alloy, mesh, content, trial, (density, density))
        value = surface(alloy, mesh, after, density) - alloy.limit
        inside = value > 0
        # halving the old end's value is the Illinois rule: it keeps one end from staying for ever
        above, below = np.where(inside, value, above / 2), np.where(inside, below / 2, value)
        low, high = np.where(inside, trial, low), np.where(inside, high, trial)
        if np.max(np.abs(value)) < 1e-9 * alloy.start:
            break
    return trial, after
