"""The decisions of a run: what a rule concluded, when, from which numbers, and whether it may still act."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.window.reading.commands import OVERRIDE, why_not
from app.window.reading.snapshot import Snapshot
from app.window.shown.format import DASH, MINUS, clock, fixed
from app.window.shown.units import Units
from core.cell import Cell
from storage import StoredDecision

LEFT_OUT = frozenset(
    {"why", "overridden", "acts", "certain", "settle", "quiet", "spread", "before", "ending"}
)
"""Parameters that are said otherwise, or that tune a rule and say nothing of the cell."""


@dataclass(frozen=True)
class DecisionEntry:
    """A decision as it is shown.

    Attributes
    ----------
    id : int
    rule, outcome : str
    when : str
        The time of the run in hours, minutes and seconds.
    time : float
        Bench seconds.
    why : str
        In words, as the rule gave it; empty where it gave none.
    inputs : tuple of (str, str)
        What it was concluded from: names and values with units.
    fits : tuple of int
        Ids of the fits it was made from.
    effect : str
        Whether the bench does something else because of it.
    override : str
        What overriding its rule would do; empty where that makes no sense.
    """

    id: int
    rule: str
    outcome: str
    when: str
    time: float
    why: str
    inputs: tuple[tuple[str, str], ...]
    fits: tuple[int, ...]
    effect: str
    override: str


def decisions(snapshot: Snapshot, units: Units) -> tuple[DecisionEntry, ...]:
    """Return the decisions of a run, oldest first."""
    live = not why_not(snapshot.summary)
    overridden = {
        each.decision.rule for each in snapshot.decisions if "overridden" in each.decision.parameters
    }
    return tuple(
        _entry(each, snapshot.header.cell, units, live and each.decision.rule not in overridden)
        for each in snapshot.decisions
    )


def _entry(stored: StoredDecision, cell: Cell, units: Units, may_override: bool) -> DecisionEntry:
    decision = stored.decision
    parameters = decision.parameters
    only_flags = parameters.get("acts") is False
    return DecisionEntry(
        id=stored.id,
        rule=decision.rule,
        outcome=decision.outcome,
        when=f"{clock(decision.time, with_seconds=True)} h",
        time=decision.time,
        why=str(parameters.get("why") or ""),
        inputs=inputs(parameters, cell, units),
        fits=decision.fits,
        effect=_effect(parameters, decision.changes_bench, only_flags),
        override=OVERRIDE.meaning if may_override and not only_flags else "",
    )


def _effect(parameters: Mapping[str, Any], changes_bench: bool, only_flags: bool) -> str:
    override = parameters.get("overridden")
    if isinstance(override, Mapping):
        return f"Overridden by {override.get('author') or 'the operator'}: it only flags."
    if changes_bench:
        return "The bench does something else because of it."
    return "This rule only flags." if only_flags else "Nothing on the bench changes because of it."


def inputs(parameters: Mapping[str, Any], cell: Cell, units: Units) -> tuple[tuple[str, str], ...]:
    """Return the parameters of a decision as names and values with units; what tunes a rule is left out.

    Parameters
    ----------
    parameters : mapping
        As the rule gave them, SI and absolute.
    cell : Cell
    units : Units
    """
    found: list[tuple[str, str]] = []
    for name, value in _flat(parameters):
        if name not in LEFT_OUT and not name.startswith("_"):
            found.append(_input(name, value, parameters.get("quantity"), cell, units))
    return tuple(found)


def _flat(parameters: Mapping[str, Any]) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in parameters.items():
        if name == "proposal" and isinstance(value, Mapping):
            rows += [(f"proposed {each}", number) for each, number in value.items()]
        elif name == "limit":
            # Two rules call what they watch so: an alternating voltage, and a relative change.
            rows.append(("limit_V" if "E_ac" in parameters else "largest change", value))
        elif not isinstance(value, Mapping):
            rows.append((name, value))
    return rows


def _input(name: str, value: Any, quantity: Any, cell: Cell, units: Units) -> tuple[str, str]:
    if isinstance(value, bool):
        return _label(name), "yes" if value else "no"
    if not isinstance(value, int | float):
        return _label(name), _listed(value)
    if not math.isfinite(value):
        return _label(name), DASH
    if quantity in ("R_int", "R_electrolyte") and name in ("low", "high", "value", "last"):
        return _label(name), _number(value * units.resistance(cell), units.resistance_unit)
    if name in _NAMED:
        return _label(name), _NAMED[name](float(value), cell, units)
    for ending, write in _ENDINGS:
        if name.endswith(ending):
            return _label(name), write(float(value), cell, units)
    return _label(name), _number(float(value), "")


def _listed(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_number(each, "") if isinstance(each, int | float) else str(each) for each in value)
    return DASH if value is None else str(value)


def _number(value: float, unit: str) -> str:
    size = abs(value)
    if size and not 1e-3 <= size < 1e5:
        text = f"{value:.3g}".replace("-", MINUS)
    else:
        text = fixed(value, max(0, 2 - math.floor(math.log10(size))) if size else 0)
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {unit}".rstrip()


def _label(name: str) -> str:
    """Return a parameter's name in words, without the unit it ends with."""
    if name not in _LABELS:
        name = next((name.removesuffix(ending) for ending, _ in _ENDINGS if name.endswith(ending)), name)
    return _LABELS.get(name, name.replace("_", " ") if "_int" not in name else name)


