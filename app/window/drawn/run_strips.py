"""Strips below the table of runs: what can be undone, where to export to, and work in the background."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.export_names import SUFFIXES, SUMMARIES
from app.window.drawn import style
from app.window.drawn.choice import Choice
from app.window.drawn.labels import ElidedLabel
from app.window.qt import QtCore, QtWidgets
from app.window.shown.work_lines import WorkLine
from core.clock import wall_time

UNDO_FOR = 10.0
"""s for which the bin offers to take back what was just put in."""


class Strip(QtWidgets.QWidget):
    """A line of words with something to press at its right; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.row = QtWidgets.QHBoxLayout(self)
        self.row.setContentsMargins(2 * style.UNIT, style.UNIT // 2, style.UNIT, style.UNIT // 2)
        self.row.setSpacing(style.UNIT)

    def button(self, text: str, tip: str, act: Callable[[], None]) -> QtWidgets.QToolButton:
        """Add something to press."""
        made = QtWidgets.QToolButton()
        made.setText(text)
        made.setFont(style.font(14))
        made.setToolTip(tip)
        made.clicked.connect(lambda: act())
        self.row.addWidget(made)
        return made


class UndoStrip(Strip):
    """Says what was put in the bin, and takes it back for ten seconds.

    Parameters
    ----------
    undo : callable
        Called with the runs.
    """

    def __init__(self, undo: Callable[[tuple[int, ...]], None]) -> None:
        super().__init__()
        self._undo, self._until = undo, 0.0
        self._runs: tuple[int, ...] = ()
        self.text = ElidedLabel(14)
        self.row.addWidget(self.text, 1)
        self.button("Undo", "Take them out of the bin again (Ctrl+Z)", self.undo)
        self.hide()

    def show_runs(self, runs: tuple[int, ...], words: str) -> None:
        """Offer to take runs back."""
        self._runs, self._until = runs, wall_time() + UNDO_FOR
        self.text.show_text(words)
        self.show()

    def undo(self) -> None:
        """Take back what was put in the bin last, if that is still offered."""
        if self.isVisible() and self._runs:
            self.hide()
            self._undo(self._runs)

    def look(self) -> None:
        """Withdraw the offer when its time is over."""
        if self.isVisible() and wall_time() > self._until:
            self.hide()


class ExportStrip(Strip):
    """Asks for the format and the target of an export, in the page instead of in front of it.

    Parameters
    ----------
    export : callable
        Called with the runs, the target and the format.
    """

    def __init__(self, export: Callable[[tuple[int, ...], Path, str], None]) -> None:
        super().__init__()
        self._export = export
        self._runs: tuple[int, ...] = ()
        self.text, self.folder, self.form = ElidedLabel(14), QtWidgets.QLineEdit(), Choice()
        self.form.setFont(style.font(13))
        self.form.setAccessibleName("Format of the export")
        for place, (name, summary) in enumerate(SUMMARIES.items()):
            self.form.addItem(name)
            self.form.setItemData(place, summary, QtCore.Qt.ItemDataRole.ToolTipRole)
        self.form.currentTextChanged.connect(self._chosen)
        self._chosen("csv")
        self.folder.setFont(style.font(13))
        self.folder.setAccessibleName("Target of the export")
        self.folder.setToolTip(
            "A folder, or for eln a file, that does not exist; it is made. Enter: export. Esc: leave it."
        )
        self.row.addWidget(self.text)
        self.row.addWidget(self.form)
        self.row.addWidget(self.folder, 1)
        self.button("Export", "Write the runs in this format (Enter)", self._go)
        self.button("Cancel", "Leave it (Esc)", self.hide)
        self.folder.returnPressed.connect(self._go)
        self.hide()

    def ask(self, runs: tuple[int, ...], proposal: Path) -> None:
        """Ask where runs are to be written to."""
        self._runs = runs
        names = f"run {runs[0]}" if len(runs) == 1 else f"{len(runs)} runs"
        self.text.show_text(f"Export {names} to")
        self.folder.setText(str(proposal))
        self._chosen(self.form.currentText())
        self.show()
        self.folder.setFocus()
        self.folder.selectAll()

    def _go(self) -> None:
        text = self.folder.text().strip()
        if text:
            self.hide()
            self._export(self._runs, Path(text).expanduser(), self.form.currentText())

    def _chosen(self, form: str) -> None:
        """Say what a format is, and let the name of the target end as it has to."""
        self.form.setToolTip(SUMMARIES[form])
        text = self.folder.text()
        for suffix in SUFFIXES.values():
            text = text.removesuffix(suffix)
        self.folder.setText(text + SUFFIXES.get(form, "") if text else "")


class WorkStrip(Strip):
    """Work in the background, a line each, newest last.

    Parameters
    ----------
    cancel : callable
        Called with the number of a job.
    put_away : callable
    """

    MOST = 3

    def __init__(self, cancel: Callable[[int], None], put_away: Callable[[], None]) -> None:
        super().__init__()
        self._cancel, self._put_away = cancel, put_away
        self._shown: tuple[WorkLine, ...] = ()
        self.column = QtWidgets.QVBoxLayout()
        self.column.setSpacing(4)
        self.row.addLayout(self.column, 1)
        self.labels: list[ElidedLabel] = []
        self.hide()

    def show_lines(self, lines: Sequence[WorkLine]) -> None:
        """Show what is under way, and what has come of it."""
        wanted = tuple(lines)
        if wanted == self._shown:
            return
        self._shown = wanted
        while self.column.count():
            item = self.column.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.deleteLater()
        self.labels = []
        for line in wanted[-self.MOST :]:
            self.column.addWidget(self._line(line))
        more = len(wanted) - self.MOST
        if more > 0:
            self.labels[0].show_text(f"{self.labels[0].text()}   ({more} more)")
        self.setVisible(bool(wanted))

    def _line(self, line: WorkLine) -> QtWidgets.QWidget:
        made = QtWidgets.QWidget()
        made.setObjectName("panel")
        row = QtWidgets.QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        sign = QtWidgets.QLabel(SIGNS[line.severity])
        sign.setStyleSheet(f"color: {style.severity_colour(line.severity)}; background: transparent;")
        text = ElidedLabel(14)
        text.show_text(line.text, line.tip)
        button = QtWidgets.QToolButton()
        button.setFont(style.font(14))
        button.setText("Dismiss" if line.over else "Cancel")
        button.setToolTip("Put away all that is done" if line.over else "End it; nothing of it is kept")
        button.clicked.connect(self._put_away if line.over else lambda: self._cancel(line.number))
        self.labels.append(text)
        row.addWidget(sign)
        row.addWidget(text, 1)
        row.addWidget(button)
        return made


SIGNS = {"info": "…", "good": "✓", "warning": "▲", "alarm": "■"}
