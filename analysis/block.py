"""A block of spectra in, their minima out: noise, mask, drift; `analysis.report` says what they mean."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from analysis.batch import Batch
from analysis.circuits.model import Circuit
from analysis.consistency import Cuts, band_tests, raise_cuts
from analysis.engine.choice import Kernels
from analysis.engine.minimise import Minima, Problem, minimise, pose
from analysis.expectation import expectations
from analysis.minima import VAGUE, Warm, covariances, find_minima, ordered
from analysis.sweep_drift import Trend, covariance_with_drift, drifting_arcs, trend_around, trend_of_last
from core.records import Bools, Floats

FEW = 15
"""Fewer usable points than this are flagged."""

POOR = 0.03
"""Root mean square of the relative residuals from which on a fit is poor."""

TYPICAL_NOISE = 5e-3
"""Relative noise assumed where the spectrum is too short to show its own."""

UNNOTICED = 5e-4
"""Change of ln R or ln τ a sweep that makes no difference to a fit."""

PASSES = 2
"""A steady fit of a drifting sweep that lost its low frequencies is early; the second look knows better."""

SAME = 0.5
"""Standard errors of a slope by which another one may differ and still do."""

AGAINST_DRIFT = 2.0
"""Cost by which a steady model must be better to refute a drift: a jump between sweeps is not one."""


class Past(NamedTuple):
    """Fits before the first of a block, oldest first, with k of them.

    Attributes
    ----------
    time : ndarray, shape (k,)
    theta, covariance : ndarray, shapes (k, p) and (k, p, p)
    trusted : ndarray of bool, shape (k,)
        Whether the interface of that fit can be built on.
    rms : float
        Their usual residual; nan where there are none.
    resolved : bool or None
        Whether the last of them had an interface.
    """

    time: Floats
    theta: Floats
    covariance: Floats
    trusted: Bools
    rms: float
    resolved: bool | None


@dataclass(frozen=True)
class Settings:
    """How spectra are to be fitted.

    Attributes
    ----------
    circuit : Circuit
    area : float or None
        Electrode area in m², for the resolution limit of 2 Ω cm² only.
    test : bool
        Whether to run the Kramers–Kronig test and mask what fails it.
    follow_drift : bool
        Whether the model may drift during a sweep.
    in_order : bool
        Whether the spectra are consecutive sweeps of one cell.
    """

    circuit: Circuit
    area: float | None = None
    test: bool = True
    follow_drift: bool = True
    in_order: bool = True


@dataclass
class Work:
    """What is known of N spectra that can be fitted.

    Attributes
    ----------
    problem : Problem
        With the points that are left after the Kramers–Kronig test.
    minima : Minima
    slopes : ndarray, shape (N, p)
        dθ/dt that the model knew, 1/s.
    cuts : Cuts or None
        Of the Kramers–Kronig test.
    tested : ndarray of int, shape (N,)
        Points of each spectrum before that test.
    covariance : ndarray, shape (N, p, p)
        Of θ, with what the uncertainty of the slopes adds.
    trend : Trend
        What the neighbours say about the slopes.
    """

    problem: Problem
    minima: Minima
    slopes: Floats
    cuts: Cuts | None
    tested: np.ndarray
    covariance: Floats = field(init=False)
    trend: Trend = field(init=False)

    def take(self, rows: np.ndarray) -> "Work":
        """Return the same for some of the spectra, without the cuts."""
        part = replace(
            self,
            problem=self.problem.take(rows),
            minima=self.minima.take(rows),
            slopes=self.slopes[rows],
            cuts=None,
            tested=self.tested[rows],
        )
        part.covariance = self.covariance[rows]
        part.trend = self.trend.take(rows)
        return part


def work_on(
    batch: Batch,
    settings: Settings,
    kernels: Kernels,
    temperature: Floats,
    noise: Floats | None = None,
    warm: Warm | None = None,
    past: Past | None = None,
) -> Work:
    """Find the minima of spectra that have enough points.

    Parameters
    ----------
    batch : Batch
    settings : Settings
    kernels : Kernels
    temperature : ndarray, shape (N,)
        Of the cell in K, for where the arcs of an electrolyte are expected.
    noise : ndarray, shape (N, n), optional
        Relative standard deviation of every point, in the order of the batch; by default the
        scatter about the Kramers–Kronig fit of each spectrum.
    warm : Warm, optional
        Where the minima are expected; by default nothing is known.
    past : Past, optional
    """
    work = _search(batch, settings, kernels, temperature, noise, warm)
    work.covariance = covariances(work.problem, work.minima)
    arcs = drifting_arcs(settings.circuit)
    if settings.follow_drift and settings.in_order and arcs:
        for _ in range(PASSES):
            work.trend = _trend(work, settings.circuit, past)
            if not _follow_drift(work, settings.circuit, kernels) or not work.slopes.any():
                break
        _spread(work, np.flatnonzero(work.slopes.any(axis=1)))
    else:
        work.trend = Trend.unknown(*work.minima.theta.shape)
    return work


def _search(
    batch: Batch,
    settings: Settings,
    kernels: Kernels,
    temperature: Floats,
    noise: Floats | None,
    warm: Warm | None,
) -> Work:
    circuit = settings.circuit
    tests = None
    if settings.test or noise is None:
        tests = band_tests(
            batch.frequency, batch.impedance, batch.count, residuals=False, kernel=kernels.band_block
        )
        if noise is None:
            noise = np.where(tests.testable, tests.noise, TYPICAL_NOISE)
    assert noise is not None
    along = settings.follow_drift and bool(circuit.arcs) and bool(np.isfinite(batch.duration).any())
    problem = pose(circuit.program, batch, noise, expectations(circuit, batch, temperature), along)
    minima, slopes = find_minima(circuit, problem, kernels, warm)
    if not settings.test or tests is None:
        return Work(problem, minima, slopes, None, batch.count)
    cuts = raise_cuts(
        batch.frequency, batch.impedance, batch.count, apex=_apex(circuit, minima), tests=tests,
        residuals=False, kernel=kernels.band_block,
    )  # fmt: skip
    shorter = np.flatnonzero(cuts.count < batch.count)
    if len(shorter):
        problem = problem._replace(batch=batch.only_first(cuts.count))
        some = problem.take(shorter)
        again = minimise(some, minima.theta[shorter], kernels, slopes[shorter])
        minima.put(shorter, ordered(circuit, some, again, kernels, slopes[shorter]))
    return Work(problem, minima, slopes, cuts, batch.count)


def _apex(circuit: Circuit, minima: Minima) -> Floats | None:
    """Return the frequency of the interface arc's apex in Hz, shape (N,)."""
    if not circuit.interface or circuit.interface[-1].ln_tau < 0:
        return None
    return np.asarray(np.exp(-minima.theta[:, circuit.interface[-1].ln_tau]) / (2 * np.pi))


