"""What earlier fits of a run lead one to expect of the next sweep."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.block import Past
from analysis.circuits.model import Circuit
from analysis.minima import Warm
from analysis.sweep_drift import LARGEST, drifting_arcs
from core.records import Fit, Floats

UNTRUSTED = frozenset(
    {"below resolution", "not identifiable", "poor fit", "few points", "truncated arc", "no fit"}
)
FARTHEST = 3.0
"""Spacings of sweeps over which a trend is carried on."""

LARGEST_STEP = 0.5
"""Change of ln R or ln τ from sweep to sweep that is expected at most."""


class Earlier(NamedTuple):
    """One earlier fit, read once.

    Attributes
    ----------
    time : float
    theta, covariance : ndarray, shapes (p,) and (p, p)
    trusted : bool
        Whether its interface can be built on.
    rms : float
    resolved : bool
        Whether it had an interface.
    """

    time: float
    theta: Floats
    covariance: Floats
    trusted: bool
    rms: float
    resolved: bool


def earlier(fit: Fit, model: Circuit) -> Earlier:
    """Read a fit; one of another circuit is not trusted."""
    theta = model.theta_of(fit.parameters) if fit.model == model.model else None
    p = len(model.free)
    own = theta is not None and fit.covariance.shape == (p, p)
    return Earlier(
        fit.time,
        theta if own and theta is not None else np.full(p, np.nan),
        fit.covariance if own else np.full((p, p), np.nan),
        own and not UNTRUSTED & set(fit.flags),
        fit.rms_residual,
        "below resolution" not in fit.flags,
    )


def past_of(fits: Sequence[Earlier]) -> Past | None:
    """Return earlier fits, oldest first, as arrays; None where there are none."""
    if not fits:
        return None
    return Past(
        time=np.array([fit.time for fit in fits]),
        theta=np.array([fit.theta for fit in fits]),
        covariance=np.array([fit.covariance for fit in fits]),
        trusted=np.array([fit.trusted for fit in fits]),
        rms=sorted(fit.rms for fit in fits)[len(fits) // 2],
        resolved=fits[-1].resolved,
    )


def expected(fits: Sequence[Earlier], model: Circuit, time: float) -> Warm | None:
    """Return what the trend of the last two trusted fits leads one to expect, with its slopes."""
    trusted = [fit for fit in fits if fit.trusted][-2:]
    if not trusted:
        return None
    start = trusted[-1].theta.copy()
    slope = np.zeros(len(start))
    between, ahead = trusted[-1].time - trusted[0].time, time - trusted[-1].time
    if len(trusted) == 2 and 0 < ahead < FARTHEST * between:
        for arc in drifting_arcs(model):
            for place in (arc.ln_r, arc.ln_tau):
                change = float(trusted[1].theta[place] - trusted[0].theta[place]) if place >= 0 else 0.0
                if change:
                    start[place] += min(max(change * ahead / between, -LARGEST_STEP), LARGEST_STEP)
                    slope[place] = min(max(change, -LARGEST), LARGEST) / between
    rms = sorted(fit.rms for fit in fits)[len(fits) // 2]
    return Warm(start[None], slope[None], rms)
