"""What the plots against time show, in the units of their axes: no Qt."""

import math
from dataclasses import dataclass

import numpy as np

from app.window.reading.criterion import ICE_POINT
from app.window.reading.series import Pyramid
from app.window.reading.snapshot import Snapshot
from app.window.shown.depletion import bench_now, cut_off_of
from core.records import Floats

HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class LongTrace:
    """A trace of any length, in hours and in the unit of its axis.

    Parameters
    ----------
    pyramid : Pyramid
        In bench seconds and SI.
    factor, offset : float
        What is shown is factor × value + offset.
    """

    pyramid: Pyramid
    factor: float = 1.0
    offset: float = 0.0

    def __len__(self) -> int:
        return len(self.pyramid)

    @property
    def first(self) -> float:
        """Hour of the first sample."""
        return self.pyramid.first / HOUR

    @property
    def last(self) -> float:
        """Hour of the last sample."""
        return self.pyramid.last / HOUR

    def between(self, begin: float, end: float, most: int) -> tuple[Floats, Floats]:
        """Return what is to be drawn between two hours, as `Pyramid.between` does."""
        time, value = self.pyramid.between(begin * HOUR, end * HOUR, most)
        return time / HOUR, value * self.factor + self.offset

    def at(self, hour: float) -> float:
        """Return the value of the sample nearest to an hour, nan where there is none."""
        return self.pyramid.at(hour * HOUR) * self.factor + self.offset


@dataclass(frozen=True)
class Target:
    """What was wanted of a condition for a while.

    Attributes
    ----------
    begin, end : float
        h.
    value, tolerance : float
        In the unit of the axis; tolerance nan where none is known.
    """

    begin: float
    end: float
    value: float
    tolerance: float = math.nan


@dataclass(frozen=True, eq=False)
class Traces:
    """E, T and p against time.

    Attributes
    ----------
    voltage, temperature, pressure : LongTrace
        V, °C and MPa.
    cut_off : float or None
        V.
    current_on : float or None
        h.
    flowing : tuple of (float, float)
        Stretches of h in which the current flowed.
    temperatures, pressures : tuple of Target
    why_empty : str
        Why there is no voltage yet; empty if there is.
    """

    voltage: LongTrace
    temperature: LongTrace
    pressure: LongTrace
    cut_off: float | None
    current_on: float | None
    flowing: tuple[tuple[float, float], ...]
    temperatures: tuple[Target, ...]
    pressures: tuple[Target, ...]
    why_empty: str


def traces(snapshot: Snapshot) -> Traces:
    """Return what is drawn against time."""
    pascal = snapshot.header.cell.pressure(1.0)
    voltage = LongTrace(_pyramid(snapshot, "E"))
    missing = "no reading yet" if snapshot.summary.live else "nothing was read"
    return Traces(
        voltage=voltage,
        temperature=LongTrace(_pyramid(snapshot, "T"), offset=-ICE_POINT),
        pressure=LongTrace(_pyramid(snapshot, "F"), factor=pascal),
        cut_off=cut_off_of(snapshot),
        current_on=None if snapshot.current_on is None else snapshot.current_on / HOUR,
        flowing=_flowing(snapshot),
        temperatures=_targets(snapshot, "temperature_C", ""),
        pressures=_targets(snapshot, "pressure_MPa", "tolerance_MPa"),
        why_empty="" if len(voltage) else missing,
    )


def target_line(targets: tuple[Target, ...]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return a line through targets and the edges of their bands: hours, values, low and high.

    Gaps are nan, and so are the edges where no tolerance is known.
    """
    rows: list[tuple[float, float, float, float]] = []
    for each in targets:
        low, high = each.value - each.tolerance, each.value + each.tolerance
        rows += [(each.begin, each.value, low, high), (each.end, each.value, low, high)]
        rows.append((each.end, math.nan, math.nan, math.nan))
    columns = np.array(rows, dtype=float).reshape(-1, 4)
    return columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3]


def _pyramid(snapshot: Snapshot, quantity: str) -> Pyramid:
    return snapshot.pyramids.get(quantity, Pyramid())


def _flowing(snapshot: Snapshot) -> tuple[tuple[float, float], ...]:
    found, began = [], None
    for each in snapshot.events:
        if each.event.kind == "current on" and began is None:
            began = each.event.time
        elif each.event.kind == "current off" and began is not None:
            found.append((began / HOUR, each.event.time / HOUR))
            began = None
    if began is not None:
        found.append((began / HOUR, max(began, bench_now(snapshot)) / HOUR))
    return tuple(found)


def _targets(snapshot: Snapshot, name: str, tolerance: str) -> tuple[Target, ...]:
    """Return what was wanted from the step that asked for it until the next one that does, or the end."""
    steps = [step for step in snapshot.steps if isinstance(step.parameters.get(name), int | float)]
    ends = [step.started for step in steps[1:]] + [max(bench_now(snapshot), 0.0)]
    return tuple(
        Target(
            step.started / HOUR,
            end / HOUR,
            float(step.parameters[name]),
            float(step.parameters.get(tolerance, math.nan)),
        )
        for step, end in zip(steps, ends, strict=False)
    )
