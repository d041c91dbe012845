"""Whether an interface resistance can be told from nothing, and how large it could be if not."""

from dataclasses import replace

import numpy as np
from scipy.special import chdtri

from analysis.circuit import FREE, LN_R_INT, LN_TAU_INT, LOGIT_ALPHA
from analysis.least_squares import Solution, inverse, minimise
from analysis.priors import Priors
from core.cell import OHM_CM2

RESOLUTION_OHM_CM2 = 2.0
"""Interface resistances below this cannot be seen beside the electrolyte (Krauskopf et al. 2019)."""

INTERFACE = (LN_R_INT, LN_TAU_INT, LOGIT_ALPHA)
SIGNIFICANCE = 1e-3
ONE_SIDED_95 = 1.645
ABSENT = -60.0
"""ln R_int of an arc that is not there."""

WIDENINGS = 20
HALVINGS = 4

DOUBTFUL = 0.25
"""Standard error of ln R_int from which on the arc has to prove that it exists."""


def is_resolved(solution: Solution, area: float | None) -> bool:
    """Return whether the interface arc is resolved.

    It is if it is larger than the resolution limit and, where its uncertainty leaves room for
    doubt, if leaving the arc out makes χ² rise significantly (three parameters, p < 0.001).

    Parameters
    ----------
    solution : Solution
        Fit with all three arcs.
    area : float or None
        Electrode area in m²; without it only the significance decides.
    """
    resistance = float(np.exp(solution.theta[LN_R_INT]))
    areal = np.inf if area is None else resistance * area / OHM_CM2
    if areal < RESOLUTION_OHM_CM2:
        return False
    if solution.stderr(LN_R_INT) < DOUBTFUL and areal > 2 * RESOLUTION_OHM_CM2:
        return True
    others = _other_priors(solution.problem.priors)
    without = _without_interface(solution, others)
    if without is None:
        return True
    with_arc = solution.cost - _prior_cost(solution.problem.priors, solution) + _prior_cost(others, solution)
    rise = 2 * (without.cost - with_arc) * solution.problem.noise**2 / solution.variance
    return bool(rise > chdtri(len(INTERFACE), SIGNIFICANCE))


def upper_limit(solution: Solution, area: float | None) -> float:
    """Return the largest R_int in Ω that the spectrum allows, one-sided, with 95 % confidence.

    Profile likelihood: R_int is raised at its τ and α, all else follows, until χ² has grown by
    1.645². It begins where a parabola would put it. With an area in m² it is never less than the
    resolution limit, because an arc with another τ could hide below that.
    """
    profile = _profile_limit(solution)
    return profile if area is None else max(profile, RESOLUTION_OHM_CM2 * OHM_CM2 / area)


def _profile_limit(solution: Solution) -> float:
    problem, ln_best = solution.problem, float(solution.theta[LN_R_INT])
    moving = np.ones(len(FREE), dtype=bool)
    moving[list(INTERFACE)] = False
    allowed = 0.5 * ONE_SIDED_95**2 * solution.variance / problem.noise**2

    def is_allowed(ln_r: float) -> bool:
        theta = solution.theta.copy()
        theta[LN_R_INT] = ln_r
        found = minimise(problem, theta, moving)
        return found is not None and found.cost - solution.cost < allowed

    low = ln_best
    high = ln_best + float(np.log1p(ONE_SIDED_95 * _conditional_stderr(solution)))
    for _ in range(WIDENINGS):
        if not is_allowed(high):
            break
        low, high = high, high + 0.2
    low = max(low, high - 0.5) if is_allowed(high - 0.5) else low
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_allowed(middle) else (low, middle)
    return float(np.exp(high))


def _conditional_stderr(solution: Solution) -> float:
    """Return the standard error of ln R_int at fixed τ_int and α_int."""
    held = [LN_TAU_INT, LOGIT_ALPHA]
    others = np.setdiff1d(np.arange(len(FREE)), held)
    information = solution.information / solution.variance + solution.problem.priors.information
    block = inverse(information[np.ix_(others, others)])
    position = int(np.flatnonzero(others == LN_R_INT)[0])
    return float(np.sqrt(block[position, position]))


def _without_interface(solution: Solution, priors: Priors) -> Solution | None:
    start = solution.theta.copy()
    start[LN_R_INT] = ABSENT
    moving = np.ones(len(FREE), dtype=bool)
    moving[list(INTERFACE)] = False
    return minimise(replace(solution.problem, priors=priors), start, moving)


def _other_priors(priors: Priors) -> Priors:
    """Return the priors that say nothing about the interface."""
    others = ~np.any(priors.rows[:, list(INTERFACE)] != 0, axis=1)
    return Priors(priors.rows[others], priors.target[others])


def _prior_cost(priors: Priors, solution: Solution) -> float:
    far = priors.residual(solution.theta)
    return 0.5 * float(far @ far)
