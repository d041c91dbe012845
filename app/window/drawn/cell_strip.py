"""A strip at the top of the Cells page: what was done and can be undone, or what went wrong."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtWidgets
from core.clock import wall_time

SHOWN = 12.0
"""s that something can be undone here."""


class CellStrip(QtWidgets.QWidget):
    """Words with a coloured edge and a button; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.text = label(15)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.edge = QtWidgets.QFrame()
        self.edge.setFixedWidth(style.UNIT)
        self.undo, self.dismiss = QtWidgets.QPushButton("Undo"), QtWidgets.QPushButton("Dismiss")
        for button, keys in ((self.undo, "Ctrl+Z"), (self.dismiss, "")):
            button.setFont(style.font(15))
            button.setAutoDefault(False)
            button.setToolTip(f"{button.text()}  ({keys})" if keys else "Take these words away")
        self._until: float | None = None
        self._undo: Callable[[], None] | None = None
        self.undo.clicked.connect(self._take_back)
        self.dismiss.clicked.connect(self.hide)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2 * style.UNIT, 0)
        row.setSpacing(2 * style.UNIT)
        row.addWidget(self.edge)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        row.addWidget(self.dismiss)
        self.setMinimumHeight(7 * style.UNIT)
        self.hide()

    def say(self, words: str, undo: Callable[[], None] | None = None) -> None:
        """Say that something has been done, for a while; `undo` takes it back."""
        self._show(words, "good", undo)
        self._until = wall_time() + SHOWN

    def complain(self, words: str) -> None:
        """Say that something has gone wrong, until it is dismissed."""
        self._show(words, "alarm", None)
        self._until = None

    def show_moment(self) -> None:
        """Go away once the time is over, unless the button is just being used."""
        if self._until is not None and wall_time() > self._until and not self.undo.hasFocus():
            self._until = None
            self.hide()

    def _show(self, words: str, severity: str, undo: Callable[[], None] | None) -> None:
        sign = "■ " if severity == "alarm" else "✓ "
        self.text.setText(sign + words)
        self.edge.setStyleSheet(f"background: {style.severity_colour(severity)}")
        self._undo = undo
        self.undo.setVisible(undo is not None)
        self.show()

    def take_back(self) -> None:
        """Undo what the strip speaks of, where it can be."""
        if self.isVisible() and self._undo is not None:
            self._take_back()

    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()
