"""Composition of the Li-Mg electrodes: concentration, lattice parameter and open-circuit potential.

The body-centred alloy Li(1−x)Mg(x) has two atoms in a cell of edge a, so it holds
c = 2 (1 − x)/(a³ N_A) of lithium. Between the compositions whose a is known, a is taken to be linear
in x (Vegard). An ideal solution lies E = −(kT/e) ln(1 − x) above lithium; a factor before it takes in
what is not ideal.
"""

import math
from dataclasses import dataclass

from scipy import stats
from scipy.constants import Avogadro, physical_constants

from core.cell import LITHIUM_FRACTION
from core.errors import BadInput

LATTICE_OF_LITHIUM = 3.5098e-10
LATTICE_OF_TENTH = 3.5020e-10
"""m, of Li and of Li0.9Mg0.1: Krauskopf et al., Adv. Energy Mater. 2019, 1902568."""

TENTH = 0.1
ATOMS = 2
"""Of a body-centred cell."""

MOST_MAGNESIUM = 0.69
"""Where the solid solution of magnesium in body-centred lithium ends."""

LEAST_CONCENTRATION = 24.0e3
"""mol/m³ of lithium at which the β phase of the alloys ends, as the paper takes it."""

BOLTZMANN_V = physical_constants["Boltzmann constant in eV/K"][0]
"""kT/e in V for each K."""

CONFIDENCE = 0.95


def lattice_parameter(magnesium: float) -> float:
    """Return the lattice parameter in m for a fraction of magnesium, linear between those known.

    Parameters
    ----------
    magnesium : float
        x in Li(1−x)Mg(x), 0 to 0.69. Above 0.1 the line is extrapolated.

    Raises
    ------
    BadInput
        Outside the body-centred solid solution.
    """
    if not 0 <= magnesium <= MOST_MAGNESIUM:
        raise BadInput(
            f"x = {magnesium:g} is not a body-centred Li(1−x)Mg(x);", f"give x from 0 to {MOST_MAGNESIUM:g}."
        )
    return LATTICE_OF_LITHIUM + (LATTICE_OF_TENTH - LATTICE_OF_LITHIUM) * magnesium / TENTH


def magnesium_of_lattice(lattice: float) -> float:
    """Return x in Li(1−x)Mg(x) for a lattice parameter in m, the inverse of `lattice_parameter`.

    Raises
    ------
    BadInput
        Where no composition of the solid solution has it.
    """
    x = TENTH * (lattice - LATTICE_OF_LITHIUM) / (LATTICE_OF_TENTH - LATTICE_OF_LITHIUM)
    if not -1e-9 <= x <= MOST_MAGNESIUM + 1e-9:
        raise BadInput(
            f"a = {lattice * 1e10:.4f} Å belongs to no body-centred Li-Mg alloy;",
            f"it lies between {lattice_parameter(MOST_MAGNESIUM) * 1e10:.4f} and "
            f"{LATTICE_OF_LITHIUM * 1e10:.4f} Å.",
        )
    return min(max(x, 0.0), MOST_MAGNESIUM)


def concentration_at(magnesium: float, lattice: float | None = None) -> float:
    """Return the concentration of lithium in mol/m³.

    Parameters
    ----------
    magnesium : float
        x in Li(1−x)Mg(x).
    lattice : float, optional
        Measured lattice parameter in m; by default that of `lattice_parameter`.
    """
    edge = lattice_parameter(magnesium) if lattice is None else lattice
    if not (math.isfinite(edge) and edge > 0):
        raise BadInput(f"a lattice parameter of {edge!r} m is impossible;", "give it in m, e.g. 3.51e-10.")
    return (1 - magnesium) * ATOMS / (edge**3 * Avogadro)


def concentration(anode: str) -> float:
    """Return the concentration of lithium in a metal, in mol/m³, from its lattice parameter.

    Parameters
    ----------
    anode : str
        One of `core.cell.LITHIUM_FRACTION`.
    """
    return concentration_at(1 - LITHIUM_FRACTION[anode])


def ocv(magnesium: float, temperature: float, factor: float = 1.0) -> float:
    """Return the open-circuit potential against lithium in V.

    Parameters
    ----------
    magnesium : float
        x at the surface.
    temperature : float
        K.
    factor : float
        1 for an ideal solution; 0.925 gives the 2.5 mV that 10 at% have at 25 °C.
    """
    return -factor * BOLTZMANN_V * temperature * math.log1p(-magnesium)


@dataclass(frozen=True)
class Composition:
    """A fraction of magnesium with its 95 % interval; infinitely sure where no error was given."""

    magnesium: float
    low: float
    high: float


def magnesium_of_ocv(
    potential: float, temperature: float, factor: float = 1.0, error: float = 0.0
) -> Composition:
    """Return the composition of a surface from its open-circuit potential, the inverse of `ocv`.

    Parameters
    ----------
    potential : float
        V against lithium. Slightly below zero is zero within its error.
    temperature : float
        K.
    factor : float
        As in `ocv`.
    error : float
        Standard error of `potential` in V.

    Raises
    ------
    BadInput
        If the potential is below zero by more than its 95 % interval.
    """
    half = float(stats.norm.ppf((1 + CONFIDENCE) / 2)) * error
    if not potential + half >= 0:
        raise BadInput(
            f"{potential * 1e3:.2f} mV against lithium belongs to no alloy of it;",
            "check the sign, and what the reference electrode is.",
        )

    def fraction(volt: float) -> float:
        return -math.expm1(-max(volt, 0.0) / (factor * BOLTZMANN_V * temperature))

    return Composition(fraction(potential), fraction(potential - half), fraction(potential + half))
