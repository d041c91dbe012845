"""What the store holds besides the run that is shown: all runs, campaigns and cells, read now and then."""

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.window.reading.feed import Trouble
from core.clock import utc_now, wall_time
from core.errors import StoreError, StripbenchError
from storage import CampaignSummary, RegisteredCell, RunOverview, Store, open_store
from storage.listing import in_listing

log = logging.getLogger(__name__)

INTERVAL = 2.0
"""s of wall time between two looks …"""
REST = 10.0
"""… and how many times as long as a look takes there is none, so that it is never most of what is done."""


@dataclass(frozen=True, eq=False)
class Listing:
    """What there was in the store at one look, oldest first.

    Attributes
    ----------
    runs, binned : tuple of RunOverview
        Those to be seen, and those in the bin.
    campaigns : tuple of CampaignSummary
    cells : tuple of RegisteredCell
        Of the registry, also those that are retired.
    trouble : Trouble or None
        Why nothing new is read; what was read before stays.
    read : bool
        Whether it has been read at all.
    disk_free : float or None
        Bytes free on the drive of the store; None where that cannot be said.
    """

    runs: tuple[RunOverview, ...] = ()
    binned: tuple[RunOverview, ...] = ()
    campaigns: tuple[CampaignSummary, ...] = ()
    cells: tuple[RegisteredCell, ...] = ()
    trouble: Trouble | None = None
    read: bool = False
    disk_free: float | None = None


class Catalogue:
    """Reads the listing in a thread of its own, and does there what somebody asks of the store.

    Parameters
    ----------
    store_url : str

    Attributes
    ----------
    listing : Listing
        The latest; replaced, never changed.
    """

    def __init__(self, store_url: str) -> None:
        self.listing = Listing()
        self._url = store_url
        self._store: Store | None = None
        self._wanted: list[tuple[Callable[[Store], Any], Callable[[Any], None]]] = []
        self._done = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="listing", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading, once what was asked has been done, and let go of the store."""
        self._done = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._store is not None:
            self._store.close()
            self._store = None

    def look(self) -> None:
        """Read again at once."""
        self._wake.set()

    def do(self, what: Callable[[Store], Any], done: Callable[[Any], None]) -> None:
        """Do something with the store in the reading thread.

        Parameters
        ----------
        what : callable
            Called with the open store.
        done : callable
            Called **in the reading thread** with what it returned, or with the `StripbenchError` it
            raised; a widget hands on a signal here.
        """
        self._wanted.append((what, done))
        self._wake.set()

    def work(self) -> bool:
        """Do what was asked, in the caller's thread; return whether there was anything."""
        asked = bool(self._wanted)
        while self._wanted:
            self._do(*self._wanted.pop(0))
        return asked

    def read(self) -> Listing:
        """Read once, in the caller's thread; for a picture."""
        try:
            store = self._open()
            # Read once and divided here: of ten thousand runs it takes more than half a second.
            found = store.overview(binned=None)
            self.listing = Listing(
                runs=tuple(each for each in found if in_listing(each.summary, False)),
                binned=tuple(each for each in found if in_listing(each.summary, True)),
                campaigns=tuple(store.campaigns()),
                cells=tuple(store.cells(retired=None)),
                read=True,
                disk_free=_free(store.path),
            )
        except StripbenchError as error:
            self._note_trouble(error.problem, error.remedy)
        except Exception as error:  # a defect of ours: the window says so and goes on
            log.exception("reading the listing failed")
            self._note_trouble(
                f"internal error while reading, {type(error).__name__}: {error};",
                "runs are not affected. Close the window and open it again.",
            )
        return self.listing

    def _open(self) -> Store:
        if self._store is None:
            self._store = open_store(self._url)
        elif not self._store.path.exists():
            raise StoreError(
                f"the store {self._store.path} is not there any more;", "bring the drive or the file back."
            )
        return self._store

    def _note_trouble(self, problem: str, remedy: str) -> None:
        before = self.listing
        since = before.trouble.since if before.trouble is not None else utc_now()
        trouble = Trouble(problem, remedy, since)
        self.listing = Listing(
            before.runs, before.binned, before.campaigns, before.cells, trouble, before.read, before.disk_free
        )

    def _follow(self) -> None:
        while True:
            self.work()
            if self._done:
                return
            began = wall_time()
            self.read()
            if not self._wanted:
                self._wake.wait(max(INTERVAL, REST * (wall_time() - began)))
            self._wake.clear()

    def _do(self, what: Callable[[Store], Any], done: Callable[[Any], None]) -> None:
        result: Any
        try:
            result = what(self._open())
        except StripbenchError as error:
            result = error
        except Exception as error:  # a defect of ours: told like any other trouble
            log.exception("what was asked of the store failed")
            result = StoreError(f"internal error, {type(error).__name__}: {error};", "look at the log.")
        try:
            done(result)
        except Exception:  # a defect of ours: what is asked next is done all the same
            log.exception("what was asked of the store could not be handed over")


def _free(path: Path) -> float | None:
    try:
        return float(shutil.disk_usage(path.parent).free)
    except OSError:
        # The drive may go between two calls; the next look says what is wrong with the store.
        return None
