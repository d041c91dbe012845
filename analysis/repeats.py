"""One number from the fits of several spectra of a cell that did not change."""

import math
from collections.abc import Sequence

import numpy as np

from core.records import Fit, Value


def mean_of_repeats(fits: Sequence[Fit], name: str) -> Value | None:
    """Return the mean of a quantity over repeats, and its standard error.

    Scatter averages out and falls with the root of their number. What the model gets wrong is the
    same in all of them, so the fits' own standard error does not: both are added in quadrature.

    Parameters
    ----------
    fits : sequence of Fit
    name : str
        E.g. ``"R_int"``. Fits without it, or without a standard error of it, are left out.

    Returns
    -------
    Value or None
        None if no fit has it.
    """
    found = [fit.parameters[name] for fit in fits if name in fit.parameters]
    known = [each for each in found if math.isfinite(each.value) and math.isfinite(each.stderr)]
    if not known:
        return None
    values, errors = np.array([[each.value, each.stderr] for each in known]).T
    scatter = float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return Value(float(values.mean()), math.hypot(scatter, float(errors.mean())))
