"""The watch of a run: flags what leaves its quality band, ends the run where a safety limit is crossed.

It looks at the newest readings, at the chamber's messages and at the disk, in a worker of its own
beside the protocol. It never pauses a stripping: that goes on flagged, or ends in the safe state.
"""

import logging
import math
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from app.runner.checks import (
    CURRENT,
    FORCE,
    TEMPERATURE,
    VOLTAGE,
    Check,
    Finding,
    Look,
    QualityBand,
    SafetyLimit,
    Soak,
)
from app.runner.current_off import CurrentOff
from app.runner.dew_point import DewPoint
from app.runner.event_sink import EventSink, say
from app.runner.freshness import Staleness, Unchanged
from app.runner.safe_state import BY_HAND, PATIENCE
from app.runner.surroundings import ChamberMessages, DiskSpace
from core.clock import Clock, Worker
from core.files import BenchFile
from core.records import Event
from protocols.session import Session

log = logging.getLogger(__name__)

EVERY = 1.0
"""s between looks on a real bench …"""

EVERY_SIMULATED = 10.0
"""… and bench seconds on a wholly simulated one, where nothing is read more often than this."""

REACTION = 5.0
"""s of wall time within which the protocol has to let go; then the current is taken off past it."""


def watch_every(file: BenchFile) -> float:
    """Return the s between two looks of the watch on a bench."""
    if not file.wholly_simulated:
        return EVERY
    return max(EVERY_SIMULATED, min(file.cadence_of("force"), file.cadence_of("temperature")))


class Interlocks:
    """Watches one run from its first instrument reading to its end.

    Parameters
    ----------
    session : Session
        Its `latest` readings are looked at, and its `control` is tripped.
    events : EventSink
        The journal, which is told what is found.
    folder : Path, optional
        Where the store lies; without it, free space is not watched.
    reaction : float
        Wall seconds that the protocol has to let go of the cell after a limit was crossed.

    Attributes
    ----------
    reason : str
        Why the run was ended; empty while it was not.
    chamber_guilty : bool
        Whether chamber or temperature were the reason, so that the chamber must not keep its set-point.
    """

    def __init__(
        self,
        session: Session,
        events: EventSink,
        folder: Path | None = None,
        reaction: float = REACTION,
    ) -> None:
        self._session, self._events, self._reaction = session, events, reaction
        self._dew_point = _dew_point(session)
        self._checks = checks(session, folder)
        if self._dew_point is not None:
            self._checks.append(self._dew_point)
        self._broken: set[Check] = set()
        self._symbols = ("T", "F", "E", "I", session.file.interlocks.dew_point_reading)
        self._values: dict[str, float] = {}
        self._at: dict[str, float] = {}
        self._timer: threading.Timer | None = None
        self._answered = threading.Event()
        self.reason = ""
        self.chamber_guilty = False

    @property
    def do_not_open(self) -> bool:
        """Whether the chamber must stay closed because the cell in it is too cold for the air outside."""
        return self._dew_point is not None and self._dew_point.do_not_open

    def start(self, clock: Clock) -> Worker:
        """Begin to watch, in a worker called ``"watch"``."""
        return clock.spawn("watch", self._run)

    def look(self) -> None:
        """Look once at everything, say what is new, and trip if it has to be."""
        seen = self._seen()
        for check in self._checks:
            try:
                findings = list(check.look(seen))
            except Exception as error:
                log.exception("an interlock could not be checked")
                findings = self._defect(check, error)
            for finding in findings:
                self._take(finding, seen.now)

    def answered(self) -> None:
        """Say that the protocol has let go and the safe state is being reached: nothing is taken over."""
        self._answered.set()
        if self._timer is not None:
            self._timer.cancel()

    def _run(self) -> None:
        clock, every = self._session.clock, watch_every(self._session.file)
        due = clock.now()
        while clock.wait_until(due):
            if not self._answered.is_set():
                self.look()
            due = max(due + every, clock.now())
        self.answered()
        if self.do_not_open:
            message = "the run is over, but the chamber has to stay closed: the cell is still too cold"
            say(self._events, Event("do not open", message, clock.now(), "warning"))

    def _seen(self) -> Look:
        """Return what is known now. What is no finite number is no reading, and becomes stale."""
        latest = self._session.latest
        for symbol in self._symbols:
            value = latest.get(symbol)
            if value is not None and math.isfinite(value):
                self._values[symbol] = value
                self._at[symbol] = latest.at.get(symbol, 0.0)
        return Look(self._session.clock.now(), self._values, self._at, self._session.wanted)

    def _defect(self, check: Check, error: Exception) -> list[Finding]:
        """Say once that a check does not work: what it watches is unguarded from here on."""
        if check in self._broken:
            return []
        self._broken.add(check)
        name = type(check).__name__
        message = f"the interlock {name} does not work and guards nothing ({type(error).__name__}: {error})"
        return [Finding("interlock", message, "alarm", {"check": name})]

    def _take(self, finding: Finding, now: float) -> None:
        data = dict(finding.data) | ({"trips": True} if finding.trips else {})
        say(self._events, Event(finding.kind, finding.message, now, finding.severity, data))
        if not finding.trips:
            return
        self.chamber_guilty = self.chamber_guilty or finding.by_chamber
        if self.reason:
            return
        self.reason = finding.message
        self._session.control.trip(finding.message)
        if not self._answered.is_set():
            self._timer = threading.Timer(self._reaction, self._take_over)
            self._timer.daemon = True
            self._timer.start()

    def _take_over(self) -> None:
        """Take the current off past a protocol that does not answer; runs in wall time."""
        if self._answered.is_set():
            return
        now = self._session.clock.now()
        message = (
            f"the protocol has not let go within {self._reaction:.0f} s; the current is taken off past it"
        )
        say(self._events, Event("taken over", message, now, "alarm"))
        off = CurrentOff(self._session.bench.potentiostat)
        if off.confirmed(PATIENCE):
            say(self._events, Event("safe", "current off, cell at open circuit", now, "alarm"))
            return
        message = f"open circuit could not be confirmed within {PATIENCE:.0f} s; {BY_HAND}"
        say(self._events, Event("not safe", message, now, "alarm"))


