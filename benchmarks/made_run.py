"""A stripping that nobody ran, written the way a runner writes one, for benchmarks of what reads it.

R_int = R0/(1 − x) and C_int = C0 (1 − x), with x the share of the life that has passed.
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.circuit import MODEL
from core.cell import Cell
from core.records import Event, Fit, Floats, KramersKronig, Reading, RunState, Spectrum, Value
from storage import Journal, RunHeader, Store

CELL = {"name": "LLZO-07-LiMg-03", "anode": "Li0.9Mg0.1", "electrode_diameter": "6 mm"}
PARAMETERS = {"current_density": 100.0, "threshold": "10 kΩ cm²", "criterion": "raw", "temperature": 25.0}
R0, C0 = 270.0, 0.9e-6 * 0.2827
FREQUENCY: Floats = np.geomspace(7e6, 1.0, 69)
FREE = tuple(f"ln {name}" for name in ("R_bulk", "R_gb", "tau_gb", "R_int", "tau_int"))


@dataclass
class MadeRun:
    """Writes one run.

    Parameters
    ----------
    store : Store
    every : float
        Bench seconds between two sweeps.
    life : float
        Bench seconds of current until contact is lost altogether.
    """

    store: Store
    every: float = 30.0
    life: float = 15 * 3600.0
    name: str = CELL["name"]
    time: float = 0.0
    charge: float = 0.0
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        self.cell = Cell.model_validate(CELL | {"name": self.name})
        header = RunHeader("GeisStripping", PARAMETERS, self.cell, "simulated bench", True, seed=7)
        self.journal = self.store.begin_run(header)
        self.current = self.cell.current(100.0)
        self._noise = np.random.default_rng(7)
        self._step = self.journal.begin_step("1/GeisStripping/peis/1", "GeisStripping", "peis", {}, 0.0)
        self._sweep("PEIS", 0.0)
        self._step = self.journal.begin_step(
            "1/GeisStripping/geis/2", "GeisStripping", "geis", {"cut_off_V": 4.0}, self.time
        )
        self._began = self.time
        self.journal.event(Event("current on", f"{self.current:.4g} A", self.time))

    def sweep(self, polls: int = 3) -> None:
        """Write the readings of one sweep, its spectrum and its fit."""
        lost = min((self.time - self._began) / self.life, 0.9995)
        voltage = self.current * (R0 / (1 - lost) + 280.0) / self.cell.area * 1e-4
        readings = []
        for _ in range(polls):
            self.time += self.every / polls
            self.charge += self.current * self.every / polls
            for quantity, value in (("E", voltage), ("I", self.current), ("Q", self.charge)):
                readings.append(Reading(self.time, "potentiostat", quantity, value))
        readings.append(Reading(self.time, "chamber", "T", 298.15 + 0.05 * self._noise.standard_normal()))
        readings.append(Reading(self.time, "gauge", "F", 2.0 + 0.5 * self._noise.standard_normal()))
        self.journal.readings(readings)
        self._sweep("GEIS", lost)

    def end(self) -> None:
        """End the run at its cut-off."""
        self.journal.event(Event("current off", "cut-off", self.time))
        self.journal.end_step(self._step, self.time, "done")
        self.journal.finish(RunState.FINISHED, "cut-off", self.time)
        self.journal.close()

    def _sweep(self, technique: str, lost: float) -> None:
        area = self.cell.area * 1e4
        r_int, c_int = R0 / (1 - lost) / area, C0 * (1 - lost)
        s = 2j * np.pi * FREQUENCY
        impedance = 0.3e-6 * s + (215.0 / area) / (1 + s * 1.3e-8) + (62.0 / area) / (1 + (s * 2e-6) ** 0.9)
        impedance += r_int / (1 + (s * r_int * c_int) ** 0.92)
        noise = self._noise.standard_normal((2, FREQUENCY.size))
        impedance = impedance * (1 + 2e-3 * (noise[0] + 1j * noise[1]))
        times = self.time + np.linspace(0.4, 27.6, FREQUENCY.size)
        still = np.zeros(FREQUENCY.size)
        spectrum = Spectrum(technique, FREQUENCY, impedance, times, still, still, still, still, 2.8e-6)
        number = self.journal.spectrum(self._step, spectrum)
        values = {"R_bulk": 215.0 / area, "tau_bulk": 1.3e-8, "R_gb": 62.0 / area, "tau_gb": 2e-6}
        values |= {"alpha_gb": 0.9, "R_int": r_int, "tau_int": r_int * c_int, "alpha_int": 0.92, "L": 0.3e-6}
        parameters = {name: Value(value, 4e-3 * value) for name, value in values.items()}
        parameters |= {"C_int": Value(c_int, 0.01 * c_int), "C_int_brug": Value(c_int, 0.01 * c_int)}
        covariance = np.diag(np.full(len(FREE), 1.6e-5))
        verdict = KramersKronig(True, 0.1)
        fit = Fit(
            MODEL,
            1,
            spectrum.mid_time,
            parameters,
            FREE,
            covariance,
            FREQUENCY > 1.4,
            "modulus",
            2e-3,
            verdict,
        )
        self.journal.fit(number, fit)
        self.journal.beat(self.time)
