"""Arcs that could exchange their names, put in the order of their time constants."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.circuits.network import Element, Kind, Zarc
from analysis.circuits.slots import Slot, kind_of
from analysis.engine.program import Integers
from core.records import Floats

_TIMED = (Kind.ZARC, Kind.WARBURG_SHORT, Kind.WARBURG_OPEN, Kind.GERISCHER)
_TAU = 1
"""R and τ are the first two slots of each, and the first two parameters where both are free."""


class Group(NamedTuple):
    """Elements that nothing but their names tells apart.

    Attributes
    ----------
    elements : tuple of int, length k
        Their places from left to right.
    parameters : ndarray of int, shape (k, parameters of each)
        Places in θ; the second column is that of the time constant.
    """

    elements: tuple[int, ...]
    parameters: Integers


def interchangeable(
    pairs: Sequence[tuple[Element | Zarc, tuple[Slot, ...]]],
    top: set[int],
    parameter: Integers,
    told_apart: set[str],
) -> list[Group]:
    """Return the groups of a circuit.

    Parameters
    ----------
    pairs : sequence of (leaf, its slots)
    top : set of int
        Which of them are in series with everything else.
    parameter : ndarray of int, shape (s,)
        Which θ each slot follows.
    told_apart : set of str
        Quantities that something was said about, or that others are tied to.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    places: list[Integers] = []
    first = 0
    for number, (leaf, own) in enumerate(pairs):
        where = parameter[first : first + len(own)]
        places.append(where[where >= 0])
        first += len(own)
        named = {slot.name for slot in own}
        if kind_of(leaf) not in _TIMED or number not in top or named & told_apart:
            continue
        if np.any(where[: _TAU + 1] < 0):
            continue
        key = (kind_of(leaf), *[(slot.held, slot.low, slot.high) for slot in own])
        groups.setdefault(key, []).append(number)
    return [
        Group(tuple(members), np.array([places[number] for number in members]))
        for members in groups.values()
        if len(members) > 1
    ]


def in_order(theta: Floats, groups: Sequence[Group]) -> Floats:
    """Return θ, shape (N, p), with the elements of each group sorted by time constant, fastest first."""
    result = theta.copy()
    for _, parameters in groups:
        order = np.argsort(theta[:, parameters[:, _TAU]], axis=1, kind="stable")
        for place, row in enumerate(parameters):
            result[:, row] = np.take_along_axis(theta, parameters[order[:, place]], axis=1)
    return result
