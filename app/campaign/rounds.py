"""The rounds of a block: every combination of its for-each, in the order they are done."""

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import Any

from app.campaign.reading import Item
from core.campaign import REPLICATE, ROUND


@dataclass(frozen=True)
class Pass:
    """One round before it is expanded: its label, its loop values, and its counters."""

    label: str
    loops: dict[str, Any] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)


def rounds(item: Item) -> list[Pass]:
    """Return the rounds of a block.

    The combinations of a for-each are the product of its lists, the last one changing fastest;
    each replicate has every combination once, in an order of its own where that is random.
    """
    entry = item.entry
    if entry.for_each:
        return _combinations(item)
    if entry.repeat is None:
        return [Pass("")]
    return [Pass(f"round-{n}", {}, {ROUND: n}) for n in range(1, entry.repeat + 1)]


def _combinations(item: Item) -> list[Pass]:
    entry = item.entry
    replicates = entry.replicates or 1
    product = [
        dict(zip(entry.for_each, values, strict=True))
        for values in itertools.product(*entry.for_each.values())
    ]
    passes: list[Pass] = []
    for replicate in range(1, replicates + 1):
        order = list(range(len(product)))
        if entry.order == "random":
            order.sort(key=lambda index: _draw(item, replicate, index))
        for index in order:
            n = len(passes) + 1
            counters = {ROUND: n} | ({REPLICATE: replicate} if entry.replicates else {})
            passes.append(Pass(f"round-{n}", product[index], counters))
    return passes


def _draw(item: Item, replicate: int, index: int) -> bytes:
    """A number drawn for one combination: the same on every computer and with every version of Python.

    It depends on the seed and the place within the file, so that a file has the same order alone
    and included.
    """
    return hashlib.sha256(f"{item.seed}/{item.place}/{replicate}/{index}".encode()).digest()
