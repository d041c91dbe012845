"""The joint problem of all sweeps of a run in numpy: a banded Cholesky factor, and covariances from it.

The matrix has a half bandwidth of two sweeps. The covariance comes from the Cholesky factor, backwards,
without inverting the whole (Takahashi et al. 1973; in its effect the smoother of Rauch, Tung and
Striebel 1965): every sweep makes the covariance S of the two sweeps after it into that of itself and the
next, S ← T S Tᵀ + Q. Long runs are cut into stretches that go in step with each other: once from nothing,
which tells what each stretch does to the covariance at its end, and once from that covariance.
"""

import numpy as np

from analysis.engine.settings import SMALLEST_INFORMATION
from core.records import Floats

SHORTEST, MOST = 256, 64
"""Sweeps of the shortest stretch, and number of stretches at most."""


def joint_block(
    information: Floats,
    right: Floats,
    factors: Floats,
    weight: Floats,
    theta: Floats,
    covariance: Floats,
    lags: Floats,
) -> bool:
    """Fill θ and its covariances; return whether the problem is determinate.

    Minimises Σ(½ θᵢᵀ Hᵢ θᵢ − bᵢᵀ θᵢ) + ½ Σ wᵢₚ sᵢₚ² with sᵢ = f₀ θᵢ₋₁ + f₁ θᵢ + f₂ θᵢ₊₁.

    Parameters
    ----------
    information : ndarray, shape (N, p, p)
        H.
    right : ndarray, shape (N, p)
        b.
    factors : ndarray, shape (N, 3)
        f, zero at both ends.
    weight : ndarray, shape (N, p)
        w.
    theta : ndarray, shape (N, p)
        Filled.
    covariance : ndarray, shape (N, p, p)
        Filled with Σᵢᵢ.
    lags : ndarray, shape (4, N, p)
        Filled with the diagonals of Σᵢ,ᵢ₊ₖ for k = 0 … 3; zero beyond the end.
    """
    from scipy.linalg import cho_solve_banded, cholesky_banded  # slow to load, and a live fit does without

    count, size = right.shape
    try:
        factor = cholesky_banded(_band(information, factors, weight), lower=True, overwrite_ab=True)
    except np.linalg.LinAlgError:
        return False
    theta[:] = cho_solve_banded((factor, True), right.ravel()).reshape(count, size)
    _covariances(factor, covariance, lags)
    return True


def _band(information: Floats, factors: Floats, weight: Floats) -> Floats:
    """Return the matrix in LAPACK's lower band form, shape (2p + 1, N p)."""
    count, size, _ = information.shape
    band = np.zeros((2 * size + 1, count, size))
    for row in range(size):
        for column in range(row + 1):
            band[row - column, :, column] = information[:, row, column]
    band[0] += SMALLEST_INFORMATION
    weighted = factors[:, :, None] * weight[:, None, :]
    before, here, after = (factors[:, k, None] for k in range(3))
    band[0] += here * weighted[:, 1]
    band[0, :-1] += before[1:] * weighted[1:, 0]
    band[0, 1:] += after[:-1] * weighted[:-1, 2]
    band[size, :-1] += here[:-1] * weighted[:-1, 2] + before[1:] * weighted[1:, 1]
    band[2 * size, :-2] += after[1:-1] * weighted[1:-1, 0]
    return band.reshape(2 * size + 1, count * size)


def _covariances(factor: Floats, covariance: Floats, lags: Floats) -> None:
    """Fill Σᵢᵢ and the diagonals of Σᵢ,ᵢ₊ₖ."""
    count, size = covariance.shape[:2]
    inverse, gain = _elimination(factor, count, size)
    own = np.matmul(inverse.transpose(0, 2, 1), inverse)
    covariance[:], cross = backwards(own, gain)
    lags[:] = 0.0
    lags[0] = np.einsum("iaa->ia", covariance)
    lags[1] = np.einsum("iaa->ia", cross[:, :size])
    lags[2] = np.einsum("iaa->ia", cross[:, size:])
    # Σᵢ₊₃,ᵢ follows from the two sweeps between, like every other element outside the band
    lags[3, :-2] = np.einsum("iab,iba->ia", cross[1:-1, size:], gain[:-2, :size])
    lags[3, :-2] += np.einsum("iab,iba->ia", cross[2:, :size], gain[:-2, size:])


