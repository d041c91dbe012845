"""The Cells page: the registry of cells, with photos, both areas, history, and new ones written down."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.cell_detail import EDIT, LIKE, REGISTER, RETIRE, TAKE_BACK, CellDetail
from app.window.drawn.cell_form import CellForm
from app.window.drawn.cell_photos import LARGE, SMALL
from app.window.drawn.cell_side import CellSide
from app.window.drawn.cell_strip import CellStrip
from app.window.drawn.cell_work import Work, decode
from app.window.drawn.cell_writing import CellWriting
from app.window.drawn.form_files import give_keys
from app.window.drawn.labels import label
from app.window.pages.page import Page
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.shown.cell_draft import Checked, Draft, check, draft_of
from app.window.shown.cell_facts import entry_lines
from app.window.shown.cell_rows import CellRow, Gathered, gather, lines, unregistered_names
from app.window.shown.placeholders import sentence
from core.cell import Cell
from core.errors import StripbenchError
from core.units import parse_quantity
from storage import CellEntry, CellPhoto, RegisteredCell, RunOverview, Store

LIST_SHARE, LIST_WIDTH = 0.34, 416
"""Of the page's width that the list has, and pixels that it has at most."""
EMPTY = (
    "No cell yet",
    "The registry keeps what each cell is: its anode, the area of its electrode, which normalises current, "
    "charge, R and C, and the area of its pellet, which normalises force; how it was made, photos of it, and "
    "every run that was done to it.\n\nRegister the first one with New cells (Ctrl+Shift+N), or from a file "
    "with:   stripbench cell-add CELL.toml\nCells that only runs name appear here by themselves.",
)


