"""The compare page: up to sixteen runs laid over each other, and the Sand plot of them."""

from pathlib import Path

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.choice import Choice
from app.window.drawn.compare_legend import Legend
from app.window.drawn.compare_panels import ComparePanel
from app.window.drawn.compare_plots import Drawn
from app.window.drawn.compare_sand import SandPanel
from app.window.drawn.labels import label
from app.window.drawn.placeholder import PlaceholderPage
from app.window.drawn.plot import Plot
from app.window.drawn.report_strip import ReportStrip
from app.window.drawn.run_strips import WorkStrip
from app.window.pages.page import Page
from app.window.qt import QtCore, QtWidgets
from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.reading.overlay import Overlaid, Overlay
from app.window.shown.compare import AXES, Against, Curves, curves, entry, look, remembered
from app.window.shown.placeholders import Placeholder
from app.window.shown.sand import sand
from app.window.shown.work_lines import work_line

RUNS, AGAINST, RELATIVE, C_MIN = "compared", "compare against", "compare relative", "compare c_min"
"""Names under which choices are remembered."""

LEGEND_WIDTH = 296
HOUR = 3600.0
AREAL_LABEL = "<i>R</i><sub>int</sub> / kΩ cm²"
RELATIVE_LABEL = "<i>R</i><sub>int</sub> / <i>R</i><sub>0</sub>"

EMPTY = Placeholder(
    "Nothing to compare yet",
    "Up to 16 runs are laid over each other here, and those with a constant current make a Sand plot.",
    "What you compare is remembered.",
    "Mark runs on the Runs page with Shift or Ctrl, then press C or the button Compare.",
    ("runs",),
)


