"""What captions and legends say: metals, conditions, numbers with what is known of their error."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.figures.style import METALS
from core.units import ZERO_CELSIUS

if TYPE_CHECKING:
    from app.conclusions.facts import Facts

KILO_OHM_CM2 = 10.0
MICRO_FARAD_CM2 = 100.0
MAH_CM2 = 1 / 3.6e4
MICRO_AMPERE_CM2 = 100.0
HOUR = 1 / 3600.0
MEGA_PASCAL = 1e-6
CM2 = 1e4
"""Factors from the areal SI unit to the unit in which figures show it (`CM2` also from m²/s to cm²/s)."""

TIME, CHARGE, NORMALISED = r"$t$ / h", r"$Q$ / mAh cm$^{-2}$", r"$Q$ / $Q(t_0)$"
VOLTAGE = r"$E$ / V"
RESISTANCE, CAPACITANCE = r"$R_\mathrm{int}$ / kΩ cm²", r"$C_\mathrm{int}$ / µF cm$^{-2}$"
RELATIVE = r"$C_\mathrm{int}$ / $C_\mathrm{int}(0)$"
"""Labels of axes."""


def figures(value: float, digits: int = 3) -> str:
    """Return a number with so many digits that count, e.g. ``"0.27"``; as a power where it is very small."""
    if not math.isfinite(value):
        return "–"
    if value and not 1e-3 <= abs(value) < 1e5:
        return power(value, digits)
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:.10g}".replace("-", "−")


def power(value: float, digits: int = 2) -> str:
    """Return a number as people write small ones, e.g. ``"7.9 × 10⁻¹²"``."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def celsius(kelvin: float) -> str:
    """Return a temperature in whole °C."""
    # The sum gets rid of the minus of −0.
    return f"{round(kelvin - ZERO_CELSIUS) + 0} °C".replace("-", "−")


def megapascal(pressure: float | None) -> str:
    """Return a stack pressure in MPa to a tenth; below 0.1 MPa it is none."""
    if pressure is None or pressure * MEGA_PASCAL < 0.1:
        return "0 MPa"
    return f"{pressure * MEGA_PASCAL:.1f}".removesuffix(".0") + " MPa"


def pressure_words(facts: "Facts") -> str:
    """Return the stack pressure of a run in MPa, 0 where the gauge cannot tell it from none."""
    return megapascal(facts.pressure if facts.pressed else None)


def density_words(density: float) -> str:
    """Return a current density to two digits that count."""
    return f"{figures(density * MICRO_AMPERE_CM2, 2)} µA cm⁻²"


def sorted_metals(names: Iterable[str]) -> list[str]:
    """Return metals, each once, in the order in which figures name them."""
    found = set(names)
    return [metal for metal in METALS if metal in found] + sorted(found - set(METALS))


def runs_words(runs: Iterable[int]) -> str:
    """Return numbers of runs, e.g. ``"runs 4, 6 and 8"``."""
    numbers = [str(run) for run in sorted(set(runs))]
    if len(numbers) == 1:
        return f"run {numbers[0]}"
    return f"runs {listed(numbers)}"


def listed(words: Sequence[str]) -> str:
    """Return words with commas and an *and*."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def conditions(chosen: Sequence["Facts"]) -> str:
    """Return what runs have in common and in what they differ: density, temperature, pressure."""
    parts = []
    densities = [each.density for each in chosen if each.density is not None]
    if densities:
        parts.append(_among("i", [figures(abs(d) * MICRO_AMPERE_CM2, 2) for d in densities], "µA cm⁻²"))
    temperatures = [each.temperature for each in chosen if each.temperature is not None]
    if temperatures:
        parts.append(_among("T", [celsius(t).removesuffix(" °C") for t in temperatures], "°C"))
    if any(each.pressure is not None for each in chosen):
        pressures = [pressure_words(each).removesuffix(" MPa") for each in chosen]
        of = " (by the area of the pellet)" if set(pressures) != {"0"} else ""
        parts.append(_among("p", pressures, f"MPa{of}"))
    return ", ".join(parts)


def _among(symbol: str, values: Sequence[str], unit: str) -> str:
    each = sorted(set(values), key=lambda text: float(text.replace("−", "-")))
    return f"{symbol} = {listed(each)} {unit}"


def closing(chosen: Iterable["Facts"]) -> str:
    """Return the end of every caption: which runs, and that they were simulated."""
    chosen = list(chosen)
    simulated = sorted({each.run for each in chosen if each.simulated})
    text = f"From {runs_words(each.run for each in chosen)}."
    if not simulated:
        return text
    if len(simulated) == len({each.run for each in chosen}):
        return f"{text} SIMULATED."
    return f"{text} SIMULATED: {runs_words(simulated)}."
