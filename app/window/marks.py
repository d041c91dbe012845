"""Small painted things: the sign of a state, the SIMULATED badge, the bar of progress, the scale of time."""

from app.window import style
from app.window.qt import QtCore, QtGui, QtWidgets

Antialiasing = QtGui.QPainter.RenderHint.Antialiasing
NoPen = QtCore.Qt.PenStyle.NoPen
AlignCenter = QtCore.Qt.AlignmentFlag.AlignCenter


class StateSign(QtWidgets.QWidget):
    """The coloured shape before the word of the state."""

    def __init__(self) -> None:
        super().__init__()
        self.sign = style.NO_SIGN
        self.setFixedSize(28, 28)

    def show_sign(self, sign: style.Sign) -> None:
        """Show another sign."""
        if sign != self.sign:
            self.sign = sign
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint the shape."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(Antialiasing)
        painter.translate(self.width() / 2, self.height() / 2)
        colour = QtGui.QColor(self.sign.colour)
        stroke = QtGui.QPen(colour, 4)
        stroke.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
        if self.sign.shape in ("ring", "broken", "tick", "cross"):
            painter.setPen(stroke)
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(NoPen)
            painter.setBrush(colour)
        {
            "disc": lambda: painter.drawEllipse(QtCore.QPointF(0, 0), 10, 10),
            "ring": lambda: painter.drawEllipse(QtCore.QPointF(0, 0), 8, 8),
            "square": lambda: painter.drawRect(QtCore.QRectF(-9, -9, 18, 18)),
            "bars": lambda: painter.drawRects(QtCore.QRectF(-9, -10, 7, 20), QtCore.QRectF(2, -10, 7, 20)),
            "tick": lambda: painter.drawPolyline(QtGui.QPolygonF(_points((-9, 1), (-3, 7), (9, -7)))),
            "cross": lambda: painter.drawLines(QtCore.QLineF(-8, -8, 8, 8), QtCore.QLineF(-8, 8, 8, -8)),
            "broken": lambda: painter.drawLines(QtCore.QLineF(-11, 0, -5, 0), QtCore.QLineF(5, 0, 11, 0)),
        }[self.sign.shape]()
        if self.sign.shape == "broken":
            painter.drawPolyline(QtGui.QPolygonF(_points((-5, 8), (-1, 0), (-5, 0), (-1, -8))))


def _points(*places: tuple[float, float]) -> list[QtCore.QPointF]:
    return [QtCore.QPointF(x, y) for x, y in places]


class Badge(QtWidgets.QWidget):
    """The hatched word SIMULATED."""

    TEXT = "SIMULATED"

    def __init__(self) -> None:
        super().__init__()
        self.setFont(style.font(15, bold=True))
        width = QtGui.QFontMetrics(self.font()).horizontalAdvance(self.TEXT)
        self.setFixedSize(width + 8 * style.UNIT, 40)
        self.setToolTip("The instruments of this run were simulated; no cell was touched.")

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint hatching in two colours with the word on a clear plate."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(Antialiasing)
        frame = QtCore.QRectF(self.rect()).adjusted(1, 1, -1, -1)
        clip = QtGui.QPainterPath()
        clip.addRoundedRect(frame, 4, 4)
        painter.setClipPath(clip)
        painter.fillRect(frame, QtGui.QColor("#ffe9b8"))
        painter.setPen(QtGui.QPen(QtGui.QColor(style.ORANGE), 6))
        for x in range(-self.height(), self.width() + self.height(), 16):
            painter.drawLine(x, self.height(), x + self.height(), 0)
        text = QtGui.QFontMetrics(self.font()).horizontalAdvance(self.TEXT)
        plate = QtCore.QRectF(0, 0, text + 2 * style.UNIT, 24)
        plate.moveCenter(frame.center())
        painter.setPen(NoPen)
        painter.setBrush(QtGui.QColor(style.PAPER))
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(QtGui.QColor(style.INK))
        painter.drawText(plate, int(AlignCenter), self.TEXT)
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        painter.setPen(QtGui.QPen(QtGui.QColor(style.INK), 1.5))
        painter.drawRoundedRect(frame, 4, 4)


class ProgressBar(QtWidgets.QWidget):
    """A thin bar that fills towards depletion; empty while that cannot be said."""

    def __init__(self) -> None:
        super().__init__()
        self.share: float | None = None
        self.setFixedHeight(style.UNIT)
        self.setMinimumWidth(160)

    def show_share(self, share: float | None) -> None:
        """Show how far it is, from 0 to 1."""
        if share != self.share:
            self.share = share
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint the bar."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(Antialiasing)
        painter.setPen(NoPen)
        painter.setBrush(QtGui.QColor(style.HAIRLINE))
        painter.drawRoundedRect(self.rect(), 4, 4)
        if self.share is not None:
            filled = QtCore.QRectF(0, 0, self.width() * min(max(self.share, 0.0), 1.0), self.height())
            painter.setBrush(QtGui.QColor(style.ACCENT))
            painter.drawRoundedRect(filled, 4, 4)


class TimeScale(QtWidgets.QWidget):
    """Which colour stands for which hour in the history of spectra."""

    def __init__(self) -> None:
        super().__init__()
        self.labels = ("", "")
        self.setFont(style.font(12))
        self.setFixedSize(176, 20)

    def show_hours(self, first: float, last: float) -> None:
        """Label the two ends, in hours."""
        labels = (f"{first:.1f} h", f"{last:.1f} h")
        if labels != self.labels:
            self.labels = labels
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint the colours between their labels; nothing while there are none."""
        if not self.labels[0]:
            return
        painter = QtGui.QPainter(self)
        bar = QtCore.QRectF(48, 5, 80, 10)
        colours = style.sequence(20)
        for position, colour in enumerate(colours):
            painter.fillRect(QtCore.QRectF(bar.left() + 4 * position, bar.top(), 4, bar.height()), colour)
        painter.setPen(QtGui.QColor(style.GREY))
        middle = QtCore.Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QtCore.QRectF(0, 0, 43, 20), int(middle | QtCore.Qt.AlignmentFlag.AlignRight), self.labels[0]
        )
        painter.drawText(
            QtCore.QRectF(133, 0, 43, 20), int(middle | QtCore.Qt.AlignmentFlag.AlignLeft), self.labels[1]
        )
