"""Above and below the table of runs: the search with its choices, and the actions."""

from collections.abc import Iterable

from app.protocol_words import in_words
from app.window.drawn import style
from app.window.drawn.choice import Choice as Chooser
from app.window.drawn.labels import label
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.run_filter import HELP
from app.window.shown.run_rows import Choice, RunRow, choices

ACTIONS = (
    ("watch", "Watch", "Enter", "Show this run on the live page (Enter, or double click)"),
    ("compare", "Compare", "C", "Lay these runs over those of the Compare page (C)"),
    ("refit", "Refit", "R", "Fit all spectra anew, beside the fits there are; what was decided stays (R)"),
    ("replay", "Replay", "P", "Derive every decision again from the stored fits, and compare (P)"),
    ("export", "Export …", "E", "Write them to files: CSV, Battery Data Format, .mpt, .z, NetCDF, .eln (E)"),
    ("report", "Report …", "W", "Write a report: results, figures, conditions, decisions, provenance (W)"),
    ("bin", "To the bin", "Del", "Hide these runs from the listings; nothing is deleted (Del)"),
    ("restore", "Restore", "Shift+Del", "Take these runs out of the bin (Shift+Del)"),
)
"""Word, text, key and tooltip of what can be done with runs."""


class Words(QtWidgets.QLineEdit):
    """The line of search words.

    Attributes
    ----------
    down : pyqtSignal
        The table below is wanted.
    """

    down = QtCore.pyqtSignal()

    def keyPressEvent(self, event: QtGui.QKeyEvent | None) -> None:
        """Go down to the table."""
        assert event is not None
        if event.key() in (QtCore.Qt.Key.Key_Down, QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter):
            self.down.emit()
        else:
            super().keyPressEvent(event)


class SearchBar(QtWidgets.QWidget):
    """Search words, choices of metal, state and protocol, and which runs are listed at all.

    Attributes
    ----------
    chosen_changed : pyqtSignal
        Another metal, state or protocol was chosen.
    """

    chosen_changed = QtCore.pyqtSignal()
    NAMES = ("metal", "state", "protocol")

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.words = Words()
        self.words.setFont(style.font(15))
        self.words.setPlaceholderText(
            "Search   /   e.g.  cell:LLZO-07 metal:Li0.9Mg0.1 i>50 T=25 after:2026-01-01"
        )
        self.words.setToolTip(HELP)
        self.words.setAccessibleName("Search words")
        self.words.setClearButtonEnabled(True)
        self.choosers = {name: Chooser() for name in self.NAMES}
        for name, chooser in self.choosers.items():
            chooser.setToolTip(f"Only runs of this {name}")
            chooser.setFont(style.font(13))
            chooser.setAccessibleName(f"Choice of {name}")
            chooser.setSizeAdjustPolicy(chooser.AdjustToContents)
            chooser.addItem(f"every {name}", "")
            chooser.currentIndexChanged.connect(lambda _index: self.chosen_changed.emit())
        self.grouped, self.bin = self._button("Campaigns"), self._button("Bin")
        self.grouped.setToolTip("Runs of a campaign stand below its heading; ← and → fold and unfold it")
        self.bin.setToolTip("Show what was put in the bin, to restore it")
        self.count, self.problem = label(13, grey=True), label(13)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._lay_out()

    def show_choices(self, rows: Iterable[RunRow], binned: int) -> None:
        """Offer the metals, states and protocols that there are."""
        for (name, found), chooser in zip(choices(rows).items(), self.choosers.values(), strict=True):
            offered = [chooser.itemData(place) for place in range(1, chooser.count())]
            chosen = chooser.currentData()
            if chosen and chosen not in found:
                found = [*found, chosen]
            if offered != found:
                before = chooser.blockSignals(True)
                while chooser.count() > 1:
                    chooser.removeItem(1)
                for each in found:
                    chooser.addItem(in_words(each) if name == "protocol" else each, each)
                chooser.setCurrentIndex(max(chooser.findData(chosen), 0))
                chooser.blockSignals(before)
            chooser.setToolTip(f"Only runs of this {name}")
        self.bin.setText(f"Bin ({binned})" if binned else "Bin")

    def chosen(self) -> Choice:
        """Return what was chosen."""
        return Choice(*(str(chooser.currentData() or "") for chooser in self.choosers.values()))

    def clear(self) -> None:
        """Search for nothing in particular."""
        self.words.clear()
        for chooser in self.choosers.values():
            chooser.setCurrentIndex(0)

    def say(self, problem: str) -> None:
        """Say what is wrong with the search words; empty if nothing is."""
        self.problem.setText(f"▲ {problem}" if problem else "")
        self.problem.setVisible(bool(problem))
        self.words.setProperty("wrong", bool(problem))
        painted = self.words.style()
        assert painted is not None
        painted.unpolish(self.words)
        painted.polish(self.words)

    def _button(self, text: str) -> QtWidgets.QPushButton:
        made = QtWidgets.QPushButton(text)
        made.setCheckable(True)
        made.setFont(style.font(13))
        return made

    def _lay_out(self) -> None:
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(2 * style.UNIT, style.UNIT, 2 * style.UNIT, style.UNIT)
        column.setSpacing(style.UNIT)
        first, second = QtWidgets.QHBoxLayout(), QtWidgets.QHBoxLayout()
        for row in (first, second):
            row.setSpacing(style.UNIT)
            column.addLayout(row)
        first.addWidget(self.words, 1)
        for chooser in self.choosers.values():
            second.addWidget(chooser)
        second.addWidget(self.grouped)
        second.addWidget(self.bin)
        second.addStretch(1)
        second.addWidget(self.count)
        column.addWidget(self.problem)


class Actions(QtWidgets.QWidget):
    """What can be done with the runs that are marked.

    Attributes
    ----------
    act_wanted : pyqtSignal
        With a word of `ACTIONS`.
    """

    act_wanted = QtCore.pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: dict[str, QtWidgets.QPushButton] = {}
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(2 * style.UNIT, style.UNIT, 2 * style.UNIT, style.UNIT)
        row.setSpacing(style.UNIT)
        for word, text, key, tip in ACTIONS:
            button = QtWidgets.QPushButton(f"{text}   {key}")
            button.setFont(style.font(14))
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked, word=word: self.act_wanted.emit(word))
            self.buttons[word] = button
            row.addWidget(button)
        self.buttons["watch"].setObjectName("primary")
        row.addStretch(1)
        self.marked = label(13, grey=True)
        row.addWidget(self.marked)

    def show_marked(self, runs: tuple[int, ...], in_bin: bool) -> None:
        """Open what makes sense for the runs that are marked."""
        for word, button in self.buttons.items():
            button.setEnabled(bool(runs) and (word != "watch" or len(runs) == 1))
        self.buttons["bin"].setVisible(not in_bin)
        self.buttons["restore"].setVisible(in_bin)
        self.marked.setText(f"{len(runs)} marked" if len(runs) > 1 else "")
