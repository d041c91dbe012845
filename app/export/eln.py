"""A run package: one `.eln` file that an electronic laboratory notebook, or stripbench itself, takes in.

It is a zip file with one folder, which is an RO-Crate 1.1: the runs in every format there is, a report,
the slice of the store that holds them, and a description of all that.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.export.crate import RunParts, described
from app.export.naming import folder_name
from app.writing import new_file
from core.errors import BadInput
from core.telling import Tell
from storage import Store
from storage.slice import refuse_live, write_slice

SLICE = "stripbench.sqlite"
"""The store in the package, from which `stripbench import` takes the runs."""

METADATA = "ro-crate-metadata.json"

PACKED = (".nc", ".parquet")
"""Endings of files that are packed already."""

BLOCK = 2**20


def write_eln(store: Store, runs: Sequence[int], path: Path, tell: Tell) -> None:
    """Write runs to a package.

    Parameters
    ----------
    store : Store
    runs : sequence of int
        They have ended.
    path : Path
        Of the file to make, by its rules named like the folder in it.
    tell : callable
        Told what is being written, how much of it is done, and how much there is.

    Raises
    ------
    BadInput
        If the file exists, a run goes on, or the library for RO-Crates is not installed.
    StoreError
        If there is no such run, or the store cannot be read.
    StripbenchError
        If the file cannot be written; nothing is then left under its name.
    """
    from app.export.formats import FORMATS

    FORMATS["eln"].refuse_without_packages()
    chosen = list(dict.fromkeys(runs))
    for run in chosen:
        refuse_live(store, run)
    with (
        new_file(path) as unfinished,
        tempfile.TemporaryDirectory(dir=unfinished.parent) as work,
        # On a local disk, which that of the target need not be: SQLite asks for one.
        tempfile.TemporaryDirectory(prefix="stripbench-") as local,
    ):
        folder, notes = Path(work), list[str]()
        parts = [_run_files(store, run, folder, notes, tell) for run in chosen]
        notes += _report(store, chosen, folder, tell)
        notes += write_slice(store, chosen, Path(local) / SLICE, tell)
        files = [*_files(folder), (SLICE, Path(local) / SLICE)]
        digests = {name: _digest(file) for name, file in files}
        sizes = {name: file.stat().st_size for name, file in files}
        crate = described(path.stem, store, parts, digests, sizes, notes)
        _zip(unfinished, path.stem, crate, files, tell)


def _run_files(store: Store, run: int, folder: Path, notes: list[str], tell: Tell) -> RunParts:
    """Write a run in every format that has a folder for each run."""
    from app.export.formats import FORMATS

    reader = store.run(run)
    own = folder_name(run, reader.header.simulated)
    written: dict[str, str] = {}
    for name, form in FORMATS.items():
        if form.write_run is None:
            continue
        place = folder / own / name
        place.mkdir(parents=True)
        try:
            form.refuse_without_packages()
            form.write_run(reader, place, tell)
        except BadInput as refused:
            notes.append(f"run {run} is not there as {name}: {refused.problem.rstrip(';')}")
        # A format that has nothing of this run leaves an empty folder, which no crate may name.
        written |= {
            each.relative_to(folder).as_posix(): form.summary
            for each in sorted(place.rglob("*"))
            if each.is_file()
        }
    return RunParts(run, own, written)


def _report(store: Store, runs: Sequence[int], folder: Path, tell: Tell) -> list[str]:
    """Write the report beside the runs; return why there is none, if so."""
    from app.report import write_report

    try:
        write_report(store, runs, folder / "report.html", tell=tell)
    except BadInput as refused:
        return [f"there is no report: {refused.problem.rstrip(';')}"]
    return []


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for each in sorted(folder.rglob("*")):
        if each.is_file():
            yield each.relative_to(folder).as_posix(), each


def _digest(file: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def _zip(
    target: Path, root: str, crate: dict[str, Any], files: Iterable[tuple[str, Path]], tell: Tell
) -> None:
    every = list(files)
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        text = json.dumps(crate, ensure_ascii=False, indent=2, allow_nan=False)
        package.writestr(f"{root}/{METADATA}", text + "\n")
        for done, (name, file) in enumerate(every, 1):
            kind = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
            package.write(file, f"{root}/{name}", kind)
            tell("packing", done, len(every))
