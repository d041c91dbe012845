"""R_int over stack pressure, and the critical stack pressure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.pressure import PowerLaw, critical_pressure, homologous, power_law
from app.conclusions.facts import GAUGE_ERROR, Facts
from app.conclusions.refused import Refused
from app.conclusions.under_pressure import PressureRow
from core.records import Floats
from core.units import ZERO_CELSIUS

SAME_TEMPERATURE, SAME_DENSITY = 2.0, 0.05
"""K, and share, within which temperatures and current densities count as one."""

SEVERAL_SIGMA = 3.0
"""A pressure of fewer standard errors of the gauge is not told from none."""

ALLOY = (
    "in an alloy R_int also rises because lithium runs out at the interface, which no pressure stops: this "
    "is the pressure that keeps R_int, and not contact alone"
)


@dataclass(frozen=True, eq=False)
class RofP:
    """R_int over stack pressure of one electrode, at pressures where it had become steady.

    Attributes
    ----------
    runs : tuple of int
    metal : str
    pressure : ndarray, shape (n,)
        Pa, as read.
    resistance, error : ndarray, shape (n,)
        R_int in Ω m² and its standard error.
    exponent, exponent_low, exponent_high : float
        R_int ∝ p^exponent, with its 95 % interval.
    law : PowerLaw
        With what the interval rests on.
    density : float or None
        A/m² under which it was measured; None at open circuit.
    unsteady : int
        Pressures that were left out because R_int was still moving there.
    """

    runs: tuple[int, ...]
    metal: str
    pressure: Floats
    resistance: Floats
    error: Floats
    exponent: float
    exponent_low: float
    exponent_high: float
    law: PowerLaw
    density: float | None
    unsteady: int


@dataclass(frozen=True)
class CriticalPressure:
    """Between which stack pressures contact begins to be kept, at one current density and temperature.

    Attributes
    ----------
    metal : str
    density : float
        A/m².
    temperature : float
        K.
    homologous : float or None
        T/T_m; None where the melting temperature of the metal is not known.
    low, high : float or None
        Pa: the highest pressure that did not keep the contact, and the lowest that did; None where
        there is none.
    error : float
        Standard error of both in Pa, by the gauge.
    runs : tuple of int
    why : str
        In words.
    """

    metal: str
    density: float
    temperature: float
    homologous: float | None
    low: float | None
    high: float | None
    error: float
    runs: tuple[int, ...]
    why: str


@dataclass(frozen=True)
class _Tried:
    """One pressure in Pa that was tried, under what, and whether it kept the contact."""

    run: int
    metal: str
    history: str
    density: float
    temperature: float
    pressure: float
    error: float
    kept: bool


def resistance_of_pressure(facts: Sequence[Facts]) -> tuple[list[RofP], list[Refused]]:
    """Draw ln R_int over ln p of each forming and of each staircase of pressures."""
    found: list[RofP] = []
    refused: list[Refused] = []
    for fact in facts:
        if fact.protocol not in ("InterfaceForming", "PressureStaircase"):
            continue
        points, unsteady = _steady_points(fact)
        if len(points) < 2:
            refused.append(
                Refused(
                    f"R_int over pressure of {fact.cell.name}",
                    f"run {fact.run} has {len(points)} pressure(s) at which R_int became steady, "
                    f"{unsteady} at which it did not, and a line takes two.",
                    "Dwell longer at each pressure, or begin at a lower one.",
                    (fact.run,),
                )
            )
            continue
        pressure, resistance, error = (np.array(column) for column in zip(*points, strict=True))
        law = power_law(pressure, resistance, error, GAUGE_ERROR / fact.cell.pellet_area)
        found.append(
            RofP(
                (fact.run,),
                fact.metal,
                pressure,
                resistance,
                error,
                law.exponent,
                law.low,
                law.high,
                law,
                fact.density,
                unsteady,
            )
        )
    return found, refused


def critical_pressures(
    facts: Sequence[Facts], rows: Sequence[PressureRow]
) -> tuple[list[CriticalPressure], list[Refused]]:
    """Bracket the critical stack pressure of each metal, current density and temperature.

    Parameters
    ----------
    facts : sequence of Facts
        Those of staircases of pressures are judged by what each of their steps decided.
    rows : sequence of PressureRow
        As `app.conclusions.under_pressure.pressures` gives them.
    """
    tried = [
        _Tried(
            row.run, row.metal, row.history, row.density, row.temperature,
            max(row.pressure, 0.0) if row.pressed else 0.0, row.pressure_error, row.kept,
        )
        for row in rows
        if row.kept or row.lost
    ]  # fmt: skip
    tried += [step for fact in facts if fact.protocol == "PressureStaircase" for step in _staircase(fact)]
    found: list[CriticalPressure] = []
    refused = [_undecided(row) for row in rows if not row.kept and not row.lost]
    for group in _alike(tried):
        _bracket(group, found, refused)
    return found, refused


def _undecided(row: PressureRow) -> Refused:
    return Refused(
        f"critical stack pressure of {row.metal}",
        f"in run {row.run} at {row.pressure / 1e6:.1f} MPa R_int was neither steady at the end nor told to "
        f"rise: {row.why}.",
        "Strip for longer; until then it counts on neither side.",
        (row.run,),
    )


def _bracket(group: Sequence[_Tried], found: list[CriticalPressure], refused: list[Refused]) -> None:
    runs = tuple(sorted({each.run for each in group}))
    metal, temperature = group[0].metal, float(np.mean([each.temperature for each in group]))
    bracket = critical_pressure([each.pressure for each in group], [each.kept for each in group])
    low, high = bracket.low, bracket.high
    if not bracket.consistent and low is not None and high is not None:
        refused.append(
            Refused(
                f"critical stack pressure of {metal}",
                f"at {temperature - ZERO_CELSIUS:.0f} °C contact was kept at {high / 1e6:.1f} MPa and lost "
                f"at {low / 1e6:.1f} MPa.",
                "Repeat both; the electrodes differ by more than the pressure does.",
                runs,
            )
        )
        return
    if low is not None and high is not None:
        why = f"contact was kept at {high / 1e6:.1f} MPa and not at {low / 1e6:.1f} MPa"
    elif high is not None:
        why = f"every pressure kept the contact, the lowest at {high / 1e6:.1f} MPa"
    else:
        why = f"no pressure kept the contact, the highest at {(low or 0.0) / 1e6:.1f} MPa"
    if metal != "Li" and low is not None:
        why += f"; {ALLOY}"
    found.append(
        CriticalPressure(
            metal,
            float(np.mean([each.density for each in group])),
            temperature,
            homologous(metal, temperature),
            low,
            high,
            max(each.error for each in group),
            runs,
            why,
        )
    )


def _alike(tried: Sequence[_Tried]) -> list[list[_Tried]]:
    """Sort what was tried into groups of one metal, history, current density and temperature each."""
    groups: list[list[_Tried]] = []
    for each in sorted(tried, key=lambda one: (one.metal, one.history, one.density, one.temperature)):
        for group in groups:
            first = group[0]
            if (
                (first.metal, first.history) == (each.metal, each.history)
                and abs(each.density - first.density) <= SAME_DENSITY * abs(first.density)
                and abs(each.temperature - first.temperature) <= SAME_TEMPERATURE
            ):
                group.append(each)
                break
        else:
            groups.append([each])
    return groups


def _staircase(fact: Facts) -> list[_Tried]:
    """Return the pressures of a staircase, by the decisions of its steps."""
    steps = []
    for each in fact.reader.events():
        said = each.event.data
        if each.event.kind != "result" or said.get("name") != "pressure step":
            continue
        pascal, celsius = said.get("pressure_MPa"), said.get("temperature_C")
        if pascal is None or celsius is None:
            continue
        steps.append(
            _Tried(
                fact.run,
                fact.metal,
                fact.history,
                said["current_density_uA_cm2"] * 1e-2,
                celsius + ZERO_CELSIUS,
                max(pascal, 0.0) * 1e6,
                GAUGE_ERROR / fact.cell.pellet_area,
                said["contact"] == "holds",
            )
        )
    return steps


def _steady_points(fact: Facts) -> tuple[list[tuple[float, float, float]], int]:
    """Return pressure, R_int and its error where R_int became steady, and how often it did not."""
    pressed = [step for step in fact.reader.steps() if step.verb == "press" and step.ended is not None]
    steady = [
        each.decision.time
        for each in fact.reader.decisions()
        if each.decision.rule == "steadiness"
        and each.decision.outcome == "steady"
        and each.decision.parameters.get("quantity") == "R_int"
    ]
    curves = fact.curves
    time = curves.time + (fact.began or 0.0)
    points, unsteady = [], 0
    for number, step in enumerate(pressed):
        until = pressed[number + 1].started if number + 1 < len(pressed) else np.inf
        since = step.ended or 0.0
        there = np.flatnonzero((time > since) & (time < until) & np.isfinite(curves.pressure))
        if not len(there) or curves.pressure[there[-1]] < SEVERAL_SIGMA * GAUGE_ERROR / fact.cell.pellet_area:
            continue
        if not any(since < moment < until for moment in steady):
            unsteady += 1
            continue
        last = there[-1]
        points.append(
            (
                float(np.mean(curves.pressure[there])),
                float(curves.resistance[last]),
                float(curves.resistance_error[last]),
            )
        )
    return points, unsteady
