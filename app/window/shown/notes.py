"""The notes of a run: written while it went on, or added to it afterwards."""

from dataclasses import dataclass
from typing import Any

from app.window.reading.snapshot import Snapshot
from app.window.shown.contrary import who
from app.window.shown.format import clock
from storage import Store
from storage.annotations import NOTE


@dataclass(frozen=True)
class Note:
    """A note; `time` is the bench second it is pinned at, None where it is of the run as a whole."""

    key: str
    time: float | None
    text: str
    author: str

    @property
    def when(self) -> str:
        """Where it is pinned."""
        return "the whole run" if self.time is None else f"{clock(self.time, with_seconds=True)} h"


def notes(snapshot: Snapshot, me: str = "") -> tuple[Note, ...]:
    """Return the notes in the order of bench time, those of the whole run last.

    Parameters
    ----------
    snapshot : Snapshot
    me : str
        The author that what this window says carries.
    """
    found = [
        Note(
            f"e{each.id}",
            each.event.time,
            each.event.message,
            who(str(each.event.data.get("author", "")), me),
        )
        for each in snapshot.events
        if each.event.kind == "note"
    ]
    found += [
        Note(f"a{each.id}", each.time, each.text, who(each.author, me))
        for each in snapshot.annotations
        if each.kind == NOTE
    ]
    return tuple(sorted(found, key=lambda note: float("inf") if note.time is None else note.time))


@dataclass(frozen=True)
class Pin:
    """Where the next note goes.

    Attributes
    ----------
    time : float or None
        Bench second at which it is pinned; None where the run itself keeps it at its present time.
    words : str
        That, in words.
    """

    time: float | None
    words: str


def pin(snapshot: Snapshot | None, cursor: float | None) -> Pin | None:
    """Return where a note would go that is written now; None while there is no run."""
    if snapshot is None:
        return None
    if cursor is not None:
        return Pin(cursor, f"pinned at the cursor, {clock(cursor, with_seconds=True)} h")
    summary = snapshot.summary
    if summary.live:
        return Pin(None, "kept by the run, at the present moment")
    return Pin(
        summary.bench_time, f"added at the end of the run, {clock(summary.bench_time, with_seconds=True)} h"
    )


def keep(store: Store, run: int, text: str, time: float | None, author: str) -> Any:
    """Add a note to a run; see `storage.annotations.Annotations.annotate`."""
    return store.annotate(run, NOTE, text, time=time, author=author)
