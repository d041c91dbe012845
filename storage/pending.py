"""Readings and truth on their way to the store, gathered so that they are written together."""

from array import array
from collections.abc import Iterable
from typing import Any

from core.clock import wall_time
from core.records import Reading
from storage.encoding import pack

OLDEST = 1.0
"""Wall seconds for which a reading may wait."""

_Key = tuple[int | None, str, str]


class Pending:
    """What was handed over and is not written yet. It is cleared once its rows are committed.

    Parameters
    ----------
    run : int
    """

    def __init__(self, run: int) -> None:
        self._run = run
        self._blocks: dict[_Key, tuple[array[float], array[float]]] = {}
        self._truth: list[dict[str, Any]] = []
        self._since: float | None = None

    def __bool__(self) -> bool:
        return self._since is not None

    @property
    def overdue(self) -> bool:
        """Whether something has waited longer than `OLDEST`."""
        return self._since is not None and wall_time() - self._since > OLDEST

    def add(self, step: int | None, readings: Iterable[Reading]) -> None:
        """Take readings made in a step, or between steps."""
        for reading in readings:
            key = (step, reading.instrument, reading.quantity)
            time, value = self._blocks.setdefault(key, (array("d"), array("d")))
            time.append(reading.time)
            value.append(reading.value)
            self._since = wall_time() if self._since is None else self._since

    def add_truth(self, time: float, values: dict[str, float], spectrum: int | None) -> None:
        """Take what the simulated cell really was at bench second `time`."""
        row = {"run": self._run, "spectrum": spectrum, "time": float(time), "values": dict(values)}
        self._truth.append(row)
        self._since = wall_time() if self._since is None else self._since

    def reading_rows(self) -> list[dict[str, Any]]:
        """Return one row for each step, instrument and quantity, in the order they first came."""
        return [
            {
                "run": self._run,
                "step": step,
                "instrument": instrument,
                "quantity": quantity,
                "count": len(time),
                "time": pack(time),
                "value": pack(value),
            }
            for (step, instrument, quantity), (time, value) in self._blocks.items()
        ]

    def truth_rows(self) -> list[dict[str, Any]]:
        """Return the rows of truth."""
        return self._truth

    def clear(self) -> None:
        """Forget everything: it has been committed."""
        self._blocks.clear()
        self._truth = []
        self._since = None
