"""The Sand plot: a point a run, a line a metal, an arrow where no depletion was seen."""

import math

import numpy as np

from app.window.drawn import style
from app.window.drawn.plot import Array, Panel, Plot
from app.window.qt import QtCore, QtGui, QtWidgets, pg
from app.window.shown.sand import Sand, SandPoint, SandSeries

SYMBOLS = {"Li": "o", "Li0.95Mg0.05": "s", "Li0.9Mg0.1": "t1"}
"""Of the metals."""
COLOURS = {"Li": 1, "Li0.95Mg0.05": 2, "Li0.9Mg0.1": 0}
"""Places in the row of colours."""
CLOSE = 16
DOT, ARROW = 10.0, 52.0
"""Pixels …"""
LARGER = 1.5
"""… and so many times as large for the run that is brought forward."""

TIP = """\
Sand's equation: t₀^(−1/2) = 2 i / (F Δc √(π D)), so the slope gives an effective D.
Δc is c₀ of lithium in the metal where it counts as depleted at c = 0, and c₀ − c_min
where an alloy does so at the end of its β phase, c_min = 24 mmol cm⁻³.
Arrows: no depletion while the run was watched; the point lies somewhere below."""


class SandPanel(Panel):
    """Draws what `app.window.shown.sand.sand` returns.

    Attributes
    ----------
    hovered : pyqtSignal
        With the run that is pointed at, None for none.
    drop_changed : pyqtSignal
        The other concentration drop is wanted.
    """

    hovered = QtCore.pyqtSignal(object)
    drop_changed = QtCore.pyqtSignal()

    def __init__(self) -> None:
        self.plot = Plot("<i>t</i><sub>0</sub><sup>−1/2</sup> / h<sup>−1/2</sup>", "<i>i</i> / µA cm⁻²")
        self.drop = QtWidgets.QToolButton()
        self.drop.setCheckable(True)
        self.drop.setToolTip(TIP)
        self.drop.setFont(style.font(13))
        self.drop.setAccessibleName("Concentration drop of Sand's equation")
        self.drop.toggled.connect(self._change_drop)
        self.drop.setText("Δc = c₀")
        super().__init__("Sand plot", [(self.plot, 1)], self.drop)
        self.heading.setToolTip(TIP)
        # The lines rise to the right, so the upper left corner is free, as in the paper's figure.
        self.words = QtWidgets.QGraphicsTextItem(self.plot.box)
        self.words.setFont(style.font(12))
        self.words.setDefaultTextColor(QtGui.QColor(style.palette().grey))
        self.words.setPos(style.UNIT, 0)
        self._items: list[object] = []
        self._dots: list[tuple[pg.ScatterPlotItem, list[SandPoint], float]] = []
        self._sand = Sand((), ())
        self._forward: int | None = None
        self.plot.scene().sigMouseMoved.connect(self._look_under)

    @property
    def to_c_min(self) -> bool:
        """Whether the alloys count as depleted at c_min."""
        return self.drop.isChecked()

    def draw(self, sand: Sand) -> None:
        """Draw another plot."""
        self._sand = sand
        self._redraw()
        self.plot.say("" if sand.series else "wants runs at constant current that have ended")
        self.plot.setToolTip("\n".join(self.remarks()))
        lines = [
            _in_colour(each, hollow=self._is_further(each, place))
            for place, each in enumerate(sand.series)
            if each.line is not None
        ]
        self.words.setHtml("<br>".join((HEADING, *lines)) if lines else "")

    def bring_forward(self, run: int | None) -> None:
        """Mark one run."""
        if run == self._forward:
            return
        self._forward = run
        for item, points, size in self._dots:
            item.setSize([size * (LARGER if point.run == run else 1) for point in points])

    def run_at(self, place: QtCore.QPointF) -> int | None:
        """Return the run whose point is nearest to a place of the scene, None if none is close."""
        box = self.plot.getViewBox()
        if not box.sceneBoundingRect().contains(place):
            return None
        at, (sx, sy) = box.mapSceneToView(place), box.viewPixelSize()
        best, nearest = None, float(CLOSE)
        for point in (point for each in self._sand.series for point in each.points):
            distance = math.hypot((point.current - at.x()) / sx, (point.value - at.y()) / sy)
            if distance < nearest:
                best, nearest = point.run, distance
        return best

    def columns(self) -> dict[str, Array]:
        """Return the points."""
        rows = [(each, point) for each in self._sand.series for point in each.points]
        return {
            "run": np.array([point.run for _, point in rows]),
            "metal": np.array([each.metal for each, _ in rows], dtype=object),
            "conditions": np.array([each.conditions for each, _ in rows], dtype=object),
            "i / µA cm⁻²": np.array([point.current for _, point in rows]),
            "t₀^(−1/2) / h^(−1/2)": np.array([point.value for _, point in rows]),
            "censored": np.array([point.censored for _, point in rows]),
        }

    def remarks(self) -> list[str]:
        """Return the lines in words."""
        return [f"{each.title}: {each.words}" for each in self._sand.series] + list(self._sand.left_out)

    def _change_drop(self, to_c_min: bool) -> None:
        self.drop.setText("Δc = c₀ − c_min for alloys" if to_c_min else "Δc = c₀")
        self.drop_changed.emit()

    def _look_under(self, place: QtCore.QPointF) -> None:
        self.hovered.emit(self.run_at(place))

    def _redraw(self) -> None:
        for item in self._items:
            self.plot.removeItem(item)
        self._items, self._dots = [], []
        for place, each in enumerate(self._sand.series):
            self._draw_series(each, place)

    def _draw_series(self, each: SandSeries, place: int) -> None:
        colour = style.series(COLOURS.get(each.metal, 3))
        dash = QtCore.Qt.PenStyle.DashLine if self._is_further(each, place) else QtCore.Qt.PenStyle.SolidLine
        if len(each.x):
            self._add(pg.PlotCurveItem(each.x, each.y, pen=pg.mkPen(colour, width=1.2, style=dash)))
        reached = [point for point in each.points if not point.censored]
        filled = pg.mkBrush(style.palette().paper if self._is_further(each, place) else colour)
        self._add_dots(reached, SYMBOLS.get(each.metal, "d"), DOT, colour, filled)
        censored = [point for point in each.points if point.censored]
        self._add_dots(censored, _arrow(), ARROW, colour, pg.mkBrush(None))

    def _add_dots(
        self,
        points: list[SandPoint],
        symbol: str | QtGui.QPainterPath,
        size: float,
        colour: str,
        brush: QtGui.QBrush,
    ) -> None:
        item = pg.ScatterPlotItem(
            [point.current for point in points],
            [point.value for point in points],
            symbol=symbol,
            size=[size * (LARGER if point.run == self._forward else 1) for point in points],
            pen=pg.mkPen(colour, width=1.5),
            brush=brush,
        )
        self._dots.append((item, points, size))
        self._add(item)

    def _is_further(self, each: SandSeries, place: int) -> bool:
        """Whether there is a series of the same metal before this one: its symbols are hollow."""
        return any(other.metal == each.metal for other in self._sand.series[:place])

    def _add(self, item: object) -> None:
        self.plot.addItem(item)
        self._items.append(item)


def _arrow() -> QtGui.QPainterPath:
    """Return an arrow that begins at the point and shows where the truth lies: below."""
    path = QtGui.QPainterPath()
    # A symbol is cut off half its size away from the point.
    for stroke in (((-0.1, 0), (0.1, 0)), ((0, 0), (0, 0.45)), ((-0.09, 0.31), (0, 0.45), (0.09, 0.31))):
        path.moveTo(*stroke[0])
        for place in stroke[1:]:
            path.lineTo(*place)
    return path


SIGNS = {"o": "●○", "s": "■□", "t1": "▲△", "d": "◆◇"}
"""Of the symbols, filled and hollow."""


HEADING = "<i>D</i><sub>eff</sub> / cm² s⁻¹, &nbsp;Δ<i>c</i> / mmol cm⁻³"


def _in_colour(each: SandSeries, hollow: bool) -> str:
    """Return what came of a series, in rich text, with its symbol before it."""
    colour = style.series(COLOURS.get(each.metal, 3))
    sign, ink = SIGNS[SYMBOLS.get(each.metal, "d")][hollow], style.palette().ink
    return (
        f"<span style='color:{colour}'>{sign}</span> "
        f"<span style='color:{ink}'>{each.title}: &nbsp;{each.short}</span>"
    )
