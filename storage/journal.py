"""The journal: what a run writes, while it runs."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.errors import StoreError
from core.records import Decision, Event, Fit, Reading, Spectrum
from storage import rows, schema, sqlite
from storage.run_log import RunLog, insert


class Journal(RunLog):
    """What one run writes; it implements `core.recorder.Recorder`.

    Two connections write to the store. What cannot be measured or decided again goes through the
    durable one and has reached the disk when the call returns: spectra, steps, events, decisions
    that change what the bench does, state, commands. What can be recomputed or repeated goes
    through the quick one, which costs no fsync: fits, readings, truth, heartbeat. SQLite's log is
    written in order, so the next spectrum takes to the disk whatever was written before it.

    Every method may be called from any thread.

    Parameters
    ----------
    path : Path
        The store, whose schema is up to date.
    run : int
    channel : int
        The potentiostat's channel, written beside every spectrum.
    """

    def __init__(self, path: Path, run: int, channel: int) -> None:
        super().__init__(path, run)
        self._channel = channel
        self._insert_spectrum = sqlite.PreparedInsert(self._durable, schema.spectrum)
        self._insert_fit = sqlite.PreparedInsert(self._quick, schema.fit)

    def begin_step(self, key: str, protocol: str, verb: str, parameters: dict[str, Any], time: float) -> int:
        """Open a step; return its id. What follows belongs to it until it ends. Durable.

        Raises
        ------
        StoreError
            If the run already has a step with this key.
        """
        row: dict[str, Any] = {"run": self.run, "key": key, "protocol": protocol, "verb": verb}
        row |= {"parameters": parameters, "started": float(time)}
        with self._transaction(self._durable) as connection:
            try:
                step = insert(connection, schema.step, row)
            except IntegrityError:
                raise StoreError(f"run {self.run} already has a step {key!r}.") from None
            self._steps.append(step)
        return step

    def end_step(self, step: int, time: float, outcome: str) -> None:
        """Close a step with the word for how it ended. Durable."""
        mine = sa.update(schema.step).where(schema.step.c.id == step, schema.step.c.run == self.run)
        with self._transaction(self._durable) as connection:
            connection.execute(mine.values(ended=float(time), outcome=outcome))
            if step in self._steps:
                self._steps.remove(step)

    def spectrum(self, step: int, spectrum: Spectrum) -> int:
        """Commit one spectrum alone and durably; return its id."""
        row = rows.spectrum_row(self.run, self._channel, step, spectrum)
        with self._bare_transaction(self._durable):
            return self._insert_spectrum(row)

    def fit(self, spectrum: int, fit: Fit) -> int:
        """Keep a fit of a spectrum, and the readings that wait; return the fit's id.

        Raises
        ------
        StoreError
            If there is no such spectrum, or it already has a fit of this model and version.
        """
        row = rows.fit_row(self.run, spectrum, fit)
        with self._with_pending():
            try:
                return self._insert_fit(row)
            except sqlite3.IntegrityError as error:
                what = f"version {fit.version} of {fit.model!r} for spectrum {spectrum}"
                raise StoreError(f"run {self.run} cannot keep fit {what}: {error}.") from None

    def readings(self, readings: Iterable[Reading]) -> None:
        """Keep readings; they are written with the next fit or heartbeat, or after a second."""
        with self._lock:
            self._pending.add(self._step, readings)
            if self._pending.overdue:
                self.flush()

    def truth(self, time: float, values: dict[str, float], spectrum: int | None = None) -> None:
        """Keep what the simulated cell really was at bench second `time`, SI and absolute.

        `spectrum` is the id of the spectrum it belongs to, if it belongs to one.
        """
        with self._lock:
            self._pending.add_truth(time, values, spectrum)
            if self._pending.overdue:
                self.flush()

    def decision(self, step: int, decision: Decision) -> int:
        """Keep a decision and the fits it was made from; return its id.

        It is durable if it changes what the bench does.
        """
        with self._transaction(self._durable if decision.changes_bench else self._quick) as connection:
            number = insert(connection, schema.decision, rows.decision_row(self.run, step, decision))
            links = [
                {"decision": number, "position": position, "fit": fit}
                for position, fit in enumerate(decision.fits)
            ]
            if links:
                connection.execute(sa.insert(schema.decision_fit), links)
        return number

    def event(self, event: Event) -> int:
        """Keep an event; return its id. Durable."""
        with self._transaction(self._durable) as connection:
            return insert(connection, schema.event, rows.event_row(self.run, self._step, event))
