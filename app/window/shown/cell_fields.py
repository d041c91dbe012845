"""The fields of a cell as somebody writes it down: what they are called, their units and their defaults."""

from dataclasses import dataclass
from typing import Any

from core.cell import LITHIUM_FRACTION

NAME, COUNT, FIRST, REMARKS = "name", "count", "counter.working_electrode_number", "remarks"

_PER_UNIT = {"mm": 1e-3, "µm": 1e-6, "cm²": 1e-4, "MPa": 1e6, "h": 3600.0, "kΩ cm²": 0.1}
"""SI of one, for writing values as people do."""
_PINT = {"cm²": "cm**2", "kΩ cm²": "kohm*cm**2"}
_CELSIUS = 273.15


@dataclass(frozen=True)
class CellField:
    """A field.

    Attributes
    ----------
    path : str
        As a cell file has it; also ``"count"`` and ``"remarks"``, which no cell file has.
    label, tip : str
    shown_unit : str
        In which a value is written; empty for words and whole numbers.
    default : str
        What it is where nothing is written.
    choices : tuple of str
        What there is to choose from; empty where anything can be written.
    """

    path: str
    label: str
    tip: str
    shown_unit: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()

    @property
    def in_cell(self) -> bool:
        """Whether it belongs to the cell rather than to its registration."""
        return self.path not in (COUNT, REMARKS)

    @property
    def unit(self) -> str:
        """Its unit as `core.units.parse_quantity` wants it; empty where it has none."""
        return {"°C": "degC"}.get(self.shown_unit, _PINT.get(self.shown_unit, self.shown_unit))

    def text(self, value: Any) -> str:
        """Write a value, in SI, as people do."""
        if self.shown_unit == "°C":
            return f"{value - _CELSIUS:.10g} °C"
        if self.shown_unit:
            return f"{value / _PER_UNIT[self.shown_unit]:.10g} {self.shown_unit}"
        return str(value)


@dataclass(frozen=True)
class CellGroup:
    """Fields that belong together."""

    title: str
    fields: tuple[CellField, ...]


_ANODES = tuple(LITHIUM_FRACTION)

GROUPS = (
    CellGroup("Name", (
        CellField(NAME, "Name", "Must be its own, among all cells and runs of this store.\n"
                  "{n} or {n:02d} is where the number of several cells goes."),
        CellField(COUNT, "How many", "Working electrodes that are pressed one after another on one counter",
                  default="1"),
        CellField(FIRST, "First number n", "Number of the first of them on its counter electrode.\n"
                  "Left empty: the one after the highest that is taken."),
    )),
    CellGroup("Working electrode and pellet", (
        CellField("anode", "Anode", "Metal of the working electrode", choices=_ANODES),
        CellField("electrode_diameter", "Electrode diameter",
                  "A = π d² / 4 normalises current, charge, R and C", "mm"),
        CellField("electrode_area", "or electrode area", "Where it is not a disc, or was measured", "cm²"),
        CellField("pellet_diameter", "Pellet diameter", "A = π d² / 4 normalises force", "mm", "8.3 mm"),
        CellField("pellet_thickness", "Pellet thickness", "Of the solid electrolyte", "mm", "1.3 mm"),
        CellField("foil_thickness", "Foil thickness", "Of the working electrode", "µm", "100 µm"),
    )),
    CellGroup("History of the working electrode", (
        CellField("history.forming_pressure", "Formed at", "Pressure the contact was made at", "MPa"),
        CellField("history.formed_at", "Formed in", "Where, e.g. glovebox press; declared, not commanded"),
        CellField("history.annealed_for", "Annealed for", "How long", "h"),
        CellField("history.annealed_at", "Annealed at", "Temperature", "°C"),
        CellField("history.polishing", "Polishing", "How the pellet was prepared, e.g. SiC grit 1000"),
    )),
    CellGroup("Counter electrode", (
        CellField("counter.anode", "Counter metal", "It stays while working electrodes come and go",
                  default="Li", choices=_ANODES),
        CellField("counter.forming_pressure", "Counter formed at", "Pressure it was made at", "MPa",
                  "400 MPa"),
        CellField("counter.thickness", "Counter thickness", "Of its foil", "µm", "200 µm"),
        CellField("counter.interface_resistance", "Counter R_int", "Its own, areal, when last measured",
                  "kΩ cm²"),
    )),
    CellGroup("Words", (
        CellField("notes", "Notes", "Kept with the cell and with every run that is done to it"),
        CellField(REMARKS, "Remarks", "Kept with this entry of the registry"),
    )),
)  # fmt: skip
BY_PATH = {each.path: each for group in GROUPS for each in group.fields}
