"""What is drawn of a stripping run: potential, R_int and C_int, in the units of the axes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.normalise import to_reference_temperature
from app.figures.words import (
    CAPACITANCE,
    CHARGE,
    HOUR,
    KILO_OHM_CM2,
    MAH_CM2,
    MICRO_FARAD_CM2,
    NORMALISED,
    RELATIVE,
    RESISTANCE,
    TIME,
    VOLTAGE,
)
from core.records import Floats

if TYPE_CHECKING:
    from app.conclusions.facts import Facts
    from app.conclusions.transitions import Depletion

Across = Literal["time", "charge", "normalised"]
Up = Literal["voltage", "resistance", "resistance at 25 °C", "capacitance", "relative capacitance"]

X_LABEL: dict[Across, str] = {"time": TIME, "charge": CHARGE, "normalised": NORMALISED}
Y_LABEL: dict[Up, str] = {
    "voltage": VOLTAGE,
    "resistance": RESISTANCE,
    "resistance at 25 °C": r"$R_\mathrm{int}$(25 °C) / kΩ cm²",
    "capacitance": CAPACITANCE,
    "relative capacitance": RELATIVE,
}
LOGARITHMIC: frozenset[Up] = frozenset({"resistance", "resistance at 25 °C"})


def series(
    facts: "Facts", across: Across, up: Up, depletions: "Sequence[Depletion]" = ()
) -> tuple[Floats, Floats]:
    """Return a curve of a run while its current was on, in the units of the axes.

    Parameters
    ----------
    facts : Facts
        Of a run with current.
    across, up : str
        What to draw against what.
    depletions : sequence of Depletion
        For the charge at t₀ by which charges are normalised; without one, the charge in all is used.

    Returns
    -------
    x, y : ndarray, shape (n,)
    """
    if up == "voltage":
        return _potential(facts)
    curves = facts.curves
    on = curves.time > 0
    if facts.ended is not None and facts.began is not None:
        on &= curves.time <= facts.ended - facts.began
    charge = curves.charge[on]
    if across == "time":
        x = curves.time[on] * HOUR
    elif across == "charge":
        x = charge * MAH_CM2
    else:
        x = charge / normalising_charge(facts, depletions)
    return x, _values(facts, up)[on]


def normalising_charge(facts: "Facts", depletions: "Sequence[Depletion]") -> float:
    """Return the charge at t₀ in C/m², or all that passed if the run was not depleted."""
    for each in depletions:
        if each.run == facts.run and not each.censored and each.charge:
            return each.charge
    known = facts.curves.charge[np.isfinite(facts.curves.charge)]
    return float(known.max()) if len(known) else float("nan")


def _potential(facts: "Facts") -> tuple[Floats, Floats]:
    _, time, voltage = facts.reader.readings("E")
    began = facts.began or 0.0
    on = time > began
    if facts.ended is not None:
        on &= time < facts.ended
    return (time[on] - began) * HOUR, voltage[on]


def _values(facts: "Facts", up: Up) -> Floats:
    curves = facts.curves
    if up == "capacitance":
        return curves.capacitance * MICRO_FARAD_CM2
    if up == "relative capacitance":
        return curves.capacitance / first_capacitance(facts)
    resistance = curves.resistance * KILO_OHM_CM2
    # On a logarithmic axis there is no place for what a fit gave as nothing.
    resistance = np.where(resistance > 0, resistance, np.nan)
    if up == "resistance at 25 °C" and facts.temperature is not None:
        resistance = to_reference_temperature(resistance, facts.temperature)
    return resistance


def first_capacitance(facts: "Facts") -> float:
    """Return C_int in F/m² before the current, or of the first spectrum under it where there is none."""
    if facts.start_capacitance is not None:
        return facts.start_capacitance
    known = facts.curves.capacitance[(facts.curves.time > 0) & np.isfinite(facts.curves.capacitance)]
    return float(known[0]) if len(known) else float("nan")
