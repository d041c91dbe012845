"""What interface resistance and capacitance say of contact, and whether a contact stands still."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.straight_line import CONFIDENCE
from core.records import Floats

CONSTRICTION = (
    "Apparent contact is C_int/C0: it takes the one arc of the interface as charge transfer over an area. "
    "Where contact is lost in patches, current lines crowd in the electrolyte above what is left, and this "
    "constriction is part of the same arc (Eckhardt et al. 2022). R_int then counts both, C_int no longer "
    "counts area alone, and the share of contact is an apparent one."
)
"""What has to stand beside every statement about contact."""

STEADY = 0.04
"""Share by which R_int may change in an hour and be called steady: 2 % in half an hour."""
LAST_PART = 0.25
"""Share of a course, counted from its end, that is asked whether it is steady."""
FEWEST = 6
"""So many points at least, else there is no telling."""

HOUR = 3600.0


@dataclass(frozen=True)
class Steady:
    """Whether a resistance stood still in the last part of its course.

    Attributes
    ----------
    steady : bool
        Whether the whole interval of `change` lies within ± `limit`.
    rising : bool
        Whether the whole interval lies above it.
    change, low, high : float
        Relative change in an hour, and its 95 % interval.
    limit : float
    hours : float
        How long the part is.
    value, error : float
        The line through the logarithm at the end of the course, in the unit of the resistance.
    points : int
    """

    steady: bool
    rising: bool
    change: float
    low: float
    high: float
    limit: float
    hours: float
    value: float
    error: float
    points: int

    def __str__(self) -> str:
        word = "steady" if self.steady else "rising" if self.rising else "not steady"
        return (
            f"{word}: R_int changes by {_percent(self.change)} in an hour (95 % from {_percent(self.low)} "
            f"to {_percent(self.high)}) in the last {self.hours:.2g} h, where ± {100 * self.limit:.0f} % is "
            "the most"
        )


def _percent(share: float) -> str:
    """Write a share in %: to a tenth where it is small, and no finer than its size tells."""
    percent = 100 * share
    return f"{percent:+.{1 if abs(percent) < 10 else 0}f} %".replace("-", "−")


def steady_at_end(
    time: Floats, resistance: Floats, limit: float = STEADY, part: float = LAST_PART
) -> Steady | None:
    """Judge the last part of a course by the slope of ln R over time.

    Neighbouring sweeps share slow disturbances such as the ripple of a chamber, so that they are worth
    fewer than they are: the number of independent points is taken from the correlation of neighbouring
    residuals (first-order autoregression).

    Parameters
    ----------
    time : ndarray, shape (n,)
        s, rising.
    resistance : ndarray, shape (n,)
        Positive; samples that are not finite or not positive are passed over.
    limit : float
        The most that it may change in an hour, as a share.
    part : float
        Share of the course, counted from its end.

    Returns
    -------
    Steady or None
        None with fewer than six samples in that part.
    """
    time, resistance = np.asarray(time, dtype=float), np.asarray(resistance, dtype=float)
    known = np.isfinite(time) & np.isfinite(resistance) & (np.nan_to_num(resistance) > 0)
    t, y = time[known], np.log(resistance[known])
    if not len(t):
        return None
    late = t >= t[-1] - part * (t[-1] - t[0])
    t, y = (t[late] - t[-1]) / HOUR, y[late]
    if len(t) < FEWEST or not t[0] < 0:
        return None
    slope, end, slope_error, end_error, freedom = _line(t, y)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * slope_error
    low, high = slope - half, slope + half
    return Steady(
        -limit <= low and high <= limit,
        low > limit,
        slope,
        low,
        high,
        limit,
        -float(t[0]),
        math.exp(end),
        math.exp(end) * end_error,
        len(t),
    )


def _line(t: Floats, y: Floats) -> tuple[float, float, float, float, float]:
    """Return slope, value at t = 0, the standard errors of both, and degrees of freedom."""
    columns = np.column_stack([t, np.ones_like(t)])
    inverse = np.linalg.inv(columns.T @ columns)
    slope, end = inverse @ (columns.T @ y)
    rest = y - columns @ np.array([slope, end])
    squares = float(rest @ rest)
    correlation = float(rest[1:] @ rest[:-1]) / squares if squares > 0 else 0.0
    correlation = min(max(correlation, 0.0), 0.99)
    share = (1 - correlation) / (1 + correlation)
    freedom = max(len(t) * share - 2, 1.0)
    errors = np.sqrt(np.diag(inverse) * squares / (len(t) - 2) / share)
    return float(slope), float(end), float(errors[0]), float(errors[1]), freedom
