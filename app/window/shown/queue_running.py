"""A campaign that is running, or has ended: which steps are done, which one is at work, which are to come."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.window.shown.form_fields import Catalogue
from app.window.shown.form_summary import lasting
from app.window.shown.queue_rows import QueueRow, what_is_written
from core.records import RunState
from storage import CampaignSummary, RunSummary

OWN, FILE = "own", "file"
"""The queue that is being written, and a campaign that was opened from a file."""
COLOURS = {
    RunState.RUNNING: "blue",
    RunState.PAUSED: "orange",
    RunState.WAITING: "orange",
    RunState.FINISHED: "green",
    RunState.STOPPED: "green",
    RunState.ABORTED: "vermillion",
    RunState.FAILED: "vermillion",
    RunState.INTERRUPTED: "purple",
}
SIGNS = {
    RunState.RUNNING: "▶",
    RunState.PAUSED: "‖",
    RunState.WAITING: "?",
    RunState.FINISHED: "✓",
    RunState.STOPPED: "■",
}


def campaign_rows(
    plan: Sequence[Mapping[str, Any]], runs: Sequence[RunSummary], live: bool, catalogue: Catalogue
) -> list[QueueRow]:
    """Return the steps of a campaign: those that were begun in their order, then those to come.

    Parameters
    ----------
    plan : sequence of dict
        With the path of each step and what will be done, as it was before the start.
    runs : sequence of RunSummary
        Of the campaign.
    live : bool
        Whether it goes on.
    catalogue : Catalogue
        Has the names of protocols in words.
    """
    lines = {each["path"]: each.get("lines") or () for each in plan}
    found = [_begun(number, run, lines, catalogue) for number, run in enumerate(runs, 1)]
    done = {run.path.split("~")[0] for run in runs}
    coming = [each["path"] for each in plan if each["path"] not in done]
    # What was passed over cannot be told from what is to come but by what was begun behind it.
    order = [each["path"] for each in plan]
    last = max((order.index(path) for path in done if path in order), default=-1)
    for path in coming:
        word = "to come" if live and order.index(path) > last else "not done"
        found.append(_coming(path, lines[path], word, catalogue))
    return found


def headline(summary: CampaignSummary, planned: int) -> str:
    """Say how far a campaign is, and that its order is fixed while it goes on."""
    mark = ", SIMULATED," if summary.simulated else ""
    name = f"Campaign {summary.campaign} “{summary.title or summary.name}”{mark}"
    if summary.live:
        return (
            f"{name} is {summary.state.value}: {summary.runs_ended} of {planned} steps done. "
            "Its order is fixed; Stop and Pause of the header reach the step at work."
        )
    why = f" ({summary.end_reason})" if summary.end_reason else ""
    return f"{name} is {summary.state.value}{why}: {summary.runs_ended} of {planned} steps done."


def choices(opened: str | None, campaigns: Sequence[CampaignSummary], mode: str) -> list[tuple[str, str]]:
    """Return what the page can show, in words and by name.

    Parameters
    ----------
    opened : str or None
        What a campaign that was opened from a file is called; None while there is none.
    campaigns : sequence of CampaignSummary
        Of the store.
    mode : str
        What is shown now; it is among them, also before the store has been read.
    """
    items = [("Queue being written", OWN)]
    if opened is not None:
        items.append((f"Opened: {opened}", FILE))
    for each in reversed(campaigns):
        words = f"Campaign {each.campaign} · {each.title or each.name} · {each.state.value}"
        items.append((words, str(each.campaign)))
    if mode not in {name for _, name in items}:
        items.append((f"Campaign {mode}", mode))
    return items


def opened_rows(steps: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> list[QueueRow]:
    """Return the steps of a campaign file that is not edited here."""
    return [_opened(number, step, catalogue) for number, step in enumerate(steps, 1)]


def _opened(number: int, step: Mapping[str, Any], catalogue: Catalogue) -> QueueRow:
    chosen = catalogue.protocol(step["protocol"])
    cell = step["cell"]
    return QueueRow(
        number=str(number),
        title=step["protocol"] if chosen is None else chosen.title,
        cell=" · ".join(filter(None, (cell.get("name", ""), cell.get("anode", "")))),
        words=what_is_written(step["protocol"], step["parameters"], catalogue),
        note=step["path"],
    )


def _begun(
    number: int, run: RunSummary, lines: Mapping[str, Sequence[str]], catalogue: Catalogue
) -> QueueRow:
    chosen = catalogue.protocol(run.protocol)
    word = run.ended or run.state.value
    return QueueRow(
        number=SIGNS.get(run.state, "×"),
        title=f"{number}. {run.protocol if chosen is None else chosen.title}",
        cell=run.cell,
        words=" · ".join(lines.get(run.path.split("~")[0], ())) or run.path,
        amounts=f"{word} · {lasting(run.bench_time / 3600)}",
        note=f"run {run.run} · {run.spectra} spectra",
        colour=COLOURS.get(run.state, ""),
    )


def _coming(path: str, lines: Sequence[str], word: str, catalogue: Catalogue) -> QueueRow:
    number, _, name = path.rpartition("/")[2].partition(".")
    chosen = catalogue.protocol(name)
    title = path if chosen is None else f"{number}. {chosen.title}"
    return QueueRow(
        number="·",
        title=title,
        cell="",
        words=" · ".join(lines),
        amounts=word,
        note="" if title == path else path,
    )
