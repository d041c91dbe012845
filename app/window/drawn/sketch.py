"""Several lines and sets of dots as one item of a plot: quicker than an item for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.window.drawn.canvas import Plot, pen
from app.window.drawn.dots import paint_dots, round_pen
from app.window.qt import QtCore, QtGui, QtWidgets, pg
from core.records import Floats


@dataclass(frozen=True, eq=False)
class Mark:
    """A line, or dots, in the units of the axes.

    Attributes
    ----------
    x, y : ndarray, shape (n,)
    colour : QColor or str
    width : float
        Of the line, or of each dot, in pixels.
    dots : bool
    """

    x: Floats
    y: Floats
    colour: QtGui.QColor | str
    width: float
    dots: bool = False


class Sketch(pg.GraphicsObject):
    """Draws marks in their order; the range of the plot does not follow them.

    Parameters
    ----------
    plot : Plot
    depth : float
        Items of a greater one are in front of it.
    """

    def __init__(self, plot: Plot, depth: float) -> None:
        super().__init__()
        self._painted: list[tuple[QtGui.QPen, QtGui.QPainterPath | QtGui.QPolygonF]] = []
        self._bounds = QtCore.QRectF()
        self.setZValue(depth)
        plot.addItem(self, ignoreBounds=True)

    def draw(self, marks: Sequence[Mark]) -> None:
        """Draw other marks."""
        self._painted = [_made(mark) for mark in marks if len(mark.x)]
        self.prepareGeometryChange()
        self._bounds = QtCore.QRectF()
        for _, shape in self._painted:
            self._bounds |= shape.boundingRect()
        self.update()

    def boundingRect(self) -> QtCore.QRectF:
        """Return what the marks cover, in the units of the axes."""
        return self._bounds

    def paint(
        self,
        p: QtGui.QPainter,
        _option: QtWidgets.QStyleOptionGraphicsItem | None = None,
        _widget: QtWidgets.QWidget | None = None,
    ) -> None:
        """Paint the marks."""
        p.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        for line, shape in self._painted:
            if isinstance(shape, QtGui.QPolygonF):
                paint_dots(p, shape, (line,))
            else:
                p.setPen(line)
                p.drawPath(shape)


def _made(mark: Mark) -> tuple[QtGui.QPen, QtGui.QPainterPath | QtGui.QPolygonF]:
    if not mark.dots:
        return pen(mark.colour, mark.width), pg.arrayToQPath(mark.x, mark.y, connect="finite")
    return round_pen(mark.colour, mark.width), pg.functions.arrayToQPolygonF(mark.x, mark.y)
