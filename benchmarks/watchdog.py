"""How long the window's thread was not free: a timer that ought to fire all the time, and the gaps in it."""

import sys
import threading
import traceback
from collections import Counter

import numpy as np

from app.window.qt import QtCore
from core.clock import wall_time

EVERY = 2
"""ms between two ticks of an idle window."""


class Watchdog:
    """Ticks in the window's thread and keeps the gaps between ticks.

    Parameters
    ----------
    blame : float
        s of silence after which the stack of the window's thread is looked at, to say what it was doing.
    """

    def __init__(self, blame: float = 0.06) -> None:
        self.gaps: list[float] = []
        self.blamed: Counter[str] = Counter()
        self._blame = blame
        self._last = wall_time()
        self._window = threading.get_ident()
        self._done = threading.Event()
        self._timer = QtCore.QTimer()
        self._timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(EVERY)
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """Forget what was before, e.g. the opening of the window."""
        self.gaps.clear()
        self.blamed.clear()
        self._last = wall_time()

    def stop(self) -> None:
        """Stop looking."""
        self._timer.stop()
        self._done.set()
        self._thread.join()

    def figures(self) -> dict[str, float]:
        """Return median, p95, p99 and longest gap in ms, and how many were longer than 100 ms."""
        gaps = 1e3 * np.array(self.gaps or [np.nan])
        shares = {f"p{share}": float(np.percentile(gaps, share)) for share in (50, 95, 99)}
        return shares | {"longest": float(gaps.max()), "over_100": float(np.count_nonzero(gaps > 100))}

    def _tick(self) -> None:
        now = wall_time()
        self.gaps.append(now - self._last)
        self._last = now

    def _look(self) -> None:
        while not self._done.wait(0.02):
            if wall_time() - self._last > self._blame:
                frame = sys._current_frames().get(self._window)
                ours = [each for each in traceback.extract_stack(frame) if "/app/" in each.filename]
                where = ours[-1] if ours else None
                self.blamed[
                    "Qt" if where is None else f"{where.filename.split('/app/')[-1]}:{where.lineno}"
                ] += 1
