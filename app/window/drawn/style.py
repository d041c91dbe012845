"""Colours, sizes and the style sheet; states have the colours of Okabe and Ito, told apart by all eyes."""

from dataclasses import dataclass

from app.window.qt import QtGui, pg
from core.records import RunState

UNIT = 8
"""Pixels of the grid that everything stands on."""


@dataclass(frozen=True)
class Palette:
    """The colours of a theme.

    Attributes
    ----------
    ink, grey, faint : str
        Text, text that matters less, and what is hardly there.
    hairline, edge : str
        Rules between things, and borders of what can be pressed or written in.
    ground, paper : str
        Behind everything, and behind text and plots.
    blue, orange, vermillion, green, purple, sky : str
        Of states and curves.
    hatch : str
        The light stripes of the SIMULATED badge.
    mark : tuple of int
        Red, green, blue and opacity of the mark of a simulated run in plots.
    """

    name: str
    ink: str
    grey: str
    faint: str
    hairline: str
    edge: str
    ground: str
    paper: str
    blue: str
    orange: str
    vermillion: str
    green: str
    purple: str
    sky: str
    hatch: str
    mark: tuple[int, int, int, int]

    @property
    def accent(self) -> str:
        """The one accent colour."""
        return self.blue

    @property
    def dark(self) -> bool:
        """Whether light stands on dark."""
        return self.name == "dark"


LIGHT = Palette(
    "light",
    ink="#1b1f24", grey="#5f6873", faint="#a3abb5", hairline="#dfe3e8", edge="#b9c0c9",
    ground="#f3f5f7", paper="#ffffff",
    blue="#0072B2", orange="#E69F00", vermillion="#D55E00", green="#009E73", purple="#CC79A7", sky="#56B4E9",
    hatch="#ffe9b8", mark=(0, 0, 0, 34),
)  # fmt: skip
DARK = Palette(
    "dark",
    ink="#e8ebef", grey="#a3adb9", faint="#6b7582", hairline="#333b45", edge="#4c5663",
    ground="#14181d", paper="#1c2128",
    blue="#4aa8e0", orange="#f0b323", vermillion="#ff7a33", green="#2fc79b", purple="#e093c1", sky="#7cc8f2",
    hatch="#5c4713", mark=(255, 255, 255, 38),
)  # fmt: skip
THEMES = {each.name: each for each in (LIGHT, DARK)}

_chosen = [LIGHT]
_scale = [1.0]

SCALES = (0.8, 0.9, 1.0, 1.15, 1.3, 1.5)
"""How much larger all writing can be made, for reading from farther away."""


def use(theme: str) -> None:
    """Choose the theme of every widget that is made from now on: ``"light"`` or ``"dark"``."""
    _chosen[0] = THEMES[theme]
    pg.setConfigOptions(background=palette().paper, foreground=palette().ink)


def palette() -> Palette:
    """Return the colours of the chosen theme."""
    return _chosen[0]


def enlarge(scale: float) -> None:
    """Choose how large all writing of widgets is that are made from now on, nearest of `SCALES`."""
    _scale[0] = min(SCALES, key=lambda each: abs(each - scale))


def scale() -> float:
    """Return how much larger writing is than it was designed."""
    return _scale[0]


@dataclass(frozen=True)
class Sign:
    """How a state looks: a colour and a shape, so that neither has to speak alone."""

    colour: str
    shape: str


def sign_of(state: RunState | None) -> Sign:
    """Return how a state looks; None stands for no run."""
    colours = palette()
    if state is None:
        return Sign(colours.faint, "ring")
    return {
        RunState.RUNNING: Sign(colours.blue, "disc"),
        RunState.PAUSED: Sign(colours.orange, "bars"),
        RunState.WAITING: Sign(colours.orange, "ring"),
        RunState.FINISHED: Sign(colours.green, "tick"),
        RunState.STOPPED: Sign(colours.green, "square"),
        RunState.ABORTED: Sign(colours.vermillion, "square"),
        RunState.FAILED: Sign(colours.vermillion, "cross"),
        RunState.INTERRUPTED: Sign(colours.purple, "broken"),
    }[state]


