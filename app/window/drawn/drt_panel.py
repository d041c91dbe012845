"""The distribution of relaxation times of the spectrum that is looked at."""

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.caption import Caption, put_under_title
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.plot import Array, Panel
from app.window.drawn.spectrum_plot import RelaxationAxis, SpectrumPlot
from app.window.qt import QtGui, pg
from app.window.reading.snapshot import Snapshot
from app.window.shown.drt import Distribution, distribution

TIP = (
    "Z = R_∞ + jωL + ∫ γ(ln τ)/(1 + jωτ) d ln τ with γ ≥ 0, by Tikhonov regularisation of the second "
    "derivative; its weight λ by generalised cross-validation. Each maximum is a process with f = "
    "1/(2πτ); the area between the minima beside it is its resistance. Shaded: 95 % band, given λ. No "
    "circuit is assumed."
)


LABEL = 40.0
"""Pixels of height that the label of a peak wants."""


class DrtPanel(Panel):
    """Draws what `app.window.shown.drt.distribution` returns.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        bottom = "<i>τ</i> / s,  above: <i>f</i> = 1/(2π<i>τ</i>) / Hz"
        self.plot = SpectrumPlot("<i>γ</i>", bottom, mark_on_top=True)
        self._number_frequencies()
        self.which = ElidedLabel(12, grey=True)
        super().__init__("DRT", [(self.plot, 1)], self.which)
        self.caption = Caption()
        put_under_title(self, self.caption)
        self.plot.setToolTip(TIP)
        colours = style.palette()
        shade = QtGui.QColor(colours.blue)
        shade.setAlpha(50)
        self.low, self.high = pg.PlotCurveItem(), pg.PlotCurveItem()
        self.band = pg.FillBetweenItem(self.low, self.high, brush=shade)
        self.band.setZValue(-5)
        self.plot.addItem(self.band, ignoreBounds=True)
        self.gamma = self.plot.line(colours.blue, 2)
        self._labels: list[pg.TextItem] = []
        self._drawn: Distribution | None = None
        self._own_range = False
        self.plot.getViewBox().sigRangeChangedManually.connect(self._keep_range)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw another moment."""
        drawn = self._drawn = distribution(snapshot, self.desk.units)
        self.low.setData(drawn.tau, drawn.low)
        self.high.setData(drawn.tau, drawn.high)
        self.gamma.setData(drawn.tau, drawn.gamma)
        self.band.setVisible(len(drawn.tau) > 0)
        self.plot.label("left", f"<i>γ</i> / {drawn.unit}")
        self.which.show_text(drawn.which)
        self.plot.say(drawn.words)
        self.caption.say(", ".join(words for words in (drawn.remarks, drawn.method) if words))
        self._label(drawn)
        self._follow()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Leave out the labels where there is no room for them."""
        super().resizeEvent(event)
        if self._drawn is not None:
            self._label(self._drawn)
            self._follow()

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
            "τ / s": 10.0**drawn.tau,
            f"γ / {drawn.unit}": drawn.gamma,
            f"γ, lower 95 % / {drawn.unit}": drawn.low,
            f"γ, upper 95 % / {drawn.unit}": drawn.high,
        }

    def remarks(self) -> list[str]:
        """Return which spectrum is shown, and how it was computed."""
        drawn = self._drawn
        return (
            [] if drawn is None else [words for words in (drawn.which, drawn.method, drawn.remarks) if words]
        )

    def _number_frequencies(self) -> None:
        axis = RelaxationAxis("top")
        self.plot.setAxisItems({"top": axis})
        colours = style.palette()
        axis.enableAutoSIPrefix(False)
        axis.setPen(pg.mkPen(colours.faint))
        axis.setTextPen(pg.mkPen(colours.ink))
        axis.setStyle(tickFont=style.font(12), tickLength=-4, maxTickLevel=1)
        axis.setGrid(False)

    def _label(self, drawn: Distribution) -> None:
        while len(self._labels) < len(drawn.peaks):
            label = pg.TextItem(color=style.palette().ink, anchor=(0.5, 1.0))
            label.setFont(style.font(12))
            self.plot.addItem(label, ignoreBounds=True)
            self._labels.append(label)
        for number, label in enumerate(self._labels):
            label.setVisible(number < len(drawn.peaks) and self.plot.getViewBox().height() > 2 * LABEL)
            if number < len(drawn.peaks):
                tau, gamma, text = drawn.peaks[number]
                label.setText(text)
                label.setPos(tau, gamma)

    def _follow(self) -> None:
        if self._own_range or self._drawn is None or not len(self._drawn.tau):
            return
        tau, top = self._drawn.tau, float(self._drawn.gamma.max())
        self.plot.setXRange(float(tau[0]), float(tau[-1]), padding=0.02)
        # The labels of the peaks stand above them.
        share = min(LABEL / max(self.plot.getViewBox().height(), 1.0), 0.4)
        self.plot.setYRange(0.0, top / (1 - share) if top > 0 else 1.0, padding=0.0)

    def _keep_range(self, *_: object) -> None:
        self._own_range = True
