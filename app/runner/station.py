"""The bench of one or of many runs: connected once, with what stands in for it where it is simulated."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol, runtime_checkable

from app.runner.chamber_idle import ChamberIdle
from app.runner.event_sink import EventSink
from core.cell import Cell
from core.clock import Clock, RunClock, Worker
from core.errors import StoreError
from core.files import BenchFile
from core.interlocks import InterlocksFile
from core.records import Event
from core.requests import Answer, Request
from drivers.abilities import Abilities, abilities_of
from drivers.bench import Bench, Doubles, connect
from protocols.desk import Hands
from protocols.known_cell import KnownCell
from protocols.session import Session
from simulators.bench import SimulatedBench

log = logging.getLogger(__name__)

Truth = Callable[[float], dict[str, float]]


@runtime_checkable
class ReadByHand(Protocol):
    """A gauge whose display a person reads."""

    def enter(self, newtons: float) -> None:
        """Take what was read."""

    def forget(self) -> None:
        """The force has changed and nobody has read it yet: another cell is in the press."""


class _WhileItIsOpen:
    """A run's journal for as long as it is open; afterwards the log."""

    def __init__(self, events: EventSink) -> None:
        self._events = events

    def event(self, event: Event) -> object:
        """Keep an event, or log it."""
        try:
            return self._events.event(event)
        except StoreError:
            log.info("after the run: %s", event.message)
            return None


class Station:
    """Owns the instruments of a bench while runs come and go.

    Parameters
    ----------
    file : BenchFile
    clock : Clock
        The bench's own; every run sees it through a `RunClock`.
    cell : Cell
        What is mounted at the beginning, by declaration.
    thin : int
        Of sweeps back to back only every so-manieth is taken: 1 but in a rehearsal.

    Attributes
    ----------
    bench : Bench
        The connected instruments; only there once it is open.
    truth : callable or None
        What the simulated cell really is at a second of the bench's clock; None on a real bench.
    doubtful : bool
        Whether open circuit could not be confirmed at the end of the last run.
    """

    def __init__(self, file: BenchFile, clock: Clock, cell: Cell, thin: int = 1) -> None:
        self.file, self.clock, self.thin = file, clock, thin
        self.mounted = cell
        self.truth: Truth | None = None
        self.doubtful = False
        self.abilities: Abilities = abilities_of(file)
        self._known: dict[str, KnownCell] = {}
        self._simulated: SimulatedBench | None = None
        self._bench: Bench | None = None
        self._idle: Worker | None = None
        self._stack = ExitStack()

    @property
    def bench(self) -> Bench:
        """The connected instruments."""
        if self._bench is None:
            raise RuntimeError("the bench is not connected")
        return self._bench

    @property
    def hands(self) -> Hands | None:
        """The virtual operator, where the bench has one."""
        return self._simulated.operator if self._simulated is not None else None

    def open(self) -> bool:
        """Connect and identify the instruments, unless that has been done.

        Returns
        -------
        bool
            Whether this call did it.

        Raises
        ------
        InstrumentError
            If one cannot be reached; those already open are closed.
        """
        if self._bench is not None:
            return False
        doubles = Doubles()
        if self.file.simulated:
            self._simulated = simulated = SimulatedBench(self.file, self.mounted, self.clock)
            self._stack.callback(simulated.close)
            simulated.start()
            doubles = Doubles(
                simulated.library,
                simulated.chamber_address,
                simulated.gauge_address,
                simulated.press_address,
            )
            self.truth = simulated.truth
        self._bench = connect(self.file, doubles, self.clock.now)
        self._stack.callback(self._bench.close)
        return True

    def known(self, cell: Cell) -> KnownCell:
        """Return what the runs so far have found out about a cell."""
        return self._known.setdefault(cell.name, KnownCell())

    def run_clock(self) -> RunClock:
        """Return the bench's clock, counting from now."""
        return RunClock(self.clock)

    def mount(self, session: Session, timeout: float, working_electrode: str = "") -> Answer:
        """Have the session's cell mounted, unless it is.

        Returns
        -------
        Answer
            ``HOLDS`` where it was mounted already.
        """
        cell = session.cell
        if cell.name == self.mounted.name:
            return Answer.HOLDS
        what = f"{cell.name}, {working_electrode}" if working_electrode else cell.name
        request = Request(
            "mount",
            f"mount {what} in place of {self.mounted.name}",
            cell=cell,
            working_electrode=working_electrode,
            timeout=timeout,
        )
        answer = session.desk.ask(session, request)
        if answer is Answer.ACKNOWLEDGED:
            if self._simulated is not None and self._simulated.mounted.name != cell.name:
                self._simulated.mount(cell)
            self.mounted = cell
            gauge = self.bench.gauge
            if isinstance(gauge, ReadByHand):
                gauge.forget()
            self._known[cell.name] = KnownCell()
        return answer

    def go_idle_later(self, events: EventSink, settings: InterlocksFile) -> None:
        """After a fault: send the chamber to its idle temperature in a while, unless a run begins before."""
        chamber = self.bench.chamber
        if chamber is not None:
            self._idle = ChamberIdle(chamber, _WhileItIsOpen(events), settings).start(self.clock)

    def stay_awake(self) -> None:
        """A run begins: the chamber no longer goes to rest by itself."""
        if self._idle is not None:
            self.clock.stop_worker(self._idle)
            self._idle.join()
            self._idle = None

    def close(self, waiting: Callable[[str], None] = lambda words: None) -> None:
        """Let go of the instruments, once the chamber has gone to rest where it was to. Never raises.

        On a real bench that may take an hour; an interrupt from the keyboard leaves it as it is.

        Parameters
        ----------
        waiting : callable
            Told in words what is waited for, if anything is.
        """
        try:
            if self._idle is not None:
                minutes = self.file.interlocks.idle_after / 60
                waiting(
                    f"the chamber keeps its temperature for {minutes:.0f} min and then goes to rest; "
                    "Ctrl-C leaves it as it is"
                )
                self._idle.join()
        except KeyboardInterrupt:
            log.warning("interrupted before the chamber went to its idle temperature")
            self.stay_awake()
        self._stack.close()
        self._bench = None


def doubles_of(simulated: SimulatedBench) -> Doubles:
    """Return what answers in place of the instruments that a bench file calls simulated."""
    return Doubles(
        simulated.library, simulated.chamber_address, simulated.gauge_address, simulated.press_address
    )
