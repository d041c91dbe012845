"""What is read out at the cursor, and where it steps to: words and numbers, no Qt."""

import math
from dataclasses import dataclass

import numpy as np

from app.window.reading.criterion import ICE_POINT
from app.window.reading.snapshot import Snapshot
from app.window.shown.clock_axis import at_clock
from app.window.shown.contact import position_of
from app.window.shown.format import DASH, clock, error_of, fixed, uncertain
from app.window.shown.tiles import LEAST_MICROFARADS
from app.window.shown.units import Units

LIVE_HINT = "click or drag in a plot, or press ←, to look back"


@dataclass(frozen=True)
class Readout:
    """The slim line above the plots.

    Attributes
    ----------
    chip : str
        What is looked at.
    live : bool
    values : tuple of (str, str)
        Symbols with their values and units.
    decision : str
        What was decided there, empty if nothing.
    """

    chip: str
    live: bool
    values: tuple[tuple[str, str], ...] = ()
    decision: str = ""


def readout(snapshot: Snapshot, cursor: float | None, units: Units) -> Readout:
    """Say what is to be read at a bench time; at None the window is live."""
    if cursor is None:
        return Readout("live" if snapshot.summary.live else "end of the run", True, (), "")
    when = at_clock(cursor, snapshot.summary.started_utc)
    voltage, *others = _readings(snapshot, cursor, units)
    values = (voltage, *_fitted(snapshot, cursor, units), *others, ("t", when))
    way_back = "live" if snapshot.summary.live else "the end"
    return Readout(
        f"selected {clock(cursor)} h — press L for {way_back}", False, values, _decided(snapshot, cursor)
    )


def step(snapshot: Snapshot, cursor: float | None, by: int) -> float | None:
    """Return the bench time of the spectrum before (−1) or after (+1) the cursor; None for live.

    From live the step before leads to the last spectrum, and behind the last one lies live.
    """
    times = _times(snapshot)
    if not len(times):
        return None
    if cursor is None:
        return float(times[-1]) if by < 0 else None
    here = int(np.argmin(np.abs(times - cursor)))
    if here + by >= len(times):
        return None
    return float(times[max(here + by, 0)])


def first(snapshot: Snapshot) -> float | None:
    """Return the bench time of the first spectrum, None without one."""
    times = _times(snapshot)
    return float(times[0]) if len(times) else None


def _times(snapshot: Snapshot) -> np.ndarray:
    times = snapshot.column("time")
    return np.sort(times[np.isfinite(times)])


def _readings(snapshot: Snapshot, cursor: float, units: Units) -> tuple[tuple[str, str], ...]:
    cell = snapshot.header.cell
    at = {name: pyramid.at(cursor) for name, pyramid in snapshot.pyramids.items()}
    charge = (
        position_of(snapshot, cursor, units, against_time=False)
        if snapshot.current_on is not None
        else math.nan
    )
    return (
        ("E", _with_unit(fixed(at.get("E", math.nan), 3), "V")),
        ("Q", _with_unit(fixed(charge, 3), units.charge_unit)),
        ("T", _with_unit(fixed(at.get("T", math.nan) - ICE_POINT, 1), "°C")),
        ("p", _with_unit(fixed(cell.pressure(at.get("F", math.nan)), 2), "MPa")),
    )


def _fitted(snapshot: Snapshot, cursor: float, units: Units) -> tuple[tuple[str, str], ...]:
    """Return R_int and C_int of the fit nearest to the cursor, with their standard errors."""
    times, cell = snapshot.column("time"), snapshot.header.cell
    if not np.any(np.isfinite(times)):
        return ()
    row = int(np.nanargmin(np.abs(times - cursor)))
    found = []
    for name, scale, unit in (
        ("R_int", units.resistance(cell), units.resistance_unit),
        ("C_int", units.capacitance(cell), units.capacitance_unit),
    ):
        value, error = (float(snapshot.column(each)[row]) * scale for each in (name, f"{name}_error"))
        if name == "C_int" and value < LEAST_MICROFARADS:
            value, error, unit = value * 1e3, error * 1e3, unit.replace("µ", "n")
        text = f"{uncertain(value, error)} {error_of(value, error)}".strip()
        found.append((name, _with_unit(text, unit)))
    return tuple(found)


def _with_unit(text: str, unit: str) -> str:
    return text if text == DASH else f"{text} {unit}"


def _decided(snapshot: Snapshot, cursor: float) -> str:
    """Return what was decided between the spectra on both sides of the one that is looked at."""
    times = _times(snapshot)
    if not len(times):
        return ""
    here = int(np.argmin(np.abs(times - cursor)))
    begin = times[here]
    end = times[here + 1] if here + 1 < len(times) else math.inf
    found = [each.decision for each in snapshot.decisions if begin <= each.decision.time < end]
    return "; ".join(f"{each.rule}: {each.outcome}" for each in found[:2])
