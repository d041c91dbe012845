"""Strippings that nobody ran, with a life that is given: for what concludes from many of them.

1/R_int falls on a straight line to zero at the end of the life; decided the way a protocol decides.
Spectra are two points of nothing, because nothing here looks at them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.cell import OHM_CM2, Cell
from core.records import Event, Fit, Floats, KramersKronig, Reading, RunState, Spectrum, Value
from protocols.decisions import Depletion, KeptFit
from storage import Journal, RunHeader, Store

REST = 900.0
"""s until the current."""
PEIS = 600.0
"""s, when the cell is measured at open circuit."""
START = 270.0
"""Ω cm² before the current."""
ELECTROLYTE = 1000.0
"""Ω, of which 300 at the grain boundaries."""
HOUR = 3600.0


@dataclass(frozen=True)
class MadeStripping:
    """One run.

    Attributes
    ----------
    life : float
        s until 1/R_int is zero.
    density : float
        µA/cm², as it flows; `declared` are the parameters that say otherwise.
    celsius, newtons : float
        As the chamber and the gauge read.
    watched : float
        Share of the life after which the run ends.
    cut_off : float or None
        Share of the life at which E ends the run, before another sweep is whole.
    sweeps : int
    threshold : str
        As the protocol is told.
    """

    life: float
    density: float = 100.0
    anode: str = "Li"
    celsius: float = 25.0
    newtons: float = 0.0
    watched: float = 0.99
    sweeps: int = 400
    threshold: str = "10 kΩ cm²"
    name: str = "made cell"
    declared: Mapping[str, Any] = field(default_factory=dict)
    history: Mapping[str, Any] = field(default_factory=dict)
    start: float = START
    truth: bool = False
    cut_off: float | None = None

    def write(self, store: Store) -> int:
        """Write the run, and return its number."""
        given = {"name": self.name, "anode": self.anode, "electrode_diameter": "6 mm"}
        cell = Cell.model_validate(given | {"history": dict(self.history)})
        parameters = {"current_density": self.density, "temperature": self.celsius, "criterion": "raw"}
        parameters |= {"threshold": self.threshold} | dict(self.declared)
        journal = store.begin_run(RunHeader("GeisStripping", parameters, cell, "bench", self.truth))
        run = _Writer(self, cell, journal)
        run.write()
        return journal.run


class _Writer:
    """Writes a run into its journal."""

    def __init__(self, made: MadeStripping, cell: Cell, journal: Journal) -> None:
        self._made, self._cell, self._journal = made, cell, journal
        self._current = cell.current(made.density)
        self._step = journal.begin_step("1", "GeisStripping", "geis", {}, 0.0)
        value = float(made.threshold.split()[0]) * 1e3
        areal = "cm²" in made.threshold
        self._rule = Depletion(
            value * OHM_CM2 / cell.area if areal else value, f"R_int > {made.threshold}, raw"
        )

    def write(self) -> None:
        """Write all of it."""
        made, journal = self._made, self._journal
        self._sweep(PEIS, 0.0, 0.0)
        journal.readings([Reading(REST, "potentiostat", "Q", 0.0)])
        journal.event(Event("current on", "", REST))
        times = np.linspace(0, made.watched * made.life, made.sweeps + 1)[1:]
        for time in times:
            self._sweep(REST + float(time), float(time) / made.life, self._current)
        end = REST + made.watched * made.life + 1
        if made.cut_off is not None:
            end = REST + made.cut_off * made.life
            resistance = made.start / (self._cell.area / OHM_CM2) / (1 - made.cut_off)
            self._rule.see_voltage(end, self._current * (resistance + ELECTROLYTE), self._current)
        if (ended := self._rule.conclude(end, "cut-off" if made.cut_off else "")) is not None:
            journal.decision(self._step, ended)
        journal.event(Event("current off", "", end))
        journal.end_step(self._step, end, "done")
        journal.finish(RunState.FINISHED, "cut-off", end)
        journal.close()

    def _sweep(self, time: float, lost: float, current: float) -> None:
        made, area = self._made, self._cell.area / OHM_CM2
        resistance, capacitance = made.start / area / (1 - lost), 0.5e-6 * area * (1 - lost)
        fit = _fit(time, resistance, capacitance, made.celsius + 273.15)
        blank: Floats = np.ones(2)
        spectrum = Spectrum(
            "GEIS", blank, blank.astype(np.complex128), blank * time, blank, blank, blank, blank, 1e-6
        )
        kept = self._journal.spectrum(self._step, spectrum)
        number = self._journal.fit(kept, fit)
        readings = [
            Reading(time, "potentiostat", "I", current),
            Reading(time, "potentiostat", "E", current * (resistance + 300) or 2e-3),
            Reading(time, "potentiostat", "Q", max(time - REST, 0.0) * self._current),
            Reading(time, "chamber", "T", made.celsius + 273.15),
            Reading(time, "gauge", "F", made.newtons),
        ]
        self._journal.readings(readings)
        if made.truth:
            self._journal.truth(time, {"R_int": resistance, "C_int": capacitance}, spectrum=kept)
        if current and (decision := self._rule.see(KeptFit(number, fit))) is not None:
            self._journal.decision(self._step, decision)


def _fit(time: float, resistance: float, capacitance: float, kelvin: float) -> Fit:
    found = {
        "R_int": resistance,
        "C_int": capacitance,
        "R_bulk": 700.0,
        "R_gb": 300.0,
        "R_electrolyte": ELECTROLYTE,
    }
    parameters = {name: Value(value, 1e-3 * value) for name, value in found.items()}
    parameters |= {"T": Value(kelvin, np.nan), "p": Value(0.0, np.nan), "E": Value(2e-3, np.nan)}
    mask, verdict = np.ones(2, dtype=bool), KramersKronig(True, 0.0)
    return Fit("made", 1, time, parameters, ("x",), np.eye(1), mask, "modulus", 1e-3, verdict)
