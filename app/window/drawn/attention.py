"""Fetching somebody: the window's entry in the task bar calls when something new needs a person."""

from app.window.desk import Desk
from app.window.qt import QtWidgets
from app.window.reading.feed import View
from app.window.shown.cards import cards, new_keys
from app.window.shown.log_lines import state_of

SOUND = "sound"
"""Under this the choice is remembered whether a new alarm or request is also to be heard."""


class Attention:
    """Notices new alarms and requests of the watched run, on whatever page somebody is.

    Parameters
    ----------
    desk : Desk
    window : QWidget
        Any widget of the window that calls.
    """

    def __init__(self, desk: Desk, window: QtWidgets.QWidget) -> None:
        self._desk, self._window = desk, window
        self._run: int | None = None
        self._known: frozenset[str] | None = None
        self._state: object = None
        self.calls = 0
        """How often somebody was called."""

    def look(self, view: View) -> None:
        """Look at what has been read; what was there when a run was first shown is no news."""
        snapshot = view.snapshot
        if snapshot is None or view.loading:
            return
        state = (state_of(snapshot), snapshot.requests, snapshot.summary.state)
        if state == self._state:
            return
        self._state = state
        now = frozenset(f"ask {each.id}" for each in snapshot.requests if each.awaited) | frozenset(
            str(event) for each in cards(snapshot) if each.loud for event in (each.key, *each.events)
        )
        known = self._known if self._run == snapshot.summary.run else None
        self._run, self._known = snapshot.summary.run, now
        if known is not None and new_keys(known, now):
            self._call()

    def _call(self) -> None:
        self.calls += 1
        window = self._window.window()
        if window is not None and not window.isActiveWindow():
            QtWidgets.QApplication.alert(window)
        if self._desk.memory.yes(SOUND):
            QtWidgets.QApplication.beep()
