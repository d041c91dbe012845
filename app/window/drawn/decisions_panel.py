"""The decisions of a run, and of the chosen one what it was made from and how to take its rule's power."""

from collections.abc import Sequence
from typing import Any

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.cards import words
from app.window.drawn.confirm import Confirm
from app.window.drawn.line_list import LineList, Row
from app.window.qt import QtCore, QtWidgets
from app.window.reading.commands import OVERRIDE
from app.window.reading.snapshot import Snapshot
from app.window.shown.decisions import DecisionEntry, decisions
from app.window.shown.format import clock
from core.errors import StripbenchError

MOST_FITS = 12
"""Fits that are offered to be looked at; a decision rests on a few."""


class DecisionsPanel(QtWidgets.QWidget):
    """A list above, the chosen decision below it.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._entries: tuple[DecisionEntry, ...] = ()
        self._state: object = None
        self._run: int | None = None
        self.list = LineList(self._chosen)
        self.list.setAccessibleName("Decisions")
        self.list.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.SingleSelection)
        self.empty = words(14, grey=True)
        self.empty.setText("Nothing has been decided yet. Rules look at every fit as it comes.")
        self.detail = DecisionDetail(desk)
        self.detail.hide()
        self._area = QtWidgets.QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self.detail)
        self._area.hide()
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, style.UNIT, 0, 0)
        column.setSpacing(style.UNIT)
        column.addWidget(self.empty)
        column.addWidget(self.list, 2)
        column.addWidget(self._area, 3)
        selection = self.list.selectionModel()
        assert selection is not None
        selection.currentChanged.connect(lambda index: self._show(index.row()))
        desk.units_changed.connect(self._forget)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the decisions of a run; nothing is done while they are the same."""
        state = (snapshot.summary.run, len(snapshot.decisions), snapshot.summary.live, self._desk.units)
        if state == self._state:
            return
        other = snapshot.summary.run != self._run
        self._state, self._run = state, snapshot.summary.run
        self._entries = decisions(snapshot, self._desk.units)
        self.list.show_rows([_row(each) for each in self._entries])
        self.empty.setVisible(not self._entries)
        chosen = None if other else self.detail.entry
        again = next((each for each in self._entries if chosen is not None and each.id == chosen.id), None)
        self._put(again)

    def _forget(self) -> None:
        self._state = None

    def _show(self, place: int) -> None:
        if 0 <= place < len(self.list.lines.rows):
            key = self.list.lines.rows[place].key
            self._put(next((each for each in self._entries if str(each.id) == key), None))

    def _chosen(self, row: Row) -> None:
        self._show(next((at for at, each in enumerate(self.list.lines.rows) if each.key == row.key), -1))
        if row.time is not None:
            self._desk.point(row.time)

    def _put(self, entry: DecisionEntry | None) -> None:
        self._area.setVisible(entry is not None)
        self.detail.setVisible(entry is not None)
        if entry is not None:
            self.detail.show_entry(entry, self._run)


class DecisionDetail(QtWidgets.QWidget):
    """One decision: what it says, from what, and the way to override its rule.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.entry: DecisionEntry | None = None
        self._desk, self._run = desk, None  # type: tuple[Desk, int | None]
        self.title, self.why, self.effect = words(15, bold=True), words(14), words(14, grey=True)
        self.inputs, self.from_fits = words(13), words(13, grey=True)
        self.inputs.setTextFormat(QtCore.Qt.TextFormat.RichText)
        self.fits = QtWidgets.QWidget()
        self._row = QtWidgets.QGridLayout(self.fits)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(style.UNIT)
        self.override = Confirm(f"{OVERRIDE.label} …", "Override", self._override)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(2 * style.UNIT, 12, 2 * style.UNIT, 12)
        column.setSpacing(style.UNIT)
        for widget in (
            self.title,
            self.why,
            self.inputs,
            self.from_fits,
            self.fits,
            self.effect,
            self.override,
        ):
            column.addWidget(widget)
        column.addStretch(1)

    def show_entry(self, entry: DecisionEntry, run: int | None) -> None:
        """Show a decision of a run."""
        if entry == self.entry and run == self._run:
            return
        other = self.entry is None or entry.id != self.entry.id or run != self._run
        self.entry, self._run = entry, run
        self.title.setText(f"{entry.rule}: {entry.outcome}")
        self.why.setText(entry.why)
        self.why.setVisible(bool(entry.why))
        self.inputs.setText(_table(entry.inputs))
        self.inputs.setVisible(bool(entry.inputs))
        self.effect.setText(entry.effect)
        self.override.setVisible(bool(entry.override))
        self.override.explain(f"{entry.rule}: {entry.override}", bool(entry.override))
        if other:
            self._look_up(entry, run)

    def _look_up(self, entry: DecisionEntry, run: int | None) -> None:
        """Ask the store when the fits were; a decision knows their numbers only."""
        self._clear()
        self.from_fits.setText("" if entry.fits else "It was made from no fit.")
        if entry.fits and run is not None:
            self.from_fits.setText(f"From {_count(len(entry.fits))}:")
            self._desk.do(
                lambda store: store.run(run).fit_times(entry.fits), lambda found: self._offer(entry, found)
            )

    def _offer(self, entry: DecisionEntry, found: Any) -> None:
        """Offer the fits of a decision, if it is still the one that is shown."""
        if self.entry is None or entry.id != self.entry.id:
            return
        if isinstance(found, StripbenchError):
            self.from_fits.setText(f"From {_count(len(entry.fits))}, which could not be read: {found}")
            return
        times = sorted({found[each] for each in entry.fits if each in found})
        self._clear()
        more = f", the last {MOST_FITS} of which are" if len(times) > MOST_FITS else ""
        self.from_fits.setText(f"From {_count(len(entry.fits))}{more} (click to look at one):")
        for place, time in enumerate(times[-MOST_FITS:]):
            link = QtWidgets.QPushButton(clock(time, with_seconds=True))
            link.setObjectName("link")
            link.setFont(style.font(13))
            link.setToolTip("Point the cursor at this fit and its spectrum")
            link.clicked.connect(lambda _checked, at=time: self._desk.point(at))
            self._row.addWidget(link, place // 3, place % 3)

    def _clear(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _override(self) -> None:
        if self.entry is not None:
            self._desk.tell(OVERRIDE.word, self.entry.rule, self._run)


def _row(entry: DecisionEntry) -> Row:
    text = entry.outcome + (f" — {entry.why}" if entry.why else "")
    return Row(str(entry.id), entry.when, entry.rule, text, "info", entry.time)


def _count(fits: int) -> str:
    return "one fit" if fits == 1 else f"{fits} fits"


def _table(inputs: Sequence[tuple[str, str]]) -> str:
    """Return names and values as a table; both are escaped, for they come from the store."""
    grey = style.palette().grey
    rows = "".join(
        f"<tr><td style='color:{grey}; padding-right:12px'>{_escaped(name)}</td>"
        f"<td>{_escaped(value)}</td></tr>"
        for name, value in inputs
    )
    return f"<table cellspacing='0' cellpadding='1'>{rows}</table>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
