"""What is computed of the spectrum that is looked at: its Kramers–Kronig residuals, its relaxation times.

Both are computed in the thread that reads, and only while somebody looks at them. The engine is the one
without a compiler: it gives the same numbers, takes a millisecond, and needs no half minute to get ready.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.batch import Batch, batch_of, measured
from analysis.consistency import band_tests, raise_cuts
from analysis.drift_correction import corrections
from analysis.engine.choice import NUMPY
from analysis.hindsight import INTERPOLATED
from analysis.model_curve import impedance_of
from analysis.verdicts import TOO_FEW, verdicts
from core.errors import BadInput
from core.records import Bools, Complexes, Fit, Floats, KramersKronig, Spectrum

RESIDUALS, DISTRIBUTION = "residuals", "drt"
"""Names of the faces that are computed."""

SAME = 1e-3
"""Difference of two signed means, in sigma, below which they are the same test."""

EDGE = 1 - 1e-9


@dataclass(frozen=True, eq=False)
class Residuals:
    """The Kramers–Kronig test of one spectrum, the way the fit that is stored was judged.

    Attributes
    ----------
    spectrum : int
        Its id.
    frequency : ndarray, shape (n,)
        Hz, descending: the points that could be tested.
    residual : ndarray of complex, shape (n,)
        (Z − Kramers–Kronig fit)/|Z|; of the points that were dropped, against the fit to all points.
    dropped : ndarray of bool, shape (n,)
        Low frequencies that were dropped until the rest was consistent.
    unusable : int
        Points that could not be tested at all: not finite, or with too little amplitude.
    noise : float
        Standard deviation of Re Z and Im Z relative to |Z|, by which the test judges.
    verdict : KramersKronig
    stored : bool
        Whether the verdict is that of the stored fit; otherwise it was made here.
    reproduced : bool
        Whether the test comes out here as it is stored.
    interpolated : bool
        Whether the impedances had been interpolated between sweeps to the middle of this one.
    """

    spectrum: int
    frequency: Floats
    residual: Complexes
    dropped: Bools
    unusable: int
    noise: float
    verdict: KramersKronig
    stored: bool
    reproduced: bool
    interpolated: bool


@dataclass(frozen=True, eq=False)
class Distribution:
    """The distribution of relaxation times of one spectrum; see `analysis.drt.DRT`.

    Attributes
    ----------
    spectrum : int
        Its id.
    tau, gamma, stderr : ndarray, shape (m,)
        s; Ω.
    peaks : tuple of (float, float)
        τ in s and resistance in Ω of each maximum.
    weight : float
        λ.
    polarisation : float
        ∫ γ d ln τ, Ω; nan where the spectrum does not end in a closed arc.
    rms_residual : float
        Of the relative residuals of Re Z and Im Z.
    flags : tuple of str
    problem : str
        Why there is none, in words; empty if there is.
    """

    spectrum: int
    tau: Floats
    gamma: Floats
    stderr: Floats
    peaks: tuple[tuple[float, float], ...]
    weight: float
    polarisation: float
    rms_residual: float
    flags: tuple[str, ...]
    problem: str = ""


def fitted_points(fit: Fit, spectrum: Spectrum) -> Complexes | None:
    """Return the fitted circuit at the frequencies of its spectrum, Ω, nan where there is no frequency.

    None where the fit says nothing.
    """
    known = np.isfinite(spectrum.frequency) & (np.nan_to_num(spectrum.frequency) > 0)
    delay = spectrum.time[known] - spectrum.mid_time
    found = impedance_of(fit, spectrum.frequency[known], delay)
    if found is None:
        return None
    result = np.full(len(spectrum), complex(np.nan, np.nan))
    result[known] = found
    return result


def residuals_of(number: int, spectrum: Spectrum, fit: Fit | None, around: Sequence[Spectrum]) -> Residuals:
    """Test a spectrum for Kramers–Kronig consistency the way its fit was judged.

    Parameters
    ----------
    number : int
        Id of the spectrum.
    spectrum : Spectrum
    fit : Fit or None
        Its latest; without one the test is made afresh.
    around : sequence of Spectrum
        The sweeps just before and after it, for fits to interpolated impedances; empty where one is missing.
    """
    interpolated = fit is not None and INTERPOLATED in fit.flags and len(around) == 2
    tested = _interpolated(spectrum, around) if interpolated else spectrum
    batch = batch_of(measured([tested]))
    verdict = fit.kramers_kronig if fit is not None else _verdict(batch)
    count = int(batch.count[0])
    frequency = np.array(np.broadcast_to(batch.frequency, batch.impedance.shape)[0, :count])
    whole = band_tests(batch.frequency, batch.impedance, batch.count, kernel=NUMPY.band_block)
    below = verdict.dropped_below
    kept = count if below is None else int(np.count_nonzero(frequency >= below * EDGE))
    last = whole
    if kept < count:
        last = band_tests(batch.frequency, batch.impedance, np.array([kept]), kernel=NUMPY.band_block)
    assert whole.residual is not None
    assert last.residual is not None
    dropped = np.arange(count) >= kept
    residual = np.where(dropped, whole.residual[0, :count], last.residual[0, :count])
    mean = float(last.signed_mean[0])
    same = (math.isnan(mean) and math.isnan(verdict.signed_mean)) or abs(mean - verdict.signed_mean) < SAME
    unusable, noise = len(spectrum) - count, float(last.noise[0])
    return Residuals(
        number, frequency, residual, dropped, unusable, noise, verdict, fit is not None, same, interpolated
    )


def _interpolated(spectrum: Spectrum, around: Sequence[Spectrum]) -> Spectrum:
    return corrections([around[0], spectrum, around[1]])[1].spectrum


def _verdict(batch: Batch) -> KramersKronig:
    """Judge a spectrum that nobody has judged yet."""
    if not batch.impedance.shape[1]:
        return TOO_FEW
    kernel = NUMPY.band_block
    return verdicts(batch, raise_cuts(batch.frequency, batch.impedance, batch.count, kernel=kernel))[0]


def distribution_of(number: int, spectrum: Spectrum) -> Distribution:
    """Return the distribution of relaxation times of a spectrum; never raises for bad data.

    Parameters
    ----------
    number : int
        Id of the spectrum.
    spectrum : Spectrum
    """
    from analysis.drt import drt

    nothing, nan = np.empty(0), float("nan")
    empty = Distribution(number, nothing, nothing, nothing, (), nan, nan, nan, ())
    try:
        found = drt(spectrum)
    except (BadInput, np.linalg.LinAlgError, RuntimeError) as error:
        words = (
            f"{error.problem} {error.remedy}" if isinstance(error, BadInput) else f"not computable: {error}"
        )
        return replace(empty, problem=words)
    return Distribution(
        number,
        found.tau,
        found.gamma,
        found.stderr,
        tuple((peak.tau, peak.resistance) for peak in found.peaks),
        found.lambda_,
        found.polarisation_resistance,
        found.rms_residual,
        found.flags,
    )
