"""The strip that asks for the file of a report, in the page instead of in front of it."""

from collections.abc import Callable
from pathlib import Path

from app.window.drawn import style
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.run_strips import Strip
from app.window.qt import QtWidgets
from core.clock import utc_now


class ReportStrip(Strip):
    """Asks where the report of some runs is to be written to.

    Parameters
    ----------
    report : callable
        Called with the runs and the file.
    """

    def __init__(self, report: Callable[[tuple[int, ...], Path], None]) -> None:
        super().__init__()
        self._report = report
        self._runs: tuple[int, ...] = ()
        self.text, self.file = ElidedLabel(14), QtWidgets.QLineEdit()
        self.file.setFont(style.font(13))
        self.file.setAccessibleName("File of the report")
        self.file.setToolTip("A new file, .html or .pdf. Enter: write. Esc: leave it.")
        self.row.addWidget(self.text)
        self.row.addWidget(self.file, 1)
        self.button("Write", "Write results, figures, conditions, decisions and provenance (Enter)", self._go)
        self.button("Cancel", "Leave it (Esc)", self.hide)
        self.file.returnPressed.connect(self._go)
        self.hide()

    def ask(self, runs: tuple[int, ...]) -> None:
        """Ask for the file, with a proposal in the folder of whoever is at the window."""
        self._runs = runs
        names = f"run {runs[0]}" if len(runs) == 1 else f"{len(runs)} runs"
        self.text.show_text(f"Report of {names} to")
        proposal = f"stripbench report of {names} {utc_now().astimezone():%Y-%m-%d %H%M%S}.html"
        self.file.setText(str(Path.home() / proposal))
        self.show()
        self.file.setFocus()
        self.file.selectAll()

    def _go(self) -> None:
        text = self.file.text().strip()
        if text:
            self.hide()
            self._report(self._runs, Path(text).expanduser())
