"""The legend of the comparison: a line a run, with its colour and symbol as in the plots."""

from collections.abc import Sequence

from app.window.drawn import style
from app.window.drawn.compare_plots import DASHES
from app.window.qt import QtCore, QtGui, QtWidgets, pg
from app.window.shown.compare import Entry, look

Role = QtCore.Qt.ItemDataRole
SWATCH = (32, 16)
LINE = 60
"""Pixels a run takes."""


class Legend(QtWidgets.QListWidget):
    """The runs that are compared.

    Attributes
    ----------
    hovered : pyqtSignal
        With the run that is pointed at, None for none.
    watch_wanted, removal_wanted : pyqtSignal
        With a run.
    """

    hovered = QtCore.pyqtSignal(object)
    watch_wanted = QtCore.pyqtSignal(int)
    removal_wanted = QtCore.pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Runs that are compared")
        self.setToolTip("↑ ↓: bring a run forward.  Enter: watch it.  Del: take it out.")
        self.setFont(style.font(13))
        self.setMouseTracking(True)
        self.setItemDelegate(_EntryDelegate(self))
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(self.ScrollPerPixel)
        self.entered_run: int | None = None
        self._entries: list[Entry] = []
        self.itemEntered.connect(lambda item: self.hovered.emit(item.data(Role.UserRole).run))
        self.currentItemChanged.connect(self._moved)
        self.itemActivated.connect(lambda item: self.watch_wanted.emit(item.data(Role.UserRole).run))

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """List these runs, in this order."""
        shown, self._entries = self._entries, list(entries)
        if shown == self._entries:
            return
        current = self.currentRow()
        before = self.blockSignals(True)
        if [each.run for each in shown] != [each.run for each in entries]:
            self.clear()
            for each in entries:
                self.addItem(each.title)
        for row, each in enumerate(entries):
            item = self.item(row)
            assert item is not None
            item.setData(Role.UserRole, each)
            item.setText(each.title)
            item.setToolTip(each.tip)
        self.setCurrentRow(min(current, self.count() - 1))
        self.blockSignals(before)
        self._repaint()

    def mark(self, run: int | None) -> None:
        """Mark the run that is brought forward, without a word to anybody."""
        if run != self.entered_run:
            self.entered_run = run
            self._repaint()

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        """Take a run out, or watch it."""
        item = self.currentItem()
        if event is not None and item is not None:
            run = item.data(Role.UserRole).run
            if event.key() in (QtCore.Qt.Key.Key_Delete, QtCore.Qt.Key.Key_Backspace):
                self.removal_wanted.emit(run)
                return
            if event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter):
                self.watch_wanted.emit(run)
                return
        super().keyPressEvent(event)

    def leaveEvent(self, event: QtCore.QEvent | None) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def _repaint(self) -> None:
        viewport = self.viewport()
        assert viewport is not None
        viewport.update()

    def _moved(self, now: QtWidgets.QListWidgetItem | None, _before: object) -> None:
        self.hovered.emit(None if now is None or not self.hasFocus() else now.data(Role.UserRole).run)


class _EntryDelegate(QtWidgets.QStyledItemDelegate):
    """Paints an entry: the swatch, and three lines of words."""

    def __init__(self, legend: Legend) -> None:
        super().__init__(legend)
        self._legend = legend

    def sizeHint(self, _option: object, _index: object) -> QtCore.QSize:
        return QtCore.QSize(100, LINE)

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        assert painter is not None
        entry: Entry = index.data(Role.UserRole)
        colours, rect = style.palette(), option.rect
        painter.save()
        marked = entry.run == self._legend.entered_run
        current = bool(option.state & QtWidgets.QStyle.StateFlag.State_Selected) and self._legend.hasFocus()
        if marked or current:
            painter.fillRect(rect, QtGui.QColor(colours.hairline))
        swatch = QtCore.QRectF(rect.left() + style.UNIT, rect.top() + style.UNIT, *SWATCH)
        paint_swatch(painter, swatch, index.row())
        left = int(swatch.right()) + style.UNIT
        width = rect.right() - left - style.UNIT
        lines = (
            (entry.title, style.font(13, bold=True), colours.ink),
            (entry.details, style.font(12), colours.ink),
            (entry.remark, style.font(12), colours.grey),
        )
        for number, (text, font, colour) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(QtGui.QColor(colour))
            place = QtCore.QRect(left, rect.top() + 6 + 17 * number, width, 17)
            elided = QtGui.QFontMetrics(font).elidedText(text, QtCore.Qt.TextElideMode.ElideRight, width)
            painter.drawText(place, int(QtCore.Qt.AlignmentFlag.AlignVCenter), elided)
        painter.restore()


def paint_swatch(painter: QtGui.QPainter, place: QtCore.QRectF, number: int) -> None:
    """Paint the line and the symbol of the run at a place among those compared."""
    mine = look(number)
    colour = QtGui.QColor(style.series(mine.colour))
    painter.save()
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.setPen(pg.mkPen(colour, width=2, style=DASHES[mine.dash]))
    middle = place.center()
    painter.drawLine(QtCore.QPointF(place.left(), middle.y()), QtCore.QPointF(place.right(), middle.y()))
    painter.translate(middle)
    painter.scale(10, 10)
    painter.setPen(pg.mkPen(colour, width=1.5))
    painter.setBrush(pg.mkBrush(style.palette().paper))
    painter.drawPath(pg.graphicsItems.ScatterPlotItem.Symbols[mine.symbol])
    painter.restore()
