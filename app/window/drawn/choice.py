"""A choice among a few that looks like the rest of the window."""

from app.window.drawn import style
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets


class Choice(QtWidgets.QComboBox):
    """A choice among a few; the wheel scrolls the page and changes nothing in passing."""

    def __init__(self) -> None:
        super().__init__()
        self.setStyleSheet("QComboBox::drop-down { border: none; width: 24px; }")

    def paintEvent(self, event: QtGui.QPaintEvent | None) -> None:
        """Paint the arrow, which a style sheet would leave out."""
        super().paintEvent(event)
        with painting(self) as painter:
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            colours = style.palette()
            painter.setPen(QtGui.QPen(QtGui.QColor(colours.grey if self.isEnabled() else colours.faint), 2))
            right, middle = self.width() - 2 * style.UNIT, self.height() // 2
            points = ((right - 4, middle - 2), (right, middle + 2), (right + 4, middle - 2))
            painter.drawPolyline(QtGui.QPolygon([QtCore.QPoint(*point) for point in points]))

    def wheelEvent(self, event: QtGui.QWheelEvent | None) -> None:
        """Leave the wheel to the page."""
        if event is not None:
            event.ignore()
