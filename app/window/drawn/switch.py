"""A small switch between a few ways to show the same thing."""

from collections.abc import Callable, Sequence

from app.window.drawn import style
from app.window.qt import QtCore, QtWidgets


class Switch(QtWidgets.QWidget):
    """Words in a row, one of them chosen.

    Parameters
    ----------
    name : str
        What is chosen, for those who hear the window.
    words : sequence of (str, str)
        What is written, and what it means.
    chosen : int
    act : callable
        Called with the number of the word that somebody chooses.
    """

    def __init__(
        self, name: str, words: Sequence[tuple[str, str]], chosen: int, act: Callable[[int], None]
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(name)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.buttons = QtWidgets.QButtonGroup(self)
        for number, (word, tip) in enumerate(words):
            button = QtWidgets.QToolButton()
            button.setObjectName("quiet")
            button.setText(word)
            button.setFont(style.font(12))
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(word) + 2 * style.UNIT)
            button.setCheckable(True)
            button.setChecked(number == chosen)
            button.setToolTip(tip)
            button.setAccessibleName(f"{name}: {tip}")
            button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
            self.buttons.addButton(button, number)
            row.addWidget(button)
        self.buttons.idClicked.connect(act)

    @property
    def chosen(self) -> int:
        """The number of the word that is chosen."""
        return self.buttons.checkedId()

    def choose(self, number: int) -> None:
        """Choose a word, as a click does."""
        button = self.buttons.button(number)
        assert button is not None
        button.click()
