"""The Nyquist plot: the last spectrum and its fit, before a faint history."""

from app.window import style
from app.window.curves import Arc, Nyquist
from app.window.marks import TimeScale
from app.window.plot import Panel, Plot, pen
from app.window.qt import QtGui, QtWidgets, pg


class NyquistPanel(Panel):
    """Draws what `app.window.curves.nyquist` returns, with equal axes."""

    def __init__(self) -> None:
        self.plot = Plot("−<i>Z</i>″ / kΩ cm²", "<i>Z</i>′ / kΩ cm²")
        self.plot.setAspectLocked(True)
        self.scale = TimeScale()
        super().__init__("Nyquist", [(self.plot, 1)], _legend(self.scale))
        self._history: list[pg.PlotCurveItem] = []
        self._hours: list[float] = []
        self.initial = self.plot.line(style.GREY, 1.5, dashed=True)
        self.fit = self.plot.line(style.VERMILLION, 2)
        self.used = self.plot.dots(style.INK, 6)
        self.masked = self.plot.dots(style.INK, 6, hollow=True)

    def draw(self, nyquist: Nyquist) -> None:
        """Draw another moment."""
        self._draw_history(nyquist.history)
        for item, arc in (
            (self.initial, nyquist.initial),
            (self.fit, nyquist.fit),
            (self.used, nyquist.used),
            (self.masked, nyquist.masked),
        ):
            item.setData(arc.x, arc.y)
        if nyquist.history:
            self.scale.show_hours(nyquist.history[0].hour, nyquist.used.hour)

    def _draw_history(self, arcs: tuple[Arc, ...]) -> None:
        hours = [arc.hour for arc in arcs]
        if hours == self._hours:
            return
        self._hours = hours
        while len(self._history) < len(arcs):
            line = pg.PlotCurveItem()
            line.setZValue(-10)
            self.plot.addItem(line)
            self._history.append(line)
        for item in self._history[len(arcs) :]:
            item.setData([], [])
        for item, arc, colour in zip(self._history, arcs, style.sequence(len(arcs)), strict=False):
            shade = QtGui.QColor(colour)
            shade.setAlpha(150)
            item.setData(arc.x, arc.y, pen=pen(shade, 1))


def _legend(scale: TimeScale) -> QtWidgets.QWidget:
    text = QtWidgets.QLabel(
        f"● last&nbsp;&nbsp; ○ masked&nbsp;&nbsp; <span style='color:{style.VERMILLION}'>━</span> fit"
        f"&nbsp;&nbsp; <span style='color:{style.GREY}'>╌╌</span> at rest"
    )
    text.setFont(style.font(12))
    text.setObjectName("grey")
    result = QtWidgets.QWidget()
    result.setObjectName("panel")
    row = QtWidgets.QHBoxLayout(result)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(text)
    row.addWidget(scale)
    return result
