"""Opening the window, or drawing one picture of it."""

import logging
import signal
import sys
from functools import cache
from pathlib import Path
from types import FrameType, TracebackType

from app.window.commands import Commander
from app.window.feed import Feed
from app.window.qt import QtCore, QtWidgets, choose_platform
from app.window.window import SIZE, Window
from core.errors import BadInput

log = logging.getLogger(__name__)

SWITCH_INTERVAL = 5e-4
"""s after which one thread of the window lets another one run."""


def watch_run(store_url: str, run: int | None, screenshot: Path | None) -> int:
    """Open the window on a run and stay until it is closed, or draw one picture and return.

    Parameters
    ----------
    store_url : str
    run : int or None
        None for the newest.
    screenshot : Path or None
        A PNG file to draw to, without a display.

    Returns
    -------
    int
        The exit status: 0, or 2 if a picture was asked for and shows that the store or the run
        cannot be read.

    Raises
    ------
    StripbenchError
        If Qt cannot draw here, or the picture cannot be written.
    """
    choose_platform(offscreen=screenshot is not None)
    application = _application()
    window = Window(Feed(store_url, run), Commander(store_url))
    if screenshot is not None:
        return _picture(window, screenshot)
    sys.excepthook = _tell
    # The reading thread would otherwise keep the drawing one waiting 5 ms whenever it wants to go on.
    sys.setswitchinterval(SWITCH_INTERVAL)
    _end_on_interrupt()
    window.start()
    window.show()
    return application.exec_()


@cache
def _application() -> QtWidgets.QApplication:
    """Return the process's one application; kept, because Qt crashes if it goes before the last widget."""
    existing = QtWidgets.QApplication.instance()
    if isinstance(existing, QtWidgets.QApplication):
        return existing
    QtWidgets.QApplication.setAttribute(QtCore.Qt.ApplicationAttribute.AA_EnableHighDpiScaling)
    QtWidgets.QApplication.setAttribute(QtCore.Qt.ApplicationAttribute.AA_UseHighDpiPixmaps)
    application = QtWidgets.QApplication(["stripbench"])
    application.setStyle("Fusion")
    return application


def _picture(window: Window, target: Path) -> int:
    view = window.feed.read_all()
    window.setAttribute(QtCore.Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.resize(*SIZE)
    window.show()
    window.refresh()
    # Layout, ranges and tick labels settle one after the other, each in a round of its own.
    for _ in range(5):
        QtWidgets.QApplication.processEvents()
    kept = window.grab().save(str(target), "PNG")
    window.close()
    if not kept:
        raise BadInput(f"the picture {target} cannot be written;", "choose a folder that exists.")
    if view.trouble is not None:
        sys.stderr.write(f"error: {view.trouble.problem} {view.trouble.remedy}\n")
        return 2
    return 0


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Keep a defect in the log: without this, Qt ends the process at the first exception of a slot."""
    log.error("the window met a defect and goes on", exc_info=(kind, error, trace))


def _end_on_interrupt() -> None:
    def close(_signal: int, _frame: FrameType | None) -> None:
        QtWidgets.QApplication.closeAllWindows()

    signal.signal(signal.SIGINT, close)
    signal.signal(signal.SIGTERM, close)
