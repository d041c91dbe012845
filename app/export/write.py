"""Writing an export: all of it under its name, or nothing."""

from collections.abc import Sequence
from pathlib import Path

from app.export.formats import Format, format_of
from app.export.naming import folder_name
from app.writing import new_file, new_folder, refuse_existing
from core.errors import BadInput
from core.telling import Tell, nobody
from storage import RunReader, Store


def export(
    store: Store, runs: Sequence[int], target: Path, form: str = "csv", tell: Tell | None = None
) -> Path:
    """Write runs to files: a folder each in a new folder, or all in one file, as the format has it.

    Parameters
    ----------
    store : Store
    runs : sequence of int
        Numbers of runs; also of those that go on, as far as they are.
    target : Path
        The folder or the file to make; it must not exist.
    form : str
        A name of `FORMATS`.
    tell : callable, optional
        Told what is being written, how much of it is done, and how much there is.

    Returns
    -------
    Path
        The folder, or the file.

    Raises
    ------
    BadInput
        If there is no such format, a package that it needs is missing, or the target exists or
        cannot be made.
    StoreError
        If there is no such run.
    StripbenchError
        If the files cannot be written; nothing is then left under the target's name.
    """
    written = format_of(form)
    written.refuse_without_packages()
    refuse_existing(target)
    readers = [store.run(run) for run in dict.fromkeys(runs)]
    if written.write_all is None:
        _write_folders(written, readers, target, tell or nobody)
        return target
    if not target.name.endswith(written.suffix):
        raise BadInput(
            f"{target} is to be one file, and its name does not end in {written.suffix};",
            f"call it {target.name}{written.suffix}.",
        )
    with new_file(target) as path:
        written.write_all(store, [reader.run for reader in readers], path, tell or nobody)
    return target


def _write_folders(written: Format, readers: Sequence[RunReader], target: Path, tell: Tell) -> None:
    assert written.write_run is not None
    with new_folder(target) as unfinished:
        for reader in readers:
            folder = unfinished / folder_name(reader.run, reader.header.simulated)
            folder.mkdir()
            written.write_run(reader, folder, tell)
