"""The Nyquist plot: the spectrum that is looked at and its fit, before the history of the run."""

import numpy as np

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.caption import Caption, HourScale, put_under_title
from app.window.drawn.finder import Find, Finder, Found
from app.window.drawn.history_choice import HistoryChoice
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.plot import Array, Panel
from app.window.drawn.spectrum_plot import SpectrumPlot
from app.window.drawn.strokes import Strokes
from app.window.qt import QtGui, QtWidgets, pg
from app.window.shown.nyquist import Bounds, Nyquist, point_words, range_for, words_of
from app.window.shown.strands import HOUR, nearest

REACH, FAR_REACH = 12.0, 16.0
"""Pixels within which a point is found: of the spectrum that is looked at, and of the history."""

CLOSE, HALF = 0.15, 0.5
"""Shares of the width of a spectrum: near the axis, and up to the apex of its arc."""

TIP = (
    "Impedance of the spectrum that is looked at (dots), its fit (line), and spectra of the run, coloured"
    " by time. Line: R_bulk ∥ CPE + R_gb ∥ CPE + R_int ∥ CPE + jωL, Z = R / (1 + (jωτ)^α) for each arc. "
    "Hollow: points the fit left out. Areal values are multiplied by the area of the electrode. Click a "
    "spectrum to look at it."
)


