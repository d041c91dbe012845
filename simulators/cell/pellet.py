"""Series resistances of a cell at a temperature: pellet, constriction, and both interfaces together."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from simulators.cell.parameters import CellParameters
from simulators.cell.thermal import BOLTZMANN_EV, REFERENCE_TEMPERATURE

WE_RESISTANCE, WE_CAPACITANCE, WE_OCV, WE_CONSTRICTION, WE_SURFACE = range(5)
CE_RESISTANCE, CE_CAPACITANCE, CE_OCV, CE_CONSTRICTION, CE_SURFACE = range(5, 10)
"""Where each number of an `Outside` stands once both electrodes are laid end to end."""


Array = NDArray[np.float64]
Number = TypeVar("Number", float, Array)


class Pellet:
    """The electrolyte, and how everything in series with it changes with temperature.

    Parameters
    ----------
    parameters : CellParameters
    area : float
        Electrode area in m².
    """

    def __init__(self, parameters: CellParameters, area: float) -> None:
        p = parameters
        resistance = p.pellet_thickness / p.conductivity / area
        self.bulk_25 = p.bulk_share * resistance
        self.grain_boundary_25 = (1.0 - p.bulk_share) * resistance
        self._thickness = p.pellet_thickness
        self._log_area = math.log(area)
        self._interface = p.interface_energy / BOLTZMANN_EV
        self._bulk = p.bulk_energy / BOLTZMANN_EV
        self._grain_boundary = p.grain_boundary_energy / BOLTZMANN_EV

    def resistances(
        self, outside: Sequence[float], temperature: float
    ) -> tuple[float, float, float, float, float]:
        """Return R_bulk, R_gb, R_WE, R_CE and R_con in Ω.

        Parameters
        ----------
        outside : sequence of float
            Both electrodes as seen from outside, see `WE_RESISTANCE`.
        temperature : float
            In K.
        """
        return self._resistances(outside, temperature, math.exp)

    def resistances_at(self, outside: Array, temperature: Array) -> tuple[Array, Array, Array, Array, Array]:
        """Return the same at n instants, each of shape (n,).

        Parameters
        ----------
        outside : ndarray, shape (10, n)
        temperature : ndarray, shape (n,)
        """
        return self._resistances(outside, temperature, np.exp)

    def _resistances(
        self, outside: Sequence[Number] | Array, temperature: Number, exp: Callable[[Number], Number]
    ) -> tuple[Number, Number, Number, Number, Number]:
        ratio = temperature / REFERENCE_TEMPERATURE
        inverse = 1.0 / temperature - 1.0 / REFERENCE_TEMPERATURE
        bulk = self.bulk_25 * ratio * exp(self._bulk * inverse)
        boundary = self.grain_boundary_25 * ratio * exp(self._grain_boundary * inverse)
        shift = self._interface * inverse - self._log_area
        working = ratio * exp(outside[WE_RESISTANCE] + shift)
        counter = ratio * exp(outside[CE_RESISTANCE] + shift)
        length = outside[WE_CONSTRICTION] + outside[CE_CONSTRICTION]
        return bulk, boundary, working, counter, (bulk + boundary) * length / self._thickness

    @staticmethod
    def emf(outside: Sequence[Number] | Array, temperature: Number) -> Number:
        """Return the equilibrium voltage of the cell in V."""
        return (outside[WE_OCV] - outside[CE_OCV]) * BOLTZMANN_EV * temperature
