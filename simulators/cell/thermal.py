"""Physical constants of the cell model, and how its rates and resistances change with temperature."""

import math

from scipy.constants import elementary_charge, physical_constants
from scipy.constants import k as boltzmann

FARADAY: float = physical_constants["Faraday constant"][0]
"""Charge of a mole of lithium in C/mol."""

BOLTZMANN_EV: float = boltzmann / elementary_charge
"""Boltzmann's constant in eV/K, which is also k/e in V/K."""

REFERENCE_TEMPERATURE = 298.15
"""Temperature in K that the parameters refer to."""

MOLAR_VOLUME = 13.02e-6
"""Volume in m³ of a mole of lithium in the metal (76.8 mmol/cm³)."""

RECESSION = MOLAR_VOLUME / FARADAY
"""Volume of metal in m³ that a coulomb strips or plates."""


def activation(energy: float, temperature: float) -> float:
    """Return how much faster a process runs than at 25 °C: exp(−E/k (1/T − 1/T₀)).

    Parameters
    ----------
    energy : float
        Activation energy in eV.
    temperature : float
        In K.
    """
    return math.exp(-energy / BOLTZMANN_EV * (1.0 / temperature - 1.0 / REFERENCE_TEMPERATURE))


def resistance_factor(energy: float, temperature: float) -> float:
    """Return a resistance relative to 25 °C, from σT = A exp(−E/kT)."""
    return temperature / REFERENCE_TEMPERATURE / activation(energy, temperature)
