"""Opening the window, or drawing one picture of it."""

import gc
import logging
import signal
import sys
from functools import cache
from pathlib import Path
from types import FrameType, TracebackType

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.memory import Memory
from app.window.qt import QtCore, QtWidgets, choose_platform
from app.window.reading.overlay import MOST_RUNS
from app.window.views import look_at
from app.window.window import SIZE, Window
from core.errors import BadInput

log = logging.getLogger(__name__)

SWITCH_INTERVAL = 5e-4
"""s after which one thread of the window lets another one run."""


def watch_run(
    store_url: str,
    run: int | None,
    screenshot: Path | None,
    view: str = "live",
    theme: str = "",
    settings: Path | None = None,
) -> int:
    """Open the window on a run and stay until it is closed, or draw one picture and return.

    Parameters
    ----------
    store_url : str
    run : int or None
        None for the newest.
    screenshot : Path or None
        A PNG file to draw to, without a display.
    view : str
        What is in front: a name of `app.window.views.names`. Where neither a run nor another view
        is asked for, a window opens on the page that it was closed on.
    theme : str
        ``"light"`` or ``"dark"``; empty for the one that was last chosen.
    settings : Path or None
        Where the window remembers its layout; None forgets it. A picture remembers nothing.

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
    started = application()
    memory = Memory(settings if screenshot is None else None)
    style.use(theme or memory.text("theme", "light"))
    style.enlarge(_number(memory.text("scale", "1")))
    # What has been imported stays; looking through it for garbage costs the window time for nothing.
    gc.freeze()
    remembered = screenshot is None and run is None and view == "live"
    desk = Desk(store_url, run, memory)
    if screenshot is not None and view == "compare":
        # A picture remembers no choice, so it compares the newest runs.
        newest = desk.catalogue.read().runs[-MOST_RUNS:]
        memory.keep("compared", " ".join(str(each.summary.run) for each in newest))
    window = Window(desk, page="" if remembered else "live")
    if not remembered:
        look_at(window, view)
    if screenshot is not None:
        return _picture(window, screenshot)
    sys.excepthook = _tell
    # The reading thread would otherwise keep the drawing one waiting 5 ms whenever it wants to go on.
    sys.setswitchinterval(SWITCH_INTERVAL)
    _end_on_interrupt()
    window.start()
    window.show()
    return started.exec_()


@cache
def application() -> QtWidgets.QApplication:
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
    desk = window.desk
    view = desk.feed.read_all()
    desk.catalogue.read()
    window.setAttribute(QtCore.Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.resize(*SIZE)
    window.show()
    window.refresh()
    while window.front.settle() | desk.catalogue.work():
        QtWidgets.QApplication.processEvents()
        window.refresh()
    window.keys.place()
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


def _number(text: str) -> float:
    """Return a remembered scale; 1 for what somebody has written into the file that is no number."""
    try:
        return float(text)
    except ValueError:
        return 1.0


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Keep a defect in the log: without this, Qt ends the process at the first exception of a slot."""
    log.error("the window met a defect and goes on", exc_info=(kind, error, trace))


def _end_on_interrupt() -> None:
    def close(_signal: int, _frame: FrameType | None) -> None:
        # With the next turn of Qt's loop: a window that is not shown yet could not be closed.
        QtCore.QTimer.singleShot(0, QtWidgets.QApplication.closeAllWindows)

    signal.signal(signal.SIGINT, close)
    signal.signal(signal.SIGTERM, close)
    if sys.platform != "win32":
        # The terminal it was started from may be closed; what was told a run has to reach the store.
        signal.signal(signal.SIGHUP, close)
