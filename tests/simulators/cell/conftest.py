from types import SimpleNamespace

import pytest

from core.cell import Cell
from simulators.cell import SimulatedCell

HOUR = 3600.0
NOMINAL = {"critical_current_density": 2.6, "inductance": 0.6e-6}


@pytest.fixture
def lab():
    """Mount simulated cells, strip them, and read them in the units of the field."""

    def describe(anode="Li", forming=None, **history):
        if forming is not None:
            history["forming_pressure"] = f"{forming} MPa"
        table = {"name": "cell", "anode": anode, "electrode_diameter": "6 mm", "history": history}
        return Cell.model_validate(table)

    def mount(anode="Li", *, celsius=25.0, pressure=0.0, forming=None, overrides=None, history=None):
        cell = describe(anode, forming, **(history or {}))
        return SimulatedCell(
            cell,
            NOMINAL | (overrides or {}),
            lambda time: celsius + 273.15,
            lambda time: cell.force(pressure),
        )

    def current(cell, density):
        return density * 1e-2 * cell.area

    def resistance(cell, time):
        return cell.truth(time)["R_int"] * cell.area * 1e4

    def depletion(cell, density, limit=100.0, threshold=10e3, factor=1.0):
        """Strip at `density` in µA/cm² and return when R_int crosses `threshold` in Ω cm², in h."""
        cell.set_current(0.0, current(cell, density))
        late = 0.0
        while resistance(cell, late) * factor < threshold:
            late += 300.0
            if late > limit * HOUR:
                return None
        early = late - 300.0
        while late - early > 0.01:
            middle = 0.5 * (early + late)
            early, late = (middle, late) if resistance(cell, middle) * factor < threshold else (early, middle)
        return late / HOUR

    return SimpleNamespace(
        describe=describe, mount=mount, current=current, resistance=resistance, depletion=depletion
    )
