"""Curves that pyqtgraph does not have: long traces, bands of error, spans of time."""

from collections.abc import Iterable

import numpy as np

from app.window.drawn.canvas import pen
from app.window.qt import QtCore, QtGui, pg
from app.window.shown.traces import LongTrace
from core.records import Floats

POINTS_PER_PIXEL = 2
BAND_POINTS = 2000
"""A band of more points is drawn as the envelope of so many stretches."""

FLOOR = 1e-12
"""Far below everything on a logarithmic axis."""


class LongCurve(pg.PlotCurveItem):
    """A trace of any length, of which only what can be seen is ever handed to the plot.

    The ranges of the plot follow the whole trace in time, and in height what is visible of it.

    Parameters
    ----------
    colour : str
    """

    def __init__(self, colour: str, width: float = 1.0) -> None:
        super().__init__(pen=pen(colour, width), antialias=True)
        self.trace: LongTrace | None = None
        self._reach: tuple[float, float] | None = None
        self._shown: tuple[float, ...] = ()

    def show(self, trace: LongTrace | None) -> None:
        """Draw a trace, or the same one when it has grown."""
        self.trace = trace
        self._refresh()

    def reach(self, traces: Iterable[LongTrace | None]) -> None:
        """Have the range in time follow these traces too, which are drawn in other plots."""
        ends = [(each.first, each.last) for each in traces if each is not None and len(each)]
        reach = (min(first for first, _ in ends), max(last for _, last in ends)) if ends else None
        if reach != self._reach:
            self._reach = reach
            self.informViewBoundsChanged()

    def viewRangeChanged(self, *_: object) -> None:
        """Look again at what is visible."""
        self._refresh()

    def dataBounds(
        self, ax: int, frac: float = 1.0, orthoRange: tuple[float, float] | None = None
    ) -> tuple[float | None, float | None]:
        """Return the extent of the whole trace in time, and of the visible part in height."""
        if ax == 0 and self._reach is not None:
            return self._reach
        if ax == 0 and self.trace is not None and len(self.trace):
            return self.trace.first, self.trace.last
        found: tuple[float | None, float | None] = super().dataBounds(ax, frac, orthoRange)
        return found

    def _refresh(self) -> None:
        box = self.getViewBox()
        if box is None:
            return
        (left, right), width = box.viewRange()[0], int(box.width())
        length = 0 if self.trace is None else len(self.trace)
        wanted = (left, right, float(width), float(length), float(id(self.trace)))
        if wanted == self._shown:
            return
        self._shown = wanted
        if self.trace is None or not length:
            self.setData([], [])
        else:
            self.setData(*self.trace.between(left, right, max(POINTS_PER_PIXEL * width, 100)))


class Band(pg.GraphicsObject):
    """A shaded band between two curves over the same x, with gaps where either is not known.

    Parameters
    ----------
    colour : str
    opacity : int
        Of 255.
    """

    def __init__(self, colour: str, opacity: int = 44) -> None:
        super().__init__()
        shade = QtGui.QColor(colour)
        shade.setAlpha(opacity)
        self._brush = QtGui.QBrush(shade)
        self._path = QtGui.QPainterPath()
        self._data: tuple[Floats, Floats, Floats] = (np.empty(0), np.empty(0), np.empty(0))
        self._logarithmic = False
        self.setZValue(-5)

    def setData(self, x: Floats, low: Floats, high: Floats) -> None:
        """Draw another band; x, low and high have shape (n,)."""
        self._data = (x, low, high) if len(x) <= BAND_POINTS else _envelope(x, low, high)
        self._build()

    def setLogMode(self, x: bool, y: bool) -> None:
        """Follow the axes; what does not lie above zero reaches down to where nobody looks."""
        del x
        if y != self._logarithmic:
            self._logarithmic = y
            self._build()

    @property
    def path(self) -> QtGui.QPainterPath:
        """What is filled, in the coordinates of the axes."""
        return self._path

    def _build(self) -> None:
        x, low, high = self._data
        if self._logarithmic:
            with np.errstate(invalid="ignore"):
                low, high = (np.log10(np.where(each > 0, each, FLOOR)) for each in (low, high))
        known = np.isfinite(x) & np.isfinite(self._data[1]) & np.isfinite(self._data[2])
        path = QtGui.QPainterPath()
        edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(int)))
        for begin, end in edges.reshape(-1, 2):
            part = slice(begin, end)
            around = np.concatenate([x[part], x[part][::-1]]), np.concatenate([high[part], low[part][::-1]])
            path.addPath(pg.arrayToQPath(*around, connect="all"))
        self.prepareGeometryChange()
        self._path = path
        self.update()

    def boundingRect(self) -> QtCore.QRectF:
        """As Qt wants it."""
        return self._path.boundingRect()

    def paint(self, painter: QtGui.QPainter, *_: object) -> None:
        """As Qt wants it."""
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self._brush)
        painter.drawPath(self._path)


def _envelope(x: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the band around stretches of a band: the lowest and the highest of each; gaps stay gaps."""
    begins = np.arange(0, len(x), -(-len(x) // (BAND_POINTS // 2)))
    lowest, highest = np.fmin.reduceat(low, begins), np.fmax.reduceat(high, begins)
    first, last = begins, np.append(begins[1:], len(x)) - 1
    # Each stretch from its first to its last point, so that the band ends where the points end.
    return (
        np.column_stack([x[first], x[last]]).ravel(),
        np.repeat(lowest, 2),
        np.repeat(highest, 2),
    )


class Spans(pg.GraphicsObject):
    """Shaded stretches of x over the whole height of a plot; its range does not follow them.

    Parameters
    ----------
    colour : str
    opacity : int
        Of 255.
    """

    def __init__(self, colour: str, opacity: int = 24) -> None:
        super().__init__()
        shade = QtGui.QColor(colour)
        shade.setAlpha(opacity)
        self._brush = QtGui.QBrush(shade)
        self.stretches: tuple[tuple[float, float], ...] = ()
        self.setZValue(-20)

    def setData(self, stretches: tuple[tuple[float, float], ...]) -> None:
        """Shade other stretches, pairs of their two ends."""
        if stretches != self.stretches:
            self.prepareGeometryChange()
            self.stretches = stretches
            self.update()

    def viewRangeChanged(self, *_: object) -> None:
        """Reach from the bottom to the top of what is visible."""
        self.prepareGeometryChange()

    def boundingRect(self) -> QtCore.QRectF:
        """As Qt wants it."""
        view = self.viewRect()
        if view is None or not self.stretches:
            return QtCore.QRectF()
        left, right = min(a for a, _ in self.stretches), max(b for _, b in self.stretches)
        return QtCore.QRectF(left, view.top(), right - left, view.height())

    def paint(self, painter: QtGui.QPainter, *_: object) -> None:
        """As Qt wants it."""
        view = self.viewRect()
        if view is not None:
            for left, right in self.stretches:
                painter.fillRect(QtCore.QRectF(left, view.top(), right - left, view.height()), self._brush)
