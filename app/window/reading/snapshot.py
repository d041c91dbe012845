"""A run as the window has read it, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.window.reading.criterion import Criterion
from app.window.reading.faces import Distribution, Residuals
from app.window.reading.history import Past
from app.window.reading.series import Pyramid
from core.records import Fit, Floats
from storage import (
    Annotation,
    Command,
    Request,
    RunHeader,
    RunSummary,
    StoredDecision,
    StoredEvent,
    StoredFit,
    StoredInstrument,
    StoredSpectrum,
    StoredStep,
)

TRACES = ("E", "I", "Q", "T", "F")
FIT_COLUMNS = (
    "time",
    "R_int",
    "R_int_error",
    "C_int",
    "C_int_error",
    "reserved",
    "spectrum",
    "R_int_smooth",
    "C_int_smooth",
    "kk_failed",
)
"""Of `Snapshot.fits`: bench seconds, Ω, F, 0 or 1, the id of the spectrum, Ω and F after smoothing (nan
without), 0 or 1."""

RESERVATIONS = frozenset(
    {"below resolution", "not identifiable", "poor fit", "few points", "truncated arc", "no fit"}
)
"""Flags of fits whose R_int and C_int are drawn hollow."""


@dataclass(frozen=True, eq=False)
class Selected:
    """A spectrum that somebody has pointed at, with what belongs to it.

    Attributes
    ----------
    time : float
        Bench seconds that were pointed at.
    stored : StoredSpectrum
        The one whose middle is nearest to that.
    fit : Fit or None
        Its latest fit with the circuit that runs decide by.
    """

    time: float
    stored: StoredSpectrum
    fit: Fit | None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run as it had been read at one moment; nothing in it changes afterwards.

    Attributes
    ----------
    revision : int
        Rises whenever anything else differs from the snapshot before.
    traces : dict of str to ndarray, shape (n, 2)
        Bench seconds and SI value of each quantity in `TRACES`.
    fits : ndarray, shape (m, 10)
        The columns of `FIT_COLUMNS`, SI and absolute, in the order of their spectra.
    last, initial : StoredSpectrum or None
        The newest spectrum that was not cut short, and the last one at open circuit before the current.
    last_fit : StoredFit or None
        The newest that says anything.
    fit_of_last : Fit or None
        Of `last`, once it is there.
    history : tuple of Past
        Some spectra, evenly spread over the run.
    current_on : float or None
        Bench seconds at which the current first flowed.
    faults : tuple of str
        What could not be read and was left out.
    criterion : Criterion or None
        Of depletion, once it has been looked at; None if the run has none.
    selected : Selected or None
        What is pointed at; None while the window is live.
    requests : tuple of Request
        All that was asked of the operator.
    instruments : tuple of StoredInstrument
    annotations : tuple of Annotation
        Notes, acknowledgements and the like that people added to the run from outside.
    pyramids : mapping of str to Pyramid
        The traces again, for drawing; these grow with the run, and may be looked at meanwhile.
    residuals : Residuals or None
        Of the spectrum that is looked at; None while nobody has asked for them.
    distribution : Distribution or None
        Likewise.
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
    history: tuple[Past, ...]
    steps: tuple[StoredStep, ...]
    events: tuple[StoredEvent, ...]
    decisions: tuple[StoredDecision, ...]
    commands: tuple[Command, ...]
    faults: tuple[str, ...]
    criterion: Criterion | None
    selected: Selected | None = None
    requests: tuple[Request, ...] = ()
    instruments: tuple[StoredInstrument, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    pyramids: Mapping[str, Pyramid] = field(default_factory=dict)
    residuals: Residuals | None = None
    distribution: Distribution | None = None

    @property
    def current_on(self) -> float | None:
        """See the class."""
        return next((each.event.time for each in self.events if each.event.kind == "current on"), None)

    @property
    def pointed(self) -> StoredSpectrum | None:
        """The spectrum to look at: the selected one, else the last."""
        return self.last if self.selected is None else self.selected.stored

    @property
    def fit_of_pointed(self) -> Fit | None:
        """The fit of `pointed`."""
        return self.fit_of_last if self.selected is None else self.selected.fit

    def column(self, name: str) -> Floats:
        """Return one column of the fits, shape (m,)."""
        return self.fits[:, FIT_COLUMNS.index(name)]
