"""E, T and p against time."""

from typing import NamedTuple

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.cursor import Cursor
from app.window.drawn.curves import Band, LongCurve, Spans
from app.window.drawn.pin_row import PinRow
from app.window.drawn.plot import Array, Panel, Plot
from app.window.drawn.switch import Switch
from app.window.drawn.time_axis import TimeAxis
from app.window.qt import pg
from app.window.reading.snapshot import Snapshot
from app.window.shown.pins import pins
from app.window.shown.traces import target_line, traces

MOST_ROWS = 100_000
"""Rows of a table of a trace; a longer stretch is thinned to its envelope."""

TIP_E = (
    "E: voltage of the working against the counter electrode, as the potentiostat measures it.\n"
    "Shaded: the current flows.\n"
    "Shapes at the top: ● note, ▲ warning, ■ alarm, ❙❙ pause, ◆ decision, ◎ request."
)


TIP_T = "T of the chamber. Dashed: what was wanted of it."
TIP_P = (
    "p = F/A, the force over the area of the pellet (not that of the electrode).\n"
    "Dashed and shaded: what was wanted, with its tolerance."
)


class _Strip(NamedTuple):
    curve: LongCurve
    target: pg.PlotDataItem
    band: Band


class TimePanel(Panel):
    """E(t) with current, cut-off and pins; below it T and p with what was wanted of them, at the same time.

    Parameters
    ----------
    desk : Desk
    """

    SMALLEST_VOLTS = 0.005
    """V: the noise of an open circuit at rest is not blown up to the height of the plot."""
    SMALLEST_SPAN = 1.0
    """°C or MPa: likewise the noise of a steady condition."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._snapshot: Snapshot | None = None
        self.axes = [TimeAxis() for _ in range(3)]
        self.plot, self.temperature, self.pressure = (
            Plot(label, "", axis=axis)
            for label, axis in zip(
                ("<i>E</i> / V", "<i>T</i> / °C", "<i>p</i> / MPa"), self.axes, strict=True
            )
        )
        self.axes[2].setStyle(showValues=True)
        self.axes[2].name()
        self.clock = Switch(
            "time axis",
            (("h", "hours since the run began"), ("clock", "time of day")),
            int(desk.memory.yes("clock time")),
            self._choose,
        )
        shares = [(self.plot, 10), (self.temperature, 4), (self.pressure, 7)]
        super().__init__("Voltage and conditions", shares, self.clock)
        self.flowing = Spans(style.palette().blue, 18)
        self.plot.addItem(self.flowing, ignoreBounds=True)
        self.voltage = LongCurve(style.palette().blue)
        self.plot.addItem(self.voltage)
        self.plot.setLimits(minYRange=self.SMALLEST_VOLTS)
        self.current_on = self.plot.level(90, "current on")
        self.current_on.label.setPosition(0.3)
        self.cut_off = self.plot.level(0, "cut-off")
        self.pins = PinRow(self.plot, desk.point)
        self.strips = [self._strip(plot) for plot in (self.temperature, self.pressure)]
        self.plot.setToolTip(TIP_E)
        self.temperature.setToolTip(TIP_T)
        self.pressure.setToolTip(TIP_P)

    def point_with(self, cursor: Cursor) -> None:
        """Have the cursor shown in all plots, and moved in them."""
        for plot in self.plots:
            cursor.cross_time(plot)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw another moment."""
        self._snapshot = snapshot
        drawn = traces(snapshot)
        self.voltage.show(drawn.voltage)
        self.voltage.reach((drawn.voltage, drawn.temperature, drawn.pressure))
        self.flowing.setData(drawn.flowing)
        for line, value in ((self.current_on, drawn.current_on), (self.cut_off, drawn.cut_off)):
            line.setVisible(value is not None)
            if value is not None:
                line.setValue(value)
        self.pins.show_pins(pins(snapshot))
        self.plot.say(drawn.why_empty)
        shown = ((drawn.temperature, drawn.temperatures), (drawn.pressure, drawn.pressures))
        for strip, plot, (trace, targets) in zip(self.strips, self.plots[1:], shown, strict=True):
            strip.curve.show(trace)
            plot.say("" if len(trace) else "not measured")
            hours, values, low, high = target_line(targets)
            strip.target.setData(hours, values)
            strip.band.setData(hours, low, high)
        self._show_clock()

    def columns(self) -> dict[str, Array]:
        """Return E, T and p in the stretch of time that is shown, each with hours of its own."""
        begin, end = self.plot.box.viewRange()[0]
        curves = (
            ("E / V", self.voltage),
            ("T / °C", self.strips[0].curve),
            ("p / MPa", self.strips[1].curve),
        )
        found: dict[str, Array] = {}
        for heading, curve in curves:
            if curve.trace is not None and len(curve.trace):
                hours, values = curve.trace.between(begin, end, MOST_ROWS)
                found |= {f"t of {heading[0]} / h": hours, heading: values}
        return found

    def remarks(self) -> list[str]:
        """Say whether the table is whole."""
        whole = all(len(column) < MOST_ROWS / 2 for column in self.columns().values())
        thinned = "long stretches are thinned: of every block only its lowest and its highest value"
        return [] if whole else [thinned]

    def _strip(self, plot: Plot) -> _Strip:
        """Dress a narrow plot that follows the time of E(t)."""
        plot.setXLink(self.plot)
        plot.setLimits(minYRange=self.SMALLEST_SPAN)
        plot.getAxis("left").setStyle(maxTickLevel=0)
        band, curve = Band(style.palette().green, 40), LongCurve(style.palette().ink)
        plot.addItem(band, ignoreBounds=True)
        target = plot.line(style.palette().green, 1.0, dashed=True)
        plot.addItem(curve)
        return _Strip(curve, target, band)

    def _choose(self, chosen: int) -> None:
        self._desk.memory.keep("clock time", bool(chosen))
        self._show_clock()

    def _show_clock(self) -> None:
        on_clock = self._snapshot is not None and self.clock.chosen == 1
        for axis in self.axes:
            axis.show_clock(self._snapshot.summary.started_utc if on_clock and self._snapshot else None)
