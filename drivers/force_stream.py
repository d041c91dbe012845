"""Readings that a gauge sends unasked, drained as they come so that the newest is always at hand."""

import threading
from collections.abc import Callable, Iterator
from typing import Self

from core.errors import InstrumentError
from drivers.force_reading import ForceReading

LONGEST_SILENCE = 5.0
"""Wall seconds after which a stream that brings nothing has failed."""
MOST_UNREADABLE = 3
"""Replies in a row that are no readings before the stream has failed."""


class ForceStream:
    """A running stream; a context manager, and an iterator over its readings.

    A thread takes every reading off the line at once: an unread stream would pile up, and the value
    that is read would be older each time. Whoever iterates gets the newest reading each time, once;
    those in between are counted in `skipped`. A stream runs in wall time.

    Parameters
    ----------
    begin, end : callable
        Switch the gauge's output on and off.
    receive : callable
        Waits for the next reading and returns it; None if none has come for a while.

    Attributes
    ----------
    received, skipped : int
        Readings that have come, and those nobody has looked at.
    peak : float
        Largest compression seen in N.
    """

    def __init__(
        self,
        begin: Callable[[], None],
        receive: Callable[[], ForceReading | None],
        end: Callable[[], None],
    ) -> None:
        self.received = self.skipped = 0
        self.peak = 0.0
        self._receive, self._end = receive, end
        self._news = threading.Condition()
        self._latest: ForceReading | None = None
        self._seen = 0
        self._closing = False
        self._failure: InstrumentError | None = None
        begin()
        self._thread = threading.Thread(target=self._drain, name="force stream", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether readings are still being taken off the line."""
        return not self._closing and self._failure is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[ForceReading]:
        return self

    def __next__(self) -> ForceReading:
        with self._news:
            self._wait_for(self._seen)
            if self._closing:
                raise StopIteration
            self.skipped += self.received - self._seen - 1
            self._seen = self.received
            return self._newest()

    def latest(self) -> ForceReading:
        """Return the newest reading, whether it was seen before or not; waits only for the first.

        Raises
        ------
        InstrumentError
            If the stream has failed.
        """
        with self._news:
            self._wait_for(0)
            return self._newest()

    def close(self) -> None:
        """End the stream and leave the gauge silent. May be called twice.

        Raises
        ------
        InstrumentError
            If the gauge goes on streaming.
        """
        if self._closing:
            return
        with self._news:
            self._closing = True
            self._news.notify_all()
        self._thread.join()
        self._end()

    def _wait_for(self, number: int) -> None:
        """Wait, with the lock held, until more than `number` readings have come, or none will."""
        while self.received <= number and not self._closing and self._failure is None:
            self._news.wait(LONGEST_SILENCE)
        if self._failure is not None:
            raise self._failure

    def _newest(self) -> ForceReading:
        if self._latest is None:
            raise InstrumentError("The gauge's stream was ended before its first reading.", "Begin another.")
        return self._latest

    def _drain(self) -> None:
        unreadable = 0
        while not self._closing:
            try:
                reading = self._receive()
            except InstrumentError as error:
                unreadable += 1
                if unreadable < MOST_UNREADABLE:
                    continue
                self._fail(error)
                return
            unreadable = 0
            if reading is None:
                self._fail(
                    InstrumentError(
                        "The gauge's stream has stopped.", "Check its cable and begin another stream."
                    )
                )
                return
            with self._news:
                self.received += 1
                self.peak = max(self.peak, reading.force)
                self._latest = reading
                self._news.notify_all()

    def _fail(self, error: InstrumentError) -> None:
        with self._news:
            self._failure = error
            self._news.notify_all()
