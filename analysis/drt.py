"""The distribution of relaxation times: a look at a spectrum without a model.

Z = R_∞ + jωL + ∫ γ(ln τ)/(1 + jωτ) d ln τ with γ ≥ 0, by Tikhonov regularisation of the second
derivative. How smooth is left to the data: generalised cross-validation in the modified form, which
does not under-smooth (Kim and Gu 2004), was with plain GCV the most accurate of the criteria that
Maradesa et al. 2023 compared for the DRT, the re-im cross-validation of Saccoccio et al. 2014 and the
L-curve among them; and it is as good as free, because one decomposition serves every λ.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from analysis.drt_kernel import choose_lambda, kernel, roughness, standard_errors, time_constants
from analysis.points import SMALLEST_OHM, is_whole, usable_points
from core.errors import BadInput
from core.records import Complexes, Floats, Spectrum

FEWEST = 8
POOR = 0.05
"""Root mean square of the relative residuals beyond which the distribution does not describe the spectrum."""

OPEN = 0.1
"""Share of the polarisation slower than the lowest frequency from which on the arc is not closed."""

LOOP = 0.01
"""Mean of Im Z/|Z| in the lowest half decade from which on there is an inductive loop."""

LOWEST = 10**0.5

SMALLEST_PEAK = 0.02
"""Peaks with a smaller share of the polarisation are not listed: beside sharp arcs there are side lobes."""


@dataclass(frozen=True)
class DRTPeak:
    """One maximum of the distribution.

    Attributes
    ----------
    tau : float
        s.
    frequency : float
        1/(2πτ), Hz.
    resistance : float
        Area between the minima on both sides, Ω.
    """

    tau: float
    frequency: float
    resistance: float


@dataclass(frozen=True, eq=False)
class DRT:
    """A distribution of relaxation times.

    Attributes
    ----------
    tau : ndarray, shape (m,)
        s, ascending.
    gamma, stderr : ndarray, shape (m,)
        γ(ln τ) and its standard error (given λ, and where γ > 0), Ω.
    R_inf : float
        Ω.
    L : float
        H; never negative.
    lambda_ : float
        Weight of the second derivative, relative to the data in units of the misfit.
    frequency : ndarray, shape (n,)
        Points used, Hz, descending.
    residuals : ndarray of complex, shape (n,)
        (Z − Z model)/|Z|.
    peaks : tuple of DRTPeak
        From fast to slow.
    polarisation_resistance : float
        ∫ γ d ln τ, Ω; nan where the spectrum does not end in a closed arc.
    flags : tuple of str
        ``"blocking"``, ``"open arc"``, ``"inductive loop"``, ``"inductive"``, ``"poor fit"``.
    """

    tau: Floats
    gamma: Floats
    stderr: Floats
    R_inf: float
    L: float
    lambda_: float
    frequency: Floats
    residuals: Complexes
    peaks: tuple[DRTPeak, ...]
    polarisation_resistance: float
    flags: tuple[str, ...]

    @property
    def rms_residual(self) -> float:
        """Return the root mean square of the relative residuals of Re Z and Im Z."""
        return float(np.sqrt(np.mean(np.abs(self.residuals) ** 2) / 2))


def drt(spectrum: Spectrum | tuple[Floats, Complexes], lambda_: float | None = None) -> DRT:
    """Return the distribution of relaxation times of a spectrum.

    Parameters
    ----------
    spectrum : Spectrum, or (frequency (n,), impedance (n,))
    lambda_ : float, optional
        Weight of the second derivative; by default chosen by modified GCV.

    Raises
    ------
    BadInput
        If there are fewer than eight usable points.
    """
    frequency, impedance = _usable(spectrum)
    if len(frequency) < FEWEST:
        raise BadInput(
            f"{len(frequency)} usable points do not make a distribution of relaxation times;",
            f"measure at least {FEWEST}.",
        )
    tau = time_constants(frequency)
    weight = 1 / np.abs(impedance)
    columns = kernel(frequency, tau) * weight[:, None]
    matrix = np.concatenate([columns.real, columns.imag])
    target = np.concatenate([(impedance * weight).real, (impedance * weight).imag])
    # Ω become of order one, so that λ means the same for every cell
    scale = float(np.median(np.abs(impedance)))
    matrix *= scale
    rough = roughness(len(tau), np.log(tau[1] / tau[0]))
    chosen = choose_lambda(matrix, target, rough) if lambda_ is None else lambda_
    from scipy.optimize import nnls  # slow to load, and not needed by all

    found, _ = nnls(np.concatenate([matrix, np.sqrt(chosen) * rough]), np.pad(target, (0, len(rough))))
    left = target - matrix @ found
    residuals = left[: len(frequency)] + 1j * left[len(frequency) :]
    gamma = scale * found[2:]
    flags = _flags(frequency, impedance, gamma, tau, residuals)
    width = np.log(tau[1] / tau[0])
    return DRT(
        tau=tau,
        gamma=gamma,
        stderr=scale * standard_errors(matrix, rough, chosen, found, left),
        R_inf=scale * float(found[0]),
        L=scale * float(found[1]) * float(1 / (2 * np.pi * frequency[0])),
        lambda_=float(chosen),
        frequency=frequency,
        residuals=residuals,
        peaks=_peaks(tau, gamma),
        polarisation_resistance=float(gamma.sum() * width) if not flags else float("nan"),
        flags=flags,
    )


def _usable(spectrum: Spectrum | tuple[Floats, Complexes]) -> tuple[Floats, Complexes]:
    """Return frequencies from high to low and their impedances, without what cannot be used."""
    if isinstance(spectrum, Spectrum):
        if not is_whole(spectrum):
            return np.zeros(0), np.zeros(0, dtype=complex)
        points = usable_points(spectrum)
        return points.frequency, points.impedance
    frequency, impedance = np.asarray(spectrum[0], dtype=float), np.asarray(spectrum[1], dtype=complex)
    with np.errstate(invalid="ignore"):
        good = np.isfinite(impedance) & (frequency > 0) & np.isfinite(frequency)
        good &= np.abs(impedance) >= SMALLEST_OHM
    order = np.flatnonzero(good)[np.argsort(-frequency[good], kind="stable")]
    return frequency[order], impedance[order]


def _flags(
    frequency: Floats, impedance: Complexes, gamma: Floats, tau: Floats, residuals: Complexes
) -> tuple[str, ...]:
    """Return why the distribution should not be read as a polarisation resistance."""
    flags = []
    low = frequency <= frequency[-1] * LOWEST
    if np.mean(impedance.imag > 0) > 0.5:
        flags.append("inductive")
    elif np.mean(impedance.imag[low] / np.abs(impedance[low])) > LOOP:
        flags.append("inductive loop")
    slow = tau > 1 / (2 * np.pi * frequency[-1])
    if -impedance[-1].imag > impedance[-1].real:
        flags.append("blocking")
    elif gamma[slow].sum() > OPEN * gamma.sum():
        flags.append("open arc")
    if np.sqrt(np.mean(np.abs(residuals) ** 2) / 2) > POOR:
        flags.append("poor fit")
    return tuple(flags)


def _peaks(tau: Floats, gamma: Floats) -> tuple[DRTPeak, ...]:
    """Return the maxima with the area between the minima around them."""
    padded = np.concatenate([[-1.0], gamma, [-1.0]])
    top = np.flatnonzero((gamma > padded[:-2]) & (gamma >= padded[2:]) & (gamma > 0))
    if not len(top):
        return ()
    between = [a + int(np.argmin(gamma[a : b + 1])) for a, b in itertools.pairwise(top)]
    edges = [0, *between, len(gamma)]
    width = float(np.log(tau[1] / tau[0]))
    areas = [float(gamma[a:b].sum()) * width for a, b in itertools.pairwise(edges)]
    least = SMALLEST_PEAK * float(gamma.sum()) * width
    return tuple(
        DRTPeak(float(tau[at]), float(1 / (2 * np.pi * tau[at])), area)
        for at, area in zip(top, areas, strict=True)
        if area > least
    )