def severity_colour(severity: str) -> str:
    """Return the colour of ``"info"``, ``"warning"``, ``"alarm"`` or ``"interrupted"``."""
    colours = palette()
    return {
        "warning": colours.orange,
        "alarm": colours.vermillion,
        "interrupted": colours.purple,
        "good": colours.green,
    }.get(severity, colours.grey)


def font(pixels: int, bold: bool = False) -> QtGui.QFont:
    """Return the window's font in a size; its figures all have one width."""
    result = QtGui.QFont()
    # Families whose figures all have one width without being asked, which Qt 5 cannot do.
    result.setFamilies(["Segoe UI", "Noto Sans", "DejaVu Sans", "Helvetica Neue", "Arial"])
    result.setPixelSize(round(pixels * _scale[0]))
    result.setWeight(QtGui.QFont.Weight.DemiBold if bold else QtGui.QFont.Weight.Normal)
    return result


def sequence(count: int) -> list[QtGui.QColor]:
    """Return colours for spectra in the order of time: viridis, from pale (old) to strong (new).

    On a dark ground the strong end is the bright one.
    """
    colours = pg.colormap.get("viridis")
    old, new = (0.15, 0.95) if palette().dark else (0.95, 0.10)
    places = [old + (new - old) * (each / max(count - 1, 1)) for each in range(count)]
    return [colours.map(place, mode="qcolor") for place in places]


def standing(stands: str) -> Sign:
    """Return how a step or an instrument that stands in some way looks.

    Parameters
    ----------
    stands : str
        ``"done"``, ``"running"``, ``"ahead"``, ``"broken"`` or ``"idle"`` of a step, ``"good"``,
        ``"late"``, ``"bad"`` or ``"quiet"`` of an instrument.
    """
    colours = palette()
    return {
        "done": Sign(colours.green, "tick"),
        "running": Sign(colours.blue, "forward"),
        "ahead": Sign(colours.faint, "dot"),
        "broken": Sign(colours.vermillion, "cross"),
        "idle": Sign(colours.faint, "dash"),
        "good": Sign(colours.green, "disc"),
        "late": Sign(colours.orange, "triangle"),
        "bad": Sign(colours.vermillion, "square"),
        "quiet": Sign(colours.faint, "ring"),
    }[stands]


def series(index: int) -> str:
    """Return the colour of the n-th of several runs that are drawn together."""
    colours = palette()
    row = (colours.blue, colours.vermillion, colours.green, colours.purple, colours.orange, colours.sky)
    return row[index % len(row)]


def sheet() -> str:
    """Return the style sheet of the whole window in the chosen theme."""
    colours = palette()
    return _SHEET.format(c=colours, pressed_alarm="#b84f00")


