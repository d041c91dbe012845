"""The sheet of keys: what can be done by keyboard, over everything and in the way of nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.window.drawn import style
from app.window.drawn.labels import ElidedLabel, label
from app.window.qt import QtCore, QtGui, QtWidgets

Child = TypeVar("Child", bound=QtCore.QObject)


@dataclass(frozen=True, order=True)
class Key:
    """One shortcut: its keys as they are printed on keyboards, and what it does."""

    keys: str
    does: str


def keys_of(widget: QtWidgets.QWidget, without: Sequence[QtWidgets.QWidget] = ()) -> list[Key]:
    """Return the shortcuts that a widget and what is in it have, in order, each once.

    Those of buttons and menus are described by their "what's this", tooltip or text, others by their
    "what's this"; a shortcut that nobody has described is left out.

    Parameters
    ----------
    widget : QWidget
    without : sequence of QWidget
        Parts whose keys do nothing at present, such as pages that are not in front.
    """
    found: set[Key] = set()
    for button in _those(widget.findChildren(QtWidgets.QAbstractButton), without):
        words = button.whatsThis() or _first_line(button.toolTip()) or button.text().replace("&", "")
        found.update(_keys([button.shortcut()], words))
    for shortcut in _those(widget.findChildren(QtWidgets.QShortcut), without):
        found.update(_keys([shortcut.key()], shortcut.whatsThis()))
    for action in _those(widget.findChildren(QtWidgets.QAction), without):
        found.update(_keys(action.shortcuts(), action.toolTip() or action.text()))
    return sorted(found)


def _those(children: list[Child], without: Sequence[QtWidgets.QWidget]) -> list[Child]:
    return [each for each in children if not any(_within(each, part) for part in without)]


def _within(child: QtCore.QObject | None, part: QtWidgets.QWidget) -> bool:
    while child is not None and child is not part:
        child = child.parent()
    return child is part


def _keys(sequences: list[QtGui.QKeySequence], words: str) -> list[Key]:
    native = QtGui.QKeySequence.SequenceFormat.NativeText
    return [Key(each.toString(native), words) for each in sequences if not each.isEmpty() and words]


def _first_line(tip: str) -> str:
    """Return what a tooltip says before its details: up to the first sentence's end, without the keys."""
    line = tip.split("\n")[0].split("  (")[0]
    return line if len(line) <= MOST else line.split(". ")[0].split("; ")[0]


MOST = 72
"""Characters of a description, beyond which only its first clause is shown."""


class KeysSheet(QtWidgets.QFrame):
    """A card over the window with all shortcuts; Esc, F1 or a click closes it. Everything else goes on.

    Parameters
    ----------
    parent : QWidget
        The window.
    """

    COLUMNS = 2

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.setAccessibleName("keys")
        self._grid = QtWidgets.QGridLayout()
        self._grid.setHorizontalSpacing(2 * style.UNIT)
        self._grid.setVerticalSpacing(6)
        title, foot = label(20, bold=True), label(13, grey=True)
        title.setText("Keys")
        foot.setText("Esc or F1 closes this. Runs and window go on meanwhile.")
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(*4 * [3 * style.UNIT])
        column.setSpacing(2 * style.UNIT)
        column.addWidget(title)
        column.addLayout(self._grid)
        column.addWidget(foot)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        self.hide()

    def toggle(self, keys: list[Key]) -> None:
        """Show these keys, or hide the sheet."""
        if self.isVisible():
            self.hide()
            return
        self._fill(keys)
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self.setFocus()

    def place(self) -> None:
        """Stand in the middle of the window."""
        parent = self.parentWidget()
        if parent is not None:
            room = parent.rect().adjusted(style.UNIT, style.UNIT, -style.UNIT, -style.UNIT)
            self.resize(self.sizeHint().boundedTo(room.size()))
            frame = self.rect()
            frame.moveCenter(room.center())
            self.move(frame.topLeft())

    def event(self, event: QtCore.QEvent | None) -> bool:
        """Keep Esc from the shortcuts of the page below."""
        wanted = event is not None and event.type() == QtCore.QEvent.Type.ShortcutOverride
        if wanted and isinstance(event, QtGui.QKeyEvent) and event.key() == QtCore.Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        """Close with Esc."""
        if event is not None and event.key() == QtCore.Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, _event: QtGui.QMouseEvent | None) -> None:
        """Close."""
        self.hide()

    def _fill(self, keys: list[Key]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        rows = -(-len(keys) // self.COLUMNS)
        for place, key in enumerate(keys):
            name, does = label(14, bold=True), ElidedLabel(14)
            name.setText(key.keys)
            does.show_text(key.does)
            row, column = place % rows, 2 * (place // rows)
            self._grid.addWidget(name, row, column)
            self._grid.addWidget(does, row, column + 1)
