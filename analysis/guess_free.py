"""A start without any guess: a scan of the time constant and the exponent of the interface.

At fixed time constants the circuit is linear in its three resistances, so every point of a coarse
grid over τ_int and α_int has an exact best fit (variable projection, Golub and Pereyra 1973). The
best basins of that grid are where the non-linear fit starts. Circuits other than the standard
one start from `analysis.circuits.starts`.
"""

from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from analysis.circuits.model import Circuit
from analysis.engine.choice import Kernels
from analysis.engine.interpreted import evaluate
from analysis.engine.minimise import Problem
from core.records import Bools, Floats

ALPHAS = (0.75, 0.86, 0.95)
DECADES = (-6.0, 0.5)
"""Range of log10(τ_int / s) that is searched; it begins above the grain boundary's."""

PER_DECADE = 4
BASINS = 3
SMALLEST_SHARE = 1e-3
"""Arcs that the linear fit finds empty start at this share of |Z|."""

ARCS = 3
SUBSETS = [chosen for size in range(ARCS, 0, -1) for chosen in combinations(range(ARCS), size)]


class _Grid(NamedTuple):
    """Unit arcs at given frequencies as rows of real and imaginary parts in turn, and their parameters."""

    theta: Floats
    inductor: Floats
    fixed: Floats
    candidates: Floats
    apart: Bools


def guess_free(circuit: Circuit, problem: Problem, kernels: Kernels) -> Floats:
    """Return starting points, shape (N, b, p), the most promising first; nan where there are no more.

    Parameters
    ----------
    circuit : Circuit
    problem : Problem
    kernels : Kernels
    """
    batch = problem.batch
    if not can_scan(circuit):
        return _general(circuit, problem)
    found = np.full((len(batch), BASINS, len(circuit.free)), np.nan)
    expected = problem.priors.expected()
    expected[:, [arc.ln_r for arc in circuit.arcs]] = 0.0
    rows = np.broadcast_to(batch.frequency, batch.impedance.shape)
    different, which = (
        (batch.frequency, np.zeros(len(batch), dtype=int))
        if len(batch.frequency) == 1
        else np.unique(rows, axis=0, return_inverse=True)
    )
    for number, frequency in enumerate(different):
        mine = np.flatnonzero(which.ravel() == number)
        centre = np.round(np.median(expected[mine], axis=0), 1)
        grid = _grid(circuit, frequency.tobytes(), tuple(centre))
        found[mine] = _scan(circuit, grid, problem.take(mine), kernels)
    return found


def can_scan(circuit: Circuit) -> bool:
    """Return whether this is an electrolyte of two arcs and one interface, with nothing else held."""
    if len(circuit.arcs) != ARCS or len(circuit.interface) != 1 or circuit.interface[0] != circuit.arcs[-1]:
        return False
    slowest = circuit.arcs[-1]
    return min(arc.ln_r for arc in circuit.arcs) >= 0 and slowest.ln_tau >= 0 and slowest.alpha >= 0


def _scan(circuit: Circuit, grid: _Grid, problem: Problem, kernels: Kernels) -> Floats:
    batch = problem.batch
    n, g = len(batch), len(grid.candidates)
    impedance = batch.impedance - grid.inductor[0::2] - 1j * grid.inductor[1::2]
    gains, parts, best = np.empty((n, g)), np.empty((n, g, ARCS)), np.empty((n, BASINS), dtype=np.int64)
    subsets = np.array([chosen + (0,) * (ARCS - len(chosen)) for chosen in SUBSETS])
    sizes = np.array([len(chosen) for chosen in SUBSETS])
    kernels.scan_block(
        grid.fixed,
        grid.candidates,
        np.ascontiguousarray(impedance.real),
        np.ascontiguousarray(impedance.imag),
        batch.count,
        subsets,
        sizes,
        grid.apart,
        gains,
        parts,
        best,
    )
    starts = grid.theta[best]
    resistance = np.take_along_axis(parts, np.maximum(best, 0)[..., None], axis=1)
    floor = SMALLEST_SHARE * batch.scale()[:, None, None]
    logarithm = np.log(np.maximum(resistance, floor))
    for place, arc in enumerate(circuit.arcs):
        starts[:, :, arc.ln_r] = logarithm[:, :, place]
    starts[best < 0] = np.nan
    return starts


@lru_cache(maxsize=64)
def _grid(circuit: Circuit, frequencies: bytes, expected: tuple[float, ...]) -> _Grid:
    omega = 2 * np.pi * np.frombuffer(frequencies)
    *others, interface = circuit.arcs
    steps = round((DECADES[1] - DECADES[0]) * PER_DECADE) + 1
    ln_taus = np.log(10) * np.linspace(*DECADES, steps)
    points = [(ln_tau, _logit(circuit, interface.alpha, alpha)) for alpha in ALPHAS for ln_tau in ln_taus]
    theta = np.tile(np.array(expected), (len(points), 1))
    theta[:, [interface.ln_tau, interface.alpha]] = points
    candidates = []
    for point in theta:
        impedance, derivative = evaluate(circuit.program, omega, point, None, None)
        candidates.append(derivative[interface.ln_r])
    fixed = np.array([derivative[arc.ln_r] for arc in others])
    inductor = impedance - fixed.sum(axis=0) - candidates[-1]
    far = np.abs(theta[:, None, interface.ln_tau] - theta[None, :, interface.ln_tau]) >= 0.999 * np.log(10)
    return _Grid(theta, _real(inductor), _real(fixed), _real(np.array(candidates)), far)


def _logit(circuit: Circuit, parameter: int, value: float) -> float:
    """Return θ of a bounded quantity."""
    slot = int(np.flatnonzero(circuit.program.slot_parameter == parameter)[0])
    low, high = circuit.program.slot_low[slot], circuit.program.slot_high[slot]
    share = min(max((value - low) / (high - low), 0.02), 0.98)
    return float(np.log(share / (1 - share)))


def _real(array: np.ndarray) -> Floats:
    return np.ascontiguousarray(array).view(float)


def _general(circuit: Circuit, problem: Problem) -> Floats:
    from analysis.circuits.starts import starts as general_starts  # scipy's samplers are slow to load

    batch = problem.batch
    found = np.full((len(batch), BASINS, len(circuit.free)), np.nan)
    frequency = np.broadcast_to(batch.frequency, batch.impedance.shape)
    for row, n in enumerate(batch.count):
        if n:
            impedance = batch.impedance[row, :n]
            some = general_starts(circuit, frequency[row, :n], impedance, 1 / np.abs(impedance))[:BASINS]
            found[row, : len(some)] = some
    return found