_LABELS = {
    "t_cross": "crossed at",
    "not_before": "not before",
    "not_after": "not after",
    "E_ac": "E, AC",
    "drift_per_s": "drift",
    "drift_stderr_per_s": "± drift",
    "slope_per_s": "slope",
    "slope_stderr_per_s": "± slope",
    "advice": "next pressure",
    "Re_low": "Re Z at the lowest frequency",
    "proposed f_min": "proposed lowest frequency",
    "proposed amplitude": "proposed amplitude",
}

_Write = Callable[[float, Cell, Units], str]


def _resistance(value: float, cell: Cell, units: Units) -> str:
    return _number(value * units.resistance(cell), units.resistance_unit)


def _current(value: float, cell: Cell, units: Units) -> str:
    return _number(value * units.current(cell), units.current_unit)


def _charge(value: float, cell: Cell, units: Units) -> str:
    return _number(value * units.charge(cell), units.charge_unit)


def _percent(value: float, cell: Cell, units: Units) -> str:
    return _number(100 * value, "%")


def _volts(value: float, cell: Cell, units: Units) -> str:
    return _number(value, "V") if abs(value) >= 0.1 else _number(1e3 * value, "mV")


def _of_the_run(value: float, cell: Cell, units: Units) -> str:
    return f"{clock(value, with_seconds=True)} h"


def _per_hour(value: float, cell: Cell, units: Units) -> str:
    return _number(value * 3600 * 100, "% per h")


_NAMED: dict[str, _Write] = {
    "E": _volts,
    "E_ac": _volts,
    "E_open_circuit": _volts,
    "lowest_emf": _volts,
    "highest_emf": _volts,
    "I": _current,
    "Re_low": _resistance,
    "change": _percent,
    "largest change": _percent,
    "share": _percent,
    "fall": _percent,
    "drift_per_s": _per_hour,
    "drift_stderr_per_s": _per_hour,
    "slope_per_s": _per_hour,
    "slope_stderr_per_s": _per_hour,
    "window": lambda value, cell, units: _number(value / 60, "min"),
    "temperature_band": lambda value, cell, units: _number(value, "K"),
    "temperature_K": lambda value, cell, units: _number(value - 273.15, "°C"),
    "reference_temperature_K": lambda value, cell, units: _number(value - 273.15, "°C"),
    "largest_step": lambda value, cell, units: _number(value / 1e6, "MPa"),
    "smallest_step": lambda value, cell, units: _number(value / 1e6, "MPa"),
    "highest": lambda value, cell, units: _number(value / 1e6, "MPa"),
    "proposed f_min": lambda value, cell, units: _number(value, "Hz"),
    "proposed amplitude": _current,
}
"""By the name of a parameter; a rate is that of a relative change."""

_ENDINGS: tuple[tuple[str, _Write], ...] = (
    ("_ohm", _resistance),
    ("_Pa", lambda value, cell, units: _number(value / 1e6, "MPa")),
    ("_V", _volts),
    ("_A", _current),
    ("_C", _charge),
    ("_N", lambda value, cell, units: _number(value, "N")),
    ("_s", _of_the_run),
)
"""By the unit that a parameter's name ends with."""
