"""``stripbench cells``, ``cell`` and ``cell-add``: the registry of cells."""

import difflib
import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.cli import cell_table, run_table
from app.cli.options import JsonOption, StoreOption, reading_store, writing_store
from app.cli.output import out, write_json
from core.campaign import CellKind, cell_names
from core.cell import Cell
from core.errors import BadInput, StoreError
from core.files import explain
from storage import CellEntry, RunSummary, Store
from storage.photos import media_type_of


def cells(
    retired: Annotated[bool, typer.Option("--retired", help="Those that are not used any more.")] = False,
    store: StoreOption = "",
    json_file: JsonOption = "",
) -> None:
    """List the registered cells by name, and the names that only runs have."""
    kept = reading_store(store)
    found, others = kept.cells(retired), {} if retired else kept.unregistered_cells()
    if json_file:
        unregistered = [{"name": name, **cell_table.described(cell)} for name, cell in others.items()]
        write_json(
            {"cells": [cell_table.entry(each) for each in found], "unregistered": unregistered}, json_file
        )
        return
    if found:
        out.print(cell_table.table(found, out.width))
    else:
        which = (
            "No cell is retired."
            if retired
            else "No cell is registered. Add one: stripbench cell-add CELL.toml"
        )
        out.print(which)
    if others:
        out.print(f"not registered, but runs name them: {', '.join(others)}", markup=False, soft_wrap=True)


def cell(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    store: StoreOption = "",
    json_file: JsonOption = "",
) -> None:
    """Show one cell: what it is, what was done to it and how that ended, its entries and photos."""
    kept = reading_store(store)
    entries, runs = kept.cell_entries(name), kept.last_of_cell(name)[::-1]
    if not entries and not runs:
        raise _unknown(kept, name)
    valid = entries[-1].cell if entries else kept.run(runs[-1].run).header.cell
    if json_file:
        write_json(_full(kept, name, valid, entries, runs), json_file)
        return
    _print_cell(valid, entries)
    for each in kept.photos(name):
        caption = each.caption or "without caption"
        words = f"photo {each.id}: {caption} ({each.media_type}, {each.size / 1024:.0f} KiB, {_when(each)})"
        out.print(words, markup=False, soft_wrap=True)
    if not runs:
        out.print("No run was done to it yet.")
        return
    out.print(run_table.table(runs, out.width))
    if binned := [str(each.run) for each in runs if each.binned]:
        out.print(f"in the bin: {', '.join(binned)}")


def cell_add(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="A cell file.")],
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="So many, numbered by {n} in the name.")
    ] = None,
    remarks: Annotated[str, typer.Option("--remarks", metavar="TEXT")] = "",
    photo: Annotated[
        list[Path] | None, typer.Option("--photo", metavar="FILE", help="PNG or JPEG; may be repeated.")
    ] = None,
    amend: Annotated[
        bool, typer.Option("--amend", help="Add to the entries of a name that is known already.")
    ] = False,
    retired: Annotated[bool, typer.Option("--retired", help="It is not to be used any more.")] = False,
    store: StoreOption = "",
) -> None:
    """Register the cell of a file, or several of its kind."""
    found = _read(file, count)
    pictures = [(path, _picture(path)) for path in photo or []]
    if pictures and len(found) > 1:
        raise BadInput(
            f"--photo shows one cell, but {len(found)} are registered;",
            "register them without, then add a photo to each with --amend.",
        )
    kept, author = writing_store(store), getpass.getuser()
    kept.register_cells(found, remarks=remarks, retired=retired, author=author, new=not amend)
    for each in found:
        out.print(f"registered {_words(each)}", markup=False, soft_wrap=True)
    for path, data in pictures:
        number = kept.add_photo(found[0].name, data, path.stem, author)
        out.print(f"photo {number}: {path.name}", markup=False, soft_wrap=True)


def _read(file: Path, count: int | None) -> list[Cell]:
    """Read a cell file: one cell, or `count` of them if its name numbers them."""
    # They bring the drivers with them, which takes a good part of a second.
    from app.runner.job import parse_toml
    from drivers.bench import read_text

    table = parse_toml(
        read_text(file, "cell file", "check the path; examples lie in examples/cells."), str(file)
    )
    try:
        if count is None:
            only = Cell.model_validate(table)
            if "{" in only.name and cell_names(only.name, 1, 1) != [only.name]:
                raise BadInput(
                    f"{file}: the name {only.name!r} numbers its cells;",
                    "say how many there are with --count N.",
                )
            return [only]
        kind = CellKind.model_validate(table | {"count": count})
        return [kind.electrode(index) for index in range(count)]
    except ValidationError as error:
        raise explain(error, str(file)) from None


def _picture(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"the photo {str(path)!r} cannot be read: {error.strerror};", "check the path."
        ) from None
    try:
        media_type_of(data)
    except BadInput as error:
        raise BadInput(f"{path}: {error.problem}", error.remedy) from None
    return data


def _unknown(kept: Store, name: str) -> StoreError:
    known = [each.name for each in kept.cells(None)] + list(kept.unregistered_cells())
    close = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {close[0]!r}?" if close else "list them: stripbench cells"
    return StoreError(f"{kept.path} has no cell {name!r};", remedy)


def _print_cell(valid: Cell, entries: list[CellEntry]) -> None:
    marks = [] if entries else ["not registered"]
    if entries and entries[-1].retired:
        marks.append("retired")
    out.print(" · ".join((_words(valid), *marks)), markup=False, soft_wrap=True)
    for key, value in valid.model_dump(mode="json", exclude_none=True, exclude={"name", "anode"}).items():
        shown = (
            ", ".join(f"{k} {v}" for k, v in value.items() if v != "") if isinstance(value, dict) else value
        )
        if shown:
            out.print(f"  {key} = {shown}", markup=False, soft_wrap=True)
    for each in entries:
        mark = "; retired" if each.retired else ""
        out.print(f"entry of {_when(each)}: {each.remarks or '–'}{mark}", markup=False, soft_wrap=True)


def _words(cell: Cell) -> str:
    areas = f"electrode {cell.area * 1e4:.4g} cm², pellet {cell.pellet_area * 1e4:.4g} cm²"
    return f"{cell.name} · {cell.anode} · {areas}"


def _when(each: Any) -> str:
    return " by ".join(filter(None, (f"{each.made_utc:%Y-%m-%d %H:%M} UTC", each.author)))


def _full(
    kept: Store, name: str, valid: Cell, entries: Sequence[CellEntry], runs: Sequence[RunSummary]
) -> dict[str, Any]:
    return {
        "name": name,
        "registered": bool(entries),
        **cell_table.described(valid),
        "entries": [cell_table.history(each) for each in entries],
        "photos": [cell_table.photo(each) for each in kept.photos(name)],
        "runs": [run_table.entry(each) | {"binned": each.binned} for each in runs],
    }
