"""What people say of a run after the fact: notes, alarms they have seen, and the bin."""

import math

import sqlalchemy as sa

from core.clock import utc_now
from core.errors import BadInput, StoreError
from storage import schema
from storage.access import Access
from storage.listing import BINNED, RESTORED
from storage.records import RunSummary
from storage.run_log import insert
from storage.verbs import LONGEST

NOTE, ACKNOWLEDGED = "note", "acknowledged"
KINDS = (NOTE, ACKNOWLEDGED, BINNED, RESTORED)
"""What can be said of a run."""

ACKNOWLEDGEABLE = ("warning", "alarm")
"""Severities of the events that somebody may say to have seen."""


class Annotations(Access):
    """The part of a store that takes what people say of its runs, live or ended.

    Nothing is ever changed or deleted by it: the bin only hides a run from the listing.
    """

    def annotate(
        self,
        run: int,
        kind: str,
        text: str = "",
        *,
        about: int | None = None,
        time: float | None = None,
        author: str = "",
    ) -> int:
        """Keep what somebody says of a run; return its id. Durable.

        Parameters
        ----------
        run : int
        kind : {"note", "acknowledged", "binned", "restored"}
        text : str
            Of a note; otherwise a remark, which may be left out.
        about : int, optional
            Id of the event that is meant. *acknowledged* needs that of an alarm or a warning.
        time : float, optional
            Bench seconds at which it is pinned to the time axis.
        author : str

        Raises
        ------
        BadInput
            If there is no such kind, or what has to be said with it is missing or means nothing.
        StoreError
            If there is no such run or event, or the run cannot be put in the bin or taken from it.
        """
        _check_words(kind, text, about, time)
        row = {"run": run, "kind": kind, "text": text.strip(), "author": author, "made_utc": utc_now()}
        row |= {"about": about, "time": None if time is None else float(time)}
        # One transaction, so that of two who bin a run at once the second is told.
        with self._durably() as connection:
            refuse_move(self._summary(connection, run), kind)
            if about is not None:
                _check_event(connection, run, kind, about)
            return insert(connection, schema.annotation, row)


def refuse_move(summary: RunSummary, kind: str) -> None:
    """Raise a `StoreError` for a run that cannot be put in the bin, or taken from it, as it is now.

    Parameters
    ----------
    summary : RunSummary
    kind : str
        A word that is neither *binned* nor *restored* can be said of every run.
    """
    name = f"run {summary.run} of {summary.cell}"
    if kind == BINNED and summary.live:
        raise StoreError(
            f"{name} is {summary.state.value}; a run that goes on cannot be put in the bin;",
            "stop it first, or wait until it has ended.",
        )
    if kind == BINNED and summary.binned:
        raise StoreError(f"{name} is in the bin already.")
    if kind == RESTORED and not summary.binned:
        raise StoreError(f"{name} is not in the bin, so it cannot be taken from there.")


def _check_words(kind: str, text: str, about: int | None, time: float | None) -> None:
    if kind not in KINDS:
        raise BadInput(f"nobody can say {kind!r} of a run;", f"the words are {', '.join(KINDS)}.")
    if len(text) > LONGEST:
        raise BadInput(
            f"what is said has {len(text)} characters, more than {LONGEST};",
            "shorten it, and keep the rest in a file that it names.",
        )
    if kind == NOTE and not text.strip():
        raise BadInput("the note is empty;", "write its text.")
    if kind == ACKNOWLEDGED and about is None:
        raise BadInput(
            "it is not said which event was acknowledged;", "give the id of an alarm or a warning of the run."
        )
    if about is not None and kind in (BINNED, RESTORED):
        raise BadInput(f"{kind} is said of a run, not of event {about};", "leave the event out.")
    if time is not None and not (math.isfinite(time) and time >= 0):
        raise BadInput(f"{time!r} is not a time of the run;", "give bench seconds from 0 on.")


def _check_event(connection: sa.Connection, run: int, kind: str, about: int) -> None:
    table = schema.event
    query = sa.select(table.c.kind, table.c.severity).where(table.c.id == about, table.c.run == run)
    event = connection.execute(query).first()
    if event is None:
        raise StoreError(f"run {run} has no event {about}.")
    if kind == ACKNOWLEDGED and event.severity not in ACKNOWLEDGEABLE:
        raise StoreError(
            f"event {about} of run {run} ({event.kind}) is of severity {event.severity!r};",
            "only an alarm or a warning is acknowledged.",
        )
