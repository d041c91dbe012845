"""One cell on the Cells page: both areas, how it was made, photos, runs and earlier entries."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.window.drawn import style
from app.window.drawn.cell_areas import AreaPanel
from app.window.drawn.cell_list import condition_colour, sign_of
from app.window.drawn.cell_photos import CellPhotos
from app.window.drawn.cell_runs import CellRuns
from app.window.drawn.labels import ElidedLabel, label
from app.window.drawn.marks import StateSign
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.cell_facts import EntryLine, cell_runs, facts
from app.window.shown.cell_rows import CellRow, count

EDIT, LIKE, RETIRE, TAKE_BACK, REGISTER = "Edit", "New like this", "Retire", "Take back", "Register"
TIPS = {
    EDIT: "Add an entry that is valid from now on; the old ones stay  (F2)",
    LIKE: "Write down new cells that begin as this one",
    RETIRE: "Say that it is not to be used any more; can be taken back",
    TAKE_BACK: "Say that it may be used again",
    REGISTER: "Put it into the registry as its newest run has it",
}


class CellDetail(QtWidgets.QScrollArea):
    """What is known of the chosen cell; photos can be dropped onto it.

    Parameters
    ----------
    press : callable
        Called with the word of a button, one of `TIPS`.
    add : callable
        Called with files of photos that are to be added.
    """

    def __init__(self, press: Callable[[str], None], add: Callable[[Sequence[Path]], None]) -> None:
        super().__init__()
        self.setAccessibleName("Chosen cell")
        self._add = add
        self._row: CellRow | None = None
        self._entry_lines: list[EntryLine] | None = None
        self.sign, self.name, self.words = StateSign(), ElidedLabel(28, bold=True), label(16, bold=True)
        self.buttons = {word: _button(word, press) for word in TIPS}
        self.banner = label(16)
        self.banner.setWordWrap(True)
        self.areas, self.photos, self.runs = AreaPanel(), CellPhotos(add), CellRuns()
        self.no_run = label(14, grey=True)
        self.no_run.setText("No run was done to it yet.")
        self.photos_title, self.runs_title, self.entries_title = (
            _heading(text) for text in ("Photos", "", "")
        )
        self._facts, self._entries = _Pairs(), _Pairs()
        self._lay_out()
        self.setAcceptDrops(True)

    @property
    def row(self) -> CellRow | None:
        """The cell that is shown."""
        return self._row

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is said of it besides its areas."""
        return self._facts.pairs

    @property
    def entries(self) -> list[tuple[str, str]]:
        """Its entries, newest first."""
        return self._entries.pairs

    def show_row(self, row: CellRow) -> None:
        """Show a cell; its photos and entries come by themselves later."""
        other = self._row is None or self._row.name != row.name
        self._row = row
        self.sign.show_sign(sign_of(row))
        self.sign.setAccessibleName(row.words)
        self.name.show_text(row.name, row.name)
        self.words.setText(row.words)
        self.words.setStyleSheet(f"color: {condition_colour(row)}")
        self._show_buttons(row)
        self._show_banner(row)
        self.areas.show_cell(row.cell)
        self._facts.show_pairs([(each.label, each.text) for each in facts(row)])
        self.runs_title.setText(f"Runs  ·  {len(row.runs)}" if row.runs else "Runs")
        self.runs.setVisible(bool(row.runs))
        self.no_run.setVisible(not row.runs)
        self.runs.show_runs(cell_runs(row))
        if other:
            self.show_entries([])
            self.photos.show_photos(())
            bar = self.verticalScrollBar()
            if bar is not None:
                bar.setValue(0)

    def show_entries(self, entries: Sequence[EntryLine]) -> None:
        """Show what was written down of the cell, newest first."""
        self.entries_title.setText(f"In the registry  ·  {count(len(entries), 'entry')}")
        self.entries_title.setVisible(bool(entries))
        self._entries.show_pairs([(each.head, each.text) for each in entries])

    def dragEnterEvent(self, event: QtGui.QDragEnterEvent | None) -> None:
        """Accept files."""
        if event is not None and self._row is not None and _files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QtGui.QDragMoveEvent | None) -> None:
        """Go on accepting them."""
        if event is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QtGui.QDropEvent | None) -> None:
        """Add the files that were dropped as photos."""
        if event is not None:
            event.acceptProposedAction()
            self._add(_files(event.mimeData()))

    def _show_buttons(self, row: CellRow) -> None:
        known = row.registered is not None
        shown = {EDIT: known, LIKE: True, RETIRE: known and not row.retired, TAKE_BACK: row.retired}
        shown[REGISTER] = not known
        for word, button in self.buttons.items():
            button.setVisible(shown[word])
        if not known and row.runs:
            self.buttons[REGISTER].setText(f"Register from run {row.runs[0].summary.run}")

    def _show_banner(self, row: CellRow) -> None:
        words, severity = "", "warning"
        if row.condition.spent:
            words, severity = f"✕ {row.condition.advice}", "alarm"
        elif row.registered is None:
            words = "▲ Not in the registry: only runs name it. Shown is what the newest of them says."
        elif row.condition.kind == "doubtful":
            words = f"▲ {row.condition.advice}"
        elif row.retired:
            words, severity = "– Retired: it is not to be used any more.", "info"
        self.banner.setText(words)
        self.banner.setVisible(bool(words))
        colours = style.palette()
        self.banner.setStyleSheet(
            f"background: {colours.ground}; border-left: 8px solid {style.severity_colour(severity)};"
            " padding: 8px 16px;"
        )

    def _lay_out(self) -> None:
        inside = QtWidgets.QWidget()
        inside.setObjectName("panel")
        column = QtWidgets.QVBoxLayout(inside)
        column.setContentsMargins(3 * style.UNIT, 2 * style.UNIT, 2 * style.UNIT, 3 * style.UNIT)
        column.setSpacing(style.UNIT)
        name, buttons = QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        for row in (name, buttons):
            row.setSpacing(style.UNIT)
        for widget in (self.sign, self.name, self.words):
            name.addWidget(widget)
        name.addStretch(1)
        for button in self.buttons.values():
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(name)
        column.addLayout(buttons)
        for widget, space in (
            (self.banner, 1), (self.areas, 1), (self._facts, 1), (self.photos_title, 1), (self.photos, 0),
            (self.runs_title, 1), (self.runs, 0), (self.no_run, 0), (self.entries_title, 1),
            (self._entries, 0),
        ):  # fmt: skip
            column.addSpacing(space * style.UNIT)
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would change the width, and with it the height of what is enlarged.
        self.setVerticalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOn)