_SHEET = """
QWidget {{ background: {c.ground}; color: {c.ink}; }}
QWidget#header, QWidget#panel, QWidget#rail {{ background: {c.paper}; }}
QWidget#header QLabel, QWidget#panel QLabel, QWidget#rail QLabel, QWidget#card QLabel,
QWidget#header QCheckBox, QWidget#panel QCheckBox, QWidget#rail QCheckBox {{ background: transparent; }}
QWidget#card {{ background: {c.ground}; border-radius: 4px; }}
QLabel#grey {{ color: {c.grey}; background: transparent; }}
QToolTip {{ background: {c.ink}; color: {c.paper}; border: none; padding: 6px; }}
QPushButton, QToolButton {{
    background: {c.paper}; border: 1px solid {c.edge}; border-radius: 4px;
    padding: 0 16px; min-height: 38px;
}}
QToolButton {{ padding: 0 8px; min-height: 24px; }}
QPushButton:hover, QToolButton:hover {{ background: {c.ground}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.hairline}; }}
QPushButton:checked, QToolButton:checked {{ background: {c.hairline}; border-color: {c.accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {c.accent}; }}
QPushButton:disabled, QToolButton:disabled {{
    color: {c.faint}; border-color: {c.hairline}; background: {c.paper};
}}
QPushButton#primary {{ background: {c.accent}; color: {c.paper}; border: none; }}
QPushButton#primary:focus {{ border: 2px solid {c.ink}; }}
QPushButton#primary:disabled {{ background: {c.hairline}; color: {c.faint}; }}
QPushButton#stop {{ border: 2px solid {c.ink}; }}
QPushButton#stop:disabled {{ border: 1px solid {c.hairline}; }}
QPushButton#abort {{ background: {c.vermillion}; color: {c.paper}; border: none; }}
QPushButton#abort:hover {{ background: {pressed_alarm}; }}
QPushButton#abort:focus {{ border: 2px solid {c.ink}; }}
QPushButton#abort:disabled {{ background: {c.hairline}; color: {c.faint}; }}
QPushButton#link {{
    background: transparent; color: {c.accent}; border: none; border-radius: 0; padding: 0; min-height: 20px;
    text-align: left;
}}
QPushButton#link:hover, QPushButton#link:focus {{ border-bottom: 2px solid {c.accent}; }}
QToolButton#quiet {{
    background: transparent; border: 1px solid transparent; padding: 0 6px; min-height: 20px;
}}
QToolButton#quiet:hover {{ background: {c.hairline}; }}
QToolButton#quiet:checked {{ color: {c.accent}; border-bottom: 2px solid {c.accent}; border-radius: 0; }}
QToolButton#quiet:focus {{ border: 1px solid {c.accent}; border-radius: 4px; }}
QWidget#header QPushButton {{ padding: 0 8px; }}
QPushButton#chip {{ min-height: 24px; padding: 0 8px; border-color: {c.accent}; color: {c.accent}; }}
QPushButton#chip:disabled {{ background: transparent; border-color: transparent; color: {c.grey}; }}
QPushButton#place {{
    background: transparent; border: none; border-left: 4px solid transparent; border-radius: 0;
    padding: 0 8px; min-height: 40px; text-align: left;
}}
QPushButton#place:hover {{ background: {c.hairline}; }}
QFrame#sheet {{ background: {c.paper}; border: 1px solid {c.edge}; border-radius: 8px; }}
QFrame#sheet QLabel {{ background: transparent; }}
QPushButton#place:checked {{ border-left-color: {c.accent}; background: {c.paper}; }}
QPushButton#place:focus {{ border: 2px solid {c.accent}; }}
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit {{
    background: {c.paper}; border: 1px solid {c.edge}; border-radius: 4px; padding: 0 8px; min-height: 34px;
}}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus {{ border: 2px solid {c.accent}; }}
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled {{
    background: {c.ground}; border-color: {c.hairline}; color: {c.faint};
}}
QLineEdit[wrong="true"], QComboBox[wrong="true"], QSpinBox[wrong="true"] {{
    border: 2px solid {c.vermillion};
}}
QComboBox QAbstractItemView {{ background: {c.paper}; selection-background-color: {c.accent};
                              selection-color: {c.paper}; }}
QTextBrowser {{ background: {c.paper}; border: none; }}
QTableView, QTreeView, QListView {{
    background: {c.paper}; border: none; gridline-color: {c.hairline}; alternate-background-color: {c.ground};
    selection-background-color: {c.hairline}; selection-color: {c.ink};
}}
QHeaderView::section {{
    background: {c.paper}; color: {c.grey}; border: none; border-bottom: 1px solid {c.hairline};
    padding: 4px 8px;
}}
QTabWidget::pane {{ border: none; background: {c.paper}; }}
QTabBar::tab {{
    background: transparent; color: {c.grey}; border: none; border-bottom: 2px solid transparent;
    padding: 4px 12px;
}}
QTabBar::tab:selected {{ color: {c.ink}; border-bottom-color: {c.accent}; }}
QTabBar::tab:focus {{ color: {c.accent}; }}
QScrollArea {{ border: none; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QMenu {{ background: {c.paper}; border: 1px solid {c.edge}; }}
QMenu::item:selected {{ background: {c.hairline}; }}
QSplitter::handle {{ background: {c.ground}; }}
"""
