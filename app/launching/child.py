"""A command that is worked through for somebody who looks now and then and may cancel it."""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.launching.starting import start
from core.clock import wall_time
from core.errors import BadInput

PATIENCE = 5.0
"""s that it is given to end by itself after it was cancelled."""
MOST_LINES = 500
"""Lines that are kept; the last ones."""


@dataclass(frozen=True)
class Progress:
    """How far it has come.

    Attributes
    ----------
    state : {"working", "done", "failed", "cancelled"}
    lines : tuple of str
        What it has said so far.
    outcome : Any
        Its JSON, once it is done.
    problem : str
        Why it failed, in words.
    """

    state: str
    lines: tuple[str, ...] = ()
    outcome: Any = None
    problem: str = ""

    @property
    def over(self) -> bool:
        """Whether there is nothing more to come."""
        return self.state != "working"


class Child:
    """A command of stripbench with a JSON result. Nothing here ever waits.

    Parameters
    ----------
    arguments : sequence of str
        The command and its arguments, without ``--json``.
    text : str, optional
        Of a file that is made for it and goes with it; its path becomes the first argument.

    Raises
    ------
    BadInput
        If no process can be started.
    """

    def __init__(self, arguments: Sequence[str], text: str | None = None) -> None:
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="stripbench-work-"))
        except OSError as error:
            raise BadInput(
                f"nothing can be started: {error};", "free some space for temporary files."
            ) from None
        self._json, self._said = self._folder / "outcome.json", self._folder / "said.log"
        self._lines: list[str] = []
        self._read, self._part = 0, b""
        self._cancelled: float | None = None
        self._end: Progress | None = None
        # What it leaves behind where it is killed lies in its folder, and goes with that.
        own = {name: str(self._folder) for name in ("TMPDIR", "TEMP", "TMP")}
        verb, *others = arguments
        try:
            if text is not None:
                file = self._folder / "draft.toml"
                file.write_text(text, encoding="utf-8")
                others.insert(0, str(file))
            with self._said.open("wb") as output:
                self._process = start([verb, *others, "--json", str(self._json)], output, own)
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise BadInput(f"no process can be started: {error};", "close other programs.") from None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def poll(self) -> Progress:
        """Look how far it has come."""
        if self._end is not None:
            return self._end
        status = self._process.poll()
        self._take_lines(last=status is not None)
        if status is None:
            if self._cancelled is not None and wall_time() - self._cancelled > PATIENCE:
                self._signal(hard=True)
            return Progress("working", tuple(self._lines))
        self._end = self._ended(status)
        shutil.rmtree(self._folder, ignore_errors=True)
        return self._end

    def cancel(self) -> None:
        """Have it end; `poll` says when it has."""
        if self._cancelled is None and self._process.poll() is None:
            self._cancelled = wall_time()
            self._signal(hard=False)

    def close(self) -> None:
        """End it at once and let go of its files."""
        if self._end is None:
            if self._process.poll() is None:
                self._cancelled = self._cancelled or wall_time()
                self._signal(hard=True)
            self._process.wait()
            self.poll()

    def _ended(self, status: int) -> Progress:
        lines = tuple(self._lines)
        if self._cancelled is not None:
            return Progress("cancelled", lines)
        try:
            outcome = json.loads(self._json.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Progress("failed", lines, problem=_problem(lines, status))
        return Progress("done", lines, outcome)

    def _take_lines(self, *, last: bool) -> None:
        """Read what it has said since the last look."""
        try:
            with self._said.open("rb") as file:
                file.seek(self._read)
                new = file.read()
        except OSError as error:
            new = f"what it says cannot be read: {error}\n".encode() if last else b""
        self._read += len(new)
        *whole, self._part = (self._part + new).split(b"\n")
        if last and self._part:
            whole, self._part = [*whole, self._part], b""
        said = (line.decode("utf-8", "replace").rstrip() for line in whole)
        self._lines = [*self._lines, *filter(None, said)][-MOST_LINES:]

    def _signal(self, *, hard: bool) -> None:
        """Tell the process, and those that it has started, to end."""
        if sys.platform == "win32":
            self._process.kill() if hard else self._process.send_signal(signal.CTRL_BREAK_EVENT)
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL if hard else signal.SIGINT)


def _problem(lines: tuple[str, ...], status: int) -> str:
    """Return the message of an error, or failing that the last thing that was said."""
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].startswith("error: "):
            return " ".join((lines[at].removeprefix("error: "), *lines[at + 1 :]))
    return lines[-1] if lines else f"it ended with exit status {status} and said nothing"
