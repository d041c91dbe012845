"""The line under the values: how far the run is, and what it is on its way to."""

import math
from dataclasses import dataclass

from analysis.depletion import Projection
from app.window.reading.snapshot import Snapshot
from app.window.shown.cut_off import TIP as CUT_OFF_TIP
from app.window.shown.cut_off import cut_off
from app.window.shown.depletion import (
    bench_now,
    current_is_off,
    current_until,
    cut_off_of,
    project,
    reached,
)
from app.window.shown.format import clock
from core.records import RunState

ROOM = 1.05
"""Times the last thing to be seen on the bar that its end stands for."""

TIP = (
    "The bar is time under current. Blue: passed. Dark mark: projected depletion, R_int through its "
    "threshold; the hatched band holds it with 95 %. The end of the bar is its limit or that of the band."
)


@dataclass(frozen=True)
class Progress:
    """How far the stripping is.

    Attributes
    ----------
    share : float or None
        How far the bar is filled, 0 to 1; None if that cannot be said.
    text : str
    mark : float or None
        Where on the bar depletion is projected, or was reached.
    band : tuple of float or None
        Between which places on the bar it is expected.
    tip : str
    """

    share: float | None
    text: str
    mark: float | None = None
    band: tuple[float, float] | None = None
    tip: str = TIP


def progress(snapshot: Snapshot) -> Progress:
    """Say how long the current has flowed, when depletion is projected or was reached, and the cut-off."""
    began = snapshot.current_on
    if began is None:
        return Progress(None, "the current has not been switched on")
    live = snapshot.summary.live
    elapsed, limit = current_until(snapshot) - began, _limit(snapshot)
    parts = [_elapsed(elapsed, limit, live)]
    found = reached(snapshot)
    projection = project(snapshot) if live and found is None else None
    times: tuple[float, ...] = ()
    if found is not None:
        times = (found[0] - began,)
        parts.append(f"t₀ {clock(times[0])} h after current on: {found[1]}")
    elif snapshot.summary.state is RunState.PAUSED:
        projection = None
        parts.append("no projection while paused")
    elif live and current_is_off(snapshot):
        projection = None
        parts.append("no projection while the current is off")
    elif live:
        parts.append(_projected(projection, began))
    else:
        parts.append("not depleted by then")
    if projection is not None:
        times = tuple(each - began for each in (projection.time, projection.earliest, projection.latest))
    parts += _cut_off(snapshot)
    end = _end(elapsed, times, limit if live else None)
    return _drawn(elapsed, end, times, live, "  ·  ".join(parts))


def _drawn(elapsed: float, end: float | None, times: tuple[float, ...], live: bool, text: str) -> Progress:
    if end is None or end <= 0:
        return Progress(None if live else 1.0, text)
    mark = min(times[0] / end, 1.0) if times else None
    band = (min(times[1] / end, 1.0), min(times[2] / end, 1.0)) if len(times) == 3 else None
    return Progress(min(elapsed / end, 1.0), text, mark, band, f"{TIP}\n{CUT_OFF_TIP}")


def _end(elapsed: float, times: tuple[float, ...], limit: float | None) -> float | None:
    """Return how many seconds under current the end of the bar stands for, None if nobody knows."""
    seen = [each for each in times if math.isfinite(each)]
    if seen:
        end = ROOM * max(*seen, elapsed)
        return end if limit is None else max(min(end, limit), elapsed)
    return limit if limit is None else max(limit, elapsed)


def _limit(snapshot: Snapshot) -> float | None:
    """Return the longest time under current in s that the newest step with a current allows."""
    steps = [step for step in snapshot.steps if step.verb == "geis"]
    value = steps[-1].parameters.get("time_limit_s") if steps else None
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _elapsed(elapsed: float, limit: float | None, live: bool) -> str:
    if not live:
        return f"{clock(elapsed)} h under current"
    return f"{clock(elapsed)} h" if limit is None else f"{clock(elapsed)} of at most {clock(limit)} h"


def _projected(projection: Projection | None, began: float) -> str:
    if projection is None:
        return "depletion not foreseeable yet"
    times = (projection.time, projection.earliest, projection.latest)
    middle, earliest, latest = (clock(each - began) for each in times)
    return f"depletion at {middle} h ({earliest} – {latest})"


def _cut_off(snapshot: Snapshot) -> list[str]:
    voltage = cut_off_of(snapshot)
    if voltage is None:
        return []
    if not snapshot.summary.live:
        return [f"cut-off {voltage:g} V"]
    found = cut_off(snapshot)
    if found is None or found.time is None:
        return [f"cut-off {voltage:g} V not foreseeable"]
    return [f"cut-off {voltage:g} V in ≈ {clock(found.time - bench_now(snapshot))} h"]
