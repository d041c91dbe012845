"""Forming: the contact that a pressure makes between a metal and the electrolyte."""

import math

from scipy.optimize import brentq

HARDNESS_EXPONENT = 1.5


def equilibrium_contact(pressure: float, hardness: float, full_coverage: float) -> tuple[float, float]:
    """Return the contact that a pressure ends in when it is kept.

    Parameters
    ----------
    pressure, hardness, full_coverage : float
        In Pa.

    Returns
    -------
    theta, coverage : float
        Share of microscopic contact, 1 − exp(−(p/p_hard)^1.5), and share of the electrode covered
        by patches wider than the diffusion length, min(1, p/p_full).
    """
    theta = -math.expm1(-((pressure / hardness) ** HARDNESS_EXPONENT))
    return theta, min(1.0, pressure / full_coverage)


def contact_resistance(theta: float, coverage: float, transfer: float, spreading: float) -> float:
    """Return the areal resistance in Ω m² of an interface before anything was stripped, at 25 °C."""
    return (transfer + spreading * (1.0 / theta - 1.0)) / coverage


def forming_pressure_of(
    resistance: float, hardness: float, full_coverage: float, transfer: float, spreading: float
) -> float:
    """Return the forming pressure in Pa that explains a measured interface resistance.

    Parameters
    ----------
    resistance : float
        Areal resistance in Ω m² at 25 °C.
    hardness, full_coverage : float
        Of the metal, in Pa.
    transfer, spreading : float
        Charge-transfer and spreading resistance in Ω m².
    """

    def excess(log_pressure: float) -> float:
        theta, coverage = equilibrium_contact(math.exp(log_pressure), hardness, full_coverage)
        return math.log(contact_resistance(theta, coverage, transfer, spreading) / resistance)

    lowest, highest = math.log(1e-4 * hardness), math.log(10.0 * hardness)
    if excess(highest) >= 0.0:
        return math.exp(highest)
    if excess(lowest) <= 0.0:
        return math.exp(lowest)
    return math.exp(float(brentq(excess, lowest, highest, xtol=1e-10)))
