"""What the first lines of the header and the notice under it say."""

from dataclasses import dataclass

from app.window.reading.feed import View
from app.window.reading.snapshot import Snapshot
from app.window.shown.format import uncertain
from app.window.shown.steps import activity, short_path
from core.records import RunState

MOST_REASON = 48
"""Characters of why a run ended that stand beside its state."""


@dataclass(frozen=True)
class Heading:
    """Who and how: the first lines of the window.

    Attributes
    ----------
    state : RunState or None
        None without a run.
    word : str
        The state in words, or what is being done.
    remark : str
        Why it ended, and which step of which campaign it is; may be empty.
    cell : str
        Name of the cell.
    details : str
        Anode, current density, run.
    simulated : bool
    tip : str
        The same at length.
    """

    state: RunState | None
    word: str
    remark: str
    cell: str
    details: str
    simulated: bool
    tip: str = ""


def heading(snapshot: Snapshot | None) -> Heading:
    """Return the first lines of the window."""
    if snapshot is None:
        return Heading(None, "no run", "", "", "", False, "Nothing is watched.")
    summary, header = snapshot.summary, snapshot.header
    word, remarks, tips = summary.state.value, [], [f"{header.protocol}, run {summary.run}"]
    if summary.state is RunState.RUNNING:
        open_steps = [step for step in snapshot.steps if step.ended is None]
        word = activity(open_steps[-1]) if open_steps else "beginning"
    elif summary.end_reason:
        remarks.append(_first_words(summary.end_reason))
        tips.append(f"{word}: {summary.end_reason}")
    if summary.campaign is not None:
        remarks.append(f"step {short_path(summary.path)} of campaign {summary.campaign}")
        tips.append(f"step {summary.path} of campaign {summary.campaign}")
    details: list[str] = [header.cell.anode]
    density = header.parameters.get("current_density")
    if isinstance(density, int | float):
        details.append(f"{uncertain(float(density))} µA/cm²")
    details.append(f"run {summary.run}")
    remark, detail = " · ".join(remarks), " · ".join(details)
    return Heading(summary.state, word, remark, header.cell.name, detail, summary.simulated, "\n".join(tips))


def _first_words(text: str) -> str:
    return text if len(text) <= MOST_REASON else f"{text[:MOST_REASON].rstrip()} …"


@dataclass(frozen=True)
class Notice:
    """Something to know, in a strip across the window.

    Attributes
    ----------
    severity : str
        ``"warning"``, ``"alarm"`` or ``"interrupted"``.
    text : str
    action : str
        What its button does, a word of `app.window.shown.placeholders.ACTIONS`; empty without one.
    """

    severity: str
    text: str
    action: str = ""


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
    if summary.binned and not summary.live:
        return Notice(
            "warning",
            f"Run {summary.run} has been put in the bin. It is shown as it is and nothing of it is lost; "
            "the bin of the Runs page restores it.",
            "newest",
        )
    return _of_state(snapshot)


def _of_state(snapshot: Snapshot) -> Notice | None:
    """Return what the state of the run gives to know."""
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
    waiting = [each.question for each in snapshot.requests if each.awaited]
    asked = waiting or [each.event.message for each in snapshot.events if each.event.kind == "request"]
    question = asked[-1] if asked else "the operator is asked"
    return (
        f"Waiting for you: {question}. Answer it in the card at the right, "
        f"or elsewhere with: stripbench tell {run} acknowledge (or skip)."
    )
