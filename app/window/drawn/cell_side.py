"""The left side of the Cells page: search, the list of cells, and how many there are."""

from app.window.drawn import style
from app.window.drawn.cell_list import CellList
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtWidgets


class CellSide(QtWidgets.QWidget):
    """The list with what finds a cell in it.

    Parameters
    ----------
    words : str
        Search words to begin with.
    retired : bool
        Whether retired cells are shown at first.

    Attributes
    ----------
    searched : pyqtSignal
        Other cells are to be shown.
    """

    searched = QtCore.pyqtSignal()

    def __init__(self, words: str, retired: bool) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.list, self.summary = CellList(), label(13, grey=True)
        self.search, self.retired = QtWidgets.QLineEdit(words), QtWidgets.QPushButton()
        self.new, self.register_all = QtWidgets.QPushButton("New cells …"), QtWidgets.QPushButton()
        self.summary.setWordWrap(True)
        self.search.setPlaceholderText("Search: name, anode, spent, fresh …   /")
        self.search.setAccessibleName("Search cells")
        self.search.setToolTip(
            "All of the words have to occur; spent, fresh, used and live are words, too  (/)"
        )
        self.search.setFont(style.font(15))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self.searched.emit())
        self.search.returnPressed.connect(self.list.setFocus)
        self.retired.setCheckable(True)
        self.retired.setChecked(retired)
        self._mark_retired(retired)
        self.retired.toggled.connect(self._mark_retired)
        self.retired.toggled.connect(lambda _on: self.searched.emit())
        for button, tip in (
            (self.new, "Write down one cell, or several by a pattern of names  (Ctrl+Shift+N)"),
            (self.retired, "Show the cells as well that are not to be used any more"),
            (
                self.register_all,
                "Put every cell that only runs name into the registry, as its newest run has it",
            ),
        ):
            button.setFont(style.font(15))
            button.setAutoDefault(False)
            button.setToolTip(tip)
        self._lay_out()

    def show_unregistered(self, number: int) -> None:
        """Offer to register all cells that only runs name."""
        self.register_all.setVisible(number > 1)
        self.register_all.setText(f"Register all {number} from their runs")

    def _mark_retired(self, shown: bool) -> None:
        self.retired.setText("✓ Retired too" if shown else "Retired too")

    def _lay_out(self) -> None:
        top = QtWidgets.QHBoxLayout()
        top.setSpacing(style.UNIT)
        top.addWidget(self.new)
        top.addStretch(1)
        top.addWidget(self.retired)
        above, below = QtWidgets.QVBoxLayout(), QtWidgets.QVBoxLayout()
        for part in (above, below):
            part.setContentsMargins(2 * style.UNIT, 0, 2 * style.UNIT, 0)
            part.setSpacing(style.UNIT)
        above.addLayout(top)
        above.addWidget(self.search)
        below.addWidget(self.register_all)
        below.addWidget(self.summary)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 2 * style.UNIT, 0, style.UNIT)
        column.setSpacing(style.UNIT)
        column.addLayout(above)
        column.addWidget(self.list, 1)
        column.addLayout(below)
