"""What has been read of one run so far, and reading on from there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np

from app.window.reading.criterion import Criterion, criterion_of
from app.window.reading.faces import fitted_points
from app.window.reading.history import MOST, History, Past
from app.window.reading.looked_at import LookedAt, fit_of, model_of
from app.window.reading.series import Columns, Pyramid
from app.window.reading.snapshot import FIT_COLUMNS, RESERVATIONS, TRACES, Selected, Snapshot
from core.errors import StoreError
from core.records import Fit, Floats
from storage import (
    Annotation,
    Command,
    Request,
    RunReader,
    RunSummary,
    StoredDecision,
    StoredEvent,
    StoredFit,
    StoredInstrument,
    StoredSpectrum,
    StoredStep,
)

Row = TypeVar("Row")

CUT_SHORT = frozenset({"no fit", "few points"})
"""Flags of the few points that are left of a sweep when the current is switched off in its middle."""


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
    _pyramids: dict[str, Pyramid] = field(default_factory=lambda: {name: Pyramid() for name in TRACES})
    _seen: dict[str, int] = field(default_factory=dict)
    _fits: Columns = field(default_factory=lambda: Columns(len(FIT_COLUMNS)))
    _fit_rows: dict[int, int] = field(default_factory=dict)
    _refits: list[tuple[str, int]] = field(default_factory=list)
    _newest_fit: StoredFit | None = None
    _last_fit: StoredFit | None = None
    _last: StoredSpectrum | None = None
    _waiting: int = 0
    _cut_short: set[int] = field(default_factory=set)
    _fit_of_last: Fit | None = None
    _initial: StoredSpectrum | None = None
    _current_on: float | None = None
    _history: History = field(default_factory=History)
    _steps: dict[int, StoredStep] = field(default_factory=dict)
    _events: list[StoredEvent] = field(default_factory=list)
    _decisions: list[StoredDecision] = field(default_factory=list)
    _commands: dict[int, Command] = field(default_factory=dict)
    _faults: list[str] = field(default_factory=list)
    _criterion: Criterion | None = None
    _criterion_known: bool = False
    _requests: dict[int, Request] = field(default_factory=dict)
    _instruments: tuple[StoredInstrument, ...] = ()
    _annotations: list[Annotation] = field(default_factory=list)
    _model: str | None = None
    _drawn: tuple[Past, ...] = ()
    _looked_at: LookedAt = field(init=False)

    def __post_init__(self) -> None:
        self._looked_at = LookedAt(self.reader)

    def steps(self) -> Iterator[bool]:
        """Read once all round, yielding after each query whether it brought anything new.

        Raises
        ------
        StoreError
            If the store cannot be read, or a spectrum does not match its checksum; what could be
            read before and after it is kept.
        """
        problem: StoreError | None = None
        for part in self._in_turn():
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
        """Whether nothing that is in the store already is still to be read."""
        return not self._history.wanted() and not self._waiting

    @property
    def only_waits(self) -> bool:
        """Whether all there is to do is to wait for the fit of the newest spectrum."""
        return bool(self._waiting) and not self._history.wanted()

    def snapshot(self) -> Snapshot | None:
        """Return what has been read, None before the first query."""
        if self._summary is None:
            return None
        return Snapshot(
            revision=self.revision,
            summary=self._summary,
            header=self.reader.header,
            traces={name: columns.view for name, columns in self._traces.items()},
            pyramids=self._pyramids,
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
            faults=(*self._faults, *self._looked_at.faults),
            criterion=self._criterion,
            selected=self._looked_at.selected,
            residuals=self._looked_at.residuals,
            distribution=self._looked_at.distribution,
            requests=tuple(self._requests.values()),
            instruments=self._instruments,
            annotations=tuple(self._annotations),
        )

    def _in_turn(self) -> Iterator[Callable[[], bool]]:
        """What is pointed at comes first, whenever somebody has pointed elsewhere meanwhile."""
        for part in self._parts():
            if self._looked_at.behind:
                yield self._read_selected
            yield part

    def _parts(self) -> Iterator[Callable[[], bool]]:
        yield self._read_summary
        yield self._read_events
        yield self._read_steps
        yield self._read_fits
        yield self._read_spectra
        for quantity in TRACES:
            yield partial(self._read_trace, quantity)
        yield self._read_decisions
        yield self._read_commands
        yield self._read_requests
        yield self._read_instruments
        yield self._read_annotations
        yield self._read_criterion
        yield self._read_initial
        yield self._read_selected
        yield self._compute_faces
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

    def _read_requests(self) -> bool:
        waiting = [request.id for request in self._requests.values() if request.answer is None]
        after = min(waiting) - 1 if waiting else max(self._requests, default=0)
        return _merge(self._requests, {each.id: each for each in self.reader.requests(after)})

    def _read_instruments(self) -> bool:
        before, self._instruments = self._instruments, tuple(self.reader.instruments())
        return before != self._instruments

    def _read_annotations(self) -> bool:
        found = self.reader.annotations(self._annotations[-1].id if self._annotations else 0)
        self._annotations.extend(found)
        return bool(found)

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
        self._pyramids[quantity].extend(time, value)
        return True

    def _read_fits(self) -> bool:
        """Read the latest fits with the circuit that the run decides by; others mean something else."""
        if self._model is None:
            self._model = model_of(self.reader)
        if self._model is None:
            return False
        refits = [each for each in self.reader.refits() if each[0] == self._model]
        if refits != self._refits:
            # The fits of a refit appear all at once, and their ids may lie before some already read.
            self._refits, self._seen["fit"] = refits, 0
        found = self.reader.fits(self._seen.get("fit", 0), model=self._model)
        if not found:
            return False
        self._seen["fit"] = found[-1].id
        # Refits come after younger fits; the rows follow the order of measurement.
        found.sort(key=lambda each: each.spectrum)
        new = [each for each in found if each.spectrum not in self._fit_rows]
        again = [each for each in found if each.spectrum in self._fit_rows]
        for each in again:
            self._fits.replace(self._fit_rows[each.spectrum], _fit_row(each))
        self._history.forget([each.spectrum for each in again])
        for position, each in enumerate(new, start=len(self._fits)):
            self._fit_rows[each.spectrum] = position
        if new:
            self._fits.extend(np.array([_fit_row(each) for each in new]))
        self._cut_short.update(each.spectrum for each in new if CUT_SHORT.issubset(each.fit.flags))
        self._history.offer([each.spectrum for each in new if each.spectrum not in self._cut_short])
        for each in found:
            if self._newest_fit is None or each.spectrum >= self._newest_fit.spectrum:
                self._newest_fit = each
                if "no fit" not in each.fit.flags:
                    self._last_fit = each
            if self._last is not None and each.spectrum == self._last.id:
                self._fit_of_last = each.fit
        return True

    def _read_spectra(self) -> bool:
        """Read the spectra from the last fitted one on: all older ones are only read if they are drawn."""
        after = self._last.id if self._last is not None else 0
        if self._newest_fit is not None:
            after = max(after, self._newest_fit.spectrum - 1)
        found = [each for each in self.reader.spectra(after) if self._last is None or each.id > self._last.id]
        found = [each for each in found if each.id not in self._cut_short]
        # A spectrum waits one round for its fit, so that it is not drawn without its line and mask.
        ready = [each for each in found if each.id in self._fit_rows or each.id <= self._waiting]
        self._waiting = found[-1].id if len(ready) < len(found) else 0
        if not ready:
            return self._last is None and self._read_last_whole()
        self._last = ready[-1]
        newest = self._newest_fit
        self._fit_of_last = newest.fit if newest is not None and newest.spectrum == self._last.id else None
        return True

    def _read_last_whole(self) -> bool:
        """Read the newest sweep that was not cut short, where the run is opened after one that was."""
        whole = self._fit_rows.keys() - self._cut_short
        if not whole:
            return False
        self._last = self.reader.spectrum(max(whole))
        self._fit_of_last = fit_of(self.reader, self._last.id, self._model or "")
        return True

    def _read_criterion(self) -> bool:
        """Read the criterion once. Late, and here: understanding units takes a second at the first time."""
        if self._criterion_known:
            return False
        self._criterion, self._criterion_known = criterion_of(self.reader.header), True
        return self._criterion is not None

    def _read_initial(self) -> bool:
        """Read the last spectrum that was fitted before the current flowed."""
        if self._initial is not None or self._current_on is None:
            return False
        fits = self._fits.view
        before = fits[fits[:, 0] < self._current_on, FIT_COLUMNS.index("spectrum")]
        if not len(before):
            return False
        self._initial = self.reader.spectrum(int(before.max()))
        return True

    def select(self, time: float | None) -> None:
        """Point at the spectrum nearest to a bench time, taken up with the next query; None for none."""
        self._looked_at.time = time

    @property
    def selected(self) -> Selected | None:
        """What is pointed at, as far as it has been read."""
        return self._looked_at.selected

    def want(self, faces: frozenset[str] = frozenset(), arcs: int = MOST) -> None:
        """Say what is looked at, taken up with the next round.

        Parameters
        ----------
        faces : frozenset of str
            What is to be computed of the spectrum that is looked at, of `faces.RESIDUALS` and
            `faces.DISTRIBUTION`.
        arcs : int
            Spectra of the history that are wanted at most.
        """
        self._looked_at.faces = faces
        self._history.most = arcs

    def _read_selected(self) -> bool:
        return self._looked_at.read(self._fits.view, len(self._refits), self._model or "")

    def _compute_faces(self) -> bool:
        selected = self._looked_at.selected
        stored, fit = (self._last, self._fit_of_last) if selected is None else (selected.stored, selected.fit)
        return self._looked_at.compute(stored, fit, self._fits.view)

    def _read_history(self) -> bool:
        before = self._drawn
        for number in self._history.wanted():
            try:
                stored = self.reader.spectrum(number)
                fit = fit_of(self.reader, number, self._model or "")
                fitted = None if fit is None else fitted_points(fit, stored.spectrum)
                self._history.keep(stored, fitted)
            except StoreError as error:
                self._history.leave_out(number)
                self._faults.append(str(error))
        self._drawn = self._history.spectra
        return self._drawn is not before


def _merge(known: dict[int, Row], found: dict[int, Row]) -> bool:
    changed = any(known.get(number) != row for number, row in found.items())
    known.update(found)
    return changed


def _fit_row(stored: StoredFit) -> Floats:
    fit = stored.fit
    r_int, c_int = fit.parameters["R_int"], fit.parameters["C_int"]
    smooth = [fit.smoothed[name].value if name in fit.smoothed else np.nan for name in ("R_int", "C_int")]
    reserved = float(bool(RESERVATIONS.intersection(fit.flags)))
    values = [fit.time, r_int.value, r_int.stderr, c_int.value, c_int.stderr, reserved]
    return np.array([*values, stored.spectrum, *smooth, float(not fit.kramers_kronig.passed)])
