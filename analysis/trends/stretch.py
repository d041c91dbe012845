"""A stretch of a run as the joint problem needs it, and how sweeps are left out of it."""

from typing import NamedTuple

import numpy as np

from analysis.engine.settings import SMALLEST_INFORMATION
from analysis.trends.events import gross_events
from analysis.trends.neighbours import median_nearby
from analysis.trends.parabola import with_own_error
from core.records import Bools, Floats

SHORTEST = 1e-3
"""Sweeps closer together than this share of the usual spacing are kept apart by it."""


class Stretch(NamedTuple):
    """Part of a run in order of time, spacings in units of the usual one; nothing known where not usable."""

    spacing: Floats
    information: Floats
    right: Floats
    single: Floats
    theta: Floats
    usable: Bools


def stretch_of(
    time: Floats,
    information: Floats,
    right: Floats,
    prior_information: Floats,
    prior_right: Floats,
    known: Bools,
    share: float,
) -> Stretch:
    """Return a part of a run with the priors shared out among all sweeps, so that they count once."""
    data = np.where(known[:, None, None], information, 0.0)
    pull = np.where(known[:, None], right, 0.0)
    single = np.linalg.inv(data + prior_information + SMALLEST_INFORMATION * np.eye(right.shape[1]))
    theta = np.einsum("iab,ib->ia", single, pull + prior_right)
    data, pull = with_own_error(data, pull, np.einsum("iaa->ia", single))
    portion = np.where(known, share, 0.0)
    return Stretch(
        spacing=np.maximum(np.diff(time), SHORTEST),
        information=data + portion[:, None, None] * prior_information,
        right=pull + portion[:, None] * prior_right,
        single=np.asarray(single),
        theta=theta,
        usable=known,
    )


def times_of(run: Stretch) -> Floats:
    """Return when each sweep was, shape (N,), from the first one on."""
    return np.concatenate([[0.0], np.cumsum(run.spacing)])


def without_outliers(run: Stretch) -> tuple[Stretch, Bools]:
    """Return the run without gross outliers, and where its trends are restarted."""
    rows = np.flatnonzero(run.usable)
    variance = np.einsum("iaa->ia", run.single)
    bends, outlier = gross_events(run.theta[rows], variance[rows], times_of(run)[rows])
    free = np.zeros(run.right.shape, dtype=bool)
    left_out = np.zeros(len(free), dtype=bool)
    left_out[rows[outlier]] = True
    run = leave_out(run, left_out)
    rows = np.flatnonzero(run.usable)
    bends, _ = gross_events(run.theta[rows], variance[rows], times_of(run)[rows])
    free[rows] = bends
    return run, free


def leave_out(run: Stretch, left_out: Bools) -> Stretch:
    """Return the run as if nothing were known of some sweeps."""
    kept = ~left_out
    return run._replace(
        information=run.information * kept[:, None, None],
        right=run.right * kept[:, None],
        usable=run.usable & kept,
    )


def usual_stderr(run: Stretch) -> Floats:
    """Return the usual standard errors of the single fits nearby, shape (N, p)."""
    rows = np.flatnonzero(run.usable)
    stderr = np.sqrt(np.einsum("iaa->ia", run.single[rows]))
    return median_nearby(stderr)[np.clip(np.searchsorted(rows, np.arange(len(run.usable))), 0, len(rows) - 1)]
