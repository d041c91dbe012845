"""A button that says what it will do and asks once more, in its own place and never in the way."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.drawn.cards import button, words
from app.window.qt import QtCore, QtWidgets


class Confirm(QtWidgets.QWidget):
    """Two clicks: the first opens what it means, the second does it.

    Parameters
    ----------
    first, second : str
        The words on the two buttons.
    done : callable
        Called with the second click.
    """

    def __init__(self, first: str, second: str, done: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self._done = done
        self.first = button(first, "", self.open)
        self.meaning = words(14)
        self.second = button(second, "This cannot be undone.", self._do, "stop")
        self.back = button("Leave it", "Nothing is told to the run.", self.fold)
        self._asking = QtWidgets.QWidget()
        inside = QtWidgets.QVBoxLayout(self._asking)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(style.UNIT)
        inside.addWidget(self.meaning)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(style.UNIT)
        row.addWidget(self.second, 1)
        row.addWidget(self.back, 1)
        inside.addLayout(row)
        self._asking.hide()
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.first)
        column.addWidget(self._asking)

    def explain(self, meaning: str, possible: bool) -> None:
        """Say what it would do, or why it cannot be done; then it folds."""
        self.first.setToolTip(meaning)
        self.meaning.setText(meaning)
        self.first.setEnabled(possible)
        if not possible:
            self.fold()

    def open(self) -> None:
        """Ask once more; nothing has been done yet."""
        self.first.hide()
        self._asking.show()
        self.back.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)

    def fold(self) -> None:
        """Leave it."""
        self._asking.hide()
        self.first.show()

    def _do(self) -> None:
        self.fold()
        self._done()
