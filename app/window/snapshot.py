"""A run as the window has read it, at one moment."""

from dataclasses import dataclass

from app.window.criterion import Criterion
from core.records import Fit, Floats
from storage import (
    Command,
    RunHeader,
    RunSummary,
    StoredDecision,
    StoredEvent,
    StoredFit,
    StoredSpectrum,
    StoredStep,
)

TRACES = ("E", "I", "Q", "T", "F")
FIT_COLUMNS = ("time", "R_int", "R_int_error", "C_int", "C_int_error", "reserved")

RESERVATIONS = frozenset(
    {"below resolution", "not identifiable", "poor fit", "few points", "truncated arc", "no fit"}
)
"""Flags of fits whose R_int and C_int are drawn hollow."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run as it had been read at one moment; nothing in it changes afterwards.

    Attributes
    ----------
    revision : int
        Rises whenever anything else differs from the snapshot before.
    traces : dict of str to ndarray, shape (n, 2)
        Bench seconds and SI value of each quantity in `TRACES`.
    fits : ndarray, shape (m, 6)
        The columns of `FIT_COLUMNS`, SI and absolute, in the order of their spectra.
    last, initial : StoredSpectrum or None
        The newest spectrum that was not cut short, and the last one at open circuit before the current.
    last_fit : StoredFit or None
        The newest that says anything.
    fit_of_last : Fit or None
        Of `last`, once it is there.
    history : tuple of StoredSpectrum
        A few spectra, evenly spread over the run.
    current_on : float or None
        Bench seconds at which the current first flowed.
    faults : tuple of str
        What could not be read and was left out.
    criterion : Criterion or None
        Of depletion, once it has been looked at; None if the run has none.
    """

    revision: int
    summary: RunSummary
    header: RunHeader
    traces: dict[str, Floats]
    fits: Floats
    last: StoredSpectrum | None
    initial: StoredSpectrum | None
    last_fit: StoredFit | None
    fit_of_last: Fit | None
    history: tuple[StoredSpectrum, ...]
    steps: tuple[StoredStep, ...]
    events: tuple[StoredEvent, ...]
    decisions: tuple[StoredDecision, ...]
    commands: tuple[Command, ...]
    faults: tuple[str, ...]
    criterion: Criterion | None

    @property
    def current_on(self) -> float | None:
        """See the class."""
        return next((each.event.time for each in self.events if each.event.kind == "current on"), None)

    def column(self, name: str) -> Floats:
        """Return one column of the fits, shape (m,)."""
        return self.fits[:, FIT_COLUMNS.index(name)]
