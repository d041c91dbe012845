"""One panel with one plot, dressed the way papers do it."""

import math

from app.window import style
from app.window.qt import QtCore, QtGui, QtWidgets, pg


def pen(colour: str | QtGui.QColor, width: float = 1.0, dashed: bool = False) -> QtGui.QPen:
    """Return a pen whose width is in pixels."""
    line = QtCore.Qt.PenStyle.DashLine if dashed else QtCore.Qt.PenStyle.SolidLine
    return pg.mkPen(colour, width=width, style=line)


class DecadeAxis(pg.AxisItem):
    """An axis whose logarithmic ticks read 0.1, 0.2, 0.5, 1, 2, 5, 10; the others bear no number."""

    LABELLED = (1, 2, 5)

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write ticks at `values`, which are logarithms."""
        del spacing
        return [f"{10.0**value * scale:.3g}" if self._is_labelled(value) else "" for value in values]

    def _is_labelled(self, logarithm: float) -> bool:
        return round(10.0 ** (logarithm - math.floor(logarithm + 1e-9)), 3) in self.LABELLED


class Plot(pg.PlotWidget):
    """A plot with labelled axes, a thin grid and, for a simulated run, a faint mark.

    Parameters
    ----------
    left, bottom : str
        Labels of the axes, in rich text; without one, the numbers of the bottom axis are left
        to the plot below.
    mark_on_top : bool
        Whether the mark of a simulated run stands in the upper corner, where the curve falls.
    """

    AXIS_WIDTH = 64

    def __init__(self, left: str, bottom: str, mark_on_top: bool = False) -> None:
        super().__init__(background=style.PAPER, axisItems={"left": DecadeAxis("left")})
        self._mark_on_top = mark_on_top
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setMenuEnabled(True)
        self.hideButtons()
        for side, text in (("left", left), ("bottom", bottom)):
            axis = self.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setPen(pen(style.FAINT))
            axis.setTextPen(pen(style.INK))
            axis.setStyle(tickFont=style.font(12), tickLength=-4, maxTickLevel=1)
            axis.label.setFont(style.font(13))
            if text:
                axis.setLabel(text, color=style.INK)
            else:
                axis.setStyle(showValues=False)
        self.getAxis("left").setWidth(self.AXIS_WIDTH)
        self.showGrid(x=True, y=True, alpha=0.12)
        self._mark = QtWidgets.QGraphicsSimpleTextItem("SIMULATED", self.getViewBox())
        self._mark.setFont(style.font(16, bold=True))
        self._mark.setBrush(QtGui.QColor(0, 0, 0, 34))
        self._mark.setZValue(-100)
        self._mark.hide()
        self._words = QtWidgets.QGraphicsSimpleTextItem("", self.getViewBox())
        self._words.setFont(style.font(15))
        self._words.setBrush(QtGui.QColor(style.GREY))
        self.getViewBox().sigResized.connect(self._place_mark)

    def mark_simulated(self, simulated: bool) -> None:
        """Show or hide the mark of a simulated run."""
        self._mark.setVisible(simulated)
        self._place_mark()

    def say(self, words: str) -> None:
        """Write into the middle of an empty plot why it is empty."""
        self._words.setText(words)
        self._place_mark()

    def for_long_traces(self) -> None:
        """Draw only what can be seen: for curves whose x rises, of any length."""
        self.setDownsampling(auto=True, mode="peak")
        self.setClipToView(True)

    def line(self, colour: str | QtGui.QColor, width: float = 1.0, dashed: bool = False) -> pg.PlotDataItem:
        """Add an empty line."""
        return self.plot([], [], pen=pen(colour, width, dashed), connect="finite")

    def dots(self, colour: str, size: float, hollow: bool = False) -> pg.PlotDataItem:
        """Add an empty set of dots."""
        brush = pg.mkBrush(style.PAPER if hollow else colour)
        return self.plot(
            [], [], pen=None, symbol="o", symbolSize=size, symbolPen=pen(colour, 1.2), symbolBrush=brush
        )

    def level(self, angle: int, text: str = "") -> pg.InfiniteLine:
        """Add a dashed line across the plot, hidden; the range of the plot does not follow it."""
        place = {"position": 0.4, "anchors": [(0, 0), (0, 1)]}
        if angle:
            place = {"position": 0.8, "anchors": [(0, 0.5), (0, 0.5)]}
        options = place | {"color": style.GREY}
        line = pg.InfiniteLine(
            angle=angle, pen=pen(style.GREY, 1, dashed=True), label=text or None, labelOpts=options
        )
        if text:
            line.label.setFont(style.font(12))
        line.hide()
        self.addItem(line, ignoreBounds=True)
        return line

    def _place_mark(self, *_: object) -> None:
        box, text = self.getViewBox().rect(), self._mark.boundingRect()
        y = box.top() + 4 if self._mark_on_top else box.bottom() - text.height() - 4
        words = self._words.boundingRect()
        self._words.setPos(box.center().x() - words.width() / 2, box.center().y() - words.height() / 2)
        self._mark.setPos(box.right() - text.width() - 12, y)


class Panel(QtWidgets.QWidget):
    """A sheet of paper with a title, something at its right, and plots one above the other."""

    def __init__(
        self, title: str, plots: list[tuple[Plot, int]], right: QtWidgets.QWidget | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(320)
        heading = QtWidgets.QLabel(title)
        heading.setFont(style.font(14, bold=True))
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(style.UNIT, style.UNIT, 2 * style.UNIT, style.UNIT)
        column.setSpacing(4)
        top = QtWidgets.QHBoxLayout()
        top.setContentsMargins(style.UNIT, 0, 0, 0)
        top.addWidget(heading)
        top.addSpacing(2 * style.UNIT)
        top.addStretch(1)
        if right is not None:
            top.addWidget(right)
        column.addLayout(top)
        for plot, stretch in plots:
            column.addWidget(plot, stretch)
