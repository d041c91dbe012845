"""A campaign's heartbeat while it is worked at, whatever its runs do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from core.errors import StoreError
from storage import CampaignLog

BEAT_EVERY = 2.0
"""s of wall time; a reader calls it interrupted after ten without."""


@contextmanager
def beating(log: CampaignLog) -> Iterator[None]:
    """Beat from a thread of its own for the length of a block."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(BEAT_EVERY):
            with suppress(StoreError):
                log.beat()

    thread = threading.Thread(target=beat, name="campaign", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
