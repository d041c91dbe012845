"""Running a program on the potentiostat: polling, watching the cut-off, keeping what was measured."""

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum

from core.records import Reading
from drivers.potentiostat import ChannelState, Live, Samples, SweepPoints
from drivers.techniques import Technique
from protocols.control import Aborted, Wish
from protocols.session import Session

RECORD_EVERY = 10.0
"""s between readings of E, I and Q while nothing happens …"""
RECORD_CHANGE = 5e-3
"""… and the change of E in V that is always recorded."""


class Ending(StrEnum):
    """Why a program ended."""

    PROGRAM = "program"
    CUT_OFF = "cut-off"
    FIRMWARE = "firmware limit"
    STOPPED = "stopped"
    PAUSED = "paused"
    CONCLUDED = "concluded"


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
        """Add rows; return the charge at each of them."""
        charge = []
        for t, i in zip(time, current, strict=True):
            self.total += max(0.0, t - self._last) * i
            self._last = t
            charge.append(self.total)
        return charge


class Recording:
    """Keeps E, I and Q of a program as readings, thinned where nothing changes."""

    def __init__(self, session: Session, charge: Charge) -> None:
        self._session = session
        self._charge = charge
        self._last = (-math.inf, math.nan)

    def add(self, rows: Samples | SweepPoints, origin: float) -> None:
        """Keep rows whose times count from bench second `origin`."""
        time, voltage, current = (rows.time + origin).tolist(), rows.voltage.tolist(), rows.current.tolist()
        charge = self._charge.add(time, current)
        kept = []
        for t, e, i, q in zip(time, voltage, current, charge, strict=True):
            last_t, last_e = self._last
            if t - last_t >= RECORD_EVERY or not abs(e - last_e) < RECORD_CHANGE:
                self._last = (t, e)
                for quantity, value in (("E", e), ("I", i), ("Q", q)):
                    kept.append(Reading(t, "potentiostat", quantity, value))
        if kept:
            self._session.recorder.readings(kept)
        if voltage:
            self._session.latest.update(E=voltage[-1], I=current[-1], Q=self._charge.total)


class Acquisition:
    """One program from start to end.

    Parameters
    ----------
    session : Session
    program : sequence of Technique
    e_max : float
        |E| in V that the ranges and the firmware tests are planned for.
    cut_off : float, optional
        |E| in V at which the host ends the program; not watched when None.
    charge : Charge
        Goes on counting from where it stands.

    Attributes
    ----------
    ending : Ending
        Why it ended, once it has.
    wish : Wish or None
        The operator's wish that ended it, still to be answered.
    origin : float
        Bench second at which the channel was started; the times of rows count from there.
    """

    def __init__(
        self,
        session: Session,
        program: Sequence[Technique],
        e_max: float,
        charge: Charge,
        cut_off: float | None = None,
    ) -> None:
        self._session = session
        self._program = program
        self._e_max = e_max
        self._cut_off = cut_off
        self._charge = charge
        self.ending = Ending.PROGRAM
        self.wish: Wish | None = None
        self.origin = 0.0

    def rows(self) -> Generator[Samples | SweepPoints]:
        """Start the program and yield its rows until it has ended.

        Leaving the loop early stops the program: current off, open circuit.
        """
        session, potentiostat = self._session, self._session.bench.potentiostat
        recording = Recording(session, self._charge)
        potentiostat.start(self._program, self._e_max)
        running = True
        self.origin = session.clock.now()
        self._charge.begin(self.origin)
        cadence = session.file.cadence_of("potentiostat")
        due = self.origin
        try:
            while running:
                poll = potentiostat.poll()
                if poll.lost:
                    session.event("rows lost", f"the potentiostat dropped {poll.lost} rows", "warning")
                rows: list[Samples | SweepPoints] = list(poll.rows)
                if self._ends(poll.live):
                    rows.extend(potentiostat.stop())
                    running = False
                elif poll.live.state is ChannelState.STOPPED:
                    running = False
                    self._name_ending()
                for batch in rows:
                    recording.add(batch, self.origin)
                    yield batch
                if running:
                    due = max(due + cadence, session.clock.now())
                    session.clock.wait_until(due)
        except GeneratorExit:
            self.ending = Ending.CONCLUDED
            raise
        finally:
            if running:
                for batch in potentiostat.stop():
                    recording.add(batch, self.origin)

    def _ends(self, live: Live) -> bool:
        """Whether the host has to end the program now."""
        if (
            live.state is ChannelState.RUNNING
            and self._cut_off is not None
            and abs(live.voltage) >= self._cut_off
        ):
            self.ending = Ending.CUT_OFF
            return True
        wish = self._session.control.take()
        if wish is None:
            return False
        if wish.verb == "resume":
            wish.answer("resume: nothing done, the run is not paused")
            return False
        if wish.verb == "abort":
            self.wish = wish
            raise Aborted
        self.wish = wish
        self.ending = Ending.PAUSED if wish.verb == "pause" else Ending.STOPPED
        return True

    def _name_ending(self) -> None:
        """Tell a program that ran out from one that its firmware test ended."""
        latest = abs(self._session.latest.get("E", 0.0))
        limit = self._cut_off if self._cut_off is not None else self._e_max
        self.ending = Ending.FIRMWARE if latest >= limit else Ending.PROGRAM


def run_rows(acquisition: Acquisition, each: Callable[[Samples | SweepPoints], object]) -> Ending:
    """Run a program to its end, handing every batch of rows to `each`; return why it ended."""
    with closing(acquisition.rows()) as rows:
        for batch in rows:
            each(batch)
    return acquisition.ending
