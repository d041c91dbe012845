"""What the plots of contact show, R_int and C_int, in the units of their axes: plain arrays, no Qt."""

from dataclasses import dataclass, field

import numpy as np

from app.window.reading.series import Pyramid
from app.window.reading.snapshot import Snapshot
from app.window.shown.depletion import project, reached
from app.window.shown.format import uncertain
from app.window.shown.traces import HOUR
from app.window.shown.units import Units
from core.records import Bools, Floats

EMPTY: Floats = np.empty(0)
NORMAL_95 = 1.96
"""Standard errors on either side that hold 95 % of a normal distribution."""

FURTHEST = 1.6
"""A projected depletion is brought into view once it is nearer than this many times what has passed."""


@dataclass(frozen=True, eq=False)
class Course:
    """R_int or C_int as it is drawn; all arrays have shape (n,) and are nan where nothing is known.

    Attributes
    ----------
    value, low, high : ndarray
        The fitted value and its 95 % confidence interval.
    smooth : ndarray
        After smoothing over neighbouring spectra, where that was done.
    label : str
        Of the axis, in rich text.
    heading : str
        Of a column, in plain text.
    """

    value: Floats = field(default_factory=lambda: EMPTY)
    low: Floats = field(default_factory=lambda: EMPTY)
    high: Floats = field(default_factory=lambda: EMPTY)
    smooth: Floats = field(default_factory=lambda: EMPTY)
    label: str = ""
    heading: str = ""


@dataclass(frozen=True, eq=False)
class Contact:
    """R_int and C_int against charge or time.

    Attributes
    ----------
    x : ndarray, shape (n,)
        Charge since the current was switched on, or hours, at the middle of each sweep.
    time : ndarray, shape (n,)
        Bench seconds.
    resistance, capacitance : Course
    reserved : ndarray of bool, shape (n,)
        Fits that nothing is concluded from.
    label, heading : str
        Of the x axis.
    reference : str
        R and C before the current, in words.
    threshold : float or None
        R_int of depletion, in the unit of its axis.
    depletion : tuple of float or None
        x at which depletion was reached, or is projected, with the earliest and latest credible x.
    reach : float or None
        x that is to be in view because of it.
    why_empty : str
        Why nothing is drawn; empty if something is.
    """

    x: Floats
    time: Floats
    resistance: Course
    capacitance: Course
    reserved: Bools
    label: str
    heading: str
    reference: str
    threshold: float | None
    depletion: tuple[float, float, float] | None = None
    reach: float | None = None
    why_empty: str = ""


def contact(
    snapshot: Snapshot, units: Units | None = None, against_time: bool = False, relative: bool = False
) -> Contact:
    """Return R_int and C_int since the current was switched on, or in time over the whole run.

    Parameters
    ----------
    snapshot : Snapshot
    units : Units, optional
        Areal without.
    against_time : bool
        Hours since the begin of the run instead of charge. A run that has ended and never saw a
        current is always shown against time.
    relative : bool
        Over the last fit before the current that can be relied on.
    """
    units, began = Units() if units is None else units, snapshot.current_on
    against_time = against_time or (began is None and not snapshot.summary.live)
    cell, time = snapshot.header.cell, snapshot.column("time")
    chosen = np.ones(len(time), dtype=bool) if against_time else np.zeros(len(time), dtype=bool)
    if began is not None and not against_time:
        chosen = time > began
    before = None if began is None else _reference(snapshot, began)
    scales = units.resistance(cell), units.capacitance(cell)
    divisors = (1.0, 1.0)
    if relative:
        divisors = (np.nan, np.nan) if before is None else (before[0] * scales[0], before[1] * scales[1])
    names = zip(("R", "C"), scales, divisors, (units.resistance_unit, units.capacitance_unit), strict=True)
    courses = [
        _course(snapshot, chosen, name, scale / over, unit, relative) for name, scale, over, unit in names
    ]
    criterion, x = snapshot.criterion, _positions(snapshot, time[chosen], units, against_time)
    depletion = _depletion(snapshot, units, against_time)
    nothing = not np.any(np.isfinite(courses[0].value)) if len(x) else True
    return Contact(
        x=x,
        time=time[chosen],
        resistance=courses[0],
        capacitance=courses[1],
        reserved=snapshot.column("reserved")[chosen] > 0,
        label="<i>t</i> / h" if against_time else f"<i>Q</i> / {units.charge_unit}",
        heading="t / h" if against_time else f"Q / {units.charge_unit}",
        reference=_in_words(snapshot, before, units),
        threshold=None
        if criterion is None
        else criterion.threshold / criterion.factor * scales[0] / divisors[0],
        depletion=depletion,
        reach=_reach(x, depletion),
        why_empty=_why_empty(snapshot, len(x), relative and before is None) if nothing else "",
    )


