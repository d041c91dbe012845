"""The log: events, decisions, notes and commands of a run on one axis of bench time."""

import math
from dataclasses import dataclass

from app.window.format import clock
from app.window.snapshot import Snapshot
from core.records import TOLD_TO_RULES, Decision
from storage import Command, RunSummary


@dataclass(frozen=True)
class LogLine:
    """One entry.

    Attributes
    ----------
    key : str
        The same entry always has the same key.
    time : float
        Bench seconds; of a command they are reckoned from its date.
    kind : str
        ``"note"``, ``"decision"``, ``"command"`` or the kind of the event.
    text : str
    severity : str
        ``"info"``, ``"warning"`` or ``"alarm"``.
    """

    key: str
    time: float
    kind: str
    text: str
    severity: str = "info"

    @property
    def clock(self) -> str:
        """Bench time as shown."""
        return ("≈ " if self.kind == "command" else "") + clock(self.time, with_seconds=True)


def log_lines(snapshot: Snapshot) -> list[LogLine]:
    """Return the entries in the order of bench time; a decision before what followed from it."""
    lines = [
        LogLine(f"d{each.id}", each.decision.time, "decision", _in_words(each.decision))
        for each in snapshot.decisions
    ]
    lines += [
        LogLine(f"e{each.id}", each.event.time, each.event.kind, each.event.message, each.event.severity)
        for each in snapshot.events
        # A decision announces itself as an event, too.
        if each.event.kind not in ("decision", TOLD_TO_RULES)
    ]
    lines += [
        LogLine(f"c{each.id}", _bench_time(each, snapshot.summary), "command", _told(each))
        for each in snapshot.commands
        if each.verb != "note"
    ]
    return sorted(lines, key=lambda line: line.time)


def _in_words(decision: Decision) -> str:
    text = f"{decision.rule}: {decision.outcome}"
    why, crossing = decision.parameters.get("why"), decision.parameters.get("t_cross_s")
    if crossing is not None and math.isfinite(crossing):
        text += f" at {clock(crossing, with_seconds=True)}"
    return f"{text} — {why}" if why else text


def _told(command: Command) -> str:
    author = f" by {command.author}" if command.author else ""
    if command.outcome is None:
        return f"{command.verb}{author}: waiting for the run"
    answer = command.outcome.removeprefix(f"{command.verb}: ")
    return f"{command.verb}{author}: {answer}"


def _bench_time(command: Command, summary: RunSummary) -> float:
    """Reckon bench seconds from a date, between the run's start and its last heartbeat."""
    wall = (summary.heartbeat_utc - summary.started_utc).total_seconds()
    passed = (command.issued_utc - summary.started_utc).total_seconds()
    return summary.bench_time * passed / wall if wall > 0 else summary.bench_time
