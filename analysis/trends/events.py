"""Jumps and outliers of a run, so that real events stay sharp and single bad fits do no harm.

At a jump (a step of one parameter between two sweeps) or a kink (its slope changes at one sweep) the
trend is restarted; an outlier (a sweep that its neighbours on both sides contradict) is left out. Large
ones show in the single fits. Small ones show in the joint problem: what a step, a kink or an omission
would gain there follows from the minimum and its covariances without solving again (de Jong and Penzer
1998).
"""

import numpy as np

from analysis.trends.banded import Joint, differences
from analysis.trends.gates import GATE, gate
from analysis.trends.neighbours import largest_nearby, median_nearby
from analysis.trends.stiffness import MEDIAN_SQUARE
from core.records import Bools, Floats

GROSS = 10.0
"""Standard deviations of a second difference of single fits that is believed at once."""

AGREE = 5.0
"""A sweep is a gross outlier only if those around it agree to so many standard deviations."""

APART = 7
"""Of several findings within this many sweeps only the strongest is believed at a time."""

ECHO, MEMORY = 0.25, 121
"""What a stiff trend cannot follow it answers with lesser misfits as far as its memory reaches, so
findings below this share of the strongest within so many sweeps have to wait for the next search."""

SUSPECT = 0.6
"""An omission is worked out where the misfit of a sweep reaches this share of the gate."""

SMALLEST_SHARE = 1e-5
"""A second difference that the data determine less cannot be judged: rounding would decide."""


def gross_events(theta: Floats, variance: Floats, time: Floats) -> tuple[Bools, Bools]:
    """Return what single fits show: where the trend is restarted, shape (N, p), and outliers, shape (N,).

    Parameters
    ----------
    theta, variance : ndarray, shape (N, p)
        Single fits.
    time : ndarray, shape (N,)
        Ascending.
    """
    bends, outlier = np.zeros(theta.shape, dtype=bool), np.zeros(len(theta), dtype=bool)
    if len(theta) < 5:
        return bends, outlier
    square, spread = _second_differences(theta, variance, time)
    usual = median_nearby(square) / MEDIAN_SQUARE - median_nearby(spread)
    usual = np.maximum(usual, 0.0)
    bends[1:-1] = square > GROSS**2 * (spread + usual)
    for sweep in np.flatnonzero(bends.any(axis=1)):
        near = [k for k in range(sweep - 2, sweep + 3) if k != sweep and 0 <= k < len(theta)]
        if len(near) < 4:
            continue
        rest, error = _second_differences(theta[near], variance[near], time[near])
        outlier[sweep] = not np.any(rest > AGREE**2 * (error + usual[sweep - 1]))
    return bends, outlier


def _second_differences(theta: Floats, variance: Floats, time: Floats) -> tuple[Floats, Floats]:
    """Return squares of second differences of single fits and what noise explains of them."""
    factors = differences(np.diff(time))[1:-1, :, None]
    ends = (slice(0, -2), slice(1, -1), slice(2, None))
    bend = np.add.reduce([factors[:, k] * theta[end] for k, end in enumerate(ends)])
    spread = np.add.reduce([factors[:, k] ** 2 * variance[end] for k, end in enumerate(ends)])
    return np.asarray(bend**2), np.asarray(spread)


def fine_events(
    joint: Joint, information: Floats, right: Floats, single: Floats, weight: Floats, free: Bools
) -> tuple[Bools, Bools]:
    """Return what the joint problem shows besides, in the form of `gross_events`.

    Parameters
    ----------
    joint : Joint
    information : ndarray, shape (N, p, p)
    right : ndarray, shape (N, p)
    single : ndarray, shape (N, p, p)
        Covariances of the single fits.
    weight : ndarray, shape (N, p)
        Of the second differences.
    free : ndarray of bool, shape (N, p)
        Where the trend is restarted already.
    """
    bends, outlier = np.zeros(free.shape, dtype=bool), np.zeros(len(free), dtype=bool)
    if len(free) < 5:
        return bends, outlier
    kink, step = _scores(joint, weight, free)
    omission = _omissions(joint, information, right, single)
    strength = np.max([kink.max(axis=1), step.max(axis=1), omission], axis=0)
    peak = (strength > GATE**2) & (strength == largest_nearby(strength, APART))
    peak &= strength >= ECHO * largest_nearby(strength, MEMORY)
    for sweep in np.flatnonzero(peak):
        if omission[sweep] == strength[sweep]:
            outlier[sweep] = True
        elif step[sweep].max() == strength[sweep]:
            bends[sweep : sweep + 2] |= step[sweep] > GATE**2
        else:
            bends[sweep] |= kink[sweep] > GATE**2
    return bends, outlier


def _scores(joint: Joint, weight: Floats, free: Bools) -> tuple[Floats, Floats]:
    """Return the squared significance of a kink at i, and of a step between i and i + 1, both (N, p)."""
    pull = weight * joint.bend
    share = np.maximum(1 - weight * joint.bend_variance, SMALLEST_SHARE)
    known = weight * share
    closed = ~free
    closed[0] = closed[-1] = False
    kink = np.where(closed, pull**2 / known, 0.0)
    step = np.zeros_like(kink)
    mixed = 2 * weight[:-1] * weight[1:] * joint.bend_covariance[:-1]
    both = known[:-1] + known[1:]
    determined = np.maximum(both + mixed, SMALLEST_SHARE * both)
    step[:-1] = np.where(closed[:-1] & closed[1:], (pull[:-1] - pull[1:]) ** 2 / determined, 0.0)
    return kink, step


def _omissions(joint: Joint, information: Floats, right: Floats, single: Floats) -> Floats:
    """Return what leaving out each sweep would gain, shape (N,), on the scale of one squared deviation."""
    size = right.shape[1]
    excess = gate(size) - GATE**2
    pull = right - np.einsum("iab,ib->ia", information, joint.theta)
    rough = np.einsum("ia,ia->i", pull, np.einsum("iab,ib->ia", single, pull))
    rows = np.flatnonzero(rough > SUSPECT * GATE**2)
    known = information[rows]
    matrix = known - known @ joint.covariance[rows] @ known
    inverse = np.linalg.pinv(matrix, rcond=1e-9, hermitian=True)
    gain = np.zeros(len(right))
    gain[rows] = np.einsum("ia,iab,ib->i", pull[rows], inverse, pull[rows]) - excess
    return gain
