"""The rows of a form: label, field, what it comes to, and what is wrong with it."""

from collections.abc import Callable

from app.window.drawn import style
from app.window.drawn.choice import Choice
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.form_fields import Field
from app.window.shown.form_summary import FieldNote

LABEL_WIDTH, FIELD_WIDTH = 176, 192
NARROW = 520
"""Pixels of a row below which nothing stands beside its field."""
UNDO_KEYS = (QtGui.QKeySequence.StandardKey.Undo, QtGui.QKeySequence.StandardKey.Redo)

Write = Callable[[str, str], None]


class Line(QtWidgets.QLineEdit):
    """A line to write in, which leaves undoing to the page."""

    def event(self, event: QtCore.QEvent | None) -> bool:
        """Let the keys of undo and redo go by, also where Qt asks whether they are wanted here."""
        if isinstance(event, QtGui.QKeyEvent) and any(event.matches(key) for key in UNDO_KEYS):
            event.ignore()
            return False
        return super().event(event)


class FieldRow(QtWidgets.QWidget):
    """One field of a form.

    Parameters
    ----------
    field : Field
    write : callable
        Called with the field's path and what has been written in it.
    """

    def __init__(self, field: Field, write: Write) -> None:
        super().__init__()
        self.field, self._write = field, write
        self.name = label(15)
        self.name.setText(field.label)
        self.name.setWordWrap(True)
        self.name.setFixedWidth(LABEL_WIDTH)
        self.name.setToolTip(field.tip)
        self.editor = self._choice() if field.choices else self._line()
        self.editor.setFont(style.font(15))
        self.editor.setFixedWidth(FIELD_WIDTH)
        self.editor.setToolTip(field.tip)
        self.editor.setAccessibleName(field.label)
        self.beside, self.wrong = label(14), label(14)
        for each in (self.beside, self.wrong):
            each.setWordWrap(True)
            each.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.wrong.setStyleSheet(f"color: {style.palette().vermillion}")
        self._lay_out()
        self.show_note(FieldNote())

    @property
    def text(self) -> str:
        """What is written; empty where it is as by default."""
        if isinstance(self.editor, QtWidgets.QComboBox):
            text = str(self.editor.currentText())
        else:
            text = str(self.editor.text()).strip()
        return "" if text == self.field.default else text

    def show_text(self, text: str) -> None:
        """Show what is written, unless it says so already."""
        if text == self.text:
            return
        with QtCore.QSignalBlocker(self.editor):
            if isinstance(self.editor, QtWidgets.QComboBox):
                shown = text or self.field.default or ""
                if self.editor.findText(shown) < 0:
                    self.editor.addItem(shown)
                self.editor.setCurrentText(shown)
            else:
                self.editor.setText(text)

    def show_note(self, note: FieldNote) -> None:
        """Show what the field comes to, and what is wrong with it."""
        beside = note.derived or self.field.description
        self.beside.setText(beside)
        self.beside.setVisible(bool(beside))
        self.beside.setObjectName("" if note.derived else "grey")
        _polish(self.beside)
        words = f"■ {note.problem}" if note.problem else f"▲ {note.warning}" if note.warning else ""
        colour = style.palette().vermillion if note.problem else style.severity_colour("warning")
        self.wrong.setText(words)
        self.wrong.setStyleSheet(f"color: {colour}" if note.problem else "")
        self.wrong.setVisible(bool(words))
        mark_wrong(self.editor, bool(note.problem))

    def _line(self) -> QtWidgets.QLineEdit:
        line = Line()
        line.setPlaceholderText(self.field.placeholder)
        line.textEdited.connect(self._tell)
        return line

    def _choice(self) -> QtWidgets.QComboBox:
        choice = Choice()
        choice.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        if self.field.default is None:
            choice.addItem("")
        choice.addItems(self.field.choices)
        choice.setCurrentText(self.field.default or "")
        choice.currentTextChanged.connect(self._tell)
        return choice

    def _tell(self, _text: str) -> None:
        self._write(self.field.path, self.text)

    def _lay_out(self) -> None:
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * style.UNIT)
        grid.setVerticalSpacing(style.UNIT // 2)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self.beside, 0, 2)
        grid.addWidget(self.wrong, 2, 1, 1, 2)
        grid.setColumnStretch(2, 1)
        self._grid, self._narrow = grid, False

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Where there is no room beside the field, what it comes to goes below it."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self._grid.removeWidget(self.beside)
            self._grid.addWidget(self.beside, *((1, 1, 1, 2) if narrow else (0, 2, 1, 1)))


def _polish(widget: QtWidgets.QWidget) -> None:
    """Let the style sheet see a property that has changed."""
    its = widget.style()
    if its is not None:
        its.unpolish(widget)
        its.polish(widget)


def mark_wrong(editor: QtWidgets.QWidget, wrong: bool) -> None:
    """Give a field the border of one in which something is wrong, or take it away."""
    if bool(editor.property("wrong")) != wrong:
        editor.setProperty("wrong", wrong)
        _polish(editor)


def heading(text: str) -> QtWidgets.QLabel:
    """Return the heading of a part of a form."""
    result = label(18, bold=True)
    result.setText(text)
    return result
