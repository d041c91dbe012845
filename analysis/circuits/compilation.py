"""From a tree and its restricted quantities to the arrays that the engines run."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.circuits.network import Element, Kind, Node, Series, Zarc
from analysis.circuits.slots import MICROHENRY, Scale, Slot, engine_kind, leaves, series_leaves, slots_of
from analysis.engine.program import Integers, Program
from core.records import Floats

NEAREST = 1e-6
"""A bounded quantity keeps this share of its range away from its bounds."""


@dataclass(frozen=True, eq=False)
class Law:
    """How s quantities follow p fitted parameters, as in `Program` but in the sign people use.

    Attributes
    ----------
    parameter : ndarray of int, shape (s,)
    offset, factor, low, high : ndarray, shape (s,)
    """

    parameter: Integers
    offset: Floats
    factor: Floats
    low: Floats
    high: Floats

    def values(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return the quantities and their derivatives with respect to their own θ, shape (N, s) each."""
        own = np.where(self.parameter >= 0, theta[:, self.parameter], 0.0)
        bounded = np.isfinite(self.low)
        value = self.offset + self.factor * own
        slope = np.broadcast_to(np.where(self.parameter >= 0, self.factor, 0.0), value.shape).copy()
        if bounded.any():
            low, width = self.low[bounded], (self.high - self.low)[bounded]
            share = 1 / (1 + np.exp(-own[:, bounded]))
            value[:, bounded] = low + width * share
            slope[:, bounded] = width * share * (1 - share)
        return value, slope

    def theta(self, slot: int, value: float) -> float:
        """Return the θ that gives one slot this value, as near to it as its bounds allow."""
        low, width = self.low[slot], self.high[slot] - self.low[slot]
        if not np.isfinite(low):
            return float((value - self.offset[slot]) / self.factor[slot])
        share = min(max((value - low) / width, NEAREST), 1 - NEAREST)
        return float(np.log(share / (1 - share)))


def all_slots(node: Node) -> tuple[tuple[Slot, ...], ...]:
    """Return the unrestricted slots of each leaf, from left to right."""
    top = {id(leaf) for leaf in series_leaves(node)}
    return tuple(slots_of(leaf, id(leaf) in top) for leaf in leaves(node))


def law_of(slots: Sequence[Slot]) -> tuple[Law, tuple[str, ...]]:
    """Return how the slots follow θ, and the names of θ in the order of the slots that are free.

    Ties must already point to quantities that are not tied themselves.
    """
    place = {slot.name: number for number, slot in enumerate(slots) if slot.name}
    own: dict[str, int] = {}
    for slot in slots:
        if slot.held is None and not slot.follows:
            own[slot.name] = len(own)
    count = len(slots)
    parameter = np.full(count, -1, dtype=np.int64)
    offset, factor = np.zeros(count), np.zeros(count)
    low, high = np.full(count, -np.inf), np.full(count, np.inf)
    for number, slot in enumerate(slots):
        root = slots[place[slot.follows]] if slot.follows else slot
        plus, times = (np.log(slot.ratio), 1.0) if slot.scale is Scale.LOGARITHM else (0.0, slot.ratio)
        if root.held is not None:
            offset[number] = plus + times * root.held
            continue
        parameter[number] = own[root.name]
        if root.bounded:
            low[number], high[number] = plus + times * root.low, plus + times * root.high
        offset[number] = plus
        factor[number] = times * (MICROHENRY if root.scale is Scale.LINEAR else 1.0)
    names = tuple(slots[place[name]].theta_name for name in own)
    return Law(parameter, offset, factor, low, high), names


def program_of(node: Node, slots: Sequence[Slot], law: Law) -> Program:
    """Return the program of a circuit whose slots follow θ by `law`."""
    sign = np.array([slot.sign for slot in slots])
    layout = _Layout(node)
    layout.add(node)
    low, high = sign * law.low, sign * law.high
    return Program(
        nodes=np.array(layout.nodes, dtype=np.int64).reshape(-1, 3),
        children=np.array(layout.children, dtype=np.int64),
        slot_parameter=law.parameter,
        slot_offset=sign * law.offset,
        slot_factor=sign * law.factor,
        slot_low=np.where(np.isfinite(low), low, -np.inf),
        slot_high=np.where(np.isfinite(high), high, np.inf),
    )


@dataclass
class _Layout:
    """Lays a tree out in post order."""

    whole: Node
    nodes: list[tuple[int, int, int]] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    slots: int = 0

    def __post_init__(self) -> None:
        self.top = {id(leaf) for leaf in series_leaves(self.whole)}

    def add(self, node: Node) -> int:
        """Add a node after its children and return its number."""
        if isinstance(node, Element | Zarc):
            in_series = id(node) in self.top
            count = len(slots_of(node, in_series))
            self.nodes.append((int(engine_kind(node, in_series)), self.slots, count))
            self.slots += count
        else:
            numbers = [self.add(part) for part in node.parts]
            kind = Kind.SERIES if isinstance(node, Series) else Kind.PARALLEL
            self.nodes.append((int(kind), len(self.children), len(numbers)))
            self.children.extend(numbers)
        return len(self.nodes) - 1
