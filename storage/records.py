"""What the readers give: the records of `core` with the numbers under which they are kept."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.records import Decision, Event, Fit, RunState, Spectrum
from storage.states import is_live


@dataclass(frozen=True)
class RunSummary:
    """One line of the listing of runs.

    `state` is as derived by the reader: a run whose process is gone, or whose heartbeat is older
    than ten seconds, is *interrupted*, and `end_reason` says from what that was concluded.
    `bench_time` is bench seconds at the last heartbeat. Of a run of a campaign, `campaign` is its
    number, `path` says which step of it this is, and `bench_origin` is the campaign's bench second
    at which the run began. `ended` is a word of `core.records.Ended`, empty while the run goes on,
    where it was interrupted, and for runs older than these words. `binned` says that somebody has
    put the run in the bin. `silent` says that it reads as *interrupted* although its process is
    still there: it may hear what it is told once it goes on.
    """

    run: int
    cell: str
    protocol: str
    state: RunState
    end_reason: str
    simulated: bool
    started_utc: datetime
    ended_utc: datetime | None
    heartbeat_utc: datetime
    bench_time: float
    bench: str
    channel: int
    spectra: int
    campaign: int | None = None
    path: str = ""
    ended: str = ""
    bench_origin: float = 0.0
    binned: bool = False
    silent: bool = False

    @property
    def live(self) -> bool:
        """Whether a runner is at work on it, so that commands reach it."""
        return is_live(self.state)


@dataclass(frozen=True)
class RunOverview:
    """What a browser of many runs shows and searches of one of them.

    Attributes
    ----------
    summary : RunSummary
    anode : str
    electrode_area, pellet_area : float
        m².
    parameters : dict
        Of the protocol, in the units they are declared in.
    title : str
        Of its campaign; empty where there is none.
    """

    summary: RunSummary
    anode: str
    electrode_area: float
    pellet_area: float
    parameters: dict[str, Any]
    title: str


@dataclass(frozen=True)
class CampaignSummary:
    """One line of the listing of campaigns.

    `state` is derived by the reader in the same way as that of a run. `runs` counts the steps of it
    that have been begun, and `runs_ended` those of them that have ended.
    """

    campaign: int
    name: str
    title: str
    purpose: str
    state: RunState
    end_reason: str
    simulated: bool
    started_utc: datetime
    ended_utc: datetime | None
    heartbeat_utc: datetime
    bench: str
    runs: int
    runs_ended: int

    @property
    def live(self) -> bool:
        """Whether somebody is working through it."""
        return is_live(self.state)


@dataclass(frozen=True, eq=False)
class StoredSpectrum:
    """A spectrum that matched its checksum when it was read."""

    id: int
    step: int
    checksum: int
    spectrum: Spectrum


@dataclass(frozen=True, eq=False)
class StoredFit:
    """A fit and the id of its spectrum."""

    id: int
    spectrum: int
    fit: Fit


@dataclass(frozen=True)
class FitVerdict:
    """How good a fit is: what is said of it, without what was fitted.

    Attributes
    ----------
    spectrum : int
    passed : bool
        The Kramers–Kronig test of its spectrum.
    dropped_below : float or None
        Lowest frequency kept in Hz, where points had to be dropped; None if none were.
    reason : str
        Why they were.
    flags : tuple of str
    rms_residual : float
    """

    spectrum: int
    passed: bool
    dropped_below: float | None
    reason: str
    flags: tuple[str, ...]
    rms_residual: float


@dataclass(frozen=True)
class FitVersion:
    """The fits of a run with one model and version.

    Attributes
    ----------
    model : str
    version : int
    count : int
        How many spectra have one.
    how : dict or None
        Of a refit: what was held, corrected and smoothed. None for fits made while the run went on.
    made_utc : datetime
        When the last of them was made.
    """

    model: str
    version: int
    count: int
    how: dict[str, Any] | None
    made_utc: datetime


@dataclass(frozen=True)
class StoredDecision:
    """A decision and the id of the step it was made in."""

    id: int
    step: int
    decision: Decision


@dataclass(frozen=True)
class StoredEvent:
    """An event and the id of the step it happened in, if any."""

    id: int
    step: int | None
    event: Event


@dataclass(frozen=True)
class StoredStep:
    """One call of a protocol verb. `ended` (bench seconds) and `outcome` are None until it ends."""

    id: int
    key: str
    protocol: str
    verb: str
    parameters: dict[str, Any]
    started: float
    ended: float | None
    outcome: str | None


@dataclass(frozen=True)
class Annotation:
    """What somebody said of a run, while it went on or later.

    Attributes
    ----------
    id : int
    kind : str
        ``"note"``, ``"acknowledged"``, ``"binned"`` or ``"restored"``.
    about : int or None
        Id of the event that is meant.
    time : float or None
        Bench seconds at which it is pinned.
    text, author : str
    made_utc : datetime
    """

    id: int
    kind: str
    about: int | None
    time: float | None
    text: str
    author: str
    made_utc: datetime


@dataclass(frozen=True)
class StoredInstrument:
    """An instrument of a run, its identity as it gave it, and how it last was."""

    role: str
    model: str
    serial: str
    firmware: str
    details: dict[str, str]
    health: str
    message: str
    health_utc: datetime


@dataclass(frozen=True)
class Command:
    """What somebody told a run. `outcome` is None until the runner has carried it out."""

    id: int
    run: int
    verb: str
    argument: str
    author: str
    issued_utc: datetime
    picked_up_utc: datetime | None
    outcome: str | None
    outcome_utc: datetime | None


@dataclass(frozen=True)
class Request:
    """What a run asks of the person at the bench.

    Attributes
    ----------
    id : int
    step : int or None
        Id of the step that asks.
    time : float
        Bench seconds at which it was asked.
    question : str
    options : tuple of str
        The answers that are understood; any text if there are none.
    asked_utc : datetime
    answer, author : str or None
        How it came to its end, and who brought it there; None while it has not.
    answered_utc : datetime or None
    details : dict
        Its kind, and what belongs to it, e.g. target and tolerance of a force in N.
    answered : float or None
        Bench seconds at which it came to its end, where they are known.
    awaited : bool
        Whether the run still waits for the answer. A request without answer of a run that has ended,
        or was interrupted, is not awaited: nobody ever answered it.
    """

    id: int
    step: int | None
    time: float
    question: str
    options: tuple[str, ...]
    asked_utc: datetime
    answer: str | None
    author: str | None
    answered_utc: datetime | None
    details: dict[str, Any] = field(default_factory=dict)
    answered: float | None = None
    awaited: bool = False
