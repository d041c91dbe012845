"""Dots of one size and colour, any number of them: no more are painted than can be told apart."""

from collections.abc import Sequence

import numpy as np

from app.window.qt import QtCore, QtGui, QtWidgets, pg
from core.records import Floats

MANY = 500
"""From so many dots on, those that fall on the same pixel are painted once."""

RIM = 1.2
"""Pixels of the rim of a hollow dot."""


class Dots(pg.GraphicsObject):
    """A set of dots in a plot; its ranges follow them.

    Parameters
    ----------
    colour, inside : str
        Of the dot and, where it is hollow, of what is inside its rim; empty if it is not.
    size : float
        Pixels.
    """

    def __init__(self, colour: str, size: float, inside: str = "") -> None:
        super().__init__()
        self._size = size
        self.colour, self.inside = colour, inside
        self._pens = [round_pen(colour, size + RIM)]
        if inside:
            self._pens.append(round_pen(inside, size - RIM))
        self._data: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._placed: tuple[Floats, Floats] = self._data
        self._logarithmic = (False, False)
        self._seen: tuple[tuple[float, ...], QtGui.QPolygonF] | None = None

    def setData(self, x: Floats, y: Floats) -> None:
        """Draw other dots; x and y have shape (n,), those that are not finite are left out."""
        self._data = (np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        self._place()

    def getData(self) -> tuple[Floats, Floats]:
        """Return the dots as they were given."""
        return self._data

    def setLogMode(self, x: bool, y: bool) -> None:
        """Follow the axes."""
        if (x, y) != self._logarithmic:
            self._logarithmic = (x, y)
            self._place()

    def _place(self) -> None:
        placed = []
        for values, logarithmic in zip(self._data, self._logarithmic, strict=True):
            with np.errstate(invalid="ignore", divide="ignore"):
                placed.append(np.log10(values) if logarithmic else values)
        known = np.isfinite(placed[0]) & np.isfinite(placed[1])
        self._placed = (placed[0][known], placed[1][known])
        self._seen = None
        self.prepareGeometryChange()
        self.informViewBoundsChanged()
        self.update()

    def dataBounds(
        self, ax: int, frac: float = 1.0, orthoRange: tuple[float, float] | None = None
    ) -> tuple[float | None, float | None]:
        """Return the extent of the dots along an axis, of those within a range of the other one."""
        values, other = self._placed[ax], self._placed[1 - ax]
        if orthoRange is not None:
            values = values[(other >= orthoRange[0]) & (other <= orthoRange[1])]
        if not len(values):
            return None, None
        if frac >= 1.0:
            return float(values.min()), float(values.max())
        low, high = np.percentile(values, [50 * (1 - frac), 50 * (1 + frac)])
        return float(low), float(high)

    def pixelPadding(self) -> float:
        """Return by how many pixels dots reach beyond their middle."""
        return (self._size + RIM) / 2

    def boundingRect(self) -> QtCore.QRectF:
        """Return what the dots cover, in the units of the axes."""
        x, y = self._placed
        if not len(x):
            return QtCore.QRectF()
        wide, high = self._pixel()
        wide, high = wide * self._size, high * self._size
        return QtCore.QRectF(x.min(), y.min(), np.ptp(x), np.ptp(y)).adjusted(-wide, -high, wide, high)

    def viewTransformChanged(self) -> None:
        """A pixel has another size: what the dots cover differs with it."""
        super().viewTransformChanged()
        self.prepareGeometryChange()

    def paint(
        self,
        p: QtGui.QPainter,
        _option: QtWidgets.QStyleOptionGraphicsItem | None = None,
        _widget: QtWidgets.QWidget | None = None,
    ) -> None:
        """Paint the dots: their rims, and then their insides."""
        if not len(self._placed[0]):
            return
        p.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        transform = p.worldTransform()
        shape = transform.map(self._visible())
        # Qt paints a point as a line of 1/63 of a unit: in the units of an axis that may be half the plot.
        p.resetTransform()
        for line in self._pens:
            p.setPen(line)
            p.drawPoints(shape)
        p.setWorldTransform(transform)

    def _pixel(self) -> tuple[float, float]:
        """Return width and height of a pixel in the units of the axes."""
        view, box = self.viewRect(), self.getViewBox()
        if view is None or box is None or not (box.width() > 0 and box.height() > 0):
            return 0.0, 0.0
        return view.width() / box.width(), view.height() / box.height()

    def _visible(self) -> QtGui.QPolygonF:
        """Return the dots to be painted, one for each pixel that has any."""
        x, y = self._placed
        view, pixel = self.viewRect(), self._pixel()
        if len(x) < MANY or view is None or not all(pixel):
            return pg.functions.arrayToQPolygonF(x, y)
        place = (view.left(), view.right(), view.top(), view.bottom(), *pixel)
        if self._seen is not None and self._seen[0] == place:
            return self._seen[1]
        near = (x >= view.left()) & (x <= view.right()) & (y >= view.top()) & (y <= view.bottom())
        x, y = x[near], y[near]
        column = np.floor((x - view.left()) / pixel[0]).astype(np.int64)
        row = np.floor((y - view.top()) / pixel[1]).astype(np.int64)
        _, first = np.unique(column * 100_000 + row, return_index=True)
        shape = pg.functions.arrayToQPolygonF(x[first], y[first])
        self._seen = (place, shape)
        return shape


def paint_dots(p: QtGui.QPainter, places: QtGui.QPolygonF, pens: Sequence[QtGui.QPen]) -> None:
    """Paint round dots at places in the units of the axes, with each pen of `round_pen` in turn.

    Qt paints a dot as a tiny line in the units it is given, which is long where a unit is; so places are
    turned into pixels first.
    """
    p.save()
    pixels = p.worldTransform().map(places)
    p.resetTransform()
    for each in pens:
        p.setPen(each)
        p.drawPoints(pixels)
    p.restore()


def round_pen(colour: str | QtGui.QColor, width: float) -> QtGui.QPen:
    """Return a pen whose dots are round and grow with the picture they are in."""
    line = pg.mkPen(colour, width=width)
    line.setCosmetic(False)
    line.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    return line
