"""E, T and p against time."""

from app.window import style
from app.window.curves import Traces
from app.window.plot import Panel, Plot

TIME = "<i>t</i> / h"


class VoltagePanel(Panel):
    """E(t) with the moment the current was switched on, and the cut-off."""

    SMALLEST_SPAN = 0.005
    """V: the noise of an open circuit at rest is not blown up to the height of the plot."""

    def __init__(self) -> None:
        self.plot = Plot("<i>E</i> / V", TIME)
        self.plot.for_long_traces()
        self.plot.setLimits(minYRange=self.SMALLEST_SPAN)
        super().__init__("Voltage", [(self.plot, 1)])
        self.voltage = self.plot.line(style.BLUE)
        self.current_on = self.plot.level(90, "current on")
        self.cut_off = self.plot.level(0, "cut-off")

    def draw(self, traces: Traces) -> None:
        """Draw another moment."""
        self.voltage.setData(*traces.voltage)
        for line, value in ((self.current_on, traces.current_on), (self.cut_off, traces.cut_off)):
            line.setVisible(value is not None)
            if value is not None:
                line.setValue(value)


class ConditionsPanel(Panel):
    """Temperature and stack pressure, in strips that follow the time of E(t).

    Parameters
    ----------
    time : Plot
        The plot whose time axis they share.
    """

    SMALLEST_SPAN = 1.0
    """°C or MPa: noise of a steady condition is not blown up to the height of the strip."""

    def __init__(self, time: Plot) -> None:
        self.temperature, self.pressure = Plot("<i>T</i> / °C", ""), Plot("<i>p</i> / MPa", TIME)
        super().__init__("Conditions", [(self.temperature, 4), (self.pressure, 5)])
        self.curves = []
        for plot in (self.temperature, self.pressure):
            plot.for_long_traces()
            plot.setXLink(time)
            plot.setLimits(minYRange=self.SMALLEST_SPAN)
            plot.getAxis("left").setStyle(maxTickLevel=0)
            self.curves.append(plot.line(style.INK))

    def draw(self, traces: Traces) -> None:
        """Draw another moment."""
        for curve, trace in zip(self.curves, (traces.temperature, traces.pressure), strict=True):
            curve.setData(*trace)