def checks(session: Session, folder: Path | None = None) -> list[Check]:
    """Return the checks that a bench and its ``[interlocks]`` table call for, besides the dew point.

    Parameters
    ----------
    session : Session
    folder : Path, optional
        Where free space is looked for.
    """
    file, bench, settings = session.file, session.bench, session.file.interlocks
    wanted: list[Check] = [
        SafetyLimit(VOLTAGE, -settings.highest_voltage, settings.highest_voltage, "the current goes off"),
        SafetyLimit(CURRENT, -settings.highest_current, settings.highest_current, "the current goes off"),
        Staleness(
            VOLTAGE,
            settings.stale_after("E", file.cadence_of("potentiostat")),
            counts=lambda seen: seen.current_flows,
            danger=lambda seen: "a current flows",
        ),
        Unchanged(VOLTAGE, settings.unchanged_voltage),
    ]
    if (chamber := bench.chamber) is not None:
        cadence = file.cadence_of("temperature")
        lowest, highest = settings.lowest_cell_temperature, settings.highest_cell_temperature
        wanted += [
            QualityBand(TEMPERATURE, lambda target: settings.temperature_band),
            SafetyLimit(TEMPERATURE, lowest, highest, "look at the chamber", by_chamber=True),
            Staleness(
                TEMPERATURE,
                settings.stale_after("T", cadence),
                danger=_hot(highest - settings.temperature_margin),
                by_chamber=True,
            ),
            Soak(settings.temperature_band, settings.longest_soak),
            ChamberMessages(chamber, max(cadence, watch_every(file))),
        ]
    if (gauge := bench.gauge) is not None:
        highest = gauge.full_scale if settings.highest_force is None else settings.highest_force
        wanted += [
            QualityBand(FORCE, lambda target: settings.pressure_band * target if target > 0 else math.inf),
            SafetyLimit(FORCE, -highest, highest, "look at the press"),
            Staleness(FORCE, settings.stale_after("F", file.cadence_of("force"))),
        ]
    if folder is not None:
        place = folder
        wanted.append(
            DiskSpace(lambda: float(shutil.disk_usage(place).free), settings.disk_low, settings.disk_full)
        )
    return wanted


def _hot(from_: float) -> Callable[[Look], str]:
    """Return what says that a chamber nobody reads is near the cell's limit, or was told to go there."""

    def danger(seen: Look) -> str:
        hottest = max(seen.values.get("T", 0.0), seen.wanted.get("T", 0.0))
        if hottest < from_:
            return ""
        return f"the chamber is or heats near the cell's limit ({TEMPERATURE.write(hottest)})"

    return danger


def _dew_point(session: Session) -> DewPoint | None:
    settings, chamber = session.file.interlocks, session.bench.chamber
    if chamber is None or (settings.dew_point is None and not settings.dew_point_reading):
        return None
    fresh = settings.stale_after("T", session.file.cadence_of("temperature"))
    return DewPoint(settings, chamber, fresh)
