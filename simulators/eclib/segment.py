"""A stretch of time with one controlled value: its rows, its limits and its end."""

import math

from simulators.eclib.front_end import FrontEnd
from simulators.eclib.limits import first_tick, limits_met
from simulators.eclib.program import Recorded, Test
from simulators.eclib.rows import ScalarRows

WATCH_INTERVAL = 0.25
"""Seconds between looks at a limit; the crossing itself is found to the tick."""


class Segment:
    """Rest, hold or step of a technique.

    The firmware tests its limits at every tick. Here they are looked at where something else
    happens, at least every `WATCH_INTERVAL`, and a crossing in between is found by bisection; so the
    outcome does not depend on who looks on and when.

    Parameters
    ----------
    front : FrontEnd
    rows : ScalarRows
    technique : Recorded
    origin : float
        Start of the technique in bench seconds; ticks count from here.
    begin : float
        Start of the segment.
    duration : float
        Its length in s; never less than one tick.
    tests : tuple of Test
    watches_current : bool
        Whether a row is made on a change of I instead of E.

    Attributes
    ----------
    ended : float or None
        When the segment ended.
    limited : bool
        Whether a limit ended it.
    """

    def __init__(
        self,
        front: FrontEnd,
        rows: ScalarRows,
        technique: Recorded,
        origin: float,
        begin: float,
        duration: float,
        tests: tuple[Test, ...] = (),
        watches_current: bool = False,
    ) -> None:
        self._front, self._rows, self._technique = front, rows, technique
        self._origin, self._begin, self._tests = origin, begin, tests
        self._tick = technique.hardware.timebase
        self._watches_current = watches_current
        self._end = begin + max(duration, self._tick)
        self._looked = self._whole_ticks(begin)
        self._recorded = self._watched = 0
        self._latest = begin
        self.ended: float | None = None
        self.limited = False
        rows.record(begin)

    @property
    def due(self) -> float:
        """Time of the next thing to happen."""
        due = min(self._end, self._next_row())
        if self._tests or self._technique.record_change > 0.0:
            due = min(due, self._next_look())
        return max(due, self._latest)

    def proceed(self) -> None:
        """Let the next thing happen."""
        time = self.due
        self.peek(time)
        if self.ended is not None:
            return
        self._latest = time
        if time >= self._next_look():
            self._watched += 1
        if time >= self._end:
            self._finish(time)
        elif time >= self._next_row():
            self._recorded += 1
            if time > self._rows.last_time:
                self._rows.record(time)

    def peek(self, time: float) -> None:
        """Look at the limits up to `time`, which is not later than `due`."""
        if not self._tests and self._technique.record_change <= 0.0:
            return
        until = self._whole_ticks(time)
        crossing = None
        if self._tests:
            crossing = first_tick(self._met, self._looked, until)
        if time >= self.due or crossing is not None:
            self._record_changes(until if crossing is None else crossing)
            self._looked = until
        if crossing is not None:
            self.limited = True
            self._finish(self._time(crossing))

    def change(self, technique: Recorded, duration: float, tests: tuple[Test, ...], time: float) -> None:
        """Take over new parameters at `time`."""
        self._technique, self._tests = technique, tests
        self._end = self._begin + max(duration, self._tick)
        self._latest = max(self._latest, time)
        # A row interval starts anew: rows that a shorter one would have made before are not made up for.
        interval = self._interval()
        self._recorded = math.floor((time - self._begin) / interval) if math.isfinite(interval) else 0
        self._watched = 1 + math.floor((time - self._begin) / WATCH_INTERVAL)

    def _interval(self) -> float:
        technique = self._technique
        if technique.record_dt <= 0.0 and technique.record_change > 0.0:
            return math.inf
        return max(technique.record_dt, self._tick)

    def _next_row(self) -> float:
        return self._begin + (self._recorded + 1) * self._interval()

    def _next_look(self) -> float:
        return self._begin + (WATCH_INTERVAL * self._watched if self._watched else self._tick)

    def _whole_ticks(self, time: float) -> int:
        return math.floor((time - self._origin) / self._tick + 1e-6)

    def _time(self, tick: int) -> float:
        return self._origin + tick * self._tick

    def _met(self, tick: int) -> bool:
        return limits_met(self._tests, self._front, self._time(tick))

    def _changed(self, tick: int) -> bool:
        time = self._time(tick)
        if self._watches_current:
            difference = self._front.current(time) - self._rows.last_current
        else:
            difference = self._front.voltage(time) - self._rows.last_voltage
        return abs(difference) >= self._technique.record_change

    def _record_changes(self, until: int) -> None:
        if self._technique.record_change <= 0.0:
            return
        after = self._looked
        while (tick := first_tick(self._changed, after, until)) is not None:
            self._rows.record(self._time(tick))
            after = tick

    def _finish(self, time: float) -> None:
        if time > self._rows.last_time:
            self._rows.record(time)
        self.ended = time
