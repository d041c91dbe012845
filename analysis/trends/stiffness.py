"""How much the slope of each parameter changes from sweep to sweep, estimated from the run itself.

The slope is taken to be a random walk; its variance per sweep, the softness q, is what the marginal
likelihood makes of the run (the fixed point of MacKay 1992: the sum of squares of the second differences
equals q times how many of them the data determine). An electrolyte that hardly moves comes out stiff, an
interface that is being emptied soft; near depletion it is softer than in the hours before.
"""

import numpy as np

from analysis.trends.banded import Joint, differences
from analysis.trends.neighbours import sum_nearby
from core.records import Bools, Floats

MEDIAN_SQUARE = 0.4549
"""Median of the square of a standard normal number."""

LAGS = (1, 4, 16, 64)
STIFFEST = 1e6
"""The weight of a second difference may be this many times what a typical sweep says about the parameter;
its fourth root, thirty sweeps, is then the memory of the trend."""

NEAR = 61
"""Number of neighbouring sweeps that the local softness is taken from."""

PULL = 3.0
"""The softness of the whole run counts like this many well determined second differences."""

CLIP = 9.0
"""A second difference counts with at most three standard deviations: jumps are no softness."""

OPEN = 1e-2
"""Weight of a second difference that is left free, as at a jump: ten units of a logarithm."""


def stiffest(information: Floats) -> Floats:
    """Return the largest weight of each parameter, shape (p,), for information of shape (N, p, p)."""
    diagonal = np.einsum("iaa->ia", information)
    known = np.where(diagonal > 0, diagonal, np.nan)
    usual = np.full(diagonal.shape[1], 1.0)
    some = np.any(diagonal > 0, axis=0)
    usual[some] = np.nanmedian(known[:, some], axis=0)
    return usual * STIFFEST


def knot_spacing(spacing: Floats) -> Floats:
    """Return over how much time the slope changes at each sweep, shape (N,)."""
    if not len(spacing):
        return np.ones(1)
    padded = np.concatenate([spacing[:1], spacing, spacing[-1:]])
    return np.asarray((padded[:-1] + padded[1:]) / 2)


def first_softness(theta: Floats, time: Floats) -> Floats:
    """Return an upper estimate of q from second differences over several lags, shape (p,).

    Noise dominates short lags, so the smallest of the medians is nearest.
    """
    best = np.full(theta.shape[1], np.inf)
    for lag in LAGS:
        if len(theta) < 2 * lag + 3:
            break
        first, second = time[lag:-lag] - time[: -2 * lag], time[2 * lag :] - time[lag:-lag]
        bend = (theta[2 * lag :] - theta[lag:-lag]) / second[:, None]
        bend -= (theta[lag:-lag] - theta[: -2 * lag]) / first[:, None]
        per_sweep = bend**2 / ((first + second) / 3)[:, None]
        best = np.minimum(best, np.median(per_sweep, axis=0) / MEDIAN_SQUARE)
    return np.where(np.isfinite(best), best, 1.0)


def weights(softness: Floats, spacing: Floats, free: Bools, largest: Floats) -> Floats:
    """Return the weights of the second differences, shape (N, p), from q of shape (p,) or (N, p)."""
    over = knot_spacing(spacing)[:, None]
    return np.where(free, OPEN, np.minimum(1 / np.maximum(softness * over, 1e-300), largest / over))


def softness_nearby(joint: Joint, softness: Floats, spacing: Floats, free: Bools, run: Floats) -> Floats:
    """Return q around each sweep, drawn towards the `run`'s, shape (N, p)."""
    square, known = (sum_nearby(share, NEAR) for share in determined(joint, softness, spacing, free))
    return np.asarray((square + PULL * run) / (known + PULL))


def determined(joint: Joint, softness: Floats, spacing: Floats, free: Bools) -> tuple[Floats, Floats]:
    """Return squares of the second differences per unit of time, and how far the data determine each.

    Both of shape (N, p), zero where the trend is restarted. The better q is the ratio of their sums.
    """
    over = knot_spacing(spacing)[:, None]
    counts = ~free & (differences(spacing)[:, 1:2] != 0)
    expected = np.broadcast_to(softness * over, joint.bend.shape)
    known = np.clip(1 - joint.bend_variance / expected, 0.0, 1.0)
    square = np.minimum(joint.bend**2, CLIP * known * expected) / over
    return np.where(counts, square, 0.0), np.where(counts, known, 0.0)
