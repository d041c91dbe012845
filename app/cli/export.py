"""``stripbench export``: runs as files that other programs read."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.bars import Bars, until_ended
from app.cli.options import JsonOption, StoreOption, reading_store
from app.cli.output import check_target, out, write_json
from app.export_names import SUMMARIES
from core.errors import BadInput
from storage import Store

LIST = "list"
"""Given as a format, it asks which there are."""


def export(
    runs: Annotated[
        list[int] | None, typer.Argument(metavar="RUN…", help="Numbers of runs.", show_default=False)
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option("--out", metavar="TARGET", help="Is made; must not exist.", show_default=False),
    ] = None,
    form: Annotated[
        str,
        typer.Option("--format", metavar="NAME", help=f"{', '.join(SUMMARIES)}; {LIST} says what each is."),
    ] = "csv",
    json_file: JsonOption = "",
    store: StoreOption = "",
) -> None:
    """Write runs to files: spectra, fits, readings, events, decisions, and where they come from."""
    check_target(json_file)
    if form == LIST:
        _list_formats(json_file)
        return
    if not runs:
        raise BadInput("no run is named;", "for example: stripbench export 7 --out FOLDER")
    if target is None:
        raise BadInput("no target is named;", "say where to write with --out, for example --out run-7.")
    kept = reading_store(store)
    _write(kept, runs, target, form)
    numbers = list(dict.fromkeys(runs))
    simulated = [number for number in numbers if kept.run(number).header.simulated]
    if json_file:
        outcome = {"folder": str(target), "runs": numbers, "simulated": simulated, "format": form}
        write_json(outcome, json_file)
    if json_file == "-":
        return
    names = f"run {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} runs"
    every = len(simulated) == len(numbers)
    mark = "  SIMULATED" if every else f"  {len(simulated)} SIMULATED" * bool(simulated)
    out.print(f"{names} written to {target}{mark}", markup=False, soft_wrap=True)


def _write(kept: Store, runs: list[int], target: Path, form: str) -> None:
    from app.export import export as work

    with until_ended(), Bars() as bars:
        work(kept, runs, target, form, bars.tell)


def _list_formats(json_file: str) -> None:
    """Say which formats there are, and which of them lack a package."""
    from app.export import FORMATS

    if json_file:
        formats = [
            {"name": each.name, "summary": each.summary, "suffix": each.suffix, "missing": each.missing()}
            for each in FORMATS.values()
        ]
        write_json({"formats": formats}, json_file)
    if json_file == "-":
        return
    widest = max(map(len, FORMATS))
    for each in FORMATS.values():
        lacks = "  (pip install 'stripbench[export]')" if each.missing() else ""
        out.print(f"{each.name:<{widest}}  {each.summary}{lacks}", markup=False, soft_wrap=True)
