"""Starting points for elements in series: a scan over time constants, the rest by linear least squares.

At given time constants and exponents a series of elements is linear in its resistances, inverse
capacitances and so on, so that every combination of a coarse grid has an exact best fit (variable
projection, Golub and Pereyra 1973) of amplitudes that are not negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations, islice, product
from math import comb, prod

import numpy as np

from analysis.circuits.model import Circuit
from analysis.circuits.network import Kind
from analysis.circuits.slots import Scale, Slot, kind_of
from analysis.engine.many import element
from analysis.priors import Priors
from core.records import Complexes, Floats

ALPHAS = (0.95, 0.82, 0.65)
"""Exponents that are tried, the same one for all elements whose exponent is free."""

PER_DECADE = 3
BEYOND = 0.5
"""Decades beyond the band in which time constants are looked for."""

DECADE = float(np.log(10))
MOST_COMBINATIONS = 700
MOST_AT_ALL = 5000
"""Circuits of so many elements that even the coarsest grid has more are searched in part only."""

SURE = 0.7
"""A time constant expected within this spread (of its logarithm) is not looked for elsewhere."""

SMALLEST_SHARE = 1e-3
"""Elements that the linear fit finds absent start at this share of |Z|."""

RIDGE = 1e-9


@dataclass(frozen=True, eq=False)
class Grid:
    """Combinations of time constants.

    Attributes
    ----------
    slots : ndarray, shape (b, s)
        All slots of the circuit; amplitudes are those of unit elements or held.
    column : ndarray of int, shape (b, m)
        Which column each element has in each combination.
    columns : ndarray of complex, shape (d, n)
    """

    slots: Floats
    column: np.ndarray
    columns: Complexes


def scan(circuit: Circuit, omega: Floats, impedance: Complexes, weight: Floats, priors: Priors) -> Floats:
    """Return candidates, shape (b, s), as slots, best first.

    Parameters
    ----------
    circuit : Circuit
        Whose elements are all in series.
    omega : ndarray, shape (n,)
        Angular frequency, rad/s.
    impedance : ndarray of complex, shape (n,)
        Ω.
    weight : ndarray, shape (n,)
        1/Ω.
    priors : Priors
    """
    expected = tuple(_expected_times(circuit, priors))
    grid = _grid(circuit, np.ascontiguousarray(omega, dtype=float).tobytes(), expected)
    weighted = np.ascontiguousarray(grid.columns * weight).view(float)
    norm = np.maximum(np.sqrt(np.sum(weighted**2, axis=1)), np.finfo(float).tiny)
    weighted /= norm[:, None]
    target = np.ascontiguousarray(impedance * weight).view(float)
    gram, right = weighted @ weighted.T, weighted @ target
    held = np.array([own[0].held is not None for own in circuit.slots])
    known = np.where(held, _amplitudes(circuit, grid.slots) * norm[grid.column], 0.0)
    block = gram[grid.column[:, :, None], grid.column[:, None, :]]
    amplitude, gain = non_negative(block, right[grid.column], known, held)
    order = np.argsort(-gain, kind="stable")
    floor = SMALLEST_SHARE * float(np.linalg.norm(target))
    found = np.maximum(amplitude, floor) / norm[grid.column]
    return _with_amplitudes(circuit, grid.slots, found)[order]


def non_negative(gram: Floats, right: Floats, known: Floats, held: np.ndarray) -> tuple[Floats, Floats]:
    """Solve many small least-squares problems, leaving out what would be negative.

    Parameters
    ----------
    gram : ndarray, shape (b, m, m)
        Normal matrices with unit diagonals.
    right : ndarray, shape (b, m)
    known : ndarray, shape (b, m)
        Values of the unknowns that are held.
    held : ndarray of bool, shape (m,)

    Returns
    -------
    solution : ndarray, shape (b, m)
    gain : ndarray, shape (b,)
        By how much the sum of squares falls.
    """
    size = right.shape[1]
    used = np.broadcast_to(~held, right.shape).copy()
    rest = right - np.einsum("bij,bj->bi", gram, known)
    solution = known.copy()
    for _ in range(size):
        both = used[:, :, None] & used[:, None, :]
        matrix = np.where(both, gram, 0.0) + np.eye(size) * np.where(used, RIDGE, 1.0)[:, None, :]
        part = np.linalg.solve(matrix, np.where(used, rest, 0.0)[..., None])[..., 0]
        solution = np.where(used, part, known)
        negative = used & (part < 0)
        if not negative.any():
            break
        used &= ~negative
    solution = np.where(used, np.maximum(solution, 0.0), known)
    gain = np.sum(solution * (2 * right - np.einsum("bij,bj->bi", gram, solution)), axis=1)
    return solution, gain


def _is_timed(own: Sequence[Slot]) -> bool:
    return len(own) > 1 and own[1].scale is Scale.LOGARITHM


def _expected_times(circuit: Circuit, priors: Priors) -> list[float | None]:
    """Return the logarithm of each element's time constant where priors are sure of it."""
    found: list[float | None] = []
    for own in circuit.slots:
        centre = None
        at = circuit.law.parameter[circuit.place[own[1].name]] if _is_timed(own) else -1
        if at >= 0 and not own[1].bounded:
            for row, target in zip(priors.rows, priors.target, strict=True):
                if row[at] > 1 / SURE and np.count_nonzero(row) == 1:
                    centre = round(float(target / row[at]), 1)
        found.append(centre)
    return found


