"""The joint problem of all sweeps of a run, compiled: elimination forwards, covariances backwards.

`analysis.engine.interpreted_trends` computes the same in numpy and is what this is tested against.
"""

import math

import numpy as np
from numba import njit

from analysis.engine.compiled_circuit import OPTIONS
from analysis.engine.settings import SMALLEST_INFORMATION
from core.records import Floats


@njit(**OPTIONS)
def joint_block(
    information: Floats,
    right: Floats,
    factors: Floats,
    weight: Floats,
    theta: Floats,
    covariance: Floats,
    lags: Floats,
) -> bool:
    """Fill θ, Σᵢᵢ and the diagonals of Σᵢ,ᵢ₊ₖ; False if the problem is not determinate.

    Arguments as in `analysis.engine.interpreted_trends.joint_block`.
    """
    count, p = right.shape
    follows = np.empty((count, p, 3 * p + 1))
    pivot, rows = np.empty((p, p)), np.empty((p, 3 * p + 1))
    # what eliminating a sweep takes from the rows of the next one, and from those of the one after that
    taken, taken_later = np.zeros((p, 2 * p + 1)), np.zeros((p, p + 1))
    for i in range(count):
        for a in range(p):
            for b in range(p):
                pivot[a, b] = information[i, a, b] - taken[a, b]
                rows[a, b] = -taken[a, p + b]
                rows[a, p + b] = 0.0
                rows[a, 2 * p + 1 + b] = 0.0
            rows[a, 2 * p] = right[i, a] - taken[a, 2 * p]
            rows[a, 2 * p + 1 + a] = 1.0
            pivot[a, a] += SMALLEST_INFORMATION + factors[i, 1] * factors[i, 1] * weight[i, a]
            rows[a, a] += factors[i, 1] * factors[i, 2] * weight[i, a]
            if i > 0:
                pivot[a, a] += factors[i - 1, 2] * factors[i - 1, 2] * weight[i - 1, a]
            if i + 1 < count:
                next_weight = factors[i + 1, 0] * weight[i + 1, a]
                pivot[a, a] += factors[i + 1, 0] * next_weight
                rows[a, a] += factors[i + 1, 1] * next_weight
                rows[a, p + a] = factors[i + 1, 2] * next_weight
        if not eliminate(pivot, rows, follows[i]):
            return False
        for a in range(p):
            for b in range(p):
                taken[a, b] = taken_later[a, b]
                taken[a, p + b] = 0.0
            taken[a, 2 * p] = taken_later[a, p]
            for b in range(p + 1):
                taken_later[a, b] = 0.0
        for k in range(p):
            for a in range(p):
                for b in range(2 * p + 1):
                    taken[a, b] += rows[k, a] * rows[k, b]
            for a in range(k + 1):  # the coupling to the sweep after next stays triangular
                for b in range(p + 1):
                    taken_later[a, b] += rows[k, p + a] * rows[k, p + b]
    go_back(follows, theta, covariance, lags)
    return True


@njit(**OPTIONS)
def eliminate(pivot: Floats, rows: Floats, follows: Floats) -> bool:
    """Replace `rows` by L⁻¹ rows and fill `follows` with L⁻ᵀL⁻¹ rows, where L Lᵀ is the pivot block.

    The columns of `rows`, shape (p, 3p + 1), are the coupling to the next two sweeps, the right-hand
    side, and the unit matrix.
    """
    p, width = rows.shape
    for a in range(p):
        for b in range(a + 1):
            total = pivot[a, b]
            for k in range(b):
                total -= pivot[a, k] * pivot[b, k]
            if a > b:
                pivot[a, b] = total / pivot[b, b]
            elif total > 0.0:
                pivot[a, a] = math.sqrt(total)
            else:
                return False
        for k in range(a):
            for b in range(width):
                rows[a, b] -= pivot[a, k] * rows[k, b]
        for b in range(width):
            rows[a, b] /= pivot[a, a]
    for a in range(p):
        for b in range(width):
            follows[a, b] = 0.0
        for k in range(a, p):
            share = rows[k, width - p + a]
            for b in range(width):
                follows[a, b] += share * rows[k, b]
    return True


@njit(**OPTIONS)
def go_back(follows: Floats, theta: Floats, covariance: Floats, lags: Floats) -> None:
    """Fill the results from the last sweep to the first, from what `eliminate` says of each."""
    count, p = theta.shape
    ahead, beyond = np.zeros((2 * p, 2 * p)), np.zeros((2 * p, p))  # of the two sweeps after; with the third
    level, cross = np.zeros(2 * p), np.empty((p, 2 * p))
    for i in range(count - 1, -1, -1):
        own = follows[i]
        for a in range(p):
            theta[i, a] = own[a, 2 * p]
            lags[3, i, a] = 0.0
            for b in range(2 * p):
                cross[a, b] = 0.0
            for k in range(2 * p):
                theta[i, a] -= own[a, k] * level[k]
                lags[3, i, a] -= own[a, k] * beyond[k, a]
                for b in range(2 * p):
                    cross[a, b] -= own[a, k] * ahead[k, b]
        for a in range(p):
            for b in range(a + 1):
                total = 0.5 * (own[a, 2 * p + 1 + b] + own[b, 2 * p + 1 + a])
                for k in range(2 * p):
                    total -= cross[a, k] * own[b, k]
                covariance[i, a, b] = total
                covariance[i, b, a] = total
            lags[0, i, a] = covariance[i, a, a]
            lags[1, i, a] = cross[a, a]
            lags[2, i, a] = cross[a, p + a]
        for a in range(p):
            level[p + a] = level[a]
            level[a] = theta[i, a]
            for b in range(p):
                beyond[a, b] = cross[a, p + b]
                beyond[p + a, b] = ahead[a, p + b]
        for a in range(p):
            for b in range(p):
                ahead[p + a, p + b] = ahead[a, b]
                ahead[a, b] = covariance[i, a, b]
                ahead[p + a, b] = cross[b, a]
                ahead[b, p + a] = cross[b, a]
