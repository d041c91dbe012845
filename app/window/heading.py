"""What the header, the notice under it and the footer say."""

from dataclasses import dataclass
from datetime import datetime

from app.window.depletion import bench_now
from app.window.feed import View
from app.window.format import age, uncertain
from app.window.snapshot import Snapshot
from core.records import RunState

ACTIVITIES = {
    "condition": "bringing to temperature",
    "rest": "resting at open circuit",
    "peis": "reference PEIS",
    "geis": "stripping",
}
"""What a step does, for the verbs of protocols."""

LATE_HEARTBEAT = 3.0
"""s after which a missing heartbeat is worth a warning in the footer."""


@dataclass(frozen=True)
class Heading:
    """Who and how: the first line of the window.

    Attributes
    ----------
    state : RunState or None
        None without a run.
    word : str
        The state in words, with what is being done.
    cell : str
        Name of the cell.
    details : str
        Anode, current density, run.
    simulated : bool
    """

    state: RunState | None
    word: str
    cell: str
    details: str
    simulated: bool


def heading(snapshot: Snapshot | None) -> Heading:
    """Return the first line of the window."""
    if snapshot is None:
        return Heading(None, "no run", "", "", False)
    summary, header = snapshot.summary, snapshot.header
    word = summary.state.value
    if summary.state is RunState.RUNNING:
        open_steps = [step.verb for step in snapshot.steps if step.ended is None]
        if open_steps:
            word = ACTIVITIES.get(open_steps[-1], open_steps[-1])
    elif summary.end_reason and summary.state is RunState.FINISHED:
        word = f"{word}: {summary.end_reason}"
    details: list[str] = [header.cell.anode]
    density = header.parameters.get("current_density")
    if isinstance(density, int | float):
        details.append(f"{uncertain(float(density))} µA/cm²")
    details.append(f"run {summary.run}")
    return Heading(summary.state, word, header.cell.name, " · ".join(details), summary.simulated)


@dataclass(frozen=True)
class Notice:
    """Something to know, in a strip across the window.

    Attributes
    ----------
    severity : str
        ``"warning"``, ``"alarm"`` or ``"interrupted"``.
    text : str
    """

    severity: str
    text: str


def notice(view: View) -> Notice | None:
    """Return what has to be known beside the values; None if all is well."""
    snapshot = view.snapshot
    if snapshot is None:
        return None
    if view.trouble is not None:
        since = view.trouble.since.astimezone()
        return Notice(
            "warning",
            f"Nothing new is read since {since:%H:%M:%S}: {view.trouble.problem} {view.trouble.remedy} "
            "What was read before is shown; the run does not depend on this window.",
        )
    summary = snapshot.summary
    if summary.state is RunState.INTERRUPTED:
        return Notice(
            "interrupted",
            f"Interrupted: {summary.end_reason}. All spectra that were acknowledged are kept. Look at the "
            "potentiostat: without its host it goes on until its own limits; then start a new run.",
        )
    if summary.state is RunState.FAILED:
        return Notice("alarm", f"Failed: {summary.end_reason} What was measured before is kept.")
    if summary.state is RunState.PAUSED:
        return Notice("warning", "Paused: cell at open circuit; t₀ of this run is disturbed. Resume goes on.")
    if summary.state is RunState.WAITING:
        return Notice("warning", _asked(snapshot, summary.run))
    if snapshot.faults:
        return Notice("warning", f"Left out: {snapshot.faults[-1]}")
    return None


def _asked(snapshot: Snapshot, run: int) -> str:
    """Return what the operator is asked, in words."""
    asked = [each.event.message for each in snapshot.events if each.event.kind == "request"]
    question = asked[-1] if asked else "the operator is asked"
    return f"Waiting: {question}. Answer: stripbench tell {run} acknowledge (or skip)."


@dataclass(frozen=True)
class FooterPart:
    """One piece of the footer; `good` is None where there is nothing to judge."""

    text: str
    good: bool | None = None


def footer(view: View, now: datetime) -> tuple[FooterPart, ...]:
    """Return the pieces of the footer.

    Parameters
    ----------
    view : View
    now : datetime
        UTC.
    """
    parts = [FooterPart("store ok" if view.trouble is None else "store not readable", view.trouble is None)]
    snapshot = view.snapshot
    if snapshot is None:
        return (*parts, FooterPart(_path(view.store)))
    summary = snapshot.summary
    if summary.live:
        heard = (now - summary.heartbeat_utc).total_seconds()
        parts.append(FooterPart(f"heartbeat {age(heard)} ago", heard < LATE_HEARTBEAT))
        if snapshot.last is not None:
            since = bench_now(snapshot) - float(snapshot.last.spectrum.time[-1])
            parts.append(FooterPart(f"last spectrum {age(since)} ago"))
    elif summary.state is RunState.INTERRUPTED:
        heard = (now - summary.heartbeat_utc).total_seconds()
        parts.append(FooterPart(f"last heartbeat {age(heard)} ago", False))
    elif summary.ended_utc is not None:
        parts.append(FooterPart(f"ended {summary.ended_utc.astimezone():%Y-%m-%d %H:%M}"))
    parts.append(FooterPart(f"{summary.spectra} {'spectrum' if summary.spectra == 1 else 'spectra'}"))
    if view.loading:
        parts.append(FooterPart("reading …"))
    parts.append(FooterPart(f"{summary.bench}, channel {summary.channel}"))
    parts.append(FooterPart(_path(view.store)))
    return tuple(parts)


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


@dataclass(frozen=True)
class Placeholder:
    """What is shown in place of plots that have nothing to show."""

    title: str
    text: str


def placeholder(view: View) -> Placeholder | None:
    """Return what stands in place of the plots; None where there is a run to show."""
    if view.snapshot is not None:
        return None
    if view.trouble is not None:
        return Placeholder(
            "There is nothing to show",
            f"{_sentence(view.trouble.problem)}\n{_sentence(view.trouble.remedy)}\n\n"
            "Runs do not depend on this window: one that is going on goes on. "
            "The window looks again every second and shows the run as soon as it can be read.",
        )
    return Placeholder(
        "No run yet",
        "Rehearse an example:   stripbench demo\n"
        "or start one:   stripbench run EXPERIMENT.toml\n\n"
        "It appears here by itself.",
    )


def _sentence(text: str) -> str:
    """Let a clause of an error message stand alone."""
    return text[:1].upper() + text[1:].rstrip(";.") + "." if text else ""
