"""R_int and C_int against charge or time: how the contact goes."""

import math
from typing import NamedTuple

import numpy as np

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.cursor import Cursor
from app.window.drawn.curves import Band, Spans
from app.window.drawn.dots import Dots
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.plot import Array, Panel, Plot
from app.window.drawn.switch import Switch
from app.window.qt import QtWidgets, pg
from app.window.reading.snapshot import Snapshot
from app.window.shown.contact import Contact, Course, contact, position_of

SMALLEST_DECADES = 1.0
"""R_int is shown over a decade at least, so that there are decades to label."""

TIP_R = (
    "R_int: resistance of the interface, from the fit of every spectrum, times the area of the electrode.\n"
    "Band: 95 %, ± 1.96 standard errors. Line: smoothed. Hollow: nothing is concluded from this fit.\n"
    "Dashed: R_int at which the run calls the cell depleted.\n"
    "Shaded: projected depletion, from 1/R falling in time."
)
TIP_C = "C_int = τ/R = (R^(1−α) Q)^(1/α), Hsu and Mansfeld; it falls with the area that is still in contact."


class _Curves(NamedTuple):
    solid: Dots
    hollow: Dots
    smooth: pg.PlotDataItem
    band: Band


class ContactPanel(Panel):
    """Draws what `app.window.shown.contact.contact` returns; the two plots share their x.

    Parameters
    ----------
    desk : Desk
        Of which the units are, and the memory of the two switches.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.resistance = Plot("<i>R</i><sub>int</sub>", "")
        self.capacitance = Plot("<i>C</i><sub>int</sub>", "<i>Q</i>", True)
        self.resistance.setLogMode(y=True)
        self.capacitance.setXLink(self.resistance)
        self.reference = ElidedLabel(12, grey=True)
        super().__init__("Contact", [(self.resistance, 10), (self.capacitance, 11)], self._switches())
        self.spans = [self._span(plot) for plot in self.plots]
        self.curves = [
            self._curves(plot, colour)
            for plot, colour in (
                (self.resistance, style.palette().blue),
                (self.capacitance, style.palette().green),
            )
        ]
        self.threshold = self.resistance.level(0, "depletion")
        self.projected = [
            plot.level(90, "t₀" * (plot is self.resistance), before=True) for plot in self.plots
        ]
        self.anchor = self.resistance.line(style.palette().paper, 0.0)
        self.offer_log(self.resistance, "R_int").toggled.connect(lambda _on: self._place_levels())
        self.offer_log(self.capacitance, "C_int")
        self.resistance.setToolTip(TIP_R)
        self.capacitance.setToolTip(TIP_C)
        self._snapshot: Snapshot | None = None
        self._contact: Contact | None = None

    def point_with(self, cursor: Cursor) -> None:
        """Have the cursor shown in both plots, and moved in them."""
        self._cursor = cursor
        for plot in self.plots:
            cursor.cross(plot, self._position, self._time)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw another moment; fits that nothing is concluded from are hollow."""
        self._snapshot = snapshot
        drawn = contact(snapshot, self._desk.units, self.against_time.chosen == 1, self.relative.chosen == 1)
        self._contact = drawn
        for plot, curves, course in zip(
            self.plots, self.curves, (drawn.resistance, drawn.capacitance), strict=True
        ):
            plot.label("left", course.label)
            _draw(curves, drawn, course)
            plot.say(drawn.why_empty)
        self.capacitance.label("bottom", drawn.label)
        meaning = f"{drawn.reference}: the last fit before the current" if drawn.reference else ""
        self.reference.show_text(drawn.reference, meaning)
        self._place_levels()

    def columns(self) -> dict[str, Array]:
        """Return the fits that are shown."""
        drawn = self._contact
        if drawn is None:
            return {}
        found: dict[str, Array] = {"t / s": drawn.time, drawn.heading: drawn.x}
        if drawn.heading == "t / h":
            found = {"t / s": drawn.time}
        for course in (drawn.resistance, drawn.capacitance):
            name, _, unit = course.heading.partition(" / ")
            found |= {
                course.heading: course.value,
                f"{name} lower 95 % / {unit}": course.low,
                f"{name} upper 95 % / {unit}": course.high,
            }
            if np.any(np.isfinite(course.smooth)):
                found[f"{name} smoothed / {unit}"] = course.smooth
        return found | {"nothing concluded": drawn.reserved.astype(int)}

    def remarks(self) -> list[str]:
        """Say what values are relative to."""
        return [self._contact.reference] if self._contact is not None and self._contact.reference else []

    def _position(self, time: float) -> float:
        if self._snapshot is None:
            return math.nan
        return position_of(self._snapshot, time, self._desk.units, self.against_time.chosen == 1)

    def _time(self, x: float) -> float | None:
        """Return the time of the fit that is nearest in x."""
        if self._contact is None or not np.any(np.isfinite(self._contact.x)):
            return None
        return float(self._contact.time[int(np.nanargmin(np.abs(self._contact.x - x)))])

    def _switches(self) -> QtWidgets.QWidget:
        memory = self._desk.memory
        self.against_time = Switch(
            "x axis",
            (("Q", "against the charge since the current was switched on"), ("t", "against time")),
            int(memory.yes("contact against time")),
            lambda chosen: self._choose("contact against time", chosen),
        )
        self.relative = Switch(
            "values",
            (("R, C", "values as fitted"), ("R/R₀", "over the last fit before the current: R/R₀ and C/C₀")),
            int(memory.yes("contact relative")),
            lambda chosen: self._choose("contact relative", chosen),
        )
        result = QtWidgets.QWidget()
        result.setObjectName("panel")
        result.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Preferred)
        row = QtWidgets.QHBoxLayout(result)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        row.addWidget(self.reference, 1)
        row.addWidget(self.relative)
        row.addWidget(self.against_time)
        return result

    def _choose(self, key: str, chosen: int) -> None:
        self._desk.memory.keep(key, bool(chosen))
        if self._snapshot is not None:
            self.draw(self._snapshot)
        self.fit_ranges()
        self._cursor.place()

    def _curves(self, plot: Plot, colour: str) -> _Curves:
        band = Band(colour)
        plot.addItem(band, ignoreBounds=True)
        plot.for_long_traces()
        smooth = plot.line(colour, 1.5)
        return _Curves(plot.dots(colour, 4), plot.dots(colour, 5, hollow=True), smooth, band)

    def _span(self, plot: Plot) -> Spans:
        spans = Spans(style.palette().orange, 40)
        plot.addItem(spans, ignoreBounds=True)
        return spans

    def _place_levels(self) -> None:
        """Place what stands at a value or an x of its own."""
        drawn = self._contact
        if drawn is None:
            return
        threshold = drawn.threshold if drawn.threshold is not None and np.isfinite(drawn.threshold) else None
        self.threshold.setVisible(threshold is not None and not drawn.why_empty)
        self.resistance.setLimits(minYRange=SMALLEST_DECADES if self.resistance.logarithmic("y") else 0)
        if threshold is not None:
            self.threshold.setValue(np.log10(threshold) if self.resistance.logarithmic("y") else threshold)
        for spans, line in zip(self.spans, self.projected, strict=True):
            line.setVisible(drawn.depletion is not None)
            spans.setData(() if drawn.depletion is None else (drawn.depletion[1:],))
            if drawn.depletion is not None:
                line.setValue(drawn.depletion[0])
        known = drawn.resistance.value[np.isfinite(drawn.resistance.value) & (drawn.resistance.value > 0)]
        if drawn.reach is None or not len(known):
            self.anchor.setData([], [])
        else:
            self.anchor.setData([drawn.reach, drawn.reach], [known[-1], known[-1]])


def _draw(curves: _Curves, drawn: Contact, course: Course) -> None:
    with np.errstate(invalid="ignore"):
        known = np.isfinite(course.value) & np.isfinite(drawn.x) & (course.value > 0)
    # Where the charge runs back, what is visible cannot be looked up, nor put into blocks.
    rising = bool(np.all(np.diff(drawn.x[known]) >= 0))
    for item, chosen in ((curves.solid, known & ~drawn.reserved), (curves.hollow, known & drawn.reserved)):
        item.setData(drawn.x[chosen], course.value[chosen])
    smooth = known & np.isfinite(course.smooth)
    curves.smooth.setClipToView(rising)
    curves.smooth.setDownsampling(auto=rising, method="peak")
    curves.smooth.setData(drawn.x[smooth], course.smooth[smooth])
    trusted = np.where(known & ~drawn.reserved, 1.0, np.nan)
    curves.band.setData(drawn.x, course.low * trusted, course.high * trusted)
