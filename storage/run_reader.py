"""One run, as everything that does not write it sees it: live or finished, by the same calls.

Whatever grows is asked for by "after the last id I have", so a window may ask ten times a second.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from core.errors import StoreError
from core.records import Floats
from storage import rows, schema, sqlite
from storage.columns import Utc
from storage.encoding import unpack
from storage.listing import summaries
from storage.provenance import RunHeader
from storage.records import (
    Annotation,
    Command,
    FitVerdict,
    FitVersion,
    Request,
    RunSummary,
    StoredDecision,
    StoredEvent,
    StoredFit,
    StoredInstrument,
    StoredSpectrum,
    StoredStep,
)

Integers = NDArray[np.int64]


class RunReader:
    """What is stored of one run. Every call sees what has been committed when it is made.

    Parameters
    ----------
    engine : Engine
        One that reads.
    path : Path
        Of the store, for messages.
    run : int
    owner : object, optional
        Whoever lets go of the engine once nobody holds it; held as long as this reader is.
    """

    def __init__(self, engine: sa.Engine, path: Path, run: int, owner: object = None) -> None:
        self.run = run
        self._owner = owner
        self._engine = engine
        self._path = path

    def _all(self, query: sa.Select[*tuple[Any, ...]]) -> list[Any]:
        with sqlite.explained(self._path), self._engine.connect() as connection:
            return list(connection.execute(query).all())

    def _after(self, table: sa.Table, after: int) -> list[Any]:
        query = sa.select(table).where(table.c.run == self.run, table.c.id > after)
        return self._all(query.order_by(table.c.id))

    def summary(self) -> RunSummary:
        """Return the run's line of the listing, with the state it is really in."""
        with sqlite.explained(self._path), self._engine.connect() as connection:
            return summaries(connection, schema.run.c.id == self.run)[0]

    @cached_property
    def header(self) -> RunHeader:
        """What was known of the run before it started."""
        (row,) = self._all(sa.select(schema.run).where(schema.run.c.id == self.run))
        return rows.header_from(row._mapping)

    def spectra(self, after: int = 0, limit: int | None = None) -> list[StoredSpectrum]:
        """Return the spectra with an id greater than `after`, oldest first, at most `limit` of them.

        Raises
        ------
        StoreError
            If one of them does not match its checksum.
        """
        table = schema.spectrum
        query = sa.select(*rows.SPECTRUM_COLUMNS).where(table.c.run == self.run, table.c.id > after)
        return [rows.spectrum_from(row) for row in self._all(query.order_by(table.c.id).limit(limit))]

    def spectrum_ids(self) -> list[int]:
        """Return the ids of the spectra, oldest first, also of those that are damaged."""
        table = schema.spectrum
        query = sa.select(table.c.id).where(table.c.run == self.run)
        return [row[0] for row in self._all(query.order_by(table.c.id))]

    def spectrum(self, spectrum: int) -> StoredSpectrum:
        """Return one spectrum of this run; raise a `StoreError` if it has none with this id."""
        table = schema.spectrum
        query = sa.select(*rows.SPECTRUM_COLUMNS).where(table.c.run == self.run, table.c.id == spectrum)
        found = self._all(query)
        if not found:
            raise StoreError(f"run {self.run} has no spectrum {spectrum}.")
        return rows.spectrum_from(found[0])

    def fits(self, after: int = 0, model: str | None = None, version: int | None = None) -> list[StoredFit]:
        """Return the fits with an id greater than `after`, oldest first.

        A refit that is still being written, or was broken off, does not exist here. When one has
        ended its fits appear all at once, with ids that may be smaller than those of younger fits
        of the run itself; `refits` tells that there is a new one.

        Parameters
        ----------
        after : int
        model : str, optional
            Fits of this model only.
        version : int, optional
            Fits of this version only; by default the latest of each spectrum and model.
            1 is what was fitted, and decided on, while the run went on.
        """
        table = schema.fit
        wanted = _latest(table) if version is None else version
        query = sa.select(table).where(table.c.run == self.run, table.c.id > after, table.c.version == wanted)
        if version is not None:
            query = query.where(_shown(table))
        if model is not None:
            query = query.where(table.c.model == model)
        return [rows.fit_from(row) for row in self._all(query.order_by(table.c.id))]

    def verdicts(self) -> list[FitVerdict]:
        """Return how good the latest fit of each spectrum is, oldest first: faster than reading the fits."""
        table = schema.fit
        columns = ("kk_passed", "kk_dropped_below", "kk_reason", "flags", "rms_residual")
        query = sa.select(table.c.spectrum, *(table.c[name] for name in columns)).where(
            table.c.run == self.run, table.c.version == _latest(table)
        )
        found = self._all(query.order_by(table.c.id))
        return list({row.spectrum: rows.verdict_from(row) for row in found}.values())

    def fit_of(self, spectrum: int, model: str) -> StoredFit | None:
        """Return the latest fit of one spectrum with a model, incomplete refits left out; None without."""
        table = schema.fit
        query = sa.select(table).where(
            table.c.run == self.run, table.c.spectrum == spectrum, table.c.model == model, _shown(table)
        )
        found = self._all(query.order_by(table.c.version.desc()).limit(1))
        return rows.fit_from(found[0]) if found else None

    def fit_times(self, fits: Sequence[int]) -> dict[int, float]:
        """Return the bench seconds that fits belong to, by their ids; those of other runs are left out."""
        table = schema.fit
        query = sa.select(table.c.id, table.c.time).where(table.c.run == self.run, table.c.id.in_(fits))
        return {row[0]: row[1] for row in self._all(query)}

    def refits(self) -> list[tuple[str, int]]:
        """Return model and version of every refit of the run that is complete, in that order."""
        table = schema.refit
        query = sa.select(table.c.model, table.c.version).where(
            table.c.run == self.run, table.c.finished_utc.is_not(None)
        )
        return [(row[0], row[1]) for row in self._all(query.order_by(table.c.finished_utc, table.c.id))]

    def fit_versions(self) -> list[FitVersion]:
        """Return which models and versions there are fits of, in the order they were begun."""
        table, refit = schema.fit, schema.refit
        same = (
            refit.c.run == table.c.run,
            refit.c.model == table.c.model,
            refit.c.version == table.c.version,
        )
        query = (
            sa.select(
                table.c.model,
                table.c.version,
                sa.func.count(),
                refit.c.how,
                sa.type_coerce(sa.func.max(table.c.made_utc), Utc),
            )
            .select_from(table.outerjoin(refit, sa.and_(*same)))
            .where(table.c.run == self.run, _shown(table))
            .group_by(table.c.model, table.c.version)
            .order_by(sa.func.min(table.c.id))
        )
        return [FitVersion(*row) for row in self._all(query)]

    def readings(
        self, quantity: str, after_id: int = 0, instrument: str | None = None
    ) -> tuple[Integers, Floats, Floats]:
        """Return the readings of one quantity, in the order they were made.

        Parameters
        ----------
        quantity : str
            As in `core.records.Reading`, e.g. ``"E"``.
        after_id : int
            The last id seen before.
        instrument : str, optional
            Readings of this instrument only.

        Returns
        -------
        ids, time, value : ndarray, shape (n,)
            Readings written together share their id, which is all that polling needs; bench
            seconds; SI.
        """
        table = schema.reading
        query = sa.select(table.c.id, table.c.count, table.c.time, table.c.value).where(
            table.c.run == self.run, table.c.quantity == quantity, table.c.id > after_id
        )
        if instrument is not None:
            query = query.where(table.c.instrument == instrument)
        found = self._all(query.order_by(table.c.id))
        ids = np.array([row[0] for row in found], dtype=np.int64)
        counts = np.array([row[1] for row in found], dtype=np.int64)
        time, value = (unpack(b"".join([row[column] for row in found])) for column in (2, 3))
        return np.repeat(ids, counts), time, value

    def quantities(self) -> list[tuple[str, str]]:
        """Return the pairs of instrument and quantity of which there are readings."""
        table = schema.reading
        query = sa.select(table.c.instrument, table.c.quantity).where(table.c.run == self.run)
        return [(row[0], row[1]) for row in self._all(query.distinct().order_by(*query.selected_columns))]

    def events(self, after: int = 0) -> list[StoredEvent]:
        """Return the events with an id greater than `after`, oldest first."""
        return [rows.event_from(row) for row in self._after(schema.event, after)]

    def annotations(self, after: int = 0) -> list[Annotation]:
        """Return what people said of the run, with an id greater than `after`, oldest first."""
        return [Annotation(**_without_run(row)) for row in self._after(schema.annotation, after)]

    def decisions(self, after: int = 0) -> list[StoredDecision]:
        """Return the decisions with an id greater than `after`, oldest first."""
        found = self._after(schema.decision, after)
        if not found:
            return []
        link, table = schema.decision_fit, schema.decision
        query = sa.select(link.c.decision, link.c.fit).join(table, table.c.id == link.c.decision)
        query = query.where(table.c.run == self.run, table.c.id > after)
        fits: dict[int, list[int]] = defaultdict(list)
        for decision, fit in self._all(query.order_by(link.c.decision, link.c.position)):
            fits[decision].append(fit)
        return [rows.decision_from(row, fits[row.id]) for row in found]

    def steps(self, after: int = 0) -> list[StoredStep]:
        """Return the steps with an id greater than `after`, oldest first."""
        return [StoredStep(**_without_run(row)) for row in self._after(schema.step, after)]

    def instruments(self) -> list[StoredInstrument]:
        """Return the instruments, in the order they were identified."""
        found = self._after(schema.instrument, 0)
        return [StoredInstrument(**_without_run(row, "id")) for row in found]

    def commands(self, after: int = 0) -> list[Command]:
        """Return the commands with an id greater than `after`, in the order of issue."""
        return [Command(**row._mapping) for row in self._after(schema.command, after)]

    def requests(self, after: int = 0) -> list[Request]:
        """Return the requests with an id greater than `after`, oldest first."""
        found = self._after(schema.request, after)
        live = any(row.answer is None for row in found) and self.summary().live
        return [
            Request(
                **_without_run(row) | {"options": tuple(row.options), "awaited": live and row.answer is None}
            )
            for row in found
        ]

    def truth(self) -> tuple[Floats, dict[str, Floats]]:
        """Return what the simulated cell really was.

        Returns
        -------
        time : ndarray, shape (n,)
            Bench seconds.
        values : dict of str to ndarray, shape (n,)
            SI and absolute; nan where a row does not have the name.
        """
        found = self._after(schema.truth, 0)
        time = np.array([row.time for row in found], dtype=np.float64)
        names = dict.fromkeys(name for row in found for name in row._mapping["values"])
        values = {
            name: np.array([row._mapping["values"].get(name, np.nan) for row in found], dtype=np.float64)
            for name in names
        }
        return time, values

    def truth_of(self, spectrum: int) -> dict[str, float]:
        """Return the truth that was kept with a spectrum; empty if there was none."""
        table = schema.truth
        query = sa.select(table).where(table.c.run == self.run, table.c.spectrum == spectrum)
        found = self._all(query.order_by(table.c.id))
        return dict(found[-1]._mapping["values"]) if found else {}


def _latest(fit: sa.Table) -> sa.ScalarSelect[Any]:
    """Return the latest version there is of a fit's spectrum and model."""
    other = fit.alias("other")
    query = sa.select(sa.func.max(other.c.version)).where(
        other.c.spectrum == fit.c.spectrum, other.c.model == fit.c.model, _shown(other)
    )
    return query.correlate(fit).scalar_subquery()


def _shown(fit: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that a fit is not of a refit that is incomplete."""
    table = schema.refit
    same = (table.c.run == fit.c.run, table.c.model == fit.c.model, table.c.version == fit.c.version)
    unfinished = sa.select(table.c.id).where(*same, table.c.finished_utc.is_(None))
    return ~unfinished.correlate(fit).exists()


def _without_run(row: Any, *more: str) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name not in ("run", *more)}
