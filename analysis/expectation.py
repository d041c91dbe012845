"""What a circuit expects of its parameters, for many spectra at once."""

from functools import lru_cache

import numpy as np

from analysis.batch import Batch
from analysis.circuits.model import Circuit
from analysis.priors import Priors
from core.records import Floats

COARSE = 0.5
"""Kelvin: what is expected of an electrolyte does not change noticeably over less."""


@lru_cache(maxsize=256)
def _expected(circuit: Circuit, temperature: float, low: float, high: float) -> tuple[Priors, Floats]:
    """Return the priors at 1 Ω, and by how much their targets grow with ln scale."""
    here, there = (circuit.priors(scale, temperature, (low, high)) for scale in (1.0, float(np.e)))
    return here, there.target - here.target


def expectations(circuit: Circuit, batch: Batch, temperature: Floats) -> Priors:
    """Return the priors for every spectrum, with `target` of shape (N, m).

    Parameters
    ----------
    circuit : Circuit
    batch : Batch
    temperature : ndarray, shape (N,)
        Of the cell, K.
    """
    rows = batch.frequency
    usual, low = np.round(temperature / COARSE) * COARSE, batch.lowest()
    high = np.broadcast_to(rows[:, 0], low.shape)
    growth_of = np.log(batch.scale())[:, None]
    if len(low) == 1 or ((usual == usual[0]).all() and (low == low[0]).all() and (high == high[0]).all()):
        here, growth = _expected(circuit, float(usual[0]), float(low[0]), float(high[0]))
        return Priors(here.rows, here.target + growth * growth_of)
    different, which = np.unique(np.stack([usual, low, high]), axis=1, return_inverse=True)
    found = [_expected(circuit, *(float(part) for part in key)) for key in different.T]
    targets = np.array([priors.target for priors, _ in found])[which.ravel()]
    growths = np.array([more for _, more in found])[which.ravel()]
    return Priors(found[0][0].rows, targets + growths * growth_of)
