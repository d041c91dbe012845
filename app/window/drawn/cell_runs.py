"""The runs that were done to a cell, newest first; Enter watches one of them."""

from collections.abc import Sequence

from app.window.drawn import style
from app.window.drawn.marks import paint_sign
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.cell_facts import RUN_COLUMNS, RUN_TIPS, CellRun
from core.records import RunState

STATE = QtCore.Qt.ItemDataRole.UserRole
WIDTHS, NARROW = (32, 56, 152, 176, 104, 72, 80), (32, 48, 104, 104, 88, 56, 64)
"""Pixels of the columns but the last, where there is room and where there is little."""
ROOM = 840
"""Pixels from which on there is room."""
MOST_LINES = 10
"""Runs that are to be seen without scrolling."""
FIGURES, STARTED = (1, 4, 5, 6), 2
"""Columns of figures, and the one that leaves out the time of day where there is little room."""


class RunModel(QtCore.QAbstractTableModel):
    """The runs of one cell."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[CellRun] = []
        self.narrow = False

    def show_runs(self, runs: Sequence[CellRun]) -> None:
        """Show other runs."""
        self.beginResetModel()
        self.runs = list(runs)
        self.endResetModel()

    def rowCount(self, _parent: QtCore.QModelIndex | None = None) -> int:
        """Return how many runs there are."""
        return len(self.runs)

    def columnCount(self, _parent: QtCore.QModelIndex | None = None) -> int:
        """Return how many columns there are."""
        return len(RUN_COLUMNS)

    def data(self, index: QtCore.QModelIndex, role: int = QtCore.Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a column, or the state that its sign stands for."""
        if not index.isValid():
            return None
        run = self.runs[index.row()]
        if role == STATE and index.column() == 0:
            return run.state
        if role == QtCore.Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return run.state.value
        if role == QtCore.Qt.ItemDataRole.ToolTipRole:
            return run.state.value if index.column() == 0 else run.texts[index.column() - 1]
        if role == QtCore.Qt.ItemDataRole.DisplayRole:
            if index.column() == STARTED and self.narrow:
                return run.texts[STARTED - 1].partition(" ")[0]
            return "" if index.column() == 0 else run.texts[index.column() - 1]
        if role == QtCore.Qt.ItemDataRole.TextAlignmentRole and index.column() in FIGURES:
            return int(QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self,
        section: int,
        orientation: QtCore.Qt.Orientation,
        role: int = QtCore.Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return what a column is called, or what that means."""
        if orientation != QtCore.Qt.Orientation.Horizontal:
            return None
        if role == QtCore.Qt.ItemDataRole.DisplayRole:
            return RUN_COLUMNS[section]
        if role == QtCore.Qt.ItemDataRole.ToolTipRole:
            return RUN_TIPS[section]
        if role == QtCore.Qt.ItemDataRole.TextAlignmentRole and section not in FIGURES:
            return int(QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter)
        return None


class CellRuns(QtWidgets.QTableView):
    """The table itself.

    Attributes
    ----------
    picked : pyqtSignal
        With the number of a run that is to be watched.
    """

    picked = QtCore.pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self._model = RunModel()
        self.setModel(self._model)
        self.setAccessibleName("Runs of this cell")
        self.setToolTip("Enter watches the run")
        self.setFont(style.font(14))
        self.setItemDelegateForColumn(0, _SignDelegate(self))
        self.setSelectionBehavior(QtWidgets.QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        colours = style.palette()
        self.setStyleSheet(
            f"QTableView::item {{ border: none; padding: 0 {style.UNIT // 2}px; }}"
            f"QTableView::item:selected {{ background: {colours.hairline}; color: {colours.ink}; }}"
        )
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert columns is not None
        rows.hide()
        rows.setDefaultSectionSize(QtGui.QFontMetrics(style.font(14)).height() + style.UNIT)
        columns.setFont(style.font(13))
        columns.setStretchLastSection(True)
        columns.setHighlightSections(False)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.activated.connect(self._pick)

    @property
    def runs(self) -> list[CellRun]:
        """What is shown."""
        return self._model.runs

    def show_runs(self, runs: Sequence[CellRun]) -> None:
        """Show other runs, keeping to the one that is chosen."""
        if list(runs) == self._model.runs:
            return
        at = self.currentIndex().row()
        kept = self._model.runs[at].run if at >= 0 else None
        self._model.show_runs(runs)
        place = next((place for place, each in enumerate(runs) if each.run == kept), 0)
        self.setCurrentIndex(self._model.index(place, 1))
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert columns is not None
        height = min(len(runs), MOST_LINES) * rows.defaultSectionSize()
        self.setFixedHeight(columns.sizeHint().height() + height + style.UNIT)

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        columns = self.horizontalHeader()
        assert columns is not None
        self._model.narrow = self.width() < ROOM * style.scale()
        for column, width in enumerate(NARROW if self._model.narrow else WIDTHS):
            columns.resizeSection(column, round(width * style.scale()))

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        """Watch a run on Enter, on every system."""
        if event is not None and event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter):
            self._pick(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QtGui.QWheelEvent | None) -> None:
        """Leave the wheel to the page while there is nothing to scroll here."""
        bar = self.verticalScrollBar()
        if event is not None and (bar is None or bar.maximum() == 0):
            event.ignore()
        else:
            super().wheelEvent(event)

    def _pick(self, index: QtCore.QModelIndex) -> None:
        if index.isValid():
            self.picked.emit(self._model.runs[index.row()].run)


class _SignDelegate(QtWidgets.QStyledItemDelegate):
    """Paints the sign of a state."""

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        """Paint ground and sign."""
        super().paint(painter, option, index)
        state = index.data(STATE)
        if painter is not None and isinstance(state, RunState):
            painter.save()
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            place = QtCore.QRectF(option.rect)
            sign = QtCore.QRectF(0, 0, 18, 18)
            sign.moveCenter(place.center())
            paint_sign(painter, sign, style.sign_of(state))
            painter.restore()
