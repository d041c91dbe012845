"""The impedance of a cell: arcs of bulk, grain boundaries and both interfaces, in series."""

import cmath
import math
from collections.abc import Sequence
from typing import NamedTuple

from simulators.cell.parameters import CellParameters
from simulators.cell.pellet import CE_CAPACITANCE, WE_CAPACITANCE, Pellet
from simulators.cell.thermal import RECESSION


class Alloy(NamedTuple):
    """What the slow tail of an alloy needs: areal DC, slope of R by x over R, surface, its diffusivity."""

    j: float
    relative_slope: float
    x_surface: float
    diffusivity: float


class CellImpedance:
    """The noise-free impedance of a cell whose states stand still for the AC.

    Each arc is R/(1 + (jωτ)^α); τ = R·C for the interfaces.

    Parameters
    ----------
    parameters : CellParameters
    area : float
        Electrode area in m².
    pellet : Pellet
    """

    def __init__(self, parameters: CellParameters, area: float, pellet: Pellet) -> None:
        p = parameters
        self._area = area
        self._inductance = p.inductance
        # the capacitances stay as they are while the resistances follow the temperature
        self._bulk_capacitance = 1.0 / (2 * math.pi * p.bulk_frequency * pellet.bulk_25)
        self._boundary_capacitance = 1.0 / (
            2 * math.pi * p.grain_boundary_frequency * pellet.grain_boundary_25
        )
        self._boundary_alpha = p.grain_boundary_alpha
        self._interface_alpha = p.interface_alpha
        self._constriction_capacitance = p.constriction_capacitance * area

    def at(
        self,
        frequency: float,
        seen: Sequence[float],
        resistances: tuple[float, float, float, float, float],
        leak: float = 0.0,
        alloy: Alloy | None = None,
    ) -> complex:
        """Return the impedance in Ω.

        Parameters
        ----------
        frequency : float
            In Hz.
        seen : sequence of float
            Both electrodes as seen from outside.
        resistances : tuple of float
            As `Pellet.resistances` gives them, in Ω.
        leak : float
            Conductance of a short across the cell in S.
        alloy : Alloy, optional
            Adds the tail that an alloy shows when the AC modulates its surface.
        """
        bulk, boundary, working, counter, constriction = resistances
        s = 2j * math.pi * frequency
        alpha = self._interface_alpha
        z = (
            bulk / (1.0 + s * bulk * self._bulk_capacitance)
            + boundary / (1.0 + (s * boundary * self._boundary_capacitance) ** self._boundary_alpha)
            + working / (1.0 + (s * working * math.exp(seen[WE_CAPACITANCE]) * self._area) ** alpha)
            + counter / (1.0 + (s * counter * math.exp(seen[CE_CAPACITANCE]) * self._area) ** alpha)
            + constriction / (1.0 + s * constriction * self._constriction_capacitance)
        )
        if alloy is not None:
            z += working * alloy.relative_slope * alloy.j * _surface_response(s, alloy)
        if leak:
            z /= 1.0 + z * leak
        return s * self._inductance + z


def _surface_response(s: complex, alloy: Alloy) -> complex:
    """Return how far the surface fraction follows the current density, in m²/A (Warburg)."""
    return RECESSION * alloy.x_surface / cmath.sqrt(s * alloy.diffusivity)
