"""The impedance that a fit stands for, for drawing it."""

import math
from dataclasses import replace

import numpy as np

from analysis.circuit import ALPHA_MAX, MODEL, ThreeArcs
from analysis.quantities import parameters_of
from analysis.resolution import ABSENT
from core.records import Complexes, Fit, Floats, Value

_NO_INTERFACE = {
    "R_int": Value(math.exp(ABSENT), math.nan),
    "tau_int": Value(1.0, math.nan),
    "alpha_int": Value(ALPHA_MAX, math.nan),
}


def impedance_of(fit: Fit, frequency: Floats) -> Complexes | None:
    """Return the impedance of the fitted circuit, as it was in the middle of the sweep.

    Where the interface is below the resolution limit, the circuit is drawn without its arc. A
    sweep during which the interface drifted leaves this curve towards both of its ends.

    Parameters
    ----------
    fit : Fit
    frequency : ndarray, shape (n,)
        Hz, positive.

    Returns
    -------
    ndarray of complex, shape (n,), or None
        Ω; None if the fit is of another model or says nothing.
    """
    if fit.model != MODEL:
        return None
    theta = parameters_of(fit)
    if theta is None:
        theta = parameters_of(replace(fit, parameters=fit.parameters | _NO_INTERFACE))
    if theta is None:
        return None
    impedance, _ = ThreeArcs(np.asarray(frequency, dtype=float)).evaluate(theta)
    return impedance
