"""When a resistance reached its threshold, and when it is going to."""

from dataclasses import dataclass

import numpy as np

from core.records import Floats

FEWEST_FITS = 8
FURTHEST = 20.0
"""A projection further ahead than this many times the span it rests on is not made."""

POWERS = (0.5, 1.0, 2.0)
"""R^(−p) is taken as straight in time: 1 for contact lost at a constant rate, the others as a band."""


@dataclass(frozen=True)
class Crossing:
    """The first upward crossing of a threshold, between two neighbouring samples.

    Attributes
    ----------
    time : float
        s, interpolated in the logarithm of the value.
    index_before, index_after : int
        The last sample below and the first at or above the threshold.
    time_before, time_after : float
        Their times in s.
    uncertainty : float
        Standard error of `time` in s: from the standard errors of the two samples where they are
        known, else that of a time anywhere between the two.
    """

    time: float
    index_before: int
    index_after: int
    time_before: float
    time_after: float
    uncertainty: float

    def interpolate(self, quantity: Floats, logarithmic: bool = False) -> float:
        """Return another quantity at the crossing.

        Parameters
        ----------
        quantity : ndarray, shape (n,)
            On the same samples, e.g. C_int or the charge.
        logarithmic : bool
            Interpolate the logarithm: right for R and C, wrong for a charge.
        """
        pair = np.array([quantity[self.index_before], quantity[self.index_after]], dtype=float)
        share = (self.time - self.time_before) / (self.time_after - self.time_before)
        if logarithmic:
            return float(pair[0] ** (1 - share) * pair[1] ** share)
        return float(pair[0] * (1 - share) + pair[1] * share)


def first_crossing(
    time: Floats, value: Floats, threshold: float, stderr: Floats | None = None
) -> Crossing | None:
    """Return the first crossing of `threshold` from below.

    Parameters
    ----------
    time : ndarray, shape (n,)
        s, rising.
    value : ndarray, shape (n,)
        Positive; samples that are not finite or not positive are passed over.
    threshold : float
        In the unit of `value`.
    stderr : ndarray, shape (n,), optional
        Standard errors of `value`.

    Returns
    -------
    Crossing or None
        None if the value never rises through the threshold, also when it began above.
    """
    time, value = np.asarray(time, dtype=float), np.asarray(value, dtype=float)
    known = np.flatnonzero(np.isfinite(time) & np.isfinite(value) & (np.nan_to_num(value) > 0))
    above = value[known] >= threshold
    rises = np.flatnonzero(above[1:] & ~above[:-1])
    if len(rises) == 0:
        return None
    before, after = int(known[rises[0]]), int(known[rises[0] + 1])
    t1, t2 = float(time[before]), float(time[after])
    span = float(np.log(value[after] / value[before]))
    share = float(np.log(threshold / value[before])) / span
    uncertainty = (t2 - t1) / np.sqrt(12)
    if stderr is not None and np.isfinite(stderr[before]) and np.isfinite(stderr[after]):
        relative = np.array([stderr[before] / value[before], stderr[after] / value[after]])
        uncertainty = float(np.hypot((1 - share) * relative[0], share * relative[1])) * (t2 - t1) / span
    return Crossing(t1 + share * (t2 - t1), before, after, t1, t2, float(uncertainty))


@dataclass(frozen=True)
class Projection:
    """When the threshold is going to be reached, in s, with the earliest and latest credible time."""

    time: float
    earliest: float
    latest: float


def projected_depletion(
    time: Floats, resistance: Floats, threshold: float, recent: float = 0.3
) -> Projection | None:
    """Project when a rising resistance is going to reach the threshold.

    Contact that is lost at a constant rate makes 1/R fall on a straight line, which reaches
    1/threshold at depletion. The line is drawn through the most recent part; the band spans two
    standard errors and the lines through R^(−1/2) and R^(−2).

    Parameters
    ----------
    time : ndarray, shape (n,)
        s.
    resistance : ndarray, shape (n,)
        Samples that are not finite or not positive are passed over.
    threshold : float
        In the unit of `resistance`.
    recent : float
        Share of the samples, counted from the last, that the line is drawn through.

    Returns
    -------
    Projection or None
        None while there are fewer than eight samples, when R does not rise significantly, when
        the threshold has been reached already, or when it is too far ahead to say.
    """
    time, resistance = np.asarray(time, dtype=float), np.asarray(resistance, dtype=float)
    known = np.isfinite(time) & np.isfinite(resistance) & (np.nan_to_num(resistance) > 0)
    t, r = time[known], resistance[known]
    window = max(FEWEST_FITS, int(np.ceil(recent * len(t))))
    t, r = t[-window:], r[-window:]
    if len(t) < FEWEST_FITS or t[-1] <= t[0] or r[-1] >= threshold:
        return None
    lines = [_line(t, (r / threshold) ** -power) for power in POWERS]
    ahead = [line for line in lines if line is not None]
    middle = lines[POWERS.index(1.0)]
    if middle is None or middle[0] - t[-1] > FURTHEST * (t[-1] - t[0]):
        return None
    earliest = min(moment - 2 * error for moment, error in ahead)
    latest = max(moment + 2 * error for moment, error in ahead)
    return Projection(max(middle[0], float(t[-1])), max(earliest, float(t[-1])), max(latest, float(t[-1])))


def _line(t: Floats, y: Floats) -> tuple[float, float] | None:
    """Return where a falling line through (t, y) reaches 1, and its standard error; None if it rises.

    Weights are 1/y², because R has a constant relative error.
    """
    origin = t[-1]
    weight = 1 / y**2
    columns = np.column_stack([np.ones_like(t), t - origin])
    inverse = np.linalg.inv(columns.T @ (columns * weight[:, None]))
    level, slope = inverse @ (columns.T @ (weight * y))
    residual = y - columns @ np.array([level, slope])
    variance = float(weight @ residual**2) / (len(t) - 2)
    spread = variance * inverse
    if slope >= -3 * np.sqrt(spread[1, 1]):
        return None
    moment = (1 - level) / slope
    gradient = np.array([-1.0, -moment]) / slope
    return float(origin + moment), float(np.sqrt(gradient @ spread @ gradient))
