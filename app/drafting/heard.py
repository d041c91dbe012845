"""What the drivers have to say while something is planned, for those who are not at the log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

DRIVERS = logging.getLogger("drivers")


@contextmanager
def heard() -> Iterator[list[str]]:
    """Collect the drivers' warnings inside the block, each once, and keep them from the log."""
    words: dict[str, None] = {}
    said: list[str] = []

    class _Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            words[record.getMessage()] = None

    listener, propagates = _Listener(logging.WARNING), DRIVERS.propagate
    DRIVERS.addHandler(listener)
    DRIVERS.propagate = False
    try:
        yield said
    finally:
        DRIVERS.removeHandler(listener)
        DRIVERS.propagate = propagates
        said.extend(words)
