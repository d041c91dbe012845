"""Residuals of the Kramers–Kronig test of the spectrum that is looked at."""

import numpy as np

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.caption import Caption, put_under_title
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.plot import Array, Panel
from app.window.drawn.spectrum_plot import SpectrumPlot
from app.window.qt import QtCore, QtGui, QtWidgets, pg
from app.window.reading.snapshot import Snapshot
from app.window.shown.residuals import Residuals, residuals

ROOMY = 220
"""Pixels of height from which on there is room for a legend and all words."""

UNLIMITED = 16_777_215

TIP = (
    "(Z − Z_KK)/|Z| with Z_KK = R0 + jωL + Σ R_k/(1 + jωτ_k), three τ_k a decade. The verdict is made in "
    "the lowest decade that is kept (shaded): there Re Z is predicted from Im Z alone, and its mean must "
    "agree within 4 σ; and the residuals must not scatter more than twice the noise (dashed). Hollow: low"
    " frequencies that were dropped until the rest was consistent; their residuals are those of the test "
    "of all points."
)


class ResidualsPanel(Panel):
    """Draws what `app.window.shown.residuals.residuals` returns.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.plot = SpectrumPlot("Δ<i>Z</i> / |<i>Z</i>| / %", "<i>f</i> / Hz")
        self.which = ElidedLabel(12, grey=True)
        super().__init__("Kramers–Kronig", [(self.plot, 1)], self.which)
        self.verdict = QtWidgets.QLabel()
        self.verdict.setFont(style.font(12))
        self.verdict.setWordWrap(True)
        self.verdict.setContentsMargins(style.UNIT, 0, 0, 0)
        self.verdict.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.caption = Caption()
        put_under_title(self, self.verdict, self.caption)
        self.plot.setToolTip(TIP)
        colours = style.palette()
        self.noise = _region(self.plot, "horizontal", colours.blue, 34)
        self.judged = _region(self.plot, "vertical", colours.grey, 34)
        self.zero = self.plot.level(0)
        self.limits = self.plot.line(colours.vermillion, 1.2, dashed=True)
        self.real = self._marks(colours.blue, "o")
        self.imaginary = self._marks(colours.orange, "s")
        self._drawn: Residuals | None = None
        self._own_range = False
        self.plot.getViewBox().sigRangeChangedManually.connect(self._keep_range)
        self.caption.show_legend(
            ("●", colours.blue, "Re"),
            ("■", colours.orange, "Im"),
            ("○", colours.ink, "dropped"),
            ("▬", colours.sky, "noise"),
            ("▮", colours.faint, "judged"),
            ("╌╌", colours.vermillion, "limit"),
        )

    def draw(self, snapshot: Snapshot) -> None:
        """Draw another moment."""
        drawn = self._drawn = residuals(snapshot, self.desk.units)
        for (solid, hollow), values in ((self.real, drawn.real), (self.imaginary, drawn.imaginary)):
            solid.setData(drawn.frequency[~drawn.dropped], values[~drawn.dropped])
            hollow.setData(drawn.frequency[drawn.dropped], values[drawn.dropped])
        self._draw_limits(drawn)
        self.which.show_text(drawn.which)
        self.plot.say(drawn.words)
        self.caption.say(drawn.remarks if drawn.words else "")
        sign, colour = {
            True: ("✓", style.palette().green),
            False: ("✗", style.palette().vermillion),
            None: ("", style.palette().grey),
        }[drawn.passed]
        self.verdict.setStyleSheet(f"color: {colour}")
        words = ", ".join(each for each in (drawn.verdict, drawn.remarks) if each)
        self.verdict.setText(f"{sign} {words}".strip())
        self.verdict.setToolTip(f"{words}. {TIP}" if words else TIP)
        self._follow()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Leave the plot its room: in a small panel the verdict has one line, the rest is in its tooltip."""
        super().resizeEvent(event)
        roomy = self.height() >= ROOMY
        self.caption.setVisible(roomy)
        self.verdict.setMaximumHeight(UNLIMITED if roomy else self.verdict.fontMetrics().lineSpacing())

    def fit_ranges(self) -> None:
        """Fit the range to what is shown."""
        self._own_range = False
        self._follow()

    def columns(self) -> dict[str, Array]:
        """Return what is shown, see `Panel.columns`."""
        if self._drawn is None:
            return {}
        drawn = self._drawn
        return {
            "f / Hz": 10.0**drawn.frequency,
            "Re ΔZ/|Z| / %": drawn.real,
            "Im ΔZ/|Z| / %": drawn.imaginary,
            "dropped": drawn.dropped.astype(int),
        }

    def remarks(self) -> list[str]:
        """Return which spectrum is shown, and its verdict."""
        drawn = self._drawn
        if drawn is None:
            return []
        return [words for words in (drawn.which, drawn.verdict, drawn.remarks) if words]

    def _draw_limits(self, drawn: Residuals) -> None:
        self.noise.setVisible(bool(np.isfinite(drawn.noise)))
        self.judged.setVisible(drawn.judged is not None)
        self.zero.setVisible(len(drawn.frequency) > 0)
        if np.isfinite(drawn.noise):
            self.noise.setRegion((-drawn.noise, drawn.noise))
        if drawn.judged is None:
            self.limits.setData([], [])
            return
        low, high = drawn.judged
        self.judged.setRegion((low, high))
        limit = drawn.limit
        self.limits.setData([low, high, np.nan, low, high], [limit, limit, np.nan, -limit, -limit])

    def _follow(self) -> None:
        if self._own_range or self._drawn is None or not len(self._drawn.frequency):
            return
        reach = self._drawn.reach
        self.plot.setYRange(-reach, reach, padding=0)
        low, high = float(self._drawn.frequency.min()), float(self._drawn.frequency.max())
        self.plot.setXRange(low, high, padding=0.03)

    def _keep_range(self, *_: object) -> None:
        self._own_range = True

    def _marks(self, colour: str, symbol: str) -> tuple[pg.PlotDataItem, pg.PlotDataItem]:
        # A thin line leads the eye along; the dropped points have another fit behind them.
        lines = (pg.mkPen(colour, width=1), None)
        brushes = (pg.mkBrush(colour), pg.mkBrush(style.palette().paper))
        solid, hollow = (
            self.plot.plot(
                [], [], pen=line, symbol=symbol, symbolSize=6, symbolPen=pg.mkPen(colour, width=1.2),
                symbolBrush=brush, connect="finite",
            )
            for line, brush in zip(lines, brushes, strict=True)
        )  # fmt: skip
        return solid, hollow


class Stretch(pg.LinearRegionItem):
    """A shaded stretch that may outlive its plot: Qt asks for its bounds while a window is taken apart."""

    def boundingRect(self) -> QtCore.QRectF:
        """Return the bounds; nothing once the plot is gone."""
        return QtCore.QRectF() if self.viewRect() is None else super().boundingRect()


def _region(plot: SpectrumPlot, orientation: str, colour: str, opacity: int) -> Stretch:
    """Add a shaded stretch that nobody can move, hidden."""
    shade = QtGui.QColor(colour)
    shade.setAlpha(opacity)
    region = Stretch(
        orientation=orientation, movable=False, brush=shade, pen=QtGui.QPen(QtCore.Qt.PenStyle.NoPen)
    )
    region.setZValue(-20)
    region.hide()
    plot.addItem(region, ignoreBounds=True)
    return region
