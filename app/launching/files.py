"""The files that are written for what is started: dated, and never over one another."""

import re
from pathlib import Path
from typing import BinaryIO

from core.clock import utc_now
from core.errors import BadInput

_ODD = re.compile(r"[^\w.,+()=-]+")
LAST_LINES = 20


def new_file(folder: Path, words: str, suffix: str) -> tuple[Path, BinaryIO]:
    """Make a file that was not there before, named by the date and some words; return it open.

    Raises
    ------
    BadInput
        If the folder cannot be written to.
    """
    stem = f"{utc_now():%Y-%m-%d %H-%M-%S} {_ODD.sub(' ', words).strip(' .')[:60].rstrip(' .')}".strip()
    number = 1
    while True:
        path = folder / (f"{stem}{suffix}" if number == 1 else f"{stem} ({number}){suffix}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return path, path.open("xb")
        except FileExistsError:
            number += 1
            if folder.exists() and not folder.is_dir():
                raise BadInput(f"{str(folder)!r} is no folder;", "choose another.") from None
        except OSError as error:
            raise BadInput(f"{str(path)!r} cannot be written: {error};", "choose another folder.") from None


def last_lines(path: Path, count: int = LAST_LINES) -> tuple[str, ...]:
    """Return the last lines of a log that are not blank."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return (f"the log {str(path)!r} cannot be read: {error}",)
    return tuple(line.rstrip() for line in text.splitlines() if line.strip())[-count:]
