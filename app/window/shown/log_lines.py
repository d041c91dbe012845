"""The log: events, decisions, notes, requests and commands of a run on one axis of bench time."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.window.reading.snapshot import Snapshot
from app.window.shown.contrary import contraries
from app.window.shown.format import clock
from core.records import TOLD_TO_RULES, Decision
from storage import Annotation, Command, RunSummary, StoredEvent

SEVERITIES = ("info", "warning", "alarm")
"""From the quietest to the loudest."""

MOST = 3000
"""Events that are listed, the newest: more cannot be drawn in the time that a window has for it."""

RECKONED = frozenset({"command", "contrary", "seen"})
"""Kinds whose bench time is reckoned from a date."""


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
        ``"note"``, ``"decision"``, ``"command"``, ``"seen"`` or the kind of the event.
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
        return ("≈ " if self.kind in RECKONED else "") + clock(self.time, with_seconds=True)

    @property
    def plain(self) -> str:
        """The entry in one line of text, for the clipboard."""
        return f"{self.clock}\t{self.severity}\t{self.kind}\t{self.text}"


@dataclass(frozen=True)
class LogFilter:
    """Which lines are wanted.

    Parameters
    ----------
    text : str
        Every word of it has to be somewhere in the line; upper and lower case do not matter.
    kind : str
        Lines of this kind only; empty for all.
    severity : str
        Lines at least as loud as this.
    """

    text: str = ""
    kind: str = ""
    severity: str = "info"

    def passes(self, line: LogLine) -> bool:
        """Whether a line is wanted."""
        if self.kind and line.kind != self.kind:
            return False
        if SEVERITIES.index(line.severity) < SEVERITIES.index(self.severity):
            return False
        if not self.text:
            return True
        where = f"{line.clock} {line.kind} {line.text}".casefold()
        return all(word in where for word in self.text.casefold().split())

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == LogFilter()


def kinds(lines: Iterable[LogLine]) -> tuple[str, ...]:
    """Return the kinds there are, in the order of the alphabet."""
    return tuple(sorted({line.kind for line in lines}))


def as_text(lines: Sequence[LogLine]) -> str:
    """Return lines as they go to the clipboard: time, severity, kind and text between tabs."""
    return "\n".join(line.plain for line in lines)


def log_lines(snapshot: Snapshot) -> list[LogLine]:
    """Return the entries in the order of bench time; a decision before what followed from it."""
    lines = [
        LogLine(f"d{each.id}", each.decision.time, "decision", _in_words(each.decision))
        for each in snapshot.decisions
    ]
    lines += _left_out(snapshot.events)
    lines += [
        LogLine(f"e{each.id}", each.event.time, each.event.kind, each.event.message, each.event.severity)
        for each in snapshot.events[-MOST:]
        # A decision announces itself as an event, too.
        if each.event.kind not in ("decision", TOLD_TO_RULES)
    ]
    lines += [
        LogLine(f"c{each.id}", bench_time_of(each.issued_utc, snapshot.summary), "command", _told(each))
        for each in snapshot.commands
        if each.verb != "note"
    ]
    lines += _contrary(snapshot)
    messages = {each.id: each.event.message for each in snapshot.events}
    lines += [_said(each, snapshot.summary, messages) for each in snapshot.annotations]
    return sorted(lines, key=lambda line: line.time)


def _left_out(events: Sequence[StoredEvent]) -> list[LogLine]:
    """Return a line that says how many events are not listed, where there are too many."""
    if len(events) <= MOST:
        return []
    words = f"{len(events) - MOST} earlier events are not listed here; an export of the run has all of them"
    return [LogLine("left out", events[-MOST].event.time, "log", words)]


def state_of(snapshot: Snapshot) -> tuple[Any, ...]:
    """Return what the log depends on, quick to compare: while it is the same, so are the lines."""
    counts = (len(snapshot.events), len(snapshot.decisions), len(snapshot.annotations))
    return (snapshot.summary.run, *counts, tuple((each.id, each.outcome) for each in snapshot.commands))


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


def _contrary(snapshot: Snapshot) -> list[LogLine]:
    return [
        LogLine(
            f"x{each.key}",
            bench_time_of(each.last, snapshot.summary),
            "contrary",
            f"{each.title}. {each.said[0]}; {each.said[1]}",
            "warning",
        )
        for each in contraries(snapshot)
    ]


def _said(annotation: Annotation, summary: RunSummary, messages: dict[int, str]) -> LogLine:
    """Return what somebody said of the run from outside."""
    time = annotation.time
    if time is None:
        time = bench_time_of(annotation.made_utc, summary)
    author = f" by {annotation.author}" if annotation.author else ""
    if annotation.kind == "note":
        return LogLine(f"a{annotation.id}", time, "note", annotation.text)
    about = "" if annotation.about is None else messages.get(annotation.about, "")
    text = f"{annotation.kind}{author}" + (f": {about}" if about else "")
    return LogLine(f"a{annotation.id}", time, "seen", text)


def bench_time_of(when: datetime, summary: RunSummary) -> float:
    """Reckon bench seconds from a date, between the run's start and its last heartbeat."""
    wall = (summary.heartbeat_utc - summary.started_utc).total_seconds()
    passed = min((when - summary.started_utc).total_seconds(), max(wall, 0.0))
    return summary.bench_time * passed / wall if wall > 0 else summary.bench_time
