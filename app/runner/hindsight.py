"""The journal with somebody behind it who looks at each sweep once more when the next one is there."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from analysis.hindsight import Look
from core.recorder import Recorder
from core.records import Decision, Event, Fit, Reading, Spectrum

Again = Callable[[Look, Look, Look], Fit | None]
AROUND = 3


class Hindsight:
    """Passes everything on; after a fit is kept, the sweep before it may get its second version.

    Decisions are made from first fits, as they are made when there is no later sweep yet. What is
    known one sweep later is for whoever looks at the run.

    Parameters
    ----------
    recorder : Recorder
    again : callable
        Gives the second fit of the middle one of three sweeps, or None.
    """

    def __init__(self, recorder: Recorder, again: Again) -> None:
        self._recorder, self._again = recorder, again
        self._measured: dict[int, Spectrum] = {}
        self._seen: deque[tuple[int, Look]] = deque(maxlen=AROUND)

    def begin_step(self, key: str, protocol: str, verb: str, parameters: dict[str, Any], time: float) -> int:
        """See `core.recorder.Recorder`."""
        return self._recorder.begin_step(key, protocol, verb, parameters, time)

    def end_step(self, step: int, time: float, outcome: str) -> None:
        """See `core.recorder.Recorder`."""
        self._recorder.end_step(step, time, outcome)

    def spectrum(self, step: int, spectrum: Spectrum) -> int:
        """See `core.recorder.Recorder`."""
        number = self._recorder.spectrum(step, spectrum)
        self._measured = {number: spectrum}
        return number

    def fit(self, spectrum: int, fit: Fit) -> int:
        """See `core.recorder.Recorder`."""
        kept = self._recorder.fit(spectrum, fit)
        measured = self._measured.pop(spectrum, None)
        if measured is not None:
            self._seen.append((spectrum, (measured, fit)))
            self._look_back()
        return kept

    def _look_back(self) -> None:
        if len(self._seen) < AROUND:
            return
        number, (_, first) = self._seen[1]
        second = self._again(*(look for _, look in self._seen))
        if second is not None:
            own = {name: value for name, value in first.parameters.items() if name == "T"}
            self._recorder.fit(number, replace(second, parameters={**second.parameters, **own}))

    def readings(self, readings: Iterable[Reading]) -> None:
        """See `core.recorder.Recorder`."""
        self._recorder.readings(readings)

    def decision(self, step: int, decision: Decision) -> int:
        """See `core.recorder.Recorder`."""
        return self._recorder.decision(step, decision)

    def event(self, event: Event) -> int:
        """See `core.recorder.Recorder`."""
        return self._recorder.event(event)
