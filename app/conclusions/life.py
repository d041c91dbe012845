"""How critical current density, capacity to failure and t₀ are distributed over cells."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.life import Survival, survival
from app.conclusions.alike import about_room, levels
from app.conclusions.facts import MICROAMPERE_CM2, rounded
from app.conclusions.half_cycles import MILLIAMPERE_HOUR_CM2, CriticalCurrent, Cycling
from app.conclusions.refused import Refused
from app.conclusions.transitions import Depletion
from core.errors import BadInput
from core.units import ZERO_CELSIUS

TEMPERATURE_STEP, PRESSURE_STEP = 5.0, 1e6
"""K and Pa; cells of one distribution agree within these."""

NO_PRESSURE = 0.5e6
"""Pa; less than this is no stack pressure."""


@dataclass(frozen=True)
class Life:
    """How some quantity is distributed over cells that were treated alike.

    Attributes
    ----------
    metal : str
    what : str
        ``"critical current density"`` in A/m², ``"cumulative areal capacity"`` in C/m² or ``"t0"`` in s.
    under : str
        What the cells have in common.
    runs : tuple of int
    values : tuple of float
    censored : tuple of bool
        Whether a cell outlived its value.
    km : Survival
        Estimate of Kaplan and Meier. One cell is no distribution, and it says so.
    """

    metal: str
    what: str
    under: str
    runs: tuple[int, ...]
    values: tuple[float, ...]
    censored: tuple[bool, ...]
    km: Survival


def lives(
    currents: Sequence[CriticalCurrent],
    cycled: Sequence[Cycling] = (),
    depletions: Sequence[Depletion] = (),
) -> tuple[list[Life], list[Refused]]:
    """Estimate how critical current density, capacity to failure and t₀ are distributed over cells.

    Cells belong together that have metal and treatment in common. A cell that did not fail is censored
    at what it was tried with, and not left out.
    """
    cells: dict[tuple[str, str, str], list[tuple[int, float, bool]]] = defaultdict(list)
    refused: list[Refused] = []
    places = _Places([*currents, *cycled, *depletions])
    for each in currents:
        under = (
            f"{places.of(each)}, {_capacity(each.capacity)} per half cycle, "
            f"{each.direction}, from {rounded(each.start / MICROAMPERE_CM2)} in steps of "
            f"{rounded(each.step / MICROAMPERE_CM2)} µA/cm²"
        )
        reached = each.held if each.value is None else each.value
        if reached is None:
            why = f"run {each.run} ended at its first current density without a short ({each.end})."
            refused.append(
                Refused(
                    "life: critical current density",
                    why,
                    "Begin the ramp lower, or form the contacts at a higher pressure.",
                    (each.run,),
                )
            )
        else:
            row = (each.run, reached, each.censored)
            cells[each.metal, "critical current density", under].append(row)
        row = (each.run, each.cumulative_charge, each.censored)
        cells[each.metal, "cumulative areal capacity", f"ramp, {under}"].append(row)
    for one in cycled:
        under = (
            f"cycled at {rounded(one.density / MICROAMPERE_CM2)} µA/cm², {_capacity(one.capacity)} per half "
            f"cycle, {places.of(one)}"
        )
        cells[one.metal, "cumulative areal capacity", under].append(
            (one.run, one.cumulative_charge, not one.failed)
        )
    for row_of in depletions:
        under = (
            f"{rounded(abs(row_of.density) / MICROAMPERE_CM2)} µA/cm², "
            f"{places.of(row_of)}, by {_criterion(row_of)}"
        )
        cells[row_of.metal, "t0", under].append((row_of.run, row_of.time, row_of.censored))
    found: list[Life] = []
    for (metal, what, under), rows in cells.items():
        _life(metal, what, under, rows, found, refused)
    return found, refused


def _life(
    metal: str,
    what: str,
    under: str,
    rows: Sequence[tuple[int, float, bool]],
    found: list[Life],
    refused: list[Refused],
) -> None:
    runs, values, censored = zip(*rows, strict=True)
    try:
        found.append(Life(metal, what, under, runs, values, censored, survival(values, censored)))
    except BadInput as error:
        refused.append(Refused(f"life: {what} of {metal}", error.problem, error.remedy, runs))


def _capacity(charge: float) -> str:
    return f"{charge / MILLIAMPERE_HOUR_CM2:.3g} mAh/cm²"


def _criterion(row: Depletion) -> str:
    """Return by what depletion was told; normalised to 25 °C and raw are one where it was about 25 °C."""
    return row.criterion.split(",")[0] if about_room(row) else row.criterion


class _Places:
    """Temperature, stack pressure and history in words, the same ones for cells that were treated alike."""

    def __init__(self, cells: Sequence[CriticalCurrent | Cycling | Depletion]) -> None:
        self._kelvin = levels(
            (each.temperature for each in cells if each.temperature is not None), TEMPERATURE_STEP
        )
        self._pascal = levels((each.pressure for each in cells if each.pressure is not None), PRESSURE_STEP)

    def of(self, cell: CriticalCurrent | Cycling | Depletion) -> str:
        """Return where a cell was, and what had been done to it."""
        parts = ["temperature unknown"]
        if cell.temperature is not None:
            parts = [f"{self._kelvin[cell.temperature] - ZERO_CELSIUS:.0f} °C".replace("-0 °C", "0 °C")]
        if cell.pressure is None or cell.pressure < NO_PRESSURE:
            parts.append("no stack pressure")
        else:
            parts.append(f"{self._pascal[cell.pressure] / 1e6:.2g} MPa")
        return ", ".join([*parts, cell.history] if cell.history else parts)
