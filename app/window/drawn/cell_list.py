"""The list of cells at the left of the Cells page: a sign, a name and what became of the electrode."""

from collections.abc import Sequence

from app.window.drawn import style
from app.window.drawn.marks import paint_sign
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.cell_rows import CellLine, CellRow

LINE = QtCore.Qt.ItemDataRole.UserRole
SIGN = 20
"""Pixels of the sign."""


def sign_of(row: CellRow) -> style.Sign:
    """Return how a cell looks: by what became of it, or that it is retired."""
    colours = style.palette()
    if row.retired and not row.condition.spent:
        return style.Sign(colours.faint, "dash")
    return {
        "fresh": style.Sign(colours.green, "ring"),
        "used": style.Sign(colours.green, "tick"),
        "live": style.Sign(colours.blue, "disc"),
        "doubtful": style.Sign(colours.orange, "triangle"),
        "spent": style.Sign(colours.vermillion, "cross"),
    }[row.condition.kind]


def condition_colour(row: CellRow) -> str:
    """Return the colour of the words that say what became of a cell; grey unless they matter."""
    colours = style.palette()
    return {"spent": colours.vermillion, "live": colours.blue}.get(row.condition.kind, colours.grey)


class CellModel(QtCore.QAbstractListModel):
    """The lines of the list."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[CellLine] = []

    def show_lines(self, lines: Sequence[CellLine]) -> None:
        """Show other lines."""
        wanted = list(lines)
        if [(each.heading, each.name) for each in wanted] == [(e.heading, e.name) for e in self.lines]:
            self.lines = wanted
            if wanted:
                self.dataChanged.emit(self.index(0), self.index(len(wanted) - 1))
            return
        self.beginResetModel()
        self.lines = wanted
        self.endResetModel()

    def rowCount(self, _parent: QtCore.QModelIndex | None = None) -> int:
        """Return how many lines there are."""
        return len(self.lines)

    def flags(self, index: QtCore.QModelIndex) -> QtCore.Qt.ItemFlags:
        """Let cells be chosen, and headings not."""
        if self.lines[index.row()].row is None:
            return QtCore.Qt.ItemFlags(QtCore.Qt.ItemFlag.NoItemFlags)
        flag = QtCore.Qt.ItemFlag
        return QtCore.Qt.ItemFlags(flag.ItemIsEnabled) | flag.ItemIsSelectable

    def data(self, index: QtCore.QModelIndex, role: int = QtCore.Qt.ItemDataRole.DisplayRole) -> object:
        """Return the line itself, its words for those who have it read out, or its tip."""
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in (QtCore.Qt.ItemDataRole.DisplayRole, QtCore.Qt.ItemDataRole.AccessibleTextRole):
            return line.heading if line.row is None else f"{line.name} {line.row.words} {line.row.below}"
        if role == QtCore.Qt.ItemDataRole.ToolTipRole:
            return None if line.row is None else line.row.tip
        return None


class CellList(QtWidgets.QListView):
    """The list itself.

    Attributes
    ----------
    chosen : pyqtSignal
        With the name of the cell that somebody has moved to.
    """

    chosen = QtCore.pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self._model = CellModel()
        self.setModel(self._model)
        self.setItemDelegate(_CellDelegate(self))
        self.setAccessibleName("Cells")
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        selection = self.selectionModel()
        assert selection is not None
        selection.currentChanged.connect(self._moved)

    @property
    def lines(self) -> list[CellLine]:
        """What is shown."""
        return self._model.lines

    @property
    def name(self) -> str:
        """Name of the chosen cell; empty while there is none."""
        index = self.currentIndex()
        return self._model.lines[index.row()].name if index.isValid() else ""

    def show_lines(self, lines: Sequence[CellLine], name: str) -> str:
        """Show other lines and keep to a cell, or to the first where that is not among them.

        Returns the name of the cell that is chosen now.
        """
        # Where the list moves by itself, nobody has moved to a cell.
        self._quiet = True
        self._model.show_lines(lines)
        names = [each.name for each in lines]
        found = name if name and name in names else next(filter(None, names), "")
        if found:
            self.setCurrentIndex(self._model.index(names.index(found)))
        self._quiet = False
        return found

    def _moved(self, _current: QtCore.QModelIndex, _before: QtCore.QModelIndex) -> None:
        if not self._quiet and self.name:
            self.chosen.emit(self.name)


class _CellDelegate(QtWidgets.QStyledItemDelegate):
    """Paints a `CellLine`."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        # Asked for each line of the list, so they are made once.
        self._heading = QtCore.QSize(0, _metrics(13).height() + 3 * style.UNIT)
        self._cell = QtCore.QSize(0, _metrics(15).height() + _metrics(13).height() + 2 * style.UNIT + 2)

    def sizeHint(self, _option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> QtCore.QSize:
        """Return the room of a heading, or of a name with a line below."""
        line = index.data(LINE)
        return self._heading if isinstance(line, CellLine) and line.row is None else self._cell

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        """Paint a heading or a cell, shortened to the room there is."""
        line = index.data(LINE)
        if painter is None or not isinstance(line, CellLine):
            return
        painter.save()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        place = QtCore.QRect(option.rect)
        if line.row is None:
            painter.setFont(style.font(13, bold=True))
            painter.setPen(QtGui.QColor(style.palette().grey))
            room = place.adjusted(2 * style.UNIT, 0, -style.UNIT, -style.UNIT // 2)
            bottom = QtCore.Qt.AlignmentFlag.AlignBottom | QtCore.Qt.AlignmentFlag.AlignLeft
            painter.drawText(room, int(bottom), line.heading)
        else:
            self._paint_ground(painter, option, place)
            self._paint_cell(painter, place, line.row)
        painter.restore()

    def _paint_ground(
        self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, place: QtCore.QRect
    ) -> None:
        colours, state = style.palette(), QtWidgets.QStyle.StateFlag
        chosen, over = bool(option.state & state.State_Selected), bool(option.state & state.State_MouseOver)
        if chosen or over:
            painter.fillRect(place, QtGui.QColor(colours.ground))
        if chosen:
            painter.fillRect(
                QtCore.QRect(place.left(), place.top(), 4, place.height()), QtGui.QColor(colours.accent)
            )
        if option.state & state.State_HasFocus:
            painter.setPen(QtGui.QPen(QtGui.QColor(colours.accent), 1.5))
            painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _paint_cell(self, painter: QtGui.QPainter, place: QtCore.QRect, row: CellRow) -> None:
        colours, centre = style.palette(), QtCore.Qt.AlignmentFlag.AlignVCenter
        left = place.left() + 2 * style.UNIT
        name = QtCore.QRect(0, place.top() + style.UNIT, 0, _metrics(15).height())
        paint_sign(painter, QtCore.QRectF(left, name.center().y() - SIGN / 2 + 1, SIGN, SIGN), sign_of(row))
        name.setLeft(left + SIGN + style.UNIT)
        name.setRight(place.right() - 2 * style.UNIT)
        strong = row.condition.spent
        # The name comes first: what became of it may be cut, and the sign says it, too.
        wanted = _metrics(13, strong).horizontalAdvance(row.words)
        words = min(wanted, max(name.width() - _metrics(15).horizontalAdvance(row.name) - style.UNIT, 0))
        painter.setFont(style.font(13, bold=strong))
        painter.setPen(QtGui.QColor(condition_colour(row)))
        shown = _metrics(13, strong).elidedText(row.words, _RIGHT_END, words + 1)
        painter.drawText(name, int(centre | QtCore.Qt.AlignmentFlag.AlignRight), shown if words > 32 else "")
        painter.setFont(style.font(15))
        painter.setPen(QtGui.QColor(colours.grey if row.retired else colours.ink))
        painter.drawText(name, int(centre), _metrics(15).elidedText(row.name, _RIGHT_END, name.width()))
        below = QtCore.QRect(name.left(), name.bottom() + 3, name.width(), _metrics(13).height())
        painter.setFont(style.font(13))
        painter.setPen(QtGui.QColor(colours.grey))
        painter.drawText(below, int(centre), _metrics(13).elidedText(row.below, _RIGHT_END, below.width()))


_RIGHT_END = QtCore.Qt.TextElideMode.ElideRight


def _metrics(pixels: int, bold: bool = False) -> QtGui.QFontMetrics:
    return QtGui.QFontMetrics(style.font(pixels, bold))
