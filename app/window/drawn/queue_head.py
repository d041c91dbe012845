"""What stands above the steps of a queue: which one it is, on which bench, and what can be done with it."""

from collections.abc import Callable, Sequence

from app.window.drawn import style
from app.window.drawn.choice import Choice
from app.window.drawn.form_bench import BenchPart
from app.window.drawn.form_groups import Elided
from app.window.drawn.form_rows import Line, Write
from app.window.drawn.labels import label
from app.window.drawn.queue_bar import QueueBar, StepsBar
from app.window.qt import QtCore, QtGui, QtWidgets

NARROW = 760
"""Pixels below which the rows stand without their names."""


class QueueHead(QtWidgets.QWidget):
    """A panel of rows that stand below one another: queue, bench, step.

    Parameters
    ----------
    choose : callable
        Called with the name of what is to be shown.
    write : callable
        Called with ``"name"``, ``"bench"`` or ``"speed"`` and what was written.
    bar : QueueBar
        What can be done with the whole queue.
    steps_bar : StepsBar
        What can be done with a step.
    """

    def __init__(
        self, choose: Callable[[str], None], write: Write, bar: QueueBar, steps_bar: StepsBar
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        # Buttons in one row with fields are as high as those.
        self.setStyleSheet("QToolButton { min-height: 34px; }")
        self.bar, self.steps_bar = bar, steps_bar
        self.what, self.which_name, self.said = Choice(), Line(), label(15)
        self.bench = BenchPart(write, title=False)
        self.what.setToolTip("The queue that is being written, or a campaign of the store.")
        self.what.setAccessibleName("What is shown")
        self.what.setSizeAdjustPolicy(
            QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.what.setMinimumWidth(160)
        self.what.currentIndexChanged.connect(lambda _at: choose(str(self.what.currentData())))
        self.which_name.setPlaceholderText("name of the campaign")
        self.which_name.setToolTip("What the campaign is called in the store and in its file.")
        self.which_name.setAccessibleName("Name of the campaign")
        self.which_name.textEdited.connect(lambda text: write("name", text.strip()))
        self.said.setWordWrap(True)
        self.told = Elided()
        self.tell("")
        self._lay_out()

    def show_choices(self, items: Sequence[tuple[str, str]], chosen: str) -> None:
        """Show what there is to choose from, in words and by name, and which is chosen."""
        shown = [(self.what.itemText(at), self.what.itemData(at)) for at in range(self.what.count())]
        with QtCore.QSignalBlocker(self.what):
            if list(items) != shown:
                self.what.clear()
                for words, name in items:
                    self.what.addItem(words, name)
            self.what.setCurrentIndex(self.what.findData(chosen))

    def show_name(self, name: str, editable: bool) -> None:
        """Show what the queue is called."""
        if self.which_name.text() != name:
            self.which_name.setText(name)
        for each in self._name_row:
            each.setVisible(editable)

    def show_rows(self, bench: bool, steps: bool) -> None:
        """Show or hide the row of the bench, and that of the step."""
        for rows, shown in ((self._bench_row, bench), (self._steps_row, steps)):
            for each in rows:
                each.setVisible(shown)

    def show_words(self, words: str) -> None:
        """Say something about what is shown."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Let the names of the rows go where there is too little room."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self._grid.setColumnMinimumWidth(0, 0 if narrow else 8 * style.UNIT)
        for each in self._names:
            each.setMaximumWidth(0 if narrow else 8 * style.UNIT)
        self._grid.setHorizontalSpacing(0 if narrow else style.UNIT)
        self.steps_bar.make_room(narrow)

    def tell(self, words: str) -> None:
        """Say what came of something."""
        self.told.setText(words)
        self.told.setToolTip(words)
        self.told.setVisible(bool(words))

    def _lay_out(self) -> None:
        for each in (self.what, self.which_name):
            each.setFont(style.font(15))
        queue, named, bench, step = (_name(text) for text in ("Shown", "Name", "Bench", "Step"))
        self._names = (queue, bench, step)
        self._name_row = (named, self.which_name)
        self._bench_row, self._steps_row = (bench, self.bench), (step, self.steps_bar)
        top = QtWidgets.QHBoxLayout()
        top.setSpacing(style.UNIT)
        top.addWidget(self.what, 3)
        top.addSpacing(style.UNIT)
        top.addWidget(named)
        top.addWidget(self.which_name, 2)
        top.addSpacing(style.UNIT)
        top.addWidget(self.bar)
        grid = self._grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(2 * style.UNIT, 2 * style.UNIT, 2 * style.UNIT, 2 * style.UNIT)
        grid.setHorizontalSpacing(style.UNIT)
        grid.setVerticalSpacing(style.UNIT)
        grid.setColumnMinimumWidth(0, 8 * style.UNIT)
        grid.setColumnStretch(1, 1)
        grid.addWidget(queue, 0, 0)
        grid.addLayout(top, 0, 1)
        for place, row in enumerate((self._bench_row, self._steps_row), 1):
            # The name stands beside the first line, also where something wrong is told below it.
            grid.addWidget(row[0], place, 0, QtCore.Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row[1], place, 1)
        grid.addWidget(self.said, 3, 0, 1, 2)
        grid.addWidget(self.told, 4, 0, 1, 2)


def _name(text: str) -> QtWidgets.QLabel:
    result = label(15, grey=True)
    result.setText(text)
    result.setFixedHeight(36)
    return result
