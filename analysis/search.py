"""The minimum for one spectrum: from the fits before it where that works, from nothing where not."""

from collections.abc import Sequence

import numpy as np

from analysis.circuit import (
    FREE,
    LN_R_GB,
    LN_R_INT,
    LN_TAU_GB,
    LN_TAU_INT,
    LOGIT_ALPHA,
    STEADY,
    Slope,
    ThreeArcs,
    logit_of,
)
from analysis.drift import expected_slope, trusted
from analysis.least_squares import Problem, Solution, best, minimise
from analysis.normalise import ROOM_TEMPERATURE
from analysis.points import Points
from analysis.priors import default_priors
from analysis.quantities import parameters_of
from analysis.start import guess_free
from core.records import Fit, Floats

WORSE = 1.5
"""χ² per degree of freedom above which a warm start has to compete with a guess-free one."""

JUMP = 0.15
"""Surprise in ln R_int beyond which a warm start has to compete, unless its error is larger."""

VAGUE = 0.5
"""Standard error of ln R_int at which a minimum is no use as the only one."""

NEIGHBOURS = 5


def pose(
    points: Points, noise: float, slope: Slope = STEADY, temperature: float = ROOM_TEMPERATURE
) -> Problem:
    """Return the least-squares problem for points whose noise relative to |Z| is known."""
    circuit = ThreeArcs(points.frequency, points.delay, slope)
    scale = float(np.median(np.abs(points.impedance)))
    return Problem(circuit, points.impedance, noise, default_priors(scale, temperature))


def search(
    points: Points, noise: float, time: float, previous: Sequence[Fit], temperature: float
) -> tuple[Solution | None, Slope]:
    """Return the best minimum, or None if nothing can be fitted, and the slope it was found with.

    Starts from the trend of the fits before; if χ² is bad, R_int jumps or stays vague, the
    guess-free starts compete and the lowest cost wins.

    Parameters
    ----------
    points : Points
    noise : float
        Relative standard deviation of Re Z and Im Z.
    time : float
        Middle of the sweep, s.
    previous : sequence of Fit
        Oldest first; may be empty.
    temperature : float
        Of the cell, K.
    """
    near = trusted(previous)[-NEIGHBOURS:]
    warm, slope = None, expected_slope(near)
    start = expected(near, time)
    if start is not None:
        warm = ordered(minimise(pose(points, noise, slope, temperature), start))
        if warm is not None and _convincing(warm, start, near):
            return warm, slope
    steady = pose(points, noise, STEADY, temperature)
    cold = best([minimise(steady, theta) for theta in guess_free(points.frequency, points.impedance)])
    winner = best([warm, cold])
    return ordered(winner), slope if winner is warm else STEADY


def expected(near: Sequence[Fit], time: float) -> Floats | None:
    """Return the parameters that the trend of the last two fits leads one to expect."""
    if not near:
        return None
    start = parameters_of(near[-1])
    if start is None or len(near) < 2:
        return start
    before = parameters_of(near[-2])
    between = near[-1].time - near[-2].time
    ahead = time - near[-1].time
    if before is None or not 0 < ahead < 3 * between:
        return start
    trend = [LN_R_INT, LN_TAU_INT]
    step = (start - before)[trend] * ahead / between
    start[trend] += np.clip(step, -0.5, 0.5)
    return start


def is_ordered(solution: Solution) -> bool:
    """Return whether the interface is slower than the grain boundary, as its name says."""
    return bool(solution.theta[LN_TAU_INT] > solution.theta[LN_TAU_GB])


def ordered(solution: Solution | None) -> Solution | None:
    """Return the solution with the two slower arcs under their right names."""
    if solution is None or is_ordered(solution):
        return solution
    theta = solution.theta.copy()
    theta[[LN_R_GB, LN_TAU_GB]] = solution.theta[[LN_R_INT, LN_TAU_INT]]
    theta[[LN_R_INT, LN_TAU_INT]] = solution.theta[[LN_R_GB, LN_TAU_GB]]
    theta[LOGIT_ALPHA] = logit_of(0.9)
    exchanged = minimise(solution.problem, theta)
    return exchanged if exchanged is not None and is_ordered(exchanged) else solution


def _convincing(solution: Solution, start: Floats, near: Sequence[Fit]) -> bool:
    freedom = max(2 * len(solution.residual) - len(FREE), 1)
    usual = sorted(fit.rms_residual for fit in near)[len(near) // 2]
    if 2 * solution.cost / freedom > WORSE and solution.rms > WORSE * usual:
        return False
    stderr = solution.stderr(LN_R_INT)
    surprise = abs(float(solution.theta[LN_R_INT] - start[LN_R_INT]))
    return solution.converged and stderr < VAGUE and surprise < max(JUMP, 5 * stderr)
