"""At which R_int a run calls its cell depleted."""

import re
from dataclasses import dataclass
from typing import Any

from analysis.normalise import to_reference_temperature
from core.cell import Cell
from core.errors import BadInput
from core.units import parse_quantity
from storage import RunHeader

ICE_POINT = 273.15
"""K at 0 °C."""


@dataclass(frozen=True)
class Criterion:
    """At which R_int a cell counts as depleted.

    Attributes
    ----------
    threshold : float
        Ω, absolute.
    factor : float
        What a measured R_int is multiplied by before it is compared.
    """

    threshold: float
    factor: float = 1.0

    def areal(self, cell: Cell) -> float:
        """The measured R_int in kΩ cm² at which the criterion is met."""
        return cell.areal_resistance(self.threshold / self.factor)


def criterion_of(header: RunHeader) -> Criterion | None:
    """Return the criterion that a run's parameters declare, None if they declare none."""
    given = header.parameters.get("threshold")
    threshold = _threshold(given, header.cell) if isinstance(given, str) else None
    if threshold is None:
        return None
    return Criterion(threshold, _factor(header.parameters))


_USUAL = re.compile(r"(?P<number>\d+(\.\d*)?([eE][+-]?\d+)?) ?(?P<kilo>k?)Ω(?P<areal>[ *·]cm²)?")
"""Thresholds as they are nearly always written. Pint, which knows all units, takes half a second to
begin with, and the first picture of a run waits for that."""


def _threshold(text: str, cell: Cell) -> float | None:
    """Read a threshold: an areal one if its unit says so, else an absolute one. In Ω."""
    if (usual := _USUAL.fullmatch(text)) is not None:
        ohm = float(usual["number"]) * (1e3 if usual["kilo"] else 1.0)
        return ohm * 1e-4 / cell.area if usual["areal"] else ohm
    try:
        return parse_quantity(text, "ohm*m**2") / cell.area
    except BadInput:
        pass
    try:
        return parse_quantity(text, "ohm")
    except BadInput:
        return None


def _factor(parameters: dict[str, Any]) -> float:
    if parameters.get("criterion", "raw") == "raw":
        return 1.0
    kelvin = float(parameters["temperature"]) + ICE_POINT
    return float(to_reference_temperature(1.0, kelvin, activation_energy=parameters["activation_energy"]))
