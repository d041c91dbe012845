"""The log, and the line to write a note."""

import html
from collections.abc import Callable, Sequence

from app.window import style
from app.window.log_lines import LogLine
from app.window.qt import QtCore, QtGui, QtWidgets

MOST_LINES = 2000
SIGNS = {"info": "", "warning": "▲ ", "alarm": "■ "}


class LogPanel(QtWidgets.QWidget):
    """Shows log lines, newest at the end, and takes notes.

    Parameters
    ----------
    write : callable
        Called with the text of a note.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        heading = QtWidgets.QLabel("Log")
        heading.setFont(style.font(14, bold=True))
        self.text = QtWidgets.QTextBrowser()
        self.text.setFont(style.font(13))
        self.note = QtWidgets.QLineEdit()
        self.note.setFont(style.font(14))
        self.note.setMaxLength(2000)
        self.note.setPlaceholderText("Note, then Enter")
        self.note.returnPressed.connect(self._send)
        self._write = write
        self._shown: list[LogLine] = []
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(2 * style.UNIT, style.UNIT, 2 * style.UNIT, 2 * style.UNIT)
        column.setSpacing(style.UNIT)
        column.addWidget(heading)
        column.addWidget(self.text, 1)
        column.addWidget(self.note)

    def show_lines(self, lines: Sequence[LogLine]) -> None:
        """Show the log; what is there already is only added to where that is possible."""
        wanted = list(lines)[-MOST_LINES:]
        if wanted == self._shown:
            return
        known = len(self._shown)
        new = wanted[known:] if wanted[:known] == self._shown else wanted
        bar = self.text.verticalScrollBar()
        assert bar is not None
        follow, before = bar.value() >= bar.maximum() - 4, bar.value()
        if new is wanted:
            self.text.clear()
        cursor = QtGui.QTextCursor(self.text.document())
        cursor.movePosition(QtGui.QTextCursor.MoveOperation.End)
        cursor.insertHtml("".join(_html(line) for line in new))
        self._shown = wanted
        bar.setValue(bar.maximum() if follow else before)

    def take_note(self, possible: bool, reason: str) -> None:
        """Open or close the line for notes; `reason` says why it is closed."""
        self.note.setEnabled(possible)
        self.note.setToolTip("" if possible else reason)

    def _send(self) -> None:
        text = self.note.text().strip()
        if text:
            self._write(text)
            self.note.clear()


def _html(line: LogLine) -> str:
    colour = style.SEVERITIES.get(line.severity, style.GREY)
    kind = f"{SIGNS.get(line.severity, '')}{html.escape(line.kind)}"
    return (
        f"<p style='margin: 0 0 8px 0'><span style='color:{style.GREY}'>{line.clock}</span>&nbsp;&nbsp;"
        f"<span style='color:{colour}; font-weight:600'>{kind}</span><br>{html.escape(line.text)}</p>"
    )
