"""Impedances of one frequency, measured in consecutive sweeps, brought to one instant.

A sweep takes time, and the cell does not wait: low frequencies see another interface than high ones. ln Z
of every frequency is interpolated linearly between the sweeps before and after to the middle of the sweep
(Stoynov and Savova-Stoynova 1985), where it moved significantly and smoothly. Interpolation is a weighted
mean, so it does not amplify noise, but it makes the noise of neighbours alike; spectra that do not drift
are left as measured. Where the neighbour is missing, too far away, in another state or beyond a jump, the
drift on the other side is carried on instead, smoothed over frequency.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.points import Points, is_whole, usable_points
from analysis.sweep_interpolation import BESIDE, BLOCK, CorrectedArrays, interpolate, near
from core.records import Bools, Complexes, Floats, Spectrum

SAME_CURRENT = 0.1
"""Mean currents this much apart, relative to the larger, are another state."""

SAME_FREQUENCY = 1e-9
"""Difference of ln f below which two frequencies are one."""


@dataclass(frozen=True, eq=False)
class DriftCorrection:
    """One spectrum with its drift taken out.

    Attributes
    ----------
    spectrum : Spectrum
        Where it was corrected all its points belong to the middle of the sweep, and so do its times.
    corrected : ndarray of bool, shape (n,)
        Points that were changed, in the order as measured.
    note : str
        What was done, in words; empty where there was nothing to correct.
    """

    spectrum: Spectrum
    corrected: Bools
    note: str = ""


def correct_drift(spectra: Sequence[Spectrum]) -> list[Spectrum]:
    """Return the spectra as if every point had been measured in the middle of its sweep.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Consecutive sweeps of one cell, oldest first.

    Returns
    -------
    list of Spectrum
        The same objects where there was nothing to correct; `corrections` also tells which points
        were changed and why others were not.
    """
    return [one.spectrum for one in corrections(spectra)]


def corrections(spectra: Sequence[Spectrum]) -> list[DriftCorrection]:
    """Return the corrected spectra with masks and notes; see `correct_drift`."""
    result = [DriftCorrection(one, np.zeros(len(one.frequency), dtype=bool)) for one in spectra]
    rows = {k: points for k, points in enumerate(map(_points, spectra)) if len(points)}
    whole = list(rows)
    for first in range(0, len(whole), BLOCK):
        start = max(first - BESIDE, 0)
        chosen = whole[start : first + BLOCK + BESIDE]
        found = _corrected([spectra[k] for k in chosen], [rows[k] for k in chosen])
        for number in whole[first : first + BLOCK]:
            at = chosen.index(number, first - start)
            result[number] = _correction(spectra[number], rows[number], found, at)
    return result


def _points(spectrum: Spectrum) -> Points:
    """Return the usable points, none where the arrays of the spectrum do not fit each other."""
    if is_whole(spectrum):
        return usable_points(spectrum)
    nothing = np.zeros(0)
    return Points(nothing, nothing.astype(complex), nothing, nothing.astype(int), len(spectrum.frequency))


def _corrected(spectra: list[Spectrum], rows: list[Points]) -> CorrectedArrays:
    """Correct consecutive spectra, padded to one length, from high to low frequency."""
    shape = (len(rows), max(len(points) for points in rows))
    frequency, time, time_before, time_after = (np.full(shape, np.nan) for _ in range(4))
    impedance, before, after = (np.full(shape, np.nan, dtype=complex) for _ in range(3))
    finished = [spectrum.mid_time + points.delay for spectrum, points in zip(spectra, rows, strict=True)]
    for k, points in enumerate(rows):
        n = len(points)
        frequency[k, :n], impedance[k, :n], time[k, :n] = points.frequency, points.impedance, finished[k]
        if k > 0:
            before[k, :n], time_before[k, :n] = _seen_at(points.frequency, rows[k - 1], finished[k - 1])
        if k + 1 < len(rows):
            after[k, :n], time_after[k, :n] = _seen_at(points.frequency, rows[k + 1], finished[k + 1])
    instant = np.array([spectrum.mid_time for spectrum in spectra])
    alike = np.array([_same_state(*pair) for pair in itertools.pairwise(spectra)], dtype=bool)
    return interpolate(
        frequency,
        impedance,
        time,
        instant,
        (before, time_before),
        (after, time_after),
        near(time, instant, alike),
    )


def _seen_at(frequency: Floats, other: Points, time: Floats) -> tuple[Complexes, Floats]:
    """Return another sweep's impedances at these frequencies, and when they were measured.

    Between its frequencies ln Z is interpolated in ln f; beyond them it is not known.
    """
    if np.array_equal(frequency, other.frequency):
        return other.impedance, time
    ln_f = np.log(other.frequency[::-1])
    ln_z = np.log(np.abs(other.impedance)) + 1j * np.unwrap(np.angle(other.impedance))
    at = np.log(frequency)
    unknown = (at < ln_f[0] - SAME_FREQUENCY) | (at > ln_f[-1] + SAME_FREQUENCY)
    seen = np.exp(np.interp(at, ln_f, ln_z[::-1]))
    when = np.interp(at, ln_f, time[::-1])
    return np.where(unknown, np.nan, seen), np.where(unknown, np.nan, when)


def _same_state(one: Spectrum, other: Spectrum) -> bool:
    """Return whether two spectra were measured in the same way and at about the same current."""
    if one.technique != other.technique:
        return False
    first, second = _current(one), _current(other)
    if not (np.isfinite(first) and np.isfinite(second)):
        return True
    alternating = [float(np.median(np.abs(s.current_amplitude))) for s in (one, other)]
    tolerance = max(SAME_CURRENT * max(abs(first), abs(second)), float(np.nanmax([0.0, *alternating])) / 2)
    return abs(first - second) <= tolerance


def _current(spectrum: Spectrum) -> float:
    return float(np.median(spectrum.current))


def _correction(spectrum: Spectrum, points: Points, found: CorrectedArrays, at: int) -> DriftCorrection:
    n = len(points)
    corrected = np.zeros(points.total, dtype=bool)
    corrected[points.index] = found.corrected[at, :n]
    note = _note(found, at, n)
    if not corrected.any():
        return DriftCorrection(spectrum, corrected, note)
    impedance = np.array(spectrum.impedance, dtype=complex)
    impedance[points.index] = found.impedance[at, :n]
    time = np.full(points.total, spectrum.mid_time)
    return DriftCorrection(replace(spectrum, impedance=impedance, time=time), corrected, note)


def _note(found: CorrectedArrays, at: int, n: int) -> str:
    corrected = int(found.corrected[at, :n].sum())
    said = []
    if corrected:
        said.append(f"{corrected} of {n} points interpolated to the middle of the sweep")
    if found.carried[at, :n].any():
        said.append(f"{int(found.carried[at, :n].sum())} of them from one side only")
    if found.jump[at, :n].any():
        said.append("not corrected across a jump")
    if corrected < n and corrected:
        said.append(f"{n - corrected} left as measured")
    return ", ".join(said)
