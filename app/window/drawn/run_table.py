"""The table of runs: a model over lines that were arranged elsewhere, and the view of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.window.drawn import style
from app.window.drawn.run_delegate import LEFT, RIGHT, LineDelegate
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.run_columns import COLUMNS, NAMES
from app.window.shown.run_order import Line, campaign_text
from app.window.shown.run_rows import RunRow

Role = QtCore.Qt.ItemDataRole
Key = QtCore.Qt.Key
ROW = 32
"""Pixels."""

KEYS = {
    Key.Key_C: "compare",
    Key.Key_R: "refit",
    Key.Key_P: "replay",
    Key.Key_E: "export",
    Key.Key_W: "report",
}
"""What a letter does to the runs that are marked."""


class RunModel(QtCore.QAbstractTableModel):
    """Lines of the table; only what is in view is ever asked for its text."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self._sorted = ("", False)

    def show_order(self, name: str, falling: bool) -> None:
        """Show by what is sorted, in the heading of its column."""
        if (name, falling) != self._sorted:
            self._sorted = (name, falling)
            self.headerDataChanged.emit(QtCore.Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; where they are about the same things only their contents change."""
        same = [each.identity for each in lines] == [each.identity for each in self.lines]
        if same:
            self.lines = lines
            if lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: QtCore.QModelIndex | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: QtCore.QModelIndex | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: QtCore.QModelIndex, role: int = Role.DisplayRole) -> Any:
        """Return text, tooltip or alignment of a cell; `Role.UserRole` is the line."""
        line, column = self.lines[index.row()], COLUMNS[index.column()]
        if role == Role.UserRole:
            return line
        if line.row is None:
            heading = role in (Role.ToolTipRole, Role.AccessibleTextRole)
            return (
                campaign_text(line) if heading or (role == Role.DisplayRole and not index.column()) else None
            )
        if role == Role.DisplayRole:
            return column.text(line.row)
        if role == Role.ToolTipRole:
            return self._tip(line.row, column.name)
        if role == Role.TextAlignmentRole:
            return int(RIGHT if column.right else LEFT)
        return None

    def headerData(
        self, section: int, orientation: QtCore.Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Return title, tooltip or alignment of a column."""
        if orientation != QtCore.Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Role.DisplayRole:
            name, falling = self._sorted
            return f"{column.title} {'▾' if falling else '▴'}" if column.name == name else column.title
        if role == Role.ToolTipRole:
            return f"{column.tip}. Click: sort by it."
        if role == Role.TextAlignmentRole:
            return int(RIGHT if column.right else LEFT)
        return None

    def _tip(self, row: RunRow, name: str) -> str | None:
        summary = row.overview.summary
        if name == "started":
            return f"{summary.started_utc:%Y-%m-%d %H:%M:%S} UTC"
        if name == "t0":
            return (
                row.transition.why if row.transition else "no depletion was decided" * row.looked_up or None
            )
        if name == "bench":
            return f"{summary.bench}, channel {summary.channel}"
        text = COLUMNS[NAMES.index(name)].text(row)
        return text or None


class RunTable(QtWidgets.QTableView):
    """The view of the table.

    Attributes
    ----------
    act_wanted : pyqtSignal
        With a word: ``"watch"``, ``"compare"``, ``"refit"``, ``"replay"``, ``"export"``,
        ``"report"``, ``"bin"`` or ``"restore"``.
    fold_wanted : pyqtSignal
        With a campaign, and whether it is to be folded.
    sort_wanted : pyqtSignal
        With the name of a column.
    marked : pyqtSignal
        Other runs are marked than before.
    """

    act_wanted = QtCore.pyqtSignal(str)
    fold_wanted = QtCore.pyqtSignal(int, bool)
    sort_wanted = QtCore.pyqtSignal(str)
    marked = QtCore.pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.runs = RunModel()
        self.setModel(self.runs)
        self.setAccessibleName("Runs")
        self.setFont(style.font(13))
        self.setSelectionBehavior(self.SelectRows)
        self.setSelectionMode(self.ExtendedSelection)
        self.setHorizontalScrollMode(self.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(LineDelegate(self))
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        assert rows is not None
        assert columns is not None
        rows.hide()
        rows.setSectionResizeMode(rows.Fixed)
        rows.setDefaultSectionSize(ROW)
        columns.setFont(style.font(12))
        columns.setSectionsClickable(True)
        columns.setHighlightSections(False)
        columns.setStretchLastSection(True)
        columns.setMinimumSectionSize(40)
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, column.width)
        columns.sectionClicked.connect(lambda section: self.sort_wanted.emit(NAMES[section]))
        self.doubleClicked.connect(self._activate)
        self.clicked.connect(self._clicked)
        selection = self.selectionModel()
        assert selection is not None
        selection.selectionChanged.connect(lambda *_: self.marked.emit())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; what was marked stays marked, and what was in view stays in view."""
        chosen, current = set(self.chosen()), self.current()
        before = current.identity if current is not None else None
        self.runs.show_lines(lines)
        if not self._indices() and (chosen or before):
            self._mark(lines, chosen, before)

    def chosen(self) -> tuple[int, ...]:
        """Return the runs that are marked, from top to bottom; a heading stands for no run."""
        lines = (self.runs.lines[index.row()] for index in sorted(self._indices()))
        return tuple(line.row.run for line in lines if line.row is not None)

    def current(self) -> Line | None:
        """Return the line that the keyboard is at."""
        index = self.currentIndex()
        return (
            self.runs.lines[index.row()] if index.isValid() and index.row() < len(self.runs.lines) else None
        )

    def in_view(self) -> list[RunRow]:
        """Return the runs that can be seen."""
        viewport = self.viewport()
        assert viewport is not None
        first, last = self.rowAt(0), self.rowAt(viewport.height() - 1)
        if first < 0:
            return []
        lines = self.runs.lines[first : (last if last >= 0 else len(self.runs.lines)) + 1]
        return [line.row for line in lines if line.row is not None]

    def mark_runs(self, runs: Iterable[int]) -> None:
        """Mark runs, as far as they are listed."""
        self._mark(self.runs.lines, set(runs), None)

    def event(self, event: QtCore.QEvent | None) -> bool:
        """Keep the letters that do something here from the shortcuts of the window."""
        if event is not None and event.type() == QtCore.QEvent.Type.ShortcutOverride:
            assert isinstance(event, QtGui.QKeyEvent)
            plain = not event.modifiers() & ~QtCore.Qt.KeyboardModifier.KeypadModifier
            if plain and (event.key() in KEYS or event.key() == Key.Key_Delete):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        """Do what a key says to the runs that are marked."""
        assert event is not None
        line, key = self.current(), event.key()
        plain = not event.modifiers() & ~QtCore.Qt.KeyboardModifier.KeypadModifier
        if key in (Key.Key_Return, Key.Key_Enter):
            self._activate()
        elif key in KEYS and plain:
            self.act_wanted.emit(KEYS[Key(key)])
        elif key == Key.Key_Delete:
            self.act_wanted.emit("bin" if plain else "restore")
        elif key in (Key.Key_Left, Key.Key_Right) and line is not None and line.campaign is not None:
            self.fold_wanted.emit(line.campaign.campaign, key == Key.Key_Left)
        elif key in (Key.Key_Up, Key.Key_Down) and line is not None and not self._indices():
            # Qt moves on from the line where the keyboard is, which there is nowhere to do in a short table.
            self.selectRow(self.currentIndex().row())
        elif key == Key.Key_Left and line is not None and line.inside and line.row is not None:
            self._go_to_heading(line.row)
        else:
            super().keyPressEvent(event)

    def _activate(self, *_: object) -> None:
        line = self.current()
        if line is not None and line.campaign is not None:
            self.fold_wanted.emit(line.campaign.campaign, not line.folded)
        elif line is not None:
            self.act_wanted.emit("watch")

    def _clicked(self, index: QtCore.QModelIndex) -> None:
        line = self.runs.lines[index.row()]
        viewport = self.viewport()
        assert viewport is not None
        at = viewport.mapFromGlobal(QtGui.QCursor.pos()).x() + self.horizontalOffset()
        if line.campaign is not None and at < 4 * style.UNIT:
            self.fold_wanted.emit(line.campaign.campaign, not line.folded)

    def _go_to_heading(self, row: RunRow) -> None:
        for place, line in enumerate(self.runs.lines):
            if line.campaign is not None and line.campaign.campaign == row.overview.summary.campaign:
                self.setCurrentIndex(self.runs.index(place, 0))

    def _indices(self) -> set[QtCore.QModelIndex]:
        selection = self.selectionModel()
        return set() if selection is None else set(selection.selectedRows())

    def _mark(self, lines: Sequence[Line], runs: set[int], current: tuple[str, int] | None) -> None:
        marks = QtCore.QItemSelection()
        for place, line in enumerate(lines):
            index = self.runs.index(place, 0)
            if line.row is not None and line.row.run in runs:
                marks.select(index, self.runs.index(place, len(COLUMNS) - 1))
            if line.identity == current or (current is None and marks.count() == 1 and line.row is not None):
                selection = self.selectionModel()
                assert selection is not None
                selection.setCurrentIndex(index, QtCore.QItemSelectionModel.SelectionFlag.NoUpdate)
        selection = self.selectionModel()
        assert selection is not None
        selection.select(marks, QtCore.QItemSelectionModel.SelectionFlag.ClearAndSelect)
