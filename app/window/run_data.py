"""What has been read of one run so far, and reading on from there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from app.window.history import History
from app.window.series import Columns
from core.errors import StoreError
from core.records import Fit, Floats
from storage import (
    Command,
    RunHeader,
    RunReader,
    RunSummary,
    StoredDecision,
    StoredEvent,
    StoredFit,
    StoredSpectrum,
    StoredStep,
)

Row = TypeVar("Row")

TRACES = ("E", "I", "Q", "T", "F")
FIT_COLUMNS = ("time", "R_int", "R_int_error", "C_int", "C_int_error", "reserved")

RESERVATIONS = frozenset(
    {"below resolution", "not identifiable", "poor fit", "few points", "truncated arc", "no fit"}
)
"""Flags of fits whose R_int and C_int are drawn hollow."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run as it had been read at one moment; nothing in it changes afterwards.

    Attributes
    ----------
    revision : int
        Rises whenever anything else differs from the snapshot before.
    traces : dict of str to ndarray, shape (n, 2)
        Bench seconds and SI value of each quantity in `TRACES`.
    fits : ndarray, shape (m, 6)
        The columns of `FIT_COLUMNS`, SI and absolute, in the order of their spectra.
    last, initial : StoredSpectrum or None
        The newest spectrum, and the last one at open circuit before the current.
    last_fit : StoredFit or None
        Of the newest spectrum that has one.
    fit_of_last : Fit or None
        Of `last`, once it is there.
    history : tuple of StoredSpectrum
        A few spectra, evenly spread over the run.
    current_on : float or None
        Bench seconds at which the current first flowed.
    faults : tuple of str
        What could not be read and was left out.
    """

    revision: int
    summary: RunSummary
    header: RunHeader
    traces: dict[str, Floats]
    fits: Floats
    last: StoredSpectrum | None
    initial: StoredSpectrum | None
    last_fit: StoredFit | None
    fit_of_last: Fit | None
    history: tuple[StoredSpectrum, ...]
    steps: tuple[StoredStep, ...]
    events: tuple[StoredEvent, ...]
    decisions: tuple[StoredDecision, ...]
    commands: tuple[Command, ...]
    faults: tuple[str, ...]

    @property
    def current_on(self) -> float | None:
        """See the class."""
        return next((each.event.time for each in self.events if each.event.kind == "current on"), None)

    def column(self, name: str) -> Floats:
        """Return one column of the fits, shape (m,)."""
        return self.fits[:, FIT_COLUMNS.index(name)]


@dataclass
class RunData:
    """Reads one run in small steps, asking only for what it does not have yet.

    Parameters
    ----------
    reader : RunReader
    """

    reader: RunReader
    revision: int = 0
    _summary: RunSummary | None = None
    _traces: dict[str, Columns] = field(default_factory=lambda: {name: Columns(2) for name in TRACES})
    _seen: dict[str, int] = field(default_factory=dict)
    _fits: Columns = field(default_factory=lambda: Columns(len(FIT_COLUMNS)))
    _fit_rows: dict[int, int] = field(default_factory=dict)
    _last_fit: StoredFit | None = None
    _last: StoredSpectrum | None = None
    _fit_of_last: Fit | None = None
    _initial: StoredSpectrum | None = None
    _current_on: float | None = None
    _history: History = field(default_factory=History)
    _steps: dict[int, StoredStep] = field(default_factory=dict)
    _events: list[StoredEvent] = field(default_factory=list)
    _decisions: list[StoredDecision] = field(default_factory=list)
    _commands: dict[int, Command] = field(default_factory=dict)
    _faults: list[str] = field(default_factory=list)

    def steps(self) -> Iterator[bool]:
        """Read once all round, yielding after each query whether it brought anything new.

        Raises
        ------
        StoreError
            If the store cannot be read, or a spectrum does not match its checksum; what could be
            read before and after it is kept.
        """
        problem: StoreError | None = None
        for part in self._parts():
            try:
                changed = part()
            except StoreError as error:
                problem, changed = problem or error, False
            self.revision += changed
            yield changed
        if problem is not None:
            raise problem

    @property
    def complete(self) -> bool:
        """Whether no older part of the run is still to be read."""
        return not self._history.wanted()

    def snapshot(self) -> Snapshot | None:
        """Return what has been read, None before the first query."""
        if self._summary is None:
            return None
        return Snapshot(
            revision=self.revision,
            summary=self._summary,
            header=self.reader.header,
            traces={name: columns.view for name, columns in self._traces.items()},
            fits=self._fits.view,
            last=self._last,
            initial=self._initial,
            last_fit=self._last_fit,
            fit_of_last=self._fit_of_last,
            history=self._history.spectra,
            steps=tuple(self._steps.values()),
            events=tuple(self._events),
            decisions=tuple(self._decisions),
            commands=tuple(self._commands.values()),
            faults=tuple(self._faults),
        )

    def _parts(self) -> Iterator[Callable[[], bool]]:
        yield self._read_summary
        yield self._read_events
        yield self._read_steps
        yield self._read_fits
        yield self._read_spectra
        for quantity in TRACES:
            yield lambda quantity=quantity: self._read_trace(quantity)  # type: ignore[misc]
        yield self._read_decisions
        yield self._read_commands
        yield self._read_initial
        yield self._read_history

    def _read_summary(self) -> bool:
        before, self._summary = self._summary, self.reader.summary()
        return before != self._summary

    def _read_events(self) -> bool:
        found = self.reader.events(self._seen.get("event", 0))
        if not found:
            return False
        self._events.extend(found)
        self._seen["event"] = found[-1].id
        if self._current_on is None:
            on = (each.event.time for each in found if each.event.kind == "current on")
            self._current_on = next(on, None)
        return True

    def _read_steps(self) -> bool:
        open_steps = [step.id for step in self._steps.values() if step.ended is None]
        after = min(open_steps) - 1 if open_steps else max(self._steps, default=0)
        return _merge(self._steps, {step.id: step for step in self.reader.steps(after)})

    def _read_commands(self) -> bool:
        waiting = [command.id for command in self._commands.values() if command.outcome is None]
        after = min(waiting) - 1 if waiting else max(self._commands, default=0)
        return _merge(self._commands, {each.id: each for each in self.reader.commands(after)})

    def _read_decisions(self) -> bool:
        found = self.reader.decisions(self._decisions[-1].id if self._decisions else 0)
        self._decisions.extend(found)
        return bool(found)

    def _read_trace(self, quantity: str) -> bool:
        ids, time, value = self.reader.readings(quantity, self._seen.get(quantity, 0))
        if not len(ids):
            return False
        self._seen[quantity] = int(ids[-1])
        self._traces[quantity].extend(np.column_stack([time, value]))
        return True

    def _read_fits(self) -> bool:
        found = self.reader.fits(self._seen.get("fit", 0))
        if not found:
            return False
        self._seen["fit"] = found[-1].id
        # Refits come after younger fits; the rows follow the order of measurement.
        found.sort(key=lambda each: each.spectrum)
        new = [each for each in found if each.spectrum not in self._fit_rows]
        for each in found:
            if each.spectrum in self._fit_rows:
                self._fits.replace(self._fit_rows[each.spectrum], _fit_row(each.fit))
        for position, each in enumerate(new, start=len(self._fits)):
            self._fit_rows[each.spectrum] = position
        if new:
            self._fits.extend(np.array([_fit_row(each.fit) for each in new]))
            self._history.offer([each.spectrum for each in new])
        if self._last_fit is None or found[-1].spectrum >= self._last_fit.spectrum:
            self._last_fit = found[-1]
        if self._last is not None and self._last_fit.spectrum == self._last.id:
            self._fit_of_last = self._last_fit.fit
        return True

    def _read_spectra(self) -> bool:
        """Read the spectra from the last fitted one on: all older ones are only read if they are drawn."""
        after = self._last.id if self._last is not None else 0
        if self._last_fit is not None:
            after = max(after, self._last_fit.spectrum - 1)
        found = [each for each in self.reader.spectra(after) if self._last is None or each.id > self._last.id]
        if not found:
            return False
        self._last = found[-1]
        fitted = self._last_fit is not None and self._last_fit.spectrum == self._last.id
        self._fit_of_last = self._last_fit.fit if fitted and self._last_fit is not None else None
        return True

    def _read_initial(self) -> bool:
        """Read the last spectrum that was fitted before the current flowed."""
        if self._initial is not None or self._current_on is None:
            return False
        times = self._fits.view[:, 0]
        before = [number for number, row in self._fit_rows.items() if times[row] < self._current_on]
        if not before:
            return False
        self._initial = self.reader.spectrum(max(before))
        return True

    def _read_history(self) -> bool:
        wanted = self._history.wanted()
        for number in wanted:
            try:
                self._history.keep(self.reader.spectrum(number))
            except StoreError as error:
                self._history.leave_out(number)
                self._faults.append(str(error))
        return bool(wanted)


def _merge(known: dict[int, Row], found: dict[int, Row]) -> bool:
    changed = any(known.get(number) != row for number, row in found.items())
    known.update(found)
    return changed


def _fit_row(fit: Fit) -> Floats:
    r_int, c_int = fit.parameters["R_int"], fit.parameters["C_int"]
    reserved = float(bool(RESERVATIONS.intersection(fit.flags)))
    return np.array([fit.time, r_int.value, r_int.stderr, c_int.value, c_int.stderr, reserved])
