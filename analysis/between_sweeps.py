"""How ln Z changes from one sweep to the next, and where that is drift, noise or a jump."""

from typing import NamedTuple

import numpy as np

from core.records import Bools, Complexes, Floats

SIGNIFICANT = 4.0
"""Standard errors of the mean change of a decade of frequency beyond which it is drift."""

JUMP, BEYOND = 5.0, 3.0
"""A jump is so many standard errors more than so many times what the pairs around it changed by."""

SMOOTHED = 5
"""Points over which the rate of change is averaged where it is carried on beyond the sweeps."""

EXPONENTIAL_MEDIAN = 2 * float(np.log(2.0))
"""Median of |ε|² for a complex normal number whose parts have unit variance."""

ROUGH_VARIANCE = 1.5
"""Variance of xⱼ − (xⱼ₋₁ + xⱼ₊₁)/2 for unit noise."""

SMALLEST = 1e-12


class Change(NamedTuple):
    """What happens between two sweeps, for N pairs and n frequencies.

    Attributes
    ----------
    step : ndarray of complex, shape (N, n)
        Difference of ln Z, later minus earlier; nan where there is no such pair.
    span : ndarray, shape (N, n)
        Seconds between the two measurements of that frequency.
    """

    step: Complexes
    span: Floats

    @property
    def rate(self) -> Complexes:
        """Return d ln Z/dt, shape (N, n), 1/s."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.step / self.span)

    @property
    def smooth_rate(self) -> Complexes:
        """Return d ln Z/dt averaged over neighbouring frequencies, shape (N, n)."""
        rate = self.rate
        known = np.isfinite(rate)
        total = _moving_sum(np.where(known, rate, 0.0))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(known, total / _moving_sum(known.astype(float)), np.nan)


class Verdict(NamedTuple):
    """What the change of each pair is at each point: arrays of bool, shape (N, n)."""

    significant: Bools
    jump: Bools


def change_between(earlier: Complexes, later: Complexes, before: Floats, after: Floats) -> Change:
    """Return the change from `earlier`, measured at times `before`, to `later`, at `after`; shape (N, n).

    The ratio of two impedances needs no unwrapping of phases.
    """
    with np.errstate(all="ignore"):
        step = np.log(later / earlier)
        span = after - before
    wrong = ~np.isfinite(step) | ~(span > 0)
    return Change(np.where(wrong, np.nan, step), np.where(wrong, np.nan, span))


def judge(frequency: Floats, change: Change) -> Verdict:
    """Tell drift from noise and from jumps, decade by decade.

    The noise is what is rough over frequency; drift is smooth. A change is a jump where the pairs
    before and after it changed far less; the only pair there is cannot be compared.

    Parameters
    ----------
    frequency : ndarray, shape (N, n)
        Hz, monotonic along each row where finite.
    change : Change
        Of consecutive pairs.
    """
    decade = np.floor(np.log10(np.where(frequency > 0, frequency, np.nan)))
    rate = change.rate
    variance = _roughness(rate)
    significant, jump = np.zeros(rate.shape, dtype=bool), np.zeros(rate.shape, dtype=bool)
    for one in np.unique(decade[np.isfinite(decade)]):
        inside = (decade == one) & np.isfinite(rate)
        count = inside.sum(axis=1)
        mean = np.abs(np.where(inside, rate, 0.0).sum(axis=1)) / np.maximum(count, 1)
        error = np.sqrt(_median(variance, np.abs(decade - one) <= 1) / EXPONENTIAL_MEDIAN)
        error = np.maximum(error, SMALLEST) / np.sqrt(np.maximum(count, 1))
        known = np.isfinite(error) & (count > 0)
        moved = known & (mean > SIGNIFICANT * error)
        around = _largest_around(mean, known)
        jumped = moved & (mean > BEYOND * around + JUMP * error)
        significant |= inside & moved[:, None]
        jump |= inside & jumped[:, None]
    return Verdict(significant, jump)


def _roughness(rate: Complexes) -> Floats:
    """Return the squared deviation of each point from its neighbours in frequency, for unit noise."""
    rough = np.full(rate.shape, np.nan)
    middle = rate[:, 1:-1] - (rate[:, :-2] + rate[:, 2:]) / 2
    rough[:, 1:-1] = np.abs(middle) ** 2 / ROUGH_VARIANCE
    return rough


def _median(values: Floats, chosen: Bools) -> Floats:
    """Return the median of the chosen values of each row, nan where there is none."""
    kept = np.where(chosen, values, np.nan)
    columns = np.flatnonzero(np.isfinite(kept).any(axis=0))
    if not len(columns):
        return np.full(len(values), np.nan)
    ordered = np.sort(kept[:, columns], axis=1)  # nan last
    count = np.isfinite(ordered).sum(axis=1)
    middle = np.maximum(count - 1, 0) // 2
    rows = np.arange(len(values))
    other = np.minimum(np.maximum(count, 1) // 2, ordered.shape[1] - 1)
    return np.asarray((ordered[rows, middle] + ordered[rows, other]) / 2)


def _largest_around(mean: Floats, known: Bools) -> Floats:
    """Return the larger of the changes of the pairs before and after; infinite where there is neither."""
    around = np.full(len(mean), -np.inf)
    around[1:] = np.where(known[:-1], mean[:-1], -np.inf)
    around[:-1] = np.maximum(around[:-1], np.where(known[1:], mean[1:], -np.inf))
    return np.where(np.isfinite(around), around, np.inf)


def _moving_sum(values: np.ndarray) -> np.ndarray:
    half = SMOOTHED // 2
    padded = np.pad(values, ((0, 0), (half + 1, half)))
    total = np.cumsum(padded, axis=1)
    return np.asarray(total[:, SMOOTHED:] - total[:, :-SMOOTHED])
