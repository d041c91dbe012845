"""How much of usual foils can be used until their interfaces are depleted."""

from dataclasses import dataclass

import numpy as np

from analysis.composition import LEAST_CONCENTRATION
from analysis.diffusion.material import (
    DIFFUSIVITY,
    ENERGY,
    FRAMES,
    REFERENCE,
    Alloy,
    Frame,
    alloy,
    diffusivity_at,
)
from analysis.diffusion.utilisation import utilisation

THICKNESSES = (25e-6, 100e-6)
"""m, of the foils that the paper looks at."""

DENSITIES = (0.1, 1.0, 10.0)
"""A/m², i.e. 10, 100 and 1000 µA/cm²."""

TEMPERATURES = (273.15, REFERENCE, 323.15, 353.15)
"""K, at which D is known by its activation energy."""


@dataclass(frozen=True)
class UtilisationRow:
    """How much of a foil can be stripped at a current before its interface is depleted.

    Attributes
    ----------
    metal, frame : str
    thickness, density, temperature : float
        m, A/m², K.
    diffusivity : float
        m²/s at that temperature.
    source : str
        Where D is from.
    least_concentration : float
        mol/m³ of lithium at which the interface counts as depleted.
    total, beta : float
        Share of all lithium, and of what the β phase can give.
    time : float
        s until depletion.
    """

    metal: str
    frame: Frame
    thickness: float
    density: float
    temperature: float
    diffusivity: float
    source: str
    least_concentration: float
    total: float
    beta: float
    time: float


def utilisations_of_the_paper() -> list[UtilisationRow]:
    """Return the rows of Li0.9Mg0.1 with the D of the paper, at some temperatures and in both frames."""
    rows = []
    for frame in FRAMES:
        for temperature in TEMPERATURES:
            chosen = alloy("Li0.9Mg0.1", diffusivity_at(temperature), frame)
            source = f"{DIFFUSIVITY * 1e4:.3g} cm²/s at 25 °C and {ENERGY:g} eV (Krauskopf et al. 2019)"
            rows += utilisations_of("Li0.9Mg0.1", chosen, temperature, source)
    return rows


def utilisations_of(metal: str, chosen: Alloy, temperature: float, source: str) -> list[UtilisationRow]:
    """Return the rows of one alloy at one temperature, for the usual foils and currents.

    Parameters
    ----------
    metal : str
    chosen : Alloy
        With its D at that temperature.
    temperature : float
        K.
    source : str
        Where D is from.
    """
    rows = []
    for thickness in THICKNESSES:
        found = utilisation(chosen, thickness, np.array(DENSITIES), np.asarray(chosen.diffusivity))
        for density, total, beta, time in zip(DENSITIES, found.total, found.beta, found.time, strict=True):
            rows.append(
                UtilisationRow(
                    metal,
                    chosen.frame,
                    thickness,
                    density,
                    temperature,
                    chosen.diffusivity,
                    source,
                    LEAST_CONCENTRATION,
                    float(total),
                    float(beta),
                    float(time),
                )
            )
    return rows
