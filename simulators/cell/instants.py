"""The cell at many instants at once, as a sweep of impedance meets it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulators.cell.electrical import passed_each
from simulators.cell.solver import Solver

Array = NDArray[np.float64]


class Instants(NamedTuple):
    """What is known of each of n instants.

    Attributes
    ----------
    seen : ndarray, shape (10, n)
        Both electrodes as seen from outside.
    resistances : tuple of ndarray, shape (n,)
        R_bulk, R_gb, R_WE, R_CE and R_con in Ω.
    leak : ndarray, shape (n,)
        Conductance of a short across the cell in S.
    voltage, current, through : ndarray, shape (n,)
        E in V, I in the leads and through the interfaces in A.
    """

    seen: Array
    resistances: tuple[Array, Array, Array, Array, Array]
    leak: Array
    voltage: Array
    current: Array
    through: Array


def instants(solver: Solver, times: Array, temperature: Array) -> Instants:
    """Return the cell at `times` in s, in any order, and `temperature` in K; shapes (n,)."""
    segments, place = solver.segments(times)
    start = np.array([each.start for each in segments])
    before = np.array([each.seen_before for each in segments]).T
    slope = np.array([each.slope for each in segments]).T
    seen = before[:, place] + slope[:, place] * (times - start[place])
    resistances = solver.pellet.resistances_at(seen, temperature)
    emf, total = solver.pellet.emf(seen, temperature), np.asarray(sum(resistances))
    leak = np.array([solver.leak if each.shorted else 0.0 for each in segments])
    passing = np.empty((3, len(times)))
    for number, segment in enumerate(segments):
        here = place == number
        passing[:, here] = passed_each(
            segment.command, emf[here], total[here], leak[number], solver.compliance
        )
    return Instants(seen, resistances, leak[place], *passing)
