"""Writing an export: all of it under its name, or nothing."""

import errno
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.export.formats import FORMATS, Tell
from core.errors import BadInput, StripbenchError
from storage import Store


def export(
    store: Store, runs: Sequence[int], target: Path, form: str = "csv", tell: Tell | None = None
) -> Path:
    """Write runs to files, a folder each, in a new folder.

    Parameters
    ----------
    store : Store
    runs : sequence of int
        Numbers of runs; also of those that go on, as far as they are.
    target : Path
        The folder to make; it must not exist.
    form : str
        A name of `FORMATS`.
    tell : callable, optional
        Told what is being written, how much of it is done, and how much there is.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    BadInput
        If there is no such format, the target exists, or cannot be made.
    StoreError
        If there is no such run.
    StripbenchError
        If the files cannot be written; nothing is then left under the target's name.
    """
    if form not in FORMATS:
        raise BadInput(f"there is no format {form!r};", f"there is {', '.join(FORMATS)}.")
    refuse_existing(target)
    readers = [store.run(run) for run in dict.fromkeys(runs)]
    if not target.parent.is_dir():
        raise BadInput(f"there is no folder {target.parent};", "make it first, or choose another.")
    try:
        # Beside the target, so that it can be renamed; made by a name that nobody else has.
        unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}-unfinished-", dir=target.parent))
    except OSError as error:
        raise BadInput(f"{target} cannot be made: {error.strerror};", "choose another folder.") from None
    try:
        for reader in readers:
            folder = unfinished / folder_name(reader.run, reader.header.simulated)
            folder.mkdir()
            FORMATS[form].write_run(reader, folder, tell or _nobody)
        refuse_existing(target)
        # What tempfile makes is for its owner only; a result is for whoever may read what lies beside it.
        unfinished.chmod(0o777 & ~_umask_of(unfinished))
        unfinished.rename(target)
    except OSError as error:
        raise StripbenchError(*_explained(error, target)) from None
    finally:
        with suppress(OSError):
            shutil.rmtree(unfinished)
    return target


def folder_name(run: int, simulated: bool) -> str:
    """Return the name of a run's folder: its number, and whether it was simulated."""
    return f"run-{run:04d}{'-SIMULATED' if simulated else ''}"


def refuse_existing(target: Path) -> None:
    """Raise a `BadInput` if something of this name is there: an export never writes into it."""
    if target.exists() or target.is_symlink():
        raise BadInput(f"{target} is there already;", "name a folder that does not exist; it will be made.")


def _umask_of(folder: Path) -> int:
    """Return what a folder made here is not allowed, by looking at one; the process's mask is left alone."""
    probe = folder / ".probe"
    probe.mkdir()
    mode = probe.stat().st_mode & 0o777
    probe.rmdir()
    return 0o777 & ~mode


def _explained(error: OSError, target: Path) -> tuple[str, str]:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk is full, so {target} could not be written; nothing of it was kept.",
            "make room, or choose a folder on another disk.",
        )
    return f"{target} could not be written: {error}; nothing of it was kept.", "choose another folder."


def _nobody(_what: str, _done: int, _total: int) -> None:
    """Told by an export that nobody watches."""
