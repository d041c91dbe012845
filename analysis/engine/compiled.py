"""Damped least squares (Marquardt 1963) for many spectra of one circuit, compiled.

`analysis.engine.minimise` says what goes in and out; `analysis.engine.interpreted_minimise` does
the same in numpy.
"""

import math

import numpy as np
from numba import njit

from analysis.engine.compiled_circuit import OPTIONS, evaluate, slot_values
from analysis.engine.compiled_least_squares import (
    along_time,
    cholesky,
    gradient,
    invert,
    measure,
    normal,
    prior,
    products,
    solve,
    variance_of,
)
from analysis.engine.program import Integers
from analysis.engine.settings import GENTLEST, LONGEST_STEP, MOST_STEPS, STIFFEST, TOLERANCE
from core.records import Bools, Floats

Circuit = tuple[Integers, Integers, Integers, Floats, Floats]
Data = tuple[int, Floats, Floats, Floats, Floats, Floats, Floats]
Prior = tuple[Floats, Floats, Floats]
Work = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats]
Sides = tuple[Floats, Floats, Floats, Floats, Floats, Floats]


@njit(**OPTIONS)
def _step(
    matrix: Floats,
    stiffness: Floats,
    downhill: Floats,
    moving: Integers,
    damping: float,
    damped: Floats,
    step: Floats,
) -> float:
    """Fill Marquardt's step of the moving parameters; return the damping that it took, or infinity."""
    q = len(moving)
    while damping <= STIFFEST:
        for i in range(q):
            a = moving[i]
            for j in range(q):
                damped[i, j] = matrix[a, moving[j]] + stiffness[a, moving[j]]
            damped[i, i] *= 1.0 + damping
            step[i] = downhill[a]
        if cholesky(damped, q):
            solve(damped, step, q)
            return damping
        damping *= 10.0
    return math.inf


@njit(**OPTIONS)
def _descend(
    circuit: Circuit, data: Data, priors: Prior, moving: Integers, work: Work, sides: Sides
) -> tuple[int, float, bool]:
    """Go down from the θ of side 0; return the side of the minimum, its cost and whether it is one.

    There are two sides: where the search is, and where it tries to go.
    """
    nodes, children, slot_parameter, slots, slopes = circuit
    n, omega, log_omega, delay, z_re, z_im, weight = data
    rows, target, prior_matrix = priors
    slot, node, derivative, scratch, matrix, damped, vectors = work
    theta, j_re, j_im, residual, share, far = sides
    last, downhill, step = len(nodes) - 1, vectors[0], vectors[1]
    here, there, now, damping = 1, 0, math.inf, 1e-3
    for evaluation in range(MOST_STEPS):
        slot_values(slot_parameter, slots, theta[there], slopes, slot[0], slot[1], slot[2])
        evaluate(
            nodes, children, slot_parameter, n, log_omega, omega, delay, slot[0], slot[1], slot[2],
            node[0], node[1], derivative[0], derivative[1], node[2], node[3], j_re[there], j_im[there],
        )  # fmt: skip
        then = measure(
            n,
            z_re,
            z_im,
            weight,
            node[0, last],
            node[1, last],
            residual[there, 0],
            residual[there, 1],
            share[there],
        )
        then += prior(rows, target, theta[there], far[there])
        if then < now:
            if evaluation > 0:
                damping = max(damping / 10.0, GENTLEST)
            here, there, now = there, here, then
            normal(n, j_re[here], j_im[here], weight, share[here], scratch, matrix)
            gradient(
                n, j_re[here], j_im[here], weight, share[here], residual[here, 0], residual[here, 1],
                rows, far[here], downhill,
            )  # fmt: skip
        elif evaluation == 0:
            return there, math.nan, False
        else:
            damping *= 10.0
        damping = _step(matrix, prior_matrix, downhill, moving, damping, damped, step)
        if damping > STIFFEST:
            return here, now, True
        promise, longest = 0.0, 0.0
        for i in range(len(moving)):
            promise += downhill[moving[i]] * step[i]
            longest = max(longest, abs(step[i]))
        shrink = min(1.0, LONGEST_STEP / longest) if longest > 0.0 else 1.0
        for j in range(theta.shape[1]):
            theta[there, j] = theta[here, j]
        for i in range(len(moving)):
            theta[there, moving[i]] += shrink * step[i]
        if not promise > TOLERANCE:
            # The last step is too small to be worth an evaluation, but it is right.
            if promise >= 0.0 and damping < 1.0:
                theta[here] = theta[there]
            return here, now, True
    return here, now, False


@njit(**OPTIONS)
def minimise_block(
    nodes: Integers, children: Integers, slot_parameter: Integers, slots: Floats,
    omega: Floats, count: Integers, z_re: Floats, z_im: Floats, weight: Floats, delay: Floats, slope: Floats,
    rows: Floats, target: Floats, start: Floats, free: Bools,
    theta: Floats, cost: Floats, converged: Bools, rms: Floats, variance: Floats, information: Floats,
    covariance: Floats, along: Floats,
) -> None:  # fmt: skip
    """Minimise one spectrum after the other; see `analysis.engine.minimise.Minima` for the outputs.

    A start that is nan stands for the last minimum that was found.
    """
    most, p, s, m = omega.shape[1], theta.shape[1], len(slot_parameter), len(nodes)
    log_omega, ones = np.empty(most), np.ones(most)
    prior_matrix = products(rows)
    moving = np.flatnonzero(free)
    work = (
        np.empty((3, s)), np.empty((4, m, most)), np.empty((2, s, most)), np.empty((p, 2 * most)),
        np.empty((p, p)), np.empty((p, p)), np.empty((2, p)),
    )  # fmt: skip
    sides = (
        np.empty((2, p)), np.empty((2, p, most)), np.empty((2, p, most)), np.empty((2, 2, most)),
        np.empty((2, most)), np.empty((2, len(rows))),
    )  # fmt: skip
    seen, last = -1, -1
    for one in range(len(count)):
        n, grid = count[one], min(one, len(omega) - 1)
        times = delay[min(one, len(delay) - 1)]
        if grid != seen:
            for k in range(most):
                log_omega[k] = math.log(omega[grid, k])
            seen = grid
        for j in range(p):
            inherited = math.isnan(start[one, j]) and last >= 0
            sides[0][0, j] = theta[last, j] if inherited else start[one, j]
        circuit = (nodes, children, slot_parameter, slots, slope[min(one, len(slope) - 1)])
        data = (n, omega[grid], log_omega, times, z_re[one], z_im[one], weight[one])
        here, cost[one], converged[one] = _descend(
            circuit, data, (rows, target[one], prior_matrix), moving, work, sides
        )
        j_re, j_im, r = sides[1][here], sides[2][here], sides[3][here]
        theta[one] = sides[0][here]
        if converged[one]:
            last = one
        total = 0.0
        for k in range(n):
            size = weight[one, k] * weight[one, k] * (z_re[one, k] ** 2 + z_im[one, k] ** 2)
            total += (r[0, k] * r[0, k] + r[1, k] * r[1, k]) / size
        rms[one] = math.sqrt(total / (2 * n)) if n > 0 else math.nan
        variance[one] = variance_of(n, p, r[0], r[1])
        normal(n, j_re, j_im, weight[one], ones, work[3], information[one])
        invert(information[one], variance[one], prior_matrix, work[5], covariance[one])
        if along.shape[1] > 0:
            along_time(n, j_re, j_im, weight[one], r[0], r[1], times, along[one])
