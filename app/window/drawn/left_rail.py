"""The left rail of the live page: the steps of the run, how the bench is, and the runs there are."""

from typing import Any

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.labels import label
from app.window.drawn.row_list import Row, RowList
from app.window.pages.places import PLACES
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.shown.health import lights
from app.window.shown.run_lines import run_lines
from app.window.shown.steps import RUNNING, StepLine, campaign_lines, step_lines
from core.records import RunState
from storage import Store

LEAST_HEIGHT = 60
"""Pixels of height that every list keeps where the window is low; what goes beyond is scrolled."""


class LeftRail(QtWidgets.QWidget):
    """Where the run stands, and what it stands on.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        self.desk = desk
        self._listing: Listing | None = None
        self._plans: dict[int, tuple[str, ...]] = {}
        self._asked: set[int] = set()
        self.steps, self.campaign = RowList("steps of the run"), RowList("steps of the campaign")
        self.bench, self.runs = RowList("instruments of the bench"), RowList("newest runs")
        self.campaign_title = _title("Campaign")
        self.search = QtWidgets.QLineEdit()
        self.all_runs = QtWidgets.QPushButton("all runs …")
        self._dress()
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(style.UNIT, style.UNIT, style.UNIT, style.UNIT)
        column.setSpacing(4)
        for title, rows in (
            (_title("Steps"), self.steps),
            (self.campaign_title, self.campaign),
            (_title("Bench"), self.bench),
        ):
            column.addWidget(title)
            column.addWidget(rows, 8)
            column.addSpacing(style.UNIT)
        top = QtWidgets.QHBoxLayout()
        top.addWidget(_title("Runs"))
        top.addStretch(1)
        top.addWidget(self.all_runs)
        column.addLayout(top)
        column.addWidget(self.search)
        column.addWidget(self.runs, 1)
        self.runs.setMinimumHeight(LEAST_HEIGHT)
        for rows in (self.campaign, self.runs):
            rows.picked.connect(desk.watch)
        desk.run_changed.connect(lambda _run: self._draw_runs())

    def show_view(self, view: View) -> None:
        """Draw steps and campaign."""
        snapshot = view.snapshot
        lines = () if snapshot is None else step_lines(snapshot)
        if self.steps.show_rows([_step_row(line) for line in lines]):
            _limit(self.steps)
            self._scroll_to_running(lines)
        self._draw_campaign(view)
        self._draw_runs()

    def show_listing(self, listing: Listing) -> None:
        """Draw the runs there are."""
        self._listing = listing
        self._draw_runs()
        self._draw_campaign(self.desk.feed.view)

    def show_moment(self, view: View) -> None:
        """Draw how the instruments are."""
        rows = [
            Row(style.standing(light.level), light.role, light.age, light.below, light.tip)
            for light in lights(view.snapshot)
        ]
        if self.bench.show_rows(rows):
            _limit(self.bench)

    def _dress(self) -> None:
        self.search.setFont(style.font(14))
        self.search.setPlaceholderText("Search runs  ( / )")
        self.search.setAccessibleName("search runs")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip("Parts of cell, anode, protocol, state or campaign, or the number of a run.")
        self.search.textChanged.connect(lambda _text: self._draw_runs())
        self.search.returnPressed.connect(self._pick_first)
        self.all_runs.setFont(style.font(13))
        self.all_runs.setObjectName("link")
        self.all_runs.setToolTip("The Runs page: every run of the store, to sort, filter and compare.")
        # What has no parent yet must not be shown: it would be a window of its own for a moment.
        if not any(place.name == "runs" for place in PLACES):
            self.all_runs.hide()
        self.all_runs.clicked.connect(lambda: self.desk.page_wanted.emit("runs"))
        find = QtWidgets.QShortcut(QtGui.QKeySequence("/"), self)
        find.setContext(QtCore.Qt.ShortcutContext.WindowShortcut)
        find.setWhatsThis("search the newest runs")
        find.activated.connect(self._find)

    def _find(self) -> None:
        self.search.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _pick_first(self) -> None:
        if self.runs.rows and self.runs.rows[0].value is not None:
            self.desk.watch(self.runs.rows[0].value)

    def _draw_runs(self) -> None:
        if self._listing is None:
            return
        shown = self.desk.run
        found = run_lines(self._listing.runs, self.search.text())
        self.runs.show_rows(
            [
                Row(
                    style.sign_of(line.state),
                    line.text,
                    line.right,
                    line.below,
                    line.tip,
                    strong=line.run == shown,
                    value=line.run,
                )
                for line in found
            ]
        )

    def _draw_campaign(self, view: View) -> None:
        """Draw the steps of the campaign that the run belongs to, once its plan has been read."""
        snapshot = view.snapshot
        campaign = None if snapshot is None else snapshot.summary.campaign
        lines: tuple[StepLine, ...] = ()
        if snapshot is not None and campaign is not None and self._listing is not None:
            self._ask_for_plan(campaign)
            runs = [each.summary for each in self._listing.runs if each.summary.campaign == campaign]
            known: list[tuple[int, str, RunState]] = [(each.run, each.path, each.state) for each in runs]
            lines = campaign_lines(self._plans.get(campaign, ()), known, snapshot.summary.run)
            self.campaign_title.setText(f"Campaign {campaign}")
        shown = None if snapshot is None else snapshot.summary.run
        rows = [_step_row(line, strong=line.run is not None and line.run == shown) for line in lines]
        if self.campaign.show_rows(rows):
            _limit(self.campaign)
        for widget in (self.campaign_title, self.campaign):
            widget.setVisible(bool(lines))

    def _ask_for_plan(self, campaign: int) -> None:
        if campaign not in self._asked:
            self._asked.add(campaign)
            self.desk.do(lambda store: _plan(store, campaign), lambda found: self._take(campaign, found))

    def _take(self, campaign: int, found: Any) -> None:
        """Take the plan; without it the steps that were begun are shown all the same."""
        if isinstance(found, tuple):
            self._plans[campaign] = found
            self._draw_campaign(self.desk.feed.view)

    def _scroll_to_running(self, lines: tuple[StepLine, ...]) -> None:
        going = [place for place, line in enumerate(lines) if line.stands == RUNNING]
        if lines:
            self.steps.scrollToItem(self.steps.item(going[-1] if going else len(lines) - 1))


def _plan(store: Store, campaign: int) -> tuple[str, ...]:
    return tuple(str(step["path"]) for step in store.campaign(campaign).header.plan if "path" in step)


def _title(text: str) -> QtWidgets.QLabel:
    result = label(14, bold=True)
    result.setText(text)
    return result


def _step_row(line: StepLine, strong: bool | None = None) -> Row:
    heavy = line.stands == RUNNING if strong is None else strong
    return Row(style.standing(line.stands), line.text, line.right, "", line.tip, heavy, line.run)


def _limit(rows: RowList) -> None:
    """Give a list the height it wants where there is room for it."""
    wanted = rows.height_wanted()
    rows.setMinimumHeight(min(wanted, LEAST_HEIGHT))
    rows.setMaximumHeight(wanted)
