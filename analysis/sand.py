"""Sand's equation: how soon a constant current empties the metal at an interface.

A current density i takes lithium out of a half-space of concentration c₀ whose diffusion
coefficient is D. Its concentration at the interface has fallen by Δc after the transition time

    t₀ = π D (F Δc / 2i)²,  so  t₀^(−1/2) = 2 i / (F Δc √(π D)).

H. J. S. Sand, Phil. Mag. 1 (1901) 45. Eq. 1 of Krauskopf et al. 2019 is printed with c₀ F under the
root, which its dimensions do not allow. With which Δc a D was found has to be told with it: c₀ and
c₀ − c_min differ by a factor of 2.3 in D for Li0.9Mg0.1.

Electrodes differ from one another by a share of t₀, not by so many hours. So the line through several of
them is drawn with relative weights, and the interval of D comes from their scatter about it.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats
from scipy.constants import physical_constants

from analysis.composition import LEAST_CONCENTRATION, concentration
from analysis.straight_line import TOO_GOOD
from core.records import Floats

__all__ = [
    "CONFIDENCE",
    "FARADAY",
    "LEAST_CONCENTRATION",
    "SandLine",
    "concentration",
    "diffusion_coefficient",
    "sand_line",
    "transition_time",
]

FARADAY: float = physical_constants["Faraday constant"][0]
"""C/mol."""

POINTS_FOR_INTERCEPT = 3
"""A line with an intercept needs so many points, else there is nothing to judge it by."""

CONFIDENCE = 0.95

ROUNDS = 20
"""In which the weights settle; three are enough where the points are near the line."""

Source = Literal["scatter", "errors", "nothing"]


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
        s^(−1/2) m²/A. The error is nan where there is nothing to judge it by.
    intercept, intercept_error : float
        s^(−1/2); 0 and nan of a line that was drawn through the origin.
    drop : float
        Δc in mol/m³ that D was derived with.
    diffusion, diffusion_error : float
        Effective D in m²/s, from the slope.
    points : int
    low, high : float
        95 % interval of D. It is not symmetric, and reaches to infinity where the slope may be zero;
        0 and infinity where nothing is known of the scatter.
    source : str
        What the interval rests on: ``"scatter"`` of the points about the line, ``"errors"`` that came
        with them, or ``"nothing"``.
    scatter : float
        Relative standard deviation of t₀ about the line; nan where no freedom is left.
    covariance : float
        Of slope and intercept.
    spread : float
        Half width of a 95 % interval in standard errors: Student's t.
    """

    slope: float
    slope_error: float
    intercept: float
    intercept_error: float
    drop: float
    diffusion: float
    diffusion_error: float
    points: int
    low: float = 0.0
    high: float = math.inf
    source: Source = "nothing"
    scatter: float = math.nan
    covariance: float = 0.0
    spread: float = math.inf

    @property
    def through_origin(self) -> bool:
        """Whether the line had no intercept of its own."""
        return not math.isfinite(self.intercept_error)

    def at(self, density: Floats) -> Floats:
        """Return t₀^(−1/2) in s^(−1/2) on the line, for current densities in A/m²."""
        return self.intercept + self.slope * np.asarray(density, dtype=float)

    def band(self, density: Floats) -> tuple[Floats, Floats]:
        """Return the 95 % confidence band of the line, in s^(−1/2), for current densities in A/m².

        It says where the line lies, not where another electrode would. nan without an interval.
        """
        x = np.asarray(density, dtype=float)
        variance = (self.slope_error * x) ** 2
        if not self.through_origin:
            variance = variance + self.intercept_error**2 + 2 * self.covariance * x
        known = math.isfinite(self.spread) and math.isfinite(self.slope_error)
        half = self.spread * np.sqrt(np.maximum(variance, 0.0)) if known else np.full_like(x, math.nan)
        return self.at(x) - half, self.at(x) + half


def sand_line(
    density: Floats, time: Floats, drop: float, relative_error: Floats | None = None
) -> SandLine | None:
    """Draw the line through t₀^(−1/2) over i, and derive D from its slope.

    Least squares with weights 1/ŷ², where ŷ is the line itself: what differs between electrodes is a
    share of t₀. With fewer than three points, or with one current only, the line goes through the
    origin, as Sand's equation says. Its errors are from the scatter about it, with Student's t for the
    interval, which holds 95 % whatever the errors that came with the points were thought to be. Those
    count only where the points lie on the line better than chance allows (`TOO_GOOD`): the wider of both
    would hold more than it says.

    Parameters
    ----------
    density : ndarray, shape (n,)
        A/m², positive; one each for the transition times.
    time : ndarray, shape (n,)
        s.
    drop : float
        Δc in mol/m³.
    relative_error : ndarray, shape (n,), optional
        Standard errors of the times, divided by them.

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
    found, inverse, left = _relative_least_squares(columns, y)
    freedom = len(x) - len(found)
    scatter = math.sqrt(float(left @ left) / freedom) if freedom else math.nan
    spread_of, width = inverse * scatter**2, math.inf
    source: Source = "nothing"
    if freedom:
        width, source = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)), "scatter"
    if freedom and relative_error is not None:
        given = _propagated(columns, found, inverse, np.asarray(relative_error, dtype=float)[known] / 2)
        if stats.chi2.cdf(freedom * spread_of[0, 0] / max(given[0, 0], 1e-300), freedom) < TOO_GOOD:
            spread_of, source = given, "errors"
            width = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    errors = np.sqrt(np.diag(spread_of))
    slope, slope_error = float(found[0]), float(errors[0])
    if slope <= 0 or slope < slope_error:
        return None
    low, high = 0.0, math.inf
    if math.isfinite(width):
        low = _of_slope(slope + width * slope_error, drop)
        high = _of_slope(slope - width * slope_error, drop)
    diffusion = _of_slope(slope, drop)
    return SandLine(
        slope,
        slope_error,
        float(found[1]) if free else 0.0,
        float(errors[1]) if free else math.nan,
        drop,
        diffusion,
        2 * diffusion * slope_error / slope,
        len(x),
        low,
        high,
        source,
        2 * scatter,
        float(spread_of[0, 1]) if free else 0.0,
        width,
    )


def _of_slope(slope: float, drop: float) -> float:
    return (2 / (FARADAY * drop * slope)) ** 2 / math.pi if slope > 0 else math.inf


def _relative_least_squares(columns: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Return coefficients, their covariance for a relative scatter of 1, and the relative residuals.

    The weights come from the line: those of the points themselves would draw it towards the low ones.
    """
    fitted = y
    for _ in range(ROUNDS):
        scaled = columns / fitted[:, None]
        inverse = np.asarray(np.linalg.pinv(scaled.T @ scaled), dtype=np.float64)
        found = inverse @ (scaled.T @ (y / fitted))
        # A line that comes near zero at a low current would give that one point all the weight.
        before, fitted = fitted, np.maximum(columns @ found, 0.3 * y)
        if np.allclose(before, fitted, rtol=1e-10, atol=0.0):
            break
    return found, inverse, (y - columns @ found) / fitted


def _propagated(columns: Floats, found: Floats, inverse: Floats, relative: Floats) -> Floats:
    """Return the covariance of the coefficients that relative errors of y make; nan counts as zero."""
    fitted = columns @ found
    scaled = columns / fitted[:, None]
    leverage = inverse @ scaled.T
    spread: Floats = (leverage * np.nan_to_num(relative) ** 2) @ leverage.T
    return spread
