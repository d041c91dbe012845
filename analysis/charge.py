"""Charge from the current that was measured."""

import numpy as np

from core.records import Floats


def charge(time: Floats, current: Floats) -> Floats:
    """Return the charge passed since the first sample, in C, shape (n,).

    Trapezoidal rule over the measured current; samples that are not finite are left out, and
    the charge there is interpolated.

    Parameters
    ----------
    time : ndarray, shape (n,)
        s, not falling.
    current : ndarray, shape (n,)
        A.
    """
    good = np.isfinite(time) & np.isfinite(current)
    if not np.any(good):
        return np.zeros(len(time))
    t, i = time[good], current[good]
    passed = np.concatenate([[0.0], np.cumsum(np.diff(t) * (i[1:] + i[:-1]) / 2)])
    return np.asarray(np.interp(np.where(np.isfinite(time), time, t[0]), t, passed))
