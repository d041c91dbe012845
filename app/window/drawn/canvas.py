"""One plot, dressed the way papers do it."""

import math
from collections.abc import Callable
from typing import Any

from app.window.drawn import style
from app.window.drawn.dots import Dots
from app.window.qt import QtCore, QtGui, QtWidgets, pg

LOW = 80
"""Pixels of height below which the mark of a simulated run is small."""

LABEL_SIZES = (13, 12, 11, 10, 9)
"""Pixels of the label of an upright axis, the largest that fits."""

Button = QtCore.Qt.MouseButton


def pen(colour: str | QtGui.QColor, width: float = 1.0, dashed: bool = False) -> QtGui.QPen:
    """Return a pen whose width is in pixels."""
    line = QtCore.Qt.PenStyle.DashLine if dashed else QtCore.Qt.PenStyle.SolidLine
    return pg.mkPen(colour, width=width, style=line)


class NumberAxis(pg.AxisItem):
    """An axis whose negative numbers have a minus, as its label has, and no hyphen."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the numbers at ticks."""
        return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]


class DecadeAxis(NumberAxis):
    """An upright axis whose logarithmic ticks read 0.1, 0.2, 0.5, 1, 2, 5, 10; the others bear no number.

    Where it is short, every other number is left out until they do not touch.
    """

    LABELLED = (1, 2, 5)
    PIXELS_A_NUMBER = 18

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Return where the ticks stand, with the coarsest first."""
        levels: list[tuple[float, list[float]]] = super().tickValues(minVal, maxVal, size)
        if self.logMode or not levels:
            return levels
        spacing, values = levels[0][0], list(levels[0][1])
        while len(values) > 1 and len(values) * self.PIXELS_A_NUMBER > size:
            spacing *= 2
            values = [each for each in values if abs(each / spacing - round(each / spacing)) < 1e-6]
        return [(spacing, values), *levels[1:]]

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write ticks at `values`, which are logarithms."""
        del spacing
        return [f"{10.0**value * scale:.3g}" if self._is_labelled(value) else "" for value in values]

    def _is_labelled(self, logarithm: float) -> bool:
        return round(10.0 ** (logarithm - math.floor(logarithm + 1e-9)), 3) in self.LABELLED


class Box(pg.ViewBox):
    """The inside of a plot: the wheel zooms, the left or middle button moves, the right one opens the menu.

    Attributes
    ----------
    menu_wanted : pyqtSignal
        With a place on the screen.
    pointed : pyqtSignal
        With x where the left button was clicked or is dragged, once `points` is set: then dragging
        points instead of moving, and with the Shift key held it zooms into a rectangle.
    """

    menu_wanted = QtCore.pyqtSignal(object)
    pointed = QtCore.pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.points = False
        self._zooming = False

    def mouseClickEvent(self, ev: Any) -> None:
        """Point, or ask for the menu."""
        if ev.button() == Button.RightButton:
            ev.accept()
            self.menu_wanted.emit(ev.screenPos().toPoint())
        elif ev.button() == Button.LeftButton and self.points:
            ev.accept()
            self.pointed.emit(self.mapSceneToView(ev.scenePos()).x())

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        """Point while the left button is dragged, otherwise move or zoom."""
        if not self.points or axis is not None or ev.button() != Button.LeftButton:
            super().mouseDragEvent(ev, axis)
            return
        if ev.isStart():
            self._zooming = bool(ev.modifiers() & QtCore.Qt.KeyboardModifier.ShiftModifier)
        if self._zooming:
            self.setMouseMode(self.RectMode)
            super().mouseDragEvent(ev, axis)
            self.setMouseMode(self.PanMode)
        else:
            ev.accept()
            self.pointed.emit(self.mapToView(ev.pos()).x())


