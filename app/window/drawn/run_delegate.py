"""How a line of the table of runs is painted."""

from app.window.drawn import style
from app.window.drawn.marks import paint_sign
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.run_columns import NAMES
from app.window.shown.run_order import Line, campaign_text

Role = QtCore.Qt.ItemDataRole
SIGN = 18
INDENT = 2 * style.UNIT
RIGHT = QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignVCenter
LEFT = QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter


class LineDelegate(QtWidgets.QStyledItemDelegate):
    """Paints signs of states, headings of campaigns across all columns, and indented runs."""

    def __init__(self, table: QtWidgets.QTableView) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        """Paint one cell."""
        assert painter is not None
        line: Line = index.data(Role.UserRole)
        painter.save()
        self._ground(painter, option)
        if line.row is None:
            self._heading(painter, option.rect, line)
        elif index.column() == 0:
            self._state(painter, option.rect, line)
        else:
            self._text(painter, option.rect, index, line)
        painter.restore()

    def _ground(self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem) -> None:
        colours = style.palette()
        if option.state & QtWidgets.QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QtGui.QColor(colours.hairline))
            if self._table.hasFocus() and self._table.columnViewportPosition(0) == option.rect.left():
                # A bar as well as a shade, so that what is marked does not speak by colour alone.
                painter.fillRect(QtCore.QRect(option.rect.left(), option.rect.top(), 4, option.rect.height()),
                                 QtGui.QColor(colours.accent))  # fmt: skip
        painter.setPen(QtGui.QColor(colours.hairline))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def _heading(self, painter: QtGui.QPainter, rect: QtCore.QRect, line: Line) -> None:
        """Paint the part of the heading that falls into one cell; together they make one line."""
        assert line.campaign is not None
        left = self._table.columnViewportPosition(0)
        painter.setClipRect(rect)
        painter.setFont(style.font(13, bold=True))
        painter.setPen(QtGui.QColor(style.palette().ink))
        y, height = rect.top(), rect.height()
        painter.drawText(
            QtCore.QRect(left + style.UNIT, y, 20, height), int(LEFT), "▸" if line.folded else "▾"
        )
        sign = QtCore.QRectF(left + 4 * style.UNIT, y + (height - SIGN) / 2, SIGN, SIGN)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        paint_sign(painter, sign, style.sign_of(line.campaign.state))
        place = QtCore.QRect(int(sign.right()) + style.UNIT, y, 4000, height)
        painter.drawText(place, int(LEFT), campaign_text(line))

    def _state(self, painter: QtGui.QPainter, rect: QtCore.QRect, line: Line) -> None:
        assert line.row is not None
        left = rect.left() + style.UNIT + (INDENT if line.inside else 0)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        sign = QtCore.QRectF(left, rect.top() + (rect.height() - SIGN) / 2, SIGN, SIGN)
        paint_sign(painter, sign, style.sign_of(line.row.state))
        place = rect.adjusted(int(sign.right()) - rect.left() + 6, 0, 0, 0)
        self._write(painter, place, line.row.state.value, int(LEFT), style.palette().ink)

    def _text(
        self, painter: QtGui.QPainter, rect: QtCore.QRect, index: QtCore.QModelIndex, line: Line
    ) -> None:
        name = NAMES[index.column()]
        colour = style.palette().grey if name in ("end", "step", "bench", "protocol") else style.palette().ink
        alignment = index.data(Role.TextAlignmentRole)
        place = rect.adjusted(style.UNIT, 0, -style.UNIT, 0)
        self._write(painter, place, index.data(Role.DisplayRole), alignment, colour)

    def _write(
        self, painter: QtGui.QPainter, place: QtCore.QRect, text: str, alignment: int, colour: str
    ) -> None:
        painter.setFont(style.font(13))
        painter.setPen(QtGui.QColor(colour))
        elided = painter.fontMetrics().elidedText(text, QtCore.Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, alignment, elided)
