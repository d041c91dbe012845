"""Bode, Kramers–Kronig residuals and DRT of the spectrum that is looked at, in tabs."""

from typing import ClassVar, Protocol

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.bode_panel import BodePanel
from app.window.drawn.drt_panel import DrtPanel
from app.window.drawn.plot import Panel
from app.window.drawn.residuals_panel import ResidualsPanel
from app.window.qt import QtGui, QtWidgets
from app.window.reading.faces import DISTRIBUTION, RESIDUALS
from app.window.reading.snapshot import Snapshot


class Face(Protocol):
    """What is behind a tab."""

    def draw(self, snapshot: Snapshot) -> None:
        """Draw another moment."""


class SpectrumPanel(QtWidgets.QTabWidget):
    """The other faces of the spectrum that the Nyquist plot shows.

    Only the tab in front is drawn, and what it needs is only computed while it can be seen.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    VIEWS : tuple of str
        Names of the tabs, as on the command line.
    bode, residuals, drt : Panel
    """

    VIEWS: ClassVar[tuple[str, ...]] = ("bode", RESIDUALS, DISTRIBUTION)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._snapshot: Snapshot | None = None
        self.bode, self.residuals, self.drt = BodePanel(desk), ResidualsPanel(desk), DrtPanel(desk)
        self.setDocumentMode(True)
        bar = QtWidgets.QTabBar()
        bar.setFont(style.font(14))
        bar.setDrawBase(False)
        self.setTabBar(bar)
        self.setMinimumHeight(160)
        for panel, name, tip in (
            (self.bode, "&Bode", "Size and phase over frequency (Alt+B)"),
            (self.residuals, "&KK residuals", "Whether the spectrum obeys Kramers–Kronig (Alt+K)"),
            (self.drt, "D&RT", "Distribution of relaxation times (Alt+R)"),
        ):
            self.setTabToolTip(self.addTab(panel, name), tip)
        self.currentChanged.connect(self._turn)

    @property
    def faces(self) -> tuple[Panel, ...]:
        """The panels, in the order of `VIEWS`."""
        return self.bode, self.residuals, self.drt

    def look_at(self, view: str) -> None:
        """Put a tab in front."""
        self.setCurrentIndex(self.VIEWS.index(view))
        self._want(True)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the tab that is in front."""
        self._snapshot = snapshot
        face: Face = (self.bode, self.residuals, self.drt)[self.currentIndex()]
        face.draw(snapshot)

    def showEvent(self, event: QtGui.QShowEvent | None) -> None:
        """Have computed what can be seen from now on."""
        super().showEvent(event)
        self._want(True)

    def hideEvent(self, event: QtGui.QHideEvent | None) -> None:
        """Have nothing computed that nobody sees."""
        super().hideEvent(event)
        self._want(False)

    def _turn(self, _index: int) -> None:
        if self._snapshot is not None:
            self.draw(self._snapshot)
        self._want(self.isVisible())

    def _want(self, seen: bool) -> None:
        view = self.VIEWS[self.currentIndex()]
        self.desk.feed.want(faces=frozenset({view}) - {"bode"} if seen else frozenset())
