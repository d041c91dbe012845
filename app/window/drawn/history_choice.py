"""Whether all spectra of a run are drawn behind the one that is looked at, or some of them."""

from app.window.desk import Desk
from app.window.drawn.plot import Panel
from app.window.qt import QtWidgets
from app.window.reading.history import MOST, MOST_OF_ALL


class HistoryChoice:
    """An action in the menu of a panel; all panels of a window choose together.

    Parameters
    ----------
    desk : Desk
    panel : Panel
    """

    def __init__(self, desk: Desk, panel: Panel) -> None:
        self._desk = desk
        self.action = QtWidgets.QAction(f"All spectra, up to {MOST_OF_ALL}", panel.menu)
        self.action.setCheckable(True)
        self.action.setToolTip(f"Otherwise {MOST} of them, evenly spread over the run.")
        self.action.triggered.connect(self._choose)
        panel.menu.insertAction(panel.fit, self.action)

    def follow(self) -> None:
        """Show what has been chosen, maybe elsewhere."""
        self.action.setChecked(self._desk.feed.arcs > MOST)

    def _choose(self, on: bool) -> None:
        self._desk.feed.want(arcs=MOST_OF_ALL if on else MOST)
