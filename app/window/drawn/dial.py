"""The force dial: a needle, the band it has to stand in, and big figures to turn a screw by."""

import math

from app.window.drawn import style
from app.window.drawn.painting import painting
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.dial import Dial

SWEEP = 100.0
"""Degrees from the top of the dial to either end."""

RIM = 10
"""Pixels of the arc."""

SIZE = (296, 276)
"""Pixels that the dial is designed for; it is painted larger where writing is."""

SIGNS = {"before": "", "within": "✓ ", "past": "▲ ", "unknown": ""}


class ForceDial(QtWidgets.QWidget):
    """Draws what `app.window.shown.dial.dial` returns."""

    def __init__(self) -> None:
        super().__init__()
        self.dial: Dial | None = None
        self.setFixedHeight(round(SIZE[1] * style.scale()))
        self.setMinimumWidth(round(200 * style.scale()))
        self.setToolTip(
            "Force on the pellet by the gauge, p = F / pellet area. The scale is "
            "asinh((F − target)/tolerance): narrow around the target, wide beyond it."
        )

    def show_dial(self, dial: Dial) -> None:
        """Show another moment."""
        if dial != self.dial:
            self.dial = dial
            self.setAccessibleName(f"{dial.newtons} N, {dial.words}")
            self.update()

    def paintEvent(self, _event: QtGui.QPaintEvent | None) -> None:
        """Paint arc, needle and figures."""
        if self.dial is None:
            return
        with painting(self) as painter:
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            painter.scale(style.scale(), style.scale())
            width = self.width() / style.scale()
            radius = min(width / 2 - 36, 104.0)
            middle = QtCore.QPointF(width / 2, radius + 30)
            _rim(painter, self.dial, middle, radius)
            _needle(painter, self.dial, middle, radius)
            _figures(painter, self.dial, middle)


def _figures(painter: QtGui.QPainter, dial: Dial, middle: QtCore.QPointF) -> None:
    """Write force, pressure and what to do, and how long it has held."""
    colours, wide = style.palette(), 2 * middle.x()
    top = middle.y() + 12
    painter.setPen(QtGui.QColor(colours.faint if dial.stale else colours.ink))
    _value(painter, dial.newtons, "N", QtCore.QRectF(0, top, wide, 56))
    painter.setPen(QtGui.QColor(colours.grey))
    painter.setFont(_font(18))
    beside = f"{dial.pressure} · {dial.remark}" if dial.pressure and dial.remark else ""
    _line(painter, QtCore.QRectF(0, top + 56, wide, 24), beside or dial.pressure or dial.remark)
    painter.setPen(QtGui.QColor(_colour(dial)))
    painter.setFont(_font(24, bold=True))
    words = SIGNS[dial.state] + (dial.held_words or dial.words)
    _line(painter, QtCore.QRectF(0, top + 80, wide, 32), words)
    if dial.held is not None:
        bar = QtCore.QRectF(16, top + 118, wide - 32, style.UNIT)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(colours.hairline))
        painter.drawRoundedRect(bar, 4, 4)
        bar.setWidth(bar.width() * dial.held)
        painter.setBrush(QtGui.QColor(colours.green))
        painter.drawRoundedRect(bar, 4, 4)


def _font(pixels: int, bold: bool = False) -> QtGui.QFont:
    """Return a font of the size that it was designed with; the painter makes it larger."""
    result = style.font(pixels, bold)
    result.setPixelSize(pixels)
    return result


def _colour(dial: Dial) -> str:
    colours = style.palette()
    if dial.stale:
        return colours.faint
    return {"within": colours.green, "past": colours.vermillion}.get(dial.state, colours.ink)


def _rim(painter: QtGui.QPainter, dial: Dial, middle: QtCore.QPointF, radius: float) -> None:
    """Paint the arc: grey before the band, green in it, vermillion beyond it, with figures outside."""
    colours = style.palette()
    past = (-1.0, -dial.band) if dial.loosening else (dial.band, 1.0)
    before = (dial.band, 1.0) if dial.loosening else (-1.0, -dial.band)
    frame = QtCore.QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
    parts = ((before, colours.edge, RIM), (past, colours.vermillion, RIM))
    for (low, high), colour, width in (*parts, ((-dial.band, dial.band), colours.green, 2 * RIM)):
        pen = QtGui.QPen(QtGui.QColor(colour), width)
        pen.setCapStyle(QtCore.Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        # Qt counts sixteenths of a degree, against the clock from three o'clock.
        begin, span = 90 - high * SWEEP, (high - low) * SWEEP
        painter.drawArc(frame, round(16 * begin), round(16 * span))
    painter.setFont(_font(13))
    painter.setPen(QtGui.QColor(colours.grey))
    for mark in dial.marks:
        place = _at(middle, radius + 21, mark.place)
        _line(painter, QtCore.QRectF(place.x() - 30, place.y() - 9, 60, 18), mark.label)


def _needle(painter: QtGui.QPainter, dial: Dial, middle: QtCore.QPointF, radius: float) -> None:
    if dial.place is None:
        return
    colours = style.palette()
    colour = QtGui.QColor(colours.faint if dial.stale else colours.ink)
    tip, angle = _at(middle, radius - RIM / 2 - 6, dial.place), math.radians(dial.place * SWEEP)
    across = QtCore.QPointF(math.cos(angle) * 5, math.sin(angle) * 5)
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QtGui.QPolygonF([middle - across, tip, middle + across]))
    painter.drawEllipse(middle, 9, 9)


def _at(middle: QtCore.QPointF, radius: float, place: float) -> QtCore.QPointF:
    angle = math.radians(place * SWEEP)
    return QtCore.QPointF(middle.x() + radius * math.sin(angle), middle.y() - radius * math.cos(angle))


def _line(painter: QtGui.QPainter, frame: QtCore.QRectF, text: str) -> None:
    painter.drawText(frame, int(QtCore.Qt.AlignmentFlag.AlignCenter), text)


def _value(painter: QtGui.QPainter, text: str, unit: str, frame: QtCore.QRectF) -> None:
    """Write a number, large, with a small unit behind it; both together in the middle of the frame."""
    large, small = _font(44, bold=True), _font(20)
    wide = QtGui.QFontMetricsF(large).horizontalAdvance(text)
    whole = wide + 8 + QtGui.QFontMetricsF(small).horizontalAdvance(unit)
    left, base = frame.center().x() - whole / 2, frame.bottom() - 10
    painter.setFont(large)
    painter.drawText(QtCore.QPointF(left, base), text)
    painter.setFont(small)
    painter.drawText(QtCore.QPointF(left + wide + 8, base), unit)
