"""Where what was measured of a run contradicts what was written down for it."""

from collections.abc import Iterator

from app.conclusions.facts import MICROAMPERE_CM2, Facts, rounded
from app.conclusions.refused import Refused
from core.units import ZERO_CELSIUS

LARGEST_CURRENT = 0.10
"""Relative difference of the measured from the declared current that is still the same current."""

LARGEST_TEMPERATURE = 2.0
"""K; the same for the temperature."""

LARGEST_PRESSURE = 0.10
"""Relative difference of the pressure, beyond three standard errors of the gauge."""


def contradictions(facts: Facts) -> Iterator[Refused]:
    """Return what of a run's parameters its readings contradict; nothing can rest on such a run."""
    yield from _of_current(facts)
    yield from _of_temperature(facts)
    yield from _of_pressure(facts)


def _declared(facts: Facts, name: str) -> float | None:
    value = facts.header.parameters.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _of_current(facts: Facts) -> Iterator[Refused]:
    declared, measured = _declared(facts, "current_density"), facts.density
    if not declared or measured is None:
        return
    measured = abs(measured) / MICROAMPERE_CM2
    if abs(measured / abs(declared) - 1) > LARGEST_CURRENT:
        yield Refused(
            f"depletion of run {facts.run}",
            f"its current density was to be {abs(declared):g} µA/cm², but {rounded(measured)} µA/cm² were "
            f"measured on {facts.cell.area * 1e4:.4g} cm².",
            "check the electrode area of the cell and the current range.",
            (facts.run,),
        )


def _of_temperature(facts: Facts) -> Iterator[Refused]:
    declared, measured = _declared(facts, "temperature"), facts.temperature
    if declared is None or measured is None:
        return
    measured -= ZERO_CELSIUS
    if abs(measured - declared) > LARGEST_TEMPERATURE:
        yield Refused(
            f"depletion of run {facts.run}",
            f"the chamber was to be at {declared:g} °C, but read {measured:.1f} °C while the current was on.",
            "check the chamber, and which of the two is true.",
            (facts.run,),
        )


def _of_pressure(facts: Facts) -> Iterator[Refused]:
    declared, measured = _declared(facts, "pressure"), facts.pressure
    if declared is None or measured is None or facts.pressure_error is None:
        return
    allowed = max(3 * facts.pressure_error, LARGEST_PRESSURE * abs(declared) * 1e6)
    if abs(measured - declared * 1e6) > allowed:
        yield Refused(
            f"depletion of run {facts.run}",
            f"{declared:g} MPa were to be held, but the gauge read {measured / 1e6:.1f} "
            f"± {facts.pressure_error / 1e6:.1f} MPa on the pellet.",
            "check the tare of the gauge and the diameter of the pellet.",
            (facts.run,),
        )
