"""What the plot of the distribution of relaxation times shows, in the units of its axes. No Qt."""

import math
from dataclasses import dataclass

import numpy as np

from app.window.reading import faces
from app.window.reading.snapshot import Snapshot
from app.window.shown.format import uncertain
from app.window.shown.looked_at import frequency_words, which, why_nothing
from app.window.shown.units import Units
from core.records import Floats

EMPTY: Floats = np.empty(0)
MOST_LABELS = 3
WIDTH = 0.25
"""Of a label, as a share of the plot: one that would cover a larger peak, or its label, is left out."""

SIGMAS = 1.96

MEANINGS = {
    "blocking": "blocking at low frequency: no polarisation resistance",
    "open arc": "the slowest arc is not closed: no polarisation resistance",
    "inductive loop": "inductive loop at low frequency",
    "inductive": "mostly inductive",
    "poor fit": "describes the spectrum poorly",
}
"""Flags of `analysis.drt.DRT`, in words."""


@dataclass(frozen=True, eq=False)
class Distribution:
    """The plot of γ(ln τ).

    Attributes
    ----------
    tau : ndarray, shape (m,)
        log₁₀ of s.
    gamma, low, high : ndarray, shape (m,)
        γ and its 95 % band, in kΩ cm² or kΩ.
    peaks : tuple of (float, float, str)
        log₁₀ τ and γ of the largest maxima, and what is written at them.
    method, remarks : str
        How it was computed, and what else is to be said.
    unit, which, words : str
        As in `Nyquist`.
    """

    tau: Floats
    gamma: Floats
    low: Floats
    high: Floats
    peaks: tuple[tuple[float, float, str], ...]
    method: str
    remarks: str
    unit: str
    which: str
    words: str


def distribution(snapshot: Snapshot, units: Units | None = None) -> Distribution:
    """Return what there is to show of the relaxation times of the spectrum that is looked at."""
    units = Units() if units is None else units
    found, pointed = snapshot.distribution, snapshot.pointed
    name, unit = which(snapshot, units), units.resistance_unit
    if found is None or pointed is None or found.spectrum != pointed.id or found.problem:
        problem = "computing …" if found is None or not found.problem else found.problem
        words = why_nothing(snapshot) or problem
        return Distribution(EMPTY, EMPTY, EMPTY, EMPTY, (), "", "", unit, name, words)
    scale = units.resistance(snapshot.header.cell)
    gamma, band = found.gamma * scale, SIGMAS * found.stderr * scale
    tau = np.log10(found.tau)
    return Distribution(
        tau=tau,
        gamma=gamma,
        low=np.maximum(gamma - band, 0.0),
        high=gamma + band,
        peaks=_peaks(found, tau, gamma, scale, unit),
        method=f"λ {_power(found.weight)} (GCV), second derivative, γ ≥ 0",
        remarks=_remarks(found, scale, unit),
        unit=unit,
        which=name,
        words="",
    )


def _peaks(
    found: faces.Distribution, tau: Floats, gamma: Floats, scale: float, unit: str
) -> tuple[tuple[float, float, str], ...]:
    largest = sorted(found.peaks, key=lambda peak: -peak[1])[:MOST_LABELS]
    labels: list[tuple[float, float, str]] = []
    wide = WIDTH * float(np.ptp(tau))
    for time, resistance in largest:
        place = int(np.argmin(np.abs(found.tau - time)))
        if any(abs(tau[place] - x) < wide for x, _, _ in labels):
            continue
        text = f"{uncertain(resistance * scale)} {unit}\n{frequency_words(1 / (2 * math.pi * time))}"
        labels.append((float(tau[place]), float(gamma[place]), text))
    return tuple(sorted(labels))


def _remarks(found: faces.Distribution, scale: float, unit: str) -> str:
    said = []
    if math.isfinite(found.polarisation):
        said.append(f"R_pol {uncertain(found.polarisation * scale)} {unit}")
    said.append(f"residual {100 * found.rms_residual:.2g} %")
    said += [MEANINGS.get(flag, flag) for flag in found.flags]
    return ", ".join(said)


def _power(value: float) -> str:
    """Write ``"3.2·10⁻⁵"``."""
    if not (math.isfinite(value) and value > 0):
        return "–"
    order = math.floor(math.log10(value))
    digits = str(order).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{value / 10.0**order:.1f}·10{digits}"
