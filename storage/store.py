"""A store: opening and making it, listing its runs, beginning one, and telling one what to do."""

import weakref
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from core.clock import utc_now
from core.errors import BadInput, StoreError
from storage import migrate, rows, schema, sqlite
from storage.journal import Journal
from storage.listing import summaries
from storage.provenance import RunHeader
from storage.records import Command, RunSummary
from storage.refit import Refit
from storage.run_log import insert
from storage.run_reader import RunReader

VERBS = ("pause", "resume", "stop", "abort", "acknowledge", "note")
"""What a run can be told."""


def open_store(url: str | Path, *, create: bool = False) -> "Store":
    """Open a store.

    One with an older schema is brought to the newest first, whoever opens it, in one transaction.

    Parameters
    ----------
    url : str or Path
        ``"sqlite:///path"``, or the path.
    create : bool
        Make the store and its folder if they do not exist.

    Raises
    ------
    StoreError
        If it does not exist, was written by a newer stripbench, is not a store or is damaged, or
        lies where it cannot be kept safely.
    """
    path = sqlite.path_of(str(url))
    sqlite.refuse_network_drive(path)
    if path.is_dir():
        raise StoreError(f"{path} is a folder;", "give the path of a store in it.")
    if not path.exists():
        if not create:
            raise StoreError(f"there is no store at {path};", "check the path; a run makes the store.")
        _make_folder(path.parent)
        _upgrade(path)
    version = _version(path)
    if version is None and not create:
        raise StoreError(f"{path} is empty, not a store;", "give the path of a store.")
    if version != schema.SCHEMA_VERSION:
        _upgrade(path)
    return Store(path)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {folder} cannot be made: {error};", "choose another.") from None


def _version(path: Path) -> str | None:
    engine = sqlite.reader(path)
    try:
        with sqlite.explained(path):
            version = migrate.version_of(engine, path)
    finally:
        engine.dispose()
    migrate.refuse_newer(version, path)
    return version


def _upgrade(path: Path) -> None:
    engine = sqlite.writer(path, "FULL")
    try:
        with sqlite.explained(path):
            migrate.upgrade(engine, path)
    finally:
        engine.dispose()


class Store:
    """An open store; made by `open_store`. It reads, and writes only to begin, refit or tell a run.

    Parameters
    ----------
    path : Path
        The file, whose schema is up to date.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = sqlite.reader(path)
        # A store that nobody holds any more lets go of its file, closed or not.
        weakref.finalize(self, self._engine.dispose)

    def runs(self) -> list[RunSummary]:
        """Return what is in the store, oldest first."""
        with sqlite.explained(self.path), self._engine.connect() as connection:
            return summaries(connection)

    def run(self, run: int) -> RunReader:
        """Return the reader of a run; raise a `StoreError` that lists which exist if it does not."""
        with sqlite.explained(self.path), self._engine.connect() as connection:
            self._summary(connection, run)
        return RunReader(self._engine, self.path, run, self)

    def _summary(self, connection: sa.Connection, run: int) -> RunSummary:
        found = summaries(connection, run)
        if not found:
            ids = connection.execute(sa.select(schema.run.c.id).order_by(schema.run.c.id)).scalars().all()
            raise StoreError(f"{self.path} has no run {run};", f"it has {_ranges(list(ids))}.")
        return found[0]

    def begin_run(self, header: RunHeader) -> Journal:
        """Commit a run's row, durably, and return the journal in which this process writes it."""
        engine = sqlite.writer(self.path, "FULL")
        try:
            with sqlite.explained(self.path), engine.begin() as connection:
                run = insert(connection, schema.run, rows.header_row(header))
        finally:
            engine.dispose()
        return Journal(self.path, run, header.channel)

    def refit(self, run: int, model: str, how: Mapping[str, Any]) -> Refit:
        """Begin the next version of a run's fits with one model; the run may still go on.

        Parameters
        ----------
        run : int
        model : str
        how : mapping
            JSON-able, kept with the version: what was held, corrected and smoothed.

        Returns
        -------
        Refit
            To be used as a context: the version shows once its block has ended.

        Raises
        ------
        StoreError
            If there is no such run.
        """
        with sqlite.explained(self.path), self._engine.connect() as connection:
            summary = self._summary(connection, run)
        return Refit(self.path, run, model, how, summary.live)

    def tell(self, run: int, verb: str, argument: str = "", author: str = "") -> int:
        """Append a command for a live run; return its id.

        Raises
        ------
        BadInput
            If there is no such verb, or a note without text.
        StoreError
            If there is no such run, or it has ended or was interrupted.
        """
        if verb not in VERBS:
            raise BadInput(f"a run cannot be told {verb!r};", f"the words are {', '.join(VERBS)}.")
        if verb == "note" and not argument.strip():
            raise BadInput("the note is empty;", "write its text after the word note.")
        row = {"run": run, "verb": verb, "argument": argument, "author": author, "issued_utc": utc_now()}
        engine = sqlite.writer(self.path, "FULL")
        try:
            # One transaction, so that the run cannot end between the look at it and the command.
            with sqlite.explained(self.path), engine.begin() as connection:
                summary = self._summary(connection, run)
                if not summary.live:
                    raise StoreError(
                        f"run {run} of {summary.cell} is {summary.state.value}"
                        + (f" ({summary.end_reason})" if summary.end_reason else "")
                        + f", so nobody would carry out {verb!r}.",
                    )
                return insert(connection, schema.command, row)
        finally:
            engine.dispose()

    def command(self, command: int) -> Command:
        """Return a command and what became of it; raise a `StoreError` if there is none."""
        query = sa.select(schema.command).where(schema.command.c.id == command)
        with sqlite.explained(self.path), self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise StoreError(f"{self.path} has no command {command}.")
        return Command(**row._mapping)

    def check(self) -> list[str]:
        """Return what is wrong with the store, in words: the file itself, and every checksum."""
        query = sa.select(*rows.SPECTRUM_COLUMNS).order_by(schema.spectrum.c.id)
        with sqlite.explained(self.path), self._engine.connect() as connection:
            findings = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            wrong = [f"{self.path}: {finding}" for finding in findings if finding != "ok"]
            for row in connection.execution_options(yield_per=100).execute(query):
                try:
                    rows.spectrum_from(row)
                except StoreError as error:
                    wrong.append(error.problem)
        return wrong

    def close(self) -> None:
        """Let go of the file. Readers of its runs cannot be used any more."""
        self._engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _ranges(numbers: list[int]) -> str:
    """Return ascending numbers in words, e.g. ``"runs 1–3, 7"``."""
    if not numbers:
        return "no runs yet"
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return "runs " + ", ".join(f"{low}–{high}" if high > low else str(low) for low, high in spans)
