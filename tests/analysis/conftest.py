"""Spectra of a cell that is written independently of the package, with its own truth."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from core.records import Spectrum

AREA_CM2 = 0.283
ELECTROLYTE = 283.0  # Ω cm², bulk and grain boundary together
AMPLITUDE = 2.83e-6


def zarc(frequency, resistance, tau, alpha):
    return resistance / (1 + (2j * np.pi * frequency * tau) ** alpha)


@dataclass
class SimulatedCell:
    """Makes spectra with areal truth: R in Ω cm², C in µF/cm²."""

    rng: np.random.Generator
    noise: float = 0.003
    floor: float = 0.0036  # current-range floor relative to the amplitude
    roll_off: float = 7e5  # Hz; inf for an ideal instrument
    counter: float = 0.0  # Ω cm², arc of the counter electrode
    inductance: float = 0.6e-6
    alpha: float = 0.92
    outliers: float = 0.0
    points: int = 69
    area: float = AREA_CM2 * 1e-4
    electrolyte: float = ELECTROLYTE / AREA_CM2
    frequency: np.ndarray = field(init=False)

    def __post_init__(self):
        self.frequency = np.geomspace(7e6, 1.0, self.points)
        spent = 2.1 / self.frequency + 0.25
        self.finished = np.cumsum(spent)
        self.middle = (self.finished[0] + self.finished[-1]) / 2
        self.seen = self.finished - spent / 2 - self.middle
        self.duration = self.finished[-1] - self.finished[0]

    def using(self, **changes):
        return replace(self, **changes)

    def spectrum(self, resistance, capacitance, drift=0.0, mid_time=0.0):
        """One sweep; R and C may be functions of the time, or drift by exp(drift) and exp(-drift/2)."""
        f = self.frequency
        if callable(resistance):
            r, c = resistance(self.seen + mid_time), capacitance(self.seen + mid_time)
        else:
            share = drift * self.seen / self.duration
            r, c = resistance * np.exp(share), capacitance * np.exp(-share / 2)
        z = 2j * np.pi * f * self.inductance
        z = z + zarc(f, 0.71 * self.electrolyte, 1 / (2 * np.pi * 40e6), 1.0)
        z = z + zarc(f, 0.29 * self.electrolyte, 1 / (2 * np.pi * 600e3), 0.9)
        z = z + zarc(f, r / AREA_CM2, r * c * 1e-6, self.alpha)
        z = z + zarc(f, self.counter / AREA_CM2, self.counter * 10e-6, 0.92)
        sigma = np.hypot(self.noise, self.floor) * np.abs(z)
        z = z + sigma * (self.rng.standard_normal(len(f)) + 1j * self.rng.standard_normal(len(f)))
        off = self.rng.random(len(f)) < self.outliers
        z = np.where(off, z * (1 + 0.03 * np.exp(2j * np.pi * self.rng.random(len(f)))), z)
        nothing = np.zeros(len(f))
        return Spectrum(
            technique="GEIS",
            frequency=f,
            impedance=z,
            time=self.finished - self.middle + mid_time,
            voltage=nothing,
            current=nothing,
            voltage_amplitude=nothing,
            current_amplitude=AMPLITUDE / np.sqrt(1 + (f / self.roll_off) ** 2),
            amplitude=AMPLITUDE,
        )

    def relative_errors(self, fit, resistance, capacitance):
        """ln of R and C against the truth."""
        return (
            np.log(fit["R_int"] * AREA_CM2 / resistance),
            np.log(fit["C_int"] / AREA_CM2 * 1e6 / capacitance),
        )


@pytest.fixture
def cell():
    return SimulatedCell(np.random.default_rng(20240917))
