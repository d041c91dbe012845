"""Drawing one thing a turn of the event loop, so that clicks and keys come in between."""

from collections.abc import Callable

from app.window.qt import QtCore


class Turns(QtCore.QObject):
    """Does what is asked one after the other, each in a turn of its own.

    What is asked again before its turn has come is done once, as it was asked last, at the place it had.

    Parameters
    ----------
    parent : QObject
        With which it goes.
    """

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._waiting: dict[str, Callable[[], None]] = {}
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._do_one)

    def ask(self, name: str, work: Callable[[], None]) -> None:
        """Have something done, under a name of its own."""
        self._waiting[name] = work
        if not self._timer.isActive():
            self._timer.start(0)

    def finish(self) -> bool:
        """Do at once what still waits; return whether there was anything."""
        had = bool(self._waiting)
        while self._waiting:
            self._do_one()
        return had

    def drop(self) -> None:
        """Do none of what still waits."""
        self._waiting.clear()
        self._timer.stop()

    def _do_one(self) -> None:
        if not self._waiting:
            self._timer.stop()
            return
        name = next(iter(self._waiting))
        self._waiting.pop(name)()
