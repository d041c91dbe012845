"""Cells that nobody tuned for: parameters drawn from a seed."""

import math
from collections.abc import Sequence
from typing import Any, get_args

from core.cell import Anode, Cell, History
from simulators import noise
from simulators.cell.parameters import METALS


class _Draw:
    """Numbers for one cell of a seed, each from a stream of its own."""

    def __init__(self, seed: int, number: int) -> None:
        self._seed, self._number = seed, number

    def between(self, name: str, low: float, high: float) -> float:
        share = float(noise.uniform(self._seed, f"random cell/{name}", self._number)[0])
        return low + (high - low) * share

    def around(self, name: str, middle: float, spread: float) -> float:
        """Return a log-normal number, its logarithm kept within 2.5 standard deviations."""
        deviation = float(noise.normal(self._seed, f"random cell/{name}", self._number)[0])
        return middle * math.exp(spread * min(max(deviation, -2.5), 2.5))


def random_cell(
    seed: int, number: int, anodes: Sequence[Anode] = get_args(Anode)
) -> tuple[Cell, dict[str, Any], float]:
    """Draw a cell.

    Parameters
    ----------
    seed : int
    number : int
        Which cell of the seed, 0 or more; each is drawn independently of the others.
    anodes : sequence of str
        Which anodes it may have; all three by default.

    Returns
    -------
    cell : Cell
        With one of the anodes, its own sizes and forming pressure.
    overrides : dict
        Parameters of the simulated cell that differ from the anode's, in SI.
    temperature : float
        Of the chamber in K, between 20 and 30 °C.
    """
    draw = _Draw(seed, number)
    anode = anodes[int(draw.between("anode", 0.0, len(anodes)))]
    metal = METALS[anode]
    formed_at = metal["full_coverage_pressure"] * draw.between("forming", 0.95, 1.1)
    cell = Cell.model_validate(
        {
            "name": f"random cell {number} of seed {seed}",
            "anode": anode,
            "electrode_area": f"{draw.between('electrode area', 0.2, 0.5):.4f} cm²",
            "pellet_thickness": f"{draw.between('pellet thickness', 0.8, 2.0):.3f} mm",
            "history": History.model_validate({"forming_pressure": f"{formed_at / 1e6:.3f} MPa"}),
        }
    )
    overrides = {
        "pore_diffusivity": draw.around("pore diffusivity", metal["pore_diffusivity"], 0.325),
        "chemical_diffusivity": draw.around("chemical diffusivity", 9.2e-16, 0.325),
        "beta": draw.between("beta", 4.0, 7.0),
        "double_layer_capacitance": draw.around("double-layer capacitance", 0.1, 0.5),
        "contact_exponent": draw.between("contact exponent", 0.85, 1.0),
        "submicron_pore_limit": draw.between("sub-micrometre pores", 0.5, 0.8),
        "diffusion_energy": draw.between("diffusion energy", 0.28, 0.45),
        "interface_alpha": draw.between("alpha", 0.85, 0.98),
        "constriction_width": draw.between("constriction width", 20e-6, 200e-6),
    }
    return cell, overrides, 273.15 + draw.between("temperature", 20.0, 30.0)
