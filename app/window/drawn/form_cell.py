"""The part of a form that says which cell: one of the registry, or a new one."""

from collections.abc import Callable, Sequence

from app.window.drawn import style
from app.window.drawn.choice import Choice
from app.window.drawn.form_groups import Groups, grey
from app.window.drawn.form_rows import Line, Write, heading
from app.window.qt import QtCore, QtWidgets
from app.window.shown.form_cells import KnownCell

NEW = "A new cell"


class CellPart(QtWidgets.QWidget):
    """Choosing and describing a cell.

    Parameters
    ----------
    write : callable
        Called with the path of a field and what has been written in it.
    choose : callable
        Called with a cell of the registry; None for a new one.
    register : callable
        Called when what is written is to be registered.
    """

    def __init__(
        self, write: Write, choose: Callable[[KnownCell | None], None], register: Callable[[], None]
    ) -> None:
        super().__init__()
        self._choose = choose
        self._known: tuple[KnownCell, ...] = ()
        self.known = Choice()
        self.known.setEditable(True)
        editor = Line()
        editor.setFont(style.font(15))
        self.known.setLineEdit(editor)
        self.known.setInsertPolicy(QtWidgets.QComboBox.InsertPolicy.NoInsert)
        self.known.setFont(style.font(15))
        self.known.setMinimumWidth(208)
        self.known.setSizeAdjustPolicy(
            QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.known.setAccessibleName("Cells of the registry")
        self.known.setToolTip("Cells of the registry; type to search them by name or anode.")
        completer = self.known.completer()
        if completer is not None:
            completer.setFilterMode(QtCore.Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QtWidgets.QCompleter.CompletionMode.PopupCompletion)
        self.known.activated.connect(self._activated)
        self.register = QtWidgets.QToolButton()
        self.register.setText("Register this cell")
        self.register.setFont(style.font(14))
        self.register.setToolTip(
            "Write this cell into the registry of the store, both areas and history with it."
        )
        self.register.clicked.connect(register)
        self.number = grey("", 14)
        self.groups = Groups(write)
        self._lay_out()
        self.show_known((), "")

    def show_known(self, cells: Sequence[KnownCell], name: str) -> None:
        """Show which cells there are in the registry; `name` is that of the cell that is written."""
        if tuple(cells) != self._known or not self.known.count():
            self._known = tuple(cells)
            with QtCore.QSignalBlocker(self.known):
                self.known.clear()
                self.known.addItem(NEW)
                self.known.addItems([each.words for each in self._known])
        at = next((place for place, each in enumerate(self._known, 1) if each.name == name), 0)
        editor = self.known.lineEdit()
        if at != self.known.currentIndex() and (editor is None or not editor.hasFocus()):
            with QtCore.QSignalBlocker(self.known):
                self.known.setCurrentIndex(at)
        self.register.setVisible(at == 0)

    def show_number(self, words: str) -> None:
        """Show which name a pattern comes to."""
        self.number.setText(words)
        self.number.setVisible(bool(words))

    def _activated(self, at: int) -> None:
        self._choose(self._known[at - 1] if at else None)

    def _lay_out(self) -> None:
        top = QtWidgets.QHBoxLayout()
        top.setSpacing(style.UNIT)
        top.addWidget(self.known, 1)
        top.addWidget(self.register)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.UNIT)
        column.addWidget(heading("Cell"))
        column.addLayout(top)
        column.addWidget(self.number)
        column.addWidget(self.groups)
