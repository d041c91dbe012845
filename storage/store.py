"""A store: opening and making it, listing its runs, beginning one, and telling one what to do."""

import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from core.clock import utc_now
from core.errors import StoreError
from storage import migrate, rows, schema, sqlite, verbs
from storage.campaign_log import CampaignLog
from storage.campaign_reader import CampaignReader
from storage.journal import Journal
from storage.listing import campaign_summaries, summaries
from storage.provenance import CampaignHeader, RunHeader
from storage.records import CampaignSummary, Command, RunSummary
from storage.refit import Refit
from storage.run_log import insert
from storage.run_reader import RunReader


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
    """An open store; made by `open_store`. It writes only to begin, refit or tell a run.

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

    def last_of_cell(self, name: str) -> list[RunSummary]:
        """Return the runs done to the cell of this name, newest first.

        Their `ended` says what they left behind, e.g. a depleted or a shorted electrode.
        """
        with sqlite.explained(self.path), self._engine.connect() as connection:
            return summaries(connection, schema.run.c.cell_name == name)[::-1]

    def campaigns(self) -> list[CampaignSummary]:
        """Return the campaigns in the store, oldest first."""
        with sqlite.explained(self.path), self._engine.connect() as connection:
            return campaign_summaries(connection)

    def campaign(self, campaign: int) -> CampaignReader:
        """Return the reader of a campaign; raise a `StoreError` that lists which exist if it does not."""
        with sqlite.explained(self.path), self._engine.connect() as connection:
            self._require_campaign(connection, campaign)
        return CampaignReader(self._engine, self.path, campaign, self)

    def _require_campaign(self, connection: sa.Connection, campaign: int) -> None:
        ids = (
            connection.execute(sa.select(schema.campaign.c.id).order_by(schema.campaign.c.id)).scalars().all()
        )
        if campaign not in ids:
            has = _ranges("campaigns", list(ids))
            raise StoreError(f"{self.path} has no campaign {campaign};", f"it has {has}.")

    def run(self, run: int) -> RunReader:
        """Return the reader of a run; raise a `StoreError` that lists which exist if it does not."""
        with sqlite.explained(self.path), self._engine.connect() as connection:
            self._summary(connection, run)
        return RunReader(self._engine, self.path, run, self)

    def _summary(self, connection: sa.Connection, run: int) -> RunSummary:
        found = summaries(connection, schema.run.c.id == run)
        if not found:
            ids = connection.execute(sa.select(schema.run.c.id).order_by(schema.run.c.id)).scalars().all()
            raise StoreError(f"{self.path} has no run {run};", f"it has {_ranges('runs', list(ids))}.")
        return found[0]

    def begin_run(self, header: RunHeader) -> Journal:
        """Commit a run's row, durably, and return the journal in which this process writes it.

        Raises
        ------
        StoreError
            If it belongs to a campaign that does not exist, or the store does not take it.
        """
        with self._durably() as connection:
            if header.campaign is not None:
                self._require_campaign(connection, header.campaign)
            run = insert(connection, schema.run, rows.header_row(header))
        return Journal(self.path, run, header.channel)

    def begin_campaign(self, header: CampaignHeader) -> CampaignLog:
        """Commit a campaign's row, durably, and return the log in which this process keeps its state."""
        with self._durably() as connection:
            campaign = insert(connection, schema.campaign, rows.campaign_row(header))
        return CampaignLog(self.path, campaign)

    @contextmanager
    def _durably(self) -> Iterator[sa.Connection]:
        """Give one transaction that has reached the disk when the block has ended."""
        engine = sqlite.writer(self.path, "FULL")
        try:
            with sqlite.explained(self.path), engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

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
            If there is no such verb, or what has to be said with it is missing; see `verbs.check`.
        StoreError
            If there is no such run, or it has ended or was interrupted.
        """
        verbs.check(verb, argument)
        row = {"run": run, "verb": verb, "argument": argument, "author": author, "issued_utc": utc_now()}
        # One transaction, so that the run cannot end between the look at it and the command.
        with self._durably() as connection:
            summary = self._summary(connection, run)
            if not summary.live:
                raise StoreError(
                    f"run {run} of {summary.cell} is {summary.state.value}"
                    + (f" ({summary.end_reason})" if summary.end_reason else "")
                    + f", so nobody would carry out {verb!r}.",
                )
            return insert(connection, schema.command, row)

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


def _ranges(what: str, numbers: list[int]) -> str:
    """Return ascending numbers in words, e.g. ``"runs 1–3, 7"``."""
    if not numbers:
        return f"no {what} yet"
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    words = (f"{low}–{high}" if high > low else str(low) for low, high in spans)
    return f"{what} {', '.join(words)}"