def _elimination(factor: Floats, count: int, size: int) -> tuple[Floats, Floats]:
    """Return inverses of the diagonal blocks of the factor, and how θᵢ follows θᵢ₊₁ and θᵢ₊₂."""
    columns = factor.reshape(2 * size + 1, count, size)
    block = np.zeros((count, 3 * size, size))
    for column in range(size):
        block[:, column : column + 2 * size + 1, column] = columns[:, :, column].T
    inverse = np.zeros((count, size, size))
    pivot = 1 / np.einsum("iaa->ia", block[:, :size])
    for row in range(size):
        inverse[:, row, row] = pivot[:, row]
        if row:
            mixed = np.matmul(block[:, row, None, :row], inverse[:, :row, :row])[:, 0]
            inverse[:, row, :row] = -pivot[:, row, None] * mixed
    gain = -np.matmul(block[:, size:], inverse)
    gain[-1] = 0
    gain[-2:, size:] = 0
    return inverse, gain


def backwards(own: Floats, gain: Floats) -> tuple[Floats, Floats]:
    """Return Σᵢᵢ, shape (N, p, p), and the covariances of sweeps i + 1 and i + 2 with i, shape (N, 2p, p).

    Parameters
    ----------
    own : ndarray, shape (N, p, p)
        Covariance of each sweep if those after it were known.
    gain : ndarray, shape (N, 2p, p)
        How it follows the two after it.
    """
    count, size = own.shape[:2]
    stretches = min(count // SHORTEST, MOST) if count > 4 * SHORTEST else 1
    length = -(-count // stretches)
    padding = stretches * length - count
    # what is put before the first sweep is never looked at
    own = np.concatenate([np.zeros((padding, size, size)), own]).reshape(stretches, length, size, size)
    gain = np.concatenate([np.zeros((padding, 2 * size, size)), gain])
    gain = gain.reshape(stretches, length, 2 * size, size)
    start = np.zeros((stretches, 2 * size, 2 * size))
    if stretches > 1:
        start = _starts(own, gain)
    covariance = np.empty_like(own)
    cross = np.empty_like(gain)
    _step_back(own, gain, start, covariance, cross)
    whole = stretches * length
    return (
        covariance.reshape(whole, size, size)[padding:],
        cross.reshape(whole, 2 * size, size)[padding:],
    )


def _starts(own: Floats, gain: Floats) -> Floats:
    """Return the covariance that each stretch begins with at its end, shape (stretches, 2p, 2p)."""
    stretches, length, double, size = gain.shape
    alone = np.zeros((stretches, double, double))
    _step_back(own, gain, alone)
    effect = np.broadcast_to(np.eye(double), alone.shape).copy()
    for step in range(length - 1, -1, -1):
        top = np.matmul(gain[:, step].transpose(0, 2, 1), effect)
        effect[:, size:] = effect[:, :size]
        effect[:, :size] = top
    start = np.zeros_like(alone)
    for stretch in range(stretches - 1, 0, -1):
        moved = effect[stretch] @ start[stretch] @ effect[stretch].T + alone[stretch]
        start[stretch - 1] = (moved + moved.T) / 2
    return start


def _step_back(
    own: Floats,
    gain: Floats,
    ahead: Floats,
    covariance: Floats | None = None,
    cross: Floats | None = None,
) -> None:
    """Take `ahead`, shape (stretches, 2p, 2p), from the ends of the stretches to their beginnings."""
    size = own.shape[-1]
    for step in range(own.shape[1] - 1, -1, -1):
        here = np.matmul(ahead, gain[:, step])
        block = own[:, step] + np.matmul(gain[:, step].transpose(0, 2, 1), here)
        # rounding that is not symmetric would grow from sweep to sweep
        block = (block + block.transpose(0, 2, 1)) / 2
        ahead[:, size:, size:] = ahead[:, :size, :size]
        ahead[:, size:, :size] = here[:, :size]
        ahead[:, :size, size:] = here[:, :size].transpose(0, 2, 1)
        ahead[:, :size, :size] = block
        if covariance is not None and cross is not None:
            covariance[:, step] = block
            cross[:, step] = here