class NyquistPanel(Panel):
    """Draws what `app.window.shown.nyquist.nyquist` returns, with equal axes.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.plot = SpectrumPlot("−<i>Z</i>″", "<i>Z</i>′", over_power=False)
        self.plot.setAspectLocked(True)
        self.which = ElidedLabel(12, grey=True)
        self.whole = _fit_button()
        right = QtWidgets.QWidget()
        right.setObjectName("panel")
        row = QtWidgets.QHBoxLayout(right)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        row.addWidget(self.which)
        row.addWidget(self.whole)
        super().__init__("Nyquist", [(self.plot, 1)], right)
        self.caption = Caption(HourScale())
        put_under_title(self, self.caption)
        self.plot.setToolTip(TIP)
        self.choice = HistoryChoice(desk, self)
        self.past = Strokes(self.plot)
        colours = style.palette()
        self.initial = self.plot.line(colours.grey, 1.5, dashed=True)
        self.last = self.plot.line(colours.blue, 1.5)
        self.fitted = self.plot.line(colours.vermillion, 2)
        self.used = self.plot.dots(colours.ink, 6)
        self.masked = self.plot.dots(colours.ink, 6, hollow=True)
        self._labels: list[pg.TextItem] = []
        self._drawn: Nyquist | None = None
        self._own_range = False
        self.finder = Finder(self.plot, self._finding(), self.caption.say, desk.point)
        self.plot.getViewBox().sigRangeChangedManually.connect(self._keep_range)
        self.whole.toggled.connect(lambda _on: self.fit_ranges(keep=True))
        key = QtWidgets.QShortcut(QtGui.QKeySequence("A"), self)
        key.setWhatsThis("Nyquist: show all spectra, or the one that is looked at")
        key.activated.connect(self.whole.toggle)

    def draw(self, nyquist: Nyquist) -> None:
        """Draw another moment."""
        before, self._drawn = self._drawn, nyquist
        self.choice.follow()
        self.past.draw(nyquist.past, nyquist.past_x, nyquist.past_y, nyquist.until, nyquist.unit)
        for item, arc in (
            (self.initial, nyquist.initial),
            (self.last, nyquist.last),
            (self.fitted, nyquist.fit),
            (self.used, nyquist.used),
            (self.masked, nyquist.masked),
        ):
            item.setData(arc.x, arc.y)
        self._write(nyquist)
        self._label(nyquist)
        if before is None or before.unit != nyquist.unit:
            self._own_range = False
            self.plot.label("left", f"−<i>Z</i>″ / {nyquist.unit}")
            self.plot.label("bottom", f"<i>Z</i>′ / {nyquist.unit}")
        self._follow()

    def fit_ranges(self, keep: bool = False) -> None:
        """Fit the range to the spectrum that is looked at, or to all where that is chosen.

        Parameters
        ----------
        keep : bool
            Whether what is to be seen stays as it is chosen; otherwise it is the spectrum that is looked at.
        """
        self._own_range = False
        if not keep:
            self.whole.setChecked(False)
        if self._drawn is not None:
            self._label(self._drawn)
        self._follow(anew=True)

    def columns(self) -> dict[str, Array]:
        """Return what is shown, see `Panel.columns`."""
        if self._drawn is None:
            return {}
        drawn, unit = self._drawn, self._drawn.unit
        frequency = np.concatenate([drawn.used.frequency, drawn.masked.frequency])
        used = np.concatenate([np.ones(len(drawn.used.x)), np.zeros(len(drawn.masked.x))])
        order = np.argsort(-frequency, kind="stable")
        x, y = np.concatenate([drawn.used.x, drawn.masked.x]), np.concatenate([drawn.used.y, drawn.masked.y])
        found = {
            "f / Hz": frequency[order],
            f"Z′ / {unit}": x[order],
            f"−Z″ / {unit}": y[order],
            "used by the fit": used[order].astype(int),
        }
        for name, arc in (("fit", drawn.fit), ("at rest", drawn.initial), ("last", drawn.last)):
            if len(arc.x):
                found |= {f"{name}: f / Hz": arc.frequency}
                found |= {f"{name}: Z′ / {unit}": arc.x, f"{name}: −Z″ / {unit}": arc.y}
        known = np.isfinite(drawn.past.frequency)
        hours = np.repeat(drawn.past.hour, np.diff(drawn.past.start))
        found |= {"history: time / h": hours[known], "history: f / Hz": drawn.past.frequency[known]}
        return found | {
            f"history: Z′ / {unit}": drawn.past_x[known],
            f"history: −Z″ / {unit}": drawn.past_y[known],
        }

    def remarks(self) -> list[str]:
        """Return which spectrum is shown, and what is amiss with it."""
        drawn = self._drawn
        return [] if drawn is None else [words for words in (drawn.which, drawn.remarks) if words]

    def _write(self, nyquist: Nyquist) -> None:
        self.which.show_text(nyquist.which)
        self.plot.say(nyquist.words)
        self.plot.warn("" if nyquist.words else nyquist.remarks)
        colours = style.palette()
        entries = [("●", colours.ink, nyquist.which.split(",")[0] or "spectrum")]
        entries += [("○", colours.ink, "masked")] if len(nyquist.masked.x) else []
        entries += [("━", colours.vermillion, "fit")] if len(nyquist.fit.x) else []
        entries += [("╌╌", colours.grey, "at rest")] if len(nyquist.initial.x) else []
        entries += [("─", colours.blue, "last")] if len(nyquist.last.x) else []
        self.caption.show_legend(*entries)
        if self.caption.scale is not None and len(nyquist.past):
            self.caption.scale.show_hours(float(nyquist.past.hour[0]), nyquist.until)

    def _label(self, nyquist: Nyquist) -> None:
        while len(self._labels) < len(nyquist.labels):
            label = pg.TextItem(color=style.palette().ink, anchor=(0.5, 1.25))
            label.setFont(style.font(12))
            label.setZValue(15)
            self.plot.addItem(label, ignoreBounds=True)
            self._labels.append(label)
        for number, label in enumerate(self._labels):
            # Among all spectra, those of one of them would stand on top of each other.
            label.setVisible(number < len(nyquist.labels) and not self.whole.isChecked())
            if number < len(nyquist.labels):
                x, y, text = nyquist.labels[number]
                label.setText(text)
                label.setPos(x, y)
                label.setAnchor(_anchor(x, nyquist.looked_at))

    def _follow(self, anew: bool = False) -> None:
        """Move on with what is shown, unless somebody has chosen a range of their own."""
        if self._drawn is None or self._own_range:
            return
        bounds = self._drawn.everything if self.whole.isChecked() else self._drawn.looked_at
        if bounds is None:
            return
        (left, right), (bottom, top) = self.plot.viewRange()
        now: Bounds = (left, right, bottom, top)
        wanted = range_for(bounds, None if anew else now)
        if wanted != now:
            self.plot.setRange(xRange=wanted[:2], yRange=wanted[2:], padding=0)

    def _keep_range(self, *_: object) -> None:
        self._own_range = True

    def _finding(self) -> Find:
        def find(at: tuple[float, float], pixel: tuple[float, float]) -> Found | None:
            drawn = self._drawn
            if drawn is None:
                return None
            for arc in (drawn.used, drawn.masked, drawn.last, drawn.initial):
                place = nearest(arc.x, arc.y, at, pixel, REACH)
                if place is not None:
                    words = words_of(arc, place, drawn.unit)
                    return Found(arc.x[place], arc.y[place], words, arc.hour * HOUR)
            place = nearest(drawn.past_x, drawn.past_y, at, pixel, FAR_REACH)
            if place is None:
                return None
            x, y, hour = (
                drawn.past_x[place],
                drawn.past_y[place],
                drawn.past.hour[drawn.past.spectrum_at(place)],
            )
            words = point_words(drawn.past.frequency[place], x, y, hour, drawn.unit)
            return Found(x, y, words, hour * HOUR)

        return find


def _anchor(x: float, bounds: Bounds | None) -> tuple[float, float]:
    """Return on which side of its point a label stands: outside the arc, but not over the axis."""
    left, right = (0.0, 1.0) if bounds is None else bounds[:2]
    share = (x - left) / (right - left)
    if share < CLOSE:
        return (-0.25, 0.5)
    return (1.15, 0.9) if share < HALF else (-0.1, 1.0)


def _fit_button() -> QtWidgets.QToolButton:
    button = QtWidgets.QToolButton()
    button.setObjectName("quiet")
    button.setText("fit all")
    button.setFont(style.font(12))
    button.setCheckable(True)
    button.setToolTip("Show all spectra of the history, or the one that is looked at (A)")
    button.setAccessibleName("Fit the range to all spectra")
    return button
