"""The row of pins at the top of a plot against time."""

from collections.abc import Callable
from typing import Any

from app.window.drawn import style
from app.window.drawn.canvas import Plot
from app.window.qt import QtCore, QtGui, pg
from app.window.shown.pins import ALARM, DECISION, NOTE, PAUSE, REQUEST, WARNING, Cluster, Pin, clusters
from app.window.shown.traces import HOUR

SIZE = 10
"""Pixels of a shape; pins closer than one and a half are drawn as one."""
HEIGHT = 20


class PinRow(pg.GraphicsObject):
    """Small shapes at the top of a plot whose x are hours: what happened then is told on hover.

    Parameters
    ----------
    plot : Plot
    point : callable
        Called with the bench seconds of a shape that is clicked.
    """

    def __init__(self, plot: Plot, point: Callable[[float], None]) -> None:
        super().__init__()
        self._box, self._point = plot.box, point
        self._pins: tuple[Pin, ...] = ()
        self.clusters: tuple[Cluster, ...] = ()
        self.setParentItem(plot.box)
        self.setAcceptHoverEvents(True)
        self.setZValue(50)
        plot.box.sigXRangeChanged.connect(self._arrange)
        plot.box.sigResized.connect(self._arrange)

    def show_pins(self, pins: tuple[Pin, ...]) -> None:
        """Show other pins."""
        if pins != self._pins:
            self._pins = pins
            self._arrange()

    def place_of(self, cluster: Cluster) -> QtCore.QPointF:
        """Return where the middle of a shape is, in pixels of the plot's inside."""
        left, right = self._box.viewRange()[0]
        share = (cluster.time / HOUR - left) / (right - left)
        return QtCore.QPointF(share * self._box.width(), HEIGHT / 2)

    def cluster_at(self, place: QtCore.QPointF) -> Cluster | None:
        """Return what stands at a place of the plot's inside."""
        near = [(abs(self.place_of(each).x() - place.x()), each) for each in self.clusters]
        distance, found = min(near, key=lambda pair: pair[0], default=(float("inf"), None))
        return found if distance <= SIZE and place.y() <= HEIGHT else None

    def _arrange(self, *_: object) -> None:
        left, right = self._box.viewRange()[0]
        width = max(self._box.width(), 1.0)
        visible = [pin for pin in self._pins if left <= pin.time / HOUR <= right]
        self.prepareGeometryChange()
        self.clusters = clusters(visible, 1.5 * SIZE * (right - left) * HOUR / width)
        self.update()

    def boundingRect(self) -> QtCore.QRectF:
        """As Qt wants it."""
        return QtCore.QRectF(0, 0, self._box.width(), HEIGHT)

    def shape(self) -> QtGui.QPainterPath:
        """Only the shapes take the mouse; between them it reaches the plot."""
        path = QtGui.QPainterPath()
        for each in self.clusters:
            path.addEllipse(self.place_of(each), SIZE, SIZE)
        return path

    def paint(self, painter: QtGui.QPainter, *_: object) -> None:
        """As Qt wants it."""
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setFont(style.font(9))
        for each in self.clusters:
            colour = _colour(each.kind)
            painter.save()
            painter.translate(self.place_of(each))
            painter.setPen(QtGui.QPen(QtGui.QColor(style.palette().paper), 1))
            painter.setBrush(QtGui.QColor(colour))
            painter.drawPath(_shape(each.kind))
            if each.count > 1:
                painter.setPen(QtGui.QColor(style.palette().grey))
                painter.drawText(QtCore.QPointF(SIZE / 2 + 1, SIZE / 2 - 1), str(each.count))
            painter.restore()

    def hoverMoveEvent(self, event: Any) -> None:
        """Tell what happened there."""
        found = self.cluster_at(event.pos())
        self.setToolTip("" if found is None else found.text)

    def mouseClickEvent(self, ev: Any) -> None:
        """Point at the moment of a shape."""
        found = self.cluster_at(ev.pos())
        if found is not None and ev.button() == QtCore.Qt.MouseButton.LeftButton:
            ev.accept()
            self._point(found.time)


def _colour(kind: str) -> str:
    colours = style.palette()
    return {
        NOTE: colours.blue,
        WARNING: colours.orange,
        ALARM: colours.vermillion,
        PAUSE: colours.orange,
        DECISION: colours.green,
        REQUEST: colours.purple,
    }[kind]


def _shape(kind: str) -> QtGui.QPainterPath:
    """A flag's disc, a triangle, a square, two bars, a diamond, a ring."""
    path, half = QtGui.QPainterPath(), SIZE / 2
    if kind == NOTE:
        path.addEllipse(QtCore.QPointF(0, 0), half - 0.5, half - 0.5)
    elif kind == WARNING:
        points = [(0, -half), (half, half - 1), (-half, half - 1), (0, -half)]
        path.addPolygon(QtGui.QPolygonF([QtCore.QPointF(x, y) for x, y in points]))
    elif kind == ALARM:
        path.addRect(-half + 0.5, -half + 0.5, SIZE - 1, SIZE - 1)
    elif kind == PAUSE:
        path.addRect(-half, -half, SIZE / 3, SIZE)
        path.addRect(half - SIZE / 3, -half, SIZE / 3, SIZE)
    elif kind == DECISION:
        points = [(0, -half), (half, 0), (0, half), (-half, 0), (0, -half)]
        path.addPolygon(QtGui.QPolygonF([QtCore.QPointF(x, y) for x, y in points]))
    else:
        path.addEllipse(QtCore.QPointF(0, 0), half, half)
        path.addEllipse(QtCore.QPointF(0, 0), half / 2, half / 2)
    return path