def _course(snapshot: Snapshot, chosen: Bools, name: str, scale: float, unit: str, relative: bool) -> Course:
    value, error, smooth = (
        snapshot.column(f"{name}_int{suffix}")[chosen] * scale for suffix in ("", "_error", "_smooth")
    )
    symbol = f"<i>{name}</i><sub>int</sub>"
    label = f"{symbol} / <i>{name}</i><sub>0</sub>" if relative else f"{symbol} / {unit}"
    heading = f"{name}_int / {name}_0" if relative else f"{name}_int / {unit}"
    return Course(value, value - NORMAL_95 * error, value + NORMAL_95 * error, smooth, label, heading)


def position_of(snapshot: Snapshot, time: float, units: Units, against_time: bool) -> float:
    """Return where a bench time lies on the x axis of contact; nan where that cannot be said."""
    if not against_time and snapshot.current_on is None and not snapshot.summary.live:
        against_time = True
    return float(_positions(snapshot, np.array([time]), units, against_time)[0])


def _positions(snapshot: Snapshot, time: Floats, units: Units, against_time: bool) -> Floats:
    if against_time:
        return time / HOUR
    return _passed(snapshot, time) * units.charge(snapshot.header.cell)


def _passed(snapshot: Snapshot, time: Floats) -> Floats:
    """Return the charge in C since the current was switched on; nan before that.

    Charge is counted from the begin of the run, so it was none if it had not been read before.
    """
    charge, began = snapshot.pyramids.get("Q", Pyramid()), snapshot.current_on
    if began is None or not len(charge):
        return np.full(len(time), np.nan)
    if began < charge.first:
        early = charge.at(charge.first) * (time - began) / (charge.first - began)
        passed = np.where(time < charge.first, early, charge.along(time))
    else:
        passed = charge.along(time) - charge.along(np.array([began]))
    return np.where(time < began, np.nan, passed)


def _reference(snapshot: Snapshot, began: float) -> tuple[float, float] | None:
    """Return R_int and C_int of the last fit before the current that can be relied on, in Ω and F."""
    before = (snapshot.column("time") <= began) & (snapshot.column("reserved") == 0)
    if not np.any(before):
        return None
    return float(snapshot.column("R_int")[before][-1]), float(snapshot.column("C_int")[before][-1])


def _in_words(snapshot: Snapshot, before: tuple[float, float] | None, units: Units) -> str:
    if snapshot.current_on is None:
        return ""
    if before is None:
        return "no R₀, C₀: no usable PEIS before the current"
    cell = snapshot.header.cell
    resistance, capacitance = before[0] * units.resistance(cell), before[1] * units.capacitance(cell)
    return (
        f"R₀ {uncertain(resistance)} {units.resistance_unit},  "
        f"C₀ {uncertain(capacitance)} {units.capacitance_unit}"
    )


def _depletion(snapshot: Snapshot, units: Units, against_time: bool) -> tuple[float, float, float] | None:
    """Return where depletion was reached or is projected; a charge to come at the mean current so far."""
    began, found = snapshot.current_on, reached(snapshot)
    if began is None:
        return None
    if found is not None:
        x = float(_positions(snapshot, np.array([found[0]]), units, against_time)[0])
        return (x, x, x) if np.isfinite(x) else None
    projection = project(snapshot) if snapshot.summary.live else None
    if projection is None:
        return None
    times = (projection.time, projection.earliest, projection.latest)
    if against_time:
        middle, earliest, latest = (each / HOUR for each in times)
        return middle, earliest, latest
    newest = snapshot.pyramids["Q"].last if "Q" in snapshot.pyramids else began
    if not newest > began:
        return None
    passed = float(_passed(snapshot, np.array([newest]))[0]) * units.charge(snapshot.header.cell)
    middle, earliest, latest = ((each - began) * passed / (newest - began) for each in times)
    return middle, earliest, latest


def _reach(x: Floats, depletion: tuple[float, float, float] | None) -> float | None:
    known = x[np.isfinite(x)]
    if depletion is None or not len(known) or depletion[0] > FURTHEST * known.max():
        return None
    return depletion[0]


def _why_empty(snapshot: Snapshot, fits: int, no_reference: bool) -> str:
    if fits and no_reference:
        return "no R₀, C₀: no usable PEIS before the current"
    if fits:
        return "no fit says anything about the contact"
    if snapshot.current_on is None and len(snapshot.fits):
        return "begins with the current; against time the fits at rest are there"
    if snapshot.current_on is None:
        return "begins with the current"
    return "no fit since the current was switched on" if snapshot.summary.live else "no spectrum was fitted"
