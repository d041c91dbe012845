"""A store: opening and making it, listing its runs, beginning one, and telling one what to do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.clock import utc_now
from core.errors import StoreError
from storage import migrate, rows, schema, sqlite, verbs
from storage.access import ranges
from storage.annotations import Annotations
from storage.campaign_log import CampaignLog
from storage.campaign_reader import CampaignReader
from storage.cells import CellRegistry
from storage.journal import Journal
from storage.listing import campaign_summaries, in_listing, overviews, summaries
from storage.provenance import CampaignHeader, RunHeader
from storage.records import CampaignSummary, Command, RunOverview, RunSummary
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
    version = version_of(path)
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


def version_of(path: Path) -> str | None:
    """Return the schema version of a store, None for an empty file; raise a `StoreError` if it is newer."""
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


class Store(Annotations, CellRegistry):
    """An open store; made by `open_store`.

    It writes only to begin, refit, tell or annotate a run, and to register cells. Nothing that was
    kept is ever changed or deleted by it.

    Parameters
    ----------
    path : Path
        The file, whose schema is up to date.
    """

    def runs(self, binned: bool | None = False, after: int = 0) -> list[RunSummary]:
        """Return the runs in the store, oldest first.

        Parameters
        ----------
        binned : bool or None
            False for those that are not in the bin, True for those that are, None for all.
        after : int
            Only those with a greater number.
        """
        with self._reading() as connection:
            found = summaries(connection, schema.run.c.id > after)
            return [each for each in found if in_listing(each, binned)]

    def overview(self, binned: bool | None = False) -> list[RunOverview]:
        """Return what is browsed of the runs, oldest first; `binned` is that of `runs`."""
        with self._reading() as connection:
            return [each for each in overviews(connection) if in_listing(each.summary, binned)]

    def last_of_cell(self, name: str) -> list[RunSummary]:
        """Return the runs done to the cell of this name, newest first, also those in the bin.

        Their `ended` says what they left behind, e.g. a depleted or a shorted electrode.
        """
        with self._reading() as connection:
            return summaries(connection, schema.run.c.cell_name == name)[::-1]

    def campaigns(self) -> list[CampaignSummary]:
        """Return the campaigns in the store, oldest first."""
        with self._reading() as connection:
            return campaign_summaries(connection)

    def campaign(self, campaign: int) -> CampaignReader:
        """Return the reader of a campaign; raise a `StoreError` that lists which exist if it does not."""
        with self._reading() as connection:
            self._require_campaign(connection, campaign)
        return CampaignReader(self._engine, self.path, campaign, self)

    def _require_campaign(self, connection: sa.Connection, campaign: int) -> None:
        ids = (
            connection.execute(sa.select(schema.campaign.c.id).order_by(schema.campaign.c.id)).scalars().all()
        )
        if campaign not in ids:
            has = ranges("campaigns", list(ids))
            raise StoreError(f"{self.path} has no campaign {campaign};", f"it has {has}.")

    def run(self, run: int) -> RunReader:
        """Return the reader of a run; raise a `StoreError` that lists which exist if it does not."""
        with self._reading() as connection:
            self._summary(connection, run)
        return RunReader(self._engine, self.path, run, self)

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
        with self._reading() as connection:
            summary = self._summary(connection, run)
        return Refit(self.path, run, model, how, summary.live)

    def tell(self, run: int, verb: str, argument: str = "", author: str = "") -> int:
        """Append a command for a live run; return its id.

        Raises
        ------
        BadInput
            If there is no such verb, or what has to be said with it is missing; see `verbs.check`.
        StoreError
            If there is no such run, or it has ended or was interrupted. A run whose process is there,
            only silent, is told to end all the same: it may be the store that it waits for.
        """
        verbs.check(verb, argument)
        row = {"run": run, "verb": verb, "argument": argument, "author": author, "issued_utc": utc_now()}
        # One transaction, so that the run cannot end between the look at it and the command.
        with self._durably() as connection:
            summary = self._summary(connection, run)
            if not (summary.live or (summary.silent and verb in verbs.ENDING)):
                raise StoreError(
                    f"run {run} of {summary.cell} is {summary.state.value}"
                    + (f" ({summary.end_reason})" if summary.end_reason else "")
                    + f", so nobody would carry out {verb!r}.",
                )
            return insert(connection, schema.command, row)

    def command(self, command: int) -> Command:
        """Return a command and what became of it; raise a `StoreError` if there is none."""
        query = sa.select(schema.command).where(schema.command.c.id == command)
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise StoreError(f"{self.path} has no command {command}.")
        return Command(**row._mapping)

    def check(self) -> list[str]:
        """Return what is wrong with the store, in words: the file itself, and every checksum."""
        query = sa.select(*rows.SPECTRUM_COLUMNS).order_by(schema.spectrum.c.id)
        with self._reading() as connection:
            findings = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            wrong = [f"{self.path}: {finding}" for finding in findings if finding != "ok"]
            for row in connection.execution_options(yield_per=100).execute(query):
                try:
                    rows.spectrum_from(row)
                except StoreError as error:
                    wrong.append(error.problem)
        return wrong + self._damaged_photos()
