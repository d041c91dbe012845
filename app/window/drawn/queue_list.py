"""The steps of a queue, to be dragged into their order."""

from collections.abc import Callable, Sequence

from app.window.drawn import style
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.queue_rows import QueueRow

Role = QtCore.Qt.ItemDataRole.UserRole
HEIGHT = 80
LEFT, RIGHT = 56, 280


class _Row(QtWidgets.QStyledItemDelegate):
    """Paints a step: its number, what is done to which cell, what was changed, and what is wrong."""

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        """Paint one step."""
        assert painter is not None
        row: QueueRow = index.data(Role)
        colours = style.palette()
        painter.save()
        card = option.rect.adjusted(0, 0, 0, -style.UNIT)
        painter.fillRect(card, QtGui.QColor(colours.paper))
        if option.state & QtWidgets.QStyle.StateFlag.State_Selected:
            painter.setPen(QtGui.QPen(QtGui.QColor(colours.accent), 2))
            painter.drawRect(card.adjusted(1, 1, -1, -1))
        if row.edge:
            edge = QtGui.QColor(getattr(colours, row.edge))
            painter.fillRect(QtCore.QRect(card.left(), card.top(), 6, card.height()), edge)
        self._words(painter, card, row)
        painter.restore()

    def _words(self, painter: QtGui.QPainter, card: QtCore.QRect, row: QueueRow) -> None:
        colours = style.palette()
        right = QtCore.Qt.AlignmentFlag.AlignRight
        number = QtCore.QRect(card.left() + 8, card.top() + 8, LEFT - 24, 24)
        _text(painter, number, row.number, style.font(20, bold=True), colours.grey, right)
        middle = card.adjusted(LEFT, 8, -RIGHT - style.UNIT, 0)
        line = QtCore.QRect(middle.left(), middle.top(), middle.width(), 20)
        _text(painter, line, row.title, style.font(16, bold=True), colours.ink)
        _text(painter, line.translated(0, 20), row.where, style.font(14), colours.ink)
        below = QtCore.QRect(line.left(), line.top() + 39, card.right() - line.left() - style.UNIT, 18)
        words, colour = row.below
        _text(painter, below, words, style.font(13), getattr(colours, colour))
        place = QtCore.QRect(card.right() - RIGHT, card.top() + 8, RIGHT - 2 * style.UNIT, 20)
        _text(painter, place, row.amounts, style.font(14), colours.ink, right)
        _text(painter, place.translated(0, 20), row.note, style.font(13), colours.grey, right)

    def sizeHint(self, option: QtWidgets.QStyleOptionViewItem, _index: QtCore.QModelIndex) -> QtCore.QSize:
        """Return the room of a step."""
        return QtCore.QSize(option.rect.width(), HEIGHT)


def _text(
    painter: QtGui.QPainter,
    frame: QtCore.QRect,
    text: str,
    font: QtGui.QFont,
    colour: str,
    align: QtCore.Qt.AlignmentFlag = QtCore.Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(QtGui.QColor(colour))
    metrics = QtGui.QFontMetrics(font)
    shown = metrics.elidedText(text, QtCore.Qt.TextElideMode.ElideRight, frame.width())
    painter.drawText(frame, int(align | QtCore.Qt.AlignmentFlag.AlignVCenter), shown)


class QueueList(QtWidgets.QListWidget):
    """Rows below one another; where they can be moved, by the mouse and with Alt+↑ and Alt+↓.

    Parameters
    ----------
    move : callable
        Called with the place of a step and the one it is moved to.
    """

    def __init__(self, move: Callable[[int, int], None]) -> None:
        super().__init__()
        self._move = move
        self.setAccessibleName("Steps of the queue")
        self.setItemDelegate(_Row(self))
        self.setSpacing(0)
        self.setStyleSheet(f"background: {style.palette().ground}; border: none;")
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QtWidgets.QListView.ResizeMode.Adjust)
        self.allow_moves(True)

    def allow_moves(self, allowed: bool) -> None:
        """Say whether the order can be changed."""
        self._movable = allowed
        modes = QtWidgets.QAbstractItemView.DragDropMode
        self.setDragDropMode(modes.InternalMove if allowed else modes.NoDragDrop)

    def show_rows(self, rows: Sequence[QueueRow], chosen: int | None = None) -> None:
        """Show rows; `chosen` is the one to select, by default the one that is."""
        at = self.currentRow() if chosen is None else chosen
        with QtCore.QSignalBlocker(self):
            while self.count() > len(rows):
                self.takeItem(self.count() - 1)
            for place, row in enumerate(rows):
                item = self.item(place)
                if item is None:
                    item = QtWidgets.QListWidgetItem()
                    self.addItem(item)
                item.setData(Role, row)
                item.setToolTip(row.tip)
                item.setData(
                    QtCore.Qt.ItemDataRole.AccessibleTextRole, f"{row.number} {row.title}, {row.cell}"
                )
            # Where nothing can be done with a step, none is selected unless the operator wants it.
            self.setCurrentRow(min(max(at, 0 if self._movable else -1), len(rows) - 1))

    def dropEvent(self, event: QtGui.QDropEvent | None) -> None:
        """Move the step that was dragged to where it was dropped."""
        if event is None:
            return
        place, to = self.currentRow(), self.indexAt(event.pos()).row()
        if self.dropIndicatorPosition() == QtWidgets.QAbstractItemView.DropIndicatorPosition.BelowItem:
            to += 1
        to = self.count() if self.indexAt(event.pos()).row() < 0 else to
        # Qt must not move the row itself: the queue is what is moved, and shown anew.
        event.setDropAction(QtCore.Qt.DropAction.IgnoreAction)
        event.accept()
        if place >= 0:
            self._move(place, to - 1 if to > place else to)
