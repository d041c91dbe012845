"""What every page of the window has in common."""

from typing import ClassVar

from app.window.desk import Desk
from app.window.qt import QtWidgets
from app.window.reading.feed import View
from app.window.reading.listing import Listing


class Page(QtWidgets.QWidget):
    """A page that fills the window below the header; one is in front at a time.

    Parameters
    ----------
    desk : Desk

    Attributes
    ----------
    name : str
        By which it is asked for, e.g. on the command line.
    title : str
        As the places of the window show it.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def show_view(self, view: View) -> None:
        """Draw the run that is watched; called while in front, whenever there is something new."""

    def show_listing(self, listing: Listing) -> None:
        """Draw what the store holds; called while in front, whenever it has been read anew."""

    def show_moment(self, view: View) -> None:
        """Draw what changes with the moment; called five times a second while in front."""

    def come_forward(self) -> None:
        """Be put in front."""

    def settle(self) -> bool:
        """For a picture: bring what is under way to its end; return whether that changed anything."""
        return False

    def leave(self) -> None:
        """Be taken down, with the window or for another theme; keep what is to be remembered."""
