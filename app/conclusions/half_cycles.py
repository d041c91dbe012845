"""Critical current density and cycling: what each run came to, with what it means nothing without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.critical_current import critical_density, cumulative_charge
from app.conclusions.facts import MICROAMPERE_CM2, Facts
from app.conclusions.refused import Refused
from core.units import ZERO_CELSIUS

MILLIAMPERE_HOUR_CM2 = 3.6e4
"""C/m² in one mAh/cm²."""


@dataclass(frozen=True)
class CriticalCurrent:
    """A critical current density, with what it means nothing without.

    Attributes
    ----------
    run : int
    metal : str
    value : float or None
        A/m² at which the cell shorted; None where it did not (censored: larger than `held`).
    held : float or None
        The highest in A/m² that did no harm in any of its half cycles; None without one.
    temperature : float or None
        K.
    pressure, pressure_error : float or None
        Pa.
    start, step : float
        Where the ramp began and by how much each step was higher, in A/m²; `value` is no better
        known than by one step.
    capacity : float
        C/m² per half cycle.
    direction : str
        ``"both"``, ``"stripping only"`` or ``"plating only"``.
    shorted_while : str
        Direction of the last half cycle, in words; empty without a short.
    start_resistance : float or None
        R_int(0) in Ω m²; None where it was not resolved.
    cumulative_charge : float
        C/m², of both directions together, until the end.
    half_cycles : int
        Those begun.
    end : str
        How it ended.
    history : str
        What was done to the electrode that is not the usual, in words.
    """

    run: int
    metal: str
    value: float | None
    held: float | None
    temperature: float | None
    pressure: float | None
    pressure_error: float | None
    start: float
    step: float
    capacity: float
    direction: str
    shorted_while: str
    start_resistance: float | None
    cumulative_charge: float
    half_cycles: int
    end: str
    history: str = ""

    @property
    def censored(self) -> bool:
        """Whether the cell did not short, so that its critical current density is larger than `held`."""
        return self.value is None


@dataclass(frozen=True)
class Cycling:
    """What cycling at one current density came to.

    Attributes
    ----------
    run : int
    metal : str
    density, capacity : float
        A/m², and C/m² per half cycle.
    cycles_done, cycles_wanted : int
        Whole cycles that were survived, and those asked for.
    failed : bool
        Whether the cell shorted or lost contact; False means censored.
    temperature, pressure, pressure_error : float or None
        K and Pa.
    start_resistance : float or None
        R_int(0) in Ω m².
    cumulative_charge : float
        C/m², of both directions together, until the end.
    end, history : str
    """

    run: int
    metal: str
    density: float
    capacity: float
    cycles_done: int
    cycles_wanted: int
    failed: bool
    temperature: float | None
    pressure: float | None
    pressure_error: float | None
    start_resistance: float | None
    cumulative_charge: float
    end: str
    history: str = ""


def critical_currents(facts: Sequence[Facts]) -> tuple[list[CriticalCurrent], list[Refused]]:
    """Return what each ramp of current densities came to."""
    found: list[CriticalCurrent] = []
    refused: list[Refused] = []
    for fact in facts:
        if fact.protocol != "CriticalCurrentDensity":
            continue
        said = _said(fact, "critical current density") or _ramp_so_far(fact)
        if said is None:
            refused.append(_unfinished("critical current density", fact))
            continue
        given = fact.header.parameters
        found.append(
            CriticalCurrent(
                fact.run,
                fact.metal,
                _times(said.get("shorted_uA_cm2"), MICROAMPERE_CM2),
                _times(said.get("survived_uA_cm2"), MICROAMPERE_CM2),
                *_under(fact, said),
                float(given["start"]) * MICROAMPERE_CM2,
                float(given["step"]) * MICROAMPERE_CM2,
                float(given["capacity"]) * MILLIAMPERE_HOUR_CM2,
                str(given["direction"]),
                str(said.get("shorted_while") or ""),
                fact.start_resistance,
                _charge(fact),
                int(said["half_cycles"]),
                fact.summary.end_reason,
                fact.history,
            )
        )
    return found, refused


def cyclings(facts: Sequence[Facts]) -> tuple[list[Cycling], list[Refused]]:
    """Return what each cycling came to."""
    found: list[Cycling] = []
    refused: list[Refused] = []
    for fact in facts:
        if fact.protocol != "PlatingStrippingCycling":
            continue
        said = _said(fact, "cycling")
        if said is None:
            refused.append(_unfinished("cycling", fact))
            continue
        done, wanted = int(said["cycles_survived"]), int(fact.header.parameters["cycles"])
        found.append(
            Cycling(
                fact.run,
                fact.metal,
                float(said["current_density_uA_cm2"]) * MICROAMPERE_CM2,
                float(said["capacity_mAh_cm2"]) * MILLIAMPERE_HOUR_CM2,
                done,
                wanted,
                fact.summary.ended in ("shorted", "cut-off"),
                *_under(fact, said),
                fact.start_resistance,
                _charge(fact),
                fact.summary.end_reason,
                fact.history,
            )
        )
    return found, refused


def _said(fact: Facts, name: str) -> Mapping[str, Any] | None:
    """Return what a run concluded under a name; None where it never did."""
    said = [each.event.data for each in fact.reader.events() if each.event.kind == "result"]
    return next((each for each in reversed(said) if each.get("name") == name), None)


def _ramp_so_far(fact: Facts) -> Mapping[str, Any] | None:
    """Return what a ramp that came to no conclusion had survived by then; None where that is nothing.

    Its last half cycle is the one that was broken off, and a current density has survived only once
    all its half cycles have.
    """
    currents = [
        step.parameters["program"]["LimitedConstantCurrent"]["current"]
        for step in fact.reader.steps()
        if step.verb == "geis"
    ]
    densities = [abs(fact.cell.current_density(each)) for each in currents]
    both = fact.header.parameters["direction"] == "both"
    whole = [number // 2 * 2 + 1 < len(densities) - 1 or not both for number in range(len(densities))]
    survived = [number < len(densities) - 1 and whole[number] for number in range(len(densities))]
    held = critical_density(densities, survived, [False] * len(densities)).held
    return None if held is None else {"survived_uA_cm2": held, "half_cycles": len(densities)}


def _unfinished(what: str, fact: Facts) -> Refused:
    return Refused(
        f"{what} of {fact.cell.name}",
        f"run {fact.run} came to no conclusion ({fact.summary.end_reason or fact.summary.state}); "
        f"{_charge(fact) / MILLIAMPERE_HOUR_CM2:.3g} mAh/cm² had passed.",
        "Repeat it with another cell: one that went half the way says little.",
        (fact.run,),
    )


def _charge(fact: Facts) -> float:
    """Return the charge of both directions together in C/m², as read."""
    _, _, charge = fact.reader.readings("Q")
    return cumulative_charge(charge) / fact.cell.area


def _under(fact: Facts, said: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    """Return temperature, pressure and its error; as the run says, else as they were while it went on."""
    celsius = said.get("temperature_C")
    kelvin = fact.temperature if celsius is None else float(celsius) + ZERO_CELSIUS
    return kelvin, fact.pressure, fact.pressure_error


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
