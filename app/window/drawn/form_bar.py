"""The line above a form: open, save, keep as a template, undo; and a line to give a template its name."""

from collections.abc import Callable, Collection

from app.window.drawn import style
from app.window.drawn.form_groups import Elided
from app.window.drawn.form_rows import Line
from app.window.qt import QtWidgets


class Bar(QtWidgets.QWidget):
    """Buttons in a row, and at their right what was said last."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QtWidgets.QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(style.UNIT)
        self.said = Elided()
        self._row.addWidget(self.said, 1)

    def add(self, text: str, tip: str, do: Callable[[], None]) -> QtWidgets.QToolButton:
        """Add a button and return it."""
        button = QtWidgets.QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setFont(style.font(14))
        button.setSizePolicy(QtWidgets.QSizePolicy.Policy.Minimum, QtWidgets.QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: do())
        self.put(button)
        return button

    def put(self, widget: QtWidgets.QWidget) -> None:
        """Add anything else."""
        self._row.insertWidget(self._row.count() - 1, widget)


class TemplateLine(QtWidgets.QWidget):
    """Asks for the name of a template, in the window itself.

    Parameters
    ----------
    keep : callable
        Called with the name, and whether one of that name makes room.
    """

    def __init__(self, keep: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._keep = keep
        self._taken: Collection[str] = ()
        self.name, self.button = Line(), QtWidgets.QPushButton("Keep")
        self.cancel = QtWidgets.QPushButton("Cancel")
        self.name.setPlaceholderText("name of the template")
        self.name.setAccessibleName("Name of the template")
        self.name.textChanged.connect(self._name_button)
        self.name.returnPressed.connect(self._done)
        self.button.clicked.connect(self._done)
        self.cancel.clicked.connect(self.hide)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(style.UNIT, 0, style.UNIT, 0)
        row.setSpacing(style.UNIT)
        for each in (self.name, self.button, self.cancel):
            each.setFont(style.font(15))
            row.addWidget(each)
        self.hide()

    def ask(self, proposed: str, taken: Collection[str]) -> None:
        """Show the line; `taken` are the names that would be replaced."""
        self._taken = taken
        self.name.setText(proposed)
        self.show()
        self.name.setFocus()
        self._name_button()

    def _name_button(self) -> None:
        name = self.name.text().strip()
        self.button.setEnabled(bool(name))
        self.button.setText("Replace it" if name in self._taken else "Keep")

    def _done(self) -> None:
        name = self.name.text().strip()
        if name:
            self._keep(name, name in self._taken)
            self.hide()
