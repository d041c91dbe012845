"""Cells of the registry as a form offers them, and names that are taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.window.shown.form import named, next_number
from core.records import Ended
from storage import RegisteredCell, RunOverview

SPENT = frozenset({str(Ended.DEPLETED), str(Ended.CUT_OFF), str(Ended.SHORTED)})
"""Ends after which an electrode is of no more use."""


@dataclass(frozen=True)
class KnownCell:
    """A cell that can be chosen: its name, what is shown of it, and its table as a file holds it."""

    name: str
    words: str
    table: Mapping[str, Any]

    def __hash__(self) -> int:
        return hash((self.name, self.words))


def known_cells(registry: Sequence[RegisteredCell]) -> tuple[KnownCell, ...]:
    """Return the cells that are in use, newest first, with anode and both areas."""
    found = [each for each in registry if not each.retired]
    found.sort(key=lambda each: each.made_utc, reverse=True)
    return tuple(_known(each) for each in found)


def _known(each: RegisteredCell) -> KnownCell:
    cell = each.cell
    areas = f"{cell.area * 1e4:.3g} of {cell.pellet_area * 1e4:.3g} cm²"
    spent = f"{each.last_ended} in run {each.last_run}" if each.last_ended in SPENT else ""
    words = " · ".join(filter(None, (each.name, cell.anode, areas, spent)))
    return KnownCell(each.name, words, cell.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


def taken(registry: Sequence[RegisteredCell], runs: Sequence[RunOverview]) -> frozenset[str]:
    """Return the names of cells that are used, in the registry or by a run."""
    return frozenset(each.name for each in registry) | frozenset(each.summary.cell for each in runs)


def number_words(name: str, names: frozenset[str]) -> str:
    """Say which name a pattern comes to; empty where it is no pattern."""
    number = next_number(name, names)
    return (
        ""
        if number is None
        else f"The next free number is {number}: this cell will be {named(name, number)}."
    )
