"""Painters that have let go of what they paint on when their block ends, whatever happens in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.window.qt import QtGui


@contextmanager
def painting(device: QtGui.QPaintDevice) -> Iterator[QtGui.QPainter]:
    """Give a painter on a widget or a picture, and end it.

    A painter that is left to go by itself lives on while anybody holds the frame it was made in, for
    instance the traceback of an error in it; whatever is painted next then crashes Qt.
    """
    painter = QtGui.QPainter(device)
    try:
        yield painter
    finally:
        painter.end()
