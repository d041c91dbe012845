"""Colours, sizes and the style sheet; states have the colours of Okabe and Ito, told apart by all eyes."""

from dataclasses import dataclass

from app.window.qt import QtGui, pg
from core.records import RunState

INK = "#1b1f24"
GREY = "#5f6873"
FAINT = "#a3abb5"
HAIRLINE = "#dfe3e8"
GROUND = "#f3f5f7"
PAPER = "#ffffff"

BLUE = "#0072B2"
ORANGE = "#E69F00"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"

ACCENT = BLUE
UNIT = 8
"""Pixels of the grid that everything stands on."""


@dataclass(frozen=True)
class Sign:
    """How a state looks: a colour and a shape, so that neither has to speak alone."""

    colour: str
    shape: str


SIGNS = {
    RunState.RUNNING: Sign(BLUE, "disc"),
    RunState.PAUSED: Sign(ORANGE, "bars"),
    RunState.WAITING: Sign(ORANGE, "ring"),
    RunState.FINISHED: Sign(GREEN, "tick"),
    RunState.STOPPED: Sign(GREEN, "square"),
    RunState.ABORTED: Sign(VERMILLION, "square"),
    RunState.FAILED: Sign(VERMILLION, "cross"),
    RunState.INTERRUPTED: Sign(PURPLE, "broken"),
}
NO_SIGN = Sign(FAINT, "ring")

SEVERITIES = {"info": GREY, "warning": ORANGE, "alarm": VERMILLION, "interrupted": PURPLE}


def font(pixels: int, bold: bool = False) -> QtGui.QFont:
    """Return the window's font in a size; its figures all have one width."""
    result = QtGui.QFont()
    result.setFamilies(["Segoe UI", "Inter", "DejaVu Sans", "Helvetica Neue", "Arial"])
    result.setPixelSize(pixels)
    result.setWeight(QtGui.QFont.Weight.DemiBold if bold else QtGui.QFont.Weight.Normal)
    return result


def sequence(count: int) -> list[QtGui.QColor]:
    """Return colours for spectra in the order of time: viridis, from pale (old) to strong (new)."""
    colours = pg.colormap.get("viridis")
    places = [0.95 - 0.85 * (each / max(count - 1, 1)) for each in range(count)]
    return [colours.map(place, mode="qcolor") for place in places]


SHEET = f"""
QWidget {{ background: {GROUND}; color: {INK}; }}
QWidget#header, QWidget#panel, QWidget#rail {{ background: {PAPER}; }}
QWidget#header QLabel, QWidget#panel QLabel, QWidget#rail QLabel {{ background: transparent; }}
QLabel#grey {{ color: {GREY}; }}
QToolTip {{ background: {INK}; color: {PAPER}; border: none; padding: 6px; }}
QPushButton {{
    background: {PAPER}; border: 1px solid #b9c0c9; border-radius: 4px;
    padding: 0 16px; min-height: 38px;
}}
QPushButton:hover {{ background: {GROUND}; }}
QPushButton:pressed {{ background: {HAIRLINE}; }}
QPushButton:focus {{ border: 2px solid {ACCENT}; }}
QPushButton:disabled {{ color: {FAINT}; border-color: {HAIRLINE}; background: {PAPER}; }}
QPushButton#stop {{ border: 2px solid {INK}; }}
QPushButton#stop:disabled {{ border: 1px solid {HAIRLINE}; }}
QPushButton#abort {{ background: {VERMILLION}; color: {PAPER}; border: none; }}
QPushButton#abort:hover {{ background: #b84f00; }}
QPushButton#abort:focus {{ border: 2px solid {INK}; }}
QPushButton#abort:disabled {{ background: {HAIRLINE}; color: {FAINT}; }}
QLineEdit {{ background: {PAPER}; border: 1px solid #b9c0c9; border-radius: 4px; padding: 0 8px;
             min-height: 34px; }}
QLineEdit:focus {{ border: 2px solid {ACCENT}; }}
QLineEdit:disabled {{ background: {GROUND}; border-color: {HAIRLINE}; color: {FAINT}; }}
QTextBrowser {{ background: {PAPER}; border: none; }}
QSplitter::handle {{ background: {GROUND}; }}
"""
