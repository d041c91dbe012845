"""A list of lines with a sign, words, something at the right and, where wanted, a second line in grey."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.window.drawn import style
from app.window.drawn.marks import paint_sign
from app.window.qt import QtCore, QtGui, QtWidgets

LINE = QtCore.Qt.ItemDataRole.UserRole
SIGN = 16
"""Pixels of the sign."""


@dataclass(frozen=True)
class Row:
    """One line.

    Attributes
    ----------
    sign : Sign
    text, right, below, tip : str
    strong : bool
        Whether it is what is going on, or shown.
    value : int or None
        What it stands for, e.g. the number of a run; a row without one cannot be picked.
    """

    sign: style.Sign
    text: str
    right: str = ""
    below: str = ""
    tip: str = ""
    strong: bool = False
    value: int | None = None


class RowList(QtWidgets.QListWidget):
    """Lines to look at, and to pick with a click or Enter.

    Attributes
    ----------
    picked : pyqtSignal
        With the value of a row.
    """

    picked = QtCore.pyqtSignal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self.setAccessibleName(name)
        self.setItemDelegate(_RowDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Expanding)
        self.itemClicked.connect(self._pick)
        self.itemActivated.connect(self._pick)

    def show_rows(self, rows: Sequence[Row]) -> bool:
        """Show other rows, keeping the place that is looked at; return whether any differs."""
        wanted = list(rows)
        if wanted == self._rows:
            return False
        if [each.value for each in wanted] != [each.value for each in self._rows]:
            self._refill(wanted)
        else:
            for place, row in enumerate(wanted):
                if row != self._rows[place]:
                    self._dress(self._item(place), row)
        self._rows = wanted
        return True

    @property
    def rows(self) -> list[Row]:
        """What is shown."""
        return list(self._rows)

    def height_wanted(self) -> int:
        """Return the height at which nothing has to be scrolled."""
        return sum(self.sizeHintForRow(place) for place in range(self.count())) + 2 * self.frameWidth()

    def _refill(self, rows: list[Row]) -> None:
        bar = self.verticalScrollBar()
        place, chosen = 0 if bar is None else bar.value(), self.currentRow()
        self.clear()
        for row in rows:
            item = QtWidgets.QListWidgetItem(self)
            self._dress(item, row)
        self.setCurrentRow(min(chosen, len(rows) - 1))
        if bar is not None:
            # Only the layout knows how far can be scrolled.
            self.doItemsLayout()
            bar.setValue(place)

    def _dress(self, item: QtWidgets.QListWidgetItem, row: Row) -> None:
        item.setData(LINE, row)
        # Read out by screen readers; what is painted comes from the row.
        item.setText(" ".join(part for part in (row.text, row.right, row.below) if part))
        item.setToolTip(row.tip)

    def _item(self, place: int) -> QtWidgets.QListWidgetItem:
        found = self.item(place)
        assert found is not None
        return found

    def _pick(self, item: QtWidgets.QListWidgetItem) -> None:
        row = item.data(LINE)
        if isinstance(row, Row) and row.value is not None:
            self.picked.emit(row.value)


class _RowDelegate(QtWidgets.QStyledItemDelegate):
    """Paints a `Row`."""

    def sizeHint(self, _option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> QtCore.QSize:
        """Return the room of one line, or of two."""
        row = index.data(LINE)
        height = _metrics(14, False).height() + style.UNIT
        if isinstance(row, Row) and row.below:
            height += _metrics(12, False).height() + 2
        return QtCore.QSize(0, height)

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        """Paint sign and words, shortened to the room there is."""
        row = index.data(LINE)
        if painter is None or not isinstance(row, Row):
            return
        colours, state = style.palette(), QtWidgets.QStyle.StateFlag
        painter.save()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        place = QtCore.QRect(option.rect)
        over = bool(option.state & state.State_MouseOver) and row.value is not None
        focused = bool(option.state & state.State_HasFocus) and row.value is not None
        if row.strong or over:
            painter.fillRect(place, QtGui.QColor(colours.ground))
        if focused:
            painter.setPen(QtGui.QPen(QtGui.QColor(colours.accent), 1.5))
            painter.drawRect(place.adjusted(1, 1, -1, -1))
        text = _metrics(14, row.strong)
        line = QtCore.QRect(
            place.left() + 4, place.top() + style.UNIT // 2, place.width() - 12, text.height()
        )
        middle = line.center().y() - SIGN / 2 + 1
        paint_sign(painter, QtCore.QRectF(line.left(), middle, SIGN, SIGN), row.sign)
        line.setLeft(line.left() + SIGN + style.UNIT)
        self._words(painter, line, row)
        painter.restore()

    def _words(self, painter: QtGui.QPainter, line: QtCore.QRect, row: Row) -> None:
        colours, centre = style.palette(), QtCore.Qt.AlignmentFlag.AlignVCenter
        right = _metrics(13, False).horizontalAdvance(row.right)
        if row.right:
            painter.setFont(style.font(13))
            painter.setPen(QtGui.QColor(colours.grey))
            painter.drawText(line, int(centre | QtCore.Qt.AlignmentFlag.AlignRight), row.right)
        room = line.adjusted(0, 0, -(right + style.UNIT if row.right else 0), 0)
        painter.setFont(style.font(14, row.strong))
        calm = row.sign.shape in ("dot", "dash")
        painter.setPen(QtGui.QColor(colours.grey if calm else colours.ink))
        shown = _metrics(14, row.strong).elidedText(
            row.text, QtCore.Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, int(centre), shown)
        if row.below:
            small = _metrics(12, False)
            under = QtCore.QRect(line.left(), line.bottom() + 2, line.width(), small.height())
            painter.setFont(style.font(12))
            painter.setPen(QtGui.QColor(colours.grey))
            below = small.elidedText(row.below, QtCore.Qt.TextElideMode.ElideRight, under.width())
            painter.drawText(under, int(centre), below)


def _metrics(pixels: int, bold: bool) -> QtGui.QFontMetrics:
    return QtGui.QFontMetrics(style.font(pixels, bold))
