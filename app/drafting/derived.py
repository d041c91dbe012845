"""What the fields of a form come to in absolute numbers, by the formulas that the run itself uses."""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from app.drafting.amounts import currents
from app.drafting.words import with_prefix
from core.cell import Cell
from drivers.abilities import Abilities
from protocols.expected import resistance_at_start
from protocols.galvanostatic import ConstantCurrent
from protocols.parameters import Resistance
from protocols.protocol import Protocol
from protocols.shared_parameters import ImpedanceParameters

DECLARED = frozenset({"declared_forming"})
"""Pressures that are compared with what the cell says, and never made here."""


@dataclass(frozen=True)
class Derived:
    """A quantity that follows from a field.

    Attributes
    ----------
    field : str
        The field it belongs to; empty where it is none.
    label, text : str
        For people, e.g. ``"current"`` and ``"28.3 µA"``.
    value : float or list of float
        The same as numbers, in `unit`.
    unit : str
    """

    field: str
    label: str
    text: str
    value: float | list[float]
    unit: str

    def as_json(self) -> dict[str, Any]:
        """Return it as a table."""
        return asdict(self)


def of_cell(cell: Cell, table: dict[str, Any]) -> list[Derived]:
    """Return both areas, each at the field it follows from."""
    given = "electrode_area" if "electrode_area" in table else "electrode_diameter"
    areas = (
        (given, "electrode area", cell.area),
        ("pellet_diameter", "pellet area", cell.pellet_area),
    )
    return [
        Derived(f"cell.{name}", label, f"{area * 1e4:.4g} cm²", area * 1e4, "cm²")
        for name, label, area in areas
    ]


def of_protocol(built: Protocol, abilities: Abilities, cell: Cell) -> list[Derived]:
    """Return what the parameters of a protocol mean for a cell."""
    found = [each for name in built.declared() for each in _of_parameter(built, name, cell)]
    flowing = currents(built, abilities, cell)
    if flowing:
        found += _of_current(max(flowing, key=lambda each: abs(each.current)), built, cell)
    if isinstance(built, ImpedanceParameters):
        found.append(_of_sweep(built, abilities))
    return found


def _of_parameter(built: Protocol, name: str, cell: Cell) -> Iterator[Derived]:
    value, field = getattr(built, name), f"parameters.{name}"
    if value is None or name in DECLARED:
        return
    if isinstance(value, Resistance):
        yield _one(field, "absolute", value.absolute(cell), "Ω")
        return
    units = getattr(built.declared()[name], "units", None)
    numbers = list(value) if isinstance(value, tuple) else [value]
    if units == "µA/cm²":
        yield _many(field, "current", [cell.current(each) for each in numbers], "A")
    elif units == "mAh/cm²":
        coulombs = [cell.charge(each) for each in numbers]
        yield _many(field, "charge", [each / 3.6 for each in coulombs], "mAh", prefix=False)
        yield _many(field, "charge", coulombs, "C", prefix=False)
    elif units == "MPa":
        yield _many(field, "force", [cell.force(each) for each in numbers], "N", prefix=False)
    elif units == "kΩ cm²":
        yield _many(field, "absolute", [cell.resistance(each) for each in numbers], "Ω")


def _of_current(current: ConstantCurrent, built: Protocol, cell: Cell) -> Iterator[Derived]:
    """Return the alternating part and the cut-off, of the largest current there is."""
    value, unit = with_prefix(current.amplitude, "A")
    field = "parameters.amplitude"
    yield Derived(field, "alternating current", f"{value:.3g} {unit} peak", value, unit)
    millivolts = response_at_start(current, cell) * 1e3
    words = f"about {millivolts:.3g} mV peak"
    yield Derived(field, "AC response at the beginning", words, millivolts, "mV")
    if getattr(built, "cut_off", None) is None:
        yield Derived("parameters.cut_off", "cut-off", f"{current.cut_off:g} V", current.cut_off, "V")


def response_at_start(current: ConstantCurrent, cell: Cell) -> float:
    """Return the alternating voltage in V, peak, that a freshly formed cell answers with."""
    return current.amplitude * resistance_at_start(cell)


def _of_sweep(built: Any, abilities: Abilities) -> Derived:
    planner = abilities.potentiostat
    sweep = built.sweep(planner)
    seconds = planner.sweep_duration(sweep)
    field = "parameters.sweep_time" if "sweep_time" in built.declared() else "parameters.f_min"
    return Derived(field, "a sweep", f"{seconds:.3g} s, {sweep.points} frequencies", seconds, "s")


def of_amounts(amounts: dict[str, Any]) -> Iterator[Derived]:
    """Return how long, how many and how much, as `app.drafting.amounts` found it."""
    if (hours := amounts["hours"]) is not None:
        yield Derived("", "at most", _duration(hours), hours, "h")
        yield Derived("", "ends at the latest", _date(amounts["ends_utc"]), hours, "h")
    if (spectra := amounts["spectra"]) is not None:
        yield Derived("", "spectra at most", str(spectra), float(spectra), "")
    if (room := amounts["disk_bytes"]) is not None:
        value, unit = with_prefix(room, "B")
        yield Derived("", "disk at most", f"{value:.3g} {unit}", room, "B")


def _duration(hours: float) -> str:
    return f"{hours:.3g} h" if hours < 1000 else f"{hours:.0f} h"


def _date(utc: str) -> str:
    return f"{utc[:16].replace('T', ' ')} UTC"


def _one(field: str, label: str, value: float, unit: str) -> Derived:
    return _many(field, label, [value], unit)


def _many(field: str, label: str, values: list[float], unit: str, *, prefix: bool = True) -> Derived:
    """Return one number, or several in one unit."""
    largest = max(values, key=abs)
    shown, unit = with_prefix(largest, unit) if prefix else (largest, unit)
    factor = largest / shown if shown else 1.0
    scaled = [each / factor for each in values]
    text = f"{', '.join(f'{each:.4g}' if math.fabs(each) < 1e4 else f'{each:.0f}' for each in scaled)} {unit}"
    return Derived(field, label, text, scaled if len(scaled) > 1 else scaled[0], unit)
