"""One cursor in time, drawn as a line in every plot that has something to do with time."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.canvas import Plot
from app.window.qt import QtCore, QtWidgets, pg
from app.window.shown.traces import HOUR


@dataclass
class _Line:
    line: pg.InfiniteLine
    position: Callable[[float], float]


class Cursor(QtCore.QObject):
    """Shows the desk's cursor in plots, and lets it be moved in any of them.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._lines: list[_Line] = []
        desk.pointed.connect(self.place)

    def cross(
        self, plot: Plot, position: Callable[[float], float], time: Callable[[float], float | None]
    ) -> pg.InfiniteLine:
        """Have the cursor drawn in a plot, and moved where it is clicked or dragged over.

        Parameters
        ----------
        plot : Plot
        position : callable
            Turns bench seconds into x of the plot; nan where there is none.
        time : callable
            Turns x into bench seconds; None where there are none.
        """
        line = plot.level(90)
        line.setPen(pg.mkPen(style.palette().accent, width=1.5))
        line.setZValue(40)
        self._lines.append(_Line(line, position))

        def point(x: float) -> None:
            found = time(x)
            if found is not None and math.isfinite(found):
                self.desk.point(max(found, 0.0))

        plot.on_point(point)
        return line

    def cross_time(self, plot: Plot) -> pg.InfiniteLine:
        """Have the cursor drawn in a plot whose x are hours of the run."""
        return self.cross(plot, lambda time: time / HOUR, lambda hour: hour * HOUR)

    def place(self, _time: object = None) -> None:
        """Put the lines where they belong, also after the plots have changed their x."""
        cursor = self.desk.cursor
        for each in self._lines:
            x = math.nan if cursor is None else each.position(cursor)
            each.line.setVisible(math.isfinite(x))
            if math.isfinite(x):
                each.line.setValue(x)


MOVES = (QtWidgets.QAbstractItemView, QtWidgets.QLineEdit, QtWidgets.QTextEdit, QtWidgets.QPlainTextEdit)
CHOICES = (QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox, QtWidgets.QTabBar, QtWidgets.QAbstractSlider)


def takes_keys(widget: QtWidgets.QWidget | None) -> bool:
    """Whether a widget with the focus needs arrows and letters itself."""
    return isinstance(widget, MOVES + CHOICES)
