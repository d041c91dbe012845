"""One spectrum in, one fit out: mask, search, drift, Kramers–Kronig, uncertainties, reservations."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.circuit import FREE, LN_R_INT, LN_TAU_INT, MODEL, STEADY
from analysis.drift import Drift, drift_at, spread_from_drift
from analysis.kramers_kronig import band_test, raise_cut
from analysis.least_squares import Solution, minimise
from analysis.normalise import ROOM_TEMPERATURE
from analysis.points import Points, is_whole, usable_points
from analysis.quantities import INTERFACE_QUANTITIES, UNKNOWN, quantities, unknown
from analysis.resolution import is_resolved, upper_limit
from analysis.search import VAGUE, is_ordered, ordered, pose, search
from core.records import Fit, Floats, KramersKronig, Spectrum, Value

FEWEST = 8
"""Without this many usable points there is no fit: the circuit has eight parameters."""

FEW = 15
TYPICAL_NOISE = 5e-3
"""Relative noise assumed where the spectrum is too short to show its own."""

POOR = 0.03
HOPELESS = 0.1
"""Root mean square of the relative residuals from which on a fit is poor, or none at all."""

FAR_ABOVE = 3.0
NOTEWORTHY = 0.01
"""A fit this many times worse than those before it is poor, if it is worse than one per cent."""

TRUNCATED = 3.0
"""The apex of an arc should lie this many times above the lowest frequency."""

STRANGE = 4.0
AGAINST_DRIFT = 2.0
"""Cost by which a steady model must be better to refute a drift: a jump between sweeps is not one."""


def fit_spectrum(
    spectrum: Spectrum,
    area: float | None = None,
    previous: Sequence[Fit] = (),
    temperature: float = ROOM_TEMPERATURE,
) -> Fit:
    """Fit the circuit L-RC-RQ-RQ to one spectrum; no guess is needed.

    Modulus weights, Huber's robust cost, priors on inductance and electrolyte (see
    `analysis.priors`), covariance scaled by χ² per degree of freedom. Low frequencies that fail
    the Kramers–Kronig test are masked. Never raises for bad data: what cannot be fitted comes back
    with nan and a flag.

    Parameters
    ----------
    spectrum : Spectrum
    area : float, optional
        Electrode area in m², for the resolution limit of 2 Ω cm² only.
    previous : sequence of Fit
        Earlier fits of the same cell, oldest first: a warm start, and the drift during the sweep.
    temperature : float
        Of the cell in K, for where the arcs of the electrolyte are expected.

    Returns
    -------
    Fit
        Its parameters are those of `analysis.quantities.QUANTITIES`, at the middle of the sweep,
        and with the flag ``"below resolution"`` also ``R_int_upper`` in Ω (95 %), R_int itself
        then being nan. Flags: ``no fit``, ``few points``, ``bad points``, ``poor fit``,
        ``below resolution``, ``not identifiable``, ``truncated arc``, ``prior conflict``, ``drift``.
    """
    if not is_whole(spectrum):
        return _no_fit(spectrum, np.zeros(len(spectrum.frequency), dtype=bool), ("no fit", "bad points"))
    points = usable_points(spectrum)
    if len(points) < FEWEST:
        return _no_fit(spectrum, points.mask, ("no fit", "few points"))
    with np.errstate(all="ignore"):  # a model driven to extremes by damaged data ends as "no fit"
        return _fit_points(spectrum, points, area, previous, temperature)


def _fit_points(
    spectrum: Spectrum, points: Points, area: float | None, previous: Sequence[Fit], temperature: float
) -> Fit:
    test = band_test(points.frequency, points.impedance)
    noise = TYPICAL_NOISE if test is None else test.noise
    first, slope = search(points, noise, spectrum.mid_time, previous, temperature)
    if first is None:
        return _no_fit(spectrum, points.mask, ("no fit",))
    kramers_kronig = raise_cut(points, test, _apex(first))
    kept = points.keep(kramers_kronig.mask[points.index])
    drift = drift_at(previous, spectrum.mid_time, first, float(spectrum.time[-1] - spectrum.time[0]))
    solution = first
    if drift.slope != slope or len(kept) < len(points):
        solution = ordered(minimise(pose(kept, noise, drift.slope, temperature), first.theta)) or first
    if drift.per_sweep:
        steady = ordered(minimise(pose(kept, noise, STEADY, temperature), first.theta))
        if steady is not None and steady.cost + AGAINST_DRIFT < solution.cost:
            solution, drift = steady, Drift(STEADY, drift.stderr, 0.0)
    spread = solution.covariance + spread_from_drift(solution, kept.delay, drift)
    return _report(spectrum, kept, solution, spread, drift, kramers_kronig.verdict, area, previous)


def _apex(solution: Solution) -> float:
    return float(1 / (2 * np.pi * np.exp(solution.theta[LN_TAU_INT])))


def _report(
    spectrum: Spectrum,
    points: Points,
    solution: Solution,
    spread: Floats,
    drift: Drift,
    verdict: KramersKronig,
    area: float | None,
    previous: Sequence[Fit],
) -> Fit:
    rms = solution.rms
    if not (rms < HOPELESS and np.all(np.isfinite(spread))):
        fit = _no_fit(spectrum, points.mask, ("no fit", "poor fit"))
        return replace(fit, rms_residual=rms, kramers_kronig=verdict)
    resolved = is_ordered(solution) and is_resolved(solution, area)
    parameters = quantities(solution.theta, spread)
    parameters["drift_int"] = Value(drift.slope.ln_r, drift.stderr.ln_r)
    parameters["drift_tau"] = Value(drift.slope.ln_tau, drift.stderr.ln_tau)
    flags = _quality_flags(spectrum, points, solution, previous)
    if not resolved:
        parameters.update(dict.fromkeys(INTERFACE_QUANTITIES, UNKNOWN))
        parameters["R_int_upper"] = Value(upper_limit(solution, area), float("nan"))
        flags.append("below resolution")
    else:
        flags.extend(_interface_flags(points, solution, drift))
    return Fit(
        model=MODEL,
        version=1,
        time=spectrum.mid_time,
        parameters=parameters,
        free=FREE,
        covariance=spread,
        mask=points.mask,
        weights="modulus",
        rms_residual=rms,
        kramers_kronig=verdict,
        flags=tuple(flags),
    )


def _quality_flags(
    spectrum: Spectrum, points: Points, solution: Solution, previous: Sequence[Fit]
) -> list[str]:
    flags = []
    usual = [fit.rms_residual for fit in previous if np.isfinite(fit.rms_residual)]
    far_above = bool(usual) and solution.rms > max(FAR_ABOVE * float(np.median(usual)), NOTEWORTHY)
    if solution.rms > POOR or far_above:
        flags.append("poor fit")
    if len(points) < FEW:
        flags.append("few points")
    if not np.all(np.isfinite(spectrum.impedance) & (np.nan_to_num(spectrum.frequency) > 0)):
        flags.append("bad points")
    if np.max(np.abs(solution.problem.priors.residual(solution.theta))) > STRANGE:
        flags.append("prior conflict")
    return flags


def _interface_flags(points: Points, solution: Solution, drift: Drift) -> list[str]:
    flags = []
    if solution.stderr(LN_R_INT) > VAGUE or not solution.converged:
        flags.append("not identifiable")
    if _apex(solution) < TRUNCATED * points.frequency[-1]:
        flags.append("truncated arc")
    if drift.per_sweep:
        flags.append("drift")
    return flags


def _no_fit(spectrum: Spectrum, mask: np.ndarray, flags: tuple[str, ...]) -> Fit:
    """Return a fit that says nothing but why."""
    unknown_covariance: Floats = np.full((len(FREE), len(FREE)), np.nan)
    return Fit(
        model=MODEL,
        version=1,
        time=spectrum.mid_time if len(spectrum.time) else float("nan"),
        parameters=unknown(),
        free=FREE,
        covariance=unknown_covariance,
        mask=mask,
        weights="modulus",
        rms_residual=float("nan"),
        kramers_kronig=KramersKronig(False, float("nan"), None, "there is no fit to test"),
        flags=flags,
    )
