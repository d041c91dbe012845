"""The time axis: hours since the run began, or the time of day."""

from datetime import datetime

from app.window.drawn import style
from app.window.qt import pg
from app.window.shown.clock_axis import ticks

PIXELS_A_TICK = 72
HOURS = "<i>t</i> / h"
CLOCK = "time of day"


class TimeAxis(pg.AxisItem):
    """A bottom axis in hours that can read as a clock."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._started: datetime | None = None
        self._named = False

    def name(self) -> None:
        """Label the axis; without, its numbers are left to another plot."""
        self._named = True
        self._label()

    def show_clock(self, started: datetime | None) -> None:
        """Show the time of day of a run that began then; None for hours."""
        if started != self._started:
            self._started = started
            self.picture = None
            self._label()
            self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Return where the ticks stand."""
        if self._started is None:
            found: list[tuple[float, list[float]]] = super().tickValues(minVal, maxVal, size)
            return found
        places = [hour for hour, _ in self._ticks(minVal, maxVal, size)]
        return [(1.0, places)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return what they read."""
        if self._started is None or not values:
            found: list[str] = super().tickStrings(values, scale, spacing)
            return found
        low, high = self.range
        read = {round(hour, 6): text for hour, text in self._ticks(low, high, self.size().width())}
        return [read.get(round(value, 6), "") for value in values]

    def _ticks(self, low: float, high: float, size: float) -> list[tuple[float, str]]:
        assert self._started is not None
        return ticks(low, high, self._started, max(int(size / PIXELS_A_TICK), 2))

    def _label(self) -> None:
        if self._named:
            self.setLabel(HOURS if self._started is None else CLOCK, color=style.palette().ink)
