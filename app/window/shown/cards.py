"""Alarms and warnings that stay until somebody says to have seen them, as cards say them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.window.reading.snapshot import Snapshot
from app.window.shown.format import clock
from app.window.shown.remedies import remedy_for, title_of
from core.records import Event, RunState
from storage import RunSummary, StoredEvent

Severity = Literal["alarm", "warning", "contrary", "interrupted"]

QUIET = frozenset({"request", "paused", "resumed", "override", "stopped"})
"""Kinds of warnings that somebody at a window caused or is asked about elsewhere; they need no card."""

BELONGS_TO = {
    "band reached again": "band left",
    "fresh again": "stale",
    "moves again": "stuck",
    "may be opened": "do not open",
}
"""What is over again says so on the card of what it was."""

SEEN = "Seen that the run was interrupted."
"""The note by which an interruption, of which there is no event, is acknowledged."""


@dataclass(frozen=True)
class Card:
    """Something that stays until it has been seen.

    Attributes
    ----------
    key : str
        The same card always has the same key.
    severity : {"alarm", "warning", "contrary", "interrupted"}
    title : str
    count : int
        Of how many events it tells.
    since : str
        Bench time and clock of the first of them.
    text : str
        What and why: the newest message.
    more : tuple of str
        What else belongs to it.
    remedy : str
        What to do.
    events : tuple of int
        Ids of the events that are acknowledged with it.
    time : float
        Bench seconds of the newest event.
    """

    key: str
    severity: Severity
    title: str
    count: int
    since: str
    text: str
    more: tuple[str, ...]
    remedy: str
    events: tuple[int, ...]
    time: float

    @property
    def loud(self) -> bool:
        """Whether somebody has to be fetched."""
        return self.severity in ("alarm", "interrupted")


def cards(snapshot: Snapshot) -> tuple[Card, ...]:
    """Return what nobody has acknowledged yet: alarms first, the newest of each sort before older ones."""
    seen = {each.about for each in snapshot.annotations if each.kind == "acknowledged"}
    groups: dict[tuple[str, str], list[StoredEvent]] = {}
    for stored in snapshot.events:
        if _wanted(stored.event) and stored.id not in seen:
            groups.setdefault((stored.event.severity, _group(stored.event)), []).append(stored)
    found = [_card(snapshot, group, events) for (_, group), events in groups.items()]
    if (interrupted := _interrupted(snapshot)) is not None:
        found.append(interrupted)
    return tuple(sorted(found, key=lambda card: (not card.loud, -card.time)))


def _wanted(event: Event) -> bool:
    return event.severity == "alarm" or (event.severity == "warning" and event.kind not in QUIET)


def _group(event: Event) -> str:
    """Return the kind of card an event goes to; what is over belongs to what it was."""
    if event.kind == "failed" and event.message.startswith("interlock: "):
        return "limit"
    return BELONGS_TO.get(event.kind, event.kind)


def _card(snapshot: Snapshot, group: str, events: list[StoredEvent]) -> Card:
    first, last = events[0].event, events[-1].event
    # A run that failed by an interlock says the same once more; the first message has the remedy.
    shown = first if group == "limit" else last
    said = [each.event for each in events if _group(each.event) == each.event.kind]
    title = _decision_title(shown) if group == "decision" else title_of(group)
    return Card(
        key=f"{first.severity}/{group}/{events[0].id}",
        severity="alarm" if first.severity == "alarm" else "warning",
        title=title,
        count=max(len(said), 1),
        since=f"{clock(first.time, with_seconds=True)} h, {wall_clock(snapshot.summary, first.time)}",
        text=_sentence(shown.message),
        more=_aftermath(snapshot, group, last),
        remedy=remedy_for(group),
        events=tuple(each.id for each in events),
        time=last.time,
    )


def _decision_title(event: Event) -> str:
    rule = event.message.partition(":")[0]
    return f"Rule {rule}"


def _aftermath(snapshot: Snapshot, group: str, last: Event) -> tuple[str, ...]:
    """Return what has become of an alarm since, as far as the instruments said so."""
    later = [each.event for each in snapshot.events if each.event.time >= last.time]
    if group in ("limit", "failed", "taken over"):
        safe = [event for event in later if event.kind in ("safe", "not safe")]
        return (f"Since then: {safe[-1].message}.",) if safe else ()
    if group == "instrument":
        again = [event for event in later if event.kind == "instrument" and event.severity == "info"]
        return (f"Since then: {again[-1].message}.",) if again else ()
    return ()


def _interrupted(snapshot: Snapshot) -> Card | None:
    summary = snapshot.summary
    if summary.state is not RunState.INTERRUPTED:
        return None
    if any(each.kind == "note" and each.text == SEEN for each in snapshot.annotations):
        return None
    return Card(
        key="interrupted",
        severity="interrupted",
        title=title_of("interrupted"),
        count=1,
        since=f"{clock(summary.bench_time, with_seconds=True)} h, "
        f"{summary.heartbeat_utc.astimezone():%Y-%m-%d %H:%M:%S}",
        text=_sentence(summary.end_reason),
        more=(),
        remedy=remedy_for("interrupted"),
        events=(),
        time=summary.bench_time,
    )


def wall_clock(summary: RunSummary, time: float) -> str:
    """Return the date and time of a bench second: the start plus that, also where the bench is simulated."""
    return f"{bench_date(summary, time).astimezone():%Y-%m-%d %H:%M:%S}"


def bench_date(summary: RunSummary, time: float) -> datetime:
    """Return the start of a run plus a bench time in s."""
    return summary.started_utc + timedelta(seconds=time)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


def new_keys(before: Iterable[str], now: Iterable[str]) -> bool:
    """Whether there is anything now that was not there before, so that somebody has to be fetched."""
    return bool(set(now) - set(before))
