"""The live values: what is written large, with which digits, and when it fades."""

import math
from dataclasses import dataclass, replace

import numpy as np

from app.window.reading.criterion import ICE_POINT
from app.window.reading.snapshot import RESERVATIONS, Snapshot
from app.window.shown.depletion import bench_now
from app.window.shown.format import DASH, age, clock, decimals_for, error_of, fixed, uncertain
from app.window.shown.units import Units
from core.records import Floats, RunState, Value

RECENT = 10
"""Intervals that the usual one is taken from."""

SHORTEST_INTERVAL = 10.0
"""s; values that come more often than this are not called old within twice this."""

LEAST_MICROFARADS = 0.01
"""µF/cm² or µF below which a capacitance is written in nF."""

AREAL = Units(areal=True)

FIRST_FIT_INTERVAL = 60.0
"""s; assumed until there are two fits."""


@dataclass(frozen=True)
class Tile:
    """One value of the header.

    Attributes
    ----------
    caption, text, unit : str
    remark : str
        Small, under the value: its uncertainty, its age, or why there is none.
    stale : bool
        Whether it is to fade.
    tip : str
        What it is and where it comes from.
    """

    caption: str
    text: str
    unit: str
    remark: str = ""
    stale: bool = False
    tip: str = ""


def tiles(snapshot: Snapshot, units: Units = AREAL) -> tuple[Tile, ...]:
    """Return the live values in the order of the header.

    Parameters
    ----------
    snapshot : Snapshot
    units : Units
        Areal, as in papers, or absolute, as the instruments measured.
    """
    per = per_area(units)
    area = " × electrode area" if units.areal else ""
    return (
        _reading(
            snapshot, "E", Tile("E", DASH, "V", tip="E_WE − E_CE, as the potentiostat measures it"), units
        ),
        _current(snapshot, units),
        _fitted(
            snapshot,
            "R_int",
            Tile("R_int", DASH, units.resistance_unit, tip=f"Interface resistance{area}, from the last fit"),
            units,
        ),
        _fitted(
            snapshot,
            "C_int",
            Tile(
                "C_int", DASH, f"µF{per}", tip="τ/R = (R^(1−α)Q)^(1/α), Hsu and Mansfeld, from the last fit"
            ),
            units,
        ),
        _charge(snapshot, units),
        _reading(snapshot, "T", Tile("T", DASH, "°C", tip="Chamber"), units),
        _reading(snapshot, "F", Tile("p", DASH, "MPa", tip="Force over the area of the pellet"), units),
        _elapsed(snapshot),
    )


def per_area(units: Units) -> str:
    """Return what is written behind a unit: ``"/cm²"``, or nothing for absolute values."""
    return "/cm²" if units.areal else ""


def empty_tiles(units: Units = AREAL) -> tuple[Tile, ...]:
    """Return the same tiles without values, for a window that has no run."""
    per = per_area(units)
    names = {"E": "V", "i": f"µA{per}", "R_int": units.resistance_unit, "C_int": f"µF{per}", "Q": f"mAh{per}"}
    names |= {"T": "°C", "p": "MPa", "elapsed": "h"}
    return tuple(Tile(caption, DASH, unit, stale=True) for caption, unit in names.items())


def _reading(snapshot: Snapshot, quantity: str, tile: Tile, units: Units) -> Tile:
    trace = snapshot.traces[quantity]
    if not len(trace):
        return replace(tile, remark="not measured", stale=True)
    text = _shown(snapshot, quantity, float(trace[-1, 1]), units)
    return _aged(snapshot, replace(tile, text=text), trace[:, 0])


def _shown(snapshot: Snapshot, quantity: str, value: float, units: Units) -> str:
    cell = snapshot.header.cell
    if quantity == "E":
        return fixed(value, 3)
    if quantity == "T":
        return fixed(value - ICE_POINT, 1)
    if quantity == "F":
        return fixed(cell.pressure(value), 1)
    current = value * units.current(cell)
    three_digits = float(f"{current:.3g}")
    return fixed(current, min(2, decimals_for(three_digits, math.nan)))


