"""A thread that reads a store for the window, and what it says when the store cannot be read."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from core.clock import utc_now
from core.errors import StoreError, StripbenchError
from storage import Store, open_store

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""s of wall time that a read under way is waited for at the end; one that hangs, as on a share that is
gone, is left to itself and keeps nobody from closing the window."""


@dataclass(frozen=True)
class Trouble:
    """Why nothing new is read, and since when."""

    problem: str
    remedy: str
    since: datetime


@contextmanager
def explained(before: Trouble | None, tell: Callable[[Trouble], None]) -> Iterator[None]:
    """Tell in words what goes wrong in the block, and go on behind it.

    Whatever is not a `StripbenchError` is a defect of ours: it is logged, the window says so, and no run
    is affected.

    Parameters
    ----------
    before : Trouble or None
        The trouble there was; one that lasts keeps the time at which it began.
    tell : callable
    """
    try:
        yield
        return
    except StripbenchError as error:
        problem, remedy = error.problem, error.remedy
    except Exception as error:
        log.exception("reading the store failed")
        problem = f"internal error while reading, {type(error).__name__}: {error};"
        remedy = "runs are not affected. Close the window and open it again."
    if before is not None and before.problem == problem:
        tell(before)
    else:
        tell(Trouble(problem, remedy, utc_now() if before is None else before.since))


class StoreThread:
    """Reads a store in a thread of its own, woken by whoever wants something sooner.

    Parameters
    ----------
    store_url : str
    name : str
        Of the thread.
    """

    def __init__(self, store_url: str, name: str) -> None:
        self._url = store_url
        self._store: Store | None = None
        self._done = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=name, daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading and let go of the store."""
        self._done = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)
        if self._thread.is_alive():
            log.warning("the %s thread still reads and is left to itself", self._thread.name)
        elif self._store is not None:
            self._store.close()
            self._store = None

    def look(self) -> None:
        """Read again at once, because something is known to have been written."""
        self._wake.set()

    def _open(self) -> Store:
        """Return the open store.

        Raises
        ------
        StoreError
            If it cannot be opened, or its file is gone.
        """
        if self._store is None:
            self._store = open_store(self._url)
        elif not self._store.path.exists():
            raise StoreError(
                f"the store {self._store.path} is not there any more;", "bring the drive or the file back."
            )
        return self._store

    def _follow(self) -> None:
        """Read until it is done."""
        raise NotImplementedError(f"{type(self).__name__} reads nothing")
