"""The impedance that a fit stands for, for drawing it."""

import math

import numpy as np

from analysis.circuits.model import Circuit, circuit
from analysis.engine.interpreted import evaluate
from core.errors import BadInput
from core.records import Complexes, Fit, Floats, Value

UNKNOWN = Value(math.nan, math.nan)
_ABSENT = Value(math.exp(-60.0), math.nan)
"""Ω: the resistance of an arc that is not there."""


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
        Ω; None if the fit says nothing, or its model is no circuit that is known here.
    """
    try:
        chosen = circuit(fit.model)
    except BadInput:
        return None
    theta = _theta(fit, chosen)
    if theta is None:
        return None
    slope = np.zeros(len(theta))
    if delay is not None and "drift" in fit.flags and chosen.interface:
        slowest = chosen.interface[-1]
        for place, name in ((slowest.ln_r, "drift_int"), (slowest.ln_tau, "drift_tau")):
            rate = fit.parameters.get(name, UNKNOWN).value
            if place >= 0 and math.isfinite(rate):
                slope[place] = rate
    omega = 2 * np.pi * np.asarray(frequency, dtype=float)
    drifts = bool(np.any(slope))
    impedance, _ = evaluate(
        chosen.program, omega, theta, delay if drifts else None, slope if drifts else None
    )
    return impedance


def _theta(fit: Fit, chosen: Circuit) -> Floats | None:
    theta = chosen.theta_of(fit.parameters)
    if theta is not None or not chosen.interface:
        return theta
    without = dict(fit.parameters)
    for arc in chosen.interface:
        resistance = "R_ct" if arc.name == "int" and len(chosen.interface) > 1 else f"R_{arc.name}"
        without |= {
            resistance: _ABSENT,
            f"tau_{arc.name}": Value(1.0, math.nan),
            f"alpha_{arc.name}": Value(0.9, math.nan),
        }
    return chosen.theta_of(without)
