"""How noisy each frequency is, from what differs between a sweep and the sweeps before and after it.

A single spectrum cannot tell noise from a misfit of the model; three consecutive ones can: what is left of
ln Z after interpolation in time between the outer two is noise, whatever the circuit. What is left over
and smooth in frequency is curvature of the drift and is taken off.
"""

from collections.abc import Sequence

import numpy as np

from analysis.points import is_whole, usable_points
from core.errors import BadInput
from core.records import Complexes, Floats, Spectrum

FEWEST_SWEEPS = 3
HALF = 4
"""Points on either side of one whose median is taken for curvature of the drift."""

STRANGE = 5.0
"""A triple whose usual deviation is so many times that of the others spans a jump and is left out."""

MEDIAN_OF_EXPONENTIAL = 2 * float(np.log(2.0))
"""Median of |ε|² for a complex normal number whose parts have unit variance."""

SPREAD_OF_MEDIAN = 1 / (2 * float(np.log(2.0)))
"""Standard error of ln σ from the median of m squares, times √m: |ε|² is exponential."""

OVERLAP = 1.5
"""Variance of a mean of overlapping triples relative to separate ones."""

SURE = 2.0
"""Standard errors by which a frequency must differ from those around it to have a noise of its own."""

ENOUGH = 4096
"""Triples that are worked on at a time, and that tell one level."""

SMALLEST = 1e-7
"""Relative noise below which no instrument measures."""


