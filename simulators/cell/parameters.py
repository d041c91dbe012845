"""Every parameter of the simulated cell: its unit, its default for each anode, where it comes from.

Defaults are chosen so that the cell shows what Krauskopf et al. (2019) measured on Li and Li-Mg
electrodes against garnet electrolyte; what the paper leaves open is a plausible assumption.
"""

import difflib
import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.cell import Cell
from core.errors import BadInput
from core.units import parse_quantity
from simulators import noise
from simulators.cell.forming import forming_pressure_of
from simulators.cell.thermal import activation

METALS: dict[str, dict[str, float]] = {
    "Li": {
        "x0": 0.0,
        "pore_diffusivity": 0.78e-15,
        "hardness": 87e6,
        "full_coverage_pressure": 12e6,
    },
    "Li0.95Mg0.05": {
        "x0": 0.05,
        "pore_diffusivity": 1.85e-15,
        "hardness": 116e6,
        "full_coverage_pressure": 16e6,
    },
    "Li0.9Mg0.1": {
        "x0": 0.10,
        "pore_diffusivity": 20e-15,
        "hardness": 145e6,
        "full_coverage_pressure": 20e6,
    },
}
"""What distinguishes the metals; alloying hardens them and suppresses pores."""

ANNEALING_TIME = 3 * 3600.0
ANNEALING_TEMPERATURE = 443.65
"""Three hours at 10 K below the melting point of lithium, the treatment whose effect is known, in s and K."""


def _quantity(
    default: float,
    unit: str,
    description: str,
    *,
    gt: float | None = None,
    ge: float | None = None,
    lt: float | None = None,
    le: float | None = None,
) -> Any:
    return Field(
        default, description=description, json_schema_extra={"unit": unit}, gt=gt, ge=ge, lt=lt, le=le
    )


