"""A straight line through points whose errors differ, with an interval that is as wide as it has to be."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from core.records import Floats

CONFIDENCE = 0.95

TOO_GOOD = 1e-4
"""A line through points that scatter less than once in so many times by their own errors was not drawn
through independent points: its scatter says nothing, and the errors count instead."""

Source = Literal["scatter", "errors", "nothing"]


@dataclass(frozen=True)
class StraightLine:
    """y = intercept + slope x.

    Attributes
    ----------
    slope, intercept : float
    stderr : float
        Standard error of the slope; nan where nothing is known of it.
    low, high : float
        95 % interval of the slope; infinite where `stderr` is nan.
    source : str
        What the interval rests on: ``"scatter"`` of the points about the line, ``"errors"`` that came
        with them, or ``"nothing"``.
    points : int
    """

    slope: float
    intercept: float
    stderr: float
    low: float
    high: float
    source: Source
    points: int


def straight_line(x: Floats, y: Floats, error: Floats | None = None, common: float = 0.0) -> StraightLine:
    """Draw a line by least squares, each point weighted by its own error.

    From three points on their scatter about the line sets the scale of all errors, and Student's t with
    n − 2 degrees of freedom the interval: that holds its 95 % whatever the errors were thought to be, as
    long as their ratios are right. The wider of this and of what the errors foretell would hold more
    than it says. Only where points lie on the line better than chance allows (`TOO_GOOD`), and with two
    points, which scatter about no line, the errors count, with a normal interval. An error that moves
    all points together does not show in their scatter and is added in quadrature (Welch–Satterthwaite).

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        At least two different x.
    error : ndarray, shape (n,), optional
        Standard errors of y, independent of each other. Unless all are positive and finite, all
        points weigh the same.
    common : float
        Standard error of the slope by what all points share.
    """
    known = error is not None and bool(np.all(np.isfinite(error) & (error > 0)))
    weight = 1 / np.asarray(error) ** 2 if known and error is not None else np.ones(len(x))
    weight = weight / weight.sum()
    lever = weight * (x - weight @ x)
    spread = float(lever @ x)
    slope = float(lever @ y) / spread
    intercept = float(weight @ y) - slope * float(weight @ x)
    rest = y - intercept - slope * x
    foretold = math.nan
    if error is not None and bool(np.all(np.isfinite(error))):
        foretold = math.sqrt(float((lever / spread) ** 2 @ np.asarray(error) ** 2))
    stderr, freedom, source = _own(len(x) - 2, float(weight @ rest**2), spread, foretold)
    if not math.isfinite(stderr):
        return StraightLine(slope, intercept, math.nan, -math.inf, math.inf, "nothing", len(x))
    whole = math.hypot(stderr, common)
    if stderr > 0 and common > 0:
        freedom *= (whole / stderr) ** 4
    quantile = (1 + CONFIDENCE) / 2
    normal = not math.isfinite(freedom) or stderr == 0
    half = whole * float(stats.norm.ppf(quantile) if normal else stats.t.ppf(quantile, freedom))
    return StraightLine(slope, intercept, whole, slope - half, slope + half, source, len(x))


def _own(freedom: int, scatter: float, spread: float, foretold: float) -> tuple[float, float, Source]:
    """Return standard error of the slope, degrees of freedom and source, by the points alone.

    Parameters
    ----------
    freedom : int
    scatter : float
        Weighted sum of the squares of the residuals, of weights whose sum is 1.
    spread : float
        The same of x about its mean.
    foretold : float
        Standard error of the slope by the errors of the points; nan if they are unknown.
    """
    if freedom > 0:
        found = math.sqrt(scatter / freedom / spread)
        lucky = foretold > 0 and stats.chi2.cdf(freedom * (found / foretold) ** 2, freedom) < TOO_GOOD
        if not lucky:
            return found, float(freedom), "scatter"
    return foretold, math.inf, "errors"
