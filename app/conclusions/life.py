"""How critical current density, capacity to failure and t₀ are distributed over cells."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.life import Survival, survival
from analysis.normalise import ROOM_TEMPERATURE
from app.conclusions.depletion import Depletion
from app.conclusions.facts import MICROAMPERE_CM2, ZERO_CELSIUS, rounded
from app.conclusions.half_cycles import MILLIAMPERE_HOUR_CM2, CriticalCurrent, Cycling
from app.conclusions.refused import Refused
from core.errors import BadInput

TEMPERATURE_STEP, PRESSURE_STEP = 5.0, 1e6
"""K and Pa; cells of one distribution agree within these."""


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
    for each in currents:
        under = (
            f"{_places(each.temperature, each.pressure)}, {_capacity(each.capacity)} per half cycle, "
            f"{each.direction}, steps of {rounded(each.step / MICROAMPERE_CM2)} µA/cm²"
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
            f"cycle, {_places(one.temperature, one.pressure)}"
        )
        cells[one.metal, "cumulative areal capacity", under].append(
            (one.run, one.cumulative_charge, not one.failed)
        )
    for row_of in depletions:
        treated = f", {row_of.history}" if row_of.history else ""
        under = (
            f"{rounded(abs(row_of.density) / MICROAMPERE_CM2)} µA/cm², "
            f"{_places(row_of.temperature, row_of.pressure)}{treated}, by {_criterion(row_of)}"
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
    near = abs(row.temperature - ROOM_TEMPERATURE) < TEMPERATURE_STEP / 2
    return row.criterion.split(",")[0] if near else row.criterion


def _places(temperature: float | None, pressure: float | None) -> str:
    """Return temperature and stack pressure in words, coarse enough that like cells read alike."""
    kelvin = "temperature unknown"
    if temperature is not None:
        kelvin = f"{round((temperature - ZERO_CELSIUS) / TEMPERATURE_STEP) * TEMPERATURE_STEP:.0f} °C"
    if pressure is None or round(pressure / PRESSURE_STEP) <= 0:
        return f"{kelvin}, no stack pressure"
    return f"{kelvin}, {round(pressure / PRESSURE_STEP)} MPa"
