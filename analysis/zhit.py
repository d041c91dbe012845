"""Z-HIT, a second opinion on consistency: the modulus computed from the phase alone.

ln|Z(ω)| = C + (2/π) ∫ φ dlnω − (π/6) dφ/dlnω (Ehm et al. 2000; Schiller et al. 2001, truncated after
the first derivative). φ changes little when a cell drifts during a sweep, |Z| in full, so drift
shows as a deviation of the measured modulus in the lowest decade. φ is smoothed by a cubic
least-squares spline, whose integral and derivative are exact; the constant is fitted in a band that
is measured quickly. All this is linear in φ and ln|Z|, so the deviation has a known sigma. A wild
point is put aside, but for the last two: nothing beyond them tells them from drift.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, overload

import numpy as np

from analysis.batch import Batch, batch_of
from analysis.consistency import MOST_SIGMA
from analysis.engine.interpreted_kk import alone, in_sigma
from analysis.engine.kk_settings import (
    FEWEST_POINTS,
    LOWEST_DECADE,
    MEDIAN_EFFICIENCY,
    MEDIAN_TO_SIGMA,
    MOST_ELEMENTS,
    NARROWEST,
    PASSES,
    SMALLEST_NOISE,
)
from analysis.kramers_kronig import Arrays, as_measured
from core.errors import BadInput
from core.records import Bools, Floats, Spectrum

STABLE = (100.0, 1e5)
"""Hz; measured within a fraction of a second, and above the slow end of an interface arc."""

FEWEST_STABLE = 4
KNOTS = 3.0
"""A decade; one relaxation in the phase is a little more than a decade wide."""

DEGREE = 3
GAMMA = -np.pi / 6
SERIES_ERROR = 0.02
"""What the derivatives that are left out amount to in the mean of the lowest decade, relative to how
much φ changes within it."""


@dataclass(frozen=True, eq=False)
class ZHitResult:
    """The modulus from the phase of one spectrum, and how far the measured one is off.

    Attributes
    ----------
    modulus : ndarray, shape (n,)
        |Z| computed from the phase, Ω, in the order of the spectrum; nan where a point was not used.
    deviation : ndarray, shape (n,)
        ln|Z| as measured minus computed.
    mean : float
        Mean deviation in the lowest decade against the stable band.
    signed_mean : float
        The same in units of its own standard deviation; nan if the spectrum could not be judged.
    noise : float
        Standard deviation of φ, and of ln|Z|, that was found.
    band : tuple of float
        Where the constant was fitted: lowest and highest frequency used, Hz.
    """

    modulus: Floats
    deviation: Floats
    mean: float
    signed_mean: float
    noise: float
    band: tuple[float, float]

    @property
    def passed(self) -> bool:
        """Return whether phase and modulus agree in the lowest decade."""
        return abs(self.signed_mean) <= MOST_SIGMA


class _Operators(NamedTuple):
    """What is done to n phases or moduli, descending in frequency; shapes (n, n) and (n,).

    `smooth` replaces values by their spline, `integrate` gives ln|Z| up to a constant from phases,
    `stable` and `contrast` are the weights of the mean over the stable band, and of the mean over the
    lowest decade minus that; `freedom` is n less the number of spline coefficients.
    """

    smooth: Floats
    integrate: Floats
    stable: Floats
    contrast: Floats
    freedom: int


class _Judged(NamedTuple):
    """Figures of N spectra: ln|Z| computed, shape (N, n), and mean, signed mean, noise, shape (N,)."""

    computed: Floats
    mean: Floats
    signed_mean: Floats
    noise: Floats


@lru_cache(maxsize=64)
def _operators(frequencies: bytes, band: tuple[float, float]) -> _Operators | None:
    frequency = np.frombuffer(frequencies)
    decades = float(np.log10(frequency[0] / frequency[-1])) if len(frequency) else 0.0
    if len(frequency) < FEWEST_POINTS or decades < NARROWEST:
        return None
    place = np.log(frequency)
    intervals = int(min(np.ceil(KNOTS * decades), MOST_ELEMENTS * len(frequency) - DEGREE))
    inner = np.linspace(place[-1], place[0], intervals + 1)
    knots = np.concatenate([np.repeat(inner[0], DEGREE), inner, np.repeat(inner[-1], DEGREE)])
    from scipy.interpolate import BSpline  # slow to load, and not needed by all

    splines = BSpline(knots, np.eye(intervals + DEGREE), DEGREE)
    values = splines(place)
    solve = np.linalg.pinv(values)
    integral = splines.antiderivative()(place) * (2 / np.pi) + GAMMA * splines.derivative()(place)
    low = frequency < LOWEST_DECADE * frequency[-1]
    stable = (frequency >= band[0]) & (frequency <= band[1]) & ~low
    if np.sum(stable) < FEWEST_STABLE:
        stable = ~low
    of_stable = stable / np.sum(stable)
    contrast = low / np.sum(low) - of_stable
    return _Operators(values @ solve, integral @ solve, of_stable, contrast, len(frequency) - values.shape[1])


def _judge(operators: _Operators, phase: Floats, modulus: Floats) -> _Judged:
    """Judge spectra with the same frequencies from φ and ln|Z|, shapes (N, n)."""
    phase, modulus, noise = _without_outliers(operators, phase, modulus)
    computed = phase @ operators.integrate.T
    computed += ((modulus - computed) @ operators.stable)[:, None]
    mean = (modulus - computed) @ operators.contrast
    from_phase = operators.integrate.T @ operators.contrast
    low = (phase @ operators.smooth.T)[:, operators.contrast > 0]
    series = SERIES_ERROR * (low.max(axis=1) - low.min(axis=1))
    variance = noise**2 * (operators.contrast @ operators.contrast + from_phase @ from_phase)
    freedom = np.asarray(MEDIAN_EFFICIENCY * 2 * operators.freedom)
    return _Judged(computed, mean, in_sigma(mean / np.sqrt(variance + series**2), freedom), noise)


def _without_outliers(operators: _Operators, phase: Floats, modulus: Floats) -> tuple[Floats, Floats, Floats]:
    """Return φ and ln|Z| with single wild points put on the spline, and the noise, shape (N,).

    The worst one first, because it pulls the spline, and with it its neighbours' residuals.
    """
    inflate = np.sqrt(phase.shape[1] / operators.freedom)
    rows, share = np.arange(len(phase)), 1 / np.maximum(1 - np.diag(operators.smooth), 0.01)
    for turn in range(PASSES + 1):
        off = modulus - modulus @ operators.smooth.T + 1j * (phase - phase @ operators.smooth.T)
        both = np.concatenate([np.abs(off.real), np.abs(off.imag)], axis=1)
        noise = np.maximum(np.median(both, axis=1) * MEDIAN_TO_SIGMA * inflate, SMALLEST_NOISE)
        standard = off * np.sqrt(share)
        worst = np.argmax(np.abs(standard), axis=1)
        wild = alone(standard, noise)[rows, worst]
        if turn == PASSES or not np.any(wild):
            break
        chosen = rows[wild], worst[wild]
        step = off[chosen] * share[worst[wild]]
        phase, modulus = phase.copy(), modulus.copy()
        phase[chosen] -= step.imag
        modulus[chosen] -= step.real
    return phase, modulus, noise


@overload
def zhit(spectra: Spectrum, mask: Bools | None = None, band: tuple[float, float] = STABLE) -> ZHitResult: ...


@overload
def zhit(
    spectra: Sequence[Spectrum] | Arrays, mask: Bools | None = None, band: tuple[float, float] = STABLE
) -> list[ZHitResult]: ...


def zhit(
    spectra: Spectrum | Sequence[Spectrum] | Arrays,
    mask: Bools | None = None,
    band: tuple[float, float] = STABLE,
) -> ZHitResult | list[ZHitResult]:
    """Compute the modulus from the phase and compare it with the measured one.

    Parameters
    ----------
    spectra : Spectrum, sequence of Spectrum, or (frequency, impedance)
        As in `analysis.kramers_kronig.kramers_kronig`.
    mask : ndarray of bool, shape (n,) or (N, n), optional
        Points to use; by default all that can be used.
    band : tuple of float
        Where the spectrum is trusted, Hz: the constant is fitted there. The lowest decade never
        counts as such; if little is left, all above it does.

    Returns
    -------
    ZHitResult, or a list of them for several

    Raises
    ------
    BadInput
        For arrays whose shapes do not belong together, or a band that is none.
    """
    if not 0 <= band[0] < band[1]:
        raise BadInput(
            f"A band from {band[0]:g} to {band[1]:g} Hz is empty;", "give (lowest, highest) in Hz."
        )
    batch = batch_of(as_measured(spectra, mask))
    results: list[ZHitResult] = [_unknown(int(n)) for n in batch.length]
    for row, members in _alike(batch):
        operators = _operators(row, (float(band[0]), float(band[1])))
        n = len(row) // 8
        if operators is None:
            continue
        impedance = batch.impedance[members, :n]
        modulus = np.log(np.abs(impedance))
        judged = _judge(operators, np.unwrap(np.angle(impedance), axis=1), modulus)
        used = np.frombuffer(row)[operators.stable > 0]
        for k, member in enumerate(members):
            results[member] = _result(batch, member, judged, k, modulus[k], (float(used[-1]), float(used[0])))
    return results[0] if isinstance(spectra, Spectrum) else results


def _alike(batch: Batch) -> list[tuple[bytes, list[int]]]:
    """Return frequencies, and the spectra that were measured at these."""
    groups: dict[bytes, list[int]] = {}
    for number, count in enumerate(batch.count.tolist()):
        row = batch.frequency[number if len(batch.frequency) > 1 else 0, :count].tobytes()
        groups.setdefault(row, []).append(number)
    return list(groups.items())


def _unknown(n: int) -> ZHitResult:
    nan = float("nan")
    return ZHitResult(np.full(n, nan), np.full(n, nan), nan, nan, nan, (nan, nan))


def _result(
    batch: Batch, number: int, judged: _Judged, k: int, modulus: Floats, band: tuple[float, float]
) -> ZHitResult:
    computed, deviation = (np.full(int(batch.length[number]), np.nan) for _ in range(2))
    where = batch.position[number, : len(modulus)]
    computed[where] = np.exp(judged.computed[k])
    deviation[where] = modulus - judged.computed[k]
    return ZHitResult(
        computed,
        deviation,
        float(judged.mean[k]),
        float(judged.signed_mean[k]),
        float(judged.noise[k]),
        band,
    )
