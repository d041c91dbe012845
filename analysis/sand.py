"""Sand's equation: how soon a constant current empties the metal at an interface.

A current density i takes lithium out of a half-space of concentration c₀ whose diffusion
coefficient is D. Its concentration at the interface has fallen by Δc after the transition time

    t₀ = π D (F Δc / 2i)²,  so  t₀^(−1/2) = 2 i / (F Δc √(π D)).

H. J. S. Sand, Phil. Mag. 1 (1901) 45. Eq. 1 of Krauskopf et al. 2019 is printed with c₀ F under the
root, which its dimensions do not allow. With which Δc a D was found has to be told with it: c₀ and
c₀ − c_min differ by a factor of 2.3 in D for Li0.9Mg0.1.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.constants import Avogadro, physical_constants

from core.cell import LITHIUM_FRACTION
from core.records import Floats

FARADAY: float = physical_constants["Faraday constant"][0]
"""C/mol."""

LATTICE = {"Li": 3.5098e-10, "Li0.95Mg0.05": 3.5060e-10, "Li0.9Mg0.1": 3.5020e-10}
"""Lattice parameters of the body-centred metals in m; that of the middle one is between the others."""

ATOMS = 2
"""Of a body-centred cell."""

LEAST_CONCENTRATION = 24.0e3
"""mol/m³ of lithium at which the β phase of the alloys ends, as the paper takes it."""

POINTS_FOR_INTERCEPT = 3
"""A line with an intercept needs so many points, else there is nothing to judge it by."""


def concentration(anode: str) -> float:
    """Return the concentration of lithium in a metal, in mol/m³, from its lattice parameter.

    Parameters
    ----------
    anode : str
        One of `core.cell.LITHIUM_FRACTION`.
    """
    return LITHIUM_FRACTION[anode] * ATOMS / (LATTICE[anode] ** 3 * Avogadro)


def transition_time(diffusion: float, drop: float, density: float) -> float:
    """Return t₀ in s.

    Parameters
    ----------
    diffusion : float
        m²/s.
    drop : float
        Δc in mol/m³.
    density : float
        A/m².
    """
    return math.pi * diffusion * (FARADAY * drop / (2 * density)) ** 2


def diffusion_coefficient(time: float, drop: float, density: float) -> float:
    """Return the effective D in m²/s that one transition time in s stands for; see `transition_time`."""
    return time / math.pi * (2 * density / (FARADAY * drop)) ** 2


@dataclass(frozen=True)
class SandLine:
    """The straight line through t₀^(−1/2) over i.

    Attributes
    ----------
    slope, slope_error : float
        s^(−1/2) m²/A. The error is nan where there are too few points to judge it.
    intercept, intercept_error : float
        s^(−1/2); 0 and nan of a line that was drawn through the origin.
    drop : float
        Δc in mol/m³ that D was derived with.
    diffusion, diffusion_error : float
        Effective D in m²/s, from the slope.
    points : int
    """

    slope: float
    slope_error: float
    intercept: float
    intercept_error: float
    drop: float
    diffusion: float
    diffusion_error: float
    points: int

    @property
    def through_origin(self) -> bool:
        """Whether the line had no intercept of its own."""
        return not math.isfinite(self.intercept_error)


def sand_line(density: Floats, time: Floats, drop: float) -> SandLine | None:
    """Draw the line through t₀^(−1/2) over i, and derive D from its slope.

    Least squares in t₀^(−1/2). With fewer than three points, or with one current only, the line goes
    through the origin, as Sand's equation says. Its errors are from the scatter about it.

    Parameters
    ----------
    density : ndarray, shape (n,)
        A/m², positive; one each for the transition times.
    time : ndarray, shape (n,)
        s.
    drop : float
        Δc in mol/m³.

    Returns
    -------
    SandLine or None
        None without a point, and where the slope is not positive, or smaller than its error.
    """
    density, time = np.asarray(density, dtype=float), np.asarray(time, dtype=float)
    known = np.isfinite(density) & np.isfinite(time) & (density > 0) & (time > 0)
    x, y = density[known], time[known] ** -0.5
    if not len(x):
        return None
    free = len(x) >= POINTS_FOR_INTERCEPT and len(np.unique(x)) > 1
    columns = np.column_stack([x, np.ones_like(x)]) if free else x[:, None]
    inverse = np.linalg.inv(columns.T @ columns)
    found = inverse @ (columns.T @ y)
    left = len(x) - len(found)
    errors = np.full(len(found), math.nan)
    if left:
        errors = np.sqrt(np.diag(inverse) * float(np.sum((y - columns @ found) ** 2)) / left)
    slope, slope_error = float(found[0]), float(errors[0])
    if slope <= 0 or slope < slope_error:
        return None
    diffusion = (2 / (FARADAY * drop * slope)) ** 2 / math.pi
    return SandLine(
        slope,
        slope_error,
        float(found[1]) if free else 0.0,
        float(errors[1]) if free else math.nan,
        drop,
        diffusion,
        2 * diffusion * slope_error / slope,
        len(x),
    )
