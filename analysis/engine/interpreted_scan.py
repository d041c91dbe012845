"""Scan of one time constant with exact resistances at every point, in numpy.

At fixed time constants a circuit of arcs is linear in its resistances, so every point of a coarse
grid over one τ and α has an exact best fit (variable projection, Golub and Pereyra 1973).
"""

import numpy as np

from analysis.engine.program import Integers
from core.records import Bools, Floats

TINY = float(np.finfo(float).tiny)


def scan_block(
    fixed: Floats,
    candidates: Floats,
    z_re: Floats,
    z_im: Floats,
    count: Integers,
    subsets: Integers,
    sizes: Integers,
    apart: Bools,
    gains: Floats,
    parts: Floats,
    best: Integers,
) -> None:
    """Fit two arcs and one candidate at a time with modulus weights and non-negative resistances.

    Parameters
    ----------
    fixed : ndarray, shape (2, 2n)
        Arcs of 1 Ω that are always there, real and imaginary parts in turn.
    candidates : ndarray, shape (g, 2n)
        The third arc at every point of the grid.
    z_re, z_im : ndarray, shape (N, n)
        Ω; only the first `count` points of each row.
    count : ndarray of int, shape (N,)
    subsets, sizes : ndarray of int, shapes (7, 3) and (7,)
        The arcs that may be there together, all three first.
    apart : ndarray of bool, shape (g, g)
        Whether two candidates count as different basins.
    gains, parts, best : ndarray, shapes (N, g), (N, g, 3) and (N, b)
        Filled: by how much the sum of squares falls, the resistances, and the best candidates of
        different basins in order, −1 where there are no more.
    """
    for number, n in enumerate(count):
        impedance = z_re[number, :n] + 1j * z_im[number, :n]
        weight = np.repeat(1 / np.abs(impedance), 2)
        target = impedance.view(float) * weight
        always = fixed[:, : 2 * n] * weight
        candidate = candidates[:, : 2 * n] * weight
        gram, right = np.empty((len(candidate), 3, 3)), np.empty((len(candidate), 3))
        gram[:, :2, :2] = always @ always.T
        gram[:, :2, 2] = gram[:, 2, :2] = candidate @ always.T
        gram[:, 2, 2] = np.sum(candidate**2, axis=1)
        right[:, :2] = always @ target
        right[:, 2] = candidate @ target
        gains[number], parts[number] = _non_negative(gram, right, subsets, sizes)
        best[number] = _choose(gains[number], apart, best.shape[1])


def _non_negative(gram: Floats, right: Floats, subsets: Integers, sizes: Integers) -> tuple[Floats, Floats]:
    """Solve many small non-negative least-squares problems by trying every active set."""
    gain, solution = np.zeros(len(right)), np.zeros_like(right)
    for subset, size in zip(subsets, sizes, strict=True):
        chosen = subset[:size]
        block = gram[:, chosen[:, None], chosen]
        ridge = (1e-12 * np.trace(block, axis1=1, axis2=2) + TINY)[:, None, None] * np.eye(size)
        part = np.linalg.solve(block + ridge, right[:, chosen][..., None])[..., 0]
        explained = np.sum(part * right[:, chosen], axis=1)
        better = np.all(part >= 0, axis=1) & (explained > gain)
        gain[better] = explained[better]
        solution[better] = 0.0
        solution[np.flatnonzero(better)[:, None], chosen] = part[better]
    return gain, solution


def _choose(gains: Floats, apart: Bools, basins: int) -> Integers:
    best = np.full(basins, -1, dtype=np.int64)
    allowed = np.ones(len(gains), dtype=bool)
    for place in range(basins):
        if not np.any(allowed):
            break
        best[place] = np.argmax(np.where(allowed, gains, -np.inf))
        allowed &= apart[best[place]]
    return best
