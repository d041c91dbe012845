"""The physical cell under all simulated instruments."""

from simulators.cell.parameters import CellParameters
from simulators.cell.random_cells import random_cell
from simulators.cell.simulated_cell import SimulatedCell

__all__ = ["CellParameters", "SimulatedCell", "random_cell"]
