"""What is pinned to the time axis: notes, alarms, pauses, decisions and requests, in words and shapes."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.window.reading.snapshot import Snapshot
from app.window.shown.format import clock

NOTE, WARNING, ALARM, PAUSE, DECISION, REQUEST = "note", "warning", "alarm", "pause", "decision", "request"
RANK = (ALARM, REQUEST, PAUSE, WARNING, NOTE, DECISION)
"""Kinds in the order in which they stand for a group of pins."""

MOST_LINES = 8
"""Lines of what a group of pins says."""
LONGEST = 120
"""Signs of a line of it."""


@dataclass(frozen=True)
class Pin:
    """Something that belongs to one moment.

    Attributes
    ----------
    time : float
        Bench seconds.
    kind : str
        One of `RANK`.
    text : str
    """

    time: float
    kind: str
    text: str


@dataclass(frozen=True)
class Cluster:
    """Pins that stand too close to be told apart.

    Attributes
    ----------
    time : float
        Bench seconds at which the shape stands: of the most important pin.
    kind : str
        Of that pin.
    count : int
    text : str
        What all of them say, a line each.
    """

    time: float
    kind: str
    count: int
    text: str


def pins(snapshot: Snapshot) -> tuple[Pin, ...]:
    """Return what is pinned to the time axis of a run, in the order of time."""
    found = [
        *(
            Pin(each.decision.time, DECISION, f"{each.decision.rule}: {each.decision.outcome}")
            for each in snapshot.decisions
        ),
        *(Pin(each.time, REQUEST, each.question) for each in snapshot.requests),
        *(
            _of_event(each.event.kind, each.event.severity, each.event.message, each.event.time)
            for each in snapshot.events
        ),
        *(
            Pin(each.time, NOTE, f"{each.text} ({each.author})" if each.author else each.text)
            for each in snapshot.annotations
            if each.kind == "note" and each.time is not None
        ),
    ]
    return tuple(sorted((pin for pin in found if pin is not None), key=lambda pin: pin.time))


def clusters(some: Sequence[Pin], apart: float) -> tuple[Cluster, ...]:
    """Put pins together that stand closer to the first of their group than `apart`, in s.

    Parameters
    ----------
    some : sequence of Pin
        In the order of time.
    apart : float
    """
    groups: list[list[Pin]] = []
    for pin in some:
        if groups and pin.time - groups[-1][0].time < apart:
            groups[-1].append(pin)
        else:
            groups.append([pin])
    return tuple(_cluster(group) for group in groups)


def _cluster(group: list[Pin]) -> Cluster:
    ranked = sorted(group, key=lambda pin: RANK.index(pin.kind))
    lines = [_line(pin) for pin in sorted(ranked[:MOST_LINES], key=lambda pin: pin.time)]
    if len(group) > MOST_LINES:
        lines.append(f"and {len(group) - MOST_LINES} more; zoom in to see them")
    return Cluster(ranked[0].time, ranked[0].kind, len(group), "\n".join(lines))


def _line(pin: Pin) -> str:
    text = " ".join(pin.text.split())
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return f"{clock(pin.time)} h  {pin.kind}: {text}"


def _of_event(kind: str, severity: str, message: str, time: float) -> Pin | None:
    """Return the pin of an event; decisions and requests are known from themselves."""
    if kind == "note":
        return Pin(time, NOTE, message)
    if kind in ("paused", "resumed"):
        return Pin(time, PAUSE, f"{kind}: {message}")
    if severity in (ALARM, WARNING) and kind not in ("decision", "request"):
        return Pin(time, severity, f"{kind}: {message}")
    return None
