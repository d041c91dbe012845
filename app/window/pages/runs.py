"""The runs page: all runs of the store in a table, searched, and what can be done with them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.form_files import give_keys
from app.window.drawn.labels import label
from app.window.drawn.report_strip import ReportStrip
from app.window.drawn.run_bar import Actions, SearchBar
from app.window.drawn.run_strips import ExportStrip, Strip, UndoStrip, WorkStrip
from app.window.drawn.run_table import RunTable
from app.window.pages.page import Page
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.reading.run_moves import Moved, move, transitions
from app.window.shown.compare import added, remembered
from app.window.shown.run_columns import NAMES
from app.window.shown.run_filter import Filter, parse
from app.window.shown.run_order import Order, arrange, total
from app.window.shown.run_rows import RunRow, refreshed
from app.window.shown.work_lines import work_line
from core.clock import utc_now
from core.errors import BadInput, StripbenchError
from storage import open_store

COMPARED, ORDER, FALLING, GROUPED, WORDS = (
    "compared",
    "runs by",
    "runs falling",
    "runs grouped",
    "runs search",
)
"""Names under which choices are remembered."""

MARK_FIRST = "Mark a run first: click it, or go to it with the arrow keys."

AT_ONCE = 50
"""Runs of which t0 is looked up in one go."""


class RunsPage(Page):
    """Search words on top, the table, and the actions for the runs that are marked."""

    name, title = "runs", "Runs"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        memory = desk.memory
        by = memory.text(ORDER, "run")
        self.order = Order(
            by if by in NAMES else "run", memory.yes(FALLING, True), memory.yes(GROUPED, True), frozenset()
        )
        self.search = SearchBar()
        self.search.words.setText(memory.text(WORDS))
        self.search.grouped.setChecked(self.order.grouped)
        self.said = label(13, grey=True)
        self.table, self.bar = RunTable(), Actions()
        self.nothing = label(18, grey=True)
        self.nothing.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setObjectName("panel")
        self.undo = UndoStrip(lambda runs: self._move(runs, "restored"))
        self.exporting = ExportStrip(lambda runs, target, form: self._export(runs, target, form))
        self.reporting = ReportStrip(lambda runs, path: self._report(runs, path))
        self.works = WorkStrip(desk.works.cancel, desk.works.put_away)
        self._filter = Filter()
        self._rows: dict[int, RunRow] = {}
        self._listing = Listing()
        self._asked: set[int] = set()
        self._left = False
        self._jobs: tuple[object, ...] = ()
        self._lay_out()
        self._connect()

    def come_forward(self) -> None:
        """Give the keyboard to the table."""
        self.table.setFocus()

    def show_listing(self, listing: Listing) -> None:
        """Take up what the store holds; nothing is arranged anew where nothing has changed."""
        before, self._listing = self._listing, listing
        rows = refreshed(self._rows, listing.binned if self.in_bin else listing.runs)
        same = len(rows) == len(self._rows) and all(self._rows.get(run) is row for run, row in rows.items())
        others = (before.campaigns, before.trouble, before.read, len(before.binned))
        if not same or others != (listing.campaigns, listing.trouble, listing.read, len(listing.binned)):
            self._rows = rows
            self._arrange()

    def show_moment(self, view: View) -> None:
        """Show what changes with the moment: work in the background, t0 of what is in view."""
        if self._jobs != self.desk.works.jobs:
            self._jobs = self.desk.works.jobs
            self.works.show_lines([work_line(job) for job in self.desk.works.jobs])
        self.undo.look()
        self._look_up()

    def settle(self) -> bool:
        """Look up t0 of the first runs; for a picture, where nothing may be in view yet."""
        first = (line.row for line in self.table.runs.lines[:AT_ONCE])
        wanted = [row.run for row in first if row is not None and not row.looked_up]
        if not wanted:
            return False
        with open_store(self.desk.store_url) as store:
            self._take_transitions(wanted, transitions(store, wanted))
        return True

    def leave(self) -> None:
        """Remember how the table is sorted and searched; answers that come later find nobody."""
        self._left = True
        memory = self.desk.memory
        memory.keep(ORDER, self.order.column)
        memory.keep(FALLING, self.order.falling)
        memory.keep(GROUPED, self.order.grouped)
        memory.keep(WORDS, self.search.words.text())

    @property
    def in_bin(self) -> bool:
        """Whether the bin is shown."""
        return self.search.bin.isChecked()

    def act(self, what: str) -> None:
        """Do something with the runs that are marked; see `RunTable.act_wanted`."""
        runs = self.table.chosen()
        if not runs:
            self._say(MARK_FIRST)
            return
        {
            "watch": lambda: self._watch(runs[0]),
            "compare": lambda: self._compare(runs),
            "refit": lambda: [self.desk.works.refit(run) for run in runs],
            "replay": lambda: [self.desk.works.replay(run) for run in runs],
            "export": lambda: self._ask(self.exporting, lambda: self.exporting.ask(runs, _proposal(runs))),
            "report": lambda: self._ask(self.reporting, lambda: self.reporting.ask(runs)),
            "bin": lambda: self._move(runs, "binned"),
            "restore": lambda: self._move(runs, "restored"),
        }[what]()
        self.show_moment(self.desk.feed.view)

    def _watch(self, run: int) -> None:
        self.desk.watch(run)
        self.desk.page_wanted.emit("live")

    def _compare(self, runs: tuple[int, ...]) -> None:
        chosen, words = added(remembered(self.desk.memory.text(COMPARED)), runs)
        self.desk.memory.keep(COMPARED, " ".join(map(str, chosen)))
        if words:
            self._say(words)
            self.desk.said.emit(words)
        self.desk.page_wanted.emit("compare")

    def _export(self, runs: tuple[int, ...], target: Path, form: str) -> None:
        self.desk.works.export(runs, target, form)
        self.table.setFocus()

    def _report(self, runs: tuple[int, ...], path: Path) -> None:
        self.desk.works.report(runs, path)
        self.table.setFocus()

    def _ask(self, strip: Strip, ask: Callable[[], None]) -> None:
        """Ask one thing at a time."""
        for other in (self.exporting, self.reporting):
            if other is not strip:
                other.hide()
        ask()

    def _move(self, runs: tuple[int, ...], kind: str) -> None:
        author = self.desk.author
        self.desk.do(lambda store: move(store, runs, kind, author), self._moved)

    def _moved(self, result: Moved | StripbenchError) -> None:
        if self._left:
            return
        words = str(result) if isinstance(result, StripbenchError) else result.words
        if isinstance(result, Moved) and result.kind == "binned" and result.runs:
            self.undo.show_runs(result.runs, words)
            words = ""
        self._say(words)
        self.desk.catalogue.look()

    def _search(self, *_: object) -> None:
        """Read the search words; while they cannot be understood the last ones stay in force."""
        try:
            self._filter = parse(self.search.words.text())
        except BadInput as error:
            self.search.say(str(error))
            return
        self.search.say("")
        self._arrange()

    def _sort(self, name: str) -> None:
        """Sort by a column; the other way round where it is sorted by that already."""
        falling = not self.order.falling if name == self.order.column else name in ("run", "started")
        self.order = replace(self.order, column=name, falling=falling)
        self._arrange()

    def _group(self, grouped: bool) -> None:
        self.order = replace(self.order, grouped=grouped)
        self._arrange()

    def _fold(self, campaign: int, folded: bool) -> None:
        others = self.order.folded - {campaign}
        self.order = replace(self.order, folded=others | {campaign} if folded else others)
        self._arrange()

    def _arrange(self) -> None:
        """Bring the table to what there is, what is searched and how it is sorted."""
        listing = self._listing
        overviews = listing.binned if self.in_bin else listing.runs
        self._rows = refreshed(self._rows, overviews)
        rows = list(self._rows.values())
        self.search.show_choices(rows, len(listing.binned))
        chosen = self.search.chosen()
        lines = arrange(
            rows, lambda row: chosen.matches(row) and self._filter.matches(row), self.order, listing.campaigns
        )
        self.table.show_lines(lines)
        self.table.runs.show_order(self.order.column, self.order.falling)
        self.search.count.setText(total(rows, lines))
        self._show_nothing(bool(lines), bool(rows))
        self._marked()

    def _show_nothing(self, found: bool, there: bool) -> None:
        """Say why the table is empty, where it is."""
        self.body.setCurrentIndex(0 if found else 1)
        trouble = self._listing.trouble
        if found:
            words = (
                "" if trouble is None else f"{trouble.problem} {trouble.remedy} This is what was read before."
            )
            if words:
                self._say(words)
            return
        if trouble is not None:
            words = f"The runs cannot be read: {trouble.problem} {trouble.remedy}"
        elif not self._listing.read:
            words = "reading the runs …"
        elif there:
            words = (
                "No run is found by these words.\nEsc clears them; the tooltip there says what can be asked."
            )
        elif self.in_bin:
            words = "The bin is empty."
        else:
            words = "No run yet. Start one from the page Start, or with:  stripbench run EXPERIMENT.toml"
        self.nothing.setText(words)

    def _unknown(self) -> list[int]:
        """Return runs of which t0 is wanted and not known: those in view, or all where it decides."""
        wanted = self.table.in_view()
        if self.order.column == "t0" or self._filter.wants_t0:
            wanted = [*wanted, *self._rows.values()]
        unknown = (row.run for row in wanted if not row.looked_up and row.run not in self._asked)
        return list(dict.fromkeys(unknown))[:AT_ONCE]

    def _look_up(self) -> None:
        runs = self._unknown()
        if runs and not self._asked:
            self._asked.update(runs)
            self.desk.do(lambda store: transitions(store, runs), partial(self._take_transitions, runs))

    def _take_transitions(self, runs: list[int], found: dict[int, Any] | StripbenchError) -> None:
        self._asked.clear()
        if self._left or isinstance(found, StripbenchError):
            return
        for run in runs:
            if run in self._rows:
                self._rows[run] = replace(self._rows[run], transition=found.get(run), looked_up=True)
        self._arrange()

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _marked(self) -> None:
        runs = self.table.chosen()
        self.bar.show_marked(runs, self.in_bin)
        if runs and self.said.text() == MARK_FIRST:
            self._say("")

    def _escape(self) -> None:
        """Leave what is asked, or else clear the search."""
        asking = [strip for strip in (self.exporting, self.reporting) if strip.isVisible()]
        if asking:
            asking[0].hide()
        else:
            self.search.clear()
        self.table.setFocus()

    def _connect(self) -> None:
        self.search.words.textChanged.connect(self._search)
        self.search.words.down.connect(self.table.setFocus)
        self.search.chosen_changed.connect(self._arrange)
        self.search.grouped.toggled.connect(self._group)
        self.search.bin.toggled.connect(lambda _on: self._arrange())
        self.table.act_wanted.connect(self.act)
        self.table.sort_wanted.connect(self._sort)
        self.table.fold_wanted.connect(self._fold)
        self.table.marked.connect(self._marked)
        self.bar.act_wanted.connect(self.act)
        give_keys(
            self,
            (
                ("/", "search the runs", self.search.words.setFocus),
                (QtGui.QKeySequence.StandardKey.Find, "search the runs", self.search.words.setFocus),
                (QtGui.QKeySequence.StandardKey.Undo, "take runs out of the bin again", self.undo.undo),
                ("Escape", "leave the search", self._escape),
            ),
        )
        self._search()

    def _lay_out(self) -> None:
        self.body = QtWidgets.QStackedWidget()
        self.body.addWidget(self.table)
        self.body.addWidget(self.nothing)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.UNIT)
        column.addWidget(self.search)
        column.addWidget(self.body, 1)
        for strip in (self.undo, self.exporting, self.reporting, self.works, self.said):
            column.addWidget(strip)
        column.addWidget(self.bar)
        self.said.setContentsMargins(2 * style.UNIT, 0, 2 * style.UNIT, 0)
        self.said.hide()


def _proposal(runs: tuple[int, ...]) -> Path:
    """Return a folder that an export could go to."""
    names = f"run {runs[0]}" if len(runs) == 1 else f"{len(runs)} runs"
    return Path.home() / f"stripbench {names} {utc_now().astimezone():%Y-%m-%d %H%M%S}"
