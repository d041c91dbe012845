"""Residuals, normal equations and their solution for one spectrum, compiled."""

import math

import numpy as np
from numba import njit

from analysis.engine.compiled_circuit import OPTIONS
from analysis.engine.settings import HUBER, SMALLEST_VARIANCE
from core.records import Floats


@njit(**OPTIONS)
def cholesky(matrix: Floats, p: int) -> bool:
    """Replace the lower triangle of a p × p matrix by its Cholesky factor; False if it has none."""
    for i in range(p):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            if i == j:
                if not total > 0.0:
                    return False
                matrix[i, i] = math.sqrt(total)
            else:
                matrix[i, j] = total / matrix[j, j]
    return True


@njit(**OPTIONS)
def solve(factor: Floats, vector: Floats, p: int) -> None:
    """Replace a vector by the solution of L Lᵀ x = vector."""
    for i in range(p):
        total = vector[i]
        for k in range(i):
            total -= factor[i, k] * vector[k]
        vector[i] = total / factor[i, i]
    for i in range(p - 1, -1, -1):
        total = vector[i]
        for k in range(i + 1, p):
            total -= factor[k, i] * vector[k]
        vector[i] = total / factor[i, i]


@njit(**OPTIONS)
def invert(information: Floats, variance: float, prior: Floats, factor: Floats, covariance: Floats) -> None:
    """Fill the covariance of data and priors together, scaled to a unit diagonal on the way; or nan."""
    p, good = len(covariance), True
    for i in range(p):
        for j in range(i + 1):
            factor[i, j] = information[i, j] / variance + prior[i, j]
        good = good and factor[i, i] > 0.0
    for i in range(p):
        covariance[0, i] = 1.0 / math.sqrt(factor[i, i]) if good else math.nan
    scale = covariance[0].copy()
    for i in range(p):
        for j in range(i + 1):
            factor[i, j] *= scale[i] * scale[j]
    if not good or not cholesky(factor, p):
        covariance[:, :] = math.nan
        return
    for column in range(p):
        for i in range(p):
            covariance[column, i] = 1.0 if i == column else 0.0
        solve(factor, covariance[column], p)
        for i in range(p):
            covariance[column, i] *= scale[column] * scale[i]


@njit(**OPTIONS)
def products(rows: Floats) -> Floats:
    """Return rowsᵀ rows, shape (p, p)."""
    p = rows.shape[1]
    matrix = np.zeros((p, p))
    for row in range(len(rows)):
        for i in range(p):
            for j in range(p):
                matrix[i, j] += rows[row, i] * rows[row, j]
    return matrix


@njit(**OPTIONS)
def measure(
    n: int,
    zr: Floats,
    zi: Floats,
    weight: Floats,
    model_re: Floats,
    model_im: Floats,
    r_re: Floats,
    r_im: Floats,
    share: Floats,
) -> float:
    """Fill weighted residuals and Huber's weights; return the robust cost."""
    cost = 0.0
    for k in range(n):
        r_re[k] = (zr[k] - model_re[k]) * weight[k]
        r_im[k] = (zi[k] - model_im[k]) * weight[k]
        size = math.sqrt(r_re[k] * r_re[k] + r_im[k] * r_im[k])
        if size <= HUBER:
            share[k] = 1.0
            cost += 0.5 * size * size
        else:
            share[k] = HUBER / size
            cost += HUBER * (size - 0.5 * HUBER)
    return cost


@njit(**OPTIONS)
def prior(rows: Floats, target: Floats, theta: Floats, far: Floats) -> float:
    """Fill how far θ is from each prior, in standard deviations; return the cost."""
    cost = 0.0
    for m in range(len(target)):
        total = target[m]
        for j in range(len(theta)):
            total -= rows[m, j] * theta[j]
        far[m] = total
        cost += 0.5 * total * total
    return cost


@njit(**OPTIONS)
def normal(
    n: int, j_re: Floats, j_im: Floats, weight: Floats, share: Floats, scratch: Floats, matrix: Floats
) -> None:
    """Fill Σ share·weight² J Jᵀ, shape (p, p); scratch has shape (p, 2n)."""
    p = len(matrix)
    for j in range(p):
        for k in range(n):
            factor = weight[k] * math.sqrt(share[k])
            scratch[j, k] = j_re[j, k] * factor
            scratch[j, n + k] = j_im[j, k] * factor
    for i in range(p):
        for j in range(i + 1):
            total = 0.0
            for k in range(2 * n):
                total += scratch[i, k] * scratch[j, k]
            matrix[i, j] = total
            matrix[j, i] = total


@njit(**OPTIONS)
def gradient(
    n: int,
    j_re: Floats,
    j_im: Floats,
    weight: Floats,
    share: Floats,
    r_re: Floats,
    r_im: Floats,
    rows: Floats,
    far: Floats,
    gradient: Floats,
) -> None:
    """Fill the direction of descent, shape (p,): minus the derivatives of the cost."""
    for j in range(len(gradient)):
        total = 0.0
        for k in range(n):
            total += share[k] * weight[k] * (j_re[j, k] * r_re[k] + j_im[j, k] * r_im[k])
        for m in range(len(far)):
            total += rows[m, j] * far[m]
        gradient[j] = total


@njit(**OPTIONS)
def variance_of(n: int, p: int, r_re: Floats, r_im: Floats) -> float:
    """Huber's (1973) variance of residuals in the complex plane, in units of the assumed noise²."""
    square, slope = 0.0, 0.0
    for k in range(n):
        size = math.sqrt(r_re[k] * r_re[k] + r_im[k] * r_im[k])
        if size <= HUBER:
            square += size * size
            slope += 1.0
        else:
            square += HUBER * HUBER
            slope += 0.5 * HUBER / size
    slope /= n
    return max(square / max(2 * n - p, 1) / (slope * slope), SMALLEST_VARIANCE)


@njit(**OPTIONS)
def along_time(
    n: int,
    j_re: Floats,
    j_im: Floats,
    weight: Floats,
    r_re: Floats,
    r_im: Floats,
    delay: Floats,
    along: Floats,
) -> None:
    """Fill (p, 2p + 1): J·(J·delay)ᵀ, (J·delay)·(J·delay)ᵀ and residual·(J·delay), weighted."""
    p = len(along)
    for i in range(p):
        right = 0.0
        for k in range(n):
            late = delay[k] * weight[k]
            right += late * (j_re[i, k] * r_re[k] + j_im[i, k] * r_im[k])
        along[i, 2 * p] = right
        for j in range(p):
            once, twice = 0.0, 0.0
            for k in range(n):
                product = (j_re[i, k] * j_re[j, k] + j_im[i, k] * j_im[j, k]) * weight[k] * weight[k]
                once += product * delay[k]
                twice += product * delay[k] * delay[k]
            along[i, j] = once
            along[i, p + j] = twice
