"""What a cell is expected to show, for plans and for choosing ranges; nothing is concluded from it."""

from analysis.circuits.llzo import BULK_ACTIVATION_ENERGY
from analysis.normalise import ROOM_TEMPERATURE, to_reference_temperature
from core.cell import Cell

LLZO_CONDUCTIVITY = 0.046
"""S/m, of dense garnet at 25 °C: 4.6e-4 S/cm (Krauskopf et al. 2019, Experimental)."""

FORMED_INTERFACE = 0.27
"""kΩ cm² that electrodes are pressed to before they are stripped (Krauskopf et al. 2019)."""


def electrolyte_resistance(cell: Cell, celsius: float = 25.0) -> float:
    """Return the resistance in Ω of the pellet under the electrode."""
    at_room = cell.pellet_thickness / (LLZO_CONDUCTIVITY * cell.area)
    kelvin = celsius + 273.15
    return to_reference_temperature(at_room, ROOM_TEMPERATURE, BULK_ACTIVATION_ENERGY, reference=kelvin)


def resistance_at_start(cell: Cell) -> float:
    """Return the whole resistance in Ω of a freshly formed cell at 25 °C."""
    return electrolyte_resistance(cell) + cell.resistance(FORMED_INTERFACE)
