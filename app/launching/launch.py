"""Starting a run or a campaign that goes on whatever becomes of whoever started it."""

import subprocess
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from app.launching.files import last_lines, new_file
from app.launching.found import found_by_process
from app.launching.real import read_bench, require_confirmed, require_unchanged
from app.launching.starting import start
from core.clock import utc_now
from core.errors import BadInput, StoreError
from storage import schema, sqlite

Kind = Literal["experiment", "campaign"]
GRAIN = timedelta(seconds=2)
"""By how much the clock by which a store dates its rows may be behind."""


@dataclass(frozen=True)
class Look:
    """How far a launched process has come.

    Attributes
    ----------
    word : str
        ``"starting"``, ``"run"``, ``"campaign"`` or ``"ended without a run"``.
    number : int or None
        Of the run or the campaign.
    lines : tuple of str
        The last lines of its log, where nothing was begun: why, in words.
    exit_status : int or None
        None while it goes on.
    """

    word: str
    number: int | None = None
    lines: tuple[str, ...] = ()
    exit_status: int | None = None

    def __str__(self) -> str:
        return self.word if self.number is None else f"{self.word} {self.number}"


@dataclass
class Launched:
    """A process that was launched; it goes on if this is forgotten.

    Attributes
    ----------
    file : Path
        What it works through.
    log : Path
        What it says.
    kind : {"experiment", "campaign"}
    pid : int
    since : datetime
    """

    file: Path
    log: Path
    kind: Kind
    process: "subprocess.Popen[bytes]"
    since: datetime

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self.process.pid

    def look(self, store_url: str) -> Look:
        """Look what has become of it, without waiting.

        Parameters
        ----------
        store_url : str
            The store that it was told to write to.
        """
        # First, so that a run that was begun just before the end is still seen.
        status = self.process.poll()
        table = schema.run if self.kind == "experiment" else schema.campaign
        try:
            path = sqlite.path_of(store_url)
            number = found_by_process(path, self.pid, self.since - GRAIN, table)
        except StoreError as error:
            if status is None:
                # It may be making the store, or bringing it to its own schema.
                return Look("starting", lines=(str(error),))
            return Look("ended without a run", lines=(*last_lines(self.log), str(error)), exit_status=status)
        if number is not None:
            word = "run" if self.kind == "experiment" else "campaign"
            return Look(word, number, exit_status=status)
        if status is None:
            return Look("starting")
        lines = last_lines(self.log) or (f"it ended with exit status {status} and said nothing",)
        return Look("ended without a run", lines=lines, exit_status=status)


def launch(
    work: str | Path,
    *,
    kind: Kind,
    store: str,
    folder: Path,
    bench: Path | str | None = None,
    speed: str = "max",
    side_by_side: int = 1,
    allow_spent: bool = False,
    confirmed: bool = False,
    seen: Collection[str] = (),
) -> Launched:
    """Start a run or a campaign in a process of its own.

    Parameters
    ----------
    work : str or Path
        The text of the file, which is kept in `folder`; or the path of one, which is started where it
        lies, since it may name others.
    kind : {"experiment", "campaign"}
    store : str
        URL of the store.
    folder : Path
        Where file and log are kept; made if it is not there. Nothing in it is ever overwritten.
    bench : Path or str, optional
        A bench file; left out: the built-in simulated bench.
    speed : str
        ``"max"`` or bench seconds a second; of a wholly simulated bench only.
    side_by_side : int
        Cells of a campaign at a time; of a wholly simulated bench only.
    allow_spent : bool
        Whether an experiment may be done to an electrode that is depleted or shorted.
    confirmed : bool
        Whether somebody has looked at what real instruments are about to do.
    seen : collection of str
        `app.launching.real.digest` of the bench file and, where it is a file, of the work, as they were
        looked at; none: whatever they hold now will do.

    Raises
    ------
    BadInput
        If a file cannot be read or written, real instruments would be used unconfirmed, or a file
        has been changed since it was looked at.
    """
    text = _read(work) if isinstance(work, Path) else work
    if bench is not None:
        for path in (Path(bench), work):
            if seen and isinstance(path, Path):
                require_unchanged(path, seen)
        require_confirmed(read_bench(Path(bench)), text, confirmed)
    sqlite.path_of(store)
    folder = Path(folder)
    file = _file(work, text, folder)
    log, output = new_file(folder, _words(text), ".log")
    arguments = ["run", str(file), "--store", store]
    arguments += [] if bench is None else ["--bench", str(bench)]
    arguments += [] if speed == "max" else ["--speed", speed]
    arguments += [] if side_by_side == 1 else ["--side-by-side", str(side_by_side)]
    arguments += ["--allow-spent"] if allow_spent else []
    since = utc_now()
    try:
        with output:
            process = start(arguments, output)
    except OSError as error:
        raise BadInput(
            f"no process can be started: {error};", "close other programs and try again."
        ) from None
    return Launched(file, log.absolute(), kind, process, since)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the file {str(path)!r} cannot be read: {error};", "check the path.") from None


def _file(work: str | Path, text: str, folder: Path) -> Path:
    if isinstance(work, Path):
        return work.absolute()
    path, file = new_file(folder, _words(text), ".toml")
    with file:
        file.write(text.encode("utf-8"))
    return path.absolute()


def _words(text: str) -> str:
    """Return what a file is called in the folder: its campaign, or its protocol and cell."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return "file"
    cell = tables.get("cell")
    named = cell.get("name", "") if isinstance(cell, dict) else ""
    return " ".join(filter(None, (str(tables.get("campaign", tables.get("protocol", "file"))), str(named))))
