"""Running techniques: each knows what happens next and lets it happen at its own instant."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from simulators.eclib.faults import Faults
from simulators.eclib.front_end import FrontEnd
from simulators.eclib.memory import Batch, Memory
from simulators.eclib.program import Exit, Impedance, OpenCircuit, Recorded, Steps, Technique
from simulators.eclib.rows import ScalarRows
from simulators.eclib.segment import Segment
from simulators.eclib.sweep import Sweep

LOOK_BACK = 300.0
"""Longest span in s over which points of a sweep are measured in one go."""


@dataclass
class Place:
    """Where and when a technique runs.

    Attributes
    ----------
    front, memory, faults
        Of the channel.
    index, passes : int
        Place in the list and passes of the loop so far.
    start, origin : float
        Start of the technique and of the channel in bench seconds.
    overhead : float
        Dead time of an impedance point in s.
    """

    front: FrontEnd
    memory: Memory
    faults: Faults
    index: int
    passes: int
    start: float
    origin: float
    overhead: float

    def batch(self, technique: Technique, process: int, extra_columns: int = 0) -> Batch:
        """Open a batch of rows for a process of the technique."""
        kind = technique.kind
        return Batch(
            self.index,
            kind.identity,
            process,
            self.passes,
            self.start - self.origin,
            technique.hardware.timebase,
            kind.columns[process] + extra_columns,
        )

    def rows(self, technique: Technique) -> ScalarRows:
        """Open the scalar rows of the technique."""
        extra = technique.hardware.extra & ~0x08  # this bit enables a control input and adds no column
        batch = self.batch(technique, 0, extra.bit_count())
        return ScalarRows(self.front, self.memory, batch, extra, self.start)


class Run(ABC):
    """A technique that runs.

    Attributes
    ----------
    place : Place
    ended : float or None
        When it ended, in bench seconds.
    exit : Exit
        Where it leads to, once it has ended.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.ended: float | None = None
        self.exit = Exit.NEXT_TECHNIQUE

    @property
    @abstractmethod
    def due(self) -> float:
        """When something happens next."""

    @abstractmethod
    def proceed(self, now: float) -> None:
        """Let what is due by `now` happen, one thing or several."""

    @abstractmethod
    def peek(self, now: float) -> None:
        """See whether a limit was met since the last event; `now` lies before `due`."""

    @abstractmethod
    def change(self, technique: Technique, now: float) -> None:
        """Take over new parameters of the same technique file."""

    @property
    def frequency(self) -> float:
        """Frequency in Hz that is measured now; 0 outside a sweep."""
        return 0.0


class OpenCircuitRun(Run):
    """Rests without current."""

    def __init__(self, place: Place, technique: OpenCircuit) -> None:
        super().__init__(place)
        place.front.open(place.start)
        rows = place.rows(technique)
        self._segment = Segment(place.front, rows, technique, place.start, place.start, technique.duration)

    @property
    def due(self) -> float:
        """See `Run`."""
        return self._segment.due

    def proceed(self, now: float) -> None:
        """See `Run`."""
        self._segment.proceed()
        self.ended = self._segment.ended

    def peek(self, now: float) -> None:
        """See `Run`; a rest has no limits."""

    def change(self, technique: Technique, now: float) -> None:
        """See `Run`."""
        assert isinstance(technique, OpenCircuit)
        self._segment.change(technique, technique.duration, (), now)


