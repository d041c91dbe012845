"""Rehearsing what was written in a child process, which ends with the window."""

import threading
from pathlib import Path

from app.launching import Progress, Rehearsal
from app.window.qt import QtCore
from app.window.shown.forecast import Rehearsed, begun, going, refused, rehearsed
from app.window.starting.companion import Companion
from core.errors import StripbenchError


class Rehearser(QtCore.QObject):
    """Rehearses one thing at a time.

    Parameters
    ----------
    companion : Companion

    Attributes
    ----------
    shown : Rehearsed or None
        What there is to show of the last rehearsal; None before the first one.
    pid : int or None
        Of the rehearsal that is under way.
    changed : pyqtSignal
        Of `shown`.
    """

    changed = QtCore.pyqtSignal()

    def __init__(self, companion: Companion) -> None:
        super().__init__(companion)
        self._companion = companion
        self._cancelled: threading.Event | None = None
        self._name = ""
        self.shown: Rehearsed | None = None
        self.pid: int | None = None

    @property
    def going(self) -> bool:
        """Whether a rehearsal is under way."""
        return self._cancelled is not None

    def rehearse(self, work: str | Path, bench: str, name: str) -> None:
        """Rehearse a text, or a file where it lies, unless a rehearsal is under way; `name` is its title."""
        if self.going:
            return
        self._name, self.pid = name, None
        cancelled = self._cancelled = threading.Event()
        self._show(begun())

        def begin() -> Rehearsal:
            rehearsal = Rehearsal(work, bench or None)
            self.pid = rehearsal.pid
            return rehearsal

        def look(rehearsal: Rehearsal) -> tuple[Progress, bool]:
            if cancelled.is_set():
                rehearsal.cancel()
            found = rehearsal.poll()
            return found, found.over

        self._companion.follow(begin, look, self._take, lambda rehearsal: rehearsal.close())

    def cancel(self) -> None:
        """End the rehearsal that is under way."""
        if self._cancelled is not None:
            self._cancelled.set()

    def _take(self, found: Progress | StripbenchError) -> None:
        if isinstance(found, Progress) and not found.over:
            self._show(going(found.lines))
            return
        self._cancelled = None
        if isinstance(found, StripbenchError):
            self._show(refused(str(found)))
        else:
            self._show(rehearsed(found.state, found.outcome, found.problem, self._name))

    def _show(self, shown: Rehearsed) -> None:
        self.shown = shown
        self.changed.emit()
