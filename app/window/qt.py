"""Qt and pyqtgraph, imported here and nowhere else, with a missing system library in plain words."""

import ctypes
import os
import sys
from pathlib import Path

from core.errors import StripbenchError

OFFSCREEN_PACKAGES = "libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 fonts-dejavu-core"
"""Debian packages that PyQt5's wheels need to draw without a display …"""
DISPLAY_PACKAGES = (
    "libxkbcommon-x11-0 libx11-xcb1 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
    "libxcb-render-util0 libxcb-shape0 libxcb-xinerama0"
)
"""… and those that a window on an X display needs beside them."""


def missing_library(error: Exception, packages: str) -> StripbenchError:
    """Return the message for a system library that Qt needs and does not find.

    Parameters
    ----------
    error : Exception
        As the dynamic linker raised it; it names the file.
    packages : str
        Debian packages that bring it.
    """
    return StripbenchError(
        f"the window cannot be opened, Qt misses a library of the system: {error};",
        f"install it, on Debian or Ubuntu with: apt-get install {packages}. Runs do not need the window.",
    )


# pyqtgraph takes the binding that its own variable names, whatever else is installed.
os.environ["PYQTGRAPH_QT_LIB"] = "PyQt5"
os.environ["QT_API"] = "pyqt5"
try:
    import pyqtgraph as pg
    from PyQt5 import QtCore, QtGui, QtWidgets
except ImportError as error:
    raise missing_library(error, f"{OFFSCREEN_PACKAGES} {DISPLAY_PACKAGES}") from None

pg.setConfigOptions(antialias=True, background="w", foreground="k")


def choose_platform(offscreen: bool) -> None:
    """Make sure that Qt can draw, because it ends the whole process where it cannot.

    Parameters
    ----------
    offscreen : bool
        Whether a picture is all that is wanted, so that no display is needed.

    Raises
    ------
    StripbenchError
        If there is no display for a window, or a library for drawing on it is missing.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        if not offscreen:
            raise StripbenchError(
                "there is no display to open the window on;",
                "start it from a desktop, or draw a picture with --screenshot FILE.png.",
            )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return
    plugins = QtCore.QLibraryInfo.location(QtCore.QLibraryInfo.LibraryLocation.PluginsPath)
    plugin = Path(plugins) / "platforms" / "libqxcb.so"
    if plugin.exists():
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            raise missing_library(error, DISPLAY_PACKAGES) from None


__all__ = ["QtCore", "QtGui", "QtWidgets", "choose_platform", "missing_library", "pg"]
