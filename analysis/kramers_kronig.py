"""Linear Kramers–Kronig test with a fixed density of elements (Boukamp 1995).

Z is fitted by R0 + jωL + Σ R_k/(1 + jωτ_k) with three τ_k a decade over the measured band, which
is linear least squares and obeys Kramers–Kronig by construction. For the verdict only Im Z is
fitted and Re Z is predicted from it: what has changed during the sweep shows as a shift of Re Z
in the lowest decade, so the signed mean there is judged, in units of its own standard deviation.
The number of elements is fixed because choosing it by the sign of the R_k stops too early, and
rejects valid spectra, when one arc is much larger than the others.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from analysis.points import Points, usable_points
from core.records import Bools, Complexes, Floats, KramersKronig, Spectrum

PER_DECADE = 3
FEWEST_POINTS = 12
MOST_ELEMENTS = 0.9
"""Coefficients a point at most; sparser spectra cannot be judged."""

MOST_SIGMA = 4.0
"""A signed mean further from zero than this fails."""

MOST_SCATTER = 2.0
"""Residuals of the lowest decade larger than this many times the noise fail."""

OUTLIER = 5.0
"""A single point further off than this, beside good ones, is an outlier and does not vote."""

APEX_TO_CUT = 30.0
"""Points down to the apex of the interface arc divided by this are never dropped."""

SMALLEST_NOISE = 1e-3
"""No bench measures impedance better than this; it keeps noise-free data from being judged too finely."""


class _Design(NamedTuple):
    """Real and imaginary columns at given frequencies: R0, L, then the R_k; shape (n, m + 2)."""

    real: Floats
    imaginary: Floats


@lru_cache(maxsize=64)
def _design(frequencies: bytes) -> _Design:
    frequency = np.frombuffer(frequencies)
    omega = 2 * np.pi * frequency
    decades = np.log10(frequency.max() / frequency.min())
    tau = np.geomspace(1 / omega.max(), 1 / omega.min(), int(np.ceil(PER_DECADE * decades)) + 1)
    x = omega[:, None] * tau
    debye = 1 / (1 + x**2)
    ones, zeros = np.ones_like(omega), np.zeros_like(omega)
    return _Design(
        np.column_stack([ones, zeros, debye]), np.column_stack([zeros, omega / omega.max(), -x * debye])
    )


@dataclass(frozen=True, eq=False)
class BandTest:
    """The test of one band of a spectrum.

    Attributes
    ----------
    residual : ndarray of complex, shape (n,)
        (Z − fit)/|Z| of the complex fit.
    noise : float
        Standard deviation of Re Z and Im Z relative to |Z|, from the scatter of those residuals.
    signed_mean : float
        Signed mean of the residuals of Re Z predicted from Im Z in the lowest decade, in sigma.
    scatter : float
        Root mean square of the complex fit's residuals in the lowest decade over the noise.
    """

    residual: Complexes
    noise: float
    signed_mean: float
    scatter: float

    @property
    def passed(self) -> bool:
        """Return whether the band is consistent."""
        return abs(self.signed_mean) <= MOST_SIGMA and self.scatter <= MOST_SCATTER


@dataclass(frozen=True, eq=False)
class KramersKronigResult:
    """Verdict and residuals of the test.

    Attributes
    ----------
    verdict : KramersKronig
    residual_re, residual_im : ndarray, shape (n,)
        Residuals of the complex fit relative to |Z|, in the order of the spectrum; nan where a
        point was not used.
    mask : ndarray of bool, shape (n,)
        True for the points that remain.
    """

    verdict: KramersKronig
    residual_re: Floats
    residual_im: Floats
    mask: Bools


def _solve(normal: Floats, right: Floats) -> Floats:
    """Solve normal equations scaled to a unit diagonal, with a ridge far below the noise."""
    scale = 1 / np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal * np.outer(scale, scale) + 1e-12 * np.eye(len(normal))
    shape = scale[:, None] if right.ndim > 1 else scale
    return np.asarray(shape * np.linalg.solve(scaled, shape * right))


def band_test(frequency: Floats, impedance: Complexes) -> BandTest | None:
    """Test one band as it is, without dropping low frequencies.

    Parameters
    ----------
    frequency : ndarray, shape (n,)
        Hz, descending.
    impedance : ndarray of complex, shape (n,)
        Ω, not zero.

    Returns
    -------
    BandTest or None
        None if there are too few points, or too narrow a band, to tell.
    """
    if len(frequency) < FEWEST_POINTS:
        return None
    design = _design(np.ascontiguousarray(frequency, dtype=float).tobytes())
    if design.real.shape[1] > MOST_ELEMENTS * len(frequency):
        return None
    weight = 1 / np.abs(impedance)
    residual, noise = _complex_fit(design, impedance, weight)
    good = ~_outliers(residual, noise)
    if not np.all(good):
        residual, noise = _complex_fit(design, impedance, weight * good)
        residual = np.where(good, residual, _residual_of(design, impedance, weight, good))
    low = (frequency < 10.01 * frequency.min()) & good
    if not (np.isfinite(noise) and np.any(low)):
        return None
    signed_mean = _signed_mean(design, impedance, weight * good, low) / noise
    scatter = float(np.sqrt(np.mean(np.abs(residual[low]) ** 2) / 2)) / noise
    return BandTest(residual, noise, signed_mean, scatter)


def _coefficients(design: _Design, impedance: Complexes, weight: Floats) -> Floats:
    real, imaginary = design.real * weight[:, None], design.imaginary * weight[:, None]
    right = real.T @ (impedance.real * weight) + imaginary.T @ (impedance.imag * weight)
    return _solve(real.T @ real + imaginary.T @ imaginary, right)


def _complex_fit(design: _Design, impedance: Complexes, weight: Floats) -> tuple[Complexes, float]:
    """Return weighted residuals, shape (n,), and the noise they show."""
    solution = _coefficients(design, impedance, weight)
    residual = (impedance - design.real @ solution - 1j * (design.imaginary @ solution)) * weight
    both = np.abs(residual[weight > 0].view(float))
    freedom = max(len(both) - len(solution), 1)
    noise = float(np.median(both) / 0.6745 * np.sqrt(len(both) / freedom))
    return residual.astype(complex), max(noise, SMALLEST_NOISE)


def _residual_of(design: _Design, impedance: Complexes, weight: Floats, good: Bools) -> Complexes:
    solution = _coefficients(design, impedance, weight * good)
    return np.asarray((impedance - design.real @ solution - 1j * (design.imaginary @ solution)) * weight)


def _outliers(residual: Complexes, noise: float) -> Bools:
    """Return which points are off on their own; a run of them is not an outlier but a finding."""
    size = np.abs(residual) / noise
    off = size > OUTLIER
    beside = np.zeros(len(off), dtype=bool)
    beside[1:] |= size[:-1] > 0.6 * size[1:]
    beside[:-1] |= size[1:] > 0.6 * size[:-1]
    alone = off & ~beside
    return alone if np.sum(alone) <= 0.05 * len(off) + 1 else np.zeros(len(off), dtype=bool)


def _signed_mean(design: _Design, impedance: Complexes, weight: Floats, low: Bools) -> float:
    """Return the signed mean of Re Z minus its prediction from Im Z, in sigma per unit of noise.

    The prediction carries the noise of Im Z and of the common R0; both enter its sigma.
    """
    imaginary = design.imaginary[:, 1:] * weight[:, None]
    real = design.real[:, 1:] * weight[:, None]
    unit = weight / np.sqrt(weight @ weight)
    mean = low / np.sum(low)
    mean = mean - unit * (unit @ mean)
    right = np.column_stack([imaginary.T @ (impedance.imag * weight), real.T @ mean])
    solution = _solve(imaginary.T @ imaginary, right)
    shift = float(mean @ (impedance.real * weight - real @ solution[:, 0]))
    from_imaginary = imaginary @ solution[:, 1]
    return shift / float(np.sqrt(mean @ mean + from_imaginary @ from_imaginary))


def kramers_kronig(
    spectrum: Spectrum, mask: Bools | None = None, apex: float | None = None
) -> KramersKronigResult:
    """Test a spectrum and raise its lowest frequency until it is consistent.

    Parameters
    ----------
    spectrum : Spectrum
    mask : ndarray of bool, shape (n,), optional
        Points to test; by default all that can be used.
    apex : float, optional
        Frequency of the interface arc's apex in Hz; points down to a thirtieth of it are kept
        whatever happens. By default where −Im Z is largest below 100 kHz.

    Returns
    -------
    KramersKronigResult
        Its verdict has `passed` False and a signed mean of nan if there were too few points.
    """
    with np.errstate(all="ignore"):
        return raise_cut(usable_points(spectrum, mask), None, apex)


def raise_cut(points: Points, whole: BandTest | None, apex: float | None) -> KramersKronigResult:
    """Drop low frequencies a third of a decade at a time until the rest passes; see `kramers_kronig`.

    `whole` is the test of all points when it has been made already.
    """
    first = band_test(points.frequency, points.impedance) if whole is None else whole
    if first is None:
        verdict = KramersKronig(False, float("nan"), None, "too few points for the Kramers–Kronig test")
        return _result(points, points.frequency > 0, verdict, None)
    limit = (apex if apex is not None else apparent_apex(points)) / APEX_TO_CUT
    kept, test = np.ones(len(points), dtype=bool), first
    cut = float(points.frequency[-1])
    while not test.passed:
        cut *= 10 ** (1 / 3)
        chosen = points.frequency >= cut
        narrower = band_test(points.frequency[chosen], points.impedance[chosen]) if cut <= limit else None
        if narrower is None:
            break
        kept, test = chosen, narrower
    dropped = int(np.sum(~kept))
    lowest = float(points.frequency[kept][-1])
    verdict = KramersKronig(
        passed=test.passed,
        signed_mean=test.signed_mean,
        dropped_below=lowest if dropped else None,
        reason=_reason(first, test, dropped, lowest),
    )
    return _result(points, kept, verdict, test)


def apparent_apex(points: Points) -> float:
    """Return where −Im Z is largest below 100 kHz, in Hz; the highest frequency if nowhere."""
    low = points.frequency < 1e5
    if not np.any(low):
        return float(points.frequency[0])
    return float(points.frequency[low][np.argmax(-points.impedance.imag[low])])


def _reason(first: BandTest, last: BandTest, dropped: int, lowest: float) -> str:
    if first.passed:
        return ""
    if abs(first.signed_mean) > MOST_SIGMA:
        why = f"Re Z of the lowest decade is {first.signed_mean:+.1f} sigma off its Kramers–Kronig prediction"
    else:
        why = f"the lowest decade scatters {first.scatter:.1f} times more than the noise"
    what = f"dropped {dropped} points below {lowest:.3g} Hz" if dropped else "dropped no point"
    if last.passed:
        return f"{why}; {what}"
    return f"{why}; {what}, and more would cost the interface arc: still inconsistent"


def _result(
    points: Points, kept: Bools, verdict: KramersKronig, test: BandTest | None
) -> KramersKronigResult:
    residual = np.full(points.total, complex(np.nan, np.nan))
    remaining = points.keep(kept)
    if test is not None:
        residual[remaining.index] = test.residual
    return KramersKronigResult(verdict, residual.real.copy(), residual.imag.copy(), remaining.mask)
