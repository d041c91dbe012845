"""How fast each parameter changes at each sweep, from the joint problem."""

import numpy as np

from analysis.trends.banded import Joint
from core.records import Bools, Floats


def slopes(joint: Joint, spacing: Floats, free: Bools) -> tuple[Floats, Floats]:
    """Return dθ/dt and its variance, both of shape (N, p).

    Of the parabola through a sweep and its two neighbours; from one side at both ends and beside a step,
    which is no slope; nan where there is a step on both sides.

    Parameters
    ----------
    joint : Joint
    spacing : ndarray, shape (N − 1,)
    free : ndarray of bool, shape (N, p)
        Where the trend is restarted; at two sweeps in a row there may be a step between them.
    """
    count, size = joint.theta.shape
    before = np.zeros((count, size), dtype=bool)
    before[1:] = ~(free[1:] & free[:-1])
    after = np.zeros_like(before)
    after[:-1] = before[1:]
    share = np.full((count, 1), 0.5)
    share[1:-1, 0] = spacing[1:] / (spacing[1:] + spacing[:-1])
    # the share of the slope before; nan where neither is known
    share = np.where(before & after, share, np.where(before, 1.0, np.where(after, 0.0, np.nan)))
    inverse = np.zeros((count + 1, 1))
    inverse[1:-1, 0] = 1 / spacing
    rise_before, rise_after = share * inverse[:-1], (1 - share) * inverse[1:]
    factors = -rise_before, rise_before - rise_after, rise_after
    theta = [_shifted(joint.theta, by) for by in (-1, 0, 1)]
    slope = np.add.reduce([factor * value for factor, value in zip(factors, theta, strict=True)])
    variance = np.zeros((count, size))
    for first in range(3):
        for second in range(3):
            between = _shifted(joint.lags[abs(first - second)], min(first, second) - 1)
            variance += factors[first] * factors[second] * between
    return slope, np.maximum(variance, 0.0)


def _shifted(values: Floats, by: int) -> Floats:
    """Return the values of one sweep before, the same or one after; zero where there is none."""
    result = np.zeros_like(values)
    if by < 0:
        result[1:] = values[:-1]
    elif by > 0:
        result[:-1] = values[1:]
    else:
        result = values
    return result
