"""A circuit as plain arrays, which both engines understand: the compiled one and the numpy one."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.records import Floats

Integers = NDArray[np.int64]


class Program(NamedTuple):
    """A circuit with m nodes, s slots (quantities of elements) and p fitted parameters θ.

    Attributes
    ----------
    nodes : ndarray of int, shape (m, 3)
        In post order, so that children come before their parents and the last node is the whole
        circuit. Columns: `Kind`; for elements the first slot, for series and parallel the first
        place in `children`; for elements the number of slots, for the others of children.
    children : ndarray of int, shape (c,)
        Numbers of nodes.
    slot_parameter : ndarray of int, shape (s,)
        Which θ the slot follows, or −1 if it is held.
    slot_offset, slot_factor : ndarray, shape (s,)
        The slot's value is offset + factor·θ; a held slot's value is its offset. Slots are the
        natural logarithms of what `SLOTS` names, but α and L, which are as they are (L in H).
    slot_low, slot_high : ndarray, shape (s,)
        Where finite, the slot stays between them: its value is low + (high − low)/(1 + e^(−θ)).
        Both are finite or neither is.
    """

    nodes: Integers
    children: Integers
    slot_parameter: Integers
    slot_offset: Floats
    slot_factor: Floats
    slot_low: Floats
    slot_high: Floats

    @property
    def slots(self) -> Floats:
        """Return offset, factor, low and high of the slots as one array, shape (4, s)."""
        return np.array([self.slot_offset, self.slot_factor, self.slot_low, self.slot_high])

    @property
    def parameters(self) -> int:
        """Return p, how many parameters are fitted."""
        return int(self.slot_parameter.max(initial=-1)) + 1
