"""The Queue page while there is no step: what a queue is, and where to begin."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.drawn.form_files import button
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtWidgets
from app.window.shown.queue_rows import EMPTY_TITLE, EMPTY_WAYS, EMPTY_WORDS

WIDTH = 640


class EmptyQueue(QtWidgets.QWidget):
    """A title, what to do, and the buttons that do it.

    Parameters
    ----------
    write, open : callable
        Called where the first step is to be written, or a campaign to be opened.
    """

    def __init__(self, write: Callable[[], None], open: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.words = label(30, bold=True), label(18)
        self.title.setText(EMPTY_TITLE)
        self.words.setText(EMPTY_WORDS)
        self.write = button("Write the first step", "To the Start page  (Ctrl+4)", "primary")
        self.open = button("Open a file…", "Open a campaign or an experiment from a TOML file  (Ctrl+O)")
        self.write.clicked.connect(lambda: write())
        self.open.clicked.connect(lambda: open())
        inner = QtWidgets.QWidget()
        inner.setObjectName("panel")
        inner.setMaximumWidth(WIDTH)
        column = QtWidgets.QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * style.UNIT)
        column.addStretch(2)
        ways = label(15, grey=True)
        ways.setText("\n".join(EMPTY_WAYS))
        for each in (self.title, self.words, ways):
            each.setWordWrap(True)
            column.addWidget(each)
        buttons = QtWidgets.QHBoxLayout()
        buttons.setSpacing(style.UNIT)
        for each in (self.write, self.open):
            buttons.addWidget(each)
        buttons.addStretch(1)
        column.addSpacing(style.UNIT)
        column.addLayout(buttons)
        column.addStretch(3)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(4 * style.UNIT, 2 * style.UNIT, 4 * style.UNIT, 2 * style.UNIT)
        row.addStretch(1)
        row.addWidget(inner, 6)
        row.addStretch(1)
