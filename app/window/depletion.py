"""How far a run is from depletion, from its fits, its parameters and its decisions."""

import math
from dataclasses import dataclass

from analysis.depletion import Projection, projected_depletion
from app.window.format import clock
from app.window.snapshot import Snapshot
from core.records import RunState


@dataclass(frozen=True)
class Progress:
    """The line under the values: how far the stripping is.

    Attributes
    ----------
    share : float or None
        Of the way to depletion, in time; None if that cannot be said.
    text : str
    """

    share: float | None
    text: str


def progress(snapshot: Snapshot) -> Progress:
    """Say how long the current has flowed, and when depletion is projected or was reached."""
    began = snapshot.current_on
    if began is None:
        return Progress(None, "the current has not been switched on")
    reached = _reached(snapshot)
    elapsed = _now(snapshot) - began
    parts = [f"current on {clock(elapsed)} h ago" if snapshot.summary.live else f"{clock(elapsed)} h in all"]
    share = None
    if reached is not None:
        share, text = 1.0, f"t₀ {clock(reached[0] - began)} h after current on — {reached[1]}"
        parts.append(text)
    elif snapshot.summary.state is RunState.PAUSED:
        parts.append("no projection while paused")
    elif snapshot.summary.live:
        projection = project(snapshot)
        parts.append(_projected(projection, began))
        share = None if projection is None else elapsed / (projection.time - began)
    else:
        parts.append("not depleted by then")
    cut_off = cut_off_of(snapshot)
    if cut_off is not None:
        parts.append(f"cut-off {cut_off:g} V")
    return Progress(share, "   ·   ".join(parts))


def project(snapshot: Snapshot) -> Projection | None:
    """Return when depletion is to be expected, None if it cannot be said."""
    criterion, began = snapshot.criterion, snapshot.current_on
    if criterion is None or began is None:
        return None
    time, resistance = snapshot.column("time"), snapshot.column("R_int")
    use = (time > began) & (snapshot.column("reserved") == 0)
    return projected_depletion(time[use], resistance[use] * criterion.factor, criterion.threshold)


def _projected(projection: Projection | None, began: float) -> str:
    if projection is None:
        return "depletion not foreseeable yet"
    times = (projection.time, projection.earliest, projection.latest)
    middle, earliest, latest = (clock(each - began) for each in times)
    return f"depletion projected at {middle} h ({earliest} – {latest} h)"


def _reached(snapshot: Snapshot) -> tuple[float, str] | None:
    """Return bench time and wording of the depletion that was decided, None if there is none."""
    found = [each.decision for each in snapshot.decisions if each.decision.rule == "depletion"]
    if not found or found[-1].outcome == "crossing refuted":
        return None
    time = found[-1].parameters.get("t_cross_s")
    if time is None or not math.isfinite(time):
        return None
    why = found[-1].parameters.get("why")
    return float(time), f"{found[-1].outcome} ({why})" if why else found[-1].outcome


def cut_off_of(snapshot: Snapshot) -> float | None:
    """Return the cut-off in V of the newest step that has one."""
    found = [step.parameters["cut_off_V"] for step in snapshot.steps if "cut_off_V" in step.parameters]
    return float(found[-1]) if found else None


def _now(snapshot: Snapshot) -> float:
    """Bench seconds up to which the run is known, its current at most."""
    if snapshot.summary.live:
        return bench_now(snapshot)
    off = [each.event.time for each in snapshot.events if each.event.kind == "current off"]
    return off[-1] if off else bench_now(snapshot)


def bench_now(snapshot: Snapshot) -> float:
    """Return the latest bench second that anything is known of."""
    latest = [float(trace[-1, 0]) for trace in snapshot.traces.values() if len(trace)]
    if snapshot.last is not None:
        latest.append(float(snapshot.last.spectrum.time[-1]))
    return max([snapshot.summary.bench_time, *latest])
