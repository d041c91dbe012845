"""What a protocol writes to. `storage` implements it and the runner hands it in."""

from collections.abc import Iterable
from typing import Any, Protocol

from core.records import Decision, Event, Fit, Reading, Spectrum


class Recorder(Protocol):
    """The journal as a protocol sees it.

    `spectrum`, `decision`, `event` and the step calls are durable when they return: they survive
    a power failure. `fit` and `readings` may be lost in one, but never in the death of the process.
    """

    def begin_step(self, key: str, protocol: str, verb: str, parameters: dict[str, Any], time: float) -> int:
        """Open a step; return its id. `key` is campaign path / protocol / verb / ordinal."""

    def end_step(self, step: int, time: float, outcome: str) -> None:
        """Close a step with the word for how it ended."""

    def spectrum(self, step: int, spectrum: Spectrum) -> int:
        """Commit one spectrum alone and durably; return its id."""

    def fit(self, spectrum: int, fit: Fit) -> int:
        """Keep a fit of a spectrum; return its id."""

    def readings(self, readings: Iterable[Reading]) -> None:
        """Keep readings; they are written within a second of wall time, or with the next fit."""

    def decision(self, step: int, decision: Decision) -> int:
        """Keep a decision and the fits it was made from; return its id."""

    def event(self, event: Event) -> int:
        """Keep an event; return its id."""
