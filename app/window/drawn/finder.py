"""What is under the mouse in a plot of spectra: it is read out, and a click on it moves the cursor there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.window.drawn import style
from app.window.drawn.canvas import Plot, pen
from app.window.qt import QtCore, pg

Place = tuple[float, float]


@dataclass(frozen=True)
class Found:
    """A point of a spectrum: where it is drawn, in words, and the bench seconds of its sweep."""

    x: float
    y: float
    words: str
    time: float


Find = Callable[[Place, Place], Found | None]


class Finder(QtCore.QObject):
    """Rings the point that is nearest to the mouse.

    Parameters
    ----------
    plot : Plot
    find : callable
        Returns the point nearest to a place, or None; called with the place and with width and height of a
        pixel, both in the units of the plot.
    say : callable
        Called with the words of the point under the mouse, empty where there is none.
    click : callable
        Called with bench seconds when a point is clicked.
    """

    def __init__(
        self, plot: Plot, find: Find, say: Callable[[str], None], click: Callable[[float], None]
    ) -> None:
        super().__init__(plot)
        self._plot, self._find, self._say, self._click = plot, find, say, click
        self.ring = pg.ScatterPlotItem(
            size=14, pen=pen(style.palette().accent, 2), brush=None, symbol="o", pxMode=True
        )
        self.ring.setZValue(20)
        self.ring.hide()
        plot.addItem(self.ring, ignoreBounds=True)
        plot.scene().sigMouseMoved.connect(self._moved)
        plot.scene().sigMouseClicked.connect(self._clicked)
        plot.installEventFilter(self)

    def eventFilter(self, _plot: QtCore.QObject | None, event: QtCore.QEvent | None) -> bool:
        """Forget the point when the mouse has left the plot."""
        if event is not None and event.type() == QtCore.QEvent.Type.Leave:
            self._show(None)
        return False

    def _moved(self, place: QtCore.QPointF) -> None:
        self._show(self._at(place))

    def _clicked(self, event: Any) -> None:
        if event.button() == QtCore.Qt.MouseButton.LeftButton and not event.double():
            found = self._at(event.scenePos())
            if found is not None:
                event.accept()
                self._click(found.time)

    def _at(self, place: QtCore.QPointF) -> Found | None:
        box = self._plot.getViewBox()
        if not box.sceneBoundingRect().contains(place):
            return None
        there = box.mapSceneToView(place)
        return self._find((there.x(), there.y()), box.viewPixelSize())

    def _show(self, found: Found | None) -> None:
        self.ring.setVisible(found is not None)
        if found is not None:
            self.ring.setData([found.x], [found.y])
        self._say("" if found is None else found.words)
