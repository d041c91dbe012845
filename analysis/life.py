"""Life of several cells, some of which outlived the experiment: the estimate of Kaplan and Meier."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from analysis.straight_line import CONFIDENCE
from core.errors import BadInput
from core.records import Bools, Floats


@dataclass(frozen=True, eq=False)
class Survival:
    """What share of cells survives more than a value.

    Attributes
    ----------
    value : ndarray, shape (n,)
        Each value that was seen, rising, failed or censored.
    share, low, high : ndarray, shape (n,)
        Share that survives it, and the 95 % interval of each (log–log); nan where there is none, as
        before the first failure.
    median : float or None
        The least value that half of them or fewer survive; None where more than half survived.
    median_low, median_high : float or None
        Where the interval of the share lets go of one half (Brookmeyer and Crowley); None is unbounded.
    cells, failed : int
    """

    value: Floats
    share: Floats
    low: Floats
    high: Floats
    median: float | None
    median_low: float | None
    median_high: float | None
    cells: int
    failed: int

    def __str__(self) -> str:
        if self.cells == 1:
            return "one cell: its value, and no distribution"
        lived = f"{self.failed} of {self.cells} cells failed"
        if self.median is None:
            return f"{lived}; the median is above {self.value[-1]:.4g}"
        low = "0" if self.median_low is None else f"{self.median_low:.4g}"
        high = "∞" if self.median_high is None else f"{self.median_high:.4g}"
        return f"{lived}; median {self.median:.4g}, 95 % from {low} to {high}"


def survival(value: Sequence[float], censored: Sequence[bool]) -> Survival:
    """Estimate the distribution of lives (E. L. Kaplan and P. Meier, J. Am. Stat. Assoc. 53 (1958) 457).

    Parameters
    ----------
    value : sequence of float
        At which each cell failed, or how far it was watched.
    censored : sequence of bool
        Whether it had not failed by then.

    Raises
    ------
    BadInput
        Without cells, or for values that are not positive and finite.
    """
    values, lived = np.asarray(value, dtype=float), np.asarray(censored, dtype=bool)
    if not len(values) or values.shape != lived.shape:
        raise BadInput("there is no cell whose life is known;", "give one at least.")
    if not np.all(np.isfinite(values) & (values > 0)):
        raise BadInput("a life is not positive;", "leave out cells that were never tried.")
    estimate = stats.ecdf(stats.CensoredData(uncensored=values[~lived], right=values[lived])).sf
    band = _band(estimate, failed=bool(np.any(~lived)))
    reach, share = np.asarray(estimate.quantiles), np.asarray(estimate.probabilities)
    return Survival(
        reach,
        share,
        band[0],
        band[1],
        _first(reach, share <= 0.5),
        _first(reach, band[0] <= 0.5),
        _first(reach, band[1] <= 0.5),
        len(values),
        int(np.sum(~lived)),
    )


def _band(estimate: Any, failed: bool) -> tuple[Floats, Floats]:
    """Return the interval of each share; nan where no cell failed."""
    if not failed:
        nothing = np.full(len(estimate.quantiles), np.nan)
        return nothing, nothing.copy()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        # log(−log S) has no value where S is 1 or 0; those come back as nan, and scipy says so.
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        found = estimate.confidence_interval(confidence_level=CONFIDENCE, method="log-log")
    return np.asarray(found.low.probabilities), np.asarray(found.high.probabilities)


def _first(reach: Floats, below: Bools) -> float | None:
    """Return the first value at which a condition holds; None if it never does."""
    at = np.flatnonzero(below)
    return float(reach[at[0]]) if len(at) else None
