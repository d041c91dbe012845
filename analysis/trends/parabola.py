"""How far the parabola at the minimum of a single fit can be trusted."""

import numpy as np

from core.records import Floats

SMALL = 0.05
"""Standard error of a single fit's parameter below which the error of its parabola does not matter."""

SECOND_ORDER = 0.75
"""Mean square of δ²/2, the first thing that a parabola leaves out of e^δ, in units of σ⁴."""


def with_own_error(information: Floats, right: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return information and right-hand sides that know of the parabola's own error.

    It matters where a fit knows a sum of resistances far better than their shares: along the sum
    the parabola is then wrong by far more than its own width. The error is added to the covariance.

    Parameters
    ----------
    information : ndarray, shape (N, p, p)
    right : ndarray, shape (N, p)
    variance : ndarray, shape (N, p)
        Of the single fits, data and priors together.
    """
    rows = np.flatnonzero(np.any(variance > SMALL**2, axis=1))
    if not len(rows):
        return information, right
    information, right = information.copy(), right.copy()
    own = information[rows]
    matrix = np.eye(right.shape[1]) + own * (SECOND_ORDER * variance[rows, None, :] ** 2)
    both = np.linalg.solve(matrix, np.concatenate([own, right[rows, :, None]], axis=2))
    information[rows] = (both[:, :, :-1] + both[:, :, :-1].transpose(0, 2, 1)) / 2
    right[rows] = both[:, :, -1]
    return information, right
