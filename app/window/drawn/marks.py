"""Small painted things: signs, the SIMULATED badge, the heartbeat, the bar of progress, the scale of time."""

from datetime import datetime

from app.window.drawn import style
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets
from core.clock import wall_time

Antialiasing = QtGui.QPainter.RenderHint.Antialiasing
NoPen = QtCore.Qt.PenStyle.NoPen
AlignCenter = QtCore.Qt.AlignmentFlag.AlignCenter


class StateSign(QtWidgets.QWidget):
    """The coloured shape before the word of the state."""

    def __init__(self) -> None:
        super().__init__()
        self.sign = style.sign_of(None)
        self.setFixedSize(28, 28)
        self.setAccessibleName("state of the run")

    def show_sign(self, sign: style.Sign) -> None:
        """Show another sign."""
        if sign != self.sign:
            self.sign = sign
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint the shape."""
        with painting(self) as painter:
            painter.setRenderHint(Antialiasing)
            paint_sign(painter, QtCore.QRectF(self.rect()), self.sign)


def paint_sign(painter: QtGui.QPainter, place: QtCore.QRectF, sign: style.Sign) -> None:
    """Paint a shape in the middle of a place, as large as its shorter side allows."""
    painter.save()
    painter.translate(place.center())
    size = min(place.width(), place.height()) / 28
    painter.scale(size, size)
    colour = QtGui.QColor(sign.colour)
    stroke = QtGui.QPen(colour, 4)
    stroke.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    if sign.shape in _STROKED:
        painter.setPen(stroke)
        painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(NoPen)
        painter.setBrush(colour)
    {
        "disc": lambda: painter.drawEllipse(QtCore.QPointF(0, 0), 10, 10),
        "ring": lambda: painter.drawEllipse(QtCore.QPointF(0, 0), 8, 8),
        "dot": lambda: painter.drawEllipse(QtCore.QPointF(0, 0), 4, 4),
        "dash": lambda: painter.drawLine(QtCore.QPointF(-6, 0), QtCore.QPointF(6, 0)),
        "square": lambda: painter.drawRect(QtCore.QRectF(-9, -9, 18, 18)),
        "triangle": lambda: painter.drawPolygon(QtGui.QPolygonF(_points((0, -11), (11, 9), (-11, 9)))),
        "forward": lambda: painter.drawPolygon(QtGui.QPolygonF(_points((-8, -10), (10, 0), (-8, 10)))),
        "bars": lambda: painter.drawRects(QtCore.QRectF(-9, -10, 7, 20), QtCore.QRectF(2, -10, 7, 20)),
        "tick": lambda: painter.drawPolyline(QtGui.QPolygonF(_points((-9, 1), (-3, 7), (9, -7)))),
        "cross": lambda: painter.drawLines(QtCore.QLineF(-8, -8, 8, 8), QtCore.QLineF(-8, 8, 8, -8)),
        "broken": lambda: _paint_broken(painter),
    }[sign.shape]()
    painter.restore()


_STROKED = ("ring", "broken", "tick", "cross", "dash")


def _paint_broken(painter: QtGui.QPainter) -> None:
    painter.drawLines(QtCore.QLineF(-11, 0, -5, 0), QtCore.QLineF(5, 0, 11, 0))
    painter.drawPolyline(QtGui.QPolygonF(_points((-5, 8), (-1, 0), (-5, 0), (-1, -8))))


def _points(*places: tuple[float, float]) -> list[QtCore.QPointF]:
    return [QtCore.QPointF(x, y) for x, y in places]


def power_icon(colour: str, pixels: int = 20) -> QtGui.QIcon:
    """Return the sign of a switch, a ring that a bar breaks from above."""
    picture = QtGui.QPixmap(2 * pixels, 2 * pixels)
    picture.setDevicePixelRatio(2.0)
    picture.fill(QtCore.Qt.GlobalColor.transparent)
    with painting(picture) as painter:
        painter.setRenderHint(Antialiasing)
        pen = QtGui.QPen(QtGui.QColor(colour), 2.2)
        pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        middle, radius = pixels / 2, 0.36 * pixels
        ring = QtCore.QRectF(middle - radius, middle - radius + 1, 2 * radius, 2 * radius)
        # Angles of Qt are sixteenths of a degree, from three o'clock against the clock.
        painter.drawArc(ring, 125 * 16, 290 * 16)
        painter.drawLine(QtCore.QPointF(middle, 2), QtCore.QPointF(middle, middle))
    return QtGui.QIcon(picture)


class HeartDot(QtWidgets.QWidget):
    """A dot that beats whenever the run was heard of; a square where it should have been and was not."""

    BEAT = 0.4
    """s of wall time that a beat is to be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(20, 20)
        self.setAccessibleName("heartbeat of the run")
        self._heard: datetime | None = None
        self._beat_until = 0.0
        self._state = ("none", False)

    def show_heartbeat(self, heard: datetime | None, late: bool) -> None:
        """Beat if the run has been heard of again.

        Parameters
        ----------
        heard : datetime or None
            When it last was; None where no run is live.
        late : bool
            Whether that is too long ago.
        """
        now = wall_time()
        if heard is not None and heard != self._heard:
            self._beat_until = now + self.BEAT
        self._heard = heard
        kind = "none" if heard is None else "late" if late else "live"
        state = (kind, kind == "live" and now < self._beat_until)
        if state != self._state:
            self._state = state
            self.update()
        self.setToolTip(
            {"none": "No run is live.", "late": "The run has not been heard of for a while."}.get(
                kind, "Beats whenever the run says that it lives."
            )
        )

    @property
    def beats(self) -> bool:
        """Whether a beat is to be seen at this moment."""
        return self._state[1]

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint the dot."""
        colours = style.palette()
        with painting(self) as painter:
            painter.setRenderHint(Antialiasing)
            kind, beat = self._state
            sign = {
                "none": style.Sign(colours.faint, "dash"),
                "late": style.Sign(colours.vermillion, "square"),
                "live": style.Sign(colours.green, "disc"),
            }[kind]
            inset = 0.0 if beat or kind != "live" else 4.0
            paint_sign(painter, QtCore.QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), sign)


class Badge(QtWidgets.QWidget):
    """The hatched word SIMULATED."""

    TEXT = "SIMULATED"

    def __init__(self) -> None:
        super().__init__()
        self.setFont(style.font(15, bold=True))
        metrics = QtGui.QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self.TEXT)
        self._plate = metrics.height() + 4
        self.setFixedSize(width + 5 * style.UNIT, max(40, self._plate + 2 * style.UNIT))
        self.setAccessibleName(self.TEXT)
        self.setToolTip("The instruments of this run were simulated; no cell was touched.")

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint hatching in two colours with the word on a clear plate."""
        with painting(self) as painter:
            painter.setRenderHint(Antialiasing)
            frame = QtCore.QRectF(self.rect()).adjusted(1, 1, -1, -1)
            clip = QtGui.QPainterPath()
            clip.addRoundedRect(frame, 4, 4)
            painter.setClipPath(clip)
            painter.fillRect(frame, QtGui.QColor(style.palette().hatch))
            painter.setPen(QtGui.QPen(QtGui.QColor(style.palette().orange), 6))
            for x in range(-self.height(), self.width() + self.height(), 16):
                painter.drawLine(x, self.height(), x + self.height(), 0)
            text = QtGui.QFontMetrics(self.font()).horizontalAdvance(self.TEXT)
            plate = QtCore.QRectF(0, 0, text + 2 * style.UNIT, self._plate)
            plate.moveCenter(frame.center())
            painter.setPen(NoPen)
            painter.setBrush(QtGui.QColor(style.palette().paper))
            painter.drawRoundedRect(plate, 3, 3)
            painter.setPen(QtGui.QColor(style.palette().ink))
            painter.drawText(plate, int(AlignCenter), self.TEXT)
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.setPen(QtGui.QPen(QtGui.QColor(style.palette().ink), 1.5))
            painter.drawRoundedRect(frame, 4, 4)


