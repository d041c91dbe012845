"""The journal with two witnesses beside it: the simulated truth, and who wants to hear of spectra."""

from collections.abc import Callable, Iterable
from typing import Any

from core.records import Decision, Event, Fit, Reading, Spectrum
from storage import Journal, checksum

Announce = Callable[[int, int], None]

LAST_MOMENT = 1e-3
"""s before the current was seen to be off: then it still flowed through what it leaves behind."""


class Witness:
    """Passes everything on to the journal; once a spectrum is durable, truth and announcement follow.

    Parameters
    ----------
    journal : Journal
    truth : callable or None
        Gives what the simulated cell really was at a bench second; None on a real bench.
    announce : callable or None
        Called with id and checksum of every spectrum once it is durable.
    """

    def __init__(
        self,
        journal: Journal,
        truth: Callable[[float], dict[str, float]] | None,
        announce: Announce | None,
    ) -> None:
        self._journal, self._truth, self._announce = journal, truth, announce

    def begin_step(self, key: str, protocol: str, verb: str, parameters: dict[str, Any], time: float) -> int:
        """See `core.recorder.Recorder`."""
        return self._journal.begin_step(key, protocol, verb, parameters, time)

    def end_step(self, step: int, time: float, outcome: str) -> None:
        """See `core.recorder.Recorder`."""
        self._journal.end_step(step, time, outcome)

    def spectrum(self, step: int, spectrum: Spectrum) -> int:
        """See `core.recorder.Recorder`."""
        number = self._journal.spectrum(step, spectrum)
        if self._announce is not None:
            self._announce(number, checksum(spectrum))
        if self._truth is not None:
            self._journal.truth(spectrum.mid_time, self._truth(spectrum.mid_time), number)
        return number

    def fit(self, spectrum: int, fit: Fit) -> int:
        """See `core.recorder.Recorder`."""
        return self._journal.fit(spectrum, fit)

    def readings(self, readings: Iterable[Reading]) -> None:
        """See `core.recorder.Recorder`."""
        self._journal.readings(readings)

    def decision(self, step: int, decision: Decision) -> int:
        """See `core.recorder.Recorder`."""
        return self._journal.decision(step, decision)

    def event(self, event: Event) -> int:
        """See `core.recorder.Recorder`; at the end of a current the truth is kept as well."""
        if event.kind == "current off" and self._truth is not None:
            last = event.time - LAST_MOMENT
            self._journal.truth(last, self._truth(last))
        return self._journal.event(event)
