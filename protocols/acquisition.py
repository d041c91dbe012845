"""Running a program on the potentiostat: polling, watching the cut-off, keeping what was measured."""

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import InstrumentError
from core.records import Reading
from drivers.potentiostat import ChannelState, Live, Poll, Samples, SweepPoints
from drivers.techniques import (
    ConstantCurrent,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Technique,
)
from protocols.control import Aborted, Interlocked, Wish
from protocols.session import Session

REST_VOLTAGE = 2.0
"""V that ranges are planned for at open circuit; Li and its alloys stay within some mV."""

RECORD_EVERY = 10.0
"""s between readings of E, I and Q while nothing happens …"""
RECORD_CHANGE = 5e-3
"""… and the change of E in V that is always recorded."""


class Ending(StrEnum):
    """Why a program ended."""

    PROGRAM = "program"
    LIMIT = "charge or time limit"
    CUT_OFF = "cut-off"
    FIRMWARE = "firmware limit"
    SHORT = "short circuit"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    PAUSED = "paused"
    RESUMED = "resumed"
    CONCLUDED = "concluded"
    ABORTED = "aborted"
    FAILED = "failed"


_ENDED_BY = {
    "pause": Ending.PAUSED,
    "resume": Ending.RESUMED,
    "stop": Ending.STOPPED,
    "skip": Ending.SKIPPED,
    "abort": Ending.ABORTED,
}
_ONE_OF = ("pause", "resume")
"""Of these only one makes sense at a time: a paused run is resumed, a running one paused."""


@dataclass
class Charge:
    """Charge passed, integrated from the current that was measured, in C.

    A row's current is the mean since the row before it, so charge is their product with the time
    between; what was asked for does not enter.
    """

    total: float = 0.0
    _last: float = field(default=0.0, repr=False)

    def begin(self, time: float) -> None:
        """Count from bench second `time` on."""
        self._last = time

    def add(self, time: list[float], current: list[float]) -> list[float]:
        """Add rows; return the charge at each of them. A current that is no number adds nothing."""
        charge = []
        total, last = self.total, self._last
        for t, i in zip(time, current, strict=True):
            if t > last:
                if math.isfinite(i):
                    total += (t - last) * i
                last = t
            charge.append(total)
        self.total, self._last = total, last
        return charge


@dataclass(frozen=True)
class Limits:
    """What ends a program from the host's side, besides the operator.

    Attributes
    ----------
    cut_off : float
        |E| in V.
    charge : float
        |Q| in C from the start of the program.
    seconds : float
        From the start of the program.
    """

    cut_off: float = math.inf
    charge: float = math.inf
    seconds: float = math.inf


class Recording:
    """Keeps E, I and Q of a program as readings, thinned where nothing changes."""

    def __init__(self, session: Session, charge: Charge) -> None:
        self._session = session
        self._charge = charge
        self._last = (-math.inf, math.nan)
        self._newest: tuple[float, float, float, float] | None = None

    def add(self, rows: Samples | SweepPoints, origin: float) -> None:
        """Keep rows whose times count from bench second `origin`."""
        time, voltage, current = (rows.time + origin).tolist(), rows.voltage.tolist(), rows.current.tolist()
        if not time:
            return
        charge = self._charge.add(time, current)
        kept = []
        last_t, last_e = self._last
        for row, (t, e) in enumerate(zip(time, voltage, strict=True)):
            if t - last_t >= RECORD_EVERY or not abs(e - last_e) < RECORD_CHANGE:
                last_t, last_e = t, e
                kept.extend(_readings(t, e, current[row], charge[row]))
        self._newest = (time[-1], voltage[-1], current[-1], charge[-1])
        if kept:
            self._last = (last_t, last_e)
            self._session.recorder.readings(kept)
        self._session.latest.see(time[-1], E=voltage[-1], I=current[-1], Q=self._charge.total)

    @property
    def newest(self) -> tuple[float, float]:
        """E in V and I in A of the newest row; zero before there is one."""
        return (0.0, 0.0) if self._newest is None else self._newest[1:3]

    def close(self) -> None:
        """Keep the last row there was, so that the charge of a program is whole."""
        if self._newest is not None and self._newest[0] != self._last[0]:
            self._session.recorder.readings(_readings(*self._newest))


def _readings(time: float, voltage: float, current: float, charge: float) -> list[Reading]:
    values = (("E", voltage), ("I", current), ("Q", charge))
    return [Reading(time, "potentiostat", quantity, value) for quantity, value in values]


