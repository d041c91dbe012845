"""How fast the interface changes while a sweep is taken: from the sweeps around it, and from itself."""

from typing import NamedTuple

import numpy as np

from analysis.circuits.model import Arc, Circuit
from analysis.engine.minimise import Minima
from core.records import Bools, Floats

SMALLEST = 0.002
"""Change of ln R a sweep below which a steady model is biased by less than a tenth of a per mille."""

NOTEWORTHY = 0.01
"""Change of ln R a sweep from which on a fit is flagged."""

LARGEST = 0.7
"""Change of ln R or ln τ a sweep that is corrected at most."""

SIGNIFICANT = 2.0
"""Standard errors from which on a slope is used; its uncertainty then adds to that of the fit."""

LONGEST_GAP = 2.5
"""Sweeps further apart than this many sweep durations are no neighbours."""

TAU_FOLLOWS = 0.5
"""d ln τ per d ln R where a sweep has to tell its drift alone: a contact that shrinks loses C as R grows."""


class Trend(NamedTuple):
    """Slopes of θ at N sweeps, as their neighbours show them.

    Attributes
    ----------
    slope, stderr : ndarray, shape (N, p)
        dθ/dt in 1/s; nan where there are no neighbours.
    weight : ndarray, shape (N,)
        What a change of the sweep's own θ does to its slope, 1/s.
    """

    slope: Floats
    stderr: Floats
    weight: Floats

    def take(self, rows: np.ndarray) -> "Trend":
        """Return the slopes at some of the sweeps."""
        return Trend(self.slope[rows], self.stderr[rows], self.weight[rows])

    @staticmethod
    def unknown(n: int, p: int) -> "Trend":
        """Return that nothing is known of N sweeps."""
        nothing = np.full((n, p), np.nan)
        return Trend(nothing, nothing, np.full(n, np.nan))

    def significant(self, circuit: Circuit, duration: Floats) -> Floats:
        """Return the slopes that a model should use, shape (N, p): zero where drift is small or unsure.

        An arc's R decides; its τ then follows its own slope.
        """
        used = np.zeros_like(self.slope)
        if np.isnan(self.slope).all():
            return used
        with np.errstate(invalid="ignore"):
            most = (LARGEST / duration)[:, None]
            clipped = np.clip(np.nan_to_num(self.slope), -most, most)
            for arc in drifting_arcs(circuit):
                slope, error = self.slope[:, arc.ln_r], self.stderr[:, arc.ln_r]
                large = (np.abs(slope * duration) > SMALLEST) & (np.abs(slope) > SIGNIFICANT * error)
                for parameter in (arc.ln_r, arc.ln_tau):
                    if parameter >= 0:
                        used[:, parameter] = np.where(large, clipped[:, parameter], 0.0)
        return used


def drifting_arcs(circuit: Circuit) -> list[Arc]:
    """Return the arcs whose drift is followed: the interface, or all arcs where none is called that."""
    return [arc for arc in (circuit.interface or circuit.arcs) if arc.ln_r >= 0]


def trend_around(time: Floats, duration: Floats, theta: Floats, covariance: Floats, trusted: Bools) -> Trend:
    """Return the slopes at every sweep from the parabola through it and its two nearest neighbours.

    Parameters
    ----------
    time, duration : ndarray, shape (N,)
        Middle and length of each sweep in s.
    theta, covariance : ndarray, shapes (N, p) and (N, p, p)
    trusted : ndarray of bool, shape (N,)
        Sweeps whose θ may be built on.
    """
    n = len(time)
    slope, stderr, weight = np.full(theta.shape, np.nan), np.full(theta.shape, np.nan), np.full(n, np.nan)
    here = np.arange(n)
    for first, place in ((here - 1, 1), (here - 2, 2), (here, 0)):
        rows = np.flatnonzero((first >= 0) & (first + 2 < n) & np.isnan(slope[:, 0]))
        triple = first[rows, None] + np.arange(3)
        steps = np.diff(time[triple], axis=1)
        near = np.all((steps > 0) & (steps <= LONGEST_GAP * duration[rows, None]), axis=1)
        near &= np.all(trusted[triple], axis=1)
        rows, triple = rows[near], triple[near]
        variance = np.diagonal(covariance, axis1=1, axis2=2)[triple]
        slope[rows], stderr[rows], weight[rows] = parabola(time[triple], theta[triple], variance, place)
    return Trend(slope, stderr, weight)