@lru_cache(maxsize=32)
def _grid(circuit: Circuit, frequencies: bytes, expected: tuple[float | None, ...]) -> Grid:
    omega = np.frombuffer(frequencies)
    choices = _choices(circuit, omega, expected)
    alphas = ALPHAS if any(_alpha_is_free(own) for own in circuit.slots) else ALPHAS[:1]
    slots = np.array([_slots_at(circuit, times, alpha) for alpha in alphas for times in choices])
    columns: list[Complexes] = []
    column = np.empty((len(slots), len(circuit.pairs)), dtype=np.int64)
    first = 0
    for place, (leaf, own) in enumerate(circuit.pairs):
        mine = slots[:, first : first + len(own)].copy()
        mine[:, 0] = 1.0 if kind_of(leaf) is Kind.INDUCTOR else 0.0
        different, which = np.unique(mine, axis=0, return_inverse=True)
        column[:, place] = len(columns) + which.ravel()
        columns.extend(element(kind_of(leaf), omega, different))
        first += len(own)
    return Grid(slots, column, np.array(columns))


def _alpha_is_free(own: Sequence[Slot]) -> bool:
    return own[-1].scale is Scale.EXPONENT and own[-1].held is None


def _choices(circuit: Circuit, omega: Floats, expected: tuple[float | None, ...]) -> list[tuple[float, ...]]:
    """Return combinations of ln τ, one for each timed element; interchangeable ones in one order only."""
    timed = [place for place, own in enumerate(circuit.slots) if _is_timed(own)]
    fastest, slowest = (-np.log(edge) for edge in (omega.max(), omega.min()))
    band = float(fastest - BEYOND * DECADE), float(slowest + BEYOND * DECADE)
    density = round((band[1] - band[0]) / DECADE * PER_DECADE) + 1
    together = {place: group.elements for group in circuit.groups for place in group.elements}
    members = list(dict.fromkeys(together.get(place, (place,)) for place in timed))
    while True:
        grids = [_times(circuit.slots[group[0]], band, density, expected[group[0]]) for group in members]
        sizes = [max(comb(len(grid), len(group)), 1) for grid, group in zip(grids, members, strict=True)]
        if prod(sizes) <= MOST_COMBINATIONS or density <= max(map(len, members)):
            break
        density -= 1
    parts = [
        list(combinations(grid * len(group) if len(grid) < len(group) else grid, len(group)))
        for grid, group in zip(grids, members, strict=True)
    ]
    order = [place for group in members for place in group]
    found = []
    for choice in islice(product(*parts), MOST_AT_ALL):
        times = dict(zip(order, chain.from_iterable(choice), strict=True))
        found.append(tuple(times[place] for place in timed))
    return found


def _times(
    own: Sequence[Slot], band: tuple[float, float], density: int, expected: float | None
) -> list[float]:
    slot = own[1]
    if slot.held is not None:
        return [slot.held]
    if expected is not None:
        return [expected]
    low, high = band
    if slot.bounded and not slot.follows:
        low, high = max(low, slot.low), min(high, slot.high)
        if not low < high:
            return [(slot.low + slot.high) / 2]
    return [float(value) for value in np.linspace(low, high, density)]


def _slots_at(circuit: Circuit, times: Sequence[float], alpha: float) -> list[float]:
    following = iter(times)
    values = []
    for own in circuit.slots:
        for number, slot in enumerate(own):
            if number == 1 and _is_timed(own):
                values.append(next(following))
            elif slot.held is not None:
                values.append(slot.held)
            elif slot.scale is Scale.EXPONENT:
                values.append(min(max(alpha, slot.low), slot.high))
            else:
                values.append(0.0)
    return values


def _first_slots(circuit: Circuit) -> list[int]:
    sizes = [len(own) for own in circuit.slots]
    return [sum(sizes[:place]) for place in range(len(sizes))]


_INVERSE = (Kind.CAPACITOR, Kind.CPE)


def _amplitudes(circuit: Circuit, slots: Floats) -> Floats:
    """Return by what each element's unit column is multiplied, shape (b, m)."""
    found = []
    for (leaf, _), first in zip(circuit.pairs, _first_slots(circuit), strict=True):
        value = slots[:, first]
        if kind_of(leaf) is Kind.INDUCTOR:
            found.append(value)
        else:
            found.append(np.exp(-value if kind_of(leaf) in _INVERSE else value))
    return np.array(found).T


def _with_amplitudes(circuit: Circuit, slots: Floats, amplitude: Floats) -> Floats:
    result = slots.copy()
    for place, ((leaf, own), first) in enumerate(zip(circuit.pairs, _first_slots(circuit), strict=True)):
        if own[0].held is not None:
            continue
        value = amplitude[:, place]
        if kind_of(leaf) is Kind.INDUCTOR:
            result[:, first] = value
        else:
            result[:, first] = -np.log(value) if kind_of(leaf) in _INVERSE else np.log(value)
    return result
