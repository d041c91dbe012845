"""The activation energy of the interface, from spectra at several temperatures."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrhenius import Arrhenius, arrhenius
from app.conclusions.facts import Facts
from app.conclusions.refused import Refused
from core.records import Floats
from core.units import ZERO_CELSIUS

BAND = 0.1
"""K; half the width of the band that the air of a chamber is anywhere in, where a run does not say."""

LAG = 0.25
"""K; standard error of a cell's temperature against that of the air after a soak. R_bulk + R_gb steady within
0.5 % in 10 min, at 5 % a kelvin, leaves 0.1 K in 10 min, and a cell in its press lags by 25 min."""

THERMOMETER = 0.1
"""K; standard error of all temperatures of a chamber together, assumed: that of a class A resistor."""

ELECTRODES = 0.19
"""Standard deviation of ln R_int between electrodes formed alike, where two of them cannot show it: contacts
are formed to 0.27 ± 0.05 kΩ cm² (Krauskopf et al. 2019)."""

SAME_TEMPERATURE = 2.0
"""K within which temperatures count as one when it is asked how many there are."""


@dataclass(frozen=True, eq=False)
class InterfaceEnergy:
    """The activation energy of R_int, from ln(T/R) over 1/kT.

    Attributes
    ----------
    metal : str
    runs : tuple of int
    temperature : ndarray, shape (n,)
        K.
    resistance, error : ndarray, shape (n,)
        R_int in Ω m² and its standard error; repeats at one temperature are one point.
    line : Arrhenius
        Its energies are in eV.
    electrodes : str
        ``"one electrode"``, or ``"an electrode each"``: then the scatter between electrodes is part
        of the interval.
    true_energy : float or None
        In eV, of the simulated cell by the same line through its true R_int and temperatures.
    """

    metal: str
    runs: tuple[int, ...]
    temperature: Floats
    resistance: Floats
    error: Floats
    line: Arrhenius
    electrodes: str
    true_energy: float | None


@dataclass(frozen=True)
class _Point:
    """R_int in Ω m² at a temperature in K, with a standard error; and what was true, where that is known."""

    run: int
    temperature: float
    resistance: float
    error: float
    true: tuple[float, float] | None


def interface_energies(facts: Sequence[Facts]) -> tuple[list[InterfaceEnergy], list[Refused]]:
    """Derive E_A of the interface: of each electrode taken to several temperatures, and of each metal
    from the electrodes of a temperature series before they were stripped.
    """
    found: list[InterfaceEnergy] = []
    refused: list[Refused] = []
    for fact in facts:
        if fact.protocol == "ArrheniusPeis":
            _energy([fact], _stops(fact), "one electrode", found, refused)
    series: dict[tuple[str, str], list[Facts]] = defaultdict(list)
    for fact in facts:
        if fact.protocol == "TemperatureSeries":
            series[fact.metal, fact.history].append(fact)
    for of_metal in series.values():
        points = [point for fact in of_metal for point in _before_current(fact)]
        _energy(of_metal, points, "an electrode each", found, refused)
    return found, refused


def _energy(
    facts: Sequence[Facts],
    points: Sequence[_Point],
    electrodes: str,
    found: list[InterfaceEnergy],
    refused: list[Refused],
) -> None:
    """Add the energy of some points, or why there is none."""
    runs = tuple(fact.run for fact in facts)
    kelvin = np.array([point.temperature for point in points])
    if len(different(kelvin)) < 2:
        at = ", ".join(f"{each - ZERO_CELSIUS:.0f} °C" for each in different(kelvin)) or "none"
        refused.append(
            Refused(
                f"activation energy of R_int of {facts[0].metal}",
                f"R_int is known at {len(different(kelvin))} temperature(s) ({at}), and a line takes two.",
                "Measure at other temperatures, and take all the runs together.",
                runs,
            )
        )
        return
    resistance, error = (
        np.array([getattr(point, name) for point in points]) for name in ("resistance", "error")
    )
    own = np.hypot(error, ELECTRODES * resistance) if len(points) == 2 and len(facts) > 1 else error
    band = max(float(fact.header.parameters.get("temperature_band", BAND)) for fact in facts)
    line = arrhenius(kelvin, resistance, own, float(np.hypot(band / np.sqrt(3), LAG)), THERMOMETER)
    found.append(
        InterfaceEnergy(
            facts[0].metal, runs, kelvin, resistance, error, line, electrodes, _true_energy(points)
        )
    )


def _true_energy(points: Sequence[_Point]) -> float | None:
    true = np.array([point.true for point in points if point.true is not None])
    if len(true) < len(points) or len(different(true[:, 0])) < 2:
        return None
    return arrhenius(true[:, 0], true[:, 1]).energy


def _stops(fact: Facts) -> list[_Point]:
    """Return the points of a run that went from temperature to temperature, one for each stop."""
    repeats = int(fact.header.parameters.get("repeats", 1))
    points, after = [], -np.inf
    for each in fact.reader.events():
        if each.event.kind == "result" and "temperature_K" in each.event.data:
            time = fact.curves.time
            there = np.flatnonzero((time > after) & (time <= each.event.time))[-repeats:]
            points += _point(fact, there)
            after = each.event.time
    return points


def _before_current(fact: Facts) -> list[_Point]:
    """Return the point of the last spectrum before the current."""
    return _point(fact, np.flatnonzero(fact.curves.time < 0)[-1:]) if fact.began is not None else []


def _point(fact: Facts, rows: Iterable[int]) -> list[_Point]:
    """Put repeats together: their scatter averages out, what the fit's model gets wrong does not."""
    curves = fact.curves
    chosen = np.array([row for row in rows if np.isfinite(curves.resistance_error[row])], dtype=int)
    if not len(chosen):
        return []
    resistance = curves.resistance[chosen]
    scatter = float(np.std(resistance, ddof=1)) / np.sqrt(len(chosen)) if len(chosen) > 1 else 0.0
    error = float(np.hypot(scatter, np.mean(curves.resistance_error[chosen])))
    kelvin = curves.temperature[chosen]
    measured = kelvin[np.isfinite(kelvin)]
    if not len(measured):
        return []
    true = [fact.reader.truth_of(int(curves.spectrum[row])) for row in chosen]
    known = [(each["T"], each["R_int"] * fact.cell.area) for each in true if "T" in each and "R_int" in each]
    mean = np.mean(known, axis=0) if known else None
    return [
        _Point(
            fact.run,
            float(np.mean(measured)),
            float(np.mean(resistance)),
            error,
            None if mean is None else (float(mean[0]), float(mean[1])),
        )
    ]


def different(kelvin: Iterable[float]) -> list[float]:
    """Return temperatures in K that are told from each other, rising."""
    kept: list[float] = []
    for each in sorted(kelvin):
        if not kept or each - kept[-1] > SAME_TEMPERATURE:
            kept.append(each)
    return kept