def trend_of_last(time: Floats, duration: float, theta: Floats, covariance: Floats, trusted: bool) -> Trend:
    """Return the slopes at the last of some sweeps, from the two before it, as arrays of one row.

    Parameters
    ----------
    time : ndarray, shape (k,)
        Middle of each sweep in s; all but the last are trusted.
    duration : float
        Of the last, s.
    theta, covariance : ndarray, shapes (k, p) and (k, p, p)
    trusted : bool
        Whether the last may be built on.
    """
    steps = np.diff(time[-3:])
    if not trusted or len(time) < 3 or not (steps.min() > 0 and steps.max() <= LONGEST_GAP * duration):
        return Trend.unknown(1, theta.shape[1])
    variance = np.einsum("nii->ni", covariance[-3:])
    return Trend(*parabola(time[None, -3:], theta[None, -3:], variance[None], 2))


def parabola(time: Floats, theta: Floats, variance: Floats, place: int) -> tuple[Floats, Floats, Floats]:
    """Return derivative, its standard error and the point's own weight, of a parabola through three points.

    Parameters
    ----------
    time : ndarray, shape (N, 3)
    theta, variance : ndarray, shape (N, 3, p)
    place : int
        0, 1 or 2.

    Returns
    -------
    slope, stderr : ndarray, shape (N, p)
    weight : ndarray, shape (N,)
        By how much the derivative grows with θ of the point where it is taken.
    """
    weights = np.empty_like(time)
    at = time[:, place]
    for own in range(3):
        one, other = (k for k in range(3) if k != own)
        below = (time[:, own] - time[:, one]) * (time[:, own] - time[:, other])
        weights[:, own] = ((at - time[:, one]) + (at - time[:, other])) / below
    slope = np.sum(weights[:, :, None] * theta, axis=1)
    return slope, np.sqrt(np.sum(weights[:, :, None] ** 2 * variance, axis=1)), weights[:, place]


def own_drift(arc: Arc, minima: Minima, covariance: Floats, slope: Floats) -> tuple[Floats, Floats]:
    """Return d ln R/dt of an arc as each sweep shows it by itself, and its standard error, shape (N,).

    One Gauss–Newton step with one more parameter: the drift, of which τ follows a fixed share. What
    a sweep would look like that drifted further than the model knows is in its residuals.

    Parameters
    ----------
    arc : Arc
    minima : Minima
        With `along`.
    covariance : ndarray, shape (N, p, p)
    slope : ndarray, shape (N, p)
        What the model knew.
    """
    p = minima.theta.shape[1]
    direction = np.zeros(p)
    direction[arc.ln_r] = 1.0
    if arc.ln_tau >= 0:
        direction[arc.ln_tau] = TAU_FOLLOWS
    scale = minima.variance
    once = minima.along[:, :, :p] @ direction / scale[:, None]
    twice = (minima.along[:, :, p : 2 * p] @ direction) @ direction / scale
    right = minima.along[:, :, 2 * p] @ direction / scale
    left = twice - np.sum((covariance @ once[:, :, None])[:, :, 0] * once, axis=1)
    left = np.where(left > 1e-9 * twice, left, np.nan)
    return slope[:, arc.ln_r] + right / left, np.sqrt(1 / left)


def covariance_with_drift(minima: Minima, covariance: Floats, slope: Floats, trend: Trend) -> Floats:
    """Return the covariance of θ with what the uncertainty of the slopes does to it, shape (N, p, p).

    A slope acts on every point like a change of θ times its delay, and the parameters answer through
    the normal equations. Part of the slope's error comes from the neighbours; the rest is the error
    of the sweep itself, with which it is fully correlated.

    Parameters
    ----------
    minima : Minima
        With `along`.
    covariance : ndarray, shape (N, p, p)
    slope : ndarray, shape (N, p)
        The slopes that were used.
    trend : Trend
        What they were taken from.
    """
    p = covariance.shape[1]
    answer = -(covariance @ minima.along[:, :, :p]) / minima.variance[:, None, None]
    answer = np.where((slope != 0)[:, None, :], answer, 0.0)
    own = np.nan_to_num(trend.weight)
    variance = np.einsum("nii->ni", covariance)
    others = np.maximum(np.nan_to_num(trend.stderr) ** 2 - own[:, None] ** 2 * variance, 0.0)
    mixed = np.eye(p) + own[:, None, None] * answer
    turned = mixed @ covariance @ np.swapaxes(mixed, 1, 2)
    return np.asarray(turned + (answer * others[:, None, :]) @ np.swapaxes(answer, 1, 2))
