"""Curves of several runs in one plot: each its own colour and symbol, one of them brought forward."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.window.drawn import style
from app.window.drawn.plot import Plot
from app.window.qt import QtCore, QtGui, pg
from app.window.reading.series import Pyramid
from app.window.shown.compare import Look
from core.records import Floats

POINTS_PER_PIXEL = 1.5
"""Of a curve; more cannot be seen and only costs time."""
MARKS = 10
"""Symbols on the visible part of a curve."""
CLOSE = 24
"""Pixels within which a curve is taken for the one that is pointed at."""
DASHES = (QtCore.Qt.PenStyle.SolidLine, QtCore.Qt.PenStyle.DashLine, QtCore.Qt.PenStyle.DotLine)
FADED = 96
"""Opacity, of 255, of the other curves while one is brought forward."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """One curve as it is handed to a plot.

    Attributes
    ----------
    run : int
    look : Look
    trace : Pyramid
    per_x : float
        What x of the trace is divided by, e.g. seconds an hour.
    """

    run: int
    look: Look
    trace: Pyramid
    per_x: float = 1.0


class RunCurve(pg.PlotCurveItem):
    """The curve of a run, of which only what can be seen is ever drawn, with a few symbols on it.

    Parameters
    ----------
    logarithmic : bool
        Whether the height is that of the logarithm.
    """

    def __init__(self, logarithmic: bool) -> None:
        super().__init__(connect="finite", antialias=False)
        self._logarithmic = logarithmic
        self.marks: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._mark_style = (QtGui.QPainterPath(), 8.0, QtGui.QPen(), QtGui.QBrush())
        self.drawn: Drawn | None = None
        self.visible_points: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._shown: tuple[object, ...] = ()
        self._dressed: tuple[object, ...] = ()

    def show_run(self, drawn: Drawn) -> None:
        """Draw a run, or the same one when it has grown."""
        self.drawn = drawn
        self._refresh()

    def dress(self, forward: bool, faded: bool) -> None:
        """Bring the curve forward, let it fade, or neither."""
        assert self.drawn is not None
        wanted = (self.drawn.look, forward, faded)
        if wanted == self._dressed:
            return
        self._dressed = wanted
        look = self.drawn.look
        colour = QtGui.QColor(style.series(look.colour))
        colour.setAlpha(FADED if faded else 255)
        self.setPen(pg.mkPen(colour, width=3 if forward else 1, style=DASHES[look.dash]))
        self.setZValue(10 if forward else 0)
        symbol = pg.graphicsItems.ScatterPlotItem.Symbols[look.symbol]
        size = 10.0 if forward else 8.0
        brush = pg.mkBrush(colour if forward else style.palette().paper)
        self._mark_style = (_scaled(symbol, size), size, pg.mkPen(colour, width=1.2), brush)
        self.update()

    def paint(self, p: QtGui.QPainter, opt: object, widget: object) -> None:
        """Paint the line and, in pixels, its symbols; an item for the symbols alone would cost far more."""
        super().paint(p, opt, widget)
        path, _, pen, brush = self._mark_style
        across = p.worldTransform()
        p.resetTransform()
        p.setRenderHint(p.Antialiasing)
        p.setPen(pen)
        p.setBrush(brush)
        for x, y in zip(*(part.tolist() for part in self.marks), strict=True):
            p.drawPath(path.translated(across.map(QtCore.QPointF(x, y))))
        p.setWorldTransform(across)

    def pixelPadding(self) -> float:
        """Return how far the symbols reach beyond the line."""
        return float(super().pixelPadding()) + self._mark_style[1]

    def viewRangeChanged(self, *_: object) -> None:
        """Look again at what is visible."""
        self._refresh()

    def dataBounds(
        self, ax: int, frac: float = 1.0, orthoRange: tuple[float, float] | None = None
    ) -> tuple[float | None, float | None]:
        """Return the extent of the whole curve in x, and of its visible part in height."""
        if ax == 0 and self.drawn is not None and len(self.drawn.trace):
            return self.drawn.trace.first / self.drawn.per_x, self.drawn.trace.last / self.drawn.per_x
        if ax == 1:
            y = self.visible_points[1]
            return (float(y.min()), float(y.max())) if len(y) else (None, None)
        found: tuple[float | None, float | None] = super().dataBounds(ax, frac, orthoRange)
        return found

    def _refresh(self) -> None:
        box = self.getViewBox()
        if box is None or self.drawn is None:
            return
        (left, right), width = box.viewRange()[0], max(int(box.width()), 100)
        trace, per_x = self.drawn.trace, self.drawn.per_x
        wanted = (left, right, width, len(trace), id(trace))
        if wanted == self._shown:
            return
        self._shown = wanted
        x, y = trace.between(left * per_x, right * per_x, int(POINTS_PER_PIXEL * width))
        x = x / per_x
        if self._logarithmic:
            y = np.log10(y)
        self.visible_points = (x, y)
        self.setData(x, y)
        inside = np.flatnonzero((x >= left) & (x <= right))
        # Symbols stand at equal distances across the picture, begun elsewhere for every run.
        if len(inside):
            begin = 0.07 * (self.drawn.look.colour + 1) / MARKS
            places = left + (np.arange(MARKS) / MARKS + begin) * (right - left)
            places = places[(places >= x[inside[0]]) & (places <= x[inside[-1]])]
            nearest = inside[0] + np.searchsorted(x[inside], places)
            self.marks = (x[nearest], y[nearest])
        else:
            self.marks = (np.empty(0), np.empty(0))


def _scaled(symbol: QtGui.QPainterPath, size: float) -> QtGui.QPainterPath:
    return QtGui.QTransform.fromScale(size, size).map(symbol)


class ComparePlot(Plot):
    """A plot of one quantity of several runs.

    Parameters
    ----------
    left, bottom : str
        Labels of the axes, in rich text.
    logarithmic : bool
        Of the height.

    Attributes
    ----------
    hovered : pyqtSignal
        With the run that is pointed at, None for none.
    chosen : pyqtSignal
        With the run that was clicked.
    """

    hovered = QtCore.pyqtSignal(object)
    chosen = QtCore.pyqtSignal(int)

    def __init__(self, left: str, bottom: str, logarithmic: bool = False) -> None:
        super().__init__(left, bottom)
        self._log = logarithmic
        if logarithmic:
            self.setLogMode(y=True)
        self.curves: dict[int, RunCurve] = {}
        self.forward: int | None = None
        self.scene().sigMouseMoved.connect(self._look_under)
        self.box.points = False

    def show_curves(self, drawn: Sequence[Drawn]) -> None:
        """Draw these runs and no others."""
        wanted = {each.run for each in drawn}
        for run in [run for run in self.curves if run not in wanted]:
            self.removeItem(self.curves.pop(run))
        for each in drawn:
            if each.run not in self.curves:
                self.curves[each.run] = RunCurve(self._log)
                self.addItem(self.curves[each.run])
            self.curves[each.run].show_run(each)
            self.curves[each.run].dress(*self._manner(each.run))
        self.getViewBox().updateAutoRange()

    def bring_forward(self, run: int | None) -> None:
        """Bring one run forward and let the others fade; None for all alike."""
        self.forward = run if run in self.curves else None
        for number, curve in self.curves.items():
            curve.dress(*self._manner(number))

    def run_at(self, place: QtCore.QPointF) -> int | None:
        """Return the run whose curve is nearest to a place of the scene, None if none is close."""
        box = self.getViewBox()
        if not self.curves or not box.sceneBoundingRect().contains(place):
            return None
        at, (sx, sy) = box.mapSceneToView(place), box.viewPixelSize()
        best, nearest = None, float(CLOSE)
        for run, curve in self.curves.items():
            x, y = curve.visible_points
            near = slice(*np.searchsorted(x, [at.x() - CLOSE * sx, at.x() + CLOSE * sx]))
            if near.start == near.stop:
                # Between two points that are far apart the line itself is pointed at.
                distance = (
                    abs(float(np.interp(at.x(), x, y)) - at.y()) / sy if _within(x, at.x()) else math.inf
                )
            else:
                distance = float(np.min(np.hypot((x[near] - at.x()) / sx, (y[near] - at.y()) / sy)))
            if distance < nearest:
                best, nearest = run, distance
        return best

    def leaveEvent(self, event: QtCore.QEvent | None) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def _look_under(self, place: QtCore.QPointF) -> None:
        self.hovered.emit(self.run_at(place))

    def _manner(self, run: int) -> tuple[bool, bool]:
        return run == self.forward, self.forward is not None and run != self.forward


def _within(x: Floats, at: float) -> bool:
    return len(x) > 1 and bool(x[0] <= at <= x[-1])
