"""Finite volumes for lithium in a foil: any current, both signs, D that depends on the composition.

Implicit, L-stable and of second order in time: the two-stage method of R. Alexander, SIAM J. Numer.
Anal. 14 (1977) 1006, with γ = 1 − 1/√2. Each stage is solved by Newton's method. Its linear equations
are sums of fluxes, each of which leaves one volume and enters the next, so lithium is conserved to
rounding whether or not Newton has converged. Many foils are advanced at once, each by a step of its own.
"""

import math

import numpy as np
from scipy.linalg.lapack import dgtsv

from analysis.diffusion.material import Alloy
from analysis.diffusion.mesh import CELLS, Mesh, graded
from analysis.sand import FARADAY
from core.errors import BadInput
from core.records import Floats

GAMMA = 1 - 1 / math.sqrt(2)

_NEWTON = 25
_CONVERGED = 1e-11
"""Of the starting content."""

_STEEPEST = 10.0
"""By how much D may fall towards the interface and still make its volumes finer."""

_FINEST = 1 / 25
"""Width of the volume at the interface, of the depth that is poor in lithium at depletion."""


def advance(
    alloy: Alloy, mesh: Mesh, content: Floats, step: Floats, densities: tuple[Floats, Floats]
) -> Floats:
    """Return the contents one step of time later.

    Parameters
    ----------
    content : ndarray, shape (b, n)
        mol/m³ as the frame of the alloy counts it.
    step : ndarray, shape (b,)
        s; may be zero.
    densities : tuple of ndarray, shape (b,)
        A/m² at γ of the step, and at its end.
    """
    implicit = (GAMMA * step)[:, None]
    first = _stage(alloy, mesh, content, content, implicit, densities[0])
    change = (first - content) / GAMMA
    return _stage(alloy, mesh, content + (1 - GAMMA) * change, first, implicit, densities[1])


def _stage(alloy: Alloy, mesh: Mesh, known: Floats, guess: Floats, step: Floats, density: Floats) -> Floats:
    """Solve u = known + step × (what flows in − what flows out of the volumes at u) / width."""
    over = step / mesh.width
    leaves = np.zeros_like(known)
    leaves[:, -1] = density / FARADAY
    content = guess
    for _ in range(_NEWTON):
        flux = np.diff(alloy.potential(content), axis=1) / mesh.distance
        inflow = -leaves
        inflow[:, :-1] += flux
        inflow[:, 1:] -= flux
        change = _newton(alloy, mesh, content, over, known - content + over * inflow)
        content = content + change
        # one step is exact for a constant coefficient, and the next would only find that out
        if alloy.linear or np.max(np.abs(change)) < _CONVERGED * alloy.start:
            return content
    raise BadInput(
        "the diffusion equation was not solved: Newton's method did not converge;",
        "take a smaller current or a shorter stretch.",
    )


def _newton(alloy: Alloy, mesh: Mesh, content: Floats, over: Floats, rest: Floats) -> Floats:
    """Solve the linear equations of all foils as one tridiagonal system without couplings between them."""
    coefficient = alloy.effective(content)
    link = 1 / mesh.distance
    both = np.zeros_like(content)
    both[:, :-1] += link
    both[:, 1:] += link
    upper, lower = np.zeros_like(content), np.zeros_like(content)
    upper[:, :-1] = -over[:, :-1] * link * coefficient[:, 1:]
    lower[:, :-1] = -over[:, 1:] * link * coefficient[:, :-1]
    diagonal = 1 + over * both * coefficient
    *_, found, fault = dgtsv(lower.ravel()[:-1], diagonal.ravel(), upper.ravel()[:-1], rest.ravel())
    if fault or not np.all(np.isfinite(found)):
        raise BadInput(
            "the diffusion equation was not solved: a content is no longer finite;",
            "take a smaller current or a shorter stretch.",
        )
    change: Floats = found.reshape(content.shape)
    return change


def surface(alloy: Alloy, mesh: Mesh, content: Floats, density: Floats) -> Floats:
    """Return the content at the interface in mol/m³, shape (b,), from a parabola in the last volume."""
    potential = alloy.potential(content[:, -2:])
    inner = (potential[:, 0] - potential[:, 1]) / mesh.distance[:, -1]
    outer = density / FARADAY
    return alloy.content_at(potential[:, 1] - mesh.width[:, -1] * (outer / 3 + inner / 6))


def mesh_for(alloy: Alloy, thickness: float, density: Floats, cells: int = CELLS) -> Mesh:
    """Return volumes that are fine enough for currents in A/m², shape (b,); 0 asks for no grading."""
    fastest = np.maximum(np.abs(density), 1e-300)
    slowest = float(np.min(alloy.effective(np.array([alloy.start, alloy.limit]))))
    slowest = max(slowest, alloy.diffusivity / _STEEPEST)
    depth = np.minimum(alloy.drop * FARADAY * slowest / fastest, thickness)
    return graded(thickness, depth * _FINEST, cells)
