"""What the store holds besides the run that is shown: all runs, campaigns and cells, read now and then."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.window.reading.store_thread import StoreThread, Trouble, explained
from core.clock import wall_time
from core.errors import StoreError, StripbenchError
from storage import CampaignSummary, RegisteredCell, RunOverview, Store
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


class Catalogue(StoreThread):
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
        super().__init__(store_url, "listing")
        self.listing = Listing()
        self._wanted: list[tuple[Callable[[Store], Any], Callable[[Any], None]]] = []

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
        with explained(self.listing.trouble, self._note):
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
        return self.listing

    def _note(self, found: Trouble) -> None:
        self.listing = replace(self.listing, trouble=found)

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
