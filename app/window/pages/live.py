"""The live page: the run that is watched, on one screen."""

from collections.abc import Callable

from app.window.desk import Desk
from app.window.drawn.contact_panel import ContactPanel
from app.window.drawn.cursor import Cursor, takes_keys
from app.window.drawn.left_rail import LeftRail
from app.window.drawn.live_layout import LiveLayout
from app.window.drawn.nyquist_panel import NyquistPanel
from app.window.drawn.placeholder import PlaceholderPage
from app.window.drawn.plot import Panel, Plot
from app.window.drawn.readout_line import ReadoutLine
from app.window.drawn.right_rail import RightRail
from app.window.drawn.spectrum_panel import SpectrumPanel
from app.window.drawn.time_panel import TimePanel
from app.window.drawn.turns import Turns
from app.window.pages.page import Page
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.reading.snapshot import Snapshot
from app.window.shown import readout
from app.window.shown.nyquist import nyquist
from app.window.shown.origin import origin
from app.window.shown.placeholders import placeholder

NARROW = 1080
"""Pixels of the page's width below which the left rail is folded away unless somebody wants it."""


class LivePage(Page):
    """Steps and bench on the left, plots in the middle, words on the right."""

    name, title = "live", "Live"
    VIEWS = SpectrumPanel.VIEWS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._drawn: Snapshot | None = None
        self._turns = Turns(self)
        self._narrow = False
        self.left, self.right = LeftRail(desk), RightRail(desk)
        self.nyquist, self.contact = NyquistPanel(desk), ContactPanel(desk)
        self.voltage = TimePanel(desk)
        self.spectrum = SpectrumPanel(desk)
        self.time_cursor = Cursor(desk)
        for panel in (self.contact, self.voltage):
            panel.point_with(self.time_cursor)
        self.line = ReadoutLine(lambda: desk.point(None))
        self.empty = PlaceholderPage(desk)
        quarters: list[list[QtWidgets.QWidget]] = [
            [self.nyquist, self.contact],
            [self.voltage, self.spectrum],
        ]
        self.parts = LiveLayout(desk.memory, self.left, self.right, self.line, quarters)
        self.body = QtWidgets.QStackedWidget()
        self.body.addWidget(self.parts)
        self.body.addWidget(self.empty)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.body)
        for panel in self.panels():
            panel.said.connect(desk.said)
            panel.maximised.connect(self._maximising(panel))
        self.folds = {side: self._fold(side) for side in ("left", "right")}
        self._keys = self._shortcuts()
        desk.units_changed.connect(self._redraw)
        desk.pointed.connect(self._point)
        self.right.open_wanted.connect(self._open_right)

    def show_view(self, view: View) -> None:
        """Draw what is new of the run."""
        page = placeholder(view, self.desk.catalogue.listing)
        self.body.setCurrentIndex(0 if page is None else 1)
        if page is not None:
            self.empty.show_placeholder(page)
        self._turns.ask("left", lambda: self.left.show_view(view))
        self._turns.ask("right", lambda: self.right.show_view(view))
        if view.snapshot is not None and view.snapshot is not self._drawn:
            before, self._drawn = self._drawn, view.snapshot
            self._draw(view.snapshot, before)

    def show_listing(self, listing: Listing) -> None:
        """Draw the runs there are."""
        self.left.show_listing(listing)
        self.empty.show_listing(listing)

    def show_moment(self, view: View) -> None:
        """Draw what changes with the moment."""
        self.left.show_moment(view)
        self.right.show_moment(view)
        focus = QtWidgets.QApplication.focusWidget()
        for key in self._keys:
            key.setEnabled(not takes_keys(focus))

    def look_at(self, view: str) -> None:
        """Put a tab in front, one of `VIEWS`."""
        self.spectrum.look_at(view)

    def leave(self) -> None:
        """Remember how the panels stand."""
        self._turns.drop()
        self.parts.keep()

    def panels(self) -> list[Panel]:
        """Return all panels of the page."""
        found: list[Panel] = self.parts.findChildren(Panel)
        return found

    def plots(self) -> list[Plot]:
        """Return the plots of all panels."""
        return [plot for panel in self.panels() for plot in panel.plots]

    def step(self, by: int) -> None:
        """Move the cursor to the spectrum before (−1) or after (+1)."""
        if self._drawn is not None:
            self.desk.point(readout.step(self._drawn, self.desk.cursor, by))

    def maximise(self, panel: Panel | None) -> None:
        """Let a panel fill the page; None, or the same panel again, brings the others back."""
        self.parts.fill_with(None if panel is self.parts.whole else panel)

    def _redraw(self) -> None:
        """Draw everything in other units, over the same stretches of time."""
        if self._drawn is not None:
            self._draw(self._drawn, None, other=False)
            for panel in (self.contact, self.nyquist):
                self._turns.ask(f"range {id(panel)}", panel.fit_ranges)

    def _draw(self, snapshot: Snapshot, before: Snapshot | None, other: bool | None = None) -> None:
        """Have the plots drawn of which anything has changed, one a turn; `other` says whether all is new."""
        ask, units = self._turns.ask, self.desk.units
        if other is None:
            other = before is None or before.summary.run != snapshot.summary.run
        if other:
            # At once: no export may lack what it is of, and that it was simulated.
            for panel in self.panels():
                panel.show_origin(origin(snapshot))
        if before is None or other or _spectra(before) != _spectra(snapshot):
            ask("nyquist", lambda: self.nyquist.draw(nyquist(snapshot, units)))
            ask("spectrum", lambda: self.spectrum.draw(snapshot))
        if before is None or other or _fits(before) != _fits(snapshot):
            ask("contact", lambda: self.contact.draw(snapshot))
        if before is None or other or _traces(before) != _traces(snapshot):
            ask("time", lambda: self.voltage.draw(snapshot))
        if other:
            ask("another run", self._begin_anew)
        ask("cursor", self._point)

    def _begin_anew(self) -> None:
        """Show all there is of a run that was not shown before."""
        for panel in self.panels():
            panel.fit_ranges()

    def settle(self) -> bool:
        """Draw at once what still waits for its turn."""
        drawn = self._turns.finish()
        painted = [strokes.finish() for strokes in (self.nyquist.past, *self.spectrum.bode.strokes)]
        return drawn or any(painted)

    def _point(self, _time: object = None) -> None:
        """Follow the cursor."""
        self.time_cursor.place()
        if self._drawn is not None:
            self.line.show_readout(readout.readout(self._drawn, self.desk.cursor, self.desk.units))

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Fold the left rail away while there is no room for it beside the plots."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.parts.rails["left"].setVisible(not narrow and self.desk.memory.yes("rail left", True))
            self._mark_fold("left", self.folds["left"])

    def _maximising(self, panel: Panel) -> Callable[[], None]:
        return lambda: self.maximise(panel)

    def _maximise_here(self) -> None:
        """Let the panel fill the page that has the focus, or the mouse; or bring the others back."""
        focus, panels = QtWidgets.QApplication.focusWidget(), self.panels()
        here = [each for each in panels if focus is not None and each.isAncestorOf(focus)]
        here = [each for each in panels if each.underMouse()] or here or [self.nyquist]
        self.maximise(self.parts.whole if isinstance(self.parts.whole, Panel) else here[0])

    def _fold(self, side: str) -> QtWidgets.QToolButton:
        """Make the small button that folds a rail away, and out again."""
        button = QtWidgets.QToolButton()
        button.setObjectName("quiet")
        button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(f"{side} rail")
        button.clicked.connect(lambda: self._toggle(side))
        self.line.row.insertWidget(0 if side == "left" else self.line.row.count(), button)
        self._mark_fold(side, button)
        return button

    def _toggle(self, side: str) -> None:
        self.parts.show_rail(side, not self.parts.has_rail(side))
        self._mark_fold(side, self.folds[side])

    def _open_right(self) -> None:
        """Show the rail because of what stands in it; that is not remembered as anybody's choice."""
        if not self.parts.has_rail("right"):
            self.parts.rails["right"].show()
            self._mark_fold("right", self.folds["right"])

    def _mark_fold(self, side: str, button: QtWidgets.QToolButton) -> None:
        shown = self.parts.has_rail(side)
        button.setText("‹" if (side == "left") == shown else "›")
        key = "[" if side == "left" else "]"
        button.setToolTip(f"{'fold away' if shown else 'show'} the {side} rail ({key})")

    def _shortcuts(self) -> list[QtWidgets.QShortcut]:
        acts: tuple[tuple[str, str, Callable[[], None]], ...] = (
            ("Left", "the spectrum before", lambda: self.step(-1)),
            ("Right", "the spectrum after", lambda: self.step(1)),
            ("Home", "the first spectrum", self._to_first),
            ("End", "live again", lambda: self.desk.point(None)),
            ("L", "live again", lambda: self.desk.point(None)),
            ("[", "fold or unfold the left rail", lambda: self._toggle("left")),
            ("]", "fold or unfold the right rail", lambda: self._toggle("right")),
            ("F", "one panel fills the page, or all are there again", self._maximise_here),
            ("Esc", "all panels again", lambda: self.maximise(None)),
        )
        found = []
        for keys, words, act in acts:
            shortcut = QtWidgets.QShortcut(QtGui.QKeySequence(keys), self)
            shortcut.setWhatsThis(words)
            shortcut.activated.connect(act)
            found.append(shortcut)
        return found

    def _to_first(self) -> None:
        if self._drawn is not None:
            self.desk.point(readout.first(self._drawn))


def _spectra(snapshot: Snapshot) -> tuple[object, ...]:
    """What the plots of spectra depend on."""
    last, initial = snapshot.last, snapshot.initial
    return (
        None if last is None else last.id,
        None if initial is None else initial.id,
        snapshot.fit_of_last,
        snapshot.selected,
        snapshot.residuals,
        snapshot.distribution,
        snapshot.history,
        snapshot.summary.live,
    )


def _fits(snapshot: Snapshot) -> tuple[object, ...]:
    """What the plots of fits depend on; what was fitted again stands in another array."""
    charge = snapshot.traces["Q"]
    return (
        len(snapshot.fits),
        id(snapshot.fits.base),
        snapshot.criterion,
        snapshot.current_on,
        snapshot.summary.live,
        len(charge),
    )


def _traces(snapshot: Snapshot) -> tuple[object, ...]:
    """What the plots against time depend on."""
    parts = (
        len(each) for each in (snapshot.events, snapshot.steps, snapshot.annotations, snapshot.decisions)
    )
    lengths = tuple(len(trace) for trace in snapshot.traces.values())
    return (*lengths, *parts, len(snapshot.requests), snapshot.summary.live)