def _follow_drift(work: Work, circuit: Circuit, kernels: Kernels) -> bool:
    """Minimise again what drifts otherwise than the model knows; return whether there was anything."""
    problem, minima = work.problem, work.minima
    used = work.trend.significant(circuit, problem.batch.duration)
    unnoticed = np.fmax(UNNOTICED / problem.batch.duration[:, None], SAME * work.trend.stderr)
    off = (np.abs(used - work.slopes) > unnoticed).any(axis=1)
    changed = np.flatnonzero(off)
    if not len(changed):
        return False
    used[~off] = work.slopes[~off]
    some, slope = problem.take(changed), used[changed]
    found = ordered(circuit, some, minimise(some, minima.theta[changed], kernels, slope), kernels, slope)
    everything = len(changed) == len(used)
    steady = minima if everything else minima.take(changed)
    drifted = np.flatnonzero(work.slopes[changed].any(axis=1))
    if len(drifted):
        steady.put(drifted, minimise(some.take(drifted), found.theta[drifted], kernels))
    refuted = np.flatnonzero(~(found.cost <= steady.cost + AGAINST_DRIFT))
    if len(refuted):
        found.put(refuted, steady.take(refuted))
        used[changed[refuted]] = 0.0
    work.slopes = used
    if everything:
        work.minima, work.covariance = found, covariances(some, found)
    else:
        minima.put(changed, found)
        work.covariance[changed] = covariances(some, found)
    return True


def _spread(work: Work, drifts: np.ndarray) -> None:
    """Add what the uncertainty of the slopes does."""
    if len(drifts):
        work.covariance = work.covariance.copy()
        work.covariance[drifts] = covariance_with_drift(
            work.minima.take(drifts), work.covariance[drifts], work.slopes[drifts], work.trend.take(drifts)
        )


def _trend(work: Work, circuit: Circuit, past: Past | None) -> Trend:
    batch, minima = work.problem.batch, work.minima
    watched = [arc.ln_r for arc in drifting_arcs(circuit)]
    error = np.sqrt(work.covariance[:, watched, watched])
    trusted = minima.converged & (minima.rms < POOR) & (batch.count >= FEW)
    trusted &= (error < VAGUE / 2).all(axis=1)
    if past is None:
        return trend_around(batch.time, batch.duration, minima.theta, work.covariance, trusted)
    return trend_of_last(
        np.concatenate([past.time[past.trusted], batch.time]),
        float(batch.duration[0]),
        np.concatenate([past.theta[past.trusted], minima.theta]),
        np.concatenate([past.covariance[past.trusted], work.covariance]),
        bool(trusted[0]),
    )
