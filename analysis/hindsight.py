"""A second look at a sweep, once the one after it is there."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.circuits.model import Circuit
from analysis.drift_correction import corrections
from analysis.earlier import Earlier, earlier
from analysis.fitting import fit_one
from analysis.sweep_drift import drifting_arcs, parabola
from core.records import Fit, Spectrum, Value

INTERPOLATED = "interpolated"
"""Flag of a fit to impedances that were interpolated between sweeps to the middle of this one."""

Look = tuple[Spectrum, Fit]


def second_look(
    looks: Sequence[Look], model: Circuit, area: float | None, temperature: float, wait: bool = False
) -> Fit | None:
    """Fit the middle one of three consecutive sweeps again, with ln Z interpolated between them.

    Parameters
    ----------
    looks : three pairs of Spectrum and Fit
        With the fits made live.
    model : Circuit
    area : float, optional
        Electrode area in m², for the resolution limit only.
    temperature : float
        Of the cell, K.
    wait : bool
        Wait for the compiled engine.

    Returns
    -------
    Fit or None
        The next version of the middle fit, flagged ``interpolated``, with the drift of the two
        sweeps around it; None where it did not drift noticeably or could not be corrected.
    """
    fit = looks[1][1]
    if "drift" not in fit.flags:
        return None
    found = corrections([look[0] for look in looks])[1]
    if not found.corrected.any():
        return None
    known = [earlier(look[1], model) for look in looks]
    again = fit_one(found.spectrum, model, area, [known[1]], temperature, wait)[0]
    if "no fit" in again.flags:
        return None
    drift = _drift(known, model)
    return replace(
        again,
        version=fit.version + 1,
        parameters={**again.parameters, **drift},
        flags=(*again.flags, "drift", INTERPOLATED),
        smoothed=fit.smoothed,
        smoothing=fit.smoothing,
    )


def _drift(known: Sequence[Earlier], model: Circuit) -> dict[str, Value]:
    """Return d ln R/dt and d ln τ/dt at the middle sweep, from the parabola through all three."""
    if not all(one.trusted for one in known) or not drifting_arcs(model):
        return {}
    arc = drifting_arcs(model)[-1]
    time = np.array([[one.time for one in known]])
    theta = np.array([[one.theta for one in known]])
    variance = np.array([[one.covariance.diagonal() for one in known]])
    slope, stderr, _ = parabola(time, theta, variance, 1)
    places = {"drift_int": arc.ln_r, "drift_tau": arc.ln_tau}
    return {
        name: Value(float(slope[0, place]), float(stderr[0, place]))
        for name, place in places.items()
        if place >= 0
    }
