"""What is known of a lithium | LLZO cell before a fit."""

import numpy as np

from analysis.circuit import ALPHA_GB
from analysis.circuits.expected import Expectation
from analysis.circuits.slots import MICROHENRY
from analysis.normalise import to_reference_temperature

L_CABLES, L_SPREAD = 0.6 * MICROHENRY, 0.05 * MICROHENRY
"""Inductance of cables and holder, H."""

LN_TAU_BULK_LLZO = float(np.log(1 / (2 * np.pi * 40e6)))
"""Bulk arc of LLZO at 40 MHz and 25 °C, ln s."""

LN_TAU_GB_LLZO = float(np.log(1 / (2 * np.pi * 600e3)))
"""Grain-boundary arc of LLZO at 600 kHz and 25 °C, ln s."""

LN_TAU_INT_TYPICAL = float(np.log(1 / (2 * np.pi * 1e3)))
"""Interface arc of lithium on LLZO near 1 kHz, ln s."""

TYPICAL_ALPHA_INT = 0.9

ALPHA_GB_SPREAD = 0.05
"""Of the grain boundary's exponent, where it is set free."""

BULK_ACTIVATION_ENERGY, GB_ACTIVATION_ENERGY = 0.36, 0.40
"""Of the conductivities of LLZO, eV; permittivities hardly change with temperature, so τ follows R."""

LN_GB_TO_BULK = float(np.log(29 / 71))
"""R_gb / R_bulk of a dense LLZO pellet, as a logarithm."""


def expectations(scale: float, temperature: float) -> list[Expectation]:
    """Return what is known of inductance, bulk, grain boundary and one interface.

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
    return [
        Expectation({"L": 1.0}, L_CABLES, L_SPREAD),
        Expectation({"tau_bulk": 1.0}, LN_TAU_BULK_LLZO - bulk, 0.2),
        Expectation({"tau_gb": 1.0}, LN_TAU_GB_LLZO - gb, 0.3),
        Expectation({"R_gb": 1.0, "R_bulk": -1.0}, LN_GB_TO_BULK, 1.0),
        Expectation({"R_bulk": 1.0}, float(np.log(scale)), 5.0),
        Expectation({"R_int": 1.0}, float(np.log(scale)), 5.0),
        Expectation({"tau_int": 1.0}, LN_TAU_INT_TYPICAL, 3.0),
        Expectation({"alpha_int": 1.0}, TYPICAL_ALPHA_INT, 1.2, of_logit=True),
        Expectation({"alpha_gb": 1.0}, ALPHA_GB, ALPHA_GB_SPREAD),
    ]
