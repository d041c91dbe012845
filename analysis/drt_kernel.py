"""The linear problem behind a distribution of relaxation times."""

import numpy as np

from core.records import Complexes, Floats

PER_DECADE = 12
"""Time constants per decade; the kernel is a decade wide, so sums are as good as integrals."""

BEYOND = 0.5
"""Decades beyond the time constants of the highest and lowest frequency."""

LAMBDAS = np.geomspace(1e-9, 1e3, 49)
"""Weights of the second derivative among which one is chosen."""

CAUTION, CAUTION_FOR_FEW, FEW = 1.3, 2.0, 50
"""Factor on the degrees of freedom in the modified GCV, and that of spectra with fewer points."""

JITTER = 1e-13


def time_constants(frequency: Floats) -> Floats:
    """Return time constants for frequencies in Hz, shape (m,), s, ascending and evenly spaced in ln τ."""
    fast = np.log10(1 / (2 * np.pi * frequency.max())) - BEYOND
    slow = np.log10(1 / (2 * np.pi * frequency.min())) + BEYOND
    return np.asarray(np.logspace(fast, slow, int(np.ceil((slow - fast) * PER_DECADE)) + 1))


def kernel(frequency: Floats, tau: Floats) -> Complexes:
    """Return the derivatives of Z, shape (n, m + 2): R_∞, ω_max L, and γ at each time constant."""
    columns = np.empty((len(frequency), len(tau) + 2), dtype=complex)
    columns[:, 0] = 1
    columns[:, 1] = 1j * frequency / frequency.max()
    columns[:, 2:] = np.log(tau[1] / tau[0]) / (1 + 2j * np.pi * frequency[:, None] * tau)
    return columns


def roughness(count: int, spacing: float) -> Floats:
    """Return the matrix whose squared product with (R_∞, L, γ) is ∫ (d²γ/d(ln τ)²)² d ln τ."""
    rows = np.zeros((count - 2, count + 2))
    at = np.arange(count - 2)
    for offset, factor in ((2, 1.0), (3, -2.0), (4, 1.0)):
        rows[at, at + offset] = factor
    return rows * spacing**-1.5


def choose_lambda(matrix: Floats, target: Floats, rough: Floats) -> float:
    """Return the λ of the smallest modified GCV score n‖r‖²/(n − ρ tr K)² (Kim and Gu 2004).

    Parameters
    ----------
    matrix : ndarray, shape (2n, m + 2)
    target : ndarray, shape (2n,)
    rough : ndarray, shape (m, m + 2)
    """
    count = len(target)
    data, penalty = matrix.T @ matrix, rough.T @ rough
    balance = float(np.trace(data) / np.trace(penalty))
    both = data + balance * penalty
    both[np.diag_indices_from(both)] += JITTER * np.trace(both)
    from scipy.linalg import eigh  # slow to load, and not needed by all

    share, vectors = eigh(balance * penalty, both)
    share = np.clip(share, 0.0, 1.0)
    seen = vectors.T @ (matrix.T @ target)
    caution = CAUTION if count >= 2 * FEW else CAUTION_FOR_FEW
    weight = LAMBDAS[:, None] / balance
    damped = (1 - share) + weight * share
    damped = np.maximum(damped, JITTER)
    misfit = target @ target - np.sum(2 * seen**2 / damped - (1 - share) * seen**2 / damped**2, axis=1)
    freedom = count - caution * np.sum((1 - share) / damped, axis=1)
    score = np.where(freedom > 0, np.maximum(misfit, 0.0) / np.maximum(freedom, 1e-9) ** 2, np.inf)
    return float(LAMBDAS[int(np.argmin(score))])


def standard_errors(matrix: Floats, rough: Floats, weight: float, found: Floats, left: Floats) -> Floats:
    """Return standard errors of γ, shape (m,), for given λ and the set of γ that are not zero."""
    free = np.flatnonzero(found > 0)
    known = matrix[:, free].T @ matrix[:, free]
    stiff = known + weight * rough[:, free].T @ rough[:, free]
    stiff[np.diag_indices_from(stiff)] += JITTER * np.trace(stiff)
    inverse = np.linalg.inv(stiff)
    freedom = max(len(left) - float(np.sum(inverse * known)), 1.0)
    result = np.zeros(len(found))
    result[free] = np.sqrt(np.maximum(inverse.diagonal(), 0.0) * (left @ left) / freedom)
    return result[2:]
