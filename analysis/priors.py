"""What is known before the fit, as extra rows of the least-squares problem.

None of them pins a parameter: each is a normal distribution wide enough for the sample and narrow
enough that the fit stays determinate when the instrument shows only part of an arc.
"""

from dataclasses import dataclass

import numpy as np

from analysis.circuit import (
    FREE,
    LN_R_BULK,
    LN_R_GB,
    LN_R_INT,
    LN_TAU_BULK,
    LN_TAU_GB,
    LN_TAU_INT,
    LOGIT_ALPHA,
    L,
    logit_of,
)
from analysis.normalise import ROOM_TEMPERATURE, to_reference_temperature
from core.records import Floats

L_CABLES, L_SPREAD = 0.6, 0.05
"""Inductance of cables and holder, µH."""

LN_TAU_BULK_LLZO = float(np.log(1 / (2 * np.pi * 40e6)))
"""Bulk arc of LLZO at 40 MHz and 25 °C, ln s."""

LN_TAU_GB_LLZO = float(np.log(1 / (2 * np.pi * 600e3)))
"""Grain-boundary arc of LLZO at 600 kHz and 25 °C, ln s."""

LN_TAU_INT_TYPICAL = float(np.log(1 / (2 * np.pi * 1e3)))
"""Interface arc of lithium on LLZO near 1 kHz, ln s."""

BULK_ACTIVATION_ENERGY, GB_ACTIVATION_ENERGY = 0.36, 0.40
"""Of the conductivities of LLZO, eV; permittivities hardly change with temperature, so τ follows R."""

LN_GB_TO_BULK = float(np.log(29 / 71))
"""R_gb / R_bulk of a dense LLZO pellet, as a logarithm."""


@dataclass(frozen=True, eq=False)
class Priors:
    """Independent normal distributions of linear combinations of the parameters.

    Attributes
    ----------
    rows : ndarray, shape (m, p)
        Combinations divided by their standard deviations.
    target : ndarray, shape (m,)
        Expected values divided by their standard deviations.
    """

    rows: Floats
    target: Floats

    @property
    def information(self) -> Floats:
        """Return the matrix that the priors add to the normal equations, shape (p, p)."""
        return self.rows.T @ self.rows

    def residual(self, theta: Floats) -> Floats:
        """Return how far `theta` lies from each prior, in standard deviations, shape (m,)."""
        return self.target - self.rows @ theta


def default_priors(scale: float, temperature: float = ROOM_TEMPERATURE) -> Priors:
    """Return the priors of a lithium | LLZO cell.

    Parameters
    ----------
    scale : float
        Typical |Z| in Ω. It centres priors on R_bulk and R_int that span many decades and keep the
        problem determinate when there is no such arc at all.
    temperature : float
        Of the cell in K: the time constants of bulk and grain boundary follow their resistances.
    """
    bulk, gb = (
        float(np.log(to_reference_temperature(1.0, temperature, energy)))
        for energy in (BULK_ACTIVATION_ENERGY, GB_ACTIVATION_ENERGY)
    )
    known = [
        ({L: 1.0}, L_CABLES, L_SPREAD),
        ({LN_TAU_BULK: 1.0}, LN_TAU_BULK_LLZO - bulk, 0.2),
        ({LN_TAU_GB: 1.0}, LN_TAU_GB_LLZO - gb, 0.3),
        ({LN_R_GB: 1.0, LN_R_BULK: -1.0}, LN_GB_TO_BULK, 1.0),
        ({LN_R_BULK: 1.0}, float(np.log(scale)), 5.0),
        ({LN_R_INT: 1.0}, float(np.log(scale)), 5.0),
        ({LN_TAU_INT: 1.0}, LN_TAU_INT_TYPICAL, 3.0),
        ({LOGIT_ALPHA: 1.0}, logit_of(0.9), 1.2),
    ]
    rows = np.zeros((len(known), len(FREE)))
    target = np.zeros(len(known))
    for row, (combination, mean, spread) in enumerate(known):
        for parameter, factor in combination.items():
            rows[row, parameter] = factor / spread
        target[row] = mean / spread
    return Priors(rows, target)
