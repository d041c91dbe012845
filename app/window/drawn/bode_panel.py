"""The Bode plots: size and phase of the impedance over frequency."""

import numpy as np

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.caption import Caption, HourScale, put_under_title
from app.window.drawn.finder import Find, Finder, Found
from app.window.drawn.history_choice import HistoryChoice
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.plot import Array, Panel
from app.window.drawn.sketch import Mark, Sketch
from app.window.drawn.spectrum_plot import SpectrumPlot
from app.window.drawn.strokes import Strokes
from app.window.qt import QtGui, QtWidgets
from app.window.reading.snapshot import Snapshot
from app.window.shown.bode import Bode, Course, bode, words_of
from app.window.shown.strands import COLOURS, HOUR, colours_of, nearest

REACH = 14.0
"""Pixels within which a point is found."""

AIR = 0.06

ROOMY = 320
"""Pixels of height from which on there is room for a legend."""

TIP = (
    "Size and phase of the impedance, |Z| = √(Z′² + Z″²) and φ = atan2(Z″, Z′). Dots: measured; lines: "
    "the fit. As a waterfall, spectra are shifted by their time. Click a spectrum to look at it."
)


class BodePanel(Panel):
    """Draws what `app.window.shown.bode.bode` returns; the two plots share their frequency.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.modulus = SpectrumPlot("|<i>Z</i>|", "", mark_on_top=True)
        self.angle = SpectrumPlot("−<i>φ</i>", "<i>f</i> / Hz", mark_on_top=True)
        self.modulus.getAxis("left").setLogMode(x=False, y=True)
        self.angle.setXLink(self.modulus)
        self.which = ElidedLabel(12, grey=True)
        self.waterfall = _waterfall_button()
        self.waterfall.toggled.connect(lambda _on: self._redraw())
        right = QtWidgets.QWidget()
        right.setObjectName("panel")
        row = QtWidgets.QHBoxLayout(right)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        row.addWidget(self.which)
        row.addWidget(self.waterfall)
        super().__init__("Bode", [(self.modulus, 1), (self.angle, 1)], right)
        self.caption = Caption(HourScale())
        put_under_title(self, self.caption)
        self.choice = HistoryChoice(desk, self)
        colours = style.palette()
        self.strokes = [Strokes(plot) for plot in self._plots]
        self.spelt_out = [Sketch(plot, -5) for plot in self._plots]
        self._shades = style.sequence(COLOURS)
        self.initial = [plot.line(colours.grey, 1.5, dashed=True) for plot in self._plots]
        self.last = [plot.line(colours.blue, 1.5) for plot in self._plots]
        self.fitted = [plot.line(colours.vermillion, 2) for plot in self._plots]
        self.used = [plot.dots(colours.ink, 5) for plot in self._plots]
        self.masked = [plot.dots(colours.ink, 5, hollow=True) for plot in self._plots]
        self._snapshot: Snapshot | None = None
        self._drawn: Bode | None = None
        self._own_range = False
        self.finders = []
        for plot, name in zip(self._plots, ("size", "phase"), strict=True):
            plot.setToolTip(TIP)
            plot.getViewBox().sigRangeChangedManually.connect(self._keep_range)
            self.finders.append(Finder(plot, self._finding(name), self._say, desk.point))
        key = QtWidgets.QShortcut(QtGui.QKeySequence("W"), self)
        key.setWhatsThis("Bode: spectra one behind the other, or on each other")
        key.activated.connect(self.waterfall.toggle)

    @property
    def _plots(self) -> tuple[SpectrumPlot, SpectrumPlot]:
        return self.modulus, self.angle

    def draw(self, snapshot: Snapshot) -> None:
        """Draw another moment."""
        self._snapshot = snapshot
        before, self._drawn = self._drawn, bode(snapshot, self.desk.units, self.waterfall.isChecked())
        drawn = self._drawn
        self.choice.follow()
        for number, name in enumerate(("size", "phase")):
            self._draw_one(number, name, drawn)
        self._say("")
        self.modulus.say(drawn.words)
        self.modulus.warn("" if drawn.words else drawn.remarks)
        self.modulus.label("left", drawn.size_label)
        self.angle.label("left", drawn.phase_label)
        self._explain(drawn)
        if before is None or (before.unit, before.waterfall) != (drawn.unit, drawn.waterfall):
            self._own_range = False
        self._follow()

    def fit_ranges(self) -> None:
        """Fit the ranges to what is shown."""
        self._own_range = False
        self._follow()

    def columns(self) -> dict[str, Array]:
        """Return what is shown, see `Panel.columns`; without the shifts of a waterfall."""
        if self._snapshot is None:
            return {}
        drawn = bode(self._snapshot, self.desk.units)
        frequency = np.concatenate([drawn.used.frequency, drawn.masked.frequency])
        order = np.argsort(-frequency, kind="stable")
        used = np.concatenate([np.ones(len(drawn.used.size)), np.zeros(len(drawn.masked.size))])
        size = np.concatenate([drawn.used.size, drawn.masked.size])
        phase = np.concatenate([drawn.used.phase, drawn.masked.phase])
        found: dict[str, Array] = {
            "f / Hz": 10.0 ** frequency[order],
            f"|Z| / {drawn.unit}": 10.0 ** size[order],
            "−φ / °": phase[order],
            "used by the fit": used[order].astype(int),
        }
        for name, course in (("fit", drawn.fit), ("at rest", drawn.initial), ("last", drawn.last)):
            if len(course.size):
                found |= _named(f"{name}: ", course, drawn.unit)
        known = np.isfinite(drawn.past.frequency)
        hours = np.repeat(drawn.past.hour, np.diff(drawn.past.start))
        lines = Course(drawn.lines.frequency[known], drawn.lines.size[known], drawn.lines.phase[known])
        return found | {"history: time / h": hours[known]} | _named("history: ", lines, drawn.unit)

    def remarks(self) -> list[str]:
        """Return which spectrum is shown, and what is amiss with it."""
        drawn = self._drawn
        return [] if drawn is None else [words for words in (drawn.which, drawn.remarks) if words]

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Do without the legend where it would take too much of the plots; the Nyquist plot has the same."""
        super().resizeEvent(event)
        self.caption.setVisible(self.height() >= ROOMY)

    def _say(self, words: str) -> None:
        """Show a point in words."""
        if not self.caption.isHidden():
            self.caption.say(words)
        self.which.show_text(words if words and self.caption.isHidden() else self._title)

    @property
    def _title(self) -> str:
        drawn = self._drawn
        return "" if drawn is None else ", ".join(words for words in (drawn.which, drawn.shift) if words)

    def _redraw(self) -> None:
        if self._snapshot is not None:
            self.draw(self._snapshot)

    def _draw_one(self, number: int, name: str, drawn: Bode) -> None:
        for item, course in (
            (self.initial[number], drawn.initial),
            (self.last[number], drawn.last),
            (self.fitted[number], drawn.fit),
            (self.used[number], drawn.used),
            (self.masked[number], drawn.masked),
        ):
            item.setData(course.frequency, getattr(course, name))
        lines = drawn.lines
        self.strokes[number].draw(drawn.past, lines.frequency, getattr(lines, name), drawn.until, drawn.unit)
        hours = np.array([points.hour for points, _ in drawn.spelt_out])
        colours = colours_of(hours, drawn.first, drawn.until)
        marks = []
        for (points, fit), colour in zip(drawn.spelt_out, colours, strict=True):
            shade = self._shades[int(colour)]
            marks.append(Mark(points.frequency, getattr(points, name), shade, 3, dots=True))
            marks.append(Mark(fit.frequency, getattr(fit, name), shade, 1.5))
        self.spelt_out[number].draw(marks)

    def _explain(self, drawn: Bode) -> None:
        colours = style.palette()
        entries = [("●", colours.ink, drawn.which.split(",")[0] or "spectrum")]
        entries += [("○", colours.ink, "masked")] if len(drawn.masked.size) else []
        entries += [("━", colours.vermillion, "fit")] if len(drawn.fit.size) else []
        entries += [("╌╌", colours.grey, "at rest")] if len(drawn.initial.size) else []
        entries += [("─", colours.blue, "last")] if len(drawn.last.size) else []
        self.caption.show_legend(*entries)
        if self.caption.scale is not None and drawn.until > drawn.first:
            self.caption.scale.show_hours(drawn.first, drawn.until)

    def _follow(self) -> None:
        """Move on with what is shown, unless somebody has chosen a range of their own."""
        bounds = None if self._drawn is None else self._drawn.bounds
        if self._own_range or bounds is None:
            return
        frequency, size, phase = bounds
        self.modulus.setXRange(*frequency, padding=AIR / 2)
        self.modulus.setYRange(*size, padding=AIR)
        self.angle.setYRange(*phase, padding=AIR)

    def _keep_range(self, *_: object) -> None:
        self._own_range = True

    def _finding(self, name: str) -> Find:
        def find(at: tuple[float, float], pixel: tuple[float, float]) -> Found | None:
            drawn = self._drawn
            if drawn is None:
                return None
            spelt = [points for points, _ in drawn.spelt_out]
            for course in (drawn.used, drawn.masked, drawn.last, drawn.initial, *spelt):
                place = nearest(course.frequency, getattr(course, name), at, pixel, REACH)
                if place is not None:
                    return _found(course, place, name, drawn, course.hour)
            place = nearest(drawn.lines.frequency, getattr(drawn.lines, name), at, pixel, REACH)
            if place is None:
                return None
            return _found(drawn.lines, place, name, drawn, drawn.past.hour[drawn.past.spectrum_at(place)])

        return find


def _waterfall_button() -> QtWidgets.QToolButton:
    button = QtWidgets.QToolButton()
    button.setObjectName("quiet")
    button.setText("waterfall")
    button.setFont(style.font(12))
    button.setCheckable(True)
    button.setToolTip("Shift spectra against each other by their time, or lay them over each other (W)")
    button.setAccessibleName("Waterfall")
    return button


def _found(course: Course, place: int, name: str, drawn: Bode, hour: float) -> Found:
    """Return a point in words, without the shift of a waterfall."""
    x, y = course.frequency[place], getattr(course, name)[place]
    return Found(x, y, words_of(course, place, hour, drawn), hour * HOUR)


def _named(prefix: str, course: Course, unit: str) -> dict[str, Array]:
    return {
        f"{prefix}f / Hz": 10.0**course.frequency,
        f"{prefix}|Z| / {unit}": 10.0**course.size,
        f"{prefix}−φ / °": course.phase,
    }
