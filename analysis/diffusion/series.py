"""The slab that a constant current empties from one side: the corrected Eq. 5, and when it is depleted.

A foil of thickness L has c₀ everywhere. At ξ = L the flux i/F leaves it, at ξ = 0 nothing passes. With
the drop measured in units of i L/(F D) and τ = D t/L² there is one curve only:

    c = c₀ − (i L/F D) [ τ − 1/6 + ξ²/(2 L²) − (2/π²) Σ (−1)ⁿ/n² cos(n π ξ/L) exp(−n² π² τ) ].

(Carslaw and Jaeger, Conduction of Heat in Solids, 2nd ed. 1959, section 3.8.) Eq. 5 of Krauskopf et al.
2019 is printed with j for i, 1/n for 1/n², and ξ in the exponent where t belongs; as printed it does not
start at c₀. At the interface the drop is g(τ), which begins as Sand's 2 √(τ/π) and ends as τ + 1/3.
"""

import math

import numpy as np
from scipy.special import erfc

from analysis.sand import FARADAY
from core.records import Floats

_ENOUGH = 0.1
"""τ above which the series in exp(−n² π² τ) is used, and below which its image in exp(−n²/τ)."""

_TERMS = 8
"""Of the series in exp(−n² π² τ) at τ ≥ 0.1; the next one is below 1e-27. Fewer images would do."""

_STEPS = 60
"""Newton steps at most; five are usual."""


def surface_drop(tau: Floats) -> Floats:
    """Return g(τ), the drop at the interface in units of i L/(F D).

    Parameters
    ----------
    tau : ndarray
        D t/L², not negative.
    """
    tau = np.asarray(tau, dtype=float)
    n = np.arange(1, _TERMS + 1)
    late = np.maximum(tau, _ENOUGH)[..., None]
    with_modes = tau + 1 / 3 - 2 / math.pi**2 * np.sum(np.exp(-(n**2) * math.pi**2 * late) / n**2, axis=-1)
    root = np.sqrt(np.clip(tau, 1e-300, _ENOUGH))
    z = n / root[..., None]
    images = np.sum(np.exp(-(z**2)) / math.sqrt(math.pi) - z * erfc(z), axis=-1)
    with_images = 2 * root * (1 / math.sqrt(math.pi) + 2 * images)
    return np.where(tau > _ENOUGH, with_modes, np.where(tau > 0, with_images, 0.0))


def surface_slope(tau: Floats) -> Floats:
    """Return dg/dτ; see `surface_drop`. τ has to be positive."""
    tau = np.asarray(tau, dtype=float)
    n = np.arange(1, _TERMS + 1)
    late = np.maximum(tau, _ENOUGH)[..., None]
    early = np.minimum(tau, _ENOUGH)
    with_modes = 1 + 2 * np.sum(np.exp(-(n**2) * math.pi**2 * late), axis=-1)
    with_images = (1 + 2 * np.sum(np.exp(-(n**2) / early[..., None]), axis=-1)) / np.sqrt(math.pi * early)
    return np.where(tau > _ENOUGH, with_modes, with_images)


def depletion_tau(theta: Floats) -> Floats:
    """Return the τ at which the drop at the interface is θ = F D Δc/(i L).

    Parameters
    ----------
    theta : ndarray
        Positive.
    """
    theta = np.asarray(theta, dtype=float)
    # g is concave and above both of its asymptotes, so the larger of their inverses is too late,
    # and the drop is sought in its logarithm, where the curve is nearly straight
    tau = np.minimum(math.pi * theta**2 / 4, np.maximum(theta, 1e-300))
    tau = np.where(theta > 1, theta - 1 / 3, tau)
    for _ in range(_STEPS):
        drop = surface_drop(tau)
        step = np.log(drop / theta) * drop / (tau * surface_slope(tau))
        tau = tau * np.exp(-step)
        if np.all(np.abs(step) < 1e-13):
            break
    return tau


def concentration_profile(
    position: Floats, time: Floats, start: float, density: float, thickness: float, diffusivity: float
) -> Floats:
    """Return c(ξ, t) in mol/m³, the corrected Eq. 5.

    Parameters
    ----------
    position : ndarray, shape (n,)
        ξ in m from the far side of the foil; the interface is at `thickness`.
    time : ndarray, shape (m,)
        s, not negative.
    start : float
        c₀ in mol/m³.
    density : float
        A/m², positive where lithium is stripped.
    thickness, diffusivity : float
        m and m²/s.

    Returns
    -------
    ndarray, shape (m, n)
    """
    xi = np.asarray(position, dtype=float)[None, :] / thickness
    tau = np.atleast_1d(np.asarray(time, dtype=float))[:, None] * diffusivity / thickness**2
    early = np.array([_images(each, xi[0]) for each in np.minimum(tau[:, 0], _ENOUGH)])
    n = np.arange(1, _TERMS + 1)[:, None, None]
    late = np.maximum(tau, _ENOUGH)
    modes = (-1.0) ** n / n**2 * np.cos(n * math.pi * xi) * np.exp(-(n**2) * math.pi**2 * late)
    drop = np.where(tau > _ENOUGH, tau - 1 / 6 + xi**2 / 2 - 2 / math.pi**2 * np.sum(modes, axis=0), early)
    return start - density * thickness / (FARADAY * diffusivity) * drop


def _images(tau: float, xi: Floats) -> Floats:
    """The drop from sources at ±1, ±3, …, which is what few terms do at a small τ."""
    if tau <= 0:
        return np.zeros_like(xi)
    root = math.sqrt(tau)
    distance = np.concatenate([k - np.array([1.0, -1.0])[:, None] * xi for k in (1, 3, 5)]) / (2 * root)
    return 2 * root * np.sum(np.exp(-(distance**2)) / math.sqrt(math.pi) - distance * erfc(distance), axis=0)


def depletion_time(density: Floats, thickness: float, diffusivity: Floats, drop: float) -> Floats:
    """Return when the interface has lost Δc, in s.

    Parameters
    ----------
    density, diffusivity : ndarray or float
        A/m² and m²/s, positive; broadcast against each other.
    thickness, drop : float
        L in m, Δc in mol/m³.
    """
    density, diffusivity = np.asarray(density, dtype=float), np.asarray(diffusivity, dtype=float)
    tau = depletion_tau(FARADAY * diffusivity * drop / (density * thickness))
    return tau * thickness**2 / diffusivity
