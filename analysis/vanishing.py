"""When contact vanishes: the time at which 1/R_int, extrapolated, is zero.

A threshold ends a stripping at a contact that somebody chose; 1/R_int = 0 is the same for every cell.
Lithium loses its contact at a constant rate, so that its 1/R is straight in time. An alloy bends: the
last contact goes faster. So only the last part of the curve is used, and what a parabola through it says
otherwise than the line counts as an error.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.records import Floats

REACH = 6.0
"""The last part is where R is more than the largest R, divided by this."""

FEWEST = 4
MOST = 60
"""Samples that the line is drawn through, at least and at most; a longer part is thinned, not cut."""

LEAST_RISE = 3.0
"""R has to have risen by such a factor, else nothing says that contact goes."""

LEAST_RELATIVE = 2e-3
"""Error of R in one fit that is never undercut: what the model of the arc leaves out."""


@dataclass(frozen=True)
class Vanishing:
    """Where 1/R reaches zero.

    Attributes
    ----------
    time : float
        In the unit and from the origin of the times given.
    error : float
        Standard error: of the line, and of its being no parabola, together.
    bend : float
        How much earlier the parabola reaches zero than the line; nan where it never does.
    first, last : float
        The part of the curve that it rests on.
    points : int
    """

    time: float
    error: float
    bend: float
    first: float
    last: float
    points: int


def vanishing(time: Floats, resistance: Floats, stderr: Floats | None = None) -> Vanishing | None:
    """Extrapolate 1/R to zero.

    Weighted least squares of 1/R over time through the last part of the rise, ending with the largest
    R. The weights are those of a constant relative error, or of the errors given.

    Parameters
    ----------
    time : ndarray, shape (n,)
        s, rising.
    resistance : ndarray, shape (n,)
        In any unit; samples that are not finite or not positive are passed over.
    stderr : ndarray, shape (n,), optional
        Standard errors of `resistance`.

    Returns
    -------
    Vanishing or None
        None where R did not rise threefold from its least, there are fewer than four samples, or 1/R
        does not fall.
    """
    time, resistance = np.asarray(time, dtype=float), np.asarray(resistance, dtype=float)
    relative = np.full(len(time), LEAST_RELATIVE)
    if stderr is not None:
        relative = np.fmax(np.asarray(stderr, dtype=float) / resistance, LEAST_RELATIVE)
    known = np.isfinite(time) & np.isfinite(resistance) & (np.nan_to_num(resistance) > 0)
    t, y, relative = time[known], 1 / resistance[known], relative[known]
    if len(t) < FEWEST or np.max(y) < LEAST_RISE * np.min(y):
        return None
    chosen = _last_part(y)
    t, y, sigma = t[chosen], y[chosen], (relative * y)[chosen]
    if len(t) < FEWEST:
        return None
    return _extrapolated(t, y, sigma)


def _last_part(y: Floats) -> NDArray[np.int64]:
    """Return the indices of the last part of the fall of y = 1/R, which ends with its least value."""
    end = int(np.argmin(y)) + 1
    high = np.flatnonzero(y[:end] > REACH * y[end - 1])
    first = int(high[-1]) + 1 if len(high) else 0
    first = max(0, min(first, end - FEWEST))
    if end - first <= MOST:
        return np.arange(first, end)
    return np.unique(np.linspace(first, end - 1, MOST).round().astype(np.int64))


def _extrapolated(t: Floats, y: Floats, sigma: Floats) -> Vanishing | None:
    origin = t[-1]
    x = t - origin
    line, spread = _polynomial(x, y, sigma, 1)
    level, slope = line
    if not slope < 0:
        return None
    zero = -level / slope
    gradient = np.array([-1.0, -zero]) / slope
    variance = float(gradient @ spread @ gradient)
    bend = math.nan
    if len(t) > FEWEST:
        parabola, _ = _polynomial(x, y, sigma, 2)
        bend = zero - _first_zero(parabola)
    # Where the parabola never comes to zero, the way still to go from the last sample is what is unknown.
    unsure = abs(bend) if math.isfinite(bend) else max(zero, 0.0)
    time = origin + max(zero, 0.0)
    return Vanishing(
        float(time), math.hypot(math.sqrt(variance), unsure), bend, float(t[0]), float(origin), len(t)
    )


def _polynomial(x: Floats, y: Floats, sigma: Floats, degree: int) -> tuple[Floats, Floats]:
    """Return the coefficients, lowest power first, and their covariance by scatter or errors."""
    scale = float(np.max(np.abs(x))) or 1.0
    columns = np.vander(x / scale, degree + 1, increasing=True) / sigma[:, None]
    inverse = np.linalg.pinv(columns.T @ columns)
    found = inverse @ (columns.T @ (y / sigma))
    freedom = len(x) - degree - 1
    misfit = float(np.sum((y / sigma - columns @ found) ** 2)) / freedom if freedom else 1.0
    powers = scale ** -np.arange(degree + 1.0)
    return found * powers, inverse * max(misfit, 1.0) * np.outer(powers, powers)


def _first_zero(coefficients: Floats) -> float:
    """Return the zero of a parabola at which it falls; nan without one."""
    c, b, a = (float(each) for each in coefficients)
    inside = b * b - 4 * a * c
    # Written so that a parabola that is nearly a line loses no digits.
    if inside < 0 or math.sqrt(inside) - b == 0:
        return math.nan
    return 2 * c / (math.sqrt(inside) - b)
