"""The column at the far left: where one can go in the window, and how it looks."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.pages.places import PLACES
from app.window.qt import QtGui, QtWidgets
from app.window.shown.units import Units

WIDTH = 96


class PlacesColumn(QtWidgets.QWidget):
    """A button a page, the one in front marked; under them units, theme and the sheet of keys.

    Parameters
    ----------
    go : callable
        Called with the name of a page.
    units, theme, keys : callable
        Called when other units, the other theme, or the sheet of keys are wanted.
    """

    def __init__(
        self,
        go: Callable[[str], None],
        units: Callable[[], None],
        theme: Callable[[], None],
        keys: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setFixedWidth(round(WIDTH * max(style.scale(), 1.0)))
        self.buttons: dict[str, QtWidgets.QPushButton] = {}
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        group = QtWidgets.QButtonGroup(self)
        for place in PLACES:
            button = _button(place.title, place.keys, f"{place.title}: {place.tip}  ({place.keys})")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, name=place.name: go(name))
            group.addButton(button)
            column.addWidget(button)
            self.buttons[place.name] = button
        column.addStretch(1)
        other = "light" if style.palette().dark else "dark"
        self.units = _button("", "U", "Units: areal as in papers, or absolute as measured  (U)", 13)
        self.theme = _button(other.capitalize(), "T", f"Theme: the {other} one  (T)", 13)
        self.keys = _button("Keys", "F1", "Keys: everything that can be done by keyboard  (F1 or ?)", 13)
        for button, press in ((self.units, units), (self.theme, theme), (self.keys, keys)):
            button.clicked.connect(lambda _checked, press=press: press())
            column.addWidget(button)

    def mark(self, name: str) -> None:
        """Mark the page in front."""
        self.buttons[name].setChecked(True)

    def show_units(self, units: Units) -> None:
        """Show which units are in use."""
        self.units.setText(units.resistance_unit)
        # Setting the text of a button takes its shortcut away.
        self.units.setShortcut(QtGui.QKeySequence("U"))


def _button(text: str, keys: str, tip: str, pixels: int = 15) -> QtWidgets.QPushButton:
    result = QtWidgets.QPushButton(text)
    result.setObjectName("place")
    result.setFont(style.font(pixels))
    result.setAutoDefault(False)
    result.setShortcut(QtGui.QKeySequence(keys))
    result.setToolTip(tip)
    return result
