"""The window's reading: a thread of its own follows one run and hands over pictures of it."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app.window.reading.history import MOST
from app.window.reading.run_data import RunData
from app.window.reading.snapshot import Snapshot
from app.window.reading.store_thread import StoreThread, Trouble, explained
from core.clock import wall_time
from storage import RunSummary, Store

LIVE_INTERVAL = 0.2
"""s of wall time between two rounds of reading while the run goes on …"""
ENDED_INTERVAL = 1.0
"""… and when it has ended, as only refits and notes can still arrive …"""
RETRY_INTERVAL = 1.0
"""… and when there is nothing to read yet, or the store cannot be read."""
LISTING_INTERVAL = 2.0
"""s between looks for a newer run."""


@dataclass(frozen=True)
class View:
    """All that there is to show at one moment.

    Attributes
    ----------
    store : str
        The store's address as it was given.
    pointed : float or None
        Bench seconds that are pointed at; None while the window is live.
    snapshot : Snapshot or None
        The run; None if there is none, or none could be read.
    trouble : Trouble or None
    newer : RunSummary or None
        A run that began after the one shown.
    loading : bool
        Whether older parts of the run are still being read.
    written : datetime or None
        UTC at which anything was last written to the store, by its files.
    """

    store: str
    snapshot: Snapshot | None = None
    trouble: Trouble | None = None
    newer: RunSummary | None = None
    loading: bool = True
    pointed: float | None = None
    written: datetime | None = None


class Feed(StoreThread):
    """Follows one run of a store, which may be locked, missing or empty for a while.

    Parameters
    ----------
    store_url : str
    run : int or None
        The run to show; None for the newest one when the window opens.

    Attributes
    ----------
    view : View
        The latest; replaced, never changed, so any thread may look at it.
    """

    def __init__(self, store_url: str, run: int | None = None) -> None:
        super().__init__(store_url, "feed")
        self.view = View(store_url)
        self._run = run
        self._data: RunData | None = None
        self._trouble: Trouble | None = None
        self._newer: RunSummary | None = None
        self._listed = float("-inf")
        self._loaded = False
        self._pointed: float | None = None
        self._faces: frozenset[str] = frozenset()
        self.arcs = MOST

    def show(self, run: int) -> None:
        """Turn to another run; taken up with the next round."""
        self._run, self._pointed = run, None
        self._wake.set()

    def select(self, time: float | None) -> None:
        """Point at the spectrum nearest to a bench time of the run, in s; None for the last one."""
        self._pointed = time
        if self._data is not None:
            # Taken up between two queries: whoever points does not wait for a round to end.
            self._data.select(time)
        self._wake.set()

    def want(self, faces: frozenset[str] | None = None, arcs: int | None = None) -> None:
        """Say what is looked at, see `RunData.want`; what is left out stays as it was."""
        self._faces = self._faces if faces is None else faces
        self.arcs = self.arcs if arcs is None else arcs
        self._wake.set()

    def read_all(self) -> View:
        """Read all that there is, in the caller's thread; for a picture."""
        self.round()
        while self.view.loading and self.view.trouble is None and self.view.snapshot is not None:
            self.round()
        self.round()
        return self.view

    def round(self) -> None:
        """Read once all round; whatever goes wrong is told in the view."""
        failed: list[Trouble] = []
        with explained(self._trouble, failed.append):
            store = self._open()
            self._turn(store)
            self._look_for_newer(store)
            if self._data is not None:
                self._read(self._data)
        self._trouble = failed[0] if failed else None
        with explained(self._trouble, failed.append):
            self._publish()
        if failed and self.view.trouble is not failed[-1]:
            # It was the handing over that failed: the window would show the past as live.
            self._trouble = failed[-1]
            self.view = replace(self.view, trouble=self._trouble)

    def _turn(self, store: Store) -> None:
        """Take up the run that is to be shown, if there is one."""
        if self._data is not None and self._data.reader.run == self._run:
            return
        if self._run is None:
            runs = store.runs()
            if not runs:
                return
            self._run = runs[-1].run
        self._data = RunData(store.run(self._run))
        self._loaded = False

    def _look_for_newer(self, store: Store) -> None:
        if self._data is None or wall_time() - self._listed < LISTING_INTERVAL:
            return
        self._listed = wall_time()
        # Runs in the bin are not offered, and all of them may be there.
        newer = store.runs(after=self._data.reader.run)
        self._newer = newer[-1] if newer else None

    def _read(self, data: RunData) -> None:
        data.select(self._pointed)
        data.want(self._faces, self.arcs)
        selected = data.selected
        for changed in data.steps():
            if self._done or data.reader.run != self._run:
                # The window is being closed, or somebody has turned to another run: this one can wait.
                return
            if changed and (not self._loaded or data.selected is not selected):
                selected = data.selected
                self._publish()
        self._loaded = data.complete

    def _publish(self) -> None:
        before = self.view.snapshot
        snapshot = self._data.snapshot() if self._data is not None else None
        if before is not None and snapshot is not None and _same(before, snapshot):
            snapshot = before
        written = None if self._store is None else _written(self._store.path)
        loading = not self._loaded
        self.view = View(self._url, snapshot, self._trouble, self._newer, loading, self._pointed, written)

    def _follow(self) -> None:
        pause = 0.0
        while not self._done:
            self._wake.wait(pause)
            self._wake.clear()
            if not self._done:
                self.round()
                pause = self._pause()

    def _pause(self) -> float:
        view = self.view
        if view.trouble is not None or view.snapshot is None:
            return RETRY_INTERVAL
        if view.loading and not (self._data is not None and self._data.only_waits):
            return 0.0
        return LIVE_INTERVAL if view.snapshot.summary.live else ENDED_INTERVAL


def _same(before: Snapshot, now: Snapshot) -> bool:
    return (before.summary.run, before.revision) == (now.summary.run, now.revision)


def _written(path: Path) -> datetime | None:
    """Return when the store or its write-ahead log last changed; None if neither is there."""
    times = []
    for each in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):
            times.append(each.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None
