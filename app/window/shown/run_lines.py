"""The newest runs of a store in a few words each, to be picked from."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.window.shown.format import uncertain
from core.records import RunState
from storage import RunOverview

NEWEST = 30
"""Runs that the list shows."""


@dataclass(frozen=True)
class RunLine:
    """One run.

    Attributes
    ----------
    run : int
    state : RunState
    text : str
        The cell.
    right : str
        Number of the run.
    below : str
        State, protocol, current, and when it began.
    tip : str
    """

    run: int
    state: RunState
    text: str
    right: str
    below: str
    tip: str


def run_lines(runs: Sequence[RunOverview], words: str = "") -> tuple[RunLine, ...]:
    """Return the newest runs in which every one of some words occurs, newest first.

    Parameters
    ----------
    runs : sequence of RunOverview
        Oldest first.
    words : str
        Parts of cell, anode, protocol, state, campaign, or the number of a run; case does not matter.
    """
    wanted = words.casefold().split()
    found: list[RunLine] = []
    for each in reversed(runs):
        if all(word in _text(each) or word == str(each.summary.run) for word in wanted):
            found.append(_line(each))
        if len(found) == NEWEST:
            break
    return tuple(found)


def _text(run: RunOverview) -> str:
    summary = run.summary
    mark = "simulated" if summary.simulated else ""
    parts = (summary.cell, run.anode, summary.protocol, summary.state.value, run.title, summary.path, mark)
    return " ".join(parts).casefold()


def _line(run: RunOverview) -> RunLine:
    summary = run.summary
    began = summary.started_utc.astimezone()
    density = run.parameters.get("current_density")
    current = f"{uncertain(float(density))} µA/cm²" if isinstance(density, int | float) else ""
    # Before what may be cut off in a narrow rail: nothing may be taken for a measurement that is none.
    mark = "SIMULATED" if summary.simulated else ""
    below = " · ".join(part for part in (summary.state.value, mark, current, f"{began:%d %b %H:%M}") if part)
    tip = [
        f"run {summary.run}: {summary.protocol} of {summary.cell} ({run.anode})",
        f"{summary.state.value}{': ' if summary.end_reason else ''}{summary.end_reason}",
        f"begun {began:%Y-%m-%d %H:%M}, {summary.spectra} spectra",
        mark,
    ]
    return RunLine(
        summary.run,
        summary.state,
        summary.cell,
        f"run {summary.run}",
        below,
        "\n".join(part for part in tip if part),
    )