class ProgressBar(QtWidgets.QWidget):
    """A bar of the time under current, with the projected depletion and its band on it."""

    def __init__(self) -> None:
        super().__init__()
        self.share: float | None = None
        self.mark: float | None = None
        self.band: tuple[float, float] | None = None
        self.setFixedHeight(2 * style.UNIT)
        self.setMinimumWidth(20 * style.UNIT)
        self.setAccessibleName("time under current")

    def show_progress(
        self, share: float | None, mark: float | None = None, band: tuple[float, float] | None = None
    ) -> None:
        """Show how far it is, and where depletion is expected; all from 0 to 1, None for unknown."""
        if (share, mark, band) != (self.share, self.mark, self.band):
            self.share, self.mark, self.band = share, mark, band
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint the bar."""
        colours = style.palette()
        with painting(self) as painter:
            painter.setRenderHint(Antialiasing)
            painter.setPen(NoPen)
            groove = QtCore.QRectF(self.rect()).adjusted(0, 4, 0, -4)
            painter.setBrush(QtGui.QColor(colours.hairline))
            painter.drawRoundedRect(groove, 4, 4)
            if self.band is not None:
                first, last = (groove.left() + groove.width() * each for each in self.band)
                painter.fillRect(
                    QtCore.QRectF(first, 0, max(last - first, 2), self.height()),
                    QtGui.QBrush(QtGui.QColor(colours.grey), QtCore.Qt.BrushStyle.BDiagPattern),
                )
            if self.share is not None:
                filled = QtCore.QRectF(groove)
                filled.setWidth(groove.width() * min(max(self.share, 0.0), 1.0))
                painter.setBrush(QtGui.QColor(colours.accent))
                painter.drawRoundedRect(filled, 4, 4)
            if self.mark is not None:
                place = min(groove.left() + groove.width() * self.mark, groove.right() - 3)
                painter.fillRect(QtCore.QRectF(place, 0, 3, self.height()), QtGui.QColor(colours.ink))


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
        with painting(self) as painter:
            bar = QtCore.QRectF(48, 5, 80, 10)
            colours = style.sequence(20)
            for position, colour in enumerate(colours):
                painter.fillRect(QtCore.QRectF(bar.left() + 4 * position, bar.top(), 4, bar.height()), colour)
            painter.setPen(QtGui.QColor(style.palette().grey))
            middle = QtCore.Qt.AlignmentFlag.AlignVCenter
            painter.drawText(
                QtCore.QRectF(0, 0, 43, 20), int(middle | QtCore.Qt.AlignmentFlag.AlignRight), self.labels[0]
            )
            painter.drawText(
                QtCore.QRectF(133, 0, 43, 20), int(middle | QtCore.Qt.AlignmentFlag.AlignLeft), self.labels[1]
            )