class CellsPage(Page):
    """A list at the left and the chosen cell at the right, or the form for new ones."""

    name, title = "cells", "Cells"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._listing = Listing()
        self._gathered = Gathered()
        self._unregistered: dict[str, Cell] = {}
        self._asked_names: frozenset[str] | None = None
        self._read_of: tuple[object, ...] = ()
        self._seen: object = None
        self._wanted = desk.memory.text("cells/chosen")
        self.work, self.strip, self.trouble = Work(), CellStrip(), label(15)
        self.writing = CellWriting(desk, self.work, self.strip, self._read_again)
        self.side = CellSide(desk.memory.text("cells/search"), desk.memory.yes("cells/retired"))
        self.detail = CellDetail(self.press, self.add_photos)
        self.form = CellForm(self._check, self._register, self._leave_form)
        self.empty_title, self.empty_text = label(30, bold=True), label(18)
        self.right, self.empty = QtWidgets.QStackedWidget(), self._empty()
        self._connect()
        self._lay_out()
        # Pint takes a second at its first quantity, which the first letter typed must not wait for.
        self.work.do(lambda: parse_quantity("1 mm", "m"), lambda _result: None)

    def show_listing(self, listing: Listing) -> None:
        """Draw the cells, where anything about them has changed."""
        self._listing = listing
        self._show_trouble()
        seen = (listing.read, _of_cells(listing.cells), _of_runs(listing.runs), _of_runs(listing.binned))
        if seen == self._seen:
            return
        self._seen = seen
        self._ask_unregistered()
        self._gather()

    def show_moment(self, _view: View) -> None:
        """Let the strip go away in time."""
        self.strip.show_moment()

    def settle(self) -> bool:
        """Do what was asked of the store and of the threads, here and now; for a picture."""
        return self.desk.catalogue.work() | self.work.settle()

    def leave(self) -> None:
        """Remember what was looked at."""
        self.work.close()
        self.writing.close()
        self.desk.memory.keep("cells/chosen", self.side.list.name)
        self.desk.memory.keep("cells/search", self.side.search.text())
        self.desk.memory.keep("cells/retired", self.side.retired.isChecked())

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Give the list less room where there is little."""
        super().resizeEvent(event)
        self.side.setFixedWidth(min(round(self.width() * LIST_SHARE), round(LIST_WIDTH * style.scale())))

    @property
    def writes(self) -> bool:
        """Whether the form is open."""
        return self.right.currentWidget() is self.form

    def press(self, word: str) -> None:
        """Do what a button of the chosen cell says."""
        row = self.detail.row
        if row is None or self.right.currentWidget() is not self.detail:
            return
        if word in (EDIT, LIKE):
            if word == LIKE or row.registered is not None:
                self.write_down(draft_of(row.cell, row.registered, amends=word == EDIT))
        elif word in (RETIRE, TAKE_BACK):
            self.writing.retire(row, word == RETIRE)
        elif word == REGISTER:
            self._register_runs([row])

    def choose(self, name: str) -> None:
        """Show a cell of the list."""
        self._wanted = name
        self._draw()

    def write_down(self, draft: Draft) -> None:
        """Open the form; the list makes room for it."""
        self._show(self.form)
        self.form.show_draft(draft)
        self.form.focus_first()

    def add_photos(self, files: Sequence[Path]) -> None:
        """Add photos to the chosen cell."""
        if self.detail.row is not None:
            self.writing.add_photos(self.detail.row.name, files)

    def _show(self, what: QtWidgets.QWidget) -> None:
        self.right.setCurrentWidget(what)
        self.side.setVisible(what is not self.form)

    def _gather(self) -> None:
        """Put together in a thread what there is to show."""
        self.work.do(partial(gather, self._listing, self._unregistered), self._take_gathered, replaces="rows")

    def _take_gathered(self, result: Gathered | StripbenchError) -> None:
        if isinstance(result, StripbenchError):
            self.strip.complain(sentence(str(result)))
            return
        self._gathered = result
        self._draw()
        if self.writes:
            self._check(self.form.draft)

    def _draw(self) -> None:
        rows = self._gathered.rows
        shown = lines(rows, self.side.search.text(), self.side.retired.isChecked())
        name = self.side.list.show_lines(shown, self._wanted or self.side.list.name)
        self.side.summary.setText(self._gathered.footer if self._gathered.read else "")
        self.side.show_unregistered(sum(row.registered is None for row in rows))
        self._show_chosen(name)

    def _show_chosen(self, name: str) -> None:
        row = next((row for row in self._gathered.rows if row.name == name), None)
        if row is not None:
            self._wanted = name
            self.detail.show_row(row)
            self._ask_of(row)
        else:
            self._show_empty()
        if not self.writes:
            self._show(self.empty if row is None else self.detail)

    def _show_empty(self) -> None:
        title, text = EMPTY
        if not self._gathered.read:
            title, text = "Reading …", ""
            if self._listing.trouble is not None:
                title = "The registry cannot be read"
                text = "Runs do not depend on it. It is looked for again every two seconds."
        elif self._gathered.rows:
            title, text = "No cell is found", "Change the search words, or show the retired cells, too."
        self.empty_title.setText(title)
        self.empty_text.setText(text)

    def _show_trouble(self) -> None:
        trouble = self._listing.trouble
        self.trouble.setVisible(trouble is not None)
        if trouble is not None:
            stays = "What was read before stays." if self._listing.read else ""
            self.trouble.setText(f"■ {sentence(trouble.problem)} {sentence(trouble.remedy)} {stays}".strip())
        if not self._gathered.rows:
            self._show_chosen("")

    def _choose(self, name: str) -> None:
        self._wanted = name
        self._show_chosen(name)

    def _ask_unregistered(self) -> None:
        """Ask what the newest runs say of the names that the registry does not have."""
        names = unregistered_names(self._listing)
        if names == self._asked_names:
            return
        self._asked_names = names
        if names:
            self.writing.do(lambda store: store.unregistered_cells(), self._take_unregistered)

    def _take_unregistered(self, result: dict[str, Cell] | StripbenchError) -> None:
        if isinstance(result, StripbenchError):
            self._asked_names = None
            self.strip.complain(sentence(str(result)))
        else:
            self._unregistered = result
            self._gather()

    def _read_again(self) -> None:
        """Read entries and photos of the chosen cell again, since some were added."""
        self._read_of = ()
        if self.detail.row is not None:
            self._ask_of(self.detail.row)

    def _ask_of(self, row: CellRow) -> None:
        """Ask for entries and photos of a cell, where there may be others than before."""
        entry = row.registered
        wanted = (row.name, *(() if entry is None else (entry.entries, entry.photos)))
        if wanted != self._read_of:
            self._read_of = wanted
            name = row.name
            self.writing.do(
                lambda store: (store.cell_entries(name), store.photos(name)), partial(self._take_of, name)
            )

    def _take_of(self, name: str, result: tuple[list[CellEntry], list[CellPhoto]] | StripbenchError) -> None:
        if self.detail.row is None or self.detail.row.name != name:
            return
        if isinstance(result, StripbenchError):
            self._read_of = ()
            self.strip.complain(sentence(str(result)))
            return
        entries, photos = result
        self.detail.show_entries(entry_lines(entries))
        for photo in self.detail.photos.show_photos(photos):
            self._read_photo(SMALL, self.detail.photos.show_small, photo)

    def _read_photo(
        self, room: QtCore.QSize, show: Callable[[int, QtGui.QImage | str], None], photo: int
    ) -> None:
        """Read and decode a photo in the thread that reads the listing, as sharp as this screen is."""
        pixels = room * self.devicePixelRatioF()

        def told(result: QtGui.QImage | StripbenchError) -> None:
            show(photo, sentence(str(result)) if isinstance(result, StripbenchError) else result)

        self.writing.do(partial(_picture, photo, pixels), told)

    def _check(self, draft: Draft) -> None:
        self.work.do(partial(check, draft, self._gathered.taken), self._take_checked, replaces="check")

    def _take_checked(self, result: Checked | StripbenchError) -> None:
        if isinstance(result, StripbenchError):
            self.strip.complain(sentence(str(result)))
        else:
            self.form.show_checked(result)

    def _register(self) -> None:
        checked = self.form.checked
        before = self.detail.row if checked.draft.amends else None

        def told(trouble: StripbenchError | None) -> None:
            self.form.busy(False)
            if trouble is None and self.form.draft is checked.draft:
                self._wanted = checked.names[0].name
                self._leave_form()

        self.form.busy(True)
        self.writing.register(checked, before, told)

    def _register_runs(self, rows: Sequence[CellRow]) -> None:
        self.writing.register_runs([row.cell for row in rows if row.registered is None])

    def _leave_form(self) -> None:
        self._show(self.detail)
        self._show_chosen(self.side.list.name)
        self.side.list.setFocus()

    def _searched(self) -> None:
        self._wanted = self.side.list.name or self._wanted
        self._draw()

    def _watch(self, run: int) -> None:
        self.desk.watch(run)
        self.desk.page_wanted.emit("live")

    def _connect(self) -> None:
        self.side.list.chosen.connect(self._choose)
        self.side.searched.connect(self._searched)
        self.side.new.clicked.connect(lambda: self.write_down(Draft()))
        self.side.register_all.clicked.connect(lambda: self._register_runs(self._gathered.rows))
        self.detail.runs.picked.connect(self._watch)
        photos = self.detail.photos
        photos.large_wanted.connect(partial(self._read_photo, LARGE, photos.show_large))
        give_keys(
            self,
            (
                ("/", "search the cells", self.side.search.setFocus),
                ("Ctrl+Shift+N", "write down new cells", self.side.new.click),
                ("F2", "change what is known of the cell", partial(self.press, EDIT)),
                ("Ctrl+Z", "take back what was done last", self.strip.take_back),
            ),
        )

    def _lay_out(self) -> None:
        self.trouble.setWordWrap(True)
        self.trouble.setStyleSheet(
            f"background: {style.palette().paper}; border-left: 8px solid {style.palette().vermillion};"
            " padding: 8px 16px;"
        )
        self.trouble.hide()
        for widget in (self.detail, self.form, self.empty):
            self.right.addWidget(widget)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(style.UNIT)
        row.addWidget(self.side)
        row.addWidget(self.right, 1)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.UNIT)
        column.addWidget(self.trouble)
        column.addWidget(self.strip)
        column.addLayout(row, 1)

    def _empty(self) -> QtWidgets.QWidget:
        empty = QtWidgets.QWidget()
        empty.setObjectName("panel")
        empty.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.empty_text.setWordWrap(True)
        self.empty_text.setMaximumWidth(720)
        self.empty_text.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QtWidgets.QVBoxLayout(empty)
        column.setContentsMargins(6 * style.UNIT, 0, 6 * style.UNIT, 0)
        column.setSpacing(2 * style.UNIT)
        column.addStretch(2)
        column.addWidget(self.empty_title)
        column.addWidget(self.empty_text)
        column.addStretch(3)
        return empty


def _of_cells(cells: Sequence[RegisteredCell]) -> tuple[tuple[object, ...], ...]:
    """What changes of registered cells; entries are only ever added."""
    return tuple((each.name, each.entries, each.photos) for each in cells)


def _of_runs(runs: Sequence[RunOverview]) -> tuple[tuple[object, ...], ...]:
    """What the page shows of runs; their heartbeats change all the time."""
    found = (each.summary for each in runs)
    return tuple(
        (each.run, each.cell, each.state, each.ended, each.end_reason, each.binned) for each in found
    )


def _picture(photo: int, room: QtCore.QSize, store: Store) -> QtGui.QImage:
    return decode(store.photo(photo), room)