class Plot(pg.PlotWidget):
    """A plot with labelled axes, a thin grid and, for a simulated run, a faint mark.

    Parameters
    ----------
    left, bottom : str
        Labels of the axes, in rich text; without one, the numbers of the bottom axis are left
        to the plot below.
    mark_on_top : bool
        Whether the mark of a simulated run stands in the upper corner, where the curve falls.
    axis : AxisItem, optional
        The bottom axis, if it is a special one.
    """

    AXIS_WIDTH = 64

    def __init__(
        self, left: str, bottom: str, mark_on_top: bool = False, axis: pg.AxisItem | None = None
    ) -> None:
        self.box = Box()
        axes = {"left": DecadeAxis("left"), "bottom": axis or NumberAxis("bottom")}
        colours = style.palette()
        super().__init__(background=colours.paper, axisItems=axes, viewBox=self.box, enableMenu=False)
        self._mark_on_top = mark_on_top
        self._logarithmic = {"x": False, "y": False}
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setMinimumSize(120, 48)
        self.hideButtons()
        for side, text in (("left", left), ("bottom", bottom)):
            self._dress(self.getAxis(side), text)
        self.getAxis("left").setWidth(self.AXIS_WIDTH)
        self.showGrid(x=True, y=True, alpha=0.12)
        self._mark = self._written("SIMULATED", 16, True, QtGui.QColor(*colours.mark))
        self._mark.setZValue(-100)
        self._mark.hide()
        self._words = self._written("", 15, False, QtGui.QColor(colours.grey))
        self.box.sigResized.connect(self._place_mark)
        self.box.sigResized.connect(self._fit_label)

    def mark_simulated(self, simulated: bool) -> None:
        """Show or hide the mark of a simulated run."""
        self._mark.setVisible(simulated)
        self._place_mark()

    def say(self, words: str) -> None:
        """Write into the middle of an empty plot why it is empty."""
        if words != self._words.text():
            self._words.setText(words)
            self._place_mark()

    @property
    def words(self) -> str:
        """What is written into the middle of the plot."""
        return self._words.text()

    def label(self, side: str, text: str) -> None:
        """Label the axis at a side, ``"left"`` or ``"bottom"``, in rich text."""
        self.getAxis(side).setLabel(text, color=style.palette().ink)
        self._fit_label()

    def on_point(self, act: Callable[[float], None]) -> None:
        """Have something done with the x that is clicked, or dragged over."""
        self.box.points = True
        self.box.pointed.connect(act)

    def logarithmic(self, axis: str) -> bool:
        """Whether an axis, ``"x"`` or ``"y"``, is logarithmic."""
        return self._logarithmic[axis]

    def setLogMode(self, x: bool | None = None, y: bool | None = None) -> None:
        """Make axes logarithmic, or linear again; None leaves one as it is."""
        for name, wanted in (("x", x), ("y", y)):
            if wanted is not None:
                self._logarithmic[name] = wanted
        self.getPlotItem().setLogMode(x, y)

    def fit_range(self) -> None:
        """Follow what is shown again; along x only where no other plot is followed."""
        # A linked plot that followed its own curves along x would stop the other one from doing so.
        alone = self.box.linkedView(self.box.XAxis) is None
        self.box.enableAutoRange(x=True if alone else None, y=True)

    def for_long_traces(self) -> None:
        """Draw only what can be seen: for curves whose x rises, of any length."""
        self.setDownsampling(auto=True, mode="peak")
        self.setClipToView(True)

    def line(self, colour: str | QtGui.QColor, width: float = 1.0, dashed: bool = False) -> pg.PlotDataItem:
        """Add an empty line."""
        return self.plot([], [], pen=pen(colour, width, dashed), connect="finite")

    def dots(self, colour: str, size: float, hollow: bool = False) -> Dots:
        """Add an empty set of dots."""
        found = Dots(colour, size, style.palette().paper if hollow else "")
        self.addItem(found)
        return found

    def level(self, angle: int, text: str = "", colour: str = "", before: bool = False) -> pg.InfiniteLine:
        """Add a dashed line across the plot, hidden; the range of the plot does not follow it.

        Parameters
        ----------
        angle : int
            0 or 90 degrees.
        text : str
            Beside the line.
        colour : str
            Grey if none is given.
        before : bool
            Whether the text of an upright line stands at its left.
        """
        colour = colour or style.palette().grey
        place = {"position": 0.4, "anchors": [(0, 0), (0, 1)]}
        if angle:
            place = {"position": 0.8, "anchors": [(1, 0.5), (1, 0.5)] if before else [(0, 0.5), (0, 0.5)]}
        options = place | {"color": colour}
        line = pg.InfiniteLine(
            angle=angle, pen=pen(colour, 1, dashed=True), label=text or None, labelOpts=options
        )
        if text:
            line.label.setFont(style.font(12))
        line.hide()
        self.addItem(line, ignoreBounds=True)
        return line

    def _dress(self, axis: pg.AxisItem, text: str) -> None:
        axis.enableAutoSIPrefix(False)
        axis.setPen(pen(style.palette().faint))
        axis.setTextPen(pen(style.palette().ink))
        axis.setStyle(tickFont=style.font(12), tickLength=-4, maxTickLevel=1)
        axis.label.setFont(style.font(LABEL_SIZES[0]))
        if text:
            axis.setLabel(text, color=style.palette().ink)
        else:
            axis.setStyle(showValues=False)

    def _written(
        self, text: str, pixels: int, bold: bool, colour: QtGui.QColor
    ) -> QtWidgets.QGraphicsSimpleTextItem:
        item = QtWidgets.QGraphicsSimpleTextItem(text, self.box)
        item.setFont(style.font(pixels, bold=bold))
        item.setBrush(colour)
        return item

    def _fit_label(self, *_: object) -> None:
        """Write the label of the left axis smaller where the plot is lower than it is long."""
        label, room = self.getAxis("left").label, self.box.height()
        for size in LABEL_SIZES:
            label.setFont(style.font(size))
            if label.boundingRect().width() <= room:
                break
        self.getAxis("left").resizeEvent()

    def _place_mark(self, *_: object) -> None:
        box = self.box.rect()
        self._mark.setFont(style.font(16 if box.height() > LOW else 11, bold=True))
        text = self._mark.boundingRect()
        y = box.top() + 4 if self._mark_on_top else box.bottom() - text.height() - 4
        words = self._words.boundingRect()
        self._words.setPos(box.center().x() - words.width() / 2, box.center().y() - words.height() / 2)
        self._mark.setPos(box.right() - text.width() - 12, y)