class StepsRun(Run):
    """Works through steps of constant current or voltage."""

    def __init__(self, place: Place, technique: Steps) -> None:
        super().__init__(place)
        self._technique = technique
        self._rows = place.rows(technique)
        self._number = 0
        self._begin(place.start)

    def _begin(self, time: float) -> None:
        technique, front = self._technique, self.place.front
        step = technique.steps[self._number]
        self._reference = front.reference(time, technique.control) if step.relative else 0.0
        front.control(time, technique.control, self._reference + step.value)
        self._segment = self._new_segment(technique, time)

    def _new_segment(self, technique: Steps, time: float) -> Segment:
        step = technique.steps[self._number]
        return Segment(
            self.place.front,
            self._rows,
            technique,
            self.place.start,
            time,
            step.duration,
            step.tests,
            watches_current=technique.control == "voltage",
        )

    @property
    def due(self) -> float:
        """See `Run`."""
        return self._segment.due

    def proceed(self, now: float) -> None:
        """See `Run`."""
        self._segment.proceed()
        self._follow()

    def peek(self, now: float) -> None:
        """See `Run`."""
        self._segment.peek(now)
        self._follow()

    def _follow(self) -> None:
        ended = self._segment.ended
        if ended is None:
            return
        exit_action = self._technique.steps[self._number].exit if self._segment.limited else Exit.NEXT_STEP
        self._number += 1
        if exit_action is Exit.NEXT_STEP and self._number >= len(self._technique.steps):
            self._rows.cycle += 1
            self._number = 0
            if self._rows.cycle > self._technique.cycles:
                exit_action = Exit.NEXT_TECHNIQUE
        if exit_action is Exit.NEXT_STEP:
            self._begin(ended)
        else:
            self.exit, self.ended = exit_action, ended

    def change(self, technique: Technique, now: float) -> None:
        """See `Run`; a new level of the present step is applied at once."""
        assert isinstance(technique, Steps)
        self._technique = technique
        self._number = min(self._number, len(technique.steps) - 1)
        step = technique.steps[self._number]
        self.place.front.control(now, technique.control, self._reference + step.value)
        self._segment.change(technique, step.duration, step.tests, now)


class ImpedanceRun(Run):
    """Holds the DC level and then sweeps."""

    def __init__(self, place: Place, technique: Impedance) -> None:
        super().__init__(place)
        self._technique = technique
        front, start = place.front, place.start
        reference = front.reference(start, technique.control) if technique.relative else 0.0
        front.control(start, technique.control, reference + technique.level)
        self._hold: Segment | None = None
        self._sweep: Sweep | None = None
        self._batch = place.batch(technique, 1)
        if technique.hold > 0.0:
            self._hold = self._new_hold(technique)
        else:
            self._begin_sweep(start)

    def _new_hold(self, technique: Recorded) -> Segment:
        place, impedance = self.place, self._technique
        return Segment(
            place.front,
            place.rows(technique),
            technique,
            place.start,
            place.start,
            impedance.hold,
            watches_current=impedance.control == "voltage",
        )

    def _begin_sweep(self, time: float) -> None:
        place = self.place
        self._hold = None
        self._sweep = Sweep(place.front, self._technique, time, place.origin, place.overhead)

    @property
    def due(self) -> float:
        """See `Run`."""
        if self._sweep is not None:
            return self._sweep.due
        assert self._hold is not None
        return self._hold.due

    def proceed(self, now: float) -> None:
        """See `Run`."""
        if self._sweep is None:
            assert self._hold is not None
            self._hold.proceed()
            if self._hold.ended is not None:
                self._begin_sweep(self._hold.ended)
            return
        rows = self._sweep.rows_until(now, LOOK_BACK, self.place.faults.nan_ece)
        self.place.memory.append(self._batch, rows)
        if self._sweep.over:
            self.ended = float(self._sweep.finish[-1])

    def peek(self, now: float) -> None:
        """See `Run`; there are no limits during impedance."""

    def change(self, technique: Technique, now: float) -> None:
        """See `Run`; a sweep that has begun ends as planned, the next pass takes the new parameters."""
        assert isinstance(technique, Impedance)
        if self._hold is not None:
            self._technique = technique
            self._hold.change(technique, technique.hold, (), now)

    @property
    def frequency(self) -> float:
        """See `Run`."""
        return self._sweep.present_frequency if self._sweep is not None else 0.0


def begin(place: Place, technique: Technique) -> Run:
    """Start a technique at its place."""
    place.front.configure(technique.hardware)
    if isinstance(technique, OpenCircuit):
        return OpenCircuitRun(place, technique)
    if isinstance(technique, Steps):
        return StepsRun(place, technique)
    assert isinstance(technique, Impedance)
    return ImpedanceRun(place, technique)
