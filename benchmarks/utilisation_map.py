"""Fig. 10, utilisation over current and temperature, 50 × 50: ours beside a general FEM package.

Run with ``python -m benchmarks.utilisation_map`` (``--points 50``). It needs scikit-fem, which is no
dependency of the bench: ``pip install scikit-fem``.

Timed in one run on one core: our map as the program makes it (fixed frame: the series; magnesium-conserving
frame: a curve by finite volumes); every foil of the map by finite volumes of its own; and every foil by
linear finite elements of scikit-fem, on the same mesh, with the same steps of time and the same implicit
method. Both of the latter march until the interface is depleted. Differences are those of the utilisation.
"""

import argparse
import math
import sys
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.diffusion.depleting import expected_depletion
from analysis.diffusion.material import Alloy, alloy, diffusivity_at
from analysis.diffusion.utilisation import by_volumes, utilisation
from analysis.diffusion.volumes import GAMMA, mesh_for
from analysis.sand import FARADAY
from core.records import Floats

if TYPE_CHECKING:
    from analysis.diffusion.mesh import Mesh

THICKNESS = 25e-6
CELLS, STEPS = 80, 60
"""Of both, finite volumes and finite elements."""


def conditions(points: int) -> tuple[Floats, Floats]:
    """Return current densities in A/m² as a column, and D in m²/s from 0 to 100 °C as a row."""
    density = np.geomspace(0.1, 100.0, points)[:, None]
    kelvin = np.linspace(273.15, 373.15, points)
    return density, np.array([diffusivity_at(each) for each in kelvin])[None, :]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds something took, and its result."""
    began = perf_counter()
    found = work()
    return perf_counter() - began, found


def by_elements(metal: Alloy, density: Floats, diffusivity: Floats) -> Floats:
    """Return the time of depletion in s of every foil, by linear finite elements of scikit-fem."""
    both = np.broadcast_arrays(density, diffusivity)
    load = (both[0] * THICKNESS / both[1]).ravel()
    unit = metal.with_diffusivity(1.0)
    mesh, scale = mesh_for(unit, 1.0, load, CELLS), expected_depletion(unit, 1.0, load)
    scaled = [
        _one_by_elements(unit, mesh, number, float(load[number]), float(scale[number]))
        for number in range(len(load))
    ]
    time: Floats = np.array(scaled).reshape(both[0].shape) * THICKNESS**2 / both[1]
    return time


def _one_by_elements(metal: Alloy, mesh: "Mesh", number: int, density: float, scale: float) -> float:
    """March one foil until the content at its last node is the limit."""
    from scipy.sparse.linalg import splu
    from skfem import Basis, BilinearForm, ElementLineP1, MeshLine
    from skfem.helpers import dot, grad

    nodes = np.concatenate([[0.0], np.cumsum(mesh.width[number])])
    basis = Basis(MeshLine(nodes), ElementLineP1())
    mass = BilinearForm(lambda u, v, _: u * v).assemble(basis).tocsc()
    stiffness = BilinearForm(lambda u, v, _: dot(grad(u), grad(v))).assemble(basis).tocsc()
    leaves = np.zeros(len(nodes))
    leaves[-1] = density / FARADAY
    content, time, step_number = np.full(len(nodes), metal.start), 0.0, 0

    def after(step: float) -> Floats:
        solver = splu(mass + GAMMA * step * stiffness)
        first = solver.solve(-stiffness @ content - leaves)
        second = solver.solve(-stiffness @ (content + (1 - GAMMA) * step * first) - leaves)
        moved: Floats = content + step * ((1 - GAMMA) * first + GAMMA * second)
        return moved

    while True:
        step = scale * ((step_number + 1) ** 2 - step_number**2) / STEPS**2
        found = after(step)
        if found[-1] <= metal.limit:
            return time + _crossing(after, content[-1] - metal.limit, found[-1] - metal.limit, step, metal)
        content, time, step_number = found, time + step, step_number + 1


def _crossing(
    after: Callable[[float], Floats], above: float, below: float, step: float, metal: Alloy
) -> float:
    """Return the part of a step that just depletes the interface, by regula falsi."""
    low, high, trial = 0.0, step, step
    for _ in range(8):
        trial = low + above / (above - below) * (high - low)
        value = float(after(trial)[-1]) - metal.limit
        if abs(value) < 1e-9 * metal.start:
            break
        if value > 0:
            low, above, below = trial, value, below / 2
        else:
            high, below, above = trial, value, above / 2
    return trial


def main() -> None:
    """Time the maps and print them beside each other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, default=50, help="of each axis; 50 by default")
    points = parser.parse_args().points
    density, diffusivity = conditions(points)
    fixed, conserving = (alloy("Li0.9Mg0.1", frame=each) for each in ("fixed", "conserving"))
    share = density / (FARADAY * THICKNESS * fixed.start)
    print(f"utilisation of 25 µm Li0.9Mg0.1, {points} × {points}: 10 µA/cm² to 10 mA/cm², 0 to 100 °C")
    series, exact = timed(lambda: utilisation(fixed, THICKNESS, density, diffusivity).total)
    print(f"  as the program makes it, fixed frame (series)            {series:8.3f} s")
    curve, kept = timed(lambda: utilisation(conserving, THICKNESS, density, diffusivity).total)
    print(f"  as the program makes it, conserving frame (volumes)      {curve:8.3f} s")
    ours, volumes = timed(lambda: share * by_volumes(fixed, THICKNESS, density, diffusivity, CELLS, STEPS))
    print(f"  each foil by finite volumes, fixed frame                 {ours:8.3f} s", flush=True)
    alone = density / (FARADAY * THICKNESS * conserving.start)
    full, each = timed(lambda: alone * by_volumes(conserving, THICKNESS, density, diffusivity, CELLS, STEPS))
    print(f"  each foil by finite volumes, conserving frame            {full:8.3f} s", flush=True)
    print(f"    largest difference from the program's map              {_apart(kept, each):8.2%}")
    try:
        import skfem
    except ImportError:
        sys.exit(
            "scikit-fem is not installed here, so there is nothing to compare with: pip install scikit-fem"
        )
    theirs, elements = timed(lambda: share * by_elements(fixed, density, diffusivity))
    print(f"  each foil by scikit-fem {skfem.__version__}, fixed frame             {theirs:8.3f} s")
    print(f"  scikit-fem / our series                                  {theirs / series:8.0f}")
    print(f"  scikit-fem / our finite volumes                          {theirs / ours:8.1f}")
    print(f"  largest relative difference, volumes from series         {_apart(volumes, exact):8.3%}")
    print(f"  largest relative difference, scikit-fem from series      {_apart(elements, exact):8.3%}")


def _apart(one: Floats, other: Floats) -> float:
    return float(math.ceil(1e6 * np.max(np.abs(one / other - 1))) / 1e6)


if __name__ == "__main__":
    main()
