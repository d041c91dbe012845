"""Spectra of files written as a run: fitted, and judged by the rule that a run on the bench is judged by."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np

from analysis import fit
from analysis.circuits.model import Circuit
from analysis.normalise import ROOM_TEMPERATURE
from app.protocol_words import IMPORTED
from app.taking_in.given import Given
from app.taking_in.source import Source
from core.cell import Cell
from core.clock import utc_now
from core.errors import BadInput
from core.records import Ended, Event, Fit, Floats, Reading, RunState, Spectrum, Value
from core.telling import Tell
from core.units import ZERO_CELSIUS
from protocols.decisions import Depletion, KeptFit
from protocols.decisions.rules import Rules
from storage import Journal, RunHeader, Store

AGREE = 0.1
"""How far a measured current may lie from the one that was said, relative."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What is written as one run.

    Attributes
    ----------
    sources : sequence of Source
    spectra : list of Spectrum
        In the order of time.
    started : datetime or None
        Of bench second zero.
    cell : Cell
    cell_given : dict
    given : Given
    """

    sources: Sequence[Source]
    spectra: list[Spectrum]
    started: datetime | None
    cell: Cell
    cell_given: dict[str, Any]
    given: Given


def write_run(store: Store, measured: Measured, circuit: Circuit, notes: Sequence[str], tell: Tell) -> int:
    """Write spectra, their fits and what follows from them as a run that has ended; return its number.

    Raises
    ------
    BadInput
        If the current in the files is not the one that was said.
    """
    stripped = _under_current(measured)
    fits = _fits(measured, circuit, tell)
    journal = store.begin_run(_header(measured))
    try:
        return _Writing(journal, measured, stripped).write(fits, notes)
    finally:
        journal.close()


def _header(measured: Measured) -> RunHeader:
    given = measured.given
    files = [{"name": each.name, "sha256": each.sha256} for each in measured.sources]
    parameters: dict[str, Any] = {"files": files, "criterion": "raw"}
    if given.temperature is not None:
        parameters["temperature"] = round(given.temperature - ZERO_CELSIUS, 6)
    if given.pressure is not None:
        parameters["pressure"] = given.pressure * 1e-6
    if given.density is not None:
        parameters["current_density"] = given.density * 1e2
    if given.threshold is not None:
        parameters["threshold"] = str(given.threshold)
    names = measured.sources[0].name
    if len(measured.sources) > 1:
        names += f" and {len(measured.sources) - 1} more"
    return RunHeader(
        IMPORTED,
        parameters,
        measured.cell,
        f"imported from {names}",
        any(each.simulated for each in measured.sources),
        cell_given=measured.cell_given,
        started_utc=measured.started or utc_now(),
    )


def _fits(measured: Measured, circuit: Circuit, tell: Tell) -> list[Fit]:
    warm = ROOM_TEMPERATURE if measured.given.temperature is None else measured.given.temperature
    total = len(measured.spectra)
    found = fit(
        measured.spectra,
        circuit,
        area=measured.cell.area,
        temperature=warm,
        jobs=os.cpu_count() or 1,
        progress=lambda done: tell("fitting", done, total),
    )
    return [
        _with_measured(each, spectrum, measured.given.temperature)
        for each, spectrum in zip(found, measured.spectra, strict=True)
    ]


def _with_measured(found: Fit, spectrum: Spectrum, kelvin: float | None) -> Fit:
    """Return a fit with what was measured or said beside its spectrum."""
    parameters = dict(found.parameters)
    if np.any(np.isfinite(spectrum.voltage)):
        parameters["E"] = Value(float(np.nanmean(spectrum.voltage)), float("nan"))
    if kelvin is not None:
        parameters["T"] = Value(kelvin, float("nan"))
    return replace(found, parameters=parameters)


def _mean_current(spectrum: Spectrum) -> float:
    known = spectrum.current[np.isfinite(spectrum.current)]
    return float(np.mean(known)) if len(known) else float("nan")


def _under_current(measured: Measured) -> list[bool]:
    """Return which spectra were taken while the electrode was stripped, by the current in the files.

    Without any current in them, all that are not named PEIS are.
    """
    if measured.given.density is None:
        return [False] * len(measured.spectra)
    wanted = measured.given.density * measured.cell.area
    found = np.array([_mean_current(each) for each in measured.spectra])
    if not np.any(np.isfinite(found)):
        return [each.technique != "PEIS" for each in measured.spectra]
    near: list[bool] = (np.abs(found - wanted) <= AGREE * wanted).tolist()
    if not any(near):
        most = float(found[np.nanargmax(np.abs(found))])
        raise BadInput(
            f"{measured.sources[0].name}: no spectrum was taken at --strip "
            f"{measured.given.density * 1e2:.4g} µA/cm² ({wanted * 1e6:.4g} µA on this electrode); the "
            f"largest current in it is {most * 1e6:.4g} µA, "
            f"{measured.cell.current_density(most):.4g} µA/cm²;",
            "correct --strip or the area; stripping is positive.",
        )
    return near


@dataclass
class _Writing:
    """Writes one run, as a runner would have."""

    journal: Journal
    measured: Measured
    stripped: list[bool]
    time: float = field(default=0.0, init=False)
    charge: float = field(default=0.0, init=False)
    _rule: Depletion | None = field(default=None, init=False)

    def write(self, fits: Sequence[Fit], notes: Sequence[str]) -> int:
        """Write everything; return the number of the run."""
        spectra = self.measured.spectra
        self.time = float(spectra[0].time[0])
        step = self.journal.begin_step(f"1/{IMPORTED}/read/1", IMPORTED, "read", {}, self.time)
        rules = Rules(self.journal, lambda: self.time, lambda: step)
        for each in self.measured.sources:
            words = f"{each.name}: {len(each.spectra)} spectra, read by stripbench; SHA-256 {each.sha256}"
            self._say("imported", words, file=each.name, sha256=each.sha256)
        for note in notes:
            self._say("note", note)
        first, last = _ends(self.stripped)
        for number, (spectrum, found) in enumerate(zip(spectra, fits, strict=True)):
            if number == first:
                self._current_on(rules, float(spectrum.time[0]))
            self._readings(spectrum, under_current=first is not None and first <= number <= last)
            kept = self.journal.fit(self.journal.spectrum(step, spectrum), found)
            self.time = float(spectrum.time[-1])
            rules.see(KeptFit(kept, found))
            if number == last and first is not None:
                self._say("current off", "the last sweep under current has ended", charge_C=self.charge)
                rules.close("the file ended")
        return self._end(step)

    def _end(self, step: int) -> int:
        self.journal.end_step(step, self.time, "done")
        depleted = self._rule is not None and self._rule.confirmed
        ended = Ended.DEPLETED if depleted else Ended.FINISHED
        self.journal.finish(RunState.FINISHED, "imported", self.time, ended)
        return self.journal.run

    def _say(self, kind: str, words: str, **data: Any) -> None:
        self.journal.event(Event(kind, words, self.time, "info", data))

    def _current_on(self, rules: Rules, time: float) -> None:
        given, cell = self.measured.given, self.measured.cell
        assert given.density is not None
        self.time = time
        current = given.density * cell.area
        words = f"{current * 1e6:.4g} µA, as given; taken to begin with the first sweep under current"
        self._say("current on", words, given_A=current)
        if given.threshold is not None:
            words = f"R_int > {given.threshold}, raw"
            self._rule = rules.arm(Depletion(given.threshold.absolute(cell), words))

    def _readings(self, spectrum: Spectrum, *, under_current: bool) -> None:
        """Keep E and I of every point, the charge, and what was said of T and force."""
        given, cell = self.measured.given, self.measured.cell
        current = spectrum.current
        said = np.full(len(spectrum), (given.density or 0.0) * cell.area if under_current else np.nan)
        measured = np.isfinite(current)
        columns: list[tuple[str, str, Floats]] = [
            ("file", "E", spectrum.voltage),
            ("file", "I", current) if np.any(measured) else ("declared", "I", said),
        ]
        if under_current:
            columns.append(("computed", "Q", self._charge(spectrum.time, np.where(measured, current, said))))
        if given.temperature is not None:
            columns.append(("declared", "T", np.full(len(spectrum), given.temperature)))
        if given.pressure is not None:
            columns.append(("declared", "F", np.full(len(spectrum), given.pressure * cell.pellet_area)))
        self.journal.readings(
            Reading(float(time), instrument, quantity, float(value))
            for instrument, quantity, values in columns
            for time, value in zip(spectrum.time, values, strict=True)
            if np.isfinite(value)
        )

    def _charge(self, time: Floats, current: Floats) -> Floats:
        """Return the charge in C at the points of a sweep, shape (n,), from the current by time."""
        steps = np.diff(time, prepend=self.time)
        passed: Floats = self.charge + np.cumsum(steps * current)
        self.charge = float(passed[-1])
        return passed


def _ends(stripped: Sequence[bool]) -> tuple[int | None, int]:
    """Return the first and the last spectrum under current; None where there is none."""
    which = [number for number, each in enumerate(stripped) if each]
    return (which[0], which[-1]) if which else (None, -1)
