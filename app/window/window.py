"""The window itself: puts the panels together and passes on what there is to show."""

from app.window import style
from app.window.commands import NOTE, Commander, Told, Verb, why_not
from app.window.contact_panel import ContactPanel
from app.window.curves import contact, nyquist, traces
from app.window.depletion import progress
from app.window.feed import Feed, View
from app.window.header import Header
from app.window.heading import footer, heading, notice, placeholder
from app.window.log_lines import log_lines
from app.window.log_panel import LogPanel
from app.window.nyquist_panel import NyquistPanel
from app.window.placeholder import Footer, NewerStrip, NoticeStrip, PlaceholderPage
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.snapshot import Snapshot
from app.window.tiles import empty_tiles, tiles
from app.window.time_panel import ConditionsPanel, VoltagePanel
from core.clock import utc_now

INTERVAL = 200
"""ms between two looks at what the feed has read."""

SIZE = (1440, 900)
RAIL_WIDTH = 328


class Window(QtWidgets.QMainWindow):
    """The operator's window on one run; it reads the store and appends commands, nothing else.

    Parameters
    ----------
    feed : Feed
        Started and closed by the window.
    commander : Commander
    """

    def __init__(self, feed: Feed, commander: Commander) -> None:
        super().__init__()
        self.feed, self.commander = feed, commander
        self.told: list[Told] = []
        self._drawn: View | None = None
        self.setWindowTitle("stripbench")
        self.setStyleSheet(style.SHEET)
        self.resize(*SIZE)
        self.header = Header(self.press, len(empty_tiles()))
        self.notice = NoticeStrip()
        self.newer = NewerStrip(self._show_newer)
        self.log = LogPanel(self.write_note)
        self.page = PlaceholderPage()
        self.footer = Footer()
        self.nyquist, self.contact = NyquistPanel(), ContactPanel()
        self.voltage = VoltagePanel()
        self.conditions = ConditionsPanel(self.voltage.plot)
        self.body = QtWidgets.QStackedWidget()
        self.body.addWidget(self._panels())
        self.body.addWidget(self.page)
        self.setCentralWidget(self._layout())
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self.refresh()

    def start(self) -> None:
        """Begin to follow the run."""
        self.feed.start()
        self._timer.start(INTERVAL)

    def closeEvent(self, event: QtGui.QCloseEvent | None) -> None:
        """Let go of the store, once what the operator told the run has reached it."""
        self._timer.stop()
        self.commander.close()
        self.feed.close()
        super().closeEvent(event)

    def refresh(self) -> None:
        """Show what has been read since the last look."""
        view = self.feed.view
        if view is not self._drawn:
            self.show_view(view)
        self._show_moment(view)

    def press(self, verb: Verb) -> None:
        """Do what a button says."""
        snapshot = self.feed.view.snapshot
        if verb is NOTE:
            self.log.note.setFocus()
        elif snapshot is not None:
            self.told.append(self.commander.tell(snapshot.summary.run, verb.word))
        self._show_moment(self.feed.view)

    def write_note(self, text: str) -> None:
        """Keep a note with the run."""
        snapshot = self.feed.view.snapshot
        if snapshot is not None:
            self.told.append(self.commander.tell(snapshot.summary.run, NOTE.word, text))

    def show_view(self, view: View) -> None:
        """Draw a view of the store."""
        before = None if self._drawn is None else self._drawn.snapshot
        self._drawn = view
        snapshot = view.snapshot
        self.header.title.show_heading(heading(snapshot))
        self.header.show_tiles(empty_tiles() if snapshot is None else tiles(snapshot))
        self.header.show_progress(None if snapshot is None else progress(snapshot))
        self.notice.show_notice(notice(view))
        self.newer.show_run(view.newer)
        page = placeholder(view)
        self.body.setCurrentIndex(0 if page is None else 1)
        if page is not None:
            self.page.show_placeholder(page)
        if snapshot is not None:
            self.log.show_lines(log_lines(snapshot))
            if snapshot is not before:
                self._draw(snapshot, before)

    def _draw(self, snapshot: Snapshot, before: Snapshot | None) -> None:
        """Draw the plots of which anything has changed."""
        other = before is None or before.summary.run != snapshot.summary.run
        if before is None or other or _spectra(before) != _spectra(snapshot):
            self.nyquist.draw(nyquist(snapshot))
            self.contact.draw(contact(snapshot))
        if before is None or other or _traces(before) != _traces(snapshot):
            drawn = traces(snapshot)
            self.voltage.draw(drawn)
            self.conditions.draw(drawn)
        if other:
            for plot in self._plots():
                plot.mark_simulated(snapshot.summary.simulated)
                plot.enableAutoRange()

    def _show_moment(self, view: View) -> None:
        """Show what changes with the moment: ages, answers, which buttons make sense."""
        summary = None if view.snapshot is None else view.snapshot.summary
        run = None if summary is None else summary.run
        waiting = {told.verb for told in self.told if not told.done and told.run == run}
        self.header.title.show_buttons(summary, waiting)
        reason = why_not(summary)
        self.log.take_note(not reason, reason)
        mine = [told for told in self.told if told.run == run]
        self.header.answer.setText(mine[-1].line if mine else reason if summary is not None else "")
        self.footer.show_parts(footer(view, utc_now()))

    def _show_newer(self) -> None:
        if self.feed.view.newer is not None:
            self.feed.show(self.feed.view.newer.run)

    def _plots(self) -> list:
        panels = (self.nyquist.plot, self.contact.resistance, self.contact.capacitance)
        return [*panels, self.voltage.plot, self.conditions.temperature, self.conditions.pressure]

    def _panels(self) -> QtWidgets.QWidget:
        grid = QtWidgets.QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(style.UNIT)
        grid.addWidget(self.nyquist, 0, 0)
        grid.addWidget(self.contact, 0, 1)
        grid.addWidget(self.voltage, 1, 0)
        grid.addWidget(self.conditions, 1, 1)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        plots = QtWidgets.QWidget()
        plots.setLayout(grid)
        result = QtWidgets.QWidget()
        row = QtWidgets.QHBoxLayout(result)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.UNIT)
        row.addWidget(plots, 1)
        self.log.setFixedWidth(RAIL_WIDTH)
        row.addWidget(self.log)
        return result

    def _layout(self) -> QtWidgets.QWidget:
        result = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(result)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.UNIT)
        for widget in (self.header, self.notice, self.newer):
            column.addWidget(widget)
        column.addWidget(self.body, 1)
        column.addWidget(self.footer)
        return result


def _spectra(snapshot: Snapshot) -> tuple[object, ...]:
    """What the plots of spectra and fits depend on."""
    last, initial = snapshot.last, snapshot.initial
    return (
        None if last is None else last.id,
        None if initial is None else initial.id,
        snapshot.fit_of_last,
        snapshot.criterion,
        len(snapshot.history),
        len(snapshot.fits),
        len(snapshot.events),
        len(snapshot.traces["Q"]),
    )


def _traces(snapshot: Snapshot) -> tuple[object, ...]:
    """What the plots against time depend on."""
    return (*(len(trace) for trace in snapshot.traces.values()), len(snapshot.events), len(snapshot.steps))