def _elapsed(snapshot: Snapshot) -> Tile:
    stale = snapshot.summary.state is RunState.INTERRUPTED
    tip = "Hours and minutes since the run began, in bench time"
    return Tile("elapsed", clock(bench_now(snapshot)), "h", stale=stale, tip=tip)


def _current(snapshot: Snapshot, units: Units) -> Tile:
    """The measured current (density); the word *off* once the current is, for then nobody measures it."""
    over = " over the area of the electrode" if units.areal else ""
    tile = Tile("i", DASH, f"µA{per_area(units)}", tip=f"Measured current{over}; > 0 strips the WE")
    if _is_off(snapshot):
        return replace(tile, text="off", unit="")
    return _reading(snapshot, "I", tile, units)


def _is_off(snapshot: Snapshot) -> bool:
    switched = [each.event for each in snapshot.events if each.event.kind in ("current on", "current off")]
    trace = snapshot.traces["I"]
    since_off = len(switched) > 0 and switched[-1].kind == "current off"
    return since_off and (not len(trace) or bool(trace[-1, 0] <= switched[-1].time))


def _charge(snapshot: Snapshot, units: Units) -> Tile:
    tip = "Charge since the current was switched on, from measured current"
    tile = Tile("Q", DASH, f"mAh{per_area(units)}", tip=tip)
    trace, began = snapshot.traces["Q"], snapshot.current_on
    if began is None or not len(trace):
        return replace(tile, remark="before the current", stale=True)
    passed = trace[-1, 1] - charge_before(trace, began)
    text = fixed(float(passed) * units.charge(snapshot.header.cell), 3)
    tile = replace(tile, text=text)
    return tile if _is_off(snapshot) else _aged(snapshot, tile, trace[:, 0])


def charge_before(trace: Floats, began: float) -> float:
    """Return the charge in C that had been counted when the current was switched on.

    Charge is counted from the begin of the run, so it was none if it had not been read before.
    """
    return float(np.interp(began, trace[:, 0], trace[:, 1], left=0.0))


def _fitted(snapshot: Snapshot, name: str, tile: Tile, units: Units) -> Tile:
    if snapshot.last_fit is None:
        return replace(tile, remark="no fit yet", stale=True)
    fit, cell = snapshot.last_fit.fit, snapshot.header.cell
    scale = units.resistance(cell) if name == "R_int" else units.capacitance(cell)
    value = fit.parameters[name]
    if name == "C_int" and value.value * scale < LEAST_MICROFARADS:
        scale, tile = scale * 1e3, replace(tile, unit=f"nF{per_area(units)}")
    areal = Value(value.value * scale, value.stderr * scale)
    tile = replace(
        tile, text=uncertain(areal.value, areal.stderr), remark=error_of(areal.value, areal.stderr)
    )
    if "below resolution" in fit.flags:
        upper = fit.parameters.get("R_int_upper")
        tile = replace(tile, remark="below resolution")
        if name == "R_int" and upper is not None:
            tile = replace(tile, text=f"< {uncertain(upper.value * scale)}")
    elif reserved := [flag for flag in fit.flags if flag in RESERVATIONS]:
        tile = replace(tile, remark=reserved[0])
    return _aged(snapshot, tile, snapshot.column("time"))


def _aged(snapshot: Snapshot, tile: Tile, times: Floats) -> Tile:
    """Fade a value that is older than twice its interval, and say how old it is."""
    if not snapshot.summary.live:
        return replace(tile, stale=snapshot.summary.state is RunState.INTERRUPTED)
    if not len(times):
        return replace(tile, stale=True)
    old = bench_now(snapshot) - float(times[-1])
    intervals = np.diff(times[-RECENT - 1 :])
    shortest = FIRST_FIT_INTERVAL if not len(intervals) else SHORTEST_INTERVAL
    if old <= 2 * max([shortest, *intervals.tolist()]):
        return tile
    return replace(tile, stale=True, remark=f"{age(old)} old")
