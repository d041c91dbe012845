"""Fitting a run anew: what was fitted before stays, and the new fits appear all at once."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.clock import utc_now
from core.errors import StoreError
from core.records import Fit
from storage import rows, schema, sqlite
from storage.run_log import insert

BATCH = 500
"""Fits a transaction: some 20 ms for which a run that goes on waits with its spectrum."""

LIVE_VERSIONS = 2
"""A run that goes on fits each sweep when it is there, and may do so again with the sweep after it."""


class Refit:
    """One version of the fits of a run; made by `Store.refit`.

    Used as a context. The version shows once the block has ended; where an error or a Ctrl-C left
    it, whatever was added stays hidden and the next refit takes the next version.

    Parameters
    ----------
    path : Path
        The store, whose schema is up to date.
    run : int
    model : str
        The one model of all its fits.
    how : mapping
        JSON-able: what was held, corrected and smoothed, and by which program.
    live : bool
        Whether the run goes on, so that it may write fits of its own meanwhile.

    Attributes
    ----------
    version : int
        Of all its fits: one more than any of this run and model before.
    """

    def __init__(self, path: Path, run: int, model: str, how: Mapping[str, Any], live: bool) -> None:
        self._path, self._run, self._model = path, run, model
        # Fits can be made again, so they do not wait for the disk.
        self._engine = sqlite.writer(path, "NORMAL")
        try:
            with sqlite.explained(path):
                self._connection = self._engine.connect()
                self._insert = sqlite.PreparedInsert(self._connection, schema.fit)
                with self._connection.begin():
                    # Under the write lock, so that of two refits at once each has its own version.
                    self.version = self._next(live)
                    row = {"run": run, "model": model, "version": self.version}
                    row |= {"how": dict(how), "begun_utc": utc_now()}
                    self._id = insert(self._connection, schema.refit, row)
        except BaseException:
            self._engine.dispose()
            raise

    def _next(self, live: bool) -> int:
        taken = [LIVE_VERSIONS if live else 1]
        for table in (schema.fit, schema.refit):
            mine = sa.and_(table.c.run == self._run, table.c.model == self._model)
            taken.append(
                self._connection.execute(sa.select(sa.func.max(table.c.version)).where(mine)).scalar() or 0
            )
        return max(taken) + 1

    def add(self, fits: Iterable[tuple[int, Fit]]) -> None:
        """Keep fits, in short transactions.

        Parameters
        ----------
        fits : iterable of (int, Fit)
            Each with the id of its spectrum; their own version is of no matter.

        Raises
        ------
        StoreError
            If a spectrum is not of this run, has been given a fit already, or the store does not
            take it.
        ValueError
            If a fit is of another model.
        """
        table = schema.spectrum
        with sqlite.explained(self._path), self._connection.begin():
            mine = sa.select(table.c.id).where(table.c.run == self._run)
            spectra = set(self._connection.execute(mine).scalars())
        for batch in _batches(self._converted(spectrum, fit, spectra) for spectrum, fit in fits):
            with sqlite.explained(self._path):
                try:
                    with self._connection.begin():
                        self._insert.many(batch)
                except IntegrityError as error:
                    raise StoreError(f"run {self._run} cannot keep its refit: {error.orig}.") from None

    def _converted(self, spectrum: int, fit: Fit, spectra: set[int]) -> tuple[Any, ...]:
        if fit.model != self._model:
            raise ValueError(f"a fit of {fit.model!r} in a refit with {self._model!r}")
        if spectrum not in spectra:
            raise StoreError(f"run {self._run} has no spectrum {spectrum}.")
        return self._insert.converted(rows.fit_row(self._run, spectrum, fit) | {"version": self.version})

    def __enter__(self) -> "Refit":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                mine = sa.update(schema.refit).where(schema.refit.c.id == self._id)
                with sqlite.explained(self._path):
                    with self._connection.begin():
                        self._connection.execute(mine.values(finished_utc=utc_now()))
                    sqlite.checkpoint(self._connection)
        finally:
            self._connection.close()
            self._engine.dispose()


def _batches(converted: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(converted, BATCH)):
        yield batch
