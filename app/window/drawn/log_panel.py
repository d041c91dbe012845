"""The log: what happened, filtered by text, kind and severity."""

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.choice import Choice
from app.window.drawn.line_list import LineList, Row
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.snapshot import Snapshot
from app.window.shown.log_lines import LogFilter, LogLine, as_text, kinds, log_lines, state_of

ALL = "all kinds"

LOW = 208
"""Pixels under which the second row of the filter is folded, unless it leaves something out."""

SEVERITIES = (("everything", "info"), ("▲ warnings, ■ alarms", "warning"), ("■ alarms", "alarm"))


class LogPanel(QtWidgets.QWidget):
    """Shows log lines, newest at the end; a click points the cursor at the time of a line.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._lines, self._state = desk, [], None  # type: tuple[Desk, list[LogLine], object]
        self.text, self.kind, self.severity = (
            QtWidgets.QLineEdit(),
            Choice(),
            Choice(),
        )
        self.text.setPlaceholderText("Filter")
        self.text.setClearButtonEnabled(True)
        self.text.setToolTip("Lines with all of these words, in their time, kind or text")
        self.kind.addItem(ALL)
        self.kind.setToolTip("Lines of this kind only")
        for label, severity in SEVERITIES:
            self.severity.addItem(label, severity)
        self.severity.setToolTip("Lines at least as loud as this")
        self.copy = QtWidgets.QToolButton()
        self.copy.setText("Copy")
        self.copy.setToolTip("Copy the chosen lines, or all that are shown, to the clipboard (Ctrl+C)")
        for widget in (self.text, self.kind, self.severity, self.copy):
            widget.setFont(style.font(13))
        self.list = LineList(self._point)
        for widget, name in (
            (self.text, "Filter of the log"),
            (self.kind, "Kind of lines"),
            (self.severity, "Severity of lines"),
            (self.list, "Log"),
        ):
            widget.setAccessibleName(name)
        self.empty = QtWidgets.QLabel()
        self.empty.setFont(style.font(14))
        self.empty.setObjectName("grey")
        self.empty.setWordWrap(True)
        self._arrange()
        self.text.textChanged.connect(self._filter)
        self.kind.currentIndexChanged.connect(self._filter)
        self.severity.currentIndexChanged.connect(self._filter)
        self.copy.clicked.connect(self._copy)
        keys = QtWidgets.QShortcut(QtGui.QKeySequence.StandardKey.Copy, self.list)
        keys.setContext(QtCore.Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self._copy)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the log of a run; nothing is done while it is the same."""
        state = state_of(snapshot)
        if state == self._state:
            return
        self._state, self._lines = state, log_lines(snapshot)
        self._offer(kinds(self._lines))
        self._filter()

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Leave what there is of a low panel to the lines."""
        super().resizeEvent(event)
        self._second.setVisible(self.height() >= LOW or not self.filter.everything)

    @property
    def filter(self) -> LogFilter:
        """Which lines are wanted."""
        kind = self.kind.currentText() if self.kind.currentIndex() > 0 else ""
        return LogFilter(self.text.text(), kind, self.severity.currentData())

    def _offer(self, found: tuple[str, ...]) -> None:
        """Offer the kinds there are, keeping the one that is chosen."""
        if list(found) == [self.kind.itemText(place) for place in range(1, self.kind.count())]:
            return
        chosen = self.kind.currentText()
        blocker = QtCore.QSignalBlocker(self.kind)
        self.kind.clear()
        self.kind.addItems([ALL, *found])
        self.kind.setCurrentIndex(max(self.kind.findText(chosen), 0))
        blocker.unblock()

    def _filter(self) -> None:
        wanted = self.filter
        shown = self._lines if wanted.everything else [each for each in self._lines if wanted.passes(each)]
        self.list.show_rows([_row(each) for each in shown])
        self.empty.setVisible(not shown)
        self.empty.setText(
            "Nothing has happened yet."
            if not self._lines
            else "No line passes the filter; clear it to see all."
        )

    def _point(self, row: Row) -> None:
        if row.time is not None:
            self._desk.point(max(row.time, 0.0))

    def _copy(self) -> None:
        chosen = {row.key for row in self.list.selected} or {row.key for row in self.list.lines.rows}
        lines = [line for line in self._lines if line.key in chosen]
        clipboard = QtWidgets.QApplication.clipboard()
        if clipboard is not None and lines:
            clipboard.setText(as_text(lines))
            self._desk.said.emit(f"{len(lines)} {'line' if len(lines) == 1 else 'lines'} of the log copied")

    def _arrange(self) -> None:
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, style.UNIT, 0, 0)
        column.setSpacing(style.UNIT)
        column.addWidget(self.text)
        self._second = QtWidgets.QWidget()
        self._second.setObjectName("rail")
        row = QtWidgets.QHBoxLayout(self._second)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        for box in (self.kind, self.severity):
            box.setSizeAdjustPolicy(
                QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(6)
            row.addWidget(box, 1)
        row.addWidget(self.copy)
        column.addWidget(self._second)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)


def _row(line: LogLine) -> Row:
    return Row(line.key, line.clock, line.kind, line.text, line.severity, line.time)
