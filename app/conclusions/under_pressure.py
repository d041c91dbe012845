"""What becomes of a contact that is stripped under a stack pressure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.contact import Steady, steady_at_end
from analysis.pressure import homologous
from app.conclusions.facts import Facts
from app.conclusions.refused import Refused
from app.conclusions.transitions import Depletion


@dataclass(frozen=True)
class PressureRow:
    """What became of the contact of one electrode that was stripped under a stack pressure.

    Attributes
    ----------
    run : int
    metal : str
    density : float
        A/m².
    pressure, pressure_error : float
        Pa, by the area of the pellet; the error is that of the gauge and the spread together.
    pressed : bool
        Whether that pressure is told from none.
    temperature : float
        K.
    homologous : float or None
        T/T_m; None where the melting temperature of the metal is not known.
    steady : bool
        Whether R_int stood still at the end.
    resistance_end, resistance_end_error : float or None
        R_int in Ω m² at the end: of the line through a steady end, else of the last usable spectrum.
    contact_end : float or None
        C/C0 at the end, the apparent contact; see `analysis.contact.CONSTRICTION`.
    t0 : float or None
        s; None where it was not depleted.
    why : str
        What `steady` rests on, with the numbers.
    slope : Steady or None
        The same as numbers.
    history : str
    """

    run: int
    metal: str
    density: float
    pressure: float
    pressure_error: float
    pressed: bool
    temperature: float
    homologous: float | None
    steady: bool
    resistance_end: float | None
    resistance_end_error: float | None
    contact_end: float | None
    t0: float | None
    why: str
    slope: Steady | None
    history: str

    @property
    def kept(self) -> bool:
        """Whether the pressure kept the contact: it was steady at the end, and not depleted before."""
        return self.steady and self.t0 is None

    @property
    def lost(self) -> bool:
        """Whether it did not: it was depleted, or R_int was rising at the end. Neither may be told."""
        return self.t0 is not None or (self.slope is not None and self.slope.rising)


def pressures(
    facts: Sequence[Facts], depletions: Sequence[Depletion]
) -> tuple[list[PressureRow], list[Refused]]:
    """Say of each electrode that was stripped in a pressure run, or under a pressure, how it ended."""
    times = {each.run: each.time for each in depletions if not each.censored}
    rows: list[PressureRow] = []
    refused: list[Refused] = []
    for fact in facts:
        stripped = fact.protocol == "PressureRun" or (fact.protocol == "GeisStripping" and fact.pressed)
        if not stripped or fact.began is None:
            continue
        row = _pressure_row(fact, times.get(fact.run))
        if row is None:
            refused.append(
                Refused(
                    f"contact under pressure of {fact.cell.name}",
                    f"run {fact.run} has no usable spectrum under current, or no reading of pressure or "
                    "temperature.",
                    "Look at its fits and at the events of the gauge and the chamber.",
                    (fact.run,),
                )
            )
        else:
            rows.append(row)
    return sorted(rows, key=lambda row: (row.metal, row.density, row.pressure)), refused


def _pressure_row(fact: Facts, t0: float | None) -> PressureRow | None:
    curves = fact.curves
    on = np.flatnonzero(curves.time > 0)
    known = (fact.pressure, fact.pressure_error, fact.temperature, fact.density)
    if not len(on) or any(each is None for each in known):
        return None
    pressure, pressure_error, temperature, density = (float(each or 0.0) for each in known)
    slope = steady_at_end(curves.time[on], curves.resistance[on])
    steady = slope is not None and slope.steady
    last = int(on[-1])
    end, end_error = float(curves.resistance[last]), float(curves.resistance_error[last])
    if slope is not None and slope.steady:
        end, end_error = slope.value, slope.error
    contact = None if not fact.start_capacitance else float(curves.capacitance[last]) / fact.start_capacitance
    return PressureRow(
        fact.run,
        fact.metal,
        density,
        pressure,
        pressure_error,
        fact.pressed,
        temperature,
        homologous(fact.metal, temperature),
        steady,
        end,
        end_error,
        contact,
        t0,
        "too few spectra under current to tell" if slope is None else str(slope),
        slope,
        fact.history,
    )
