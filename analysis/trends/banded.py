"""Joint least squares of all sweeps of a run: a block-banded system, linear in the number of sweeps.

The cost Σ(½ θᵢᵀ Hᵢ θᵢ − bᵢᵀ θᵢ) + ½ Σ wᵢₚ sᵢₚ² has the second differences
sᵢ = (θᵢ₊₁ − θᵢ)/hᵢ − (θᵢ − θᵢ₋₁)/hᵢ₋₁, how much the slope changes at sweep i.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from analysis.engine.interpreted_trends import joint_block
from core.records import Floats


class Joint(NamedTuple):
    """The minimum of the joint problem.

    Attributes
    ----------
    theta : ndarray, shape (N, p)
    covariance : ndarray, shape (N, p, p)
        Of each sweep, given the whole run.
    bend : ndarray, shape (N, p)
        The second differences sᵢ; zero at both ends, where there is none.
    bend_variance : ndarray, shape (N, p)
    bend_covariance : ndarray, shape (N, p)
        Of sᵢ and sᵢ₊₁.
    lags : ndarray, shape (4, N, p)
        Covariances of each parameter with itself 0 … 3 sweeps later.
    """

    theta: Floats
    covariance: Floats
    bend: Floats
    bend_variance: Floats
    bend_covariance: Floats
    lags: Floats


def differences(spacing: Floats) -> Floats:
    """Return the factors of θᵢ₋₁, θᵢ, θᵢ₊₁ in sᵢ, shape (N, 3), for N − 1 spacings; zero at both ends."""
    factors = np.zeros((len(spacing) + 1, 3))
    if len(spacing) > 1:
        factors[1:-1, 0] = 1 / spacing[:-1]
        factors[1:-1, 2] = 1 / spacing[1:]
        factors[1:-1, 1] = -factors[1:-1, 0] - factors[1:-1, 2]
    return factors


def solve(
    information: Floats,
    right: Floats,
    spacing: Floats,
    weight: Floats,
    block: Callable[..., bool] = joint_block,
) -> Joint:
    """Return the minimum and its covariances.

    Parameters
    ----------
    information : ndarray, shape (N, p, p)
    right : ndarray, shape (N, p)
    spacing : ndarray, shape (N − 1,)
        Between the sweeps, positive.
    weight : ndarray, shape (N, p)
        wᵢₚ, those of both ends are not used.
    block : callable
        What does it, see `analysis.engine.choice.Kernels`.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the problem is not determinate.
    """
    factors = differences(spacing)
    theta, covariance = np.empty_like(right), np.empty_like(information)
    lags = np.empty((4, *right.shape))
    if not block(information, right, factors, np.ascontiguousarray(weight), theta, covariance, lags):
        raise np.linalg.LinAlgError("The fits of this run do not determine its parameters.")
    bend = np.zeros_like(theta)
    bend[1:-1] = (
        factors[1:-1, :1] * theta[:-2] + factors[1:-1, 1:2] * theta[1:-1] + factors[1:-1, 2:] * theta[2:]
    )
    return Joint(theta, covariance, bend, *_bend_variances(factors, lags), lags)


def _bend_variances(factors: Floats, lags: Floats) -> tuple[Floats, Floats]:
    """Return Var sᵢ and Cov(sᵢ, sᵢ₊₁), both of shape (N, p)."""
    variance, neighbour = np.zeros_like(lags[0]), np.zeros_like(lags[0])
    for first in range(3):
        for second in range(3):
            near, far = min(first, second), max(first, second)
            share = factors[1:-1, first, None] * factors[1:-1, second, None]
            variance[1:-1] += share * _between(lags, near - 1, far - near, len(share))
            share = factors[1:-2, first, None] * factors[2:-1, second, None]
            near, far = min(first, second + 1), max(first, second + 1)
            neighbour[1:-2] += share * _between(lags, near - 1, far - near, len(share))
    return variance, neighbour


def _between(lags: Floats, offset: int, lag: int, count: int) -> Floats:
    """Return Cov(θ of sweep i + offset, θ `lag` sweeps later) for `count` sweeps from the second on."""
    return np.asarray(lags[lag, 1 + offset : 1 + offset + count])
