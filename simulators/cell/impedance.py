"""The impedance of a cell: arcs of bulk, grain boundaries and both interfaces, in series."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulators.cell.parameters import CellParameters
from simulators.cell.pellet import CE_CAPACITANCE, WE_CAPACITANCE, Pellet
from simulators.cell.thermal import RECESSION

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]


class Alloy(NamedTuple):
    """What the slow tail of an alloy needs, each of shape (n,).

    Areal DC in A/m², slope of R by x over R, surface fraction, and its diffusivity in m²/s.
    """

    j: Array
    relative_slope: Array
    x_surface: Array
    diffusivity: Array


BULK, BOUNDARY, WORKING, COUNTER, CONSTRICTION = range(5)
"""The arcs, in the order in which `Pellet.resistances_at` gives their resistances."""


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
        # The capacitances stay as they are while the resistances follow the temperature. Those of the
        # interfaces are filled in for each instant.
        self._capacitance = np.ones((5, 1))
        self._capacitance[BULK] = 1.0 / (2 * math.pi * p.bulk_frequency * pellet.bulk_25)
        self._capacitance[BOUNDARY] = 1.0 / (
            2 * math.pi * p.grain_boundary_frequency * pellet.grain_boundary_25
        )
        self._capacitance[CONSTRICTION] = p.constriction_capacitance * area
        self._alpha = np.ones((5, 1))
        self._alpha[BOUNDARY] = p.grain_boundary_alpha
        self._alpha[[WORKING, COUNTER]] = p.interface_alpha

    def at(
        self,
        frequency: Array,
        seen: Array,
        resistances: tuple[Array, Array, Array, Array, Array],
        leak: Array,
        alloy: Alloy | None = None,
    ) -> Complex:
        """Return the impedance in Ω, shape (n,).

        Parameters
        ----------
        frequency : ndarray, shape (n,)
            In Hz.
        seen : ndarray, shape (10, n)
            Both electrodes as seen from outside when each frequency is measured.
        resistances : tuple of ndarray, shape (n,)
            As `Pellet.resistances_at` gives them, in Ω.
        leak : ndarray, shape (n,)
            Conductance of a short across the cell in S.
        alloy : Alloy, optional
            Adds the tail that an alloy shows when the AC modulates its surface.
        """
        resistance = np.array(resistances)
        capacitance = np.repeat(self._capacitance, len(frequency), axis=1)
        capacitance[[WORKING, COUNTER]] = np.exp(seen[[WE_CAPACITANCE, CE_CAPACITANCE]]) * self._area
        s = np.asarray(2j * math.pi * frequency, dtype=np.complex128)
        arcs = resistance / (1.0 + (s * resistance * capacitance) ** self._alpha)
        # One by one: the order in which numpy adds up a column depends on how many there are.
        z = np.asarray(sum(arcs), dtype=np.complex128)
        if alloy is not None:
            z += resistance[WORKING] * alloy.relative_slope * alloy.j * _surface_response(s, alloy)
        if leak.any():
            z /= 1.0 + z * leak
        return np.asarray(s * self._inductance + z, dtype=np.complex128)


def _surface_response(s: Complex, alloy: Alloy) -> Complex:
    """Return how far the surface fraction follows the current density, in m²/A (Warburg)."""
    return np.asarray(RECESSION * alloy.x_surface / np.sqrt(s * alloy.diffusivity), dtype=np.complex128)