class ComparePage(Page):
    """Four plots of the same runs, and who is who at the right."""

    name, title = "compare", "Compare"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.overlay = Overlay(desk.store_url)
        self._started = False
        self._runs: tuple[int, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._made: dict[int, tuple[tuple[object, ...], Curves]] = {}
        memory = desk.memory
        self.against, self.relative = Choice(), QtWidgets.QPushButton("R_int / R₀")
        self.against.addItems([each.value for each in Against])
        self.against.setToolTip(
            "Q₀ is the charge at depletion, or in all where there was none; the legend says which.\n"
            "Charge counts in whichever direction it flowed, from the measured current."
        )
        self.against.setAccessibleName("What the curves are drawn against")
        self.against.setCurrentText(memory.text(AGAINST, Against.NORMALISED.value))
        self.relative.setCheckable(True)
        for widget in (self.against, self.relative):
            widget.setFont(style.font(13))
        self.relative.setToolTip("R_int over that of the last fit before the current")
        self.relative.setChecked(memory.yes(RELATIVE))
        self.resistance = ComparePanel("Interface resistance", AREAL_LABEL, AXES[Against.NORMALISED], True)
        self.capacitance = ComparePanel(
            "Contact", "<i>C</i><sub>int</sub> / <i>C</i><sub>0</sub>", AXES[Against.NORMALISED]
        )
        self.voltage = ComparePanel("Voltage", "<i>E</i> / V", AXES[Against.TIME])
        self.panels = (self.resistance, self.capacitance, self.voltage)
        self.capacitance.plot.setXLink(self.resistance.plot)
        self.sand = SandPanel()
        self.sand.drop.setChecked(memory.yes(C_MIN))
        self.legend, self.status = Legend(), label(13, grey=True)
        self.status.setWordWrap(True)
        self.empty, self.body = PlaceholderPage(desk), QtWidgets.QStackedWidget()
        self.empty.show_placeholder(EMPTY)
        self.body.addWidget(self._panels())
        self.body.addWidget(self.empty)
        self.reporting = ReportStrip(lambda runs, path: self._report(runs, path))
        self.works = WorkStrip(desk.works.cancel, desk.works.put_away)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.body, 1)
        column.addWidget(self.reporting)
        column.addWidget(self.works)
        self._connect()

    def come_forward(self) -> None:
        """Take up the runs that are to be compared."""
        if not self._started:
            self._started = True
            self.overlay.start()
        self._take(remembered(self.desk.memory.text(RUNS)))
        self.legend.setFocus()

    def show_listing(self, listing: Listing) -> None:
        """Name the runs that have not been read yet."""
        self._refresh(force=True)

    def show_moment(self, view: View) -> None:
        """Draw what has come since, and show what is written in the background."""
        self.works.show_lines([work_line(job) for job in self.desk.works.jobs])
        self._refresh()

    def settle(self) -> bool:
        """Wait until all that is wanted has been read; for a picture."""
        if not self.overlay.wait():
            return False
        self._refresh()
        return True

    def leave(self) -> None:
        """Stop reading."""
        self.overlay.close()

    def remove(self, run: int) -> None:
        """Take a run out of the comparison."""
        self._choose(tuple(each for each in self._runs if each != run))

    def clear(self) -> None:
        """Take all runs out of the comparison."""
        self._choose(())

    def _report(self, runs: tuple[int, ...], path: Path) -> None:
        """Have a report written, with the concentration drop of the Sand plot that is shown."""
        self.desk.works.report(runs, path, "c0-cmin" if self.sand.to_c_min else "c0")
        self.show_moment(self.desk.feed.view)
        self.legend.setFocus()

    def bring_forward(self, run: int | None) -> None:
        """Bring one run forward everywhere; None for all alike."""
        for panel in self.panels:
            panel.plot.bring_forward(run)
        self.sand.bring_forward(run)
        self.legend.mark(run)

    def _choose(self, runs: tuple[int, ...]) -> None:
        self.desk.memory.keep(RUNS, " ".join(map(str, runs)))
        self._take(runs)

    def _take(self, runs: tuple[int, ...]) -> None:
        self._runs = runs
        self.overlay.compare(runs)
        self.body.setCurrentIndex(0 if runs else 1)
        self._refresh(force=True)

    def _refresh(self, force: bool = False) -> None:
        """Draw anew if anything that is shown has changed."""
        view = self.overlay.view
        shown = (
            id(view),
            self._runs,
            self.against.currentText(),
            self.relative.isChecked(),
            self.sand.to_c_min,
        )
        if shown == self._shown and not force:
            return
        self._shown = shown
        self._draw(view)

    def _draw(self, view: Overlaid) -> None:
        against = Against(self.against.currentText())
        overviews = {each.summary.run: each for each in self.desk.catalogue.listing.runs}
        self.legend.show_entries([entry(run, view, overviews.get(run), against) for run in self._runs])
        found = [view.found[run] for run in self._runs if run in view.found]
        drawn = [self._curves(run, place, against, view) for place, run in enumerate(self._runs)]
        known = [each for each in drawn if each is not None]
        self._draw_curves(known, against)
        self.sand.draw(sand(found, self.sand.to_c_min))
        simulated = any(each.summary.simulated for each in found)
        for plot in self.plots():
            plot.mark_simulated(simulated)
        self.status.setText(self._status(view))

    def _draw_curves(self, known: list[Curves], against: Against) -> None:
        relative, wait = self.relative.isChecked(), "reading …" if self.overlay.view.reading else "no fits"
        no_c0 = wait if self.overlay.view.reading else "no C₀: no usable PEIS before the current"
        unit = "R_int / R₀" if relative else "R_int / kΩ cm²"
        self.resistance.plot.label("left", RELATIVE_LABEL if relative else AREAL_LABEL)
        for panel in (self.resistance, self.capacitance):
            panel.plot.label("bottom", AXES[against])
        looks = [look(each.place) for each in known]
        pairs = list(zip(known, looks, strict=True))
        self.resistance.draw(
            [Drawn(each.run, mine, each.resistance) for each, mine in pairs], against.value, unit, wait
        )
        self.capacitance.draw(
            [Drawn(each.run, mine, each.relative) for each, mine in pairs], against.value, "C_int / C₀", no_c0
        )
        self.voltage.draw(
            [Drawn(each.run, mine, each.voltage, HOUR) for each, mine in pairs],
            Against.TIME.value, "E / V", "reading …" if self.overlay.view.reading else "no readings of E",
        )  # fmt: skip
        self.voltage.plot.setXLink(self.resistance.plot if against is Against.TIME else None)

    def _curves(self, run: int, place: int, against: Against, view: Overlaid) -> Curves | None:
        """Return the curves of a run, made anew only when they have changed."""
        each = view.found.get(run)
        if each is None:
            return None
        origin = (id(each), place, against, self.relative.isChecked())
        made = self._made.get(run)
        if made is None or made[0] != origin:
            made = (origin, curves(each, place, against, self.relative.isChecked()))
            self._made = {number: kept for number, kept in self._made.items() if number in self._runs}
            self._made[run] = made
        return made[1]

    def _status(self, view: Overlaid) -> str:
        if view.trouble is not None:
            return f"{view.trouble.problem} {view.trouble.remedy}"
        waiting = [run for run in self._runs if run not in view.found and run not in view.faults]
        if waiting or view.reading:
            return f"reading {len(set(waiting) | set(view.reading))} of {len(self._runs)} runs …"
        return f"{len(self._runs)} runs"

    def plots(self) -> list[Plot]:
        """Return the plots."""
        return [*(panel.plot for panel in self.panels), self.sand.plot]

    def _connect(self) -> None:
        for panel in (*self.panels, self.sand):
            panel.said.connect(self.desk.said)
            panel.maximised.connect(lambda panel=panel: self._fill(panel))
        for hovered in (
            *(panel.plot.hovered for panel in self.panels),
            self.sand.hovered,
            self.legend.hovered,
        ):
            hovered.connect(self.bring_forward)
        self.legend.removal_wanted.connect(self.remove)
        self.legend.watch_wanted.connect(self._watch)
        self.clearing.clicked.connect(lambda: self.clear())
        self.report.clicked.connect(lambda: self.reporting.ask(self._runs))
        self.against.currentTextChanged.connect(self._chosen)
        self.relative.toggled.connect(self._chosen)
        self.sand.drop_changed.connect(self._chosen)
        escape = QtWidgets.QShortcut(QtCore.Qt.Key.Key_Escape, self)
        escape.setContext(QtCore.Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._escape)

    def _chosen(self, *_: object) -> None:
        """Remember what was chosen, and draw it with ranges of its own."""
        memory = self.desk.memory
        memory.keep(AGAINST, self.against.currentText())
        memory.keep(RELATIVE, self.relative.isChecked())
        memory.keep(C_MIN, self.sand.to_c_min)
        self._refresh()
        for plot in self.plots():
            plot.fit_range()

    def _watch(self, run: int) -> None:
        self.desk.watch(run)
        self.desk.page_wanted.emit("live")

    def _escape(self) -> None:
        """Leave what is asked, or else bring all panels back."""
        if self.reporting.isVisible():
            self.reporting.hide()
        else:
            self._fill(None)

    def _fill(self, panel: QtWidgets.QWidget | None) -> None:
        """Let one panel fill the place of all, or bring them all back."""
        everything = (*self.panels, self.sand)
        alone = panel is not None and any(each is not panel and not each.isHidden() for each in everything)
        for each in everything:
            each.setVisible(not alone or each is panel)

    def _panels(self) -> QtWidgets.QWidget:
        result = QtWidgets.QWidget()
        grid = QtWidgets.QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(style.UNIT)
        for place, panel in enumerate((*self.panels, self.sand)):
            # R_int and C_int share their charge, so one stands above the other.
            grid.addWidget(panel, *((0, 0), (1, 0), (0, 1), (1, 1))[place])
        for place in (0, 1):
            grid.setRowStretch(place, 1)
            grid.setColumnStretch(place, 1)
        row = QtWidgets.QHBoxLayout(result)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        row.addLayout(grid, 1)
        row.addWidget(self._rail())
        return result

    def _rail(self) -> QtWidgets.QWidget:
        rail = QtWidgets.QWidget()
        rail.setObjectName("rail")
        rail.setAttribute(QtCore.Qt.WidgetAttribute.WA_StyledBackground)
        rail.setFixedWidth(LEGEND_WIDTH)
        self.clearing = QtWidgets.QToolButton()
        self.clearing.setText("Clear")
        self.clearing.setFont(style.font(13))
        self.clearing.setToolTip("Take all runs out of the comparison; the runs themselves stay as they are")
        self.report = QtWidgets.QToolButton()
        self.report.setText("Report …")
        self.report.setFont(style.font(13))
        self.report.setToolTip("Write a report of these runs: results, figures, conditions, decisions")
        against = label(13)
        against.setText("R_int, C_int against")
        top = QtWidgets.QHBoxLayout()
        top.addWidget(self.status, 1)
        top.addWidget(self.report)
        top.addWidget(self.clearing)
        column = QtWidgets.QVBoxLayout(rail)
        column.setContentsMargins(style.UNIT, 2 * style.UNIT, style.UNIT, style.UNIT)
        column.setSpacing(style.UNIT)
        column.addWidget(against)
        column.addWidget(self.against)
        column.addWidget(self.relative)
        column.addSpacing(style.UNIT)
        column.addLayout(top)
        column.addWidget(self.legend, 1)
        return rail
