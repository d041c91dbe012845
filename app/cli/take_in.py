"""``stripbench import``: run packages, other stores, and files of spectra from any program."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.bars import Bars, until_ended
from app.cli.options import JsonOption, StoreOption, writing_store
from app.cli.output import check_target, err, out, write_json
from app.cli.refit import CircuitOption
from core.errors import BadInput, StripbenchError

if TYPE_CHECKING:
    from app.taking_in import Brought, Given
    from storage import Store

UNREADABLE = 2
"""Exit status where a file was refused; the others were taken in all the same."""


def take_in(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    cell: Annotated[
        str, typer.Option("--cell", metavar="CELL", help="A cell file, or the name of a registered cell.")
    ] = "",
    anode: Annotated[
        str, typer.Option("--anode", metavar="METAL", help="Li, Li0.95Mg0.05 or Li0.9Mg0.1.")
    ] = "",
    area: Annotated[
        str, typer.Option("--electrode-area", metavar="AREA", help='For example "0.283 cm²".')
    ] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Of the cell.")] = "",
    temperature: Annotated[
        str, typer.Option("--temperature", metavar="T", help='Of the cell, for example "25 °C".')
    ] = "",
    pressure: Annotated[
        str, typer.Option("--pressure", metavar="P", help='On the stack, for example "7.5 MPa".')
    ] = "",
    strip: Annotated[
        str, typer.Option("--strip", metavar="I", help='The current it was stripped at: "100 µA/cm²".')
    ] = "",
    threshold: Annotated[
        str, typer.Option("--threshold", metavar="R", help='Depleted at R_int: "10 kΩ cm²" or "35 kΩ".')
    ] = "",
    interval: Annotated[
        str, typer.Option("--interval", metavar="TIME", help="Between spectra, for files without times.")
    ] = "",
    together: Annotated[
        bool, typer.Option("--together", help="All files of spectra are one run of one cell.")
    ] = False,
    circuit: CircuitOption = "",
    json_file: JsonOption = "",
    store: StoreOption = "",
) -> None:
    """Take in run packages (.eln), stores, and files of spectra: .mpt, .z, .DTA, .csv, RelaxIS, .mpr."""
    check_target(json_file)
    from app.taking_in.given import given

    said = given(cell, name, anode, area, temperature, pressure, strip, threshold, interval, circuit)
    kept = writing_store(store)
    brought: list[Brought] = []
    refused: list[dict[str, Any]] = []
    # Whoever ends this process wants no temporary store to stay behind.
    with until_ended():
        for group in _groups(files, together, refused):
            try:
                brought.append(_one(kept, group, said))
            except StripbenchError as error:
                _refuse(refused, group, error)
                continue
            _print(kept, brought[-1])
    if json_file:
        entries = [_entry(kept, each) for each in brought]
        write_json({"imported": entries, "refused": refused}, json_file)
    if refused:
        raise typer.Exit(UNREADABLE)


def _groups(files: list[Path], together: bool, refused: list[dict[str, Any]]) -> list[list[Path]]:
    """Return which files make one run each, or are a package or a store."""
    from app.taking_in import is_package, is_store

    spectra: list[Path] = []
    groups: list[list[Path]] = []
    for file in dict.fromkeys(files):
        try:
            whole = is_package(file) or is_store(file)
        except BadInput as error:
            _refuse(refused, [file], error)
            continue
        if whole or not together:
            groups.append([file])
        else:
            spectra.append(file)
    return [*groups, spectra] if spectra else groups


def _one(kept: "Store", group: list[Path], said: "Given") -> "Brought":
    from app.taking_in import bring_in, bring_in_spectra, is_package, is_store

    if is_package(group[0]) or is_store(group[0]):
        return bring_in(kept, group[0])
    with Bars() as bars:
        return bring_in_spectra(kept, group, said, bars.tell)


def _refuse(refused: list[dict[str, Any]], group: list[Path], error: StripbenchError) -> None:
    names = [str(each) for each in group]
    refused.append({"files": names, "problem": error.problem, "remedy": error.remedy})
    err.print("[bold red]error:[/]", end=" ")
    err.print(f"{error.problem} {error.remedy}", markup=False, soft_wrap=True)


def _print(kept: "Store", brought: "Brought") -> None:
    names = ", ".join(brought.files)
    for note in brought.notes:
        err.print(f"note: {names}: {note}", markup=False, soft_wrap=True)
    for there, here in brought.runs.items():
        summary = kept.run(here).summary()
        mark = "  SIMULATED" if summary.simulated else ""
        was = "" if brought.kind == "spectra" else f" (was run {there})"
        spectra = f"{summary.spectra} spectr{'um' if summary.spectra == 1 else 'a'}"
        words = f"run {here}{was}: {summary.cell}, {spectra}, from {names}{mark}"
        out.print(words, markup=False, soft_wrap=True)
    for there, here in brought.already.items():
        out.print(f"run {there} of {names} is here already, as run {here}", markup=False, soft_wrap=True)


def _entry(kept: "Store", brought: "Brought") -> dict[str, Any]:
    from app.conclusion import transition

    runs = []
    for there, here in brought.runs.items():
        reader = kept.run(here)
        summary, found = reader.summary(), transition(reader)
        entry: dict[str, Any] = {"run": here, "was": there if brought.kind != "spectra" else None}
        entry |= {"cell": summary.cell, "spectra": summary.spectra, "simulated": summary.simulated}
        entry["t0_h"] = found.seconds / 3600 if found is not None and found.depleted else None
        runs.append(entry)
    return {
        "files": list(brought.files),
        "kind": brought.kind,
        "runs": runs,
        "already": [{"run": here, "was": there} for there, here in brought.already.items()],
        "notes": list(brought.notes),
    }
