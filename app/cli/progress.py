"""Live progress of a run on a terminal, read from the store like any other viewer does."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from rich.live import Live
from rich.text import Text

from analysis.depletion import projected_depletion
from app.cli.output import err
from app.cli.requests import Asked
from app.conclusion import current_on
from core.errors import StoreError
from protocols.decisions import usable
from storage import RunReader, Store

REFRESH = 1.0
"""s of wall time between looks at the store."""
PLAIN_EVERY = 5
"""Looks between lines where standard error is not a terminal."""


@dataclass
class _Trend:
    """What has been seen of one run so far; every look reads only what is new."""

    last_fit: int = 0
    last_reading: int = 0
    time: list[float] = field(default_factory=list)
    resistance: list[float] = field(default_factory=list)
    capacitance: list[float] = field(default_factory=list)
    newest: dict[str, float] = field(default_factory=dict)
    began: float | None = None
    flags: tuple[str, ...] = ()


class Progress:
    """One line about a run: phase, E, R_int, C_int, charge, bench time and projected depletion.

    What the run asks for is said in lines of their own, which stay.

    Parameters
    ----------
    store : Store
    started : list of int
        Receives each run's number once its row is committed; the last one is shown.
    """

    def __init__(self, store: Store, started: list[int]) -> None:
        self._store, self._started = store, started
        self._shown = 0
        self._trend = _Trend()
        self._asked = Asked(lambda text: err.print(text, markup=False, soft_wrap=True))

    def run(self, done: threading.Event) -> None:
        """Show the line until `done` is set; a terminal that is gone ends this and nothing else."""
        with suppress(OSError, ValueError):
            self._show(done)

    def _show(self, done: threading.Event) -> None:
        terminal = err.is_terminal
        with Live(console=err, refresh_per_second=4, transient=True) if terminal else _Nothing() as live:
            looks = 0
            while not done.wait(REFRESH):
                looks += 1
                self._say_asked()
                if not terminal and looks % PLAIN_EVERY:
                    continue
                line = self.line()
                if line and terminal:
                    live.update(Text(line))
                elif line:
                    err.print(line, markup=False)

    def _say_asked(self) -> None:
        with suppress(StoreError):
            self._asked.look(self._store, self._started[-1:])

    def line(self) -> str:
        """Return the line as it stands; empty before there is anything to say."""
        if not self._started:
            return ""
        if self._shown != self._started[-1]:
            self._shown, self._trend = self._started[-1], _Trend()
        try:
            run = self._store.run(self._shown)
            self._look(run)
            return self._words(run)
        except StoreError as error:
            return f"progress cannot be shown for a moment: {error}"

    def _look(self, run: RunReader) -> None:
        trend = self._trend
        for stored in run.fits(after=trend.last_fit, version=1):
            trend.last_fit = stored.id
            trend.flags = stored.fit.flags
            if usable(stored.fit):
                trend.time.append(stored.fit.time)
                trend.resistance.append(stored.fit["R_int"])
                trend.capacitance.append(stored.fit["C_int"])
        if trend.began is None:
            trend.began = current_on(run)
        for quantity in ("E", "Q"):
            ids, times, values = run.readings(quantity, after_id=trend.last_reading)
            if len(values):
                trend.newest[quantity] = float(values[-1])
                trend.newest["time"] = max(trend.newest.get("time", 0.0), float(times[-1]))
                trend.newest["id"] = max(trend.newest.get("id", 0.0), float(ids[-1]))
        trend.last_reading = int(trend.newest.get("id", 0))

    def _words(self, run: RunReader) -> str:
        trend, cell = self._trend, run.header.cell
        steps = run.steps()
        parts = [f"run {run.run} {cell.anode}", steps[-1].verb if steps else "connecting"]
        parts.append(f"{trend.newest.get('time', 0.0) / 3600:.2f} h simulated" if run.header.simulated else
                     f"{trend.newest.get('time', 0.0) / 3600:.2f} h")  # fmt: skip
        if "E" in trend.newest:
            parts.append(f"E {trend.newest['E']:.3f} V")
        if "below resolution" in trend.flags:
            parts.append("R_int below resolution")
        elif trend.resistance:
            parts.append(f"R_int {cell.areal_resistance(trend.resistance[-1]):.3g} kΩ cm²")
            parts.append(f"C_int {cell.areal_capacitance(trend.capacitance[-1]):.3g} µF/cm²")
        if "Q" in trend.newest:
            parts.append(f"Q {cell.areal_charge(trend.newest['Q']):.3f} mAh/cm²")
        parts.extend(self._projection(run))
        return " · ".join(parts)

    def _projection(self, run: RunReader) -> list[str]:
        trend = self._trend
        threshold = run.header.parameters.get("threshold")
        raw = run.header.parameters.get("criterion", "raw") == "raw"
        if trend.began is None or threshold is None or not raw or len(trend.time) < 3:
            return []
        from protocols.parameters import Resistance, ResistanceParameter

        wanted: Resistance = ResistanceParameter("threshold", minimum=0, maximum=1e9).convert(threshold)
        projected = projected_depletion(
            np.array(trend.time), np.array(trend.resistance), wanted.absolute(run.header.cell)
        )
        if projected is None:
            return []
        return [f"depletion expected at {(projected.time - trend.began) / 3600:.1f} h"]


class _Nothing:
    """Stands where a live display would, on a standard error that is not a terminal."""

    def __enter__(self) -> "_Nothing":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def update(self, _: Text) -> None:
        """Show nothing."""
