"""Writing what was put together to a file that the operator has chosen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.window.starting.companion import Companion
from core.errors import BadInput, StripbenchError


def save(companion: Companion, path: str, text: str, say: Callable[[str], None]) -> None:
    """Write a text to a file, behind the window's back.

    Parameters
    ----------
    companion : Companion
        Has the threads in which files are written.
    path, text : str
    say : callable
        Called in the window's thread with what came of it.
    """

    def write() -> str:
        try:
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise BadInput(f"{path} cannot be written: {error};", "choose another folder.") from None
        return path

    def told(done: Any) -> None:
        say(str(done) if isinstance(done, StripbenchError) else f"Saved {done}.")

    companion.work(write, told)
