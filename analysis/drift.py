"""How fast the interface changes while a sweep is taken, from the sweeps before it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.circuit import LN_R_INT, LN_TAU_INT, STEADY, Slope
from analysis.least_squares import Solution
from core.records import Fit, Floats

SMALLEST = 0.01
"""Change of ln R_int a sweep below which the bias of a steady model is not worth correcting."""

LARGEST = 0.7
"""Change of ln R_int or ln τ_int a sweep that is corrected at most."""

SIGNIFICANT = 4.0
LONGEST_GAP = 2.5
"""Sweeps further apart than this many sweep durations are no neighbours."""

UNTRUSTED = frozenset(
    {"below resolution", "not identifiable", "poor fit", "few points", "truncated arc", "no fit"}
)


class Drift(NamedTuple):
    """A slope of the interface and how it was judged.

    Attributes
    ----------
    slope : Slope
        What the model should use; zero when the drift is too small or too uncertain.
    stderr : Slope
        Standard errors of both slopes in 1/s; nan without neighbours.
    per_sweep : float
        Change of ln R over one sweep that is corrected.
    """

    slope: Slope
    stderr: Slope
    per_sweep: float


NO_DRIFT = Drift(STEADY, Slope(float("nan"), float("nan")), 0.0)


def trusted(fits: Sequence[Fit]) -> list[Fit]:
    """Return the fits whose interface parameters can be built on, in their order."""
    return [fit for fit in fits if not UNTRUSTED & set(fit.flags) and np.isfinite(fit["R_int"])]


def expected_slope(near: Sequence[Fit]) -> Slope:
    """Return the slope that the last two trusted fits lead one to expect: theirs, if they drifted."""
    if len(near) < 2 or not all("drift" in fit.flags for fit in near[-2:]):
        return STEADY
    between = near[-1].time - near[-2].time
    if not between > 0:
        return STEADY
    changes = [
        float(np.clip(np.log(near[-1][name] / near[-2][name]), -LARGEST, LARGEST))
        for name in ("R_int", "tau_int")
    ]
    return Slope(changes[0] / between, changes[1] / between)


def drift_at(previous: Sequence[Fit], time: float, solution: Solution, duration: float) -> Drift:
    """Return the drift at the present sweep from its own first fit and the two fits before it.

    The derivative of the parabola through the three points, at the last of them. It is used only
    when it is larger than one per cent a sweep and four standard errors, so a noisy slope cannot
    hurt a steady spectrum.

    Parameters
    ----------
    previous : sequence of Fit
        Earlier fits, oldest first.
    time : float
        Middle of the present sweep in s.
    solution : Solution
        First fit of the present sweep.
    duration : float
        Of the sweep, s.
    """
    near = trusted(previous)[-2:]
    if len(near) < 2 or not duration > 0:
        return NO_DRIFT
    times = np.array([near[0].time, near[1].time, time])
    if np.any(np.diff(times) <= 0) or np.max(np.diff(times)) > LONGEST_GAP * duration:
        return NO_DRIFT
    weights = _derivative_weights(times)
    slope_r, error_r = _derivative(weights, near, solution, "R_int", LN_R_INT)
    slope_tau, error_tau = _derivative(weights, near, solution, "tau_int", LN_TAU_INT)
    errors = Slope(error_r, error_tau)
    if not (abs(slope_r * duration) > SMALLEST and abs(slope_r) > SIGNIFICANT * error_r):
        return Drift(STEADY, errors, 0.0)
    most = LARGEST / duration
    slope = Slope(float(np.clip(slope_r, -most, most)), float(np.clip(slope_tau, -most, most)))
    return Drift(slope, errors, slope.ln_r * duration)


def spread_from_drift(solution: Solution, delay: Floats, drift: Drift) -> Floats:
    """Return what the uncertainty of the slopes adds to the covariance, shape (p, p).

    A slope acts on every point like a change of ln R_int or ln τ_int times its delay; the
    parameters answer through the normal equations.

    Parameters
    ----------
    solution : Solution
    delay : ndarray, shape (n,)
        Seconds from mid-sweep to each point.
    drift : Drift
    """
    spread = np.zeros_like(solution.covariance)
    if not drift.per_sweep:
        return spread
    twice = np.repeat(delay, 2)
    for parameter, error in ((LN_R_INT, drift.stderr.ln_r), (LN_TAU_INT, drift.stderr.ln_tau)):
        effect = solution.jacobian @ (solution.jacobian[parameter] * twice)
        moved = solution.covariance @ effect / solution.variance * error
        spread += np.outer(moved, moved)
    return spread


def _derivative(
    weights: Floats, near: Sequence[Fit], solution: Solution, name: str, parameter: int
) -> tuple[float, float]:
    """Return the derivative of ln of a quantity at the present sweep, and its standard error."""
    logarithms = [float(np.log(fit[name])) for fit in near] + [float(solution.theta[parameter])]
    errors = [fit.parameters[name].stderr / fit[name] for fit in near] + [solution.stderr(parameter)]
    return float(weights @ np.array(logarithms)), float(np.sqrt(np.sum((weights * np.array(errors)) ** 2)))


def _derivative_weights(times: np.ndarray) -> np.ndarray:
    """Return the weights of three values that give the derivative of their parabola at the last."""
    a, b = times[2] - times[0], times[2] - times[1]
    return np.array([b / (a * (a - b)), -a / (b * (a - b)), 1 / a + 1 / b])
