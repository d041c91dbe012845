"""Two people who tell a run opposite things: who said what, when, and what the run made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.window.reading.snapshot import Snapshot
from storage import Command

WITHIN = timedelta(minutes=1)
"""Time between two commands within which nobody can have thought better of the first."""

SHOWN_FOR = timedelta(hours=1)
"""For so long after it happened it is worth a card; afterwards the log has it."""

OPPOSITES = (
    frozenset({"pause", "resume"}),
    frozenset({"stop", "resume"}),
    frozenset({"abort", "resume"}),
    frozenset({"acknowledge", "skip"}),
)


@dataclass(frozen=True)
class Contrary:
    """Two commands that want opposite things.

    Attributes
    ----------
    key : str
    title : str
    said : tuple of str
        One sentence for each command: who, what, when, and what the run did.
    advice : str
    last : datetime
        UTC, of the second command.
    """

    key: str
    title: str
    said: tuple[str, str]
    advice: str
    last: datetime


def contraries(snapshot: Snapshot, me: str = "") -> tuple[Contrary, ...]:
    """Return opposite commands by different people or windows within a minute, oldest first.

    Parameters
    ----------
    snapshot : Snapshot
    me : str
        The author that commands of this window carry.
    """
    return tuple(_contrary(snapshot, *pair, me) for pair in _pairs(snapshot.commands))


def _pairs(commands: Sequence[Command]) -> list[tuple[Command, Command]]:
    """Return each command with the last opposite one of somebody else shortly before it."""
    found = []
    told = sorted(commands, key=lambda each: each.issued_utc)
    for place, second in enumerate(told):
        for first in reversed(told[:place]):
            if second.issued_utc - first.issued_utc > WITHIN:
                break
            if frozenset({first.verb, second.verb}) in OPPOSITES and first.author != second.author:
                found.append((first, second))
                break
    return found


def _contrary(snapshot: Snapshot, first: Command, second: Command, me: str) -> Contrary:
    state = snapshot.summary.state.value
    return Contrary(
        key=f"contrary/{first.id}/{second.id}",
        title=f"Contrary commands: {first.verb} and {second.verb}",
        said=(_said(first, me), _said(second, me)),
        advice=f"The run answered each in the order they came, and is {state} now. "
        "Agree on one before more is told.",
        last=second.issued_utc,
    )


def _said(command: Command, me: str) -> str:
    did = command.outcome
    answer = "the run has not answered yet" if did is None else did.removeprefix(f"{command.verb}: ")
    return f"{command.issued_utc.astimezone():%H:%M:%S} {who(command.author, me)}: {command.verb} — {answer}"


def who(author: str, me: str = "") -> str:
    """Return who said something; the window that looks is called by that name."""
    if author and author == me:
        return f"{author.partition(', window ')[0]}, this window"
    return author or "somebody"
