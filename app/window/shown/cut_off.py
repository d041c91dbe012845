"""When the voltage will reach its cut-off, from how it has risen of late, and when nobody can tell."""

import math
from dataclasses import dataclass

import numpy as np

from app.window.reading.snapshot import Snapshot
from app.window.shown.depletion import bench_now, cut_off_of
from core.records import Floats, RunState

SHARE = 0.25
"""Of the time under current that is looked at, the latest part of it."""

LEAST_READINGS = 24
"""Readings without which nothing is said."""

BLOCKS = 24
"""Means that the readings are gathered into, which is more than enough for a straight line."""

STRAIGHT = 0.9
"""Least share of the variance of 1/|E| that a straight line must explain."""

FARTHEST = 3.0
"""Times the time under current so far, beyond which nothing is foretold."""

TIP = (
    "Extrapolated from the last quarter of E(t): contact that is lost evenly gives E ∝ 1/(1 − t/τ), so 1/E "
    "falls on a straight line to 1/E_cut-off. Nothing is said where it does not fall steadily."
)


@dataclass(frozen=True)
class CutOff:
    """The cut-off and when it is expected.

    Attributes
    ----------
    voltage : float
        V.
    time : float or None
        Bench seconds; None where it cannot be foreseen.
    """

    voltage: float
    time: float | None


def cut_off(snapshot: Snapshot) -> CutOff | None:
    """Return the cut-off of the present step and when it is reached; None if it has none."""
    voltage, began = cut_off_of(snapshot), _began(snapshot)
    if voltage is None:
        return None
    if began is None or snapshot.summary.state is not RunState.RUNNING:
        return CutOff(voltage, None)
    return CutOff(voltage, foreseen(snapshot.traces["E"], began, bench_now(snapshot), abs(voltage)))


def _began(snapshot: Snapshot) -> float | None:
    """Return since when the current has flowed, None while it is off."""
    switched = [each.event for each in snapshot.events if each.event.kind in ("current on", "current off")]
    return switched[-1].time if switched and switched[-1].kind == "current on" else None


def foreseen(trace: Floats, began: float, now: float, voltage: float) -> float | None:
    """Return when |E| reaches a voltage, by a straight line through 1/|E|.

    Parameters
    ----------
    trace : ndarray, shape (n, 2)
        Bench seconds and E in V.
    began, now : float
        Bench seconds since which the current flows, and up to which the run is known.
    voltage : float
        V, above 0.

    Returns
    -------
    float or None
        Bench seconds; None where |E| does not rise steadily, or the cut-off is too far away to say.
    """
    start = now - SHARE * (now - began)
    rows = trace[np.searchsorted(trace[:, 0], max(start, began)) :]
    rows = rows[np.all(np.isfinite(rows), axis=1) & (rows[:, 1] != 0)]
    if len(rows) < LEAST_READINGS:
        return None
    time = np.array([block.mean() for block in np.array_split(rows[:, 0], BLOCKS)])
    inverse = np.array([1 / abs(block.mean()) for block in np.array_split(rows[:, 1], BLOCKS)])
    if not _steady(inverse):
        return None
    middle = time.mean()
    slope, level = np.polyfit(time - middle, inverse, 1)
    spread = float(np.var(inverse))
    if (
        slope >= 0
        or spread == 0
        or np.var(inverse - slope * (time - middle) - level) > (1 - STRAIGHT) * spread
    ):
        return None
    reached = float(middle + (1 / voltage - level) / slope)
    known = math.isfinite(reached) and now < reached <= now + FARTHEST * (now - began)
    return reached if known else None


def _steady(inverse: Floats) -> bool:
    """Whether 1/|E| falls from each third to the next."""
    thirds = [float(part.mean()) for part in np.array_split(inverse, 3)]
    return thirds[0] > thirds[1] > thirds[2]
