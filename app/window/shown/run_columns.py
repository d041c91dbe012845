"""The columns of the table of runs: what each shows, and by what it is sorted."""

from collections.abc import Callable
from dataclasses import dataclass

from app.protocol_words import in_words
from app.window.shown.format import fixed
from app.window.shown.run_rows import HOUR, STATE_ORDER, RunRow, Span

Key = float | str | None
"""What a column is sorted by; None stands last, whichever way round."""


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes
    ----------
    name : str
        By which it is remembered.
    title, tip : str
    text : callable
        What it shows of a run.
    key : callable
        What it is sorted by.
    width : int
        Pixels to begin with.
    right : bool
        Whether it is a column of figures.
    """

    name: str
    title: str
    tip: str
    text: Callable[[RunRow], str]
    key: Callable[[RunRow], Key]
    width: int
    right: bool = False


def _span_text(found: Span | None) -> str:
    return "" if found is None else found.text


def _low(found: Span | None) -> Key:
    return None if found is None else found.low


def _t0_text(row: RunRow) -> str:
    if row.transition is None:
        return ""
    hours = fixed(row.transition.seconds / HOUR, 2)
    return hours if row.transition.depleted else f"> {hours}"


COLUMNS: tuple[Column, ...] = (
    Column("state", "State", "As it really is: a run whose process is gone is interrupted",
           lambda row: row.state.value, lambda row: float(STATE_ORDER[row.state]), 120),
    Column("run", "Run", "Number in this store", lambda row: str(row.run),
           lambda row: float(row.run), 48, True),
    Column("bench", "Bench", "SIMULATED where any instrument of it was",
           lambda row: "SIMULATED" if row.overview.summary.simulated else row.overview.summary.bench,
           lambda row: row.overview.summary.bench, 96),
    Column("started", "Started", "Local date and time of bench second zero",
           lambda row: f"{row.overview.summary.started_utc.astimezone():%Y-%m-%d %H:%M}",
           lambda row: row.overview.summary.started_utc.timestamp(), 144),
    Column("cell", "Cell", "Name of the cell",
           lambda row: row.overview.summary.cell, lambda row: row.overview.summary.cell.casefold(), 144),
    Column("metal", "Metal", "Of the working electrode",
           lambda row: row.overview.anode, lambda row: row.overview.anode, 112),
    Column("protocol", "Protocol", "What was done",
           lambda row: in_words(row.overview.summary.protocol),
           lambda row: row.overview.summary.protocol, 144),
    Column("i", "i / µA cm⁻²", "Current density, over the area of the electrode",
           lambda row: _span_text(row.current), lambda row: _low(row.current), 96, True),
    Column("T", "T / °C", "Temperature that was asked for",
           lambda row: _span_text(row.temperature), lambda row: _low(row.temperature), 60, True),
    Column("p", "p / MPa", "Stack pressure that was asked for: force over the area of the pellet; "
           "empty where the protocol sets none",
           lambda row: _span_text(row.pressure), lambda row: _low(row.pressure), 64, True),
    Column("t0", "t₀ / h", "From current on to depletion, as the run decided it; > where the current "
           "ended before",
           _t0_text, lambda row: row.transition.seconds if row.transition else None, 72, True),
    Column("spectra", "Spectra", "Committed to the store", lambda row: str(row.overview.summary.spectra),
           lambda row: float(row.overview.summary.spectra), 64, True),
    Column("hours", "Length / h", "Bench hours up to the end, or to the last heartbeat",
           lambda row: fixed(row.hours, 1), lambda row: row.hours, 80, True),
    Column("end", "How it ended", "In the run's own words",
           lambda row: row.end, lambda row: row.end or None, 144),
    Column("step", "Campaign step", "Which step of its campaign this is",
           lambda row: row.step, lambda row: row.step or None, 200),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
