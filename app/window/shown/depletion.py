"""When a run is depleted, from its fits, its parameters and its decisions."""

import math

from analysis.depletion import Projection, projected_depletion
from app.conclusion import concluded
from app.window.reading.snapshot import Snapshot


def project(snapshot: Snapshot) -> Projection | None:
    """Return when depletion is to be expected, None if it cannot be said."""
    criterion, began = snapshot.criterion, snapshot.current_on
    if criterion is None or began is None:
        return None
    time, resistance = snapshot.column("time"), snapshot.column("R_int")
    use = (time > began) & (snapshot.column("reserved") == 0)
    return projected_depletion(time[use], resistance[use] * criterion.factor, criterion.threshold)


def reached(snapshot: Snapshot) -> tuple[float, str] | None:
    """Return bench time and wording of the depletion that was decided, None if there is none."""
    decision = concluded((each.decision for each in snapshot.decisions), snapshot.header.parameters)
    if decision is None or decision.outcome == "crossing refuted":
        return None
    time = decision.parameters.get("t_cross_s")
    if time is None or not math.isfinite(time):
        return None
    why = decision.parameters.get("why")
    return float(time), f"{decision.outcome} ({why})" if why else decision.outcome


def cut_off_of(snapshot: Snapshot) -> float | None:
    """Return the cut-off in V of the newest step that has one."""
    found = [step.parameters["cut_off_V"] for step in snapshot.steps if "cut_off_V" in step.parameters]
    return float(found[-1]) if found else None


def current_is_off(snapshot: Snapshot) -> bool:
    """Whether the current was switched off last, so that nothing is being depleted."""
    kinds = [each.event.kind for each in snapshot.events if each.event.kind in ("current on", "current off")]
    return bool(kinds) and kinds[-1] == "current off"


def current_until(snapshot: Snapshot) -> float:
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
