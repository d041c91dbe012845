"""The header: state, cell, SIMULATED, the buttons, the live values and how far the run is."""

from collections.abc import Callable

from app.window import style
from app.window.commands import ABORT, NOTE, STOP, Verb, pause_or_resume, why_not
from app.window.depletion import Progress
from app.window.heading import Heading
from app.window.marks import Badge, ProgressBar, StateSign
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.tiles import Tile
from storage import RunSummary

RIGHT = QtCore.Qt.AlignmentFlag.AlignRight


def label(pixels: int, bold: bool = False, grey: bool = False) -> QtWidgets.QLabel:
    """Return an empty label of plain text."""
    result = QtWidgets.QLabel()
    result.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    result.setFont(style.font(pixels, bold))
    if grey:
        result.setObjectName("grey")
    return result


class TitleLine(QtWidgets.QWidget):
    """State, cell and badge on the left, the buttons on the right."""

    def __init__(self, press: Callable[[Verb], None]) -> None:
        super().__init__()
        self.sign, self.word = StateSign(), label(26, bold=True)
        self.cell, self.details, self.badge = label(18, bold=True), label(18, grey=True), Badge()
        self.badge.hide()
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        row.addWidget(self.sign)
        row.addWidget(self.word)
        row.addSpacing(3 * style.UNIT)
        row.addWidget(self.cell)
        row.addWidget(self.details)
        row.addStretch(1)
        row.addWidget(self.badge)
        row.addSpacing(2 * style.UNIT)
        self._press = press
        self._pause_verb = pause_or_resume(None)
        self.note = self._button(NOTE, "note")
        self.pause = self._button(self._pause_verb, "pause")
        self.stop = self._button(STOP, "stop")
        self.abort = self._button(ABORT, "abort")
        for button in (self.note, self.pause, self.stop, self.abort):
            row.addWidget(button)

    def _button(self, verb: Verb, name: str) -> QtWidgets.QPushButton:
        button = QtWidgets.QPushButton(verb.label)
        button.setObjectName(name)
        button.setFont(style.font(16, bold=name in ("stop", "abort")))
        button.setMinimumWidth(92)
        button.setAutoDefault(False)
        button.setShortcut(QtGui.QKeySequence(verb.shortcut))
        button.clicked.connect(lambda: self._press(self._pause_verb if name == "pause" else verb))
        return button

    def show_heading(self, heading: Heading) -> None:
        """Show state and cell."""
        self.sign.show_sign(style.NO_SIGN if heading.state is None else style.SIGNS[heading.state])
        self.word.setText(heading.word)
        self.cell.setText(heading.cell)
        self.details.setText(heading.details)
        self.badge.setVisible(heading.simulated)

    def show_buttons(self, summary: RunSummary | None, waiting: set[str]) -> None:
        """Enable what makes sense now, and say on every button what it does or why it cannot.

        Parameters
        ----------
        summary : RunSummary or None
        waiting : set of str
            Verbs that the run has been told and has not answered yet.
        """
        reason = why_not(summary)
        verb = pause_or_resume(summary)
        if verb is not self._pause_verb:
            self._pause_verb = verb
            self.pause.setText(verb.label)
            # Setting the text of a button takes its shortcut away.
            self.pause.setShortcut(QtGui.QKeySequence(verb.shortcut))
        for button, each in ((self.note, NOTE), (self.pause, verb), (self.stop, STOP), (self.abort, ABORT)):
            busy = each.word in waiting and each is not NOTE
            button.setEnabled(not reason and not busy)
            meaning = "Told; waiting for the run's answer." if busy else reason or each.meaning
            button.setToolTip(f"{each.label}: {meaning}  ({each.shortcut})")


class ValueTile(QtWidgets.QWidget):
    """One live value, large, with its unit and a remark."""

    FADED = 0.35

    def __init__(self) -> None:
        super().__init__()
        # Equal widths, whatever is written, so that nothing jumps when a number gets another digit.
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        self.caption, self.value = label(14, grey=True), label(32, bold=True)
        self.caption.setTextFormat(QtCore.Qt.TextFormat.RichText)
        self.caption.setFixedHeight(2 * style.UNIT + 4)
        self.unit, self.remark = label(14, grey=True), label(13, grey=True)
        self._fade = QtWidgets.QGraphicsOpacityEffect(self.value)
        self.value.setGraphicsEffect(self._fade)
        self._fade.setEnabled(False)
        line = QtWidgets.QHBoxLayout()
        line.setSpacing(6)
        bottom = QtCore.Qt.AlignmentFlag.AlignBottom
        line.addWidget(self.value, 0, bottom)
        line.addWidget(self.unit, 0, bottom)
        line.addStretch(1)
        self.unit.setContentsMargins(0, 0, 0, 5)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addLayout(line)
        column.addWidget(self.remark)

    def show_tile(self, tile: Tile) -> None:
        """Show a value."""
        self.caption.setText(tile.caption.replace("_int", "<sub>int</sub>"))
        self.value.setText(tile.text)
        self.unit.setText(tile.unit)
        self.remark.setText(tile.remark)
        self._fade.setOpacity(self.FADED)
        self._fade.setEnabled(tile.stale)
        self.setToolTip(tile.tip)


class Header(QtWidgets.QWidget):
    """The three lines that are always there.

    Parameters
    ----------
    press : callable
        Called with the verb of a button that was pressed.
    tile_count : int
    """

    def __init__(self, press: Callable[[Verb], None], tile_count: int) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.title = TitleLine(press)
        self.tiles = [ValueTile() for _ in range(tile_count)]
        self.bar, self.progress, self.answer = ProgressBar(), label(16), label(15, grey=True)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(2 * style.UNIT, style.UNIT + 4, 2 * style.UNIT, style.UNIT + 4)
        column.setSpacing(style.UNIT)
        column.addWidget(self.title)
        values = QtWidgets.QHBoxLayout()
        values.setSpacing(2 * style.UNIT)
        for tile in self.tiles:
            values.addWidget(tile, 1)
        column.addLayout(values)
        last = QtWidgets.QHBoxLayout()
        last.setSpacing(2 * style.UNIT)
        self.bar.setFixedWidth(240)
        last.addWidget(self.bar)
        last.addWidget(self.progress)
        last.addStretch(1)
        self.answer.setAlignment(RIGHT)
        last.addWidget(self.answer)
        column.addLayout(last)

    def show_tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Show the live values."""
        for widget, tile in zip(self.tiles, tiles, strict=True):
            widget.show_tile(tile)

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the run is."""
        self.bar.setVisible(progress is not None)
        self.bar.show_share(None if progress is None else progress.share)
        self.progress.setText("" if progress is None else progress.text)
