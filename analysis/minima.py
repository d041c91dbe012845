"""The right minimum for every spectrum: from neighbours where that works, from nothing where not."""

from typing import NamedTuple

import numpy as np

from analysis.circuits.model import Circuit
from analysis.engine.choice import Kernels
from analysis.engine.minimise import Minima, Problem, minimise
from analysis.guess_free import can_scan, guess_free
from core.records import Bools, Floats

WORSE = 1.5
"""χ² per degree of freedom above which a minimum has to compete with others."""

VAGUE = 0.5
"""Standard error of ln R_int at which a minimum is no use as the only one."""

JUMP = 0.15
"""Surprise in ln R_int beyond which a warm start has to compete, unless its error is larger."""

TYPICAL_LOGIT = float(np.log(4))
"""Of an exponent of 0.9 between 0.5 and 1."""

SMALLEST = 1e-16
SMALLEST_EIGENVALUE = 1e-13


class Warm(NamedTuple):
    """Where neighbours lead one to expect the minima.

    Attributes
    ----------
    start : ndarray, shape (N, p)
        nan in a row: from the last minimum found before; nan in the first: unknown.
    slope : ndarray, shape (N, p) or (1, p)
        Expected dθ/dt in 1/s.
    rms : float
        Usual root mean square of the residuals; nan where not known.
    """

    start: Floats
    slope: Floats
    rms: float = float("nan")


def find_minima(
    circuit: Circuit, problem: Problem, kernels: Kernels, warm: Warm | None = None
) -> tuple[Minima, Floats]:
    """Return the best minimum of every spectrum, and the slopes it was found with, shape (N, p).

    If a warm start leads to a bad χ², a jump of R_int or a vague one, the guess-free starts compete
    and the lowest cost wins. Of those, the second and third are only tried where the first is not
    convincing.
    """
    n, p = len(problem.batch), len(circuit.free)
    slopes = np.zeros((n, p))
    if warm is None:
        cold = np.arange(n)
        minima = _from_nothing(circuit, problem, kernels)
    else:
        warm = _begun(circuit, problem, kernels, warm)
        minima = ordered(
            circuit, problem, minimise(problem, warm.start, kernels, warm.slope), kernels, warm.slope
        )
        slopes[:] = warm.slope
        cold = np.flatnonzero(~_convincing(circuit, problem, minima, warm))
        if len(cold):
            some = problem.take(cold)
            other = _from_nothing(circuit, some, kernels)
            wins = ~(minima.cost[cold] <= other.cost)
            minima.put(cold[wins], other.take(wins))
            slopes[cold[wins]] = 0.0
    return minima, slopes


def _begun(circuit: Circuit, problem: Problem, kernels: Kernels, warm: Warm) -> Warm:
    """Return the warm start with a beginning: the first spectrum is found from nothing."""
    if not np.isnan(warm.start[0]).any():
        return warm
    start = warm.start.copy()
    start[0] = _from_nothing(circuit, problem.take(np.array([0])), kernels).theta[0]
    return warm._replace(start=start)


def _from_nothing(circuit: Circuit, problem: Problem, kernels: Kernels) -> Minima:
    starts = guess_free(circuit, problem, kernels)
    filled = np.where(np.isnan(starts[:, 0]), problem.priors.expected(), starts[:, 0])
    minima = ordered(circuit, problem, minimise(problem, filled, kernels), kernels)
    doubtful = np.flatnonzero(~good(circuit, problem, minima))
    for basin in range(1, starts.shape[1]):
        tried = doubtful[~np.any(np.isnan(starts[doubtful, basin]), axis=1)]
        if not len(tried):
            break
        some = problem.take(tried)
        other = ordered(circuit, some, minimise(some, starts[tried, basin], kernels), kernels)
        wins = ~(minima.cost[tried] <= other.cost)
        minima.put(tried[wins], other.take(wins))
    return minima


def ordered(
    circuit: Circuit, problem: Problem, minima: Minima, kernels: Kernels, slope: Floats | None = None
) -> Minima:
    """Return the minima with every arc under its right name, minimised again where names changed."""
    theta = with_order(circuit, minima.theta)
    if np.array_equal(theta, minima.theta, equal_nan=True):
        return minima
    changed = np.flatnonzero(np.any(theta != minima.theta, axis=1) & np.all(np.isfinite(theta), axis=1))
    if len(changed):
        slopes = slope if slope is None or len(slope) == 1 else slope[changed]
        other = minimise(problem.take(changed), theta[changed], kernels, slopes)
        stays = is_ordered(circuit, other.theta)
        minima.put(changed[stays], other.take(stays))
    return minima


