"""A start without any guess: scan of time constant and exponent, resistances by linear least squares.

At fixed time constants the circuit is linear in its three resistances, so every point of a coarse
grid over τ_int and α_int has an exact best fit (variable projection, Golub and Pereyra 1973). The
best basins of that grid are where the non-linear fit starts.
"""

from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from analysis.circuit import FREE, LN_TAU_INT, ThreeArcs, logit_of
from analysis.priors import L_CABLES, LN_TAU_BULK_LLZO, LN_TAU_GB_LLZO
from core.records import Complexes, Floats

ALPHAS = (0.75, 0.86, 0.95)
DECADES = (-6.0, 0.5)
"""Range of log10(τ_int / s) that is searched; it begins above the grain boundary's."""

PER_DECADE = 4
BASINS = 3
TINY = float(np.finfo(float).tiny)
SMALLEST_SHARE = 1e-3
"""Arcs that the linear fit finds empty start at this share of |Z|."""


class _Scan(NamedTuple):
    """Unit arcs at given frequencies: inductor (n,), bulk and gb (2, n), interface (g, n)."""

    inductor: Complexes
    electrolyte: Complexes
    interface: Complexes
    ln_tau: Floats
    alpha: Floats


@lru_cache(maxsize=16)
def _scan(frequencies: bytes) -> _Scan:
    frequency = np.frombuffer(frequencies)
    circuit = ThreeArcs(frequency)
    steps = round((DECADES[1] - DECADES[0]) * PER_DECADE) + 1
    ln_taus = np.log(10) * np.linspace(*DECADES, steps)
    grid = [(ln_tau, alpha) for alpha in ALPHAS for ln_tau in ln_taus]
    arcs = []
    for ln_tau, alpha in grid:
        theta = np.array([L_CABLES, 0.0, LN_TAU_BULK_LLZO, 0.0, LN_TAU_GB_LLZO, 0.0, ln_tau, logit_of(alpha)])
        derivative = circuit.evaluate(theta)[1]
        arcs.append(derivative[[FREE.index("ln R_bulk"), FREE.index("ln R_gb"), FREE.index("ln R_int")]])
    stack = np.array(arcs)
    ln_tau_grid, alpha_grid = np.array(grid).T
    return _Scan(derivative[0], stack[0, :2], stack[:, 2], ln_tau_grid, alpha_grid)


def guess_free(frequency: Floats, impedance: Complexes) -> list[Floats]:
    """Return starting points for the non-linear fit, best first.

    Parameters
    ----------
    frequency : ndarray, shape (n,)
        Hz.
    impedance : ndarray of complex, shape (n,)
        Ω.

    Returns
    -------
    list of ndarray, shape (8,)
        At most three, at least a decade of τ_int apart.
    """
    scan = _scan(np.ascontiguousarray(frequency, dtype=float).tobytes())
    weight = 1 / np.abs(impedance)
    target = ((impedance - L_CABLES * scan.inductor) * weight).view(float)
    electrolyte = (scan.electrolyte * weight).view(float)
    interface = (scan.interface * weight).view(float)
    gram = np.empty((len(interface), 3, 3))
    gram[:, :2, :2] = electrolyte @ electrolyte.T
    gram[:, :2, 2] = gram[:, 2, :2] = interface @ electrolyte.T
    gram[:, 2, 2] = np.sum(interface**2, axis=1)
    right = np.empty((len(interface), 3))
    right[:, :2] = electrolyte @ target
    right[:, 2] = interface @ target
    resistance, gain = _non_negative(gram, right)
    floor = SMALLEST_SHARE * float(np.median(np.abs(impedance)))
    starts: list[Floats] = []
    for best in np.argsort(-gain, kind="stable"):
        if len(starts) == BASINS:
            break
        if all(abs(scan.ln_tau[best] - start[LN_TAU_INT]) >= np.log(10) for start in starts):
            r_bulk, r_gb, r_int = np.log(np.maximum(resistance[best], floor))
            starts.append(
                np.array(
                    [
                        L_CABLES,
                        r_bulk,
                        LN_TAU_BULK_LLZO,
                        r_gb,
                        LN_TAU_GB_LLZO,
                        r_int,
                        scan.ln_tau[best],
                        logit_of(scan.alpha[best]),
                    ]
                )
            )
    return starts


def _non_negative(gram: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Solve many small non-negative least-squares problems by trying every active set.

    Parameters
    ----------
    gram : ndarray, shape (g, 3, 3)
        Normal matrices.
    right : ndarray, shape (g, 3)

    Returns
    -------
    solution : ndarray, shape (g, 3)
    gain : ndarray, shape (g,)
        By how much the sum of squares falls; the best problem has the largest.
    """
    count, size = right.shape
    solution, gain = np.zeros((count, size)), np.zeros(count)
    for used in range(1, size + 1):
        for subset in combinations(range(size), used):
            chosen = np.array(subset)
            block = gram[:, chosen[:, None], chosen]
            ridge = (1e-12 * np.trace(block, axis1=1, axis2=2) + TINY)[:, None, None] * np.eye(used)
            part = np.linalg.solve(block + ridge, right[:, chosen][..., None])[..., 0]
            explained = np.sum(part * right[:, chosen], axis=1)
            better = np.all(part >= 0, axis=1) & (explained > gain)
            gain[better] = explained[better]
            solution[better] = 0.0
            solution[np.flatnonzero(better)[:, None], chosen] = part[better]
    return solution, gain
