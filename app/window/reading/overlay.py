"""Reads several runs to be compared, in a thread of its own, run by run, as they come."""

import threading
from dataclasses import dataclass, field, replace

from app.window.reading.compared import Compared, Track
from app.window.reading.store_thread import StoreThread, Trouble, explained
from core.errors import StoreError
from storage import Store

MOST_RUNS = 16
"""More cannot be told apart; it also bounds the memory."""

INTERVAL = 2.0
"""s between two looks at runs that go on."""


@dataclass(frozen=True, eq=False)
class Overlaid:
    """What has been read of the runs that are compared, at one moment.

    Attributes
    ----------
    wanted : tuple of int
        In the order in which they were chosen.
    found : dict of int to Compared
    faults : dict of int to str
        Why a run is missing.
    trouble : Trouble or None
        Why nothing is read at all.
    """

    wanted: tuple[int, ...] = ()
    found: dict[int, Compared] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    trouble: Trouble | None = None

    @property
    def reading(self) -> tuple[int, ...]:
        """The runs that are still being read."""
        missing = (run for run in self.wanted if run not in self.faults)
        return tuple(run for run in missing if run not in self.found or not self.found[run].complete)


class Overlay(StoreThread):
    """Follows the runs that are compared.

    Parameters
    ----------
    store_url : str

    Attributes
    ----------
    view : Overlaid
        The latest; replaced, never changed, so any thread may look at it.
    """

    def __init__(self, store_url: str) -> None:
        super().__init__(store_url, "overlay")
        self.view = Overlaid()
        self._tracks: dict[int, Track] = {}
        self._wanted: tuple[int, ...] = ()

    def compare(self, runs: tuple[int, ...]) -> None:
        """Turn to these runs, at most `MOST_RUNS`; a run that is not among them any more is let go."""
        self._wanted = tuple(dict.fromkeys(runs))[:MOST_RUNS]
        self._wake.set()

    def wait(self) -> bool:
        """Wait a little for what is being read; return False once there is nothing to wait for."""
        view = self.view
        if view.trouble is not None or (view.wanted == self._wanted and not view.reading):
            return False
        threading.Event().wait(0.02)
        return True

    def read_all(self) -> Overlaid:
        """Read all that there is, in the caller's thread; for a picture."""
        self.round()
        return self.view

    def round(self) -> None:
        """Read once all round; whatever goes wrong is told in the view."""
        wanted = self._wanted
        self._tracks = {run: track for run, track in self._tracks.items() if run in wanted}
        found = {run: each for run, each in self.view.found.items() if run in wanted}
        before, self.view = self.view.trouble, Overlaid(wanted, found)
        with explained(before, self._note):
            for run in wanted:
                if self._wanted != wanted or self._done:
                    return
                self._read(self._open(), run)

    def _read(self, store: Store, run: int) -> None:
        known = self.view.found.get(run)
        if known is not None and known.complete and not known.summary.live:
            return
        try:
            if run not in self._tracks:
                self._tracks[run] = Track(store.run(run))
            for part in self._tracks[run].parts():
                self._publish(found={run: part})
                if self._done or run not in self._wanted:
                    return
            if not part.summary.live:
                # What was read is kept in the view; the charge that it was made from is not needed again.
                del self._tracks[run]
        except StoreError as error:
            self._publish(faults={run: str(error)})

    def _publish(
        self, found: dict[int, Compared] | None = None, faults: dict[int, str] | None = None
    ) -> None:
        view = self.view
        self.view = Overlaid(view.wanted, view.found | (found or {}), view.faults | (faults or {}))

    def _note(self, found: Trouble) -> None:
        self.view = replace(self.view, trouble=found)

    def _follow(self) -> None:
        while not self._done:
            self.round()
            if self._wanted == self.view.wanted and not self._done:
                self._wake.wait(INTERVAL)
            self._wake.clear()
