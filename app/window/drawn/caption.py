"""The line under the title of a panel: what the marks mean, or what is under the mouse."""

from app.window.drawn import style
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets

HEIGHT = 20


class HourScale(QtWidgets.QWidget):
    """Which colour stands for which hour in the history of spectra."""

    BAR, GAP = 56, 6

    def __init__(self) -> None:
        super().__init__()
        self.labels = ("", "")
        self.setFont(style.font(12))
        self.setFixedSize(0, HEIGHT)
        self.setToolTip("Spectra of the run are coloured by their time.")
        self._colours = style.sequence(self.BAR // 2)

    def show_hours(self, first: float, last: float) -> None:
        """Label the two ends, in hours."""
        labels = (f"{first:.1f}", f"{last:.1f} h")
        if labels != self.labels:
            self.labels = labels
            self.setFixedWidth(sum(self._width(label) for label in labels) + self.BAR + 2 * self.GAP)
            self.setAccessibleName(f"Colours of time, {first:.1f} h to {last:.1f} h")
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint the colours between their labels; nothing while there are none."""
        if not self.labels[0]:
            return
        with painting(self) as painter:
            left = self._width(self.labels[0]) + self.GAP
            for position, colour in enumerate(self._colours):
                painter.fillRect(QtCore.QRectF(left + 2 * position, 6, 2, HEIGHT - 12), colour)
            painter.setPen(QtGui.QColor(style.palette().grey))
            middle = int(QtCore.Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(QtCore.QRectF(0, 0, left, HEIGHT), middle, self.labels[0])
            right = left + self.BAR + self.GAP
            painter.drawText(QtCore.QRectF(right, 0, self.width() - right, HEIGHT), middle, self.labels[1])

    def _width(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + 1


def put_under_title(panel: QtWidgets.QWidget, *rows: QtWidgets.QWidget) -> None:
    """Put rows between the title of a panel and its plots."""
    column = panel.layout()
    assert isinstance(column, QtWidgets.QVBoxLayout)
    for place, row in enumerate(rows, start=1):
        column.insertWidget(place, row)


class Caption(QtWidgets.QWidget):
    """The legend, and the scale of time; while the mouse is at a point, that point in words instead.

    Parameters
    ----------
    scale : HourScale, optional

    Attributes
    ----------
    legend, readout : QLabel
    """

    def __init__(self, scale: HourScale | None = None) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setFixedHeight(HEIGHT)
        self.legend = QtWidgets.QLabel()
        self.legend.setObjectName("grey")
        self.legend.setFont(style.font(12))
        self.legend.setTextFormat(QtCore.Qt.TextFormat.RichText)
        self.legend.setMinimumWidth(40)
        self.readout = ElidedLabel(12)
        self.scale = scale
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(style.UNIT, 0, 0, 0)
        row.setSpacing(style.UNIT)
        row.addWidget(self.legend, 1)
        row.addWidget(self.readout, 1)
        if scale is not None:
            row.addWidget(scale)
        self.readout.hide()

    def show_legend(self, *entries: tuple[str, str, str]) -> None:
        """Show what marks mean.

        Parameters
        ----------
        entries : tuple of (str, str, str)
            Mark, its colour, and what it stands for.
        """
        words = "&nbsp;&nbsp; ".join(
            f"<span style='color:{colour}'>{mark}</span>&nbsp;{word.replace(' ', '&nbsp;')}"
            for mark, colour, word in entries
        )
        if words != self.legend.text():
            self.legend.setText(words)

    def say(self, words: str) -> None:
        """Show a point in words; the legend again without any."""
        if words != self.readout.text():
            self.readout.show_text(words)
            self.readout.setVisible(bool(words))
            self.legend.setVisible(not words)
            if self.scale is not None:
                self.scale.setVisible(not words)
