"""Plots over frequency or time constants: logarithmic axes with decades, and a remark in the corner."""

import math

from app.window.drawn import style
from app.window.drawn.canvas import Plot
from app.window.qt import QtGui, QtWidgets, pg

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ROOM = 44
"""Pixels that the number of a decade wants."""

Ticks = list[tuple[float, list[float]]]


class PowerAxis(pg.AxisItem):
    """An axis of logarithms to base ten, with decades numbered 0.1, 1, 10, 10², and ticks between them."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:
        """Return decades that are numbered, and ticks that are not."""
        low, high = min(minVal, maxVal), max(minVal, maxVal)
        step = max(1, math.ceil((high - low) * ROOM / max(size, 1.0)))
        first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
        decades = [float(n) for n in range(first, last + 1) if n % step == 0]
        if step > 1:
            return [(step, decades), (1, [float(n) for n in range(first, last + 1) if n % step])]
        between = [n + math.log10(k) for n in range(first - 1, last + 1) for k in range(2, 10)]
        return [(1, decades), (0.1, [each for each in between if low <= each <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the decades."""
        del scale
        return [power(round(each)) if spacing >= 1 else "" for each in values]


class RelaxationAxis(PowerAxis):
    """An axis of log₁₀ of time constants that is numbered in their frequencies, 1/(2πτ)."""

    SHIFT = -math.log10(2 * math.pi)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> Ticks:
        """Return where decades of frequency are."""
        of_frequency = super().tickValues(self.SHIFT - maxVal, self.SHIFT - minVal, size)
        return [(spacing, [self.SHIFT - each for each in values]) for spacing, values in of_frequency]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the decades of frequency."""
        return super().tickStrings([self.SHIFT - each for each in values], scale, spacing)


def power(exponent: int) -> str:
    """Write a power of ten: ``"0.1"``, ``"1"``, ``"10"``, otherwise ``"10⁵"``."""
    return {-1: "0.1", 0: "1", 1: "10"}.get(exponent, f"10{str(exponent).translate(SUPERSCRIPTS)}")


class SpectrumPlot(Plot):
    """A plot over a logarithm, with room for a remark in its upper corner.

    Parameters
    ----------
    left, bottom : str
        As in `Plot`.
    mark_on_top : bool
        As in `Plot`.
    over_power : bool
        Whether the bottom axis is one of logarithms.
    """

    def __init__(self, left: str, bottom: str, mark_on_top: bool = False, over_power: bool = True) -> None:
        super().__init__(left, bottom, mark_on_top, PowerAxis("bottom") if over_power else None)
        # Everything moves when the range does: painting once is quicker than many small regions.
        self.setViewportUpdateMode(QtWidgets.QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self._remark = QtWidgets.QGraphicsSimpleTextItem("", self.getViewBox())
        self._remark.setFont(style.font(13))
        self._remark.setBrush(QtGui.QColor(style.palette().vermillion))
        self._remark.setPos(style.UNIT, 4)
        self._remark.setZValue(30)

    @property
    def remark(self) -> str:
        """What is written in the corner."""
        return self._remark.text()

    def warn(self, words: str) -> None:
        """Write into the corner what is amiss; nothing without words."""
        text = f"▲ {words}" if words else ""
        if text != self._remark.text():
            self._remark.setText(text)
