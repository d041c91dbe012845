"""Resistances brought to one temperature, so that runs at different temperatures can be compared."""

from typing import overload

import numpy as np

from core.records import Floats

BOLTZMANN_EV = 8.617333262e-5
"""k_B in eV/K (exact in the SI of 2019)."""

ROOM_TEMPERATURE = 298.15
INTERFACE_ACTIVATION_ENERGY = 0.37
"""Of the interface of Li and Li-Mg on LLZO, in eV (Krauskopf et al. 2019)."""


@overload
def to_reference_temperature(
    resistance: float, temperature: float, activation_energy: float = ..., reference: float = ...
) -> float: ...
@overload
def to_reference_temperature(
    resistance: Floats, temperature: float | Floats, activation_energy: float = ..., reference: float = ...
) -> Floats: ...
def to_reference_temperature(
    resistance: float | Floats,
    temperature: float | Floats,
    activation_energy: float = INTERFACE_ACTIVATION_ENERGY,
    reference: float = ROOM_TEMPERATURE,
) -> float | Floats:
    """Return the resistance at a reference temperature.

    From 1/R ∝ (1/T) exp(−E_A/kT), the σT form of Arrhenius' law:
    R(T0) = R(T) (T0/T) exp(−E_A/k (1/T − 1/T0)). This is Eq. 3 of Krauskopf et al. 2019 with E_A in
    eV and the Boltzmann constant, because there R stands for two things.

    Parameters
    ----------
    resistance : float or ndarray
        R(T), any unit.
    temperature : float or ndarray
        T in K.
    activation_energy : float
        E_A in eV.
    reference : float
        T0 in K.

    Returns
    -------
    float or ndarray
        R(T0) in the unit of `resistance`.
    """
    exponent = activation_energy / BOLTZMANN_EV * (1 / np.asarray(temperature) - 1 / reference)
    factor = reference / np.asarray(temperature) * np.exp(-exponent)
    result = np.asarray(resistance) * factor
    return float(result) if result.ndim == 0 else result
