"""The cell: what was mounted, with both of its areas, and conversions between areal and absolute.

Current and resistance are normalised to the *electrode* area, force to the *pellet* area. The
two differ, and mixing them up is the commonest silent error of the field, so the conversions
live here and nowhere else.
"""

import math
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.units import Kelvins, Metres, OhmSquareMetres, Pascals, Seconds, SquareMetres

Anode = Literal["Li", "Li0.95Mg0.05", "Li0.9Mg0.1"]

LITHIUM_FRACTION: dict[str, float] = {"Li": 1.0, "Li0.95Mg0.05": 0.95, "Li0.9Mg0.1": 0.90}

OHM_CM2 = 1e-4
"""Ω m² in one Ω cm²."""


class FileModel(BaseModel):
    """A table in a file: unknown keys are errors, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class CounterElectrode(FileModel):
    """The electrode that stays while working electrodes come and go."""

    anode: Anode = "Li"
    forming_pressure: Pascals = Field(default=400e6, gt=0, description="pressure it was made at")
    thickness: Metres = Field(default=200e-6, gt=0)
    working_electrode_number: int = Field(default=1, ge=1, description="WE n on this counter")
    interface_resistance: OhmSquareMetres | None = Field(
        default=None, ge=0, description="its own R_int when last measured"
    )


class History(FileModel):
    """What was done to the working electrode before it came to the bench."""

    forming_pressure: Pascals | None = Field(
        default=None, gt=0, description="pressure the contact was made at"
    )
    formed_at: str = Field(default="", description="where, e.g. 'glovebox press'; declared, not commanded")
    annealed_for: Seconds | None = Field(default=None, gt=0)
    annealed_at: Kelvins | None = Field(default=None, gt=0)
    polishing: str = ""


class Cell(FileModel):
    """A mounted cell, as its file describes it. All lengths in m, areas in m², pressures in Pa."""

    name: str = Field(min_length=1)
    anode: Anode
    electrode_diameter: Metres | None = Field(default=None, gt=0)
    electrode_area: SquareMetres | None = Field(default=None, gt=0)
    pellet_diameter: Metres = Field(default=8.3e-3, gt=0)
    pellet_thickness: Metres = Field(default=1.3e-3, gt=0)
    foil_thickness: Metres = Field(default=100e-6, gt=0)
    counter: CounterElectrode = CounterElectrode()
    history: History = History()
    notes: str = ""

    @field_validator("name")
    @classmethod
    def _one_line(cls, name: str) -> str:
        if not name.isprintable() or name.strip() != name:
            raise ValueError(f"{name!r} is not a name on one line; use printable characters only")
        return name

    @model_validator(mode="after")
    def _one_electrode_area(self) -> "Cell":
        if (self.electrode_diameter is None) == (self.electrode_area is None):
            raise ValueError("give either electrode_diameter or electrode_area, and not both")
        if self.area > self.pellet_area * (1 + 1e-9):
            raise ValueError(
                f"the electrode ({self.area * 1e4:.4g} cm²) is larger than the pellet "
                f"({self.pellet_area * 1e4:.4g} cm²); check the two diameters"
            )
        return self

    @property
    def area(self) -> float:
        """Electrode area in m²: normalises current, charge, resistance and capacitance."""
        if self.electrode_area is not None:
            return self.electrode_area
        assert self.electrode_diameter is not None
        return math.pi * self.electrode_diameter**2 / 4

    @property
    def pellet_area(self) -> float:
        """Pellet area in m²: normalises force."""
        return math.pi * self.pellet_diameter**2 / 4

    def current(self, density_uA_cm2: float) -> float:
        """Return the absolute current in A for a current density in µA/cm²."""
        return density_uA_cm2 * 1e-2 * self.area

    def current_density(self, current: float) -> float:
        """Return the current density in µA/cm² for a current in A."""
        return current / self.area * 1e2

    def resistance(self, areal_kohm_cm2: float) -> float:
        """Return the absolute resistance in Ω for an areal resistance in kΩ cm²."""
        return areal_kohm_cm2 * 1e3 * OHM_CM2 / self.area

    def areal_resistance(self, resistance: float) -> float:
        """Return the areal resistance in kΩ cm² for a resistance in Ω."""
        return resistance * self.area / OHM_CM2 / 1e3

    def areal_capacitance(self, capacitance: float) -> float:
        """Return the areal capacitance in µF/cm² for a capacitance in F."""
        return capacitance / self.area * 1e2

    def areal_charge(self, charge: float) -> float:
        """Return the areal charge in mAh/cm² for a charge in C."""
        return charge / 3.6 / self.area * 1e-4

    def charge(self, areal_mAh_cm2: float) -> float:
        """Return the charge in C for an areal charge in mAh/cm²."""
        return areal_mAh_cm2 * 3.6 * self.area / 1e-4

    def pressure(self, force: float) -> float:
        """Return the stack pressure in MPa for a force in N."""
        return force / self.pellet_area * 1e-6

    def force(self, pressure_MPa: float) -> float:
        """Return the force in N for a stack pressure in MPa."""
        return pressure_MPa * 1e6 * self.pellet_area
