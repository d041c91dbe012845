"""Reads several runs to be compared, in a thread of its own, run by run, as they come."""

import logging
import threading
from dataclasses import dataclass, field

from app.window.reading.compared import Compared, Track
from app.window.reading.feed import Trouble
from core.clock import utc_now
from core.errors import StoreError, StripbenchError
from storage import Store, open_store

log = logging.getLogger(__name__)

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


class Overlay:
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
        self.view = Overlaid()
        self._url = store_url
        self._store: Store | None = None
        self._tracks: dict[int, Track] = {}
        self._wanted: tuple[int, ...] = ()
        self._done = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="overlay", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading and let go of the store."""
        self._done = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._store is not None:
            self._store.close()
            self._store = None

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
        self.view = Overlaid(wanted, found)
        try:
            if wanted and self._store is None:
                self._store = open_store(self._url)
            for run in wanted:
                if self._wanted != wanted or self._done:
                    return
                self._read(run)
        except StripbenchError as error:
            self._note_trouble(error.problem, error.remedy)
        except Exception as error:  # a defect of ours: the window says so and goes on
            log.exception("reading the runs to compare failed")
            self._note_trouble(
                f"internal error while reading, {type(error).__name__}: {error};", "look at the log."
            )

    def _read(self, run: int) -> None:
        known = self.view.found.get(run)
        if known is not None and known.complete and not known.summary.live:
            return
        assert self._store is not None
        try:
            if run not in self._tracks:
                self._tracks[run] = Track(self._store.run(run))
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

    def _note_trouble(self, problem: str, remedy: str) -> None:
        view = self.view
        self.view = Overlaid(view.wanted, view.found, view.faults, Trouble(problem, remedy, utc_now()))

    def _follow(self) -> None:
        while not self._done:
            self.round()
            if self._wanted == self.view.wanted and not self._done:
                self._wake.wait(INTERVAL)
            self._wake.clear()
