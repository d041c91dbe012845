"""Registered cells as a table for people, a line each, and as entries for programs."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from app.cli.run_table import cut
from core.cell import Cell
from storage import CellEntry, CellPhoto, RegisteredCell

NAME = 24
"""Characters of a cell's name in the listing."""
REMARKS = 12
"""Characters that are kept free for remarks at least."""

_HEADINGS = ("cell", "anode", "electrode", "pellet", "runs", "last")


def table(cells: Sequence[RegisteredCell], width: int) -> Table:
    """Return the registry, one line a cell; remarks are cut to what is left of `width` characters."""
    rows = [_row(each) for each in cells]
    taken = sum(max(map(len, column)) + 1 for column in zip(_HEADINGS, *rows, strict=True))
    room = max(width - taken, REMARKS)
    made = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for heading in _HEADINGS:
        right = heading in ("electrode", "pellet", "runs")
        made.add_column(heading, justify="right" if right else "left", no_wrap=True)
    made.add_column("remarks", no_wrap=True)
    for each, row in zip(cells, rows, strict=True):
        words = "; ".join(filter(None, ("retired" if each.retired else "", " ".join(each.remarks.split()))))
        made.add_row(*map(Text, (*row, cut(words, room - 1))))
    return made


def _row(each: RegisteredCell) -> tuple[str, ...]:
    last = "" if each.last_run is None else f"run {each.last_run} {each.last_ended}".rstrip()
    areas = (f"{area * 1e4:.3g} cm²" for area in (each.cell.area, each.cell.pellet_area))
    return (cut(each.name, NAME), each.cell.anode, *areas, str(each.runs), last)


def described(cell: Cell) -> dict[str, Any]:
    """Return what a cell is, JSON-able: as a cell file would hold it, and both of its areas in m²."""
    return {
        "cell": cell.model_dump(mode="json", exclude_none=True),
        "electrode_area_m2": cell.area,
        "pellet_area_m2": cell.pellet_area,
    }


def entry(each: RegisteredCell) -> dict[str, Any]:
    """Return a line of the registry, JSON-able."""
    return {
        "name": each.name,
        "anode": each.cell.anode,
        **described(each.cell),
        "remarks": each.remarks,
        "retired": each.retired,
        "author": each.author,
        "made_utc": each.made_utc.isoformat(),
        "entries": each.entries,
        "photos": each.photos,
        "runs": each.runs,
        "last_run": each.last_run,
        "last_ended": each.last_ended,
    }


def history(each: CellEntry) -> dict[str, Any]:
    """Return what was written down of a cell at one time, JSON-able."""
    return {
        **described(each.cell),
        "remarks": each.remarks,
        "retired": each.retired,
        "author": each.author,
        "made_utc": each.made_utc.isoformat(),
    }


def photo(each: CellPhoto) -> dict[str, Any]:
    """Return what is known of a photo, JSON-able."""
    return {
        "id": each.id,
        "media_type": each.media_type,
        "caption": each.caption,
        "author": each.author,
        "made_utc": each.made_utc.isoformat(),
        "bytes": each.size,
    }
