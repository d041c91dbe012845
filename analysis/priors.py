"""What is known before the fit, as extra rows of the least-squares problem.

None of them pins a parameter: each is a normal distribution wide enough for the sample and narrow
enough that the fit stays determinate when the instrument shows only part of an arc.
"""

from dataclasses import dataclass

import numpy as np

from core.records import Floats


@dataclass(frozen=True, eq=False)
class Priors:
    """Independent normal distributions of linear combinations of the parameters.

    Attributes
    ----------
    rows : ndarray, shape (m, p)
        Combinations divided by their standard deviations.
    target : ndarray, shape (m,) or (N, m)
        Expected values divided by their standard deviations, for one spectrum or for many.
    """

    rows: Floats
    target: Floats

    @property
    def information(self) -> Floats:
        """Return the matrix that the priors add to the normal equations, shape (p, p)."""
        return self.rows.T @ self.rows

    def expected(self) -> Floats:
        """Return the most likely parameters, shape (p,) or (N, p)."""
        return np.asarray(np.linalg.lstsq(self.rows, self.target.T, rcond=None)[0].T)

    def residual(self, theta: Floats) -> Floats:
        """Return how far `theta`, (p,) or (N, p), is from each prior in standard deviations."""
        return self.target - theta @ self.rows.T