def noise_from_neighbours(
    spectra: Sequence[Spectrum] | tuple[Floats, Complexes],
    time: Floats | None = None,
    around: int | None = None,
) -> Floats:
    """Return the relative standard deviation of Re Z and Im Z at each frequency.

    Parameters
    ----------
    spectra : sequence of Spectrum, or (frequency (n,), impedance (N, n))
        Consecutive sweeps of one state with the same frequencies, oldest first; nan where there is
        no point.
    time : ndarray, shape (N,), optional
        Middle of each sweep in s, for arrays; by default they follow each other evenly.
    around : int, optional
        Number of sweeps around each that its noise is taken from; by default one answer for all.

    Returns
    -------
    ndarray, shape (n,), or (N, n) with `around`
        In the order of the frequencies (of the first spectrum); nan where a frequency was never measured.

    Raises
    ------
    BadInput
        If there are fewer than three sweeps, or their frequencies differ.
    """
    frequency, impedance, when = _table(spectra, time)
    pieces = range(0, len(impedance) - 2, ENOUGH)
    square = np.concatenate(
        [_squares(impedance[k : k + ENOUGH + 2], when[k : k + ENOUGH + 2]) for k in pieces]
    )
    if around is None:
        return _levels(frequency, square[:: len(square) // ENOUGH + 1])
    count = len(impedance)
    width = min(max(around, FEWEST_SWEEPS), count) - 2
    result = np.empty(impedance.shape)
    first = np.clip(np.arange(count) - 1 - width // 2, 0, len(square) - width)
    for start in np.unique(first):
        result[first == start] = _levels(frequency, square[start : start + width])
    return result


def _table(
    spectra: Sequence[Spectrum] | tuple[Floats, Complexes], time: Floats | None
) -> tuple[Floats, Complexes, Floats]:
    if isinstance(spectra, tuple) and len(spectra) == 2 and not isinstance(spectra[0], Spectrum):
        frequency, impedance = np.asarray(spectra[0], dtype=float), np.asarray(spectra[1], dtype=complex)
        when = np.arange(len(impedance), dtype=float) if time is None else np.asarray(time, dtype=float)
    else:
        frequency, impedance, when = _from_spectra([one for one in spectra if isinstance(one, Spectrum)])
    if len(impedance) < FEWEST_SWEEPS:
        raise BadInput(
            f"{len(impedance)} sweeps do not tell noise from change;", "give at least three consecutive ones."
        )
    return frequency, impedance, when


def _from_spectra(spectra: list[Spectrum]) -> tuple[Floats, Complexes, Floats]:
    frequency = np.asarray(spectra[0].frequency, dtype=float) if spectra else np.zeros(0)
    impedance = np.full((len(spectra), len(frequency)), np.nan, dtype=complex)
    for row, spectrum in zip(impedance, spectra, strict=True):
        same = len(spectrum.frequency) == len(frequency)
        if not (same and np.allclose(spectrum.frequency, frequency, rtol=1e-6, equal_nan=True)):
            raise BadInput(
                f"A spectrum of {len(spectrum.frequency)} points has other frequencies than the first one;",
                "give sweeps of one program.",
            )
        if is_whole(spectrum):
            points = usable_points(spectrum)
            row[points.index] = points.impedance
    return frequency, impedance, np.array([spectrum.mid_time for spectrum in spectra])


def _squares(impedance: Complexes, time: Floats) -> Floats:
    """Return squared deviations for unit noise, shape (N − 2, n); nan where there are no three sweeps."""
    with np.errstate(all="ignore"):
        share = ((time[1:-1] - time[:-2]) / (time[2:] - time[:-2]))[:, None]
        step = np.log(impedance[2:] / impedance[:-2])
        left = np.log(impedance[1:-1] / impedance[:-2]) - share * step
        left /= np.sqrt(1 + share**2 + (1 - share) ** 2)
    left = np.where(np.isfinite(left), left, complex(np.nan))
    smooth, others = _median_of_others(np.asarray(left, dtype=complex))
    # the median of m normal numbers has a variance of about π/2/(m + 0.9)
    square = np.abs(left - smooth) ** 2 / (1 + np.pi / 2 / (others + 0.9))
    usual = _nanmedian(square, axis=1)
    strange = usual > STRANGE**2 * _nanmedian(usual, axis=0)
    square[strange] = np.nan
    return square


def _median_of_others(values: Complexes) -> tuple[Complexes, Floats]:
    """Return the median of the points around each along the rows, without itself, and of how many."""
    windows = np.concatenate([_windows(values)[..., :HALF], _windows(values)[..., HALF + 1 :]], axis=2)
    median = _nanmedian(windows.real, axis=2) + 1j * _nanmedian(windows.imag, axis=2)
    return median, np.isfinite(windows).sum(axis=2).astype(float)


def _levels(frequency: Floats, square: Floats) -> Floats:
    """Return σ of each frequency: its neighbourhood's, or its own where that is surely another."""
    order = np.argsort(frequency)
    median = _nanmedian(square, axis=0)
    pooled = np.empty_like(median)
    around = _windows(square[:, order]).transpose(1, 0, 2).reshape(len(frequency), -1)
    pooled[order] = _nanmedian(around, axis=1)
    own, near = (
        0.5 * np.log(np.maximum(level / MEDIAN_OF_EXPONENTIAL, SMALLEST**2)) for level in (median, pooled)
    )
    count = np.maximum(np.isfinite(square).sum(axis=0), 1)
    error = OVERLAP * SPREAD_OF_MEDIAN**2 / count
    apart = np.maximum((own - near) ** 2 - SURE**2 * error, 0.0)
    level = np.exp(near + (own - near) * apart / (apart + error))
    return np.asarray(np.where(np.isfinite(median), level, np.nan))


def _windows(values: np.ndarray) -> np.ndarray:
    """Return the points around each along the rows, shape (N, n, 2 HALF + 1); nan beyond the ends."""
    padded = np.pad(values, ((0, 0), (HALF, HALF)), constant_values=np.nan)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * HALF + 1, axis=1)


def _nanmedian(values: Floats, axis: int) -> Floats:
    """Return the median of what is finite, nan where nothing is."""
    ordered = np.sort(values, axis=axis)  # nan last
    count = np.isfinite(ordered).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis)
    high = np.take_along_axis(ordered, np.minimum(count // 2, ordered.shape[axis] - 1), axis)
    return np.asarray(((low + high) / 2).squeeze(axis))
