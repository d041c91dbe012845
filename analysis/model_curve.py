"""The impedance that a fit stands for, for drawing it."""

import math
from dataclasses import replace

import numpy as np

from analysis.circuit import ALPHA_MAX, MODEL, STEADY, Slope, ThreeArcs
from analysis.quantities import UNKNOWN, parameters_of
from analysis.resolution import ABSENT
from core.records import Complexes, Fit, Floats, Value

_NO_INTERFACE = {
    "R_int": Value(math.exp(ABSENT), math.nan),
    "tau_int": Value(1.0, math.nan),
    "alpha_int": Value(ALPHA_MAX, math.nan),
}


def impedance_of(fit: Fit, frequency: Floats, delay: Floats | None = None) -> Complexes | None:
    """Return the impedance of the fitted circuit.

    Where the interface is below the resolution limit, the circuit is drawn without its arc.

    Parameters
    ----------
    fit : Fit
    frequency : ndarray, shape (n,)
        Hz, positive.
    delay : ndarray, shape (n,), optional
        Seconds from the middle of the sweep at which each frequency was measured: the interface
        then drifts as the fit found it to. Without it, all is as it was in the middle.

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
    impedance, _ = ThreeArcs(np.asarray(frequency, dtype=float), delay, _slope(fit)).evaluate(theta)
    return impedance


def _slope(fit: Fit) -> Slope:
    """Return the drift that the fit found, steady where it found none."""
    found = [fit.parameters.get(name, UNKNOWN).value for name in ("drift_int", "drift_tau")]
    return Slope(*found) if np.all(np.isfinite(found)) else STEADY