class _Pairs(QtWidgets.QWidget):
    """Lines of a grey label and a text that wraps."""

    LABEL = 160

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._labels: list[tuple[QtWidgets.QLabel, QtWidgets.QLabel]] = []
        self._grid = QtWidgets.QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * style.UNIT)
        self._grid.setVerticalSpacing(style.UNIT // 2)
        self._grid.setColumnMinimumWidth(0, self.LABEL)
        self._grid.setColumnStretch(1, 1)

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show other lines; the widgets that are there are used again."""
        self.pairs = list(pairs)
        while len(self._labels) < len(self.pairs):
            self._append()
        for place, (head, text) in enumerate(self._labels):
            there = place < len(self.pairs)
            head.setVisible(there)
            text.setVisible(there)
            if there:
                head.setText(self.pairs[place][0])
                text.setText(self.pairs[place][1])

    def _append(self) -> None:
        head, text = label(14, grey=True), label(14)
        text.setWordWrap(True)
        text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        place = len(self._labels)
        self._grid.addWidget(head, place, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(text, place, 1)
        self._labels.append((head, text))


def _button(word: str, press: Callable[[str], None]) -> QtWidgets.QPushButton:
    button = QtWidgets.QPushButton(word)
    button.setFont(style.font(15))
    button.setAutoDefault(False)
    button.setToolTip(TIPS[word])
    if word == REGISTER:
        button.setObjectName("primary")
    button.clicked.connect(lambda: press(word))
    return button


def _heading(text: str) -> QtWidgets.QLabel:
    result = label(18, bold=True)
    result.setText(text)
    return result


def _files(mime: QtCore.QMimeData | None) -> list[Path]:
    """Return the files on this computer that are being dropped."""
    urls = [] if mime is None else mime.urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
