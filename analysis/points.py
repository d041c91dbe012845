"""Which points of a spectrum can be used, and the order the analysis wants them in."""

from dataclasses import dataclass

import numpy as np

from core.records import Bools, Complexes, Floats, Spectrum

AMPLITUDE_SHARE = 0.5
"""Below this share of the amplitude asked for, the instrument's control loop has rolled off."""

LOWEST_HERTZ, HIGHEST_HERTZ = 1e-6, 1e10
SMALLEST_OHM, LARGEST_OHM = 1e-6, 1e15
"""What any impedance bench could have measured; anything else is a damaged number."""


@dataclass(frozen=True, eq=False)
class Points:
    """The usable points of one spectrum, from high to low frequency.

    Attributes
    ----------
    frequency : ndarray, shape (n,)
        Hz, descending.
    impedance : ndarray of complex, shape (n,)
        Ω.
    delay : ndarray, shape (n,)
        Seconds from the middle of the sweep to the middle of each point's own measurement; zeros
        where the times of the points are not known.
    index : ndarray of int, shape (n,)
        Position of each point in the spectrum as measured.
    total : int
        Number of points as measured.
    """

    frequency: Floats
    impedance: Complexes
    delay: Floats
    index: np.ndarray
    total: int

    def __len__(self) -> int:
        return len(self.frequency)


def usable(frequency: Floats, impedance: Complexes, amplitude_share: Floats) -> Bools:
    """Return which points can be used; the arrays need shapes that broadcast.

    Left out are points that are not finite, frequencies and impedances that no bench can measure
    (among them zero and negative frequencies), and points whose measured amplitude is below half of
    the amplitude asked for (I under galvanostatic, E under potentiostatic control): there the
    control loop of the instrument has rolled off and its impedance is not the cell's.

    Parameters
    ----------
    frequency : ndarray
        Hz.
    impedance : ndarray of complex
        Ω.
    amplitude_share : ndarray
        Measured amplitude over the one asked for; nan where not known.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.abs(impedance)
        good = (frequency >= LOWEST_HERTZ) & (frequency <= HIGHEST_HERTZ)
        good = good & (size >= SMALLEST_OHM) & (size <= LARGEST_OHM)
        return np.asarray(good & ~(amplitude_share < AMPLITUDE_SHARE), dtype=bool)


def usable_mask(spectrum: Spectrum) -> Bools:
    """Return which points of a spectrum can be used, shape (n,); see `usable`."""
    galvanostatic = spectrum.technique.upper().startswith("G")
    amplitude = spectrum.current_amplitude if galvanostatic else spectrum.voltage_amplitude
    known = np.isfinite(spectrum.amplitude) and spectrum.amplitude > 0
    share = np.abs(np.asarray(amplitude)) / spectrum.amplitude if known else np.full(len(amplitude), np.nan)
    return usable(np.asarray(spectrum.frequency), np.asarray(spectrum.impedance), share)


def is_whole(spectrum: Spectrum) -> bool:
    """Return whether all arrays of the spectrum have the same length, and at least one point."""
    arrays = (spectrum.impedance, spectrum.time, spectrum.voltage_amplitude, spectrum.current_amplitude)
    n = len(spectrum.frequency)
    return n > 0 and all(len(array) == n for array in arrays)


def usable_points(spectrum: Spectrum) -> Points:
    """Return the usable points of a spectrum, sorted from high to low frequency."""
    chosen = np.flatnonzero(usable_mask(spectrum))
    frequency = np.asarray(spectrum.frequency, dtype=float)
    order = chosen[np.argsort(-frequency[chosen], kind="stable")]
    return Points(
        frequency=frequency[order],
        impedance=np.asarray(spectrum.impedance, dtype=complex)[order],
        delay=_delays(spectrum)[order],
        index=order,
        total=len(frequency),
    )


def _delays(spectrum: Spectrum) -> Floats:
    """Return when each point was measured, in s from the middle of the sweep, shape (n,).

    The recorded time is when a point was finished; it was measured over the interval since the
    point before it.
    """
    time = np.asarray(spectrum.time, dtype=float)
    if not np.all(np.isfinite(time)) or np.any(np.diff(time) < 0):
        return np.zeros(len(time))
    began = np.concatenate([time[:1], time[:-1]])
    return (time + began) / 2 - spectrum.mid_time
