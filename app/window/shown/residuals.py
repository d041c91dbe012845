"""What the plot of Kramers–Kronig residuals shows: per cent over frequency, the verdict in words. No Qt."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.consistency import MOST_SCATTER, MOST_SIGMA
from analysis.engine.kk_settings import LOWEST_DECADE
from app.window.reading import faces
from app.window.reading.snapshot import Snapshot
from app.window.shown.looked_at import which, why_nothing
from app.window.shown.units import Units
from core.records import Bools, Floats

EMPTY: Floats = np.empty(0)
DECADE = math.log10(LOWEST_DECADE)
FAR = 2.5
"""Residuals more than so many times larger than the usual ones are outliers."""

LEAST = 0.1
"""Per cent: a plot of smaller residuals is not stretched further."""


@dataclass(frozen=True, eq=False)
class Residuals:
    """The plot of residuals.

    Attributes
    ----------
    frequency : ndarray, shape (n,)
        log₁₀ of Hz.
    real, imaginary : ndarray, shape (n,)
        Per cent of |Z|.
    dropped : ndarray of bool, shape (n,)
        Points that the verdict leaves out.
    noise : float
        Per cent of |Z|, the standard deviation by which residuals are judged; nan where it is not known.
    judged : tuple of float or None
        Where residuals are judged: log₁₀ of Hz of both ends of the lowest decade that is kept.
    limit : float
        Per cent: more scatter than this in the lowest decade fails.
    passed : bool or None
        None while nothing has been tested.
    verdict, remarks : str
        What was found, and what else is to be said.
    which, words : str
        As in `Nyquist`.
    """

    frequency: Floats
    real: Floats
    imaginary: Floats
    dropped: Bools
    noise: float
    judged: tuple[float, float] | None
    limit: float
    passed: bool | None
    verdict: str
    remarks: str
    which: str
    words: str

    @property
    def reach(self) -> float:
        """Per cent that the plot reaches on both sides of zero: a far outlier does not rule it."""
        known = np.abs(np.concatenate([self.real, self.imaginary]))
        known = known[np.isfinite(known)]
        usual, most = (float(np.percentile(known, 95)), float(known.max())) if len(known) else (0.0, 0.0)
        least = LEAST if math.isnan(self.limit) else max(LEAST, self.limit)
        return 1.15 * max(min(most, FAR * usual), least)


def residuals(snapshot: Snapshot, units: Units | None = None) -> Residuals:
    """Return what there is to show of the test of the spectrum that is looked at."""
    found, pointed = snapshot.residuals, snapshot.pointed
    name = which(snapshot, Units() if units is None else units)
    if found is None or pointed is None or found.spectrum != pointed.id:
        words = why_nothing(snapshot) or "testing …"
        return _empty(name, words)
    if not len(found.frequency):
        return _empty(name, why_nothing(snapshot) or "no point of this spectrum can be tested")
    frequency = np.log10(found.frequency)
    kept = frequency[~found.dropped]
    testable = math.isfinite(found.noise) and len(kept) > 0
    noise = 100 * found.noise
    return Residuals(
        frequency=frequency,
        real=100 * found.residual.real,
        imaginary=100 * found.residual.imag,
        dropped=found.dropped,
        noise=noise,
        judged=(float(kept[-1]), float(kept[-1]) + DECADE) if testable else None,
        limit=MOST_SCATTER * noise,
        passed=found.verdict.passed,
        verdict=_verdict(found),
        remarks=_remarks(found),
        which=name,
        words="" if np.any(np.isfinite(found.residual)) else "too few points, or too narrow a band, to test",
    )


def _empty(name: str, words: str) -> Residuals:
    nan = float("nan")
    return Residuals(EMPTY, EMPTY, EMPTY, np.empty(0, dtype=bool), nan, None, nan, None, "", "", name, words)


def _verdict(found: faces.Residuals) -> str:
    verdict = found.verdict
    state = "consistent" if verdict.passed else "inconsistent"
    if verdict.reason:
        return f"{state}: {verdict.reason}"
    if math.isnan(verdict.signed_mean):
        return state
    off = f"{verdict.signed_mean:+.1f}".replace("-", "−")
    return f"{state}: Re Z {off} σ off in the lowest decade (limit ±{MOST_SIGMA:.0f} σ)"


def _remarks(found: faces.Residuals) -> str:
    said = []
    if math.isfinite(found.noise):
        said.append(f"noise {100 * found.noise:.2g} %")
    if found.unusable:
        said.append(f"{found.unusable} points unusable")
    if found.interpolated:
        said.append("drift taken out: ln Z interpolated between sweeps")
    if not found.stored:
        said.append("not fitted: tested here")
    elif not found.reproduced:
        said.append("the stored verdict was made from other numbers than these")
    return ", ".join(said)
