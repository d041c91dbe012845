"""Readings that are taken all through a run, whatever the protocol does: temperature and force."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from app.runner.station import ReadByHand
from core.clock import Clock, Worker
from core.errors import InstrumentError, StoreError
from core.records import Event, Reading
from protocols.session import Session
from storage import Journal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Quantity:
    """One quantity to read: its symbol, the instrument's role, the interval in s, and how.

    With `by_hand` it is no fault that there is nothing to read: nobody has entered it yet.
    """

    symbol: str
    role: str
    interval: float
    read: Callable[[], float]
    by_hand: bool = False


class Reader:
    """Reads one quantity at a fixed cadence and says so when the instrument stops answering."""

    def __init__(self, quantity: Quantity, session: Session, journal: Journal) -> None:
        self._quantity, self._session, self._journal = quantity, session, journal
        self._failing = False

    def start(self, clock: Clock) -> Worker:
        """Start reading in a worker of its own."""
        return clock.spawn(f"read {self._quantity.symbol}", self._run)

    def _run(self) -> None:
        clock, interval = self._session.clock, self._quantity.interval
        due = clock.now()
        while clock.wait_until(due):
            try:
                self._once()
            except StoreError:
                # A store that fails for good ends the run where the protocol writes to it.
                log.exception("a reading of %s could not be kept", self._quantity.symbol)
            due = max(due + interval, clock.now())

    def _once(self) -> None:
        quantity, now = self._quantity, self._session.clock.now()
        try:
            value = quantity.read()
        except Exception as error:
            # Also a defect of a driver: the reading is missing and said to be, the run goes on.
            self._session.latest.pop(quantity.symbol, None)
            if not self._failing and not (quantity.by_hand and isinstance(error, InstrumentError)):
                self._failing = True
                log.exception("reading %s failed", quantity.symbol)
                self._journal.event(Event("instrument", str(error), now, "alarm", {"role": quantity.role}))
                self._journal.instrument_health(quantity.role, "failing", str(error))
            return
        if self._failing:
            self._failing = False
            self._journal.event(Event("instrument", f"the {quantity.role} answers again", now, "info"))
            self._journal.instrument_health(quantity.role, "ok", "")
        self._session.latest.see(now, **{quantity.symbol: value})
        self._journal.readings([Reading(now, quantity.role, quantity.symbol, value)])


def readers(session: Session, journal: Journal) -> list[Reader]:
    """The readers that the bench's instruments call for."""
    bench, file = session.bench, session.file
    wanted = []
    if bench.chamber is not None:
        wanted.append(Quantity("T", "chamber", file.cadence_of("temperature"), bench.chamber.temperature))
    if (gauge := bench.gauge) is not None:
        by_hand = isinstance(gauge, ReadByHand)
        wanted.append(Quantity("F", "gauge", file.cadence_of("force"), lambda: gauge.read().force, by_hand))
    return [Reader(quantity, session, journal) for quantity in wanted]
