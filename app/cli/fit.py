"""``stripbench fit``: fits of spectra in files that any program wrote."""

import glob
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.options import JsonOption
from app.cli.output import check_target, err, write_json
from app.cli.refit import BoundOption, CircuitOption, FixOption, PriorOption, TieOption
from core.errors import BadInput
from core.units import parse_quantity

if TYPE_CHECKING:
    from analysis.circuits.model import Circuit
    from core.records import Fit
    from storage.files import FileSpectrum

UNREADABLE = 2
"""Exit status where a file could not be read; the others were fitted all the same."""


def fit(
    files: Annotated[list[str], typer.Argument(metavar="FILE...")],
    circuit: CircuitOption = "",
    fix: FixOption = None,
    bound: BoundOption = None,
    tie: TieOption = None,
    prior: PriorOption = None,
    json_file: JsonOption = "",
    area: Annotated[
        str, typer.Option("--area", metavar="AREA", help='Of the electrode, for example "0.283 cm²".')
    ] = "",
    temperature: Annotated[
        str, typer.Option("--temperature", metavar="T", help='Of the cell, for example "-25 °C".')
    ] = "",
) -> None:
    """Fit every spectrum in files of EC-Lab, ZView, Gamry, RelaxIS, or in plain tables."""
    check_target(json_file)
    from app.circuit_choice import chosen_circuit

    chosen = chosen_circuit(circuit, fix or (), bound or (), tie or (), prior or ())
    square_metres = _positive("--area", area, "m**2") if area else None
    kelvins = _positive("--temperature", temperature, "K") if temperature else None
    spectra, unread = _read(files)
    fits = [each for one in _by_file(spectra) for each in _fitted(one, chosen, square_metres, kelvins)]
    if json_file:
        write_json(
            {"spectra": [_entry(*pair, chosen) for pair in zip(spectra, fits, strict=True)]}, json_file
        )
    else:
        from app.cli.fit_table import show_fits

        show_fits(spectra, fits, chosen, square_metres)
    if unread:
        raise typer.Exit(UNREADABLE)


def _positive(option: str, text: str, unit: str) -> float:
    value = parse_quantity(text, unit)
    if value <= 0:
        raise BadInput(f"{option} {text!r} is refused: it is not above zero;", "check it.")
    return value


def _read(names: Sequence[str]) -> "tuple[list[FileSpectrum], list[str]]":
    """Return the spectra of all files that can be read, and the names of those that cannot."""
    from storage.files import read_spectra

    spectra: list[FileSpectrum] = []
    unread: list[str] = []
    for name in _expanded(names):
        try:
            found = read_spectra(name)
        except BadInput as error:
            err.print("[bold red]error:[/]", end=" ")
            err.print(f"{error.problem} {error.remedy}", markup=False, soft_wrap=True)
            unread.append(name)
            continue
        _print_notes(found)
        spectra.extend(found)
    return spectra, unread


def _expanded(names: Sequence[str]) -> list[str]:
    """Return the names of files; Windows leaves patterns such as ``*.mpt`` to the program."""
    result: list[str] = []
    for name in names:
        result += sorted(glob.glob(name)) or [name] if glob.has_magic(name) else [name]
    return list(dict.fromkeys(result))


def _print_notes(spectra: "Sequence[FileSpectrum]") -> None:
    """Say on standard error what had to be assumed, each thing once a file."""
    seen: dict[str, list[int]] = {}
    for each in spectra:
        for note in each.notes:
            seen.setdefault(note, []).append(each.index)
    for note, indices in seen.items():
        where = "" if len(indices) == len(spectra) else f" #{indices[0]}"
        more = f" (and {len(indices) - 1} more)" if where and len(indices) > 1 else ""
        err.print(f"note: {spectra[0].file}{where}: {note}{more}", markup=False, soft_wrap=True)


def _by_file(spectra: "Sequence[FileSpectrum]") -> "list[list[FileSpectrum]]":
    """Return the spectra of each file; those of one file are of one cell."""
    files: dict[str, list[FileSpectrum]] = {}
    for each in spectra:
        files.setdefault(each.file, []).append(each)
    return list(files.values())


def _fitted(
    spectra: "Sequence[FileSpectrum]", circuit: "Circuit", area: float | None, temperature: float | None
) -> "list[Fit]":
    """Return the fit of each spectrum of one file."""
    from analysis import fit
    from analysis.normalise import ROOM_TEMPERATURE

    warm = ROOM_TEMPERATURE if temperature is None else temperature
    records = [each.spectrum for each in spectra]
    return list(fit(records, circuit, area=area, temperature=warm, jobs=os.cpu_count() or 1))


def unit(name: str, circuit: "Circuit") -> str:
    """Return the unit of a fitted quantity, e.g. ``"Ω"``; empty where it has none."""
    from analysis.circuits.constraints import unit_of

    if name.startswith("drift"):
        return "1/s"
    base = re.sub("_(upper|low|high)$", "", name)
    return circuit.units[base] if base in circuit.units else unit_of(base).symbol


def _entry(source: "FileSpectrum", fit: "Fit", circuit: "Circuit") -> dict[str, Any]:
    """Return one spectrum of the JSON; SI and absolute."""
    return {
        "file": source.file,
        "index": source.index,
        "time_s": fit.time,
        "points": len(source.spectrum),
        "circuit": fit.model,
        "parameters": {
            name: {"value": each.value, "stderr": each.stderr, "unit": unit(name, circuit)}
            for name, each in fit.parameters.items()
        },
        "kk": asdict(fit.kramers_kronig),
        "mask": fit.mask.tolist(),
        "rms_residual": fit.rms_residual,
        "flags": list(fit.flags),
    }