def with_order(circuit: Circuit, theta: Floats) -> Floats:
    """Return θ, shape (N, p), with arcs under the names that their time constants give them.

    Arcs that only their names tell apart are sorted; an interface faster than the grain boundary
    changes places with it and starts again from a typical exponent.
    """
    theta = circuit.with_order(theta)
    boundary = [arc for arc in circuit.arcs if arc.name == "gb" and min(arc.ln_r, arc.ln_tau) >= 0]
    if not circuit.interface or not boundary:
        return theta
    gb, fastest = boundary[0], circuit.interface[0]
    if min(fastest.ln_r, fastest.ln_tau) < 0:
        return theta
    swapped = theta[:, fastest.ln_tau] < theta[:, gb.ln_tau]
    if not swapped.any():
        return theta
    result = theta.copy()
    for mine, other in ((fastest.ln_r, gb.ln_r), (fastest.ln_tau, gb.ln_tau)):
        result[swapped, mine], result[swapped, other] = theta[swapped, other], theta[swapped, mine]
    if fastest.alpha >= 0:
        result[swapped, fastest.alpha] = TYPICAL_LOGIT
    return result


def is_ordered(circuit: Circuit, theta: Floats) -> Bools:
    """Return for each row of θ whether every arc has its right name, shape (N,)."""
    return np.asarray(np.all(with_order(circuit, theta) == theta, axis=1))


def good(circuit: Circuit, problem: Problem, minima: Minima) -> Bools:
    """Return which minima are convincing on their own, shape (N,)."""
    fits = minima.converged & (chi_square(problem, minima) <= WORSE)
    if not circuit.interface:
        return np.asarray(fits)
    stderr = standard_errors(problem, minima)[:, [arc.ln_r for arc in circuit.interface if arc.ln_r >= 0]]
    return np.asarray(fits & np.all(stderr < VAGUE, axis=1) & is_ordered(circuit, minima.theta))


def _convincing(circuit: Circuit, problem: Problem, minima: Minima, warm: Warm) -> Bools:
    usual = minima.converged & ((chi_square(problem, minima) <= WORSE) | (minima.rms <= WORSE * warm.rms))
    watched = [arc.ln_r for arc in circuit.interface or circuit.arcs if arc.ln_r >= 0]
    start = _started_from(warm.start, minima)
    stderr = standard_errors(problem, minima)[:, watched]
    surprise = np.abs(minima.theta[:, watched] - start[:, watched])
    near = np.asarray(surprise < np.maximum(JUMP, 5 * stderr))
    if can_scan(circuit):  # a vague minimum competes where that is cheap
        near &= stderr < VAGUE
    return np.asarray(usual & np.all(near, axis=1))


def _started_from(start: Floats, minima: Minima) -> Floats:
    """Return where each minimum was looked for first, shape (N, p)."""
    inherited: Bools = np.asarray(np.isnan(start).any(axis=1))
    if not inherited.any():
        return start
    before = np.where(minima.converged, np.arange(len(start)), 0)
    before = np.concatenate([np.zeros(1, dtype=int), np.maximum.accumulate(before)[:-1]])
    return np.where(inherited[:, None], minima.theta[before], start)


def chi_square(problem: Problem, minima: Minima) -> Floats:
    """Return the robust χ² per degree of freedom, priors included, shape (N,)."""
    freedom = np.maximum(2 * problem.batch.count - minima.theta.shape[1], 1)
    return 2 * minima.cost / freedom


def posterior(problem: Problem, minima: Minima) -> Floats:
    """Return the information of data and priors together, shape (N, p, p)."""
    return minima.information / minima.variance[:, None, None] + problem.priors.information


def covariances(problem: Problem, minima: Minima) -> Floats:
    """Return the covariances of θ, data scaled by χ² per degree of freedom, shape (N, p, p).

    Directions that neither data nor priors say anything about get a huge variance.
    """
    singular = np.isnan(minima.covariance[:, 0, 0])
    if not singular.any():
        return minima.covariance
    result = minima.covariance.copy()
    result[singular] = inverses(posterior(problem.take(singular), minima.take(singular)))
    return result


def standard_errors(problem: Problem, minima: Minima) -> Floats:
    """Return the standard errors of θ, shape (N, p)."""
    diagonal = np.einsum("nii->ni", covariances(problem, minima))
    return np.asarray(np.sqrt(np.where(diagonal > 0, diagonal, np.nan)))


def inverses(information: Floats) -> Floats:
    """Return the inverses of information matrices; what they know nothing of gets a huge variance.

    nan where a matrix is not finite.

    Parameters
    ----------
    information : ndarray, shape (N, p, p)
    """
    scale = 1 / np.sqrt(np.maximum(np.diagonal(information, axis1=1, axis2=2), SMALLEST))
    both = scale[:, :, None] * scale[:, None, :]
    scaled = information * both
    finite = np.all(np.isfinite(scaled), axis=(1, 2))
    try:
        result = np.linalg.inv(np.where(finite[:, None, None], scaled, np.eye(information.shape[1])))
    except np.linalg.LinAlgError:
        result = np.full_like(information, np.nan)
    bad = finite & ~np.all(np.diagonal(result, axis1=1, axis2=2) > 0, axis=1)
    if np.any(bad):
        values, vectors = np.linalg.eigh(scaled[bad])
        values = np.maximum(values, SMALLEST_EIGENVALUE)
        result[bad] = (vectors / values[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    result *= both
    result[~finite] = np.nan
    return np.asarray(result)
