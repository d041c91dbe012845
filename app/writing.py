"""Files and folders that people asked for: whole under their name, or not there at all."""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import BadInput, StripbenchError


def refuse_existing(target: Path) -> None:
    """Raise a `BadInput` if something of this name is there: nothing is ever written over or into it."""
    if target.exists() or target.is_symlink():
        raise BadInput(f"{target} is there already;", "choose a name that does not exist; it will be made.")


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """Give a path to write to, and put the file under its own name when all of it is written.

    Parameters
    ----------
    target : Path
        The file to make; it must not exist, and the folder it is to stand in must.

    Yields
    ------
    Path
        Of the same name, in a folder of its own beside the target; no file is there yet. What else
        is put into that folder goes with it.

    Raises
    ------
    BadInput
        If the target exists, or cannot be made.
    StripbenchError
        If the file cannot be written, e.g. because the disk is full; nothing is left then.
    """
    with _unfinished(target) as folder:
        yield folder / target.name
        refuse_existing(target)
        (folder / target.name).rename(target)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder to write into, and put it under its own name when all of it is written.

    Parameters
    ----------
    target : Path
        The folder to make; it must not exist, and the folder it is to stand in must.

    Yields
    ------
    Path
        An empty folder beside the target.

    Raises
    ------
    BadInput
        If the target exists, or cannot be made.
    StripbenchError
        If a file cannot be written, e.g. because the disk is full; nothing is left then.
    """
    with _unfinished(target) as folder:
        yield folder
        refuse_existing(target)
        # What tempfile makes is for its owner only; a result is for whoever may read what lies beside it.
        folder.chmod(0o777 & ~_umask_of(folder))
        folder.rename(target)


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give an empty folder beside the target, gone afterwards unless it was renamed; explain the disk."""
    refuse_existing(target)
    if not target.parent.is_dir():
        raise BadInput(f"there is no folder {target.parent};", "make it first, or choose another.")
    try:
        # Beside the target, so that it can be renamed; made by a name that nobody else has.
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-unfinished-", dir=target.parent))
    except OSError as error:
        raise BadInput(f"{target} cannot be made: {error.strerror};", "choose another folder.") from None
    try:
        yield folder
    except OSError as error:
        raise StripbenchError(*_explained(error, target)) from None
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)


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