class CellParameters(BaseModel):
    """Parameters of one simulated cell, in SI and areal (A/m², Ω m², F/m², C/m²); energies in eV."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    # Working electrode
    x0: float = _quantity(0.0, "", "magnesium fraction of the fresh foil", ge=0, lt=0.6)
    pore_diffusivity: float = _quantity(
        0.78e-15, "m**2/s", "how fast vacancies leave the interface", gt=0, le=1e-9
    )
    hardness: float = _quantity(87e6, "Pa", "pressure that closes gaps between asperities", gt=0)
    full_coverage_pressure: float = _quantity(12e6, "Pa", "pressure that covers the whole electrode", gt=0)
    foil_thickness: float = _quantity(100e-6, "m", "thickness of the foil", gt=1e-6, le=1e-2)
    forming_pressure: float = _quantity(12e6, "Pa", "pressure the contact was made at", ge=1e3)

    # Counter electrode
    counter_x0: float = _quantity(0.0, "", "magnesium fraction of the counter electrode", ge=0, lt=0.6)
    counter_pore_diffusivity: float = _quantity(0.78e-15, "m**2/s", "as pore_diffusivity", gt=0, le=1e-9)
    counter_hardness: float = _quantity(87e6, "Pa", "as hardness", gt=0)
    counter_full_coverage_pressure: float = _quantity(12e6, "Pa", "as full_coverage_pressure", gt=0)
    counter_foil_thickness: float = _quantity(200e-6, "m", "as foil_thickness", gt=1e-6, le=1e-2)
    counter_forming_pressure: float = _quantity(400e6, "Pa", "as forming_pressure", ge=1e3)

    # Transport in the metal
    chemical_diffusivity: float = _quantity(
        9.2e-16, "m**2/s", "of magnesium at x = 0.1 and 25 °C", gt=0, le=1e-9
    )
    beta: float = _quantity(6.0, "", "D falls as exp(−beta (x − 0.1))", ge=0, le=30)
    x_limit: float = _quantity(0.69, "", "magnesium fraction where the beta phase ends", gt=0, lt=1)
    diffusion_energy: float = _quantity(0.31, "eV", "of diffusion in the metal", ge=0, le=3)
    submicron_pore_limit: float = _quantity(
        0.70, "", "most that sub-micrometre pores can take", ge=0, le=0.999
    )
    submicron_pore_power: float = _quantity(4.0, "", "their exponent in the depletion", gt=0, le=20)
    plating_recovery: float = _quantity(
        0.8, "", "contact that plating wins relative to stripping", ge=0, le=1
    )
    ocv_factor: float = _quantity(0.925, "", "U = −factor kT/e ln(1 − x)", ge=0, le=5)

    # Mechanics
    creep_energy: float = _quantity(0.50, "eV", "of creep of the metal", ge=0, le=3)
    pressure_healing: float = _quantity(
        0.037 / 3600 / 1e12, "1/s/Pa**2", "closing of pores by pressure, for lithium", ge=0
    )
    rest_healing: float = _quantity(0.006 / 3600, "1/s", "closing of pores by rest alone", ge=0)
    gap_charge: float = _quantity(0.02 * 3.6e4, "C/m**2", "plated charge that fills the gaps", gt=0)
    creep_growth: float = _quantity(0.01 / 3600, "1/s", "growth of the electrode at 15 MPa", ge=0)
    creep_growth_limit: float = _quantity(0.05, "", "most that the electrode grows", gt=0)
    forming_fast_time: float = _quantity(30.0, "s", "of the fast part of forming", gt=0)
    forming_slow_time: float = _quantity(1800.0, "s", "of the slow part of forming", gt=0)
    forming_fast_share: float = _quantity(0.8, "", "share of the fast part", ge=0, le=1)

    # Interface as seen from outside
    charge_transfer_resistance: float = _quantity(0.8e-4, "ohm*m**2", "of perfect contact", gt=0)
    spreading_resistance: float = _quantity(14.1e-4, "ohm*m**2", "times (1/theta − 1)", gt=0)
    contact_exponent: float = _quantity(0.92, "", "of contact in R_int", gt=0, le=3)
    double_layer_capacitance: float = _quantity(0.1, "F/m**2", "of perfect contact", gt=0)
    interface_alpha: float = _quantity(0.92, "", "exponent of the interface arcs", gt=0.3, le=1)
    interface_energy: float = _quantity(0.37, "eV", "of R_int", ge=0, le=3)

    # Electrolyte
    pellet_thickness: float = _quantity(1.3e-3, "m", "thickness of the pellet", gt=0, le=0.1)
    conductivity: float = _quantity(4.6e-2, "S/m", "of the pellet, bulk and grain boundaries together", gt=0)
    bulk_share: float = _quantity(0.71, "", "of the pellet's resistance", gt=0, lt=1)
    bulk_energy: float = _quantity(0.36, "eV", "of the bulk", ge=0, le=3)
    grain_boundary_energy: float = _quantity(0.40, "eV", "of the grain boundaries", ge=0, le=3)
    bulk_frequency: float = _quantity(40e6, "Hz", "apex of the bulk arc at 25 °C", gt=0)
    grain_boundary_frequency: float = _quantity(600e3, "Hz", "apex of the grain-boundary arc at 25 °C", gt=0)
    grain_boundary_alpha: float = _quantity(0.90, "", "exponent of the grain-boundary arc", gt=0.3, le=1)
    constriction_width: float = _quantity(50e-6, "m", "of the islands of contact", ge=0, le=0.1)
    constriction_capacitance: float = _quantity(2e-4, "F/m**2", "beside the constriction resistance", ge=0)

    # Penetration
    critical_current_density: float = _quantity(2.6, "A/m**2", "local, above which lithium penetrates", gt=0)
    critical_current_energy: float = _quantity(0.15, "eV", "of the critical current density", ge=0, le=3)
    penetration_charge: float = _quantity(0.004 * 3.6e4, "C/m**2", "that crosses the pellet", gt=0)
    short_resistance: float = _quantity(15e-4, "ohm*m**2", "of a short", gt=0)

    # Leads and limits
    inductance: float = _quantity(0.6e-6, "H", "of the leads", ge=0)
    compliance: float = _quantity(20.0, "V", "beyond which the current is no longer held", gt=0, le=1e4)
    warburg_tail: float = _quantity(
        0.0, "", "1: the current also modulates the alloy's surface, a 45° tail; 0: not", ge=0, le=1
    )

    @model_validator(mode="after")
    def _room_for_depletion(self) -> "CellParameters":
        if max(self.x0, self.counter_x0) > 0.95 * self.x_limit:
            raise ValueError(
                f"x0 = {self.x0:g} leaves nothing to strip below x_limit = {self.x_limit:g}; lower x0"
            )
        return self

    @classmethod
    def unit_of(cls, name: str) -> str:
        """Return the unit a parameter is kept in, in pint's notation ('' for a pure number)."""
        extra = cls.model_fields[name].json_schema_extra
        assert isinstance(extra, dict)
        return str(extra["unit"])

    @classmethod
    def for_cell(
        cls, cell: Cell, overrides: Mapping[str, Any] | None = None, seed: int | None = None
    ) -> "CellParameters":
        """Choose the parameters of a cell.

        Parameters
        ----------
        cell : Cell
            Its anode, counter electrode, history and sizes set the defaults.
        overrides : mapping, optional
            Parameters to set instead: numbers in the unit of the parameter, or text with a unit.
        seed : int, optional
            Draws what differs from cell to cell (lead inductance, critical current density);
            without it both are at their mean.

        Raises
        ------
        BadInput
            If an override is not a parameter, or its value impossible.
        """
        given = {name: cls._read(name, value) for name, value in (overrides or {}).items()}
        values = _defaults(cell) | (_scatter(seed) if seed is not None else {}) | given
        if "forming_pressure" not in values:
            values["forming_pressure"] = values["full_coverage_pressure"]
        try:
            parameters = cls(**values)
        except ValidationError as error:
            raise _refusal(cls, error) from None
        resistance = cell.counter.interface_resistance
        if resistance is None or "counter_forming_pressure" in given:
            return parameters
        formed_at = forming_pressure_of(
            max(resistance, 1e-9),
            parameters.counter_hardness,
            parameters.counter_full_coverage_pressure,
            parameters.charge_transfer_resistance,
            parameters.spreading_resistance,
        )
        return parameters.model_copy(update={"counter_forming_pressure": formed_at})

    @classmethod
    def _read(cls, name: str, value: object) -> float:
        if name not in cls.model_fields:
            near = difflib.get_close_matches(name, cls.model_fields, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"it may have: {', '.join(cls.model_fields)}."
            raise BadInput(f"[simulation.cell] {name} = {value!r}: the cell has no such parameter;", remedy)
        unit = cls.unit_of(name)
        if isinstance(value, str):
            try:
                return parse_quantity(value, unit)
            except BadInput as error:
                raise BadInput(f"[simulation.cell] {name} = {error.problem}", error.remedy) from None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise BadInput(
                f"[simulation.cell] {name} = {value!r} is not a finite number;",
                f'write a number{f" in {unit}" if unit else ""}, or text such as "1 {unit}".',
            )
        return float(value)


def _defaults(cell: Cell) -> dict[str, float]:
    working, counter = METALS[cell.anode], METALS[cell.counter.anode]
    values = dict(working) | {f"counter_{name}": value for name, value in counter.items()}
    values["pore_diffusivity"] *= _annealing(cell)
    values["foil_thickness"] = cell.foil_thickness
    values["counter_foil_thickness"] = cell.counter.thickness
    values["counter_forming_pressure"] = cell.counter.forming_pressure
    values["pellet_thickness"] = cell.pellet_thickness
    if cell.history.forming_pressure is not None:
        values["forming_pressure"] = cell.history.forming_pressure
    return values


def _annealing(cell: Cell) -> float:
    """Return what annealing leaves of the pore diffusivity: fewer grain boundaries, fewer sinks."""
    if cell.history.annealed_for is None:
        return 1.0
    at = cell.history.annealed_at or ANNEALING_TEMPERATURE
    energy = 0.5  # grain growth is taken to be as strongly activated as creep
    speed = activation(energy, at) / activation(energy, ANNEALING_TEMPERATURE)
    return float(0.38 ** min(1.0, cell.history.annealed_for / ANNEALING_TIME * speed))


def _scatter(seed: int) -> dict[str, float]:
    inductance = 0.6e-6 + 0.05e-6 * float(noise.normal(seed, "cell/inductance", 0)[0])
    critical = 2.6 * (1.0 + 0.05 * float(noise.normal(seed, "cell/critical current density", 0)[0]))
    return {"inductance": max(inductance, 0.0), "critical_current_density": max(critical, 0.1)}


def _refusal(model: type[CellParameters], error: ValidationError) -> BadInput:
    finding = error.errors()[0]
    name = str(finding["loc"][0]) if finding["loc"] else ""
    message = finding["msg"].removeprefix("Value error, ")
    if not name:
        return BadInput(f"[simulation.cell] {message.rpartition(';')[0]};", message.rpartition("; ")[2] + ".")
    unit = model.unit_of(name)
    return BadInput(
        f"[simulation.cell] {name} = {finding['input']!r}{f' {unit}' if unit else ''} is refused: {message};",
        f"{name} is {model.model_fields[name].description}, by default {model.model_fields[name].default:g}"
        f"{f' {unit}' if unit else ''}.",
    )
