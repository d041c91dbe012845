"""Where one can go in the window. A page is imported when it is first wanted, so that opening stays quick."""

from dataclasses import dataclass
from importlib import import_module

from app.window.pages.page import Page


@dataclass(frozen=True)
class Place:
    """A page and how to get there.

    Attributes
    ----------
    name, title : str
        As `Page` has them.
    keys : str
        The shortcut.
    module, kind : str
        Where its class is, and the name of it.
    tip : str
        What one does there.
    """

    name: str
    title: str
    keys: str
    module: str
    kind: str
    tip: str

    def page(self) -> type[Page]:
        """Return the class of the page."""
        found: type[Page] = getattr(import_module(f"app.window.pages.{self.module}"), self.kind)
        return found


PLACES = (
    Place("live", "Live", "Ctrl+1", "live", "LivePage", "the run that is watched, live or as it was"),
    Place(
        "runs", "Runs", "Ctrl+2", "runs", "RunsPage", "all runs of the store: search, compare, export, bin"
    ),
    Place(
        "compare",
        "Compare",
        "Ctrl+3",
        "compare",
        "ComparePage",
        "chosen runs laid over each other, Sand plot",
    ),
    Place(
        "experiment",
        "Start",
        "Ctrl+4",
        "experiment",
        "ExperimentPage",
        "write, rehearse and start an experiment",
    ),
    Place("queue", "Queue", "Ctrl+5", "queue", "QueuePage", "put a campaign together, and see one that runs"),
    Place("cells", "Cells", "Ctrl+6", "cells", "CellsPage", "the registry of cells: areas, photos, history"),
)
"""In the order of the places' column."""
