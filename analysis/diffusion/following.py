"""A foil under any current profile: stripping, plating and rest, by finite volumes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.diffusion.depleting import STEPS, crossing
from analysis.diffusion.material import Alloy
from analysis.diffusion.mesh import CELLS, Mesh
from analysis.diffusion.volumes import GAMMA, advance, mesh_for, surface
from core.errors import BadInput
from core.records import Bools, Floats

Density = float | Callable[[float], float]
"""A/m², positive where lithium is stripped; or a function of the s since the stretch began."""


@dataclass(frozen=True)
class Stretch:
    """A part of a current profile.

    Attributes
    ----------
    duration : float
        s.
    density : float or callable
        See `Density`; 0 is a rest.
    """

    duration: float
    density: Density


@dataclass(frozen=True, eq=False)
class Course:
    """What became of a foil under a current profile.

    Attributes
    ----------
    mesh : Mesh
    time : ndarray, shape (m,)
        s, 0 first. A stretch that depletes the interface ends there, and the next one follows at once.
    surface : ndarray, shape (m,)
        Content of the interface in mol/m³.
    charge : ndarray, shape (m,)
        C/m² passed until then, negative where more was plated than stripped.
    ends : ndarray of int, shape (s,)
        Where in `time` each stretch ended.
    content : ndarray, shape (s, n)
        Of the volumes at the end of each stretch.
    depleted : float or None
        s, when the interface was depleted first.
    """

    mesh: Mesh
    time: Floats
    surface: Floats
    charge: Floats
    ends: tuple[int, ...]
    content: Floats
    depleted: float | None


def follow(alloy: Alloy, thickness: float, profile: Sequence[Stretch], cells: int = CELLS) -> Course:
    """Follow one foil through a current profile.

    Parameters
    ----------
    thickness : float
        m.
    profile : sequence of Stretch
    cells : int

    Raises
    ------
    BadInput
        For an empty profile or a duration that is not positive.
    """
    if not profile or not all(0 < each.duration < math.inf for each in profile):
        raise BadInput("a current profile needs stretches of time above zero;", "give one at least.")
    largest = max(_largest(each) for each in profile)
    mesh = mesh_for(alloy, thickness, np.array([largest]), cells)
    content = np.full(mesh.width.shape, alloy.start)
    time, seen, charge, ends, kept = [0.0], [alloy.start], [0.0], [], []
    depleted: float | None = None
    for stretch in profile:
        for step, passed, now, value in _stretch(alloy, mesh, content, stretch):
            content = now
            time.append(time[-1] + step)
            charge.append(charge[-1] + passed)
            seen.append(value)
        if depleted is None and seen[-1] <= alloy.limit * (1 + 1e-6):
            depleted = time[-1]
        ends.append(len(time) - 1)
        kept.append(content[0])
    return Course(
        mesh, np.array(time), np.array(seen), np.array(charge), tuple(ends), np.array(kept), depleted
    )


def _largest(stretch: Stretch) -> float:
    if not callable(stretch.density):
        return abs(stretch.density)
    return max(abs(stretch.density(each)) for each in np.linspace(0.0, stretch.duration, STEPS + 1))


def _stretch(
    alloy: Alloy, mesh: Mesh, content: Floats, stretch: Stretch
) -> "list[tuple[float, float, Floats, float]]":
    """Return step, charge passed, contents and content of the interface, one step after the other."""
    found = []
    edges = stretch.duration * (np.arange(STEPS + 1) / STEPS) ** 2
    for begin, step in zip(edges[:-1], np.diff(edges), strict=True):
        first, second = (_at(stretch.density, begin + part * step) for part in (GAMMA, 1.0))
        currents = (np.array([first]), np.array([second]))
        after = advance(alloy, mesh, content, np.array([step]), currents)
        value = surface(alloy, mesh, after, currents[1])
        passed = step * ((1 - GAMMA) * first + GAMMA * second)
        ended: Bools = (value <= alloy.limit) & (second > 0)
        if ended[0]:
            shorter, after = crossing(alloy, mesh, content, currents[1], np.array([step]))
            step, passed, value = shorter[0], shorter[0] * second, np.array([alloy.limit])
        content = after
        found.append((float(step), float(passed), content, float(value[0])))
        if ended[0]:
            break
    return found


def _at(density: Density, time: float) -> float:
    return density(time) if callable(density) else density
