"""Magnesium in the foil: diffusion in the frame of an interface that recedes as lithium leaves.

With the depth s below the interface, dx/dt = d/ds (D dx/ds + v x), and no magnesium crosses either
side of the foil; D falls exponentially with the magnesium fraction. Finite volumes with centred
fluxes and an implicit step; the sum over the cells is the amount of magnesium and stays as it is.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgtsv
from scipy.optimize import brentq

Array = NDArray[np.float64]

CELLS = 90
FIRST_WIDTH = 0.004e-6
"""Width in m of the cell at the interface: it smooths no more than a tenth of a second."""

FEWEST_CELLS = 8
ITERATIONS = 2
REFERENCE_FRACTION = 0.1
"""Magnesium fraction that the chemical diffusivity is given at."""


class Profile(NamedTuple):
    """Magnesium in the foil, cell by cell from the interface: x·width in m, and widths in m, (n,)."""

    magnesium: Array
    widths: Array

    @property
    def fraction(self) -> Array:
        """Magnesium fraction of each cell, (n,)."""
        return self.magnesium / self.widths

    @property
    def amount(self) -> float:
        """Magnesium in the whole foil, as x times depth in m."""
        return float(self.magnesium.sum())


@cache
def grid(thickness: float, cells: int = CELLS, first: float = FIRST_WIDTH) -> Array:
    """Return cell widths in m that grow geometrically from the interface and fill `thickness`."""
    if thickness <= first * cells * (1 + 1e-9):
        return np.full(cells, thickness / cells)
    ratio = brentq(lambda r: first * math.expm1(cells * math.log(r)) / (r - 1) - thickness, 1 + 1e-9, 10.0)
    widths = first * ratio ** np.arange(cells)
    return np.asarray(widths * (thickness / widths.sum()), dtype=np.float64)


def uniform_profile(fraction: float, thickness: float, cells: int = CELLS) -> Profile:
    """Return a foil of `thickness` in m with the same magnesium fraction everywhere."""
    widths = grid(thickness, cells)
    return Profile(fraction * widths, widths)


def _make_room(profile: Profile, recession: float) -> Profile:
    """Merge cells at the far side until the last one can give up `recession` metres."""
    magnesium, widths = profile
    while len(widths) > FEWEST_CELLS and widths[-1] - recession < 0.5 * widths[-2]:
        widths = np.append(widths[:-2], widths[-2] + widths[-1])
        magnesium = np.append(magnesium[:-2], magnesium[-2] + magnesium[-1])
    return Profile(magnesium, widths)


def advance_profile(profile: Profile, velocity: float, mobility: float, beta: float, dt: float) -> Profile:
    """Return the profile `dt` seconds later.

    Parameters
    ----------
    profile : Profile
    velocity : float
        Speed in m/s at which the interface recedes; negative while lithium is plated.
    mobility : float
        Diffusivity in m²/s at a magnesium fraction of 0.1, at the present temperature.
    beta : float
        D = mobility · exp(−beta (x − 0.1)).
    dt : float
        In s.
    """
    magnesium, widths = _make_room(profile, velocity * dt)
    far = max(widths[-1] - velocity * dt, 0.2 * widths[-2])
    widths = np.append(widths[:-1], far)
    distance, near = 0.5 * (widths[1:] + widths[:-1]), widths[1:] / (widths[1:] + widths[:-1])
    drift_near, drift_far = velocity * near, velocity * (1.0 - near)
    x = magnesium / widths
    for _ in range(ITERATIONS):
        face = np.clip(0.5 * (x[1:] + x[:-1]), 0.0, 1.0)
        conductance = mobility * np.exp(-beta * (face - REFERENCE_FRACTION)) / distance
        from_far, from_near = dt * (conductance + drift_far), dt * (conductance - drift_near)
        diagonal = widths.copy()
        diagonal[:-1] += from_near
        diagonal[1:] += from_far
        *_, x, failed = dgtsv(-from_near, diagonal, -from_far, magnesium)
        if failed:
            raise ArithmeticError(f"the magnesium profile has no solution for a step of {dt:.3g} s")
    # written as fluxes, what leaves one cell enters the next to the last bit
    flux = from_far * x[1:] - from_near * x[:-1]
    after = magnesium.copy()
    after[:-1] += flux
    after[1:] -= flux
    return Profile(after, widths)


def surface_fraction(profile: Profile, velocity: float, mobility: float, beta: float, limit: float) -> float:
    """Return the magnesium fraction at the interface, from D dx/ds + v x = 0 over half a cell.

    Parameters
    ----------
    profile, velocity, mobility, beta
        As for `advance_profile`.
    limit : float
        Fraction at which no lithium site is left; nothing above it is returned.
    """
    first = float(profile.magnesium[0] / profile.widths[0])
    half = 0.5 * float(profile.widths[0])
    x = first
    for _ in range(3):
        middle = min(max(0.5 * (first + x), 0.0), 1.0)
        diffusivity = mobility * math.exp(-beta * (middle - REFERENCE_FRACTION))
        remaining = 1.0 - velocity * half / diffusivity
        if remaining * limit <= first:
            return limit
        x = first / remaining
    return min(max(x, 0.0), limit)