class Acquisition:
    """One program from start to end.

    Parameters
    ----------
    session : Session
    program : sequence of Technique
    e_max : float
        |E| in V that the ranges and the firmware tests are planned for.
    charge : Charge
        Goes on counting from where it stands.
    limits : Limits
        Compared at every poll.
    started : callable
        Called once the channel has started.
    paused : bool
        Whether it only records a pause, which a wish to resume ends.

    Attributes
    ----------
    ending : Ending
        Why it ended, once it has.
    wish : Wish or None
        The operator's wish that ended it; a wish to pause is still to be answered.
    begun : bool
        Whether the channel was started.
    last_pass : int
        Which pass of a looped program the newest row belongs to, from 0.
    origin : float
        Bench second at which the channel was started; the times of rows count from there.
    """

    def __init__(
        self,
        session: Session,
        program: Sequence[Technique],
        e_max: float,
        charge: Charge,
        limits: Limits = Limits(),
        started: Callable[[], None] = lambda: None,
        paused: bool = False,
    ) -> None:
        self._session = session
        self._program = program
        self._e_max = e_max
        self._limits = limits
        self._charge = charge
        self._started = started
        self._paused = paused
        self.ending = Ending.PROGRAM
        self.wish: Wish | None = None
        self.begun = False
        self.last_pass = 0
        self.origin = 0.0
        self._overloaded = False
        self._charge_before = charge.total
        self._galvanostatic = any(
            isinstance(each, ConstantCurrent | LimitedConstantCurrent | GalvanostaticImpedance)
            for each in program
        )

    def rows(self) -> Generator[Samples | SweepPoints]:
        """Start the program and yield its rows until it has ended.

        Leaving the loop early stops the program: current off, open circuit.
        """
        recording = Recording(self._session, self._charge)
        running = False
        try:
            self._session.control.heed()
            running = True
            self._start()
            for poll in self._polls():
                rows: list[Samples | SweepPoints] = list(poll.rows)
                ends = self._ends(poll.live)
                if ends:
                    rows.extend(self._session.bench.potentiostat.stop())
                    running = False
                    self._acknowledge()
                elif poll.live.state is ChannelState.STOPPED:
                    ends, running = True, False
                for batch in rows:
                    recording.add(batch, self.origin)
                    self.last_pass = batch.pass_number
                if ends and self.ending is Ending.PROGRAM:
                    self._name_ending(recording)
                yield from rows
                if ends:
                    return
        except GeneratorExit:
            if running:
                self.ending = Ending.CONCLUDED
            raise
        except (Aborted, Interlocked):
            self.ending = Ending.ABORTED
            raise
        except Exception:
            self.ending = Ending.FAILED
            raise
        finally:
            stopped = not running or self._halt(recording)
            recording.close()
            if stopped:
                # The watch expects E and I to be read for as long as the newest current is not zero.
                self._session.latest.see(self._session.clock.now(), I=0.0)

    def _start(self) -> None:
        session = self._session
        session.bench.potentiostat.start(self._program, self._e_max)
        self.begun = True
        self.origin = session.clock.now()
        self._charge.begin(self.origin)
        self._charge_before = self._charge.total
        self._started()

    def _polls(self) -> Iterator[Poll]:
        """Look at the channel at the bench's cadence."""
        session = self._session
        cadence = session.file.cadence_of("potentiostat")
        due = self.origin
        while True:
            poll = session.bench.potentiostat.poll()
            self._look(poll)
            yield poll
            due = max(due + cadence, session.clock.now())
            session.clock.wait_until(due)

    def _halt(self, recording: Recording) -> bool:
        """Stop a program that is left early; where that fails the runner's safe state comes next."""
        try:
            for batch in self._session.bench.potentiostat.stop():
                recording.add(batch, self.origin)
            self._acknowledge()
        except InstrumentError as error:
            self._session.event("not stopped", str(error), "alarm")
            return False
        return True

    def _look(self, poll: Poll) -> None:
        """Say what a look at the channel brought besides rows."""
        if poll.lost:
            message = f"the potentiostat dropped {poll.lost} rows; charge and spectra may have gaps"
            self._session.event("rows lost", message, "warning")
        if poll.live.overload and not self._overloaded:
            self._overloaded = True
            live = poll.live
            message = f"E or I is beyond its range (E {live.voltage:.4g} V, I {live.current:.4g} A)"
            self._session.event("overload", message, "warning")

    def _ends(self, live: Live) -> bool:
        """Whether the host has to end the program now."""
        if live.state is ChannelState.RUNNING:
            self._session.latest.see(self._session.clock.now(), E=live.voltage, I=live.current)
            if self._galvanostatic and self._session.shorted_by_voltage(live.voltage, live.current):
                self.ending = Ending.SHORT
                return True
            if abs(live.voltage) >= self._limits.cut_off:
                self.ending = Ending.CUT_OFF
                return True
            if (
                abs(self._charge.total - self._charge_before) >= self._limits.charge
                or self._session.clock.now() - self.origin >= self._limits.seconds
            ):
                self.ending = Ending.LIMIT
                return True
        wish = self._session.control.take()
        return wish is not None and self._hear(wish)

    def _hear(self, wish: Wish) -> bool:
        """Whether a wish ends the program; what does not is answered here."""
        if wish.verb == "override":
            self._session.override(wish)
            return False
        contrary = "pause" if self._paused else "resume"
        if wish.verb not in _ENDED_BY or wish.verb == contrary:
            why = "the run is paused already" if self._paused else "nothing is asked, and nothing is paused"
            wish.answer(f"{wish.verb}: nothing done, {why}")
            return False
        self.wish = wish
        if wish.verb == "abort":
            raise Aborted
        self.ending = _ENDED_BY[wish.verb]
        return True

    def _acknowledge(self) -> None:
        """Tell the operator that the current is off; pause and resume are answered by who does them."""
        if self.wish is None or self.wish.verb in _ONE_OF:
            return
        if self.wish.verb == "stop":
            self._session.control.stopped = True
            self.wish.done("current off, cell at open circuit; the step has ended, data kept")
        elif self.wish.verb == "skip":
            self.wish.done("current off, cell at open circuit; the rest of this step is left out")
        else:
            self.wish.done("current off, cell at open circuit; the run ends")

    def _name_ending(self, recording: Recording) -> None:
        """Tell a program that ran out from one that its firmware test ended, by the newest row."""
        voltage, current = recording.newest
        if self._galvanostatic and abs(voltage) >= min(self._limits.cut_off, self._e_max):
            self.ending = Ending.FIRMWARE
            self._session.shorted_by_voltage(voltage, current)
