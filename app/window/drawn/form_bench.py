"""The part of a form that says on which bench, and at which pace where that is simulated."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.window.drawn import style
from app.window.drawn.choice import Choice
from app.window.drawn.form_files import file_dialog
from app.window.drawn.form_rows import LABEL_WIDTH, Line, Write, heading, mark_wrong
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtWidgets
from app.window.shown.form_pace import SPEEDS
from app.window.shown.form_summary import FieldNote

BUILT_IN = "Built-in simulated bench"
LEAST_WIDTH = 120
"""Pixels of the list of benches that leave room for the rest of its row in a small window."""


class BenchPart(QtWidgets.QWidget):
    """Choosing a bench.

    Parameters
    ----------
    write : callable
        Called with ``"bench"`` and a path, or ``"speed"`` and a pace.
    title : bool, optional
        Whether there are a title and notes to write, too.
    """

    def __init__(self, write: Write, title: bool = True) -> None:
        super().__init__()
        self._write = write
        self._dialog: QtWidgets.QFileDialog | None = None
        self.bench, self.speed = Choice(), Choice()
        self.bench.setMinimumWidth(LEAST_WIDTH)
        self.bench.setSizeAdjustPolicy(
            QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.bench.setToolTip("On which bench: simulated, or one that a bench file describes.")
        self.bench.setAccessibleName("Bench")
        self.bench.addItem(BUILT_IN, "")
        self.bench.currentIndexChanged.connect(lambda _at: write("bench", self.bench.currentData() or ""))
        self.open = QtWidgets.QToolButton()
        self.open.setText("Bench file…")
        self.open.setFont(style.font(14))
        self.open.setToolTip("Choose a bench file.")
        self.open.clicked.connect(self._ask_for_file)
        self.speed.setEditable(True)
        self._pace_line = Line()
        self._pace_line.setFont(style.font(15))
        self.speed.setLineEdit(self._pace_line)
        self.speed.addItems(SPEEDS)
        self.speed.setFixedWidth(112)
        self.speed.setAccessibleName("Pace")
        self.speed.setToolTip(
            "Of a simulated bench: how many bench seconds pass in a second, or max for as fast as it can."
        )
        self.speed.editTextChanged.connect(lambda text: write("speed", text.strip() or "max"))
        self.pace, self.wrong = label(15), label(14)
        self.pace.setText("at pace")
        self.wrong.setWordWrap(True)
        self.wrong.setStyleSheet(f"color: {style.palette().vermillion}")
        self.title, self.notes = Line(), Line()
        for line, path, words in (
            (self.title, "title", "Title"),
            (self.notes, "notes", "Notes"),
        ):
            line.setAccessibleName(words)
            line.setPlaceholderText(
                "what it is for" if path == "title" else "anything else to be kept with it"
            )
            line.textEdited.connect(lambda text, path=path: write(path, text))
        self._lay_out(title)

    def show_bench(self, path: str, known: Sequence[str], speed: str, simulated: bool) -> None:
        """Show which bench is chosen, and which others were used before."""
        with QtCore.QSignalBlocker(self.bench), QtCore.QSignalBlocker(self.speed):
            for each in (*known, path):
                if each and self.bench.findData(each) < 0:
                    self.bench.addItem(Path(each).name, each)
                    self.bench.setItemData(self.bench.count() - 1, each, QtCore.Qt.ItemDataRole.ToolTipRole)
            self.bench.setCurrentIndex(self.bench.findData(path))
            if self.speed.currentText() != speed and not self.speed.hasFocus():
                self.speed.setCurrentText(speed)
                self._pace_line.setCursorPosition(0)
        self.speed.setVisible(simulated)
        self.pace.setVisible(simulated)

    def show_words(self, title: str, notes: str) -> None:
        """Show title and notes."""
        for line, text in ((self.title, title), (self.notes, notes)):
            if line.text() != text:
                line.setText(text)

    def show_notes(self, notes: Mapping[str, FieldNote]) -> None:
        """Show what is wrong with the bench and with the pace."""
        found = [notes.get(path, FieldNote()).problem for path in ("bench", "speed")]
        for editor, problem in zip((self.bench, self.speed), found, strict=True):
            mark_wrong(editor, bool(problem))
        self.wrong.setText("\n".join(f"■ {problem}" for problem in found if problem))
        self.wrong.setVisible(any(found))

    def _ask_for_file(self) -> None:
        self._dialog = file_dialog(self, "Choose a bench file", lambda path: self._write("bench", path))

    def _lay_out(self, title: bool) -> None:
        for each in (self.bench, self.speed, self.title, self.notes):
            each.setFont(style.font(15))
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * style.UNIT)
        grid.setVerticalSpacing(style.UNIT)
        if title:
            grid.addWidget(heading("Bench"), 0, 0, 1, 2)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(style.UNIT)
        for each in (self.bench, self.open, self.pace, self.speed):
            row.addWidget(each, 1 if each is self.bench else 0)
        grid.addLayout(row, 1, 0, 1, 2)
        grid.addWidget(self.wrong, 2, 0, 1, 2)
        if title:
            for at, (words, line) in enumerate((("Title", self.title), ("Notes", self.notes)), 3):
                name = label(15)
                name.setText(words)
                name.setFixedWidth(LABEL_WIDTH)
                grid.addWidget(name, at, 0)
                grid.addWidget(line, at, 1)
        grid.setColumnStretch(1, 1)
        self.show_notes({})
