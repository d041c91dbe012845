"""Runs as a table for people, a line each, and as entries for programs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from storage import RunSummary

END = 13
"""Characters that are kept free for how a run ended, with the space after it."""


@dataclass(frozen=True)
class Column:
    """A column of the listing."""

    heading: str
    text: Callable[[RunSummary], str]
    right: bool = False

    def width(self, runs: Sequence[RunSummary]) -> int:
        """Return the characters it takes for these runs, with the space after it."""
        return max([len(self.heading), *(len(self.text(each)) for each in runs)]) + 1


def step(summary: RunSummary) -> str:
    """Return which step of which campaign a run is, e.g. ``"3:fig4/2/relax"``; empty for one of its own."""
    return "" if summary.campaign is None else f"{summary.campaign}:{summary.path}"


def end(summary: RunSummary) -> str:
    """Return how a run ended: the word for it, unless the reason has it anyway, and the reason."""
    if summary.ended in summary.end_reason:
        return summary.end_reason
    return "; ".join(filter(None, (summary.ended, summary.end_reason)))


_RUN = Column("run", lambda each: str(each.run), right=True)
_CELL = Column("cell", lambda each: cut(each.cell, 16))
_PROTOCOL = Column("protocol", lambda each: cut(each.protocol, 18))
_STEP = Column("step", lambda each: cut_path(step(each), 16))
_STATE = Column("state", lambda each: str(each.state))
_MARK = Column("", lambda each: "SIMULATED" if each.simulated else "")
_STARTED = Column("started (UTC)", lambda each: f"{each.started_utc:%Y-%m-%d %H:%M}")
_SPECTRA = Column("spectra", lambda each: str(each.spectra), right=True)

_ORDER = (_RUN, _CELL, _PROTOCOL, _STEP, _STATE, _MARK, _STARTED, _SPECTRA)
_ALWAYS = (_RUN, _CELL, _STATE, _MARK)
_WHERE_THERE_IS_ROOM = (_STEP, _STARTED, _SPECTRA, _PROTOCOL)
"""The first has the first claim."""


def table(runs: Sequence[RunSummary], width: int) -> Table:
    """Return the listing of runs, in as many columns as fit `width` characters.

    One line a run: what does not fit is cut, and ``show`` has all of it.
    """
    shown, room = list(_ALWAYS), width - sum(each.width(runs) for each in _ALWAYS)
    for column in _WHERE_THERE_IS_ROOM:
        told = column is not _STEP or any(each.campaign is not None for each in runs)
        if told and room - column.width(runs) >= END:
            shown.append(column)
            room -= column.width(runs)
    shown.sort(key=_ORDER.index)
    made = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for column in shown:
        made.add_column(column.heading, justify="right" if column.right else "left", no_wrap=True)
    made.add_column("end", no_wrap=True)
    for each in runs:
        # A plain string would have its brackets read as markup.
        texts = (*(column.text(each) for column in shown), cut(end(each), room - 1))
        made.add_row(*map(Text, texts))
    return made


def cut(text: str, room: int) -> str:
    """Return a text in so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def cut_path(text: str, room: int) -> str:
    """Return ``"campaign:path"`` in so many characters; the end of a path says most."""
    campaign, colon, path = text.partition(":")
    left = room - len(campaign + colon)
    return text if len(path) <= left else f"{campaign}{colon}…{path[len(path) - left + 1 :]}"


def entry(summary: RunSummary) -> dict[str, Any]:
    """Return a run's line of the listing, JSON-able."""
    return {
        "run": summary.run,
        "campaign": summary.campaign,
        "path": summary.path,
        "cell": summary.cell,
        "protocol": summary.protocol,
        "state": str(summary.state),
        "ended": summary.ended,
        "end_reason": summary.end_reason,
        "simulated": summary.simulated,
        "started_utc": summary.started_utc.isoformat(),
        "begins_s": summary.bench_origin,
        "bench_time_s": summary.bench_time,
        "spectra": summary.spectra,
    }
