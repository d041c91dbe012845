"""The window itself: header and footer always, one page at a time between them."""

from app.window.desk import Desk
from app.window.drawn import style
from app.window.drawn.attention import Attention
from app.window.drawn.footer import Footer
from app.window.drawn.header import Header
from app.window.drawn.keys_sheet import KeysSheet, keys_of
from app.window.drawn.placeholder import NewerStrip, NoticeStrip, act
from app.window.drawn.places_column import PlacesColumn
from app.window.pages.page import Page
from app.window.pages.places import PLACES
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.commands import NOTE, Verb, why_not
from app.window.reading.feed import View
from app.window.reading.listing import Listing
from app.window.shown.answers import Answer, answer, foremost
from app.window.shown.footing import LATE_HEARTBEAT, footer, path_of
from app.window.shown.heading import heading, notice
from app.window.shown.health import lights
from app.window.shown.progress import progress
from app.window.shown.tiles import empty_tiles, tiles
from app.window.shown.unheard import faded_lights, faded_tiles, unheard
from app.window.shown.units import Units
from core.clock import utc_now

INTERVAL = 200
"""ms between two looks at what has been read."""

SAID = 8000
"""ms that words of a page stand in the line of answers."""

SIZE = (1440, 900)
LEAST_SIZE = (1024, 640)


class Window(QtWidgets.QMainWindow):
    """The operator's window; it reads the store and appends commands, nothing else.

    Parameters
    ----------
    desk : Desk
        Started and closed by the window.
    page : str
        Name of the page in front; empty for the one that was there last.
    """

    def __init__(self, desk: Desk, page: str = "live") -> None:
        super().__init__()
        self.desk = desk
        self._drawn: View | None = None
        self._drawn_there: dict[str, tuple[View | None, Listing | None]] = {}
        self._pages: dict[str, Page] = {}
        self._before: dict[str, Page] = {}
        self.setWindowTitle("stripbench")
        self.resize(*SIZE)
        self.setMinimumSize(*LEAST_SIZE)
        self._said = QtCore.QTimer(self)
        self._said.setSingleShot(True)
        self._words, self._said_at = "", 0.0
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._add_keys()
        self.attention = Attention(desk, self)
        self._build(page or self._last_page())

    def start(self) -> None:
        """Begin to follow the store."""
        geometry = self.desk.memory.state("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        self.desk.start()
        self._timer.start(INTERVAL)

    def closeEvent(self, event: QtGui.QCloseEvent | None) -> None:
        """Let go of the store, once what the operator told the run has reached it."""
        self._timer.stop()
        self.desk.memory.keep("geometry", self.saveGeometry())
        self.desk.memory.keep("page", self.front.name)
        for page in self._pages.values():
            page.leave()
        self.desk.close()
        super().closeEvent(event)

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        """Keep the sheet of keys in the middle."""
        super().resizeEvent(event)
        self.keys.place()

    def page(self, name: str) -> Page:
        """Return a page, made when it is first wanted."""
        if name not in self._pages:
            place = next(each for each in PLACES if each.name == name)
            self._pages[name] = place.page()(self.desk)
            self.stack.addWidget(self._pages[name])
        return self._pages[name]

    @property
    def front(self) -> Page:
        """The page in front."""
        found = self.stack.currentWidget()
        assert isinstance(found, Page)
        return found

    def go(self, name: str) -> None:
        """Put a page in front."""
        page = self.page(name)
        self.stack.setCurrentWidget(page)
        self.places.mark(name)
        page.come_forward()
        self.refresh()

    def refresh(self) -> None:
        """Show what has been read since the last look."""
        view, listing, page = self.desk.feed.view, self.desk.catalogue.listing, self.front
        if view is not self._drawn:
            self._draw(view)
            self.attention.look(view)
        # Before the page: a defect in one of its panels must not keep the buttons and lights as they were.
        self._show_moment(view)
        shown, listed = self._drawn_there.get(page.name, (None, None))
        if view is not shown:
            page.show_view(view)
        if listing is not listed:
            page.show_listing(listing)
        self._drawn_there[page.name] = (view, listing)
        page.show_moment(view)

    def press(self, verb: Verb) -> None:
        """Do what a button says to the run that stands beside it, even if another one is coming up."""
        view = self._drawn
        if view is not None and view.snapshot is not None:
            self.desk.tell(verb.word, run=view.snapshot.summary.run)
            self._show_moment(view)

    def write_note(self) -> None:
        """Go where a note is written."""
        self.go("live")
        self.desk.note_wanted.emit()

    def change_theme(self) -> None:
        """Turn to the other theme, where one was; it is remembered."""
        theme = "light" if style.palette().dark else "dark"
        self.desk.memory.keep("theme", theme)
        style.use(theme)
        self._rebuild()

    def enlarge(self, steps: int) -> None:
        """Make all writing larger or smaller by some steps, 0 for as designed; it is remembered."""
        place = style.SCALES.index(style.scale()) + steps if steps else style.SCALES.index(1.0)
        style.enlarge(style.SCALES[min(max(place, 0), len(style.SCALES) - 1)])
        self.desk.memory.keep("scale", f"{style.scale():g}")
        self._rebuild()

    def change_units(self) -> None:
        """Turn between areal and absolute units."""
        self.desk.use_units(Units(areal=not self.desk.units.areal))

    def show_keys(self) -> None:
        """Show or hide the sheet of keys."""
        hidden = [page for page in self._pages.values() if page is not self.front]
        self.keys.toggle(keys_of(self, hidden))

    def _build(self, page: str) -> None:
        """Make everything that is seen, in the theme and size that are chosen."""
        self.desk.page_wanted.connect(self._go_if_there)
        self.desk.units_changed.connect(self._redraw)
        self.desk.said.connect(self._say)
        self.setStyleSheet(style.sheet())
        self.setFont(style.font(14))
        self.header = Header(self.press, empty_tiles(self.desk.units))
        self.notice = NoticeStrip(lambda word: act(self.desk, word))
        self.newer = NewerStrip(self._show_newer)
        self.places = PlacesColumn(self.go, self.change_units, self.change_theme, self.show_keys)
        self.stack = QtWidgets.QStackedWidget()
        self.footer = Footer()
        self.setCentralWidget(self._layout())
        self.keys = KeysSheet(self)
        self._drawn, self._drawn_there = None, {}
        self.go(page)
        # Otherwise Qt gives the keys to the first button, and a space bar would pause the run.
        self.stack.setFocus()

    def _rebuild(self) -> None:
        """Make everything anew, with the same run, page, cursor and size."""
        front = self.front.name
        for page in self._pages.values():
            page.leave()
        # Python lets go of the old pages only after Qt has, at the next change: plots crash otherwise.
        self._before, self._pages = self._pages, {}
        self.desk.forget_listeners()
        self.keys.deleteLater()
        self._build(front)
        self.desk.pointed.emit(self.desk.cursor)

    def _last_page(self) -> str:
        found = self.desk.memory.text("page", "live")
        return found if found in (place.name for place in PLACES) else "live"

    def _go_if_there(self, name: str) -> None:
        if name in (place.name for place in PLACES):
            self.go(name)

    def _add_keys(self) -> None:
        """Add the keys that belong to no button."""
        keys = QtGui.QKeySequence.StandardKey
        for sequence, words, do in (
            (keys.ZoomIn, "all writing larger", lambda: self.enlarge(1)),
            ("Ctrl+=", "", lambda: self.enlarge(1)),
            (keys.ZoomOut, "all writing smaller", lambda: self.enlarge(-1)),
            ("Ctrl+0", "all writing as large as it was designed", lambda: self.enlarge(0)),
            (NOTE.shortcut, "write a note", self.write_note),
            ("?", "", self.show_keys),
        ):
            shortcut = QtWidgets.QShortcut(QtGui.QKeySequence(sequence), self)
            shortcut.setWhatsThis(words)
            shortcut.activated.connect(do)

    def _draw(self, view: View) -> None:
        """Draw what is always there."""
        self._drawn = view
        snapshot, units = view.snapshot, self.desk.units
        self.header.title.show_heading(heading(snapshot))
        self.header.show_tiles(empty_tiles(units) if snapshot is None else tiles(snapshot, units))
        self.header.show_progress(None if snapshot is None else progress(snapshot))
        self.notice.show_notice(notice(view))
        self.newer.show_run(view.newer)
        self.places.show_units(units)

    def _redraw(self) -> None:
        self._draw(self.desk.feed.view)

    def _say(self, words: str) -> None:
        """Show words for a while in the line of answers."""
        self._words, self._said_at = words, utc_now().timestamp()
        self._said.start(SAID)
        self._show_moment(self.desk.feed.view)

    def _show_moment(self, view: View) -> None:
        """Show what changes with the moment: ages, answers, which buttons make sense."""
        snapshot, now = view.snapshot, utc_now()
        summary = None if snapshot is None else snapshot.summary
        mine = [told for told in self.desk.told if summary is not None and told.run == summary.run]
        self.header.title.show_buttons(summary, {told.verb for told in mine if not told.done})
        reason = why_not(summary) if summary is not None else ""
        told = foremost(mine)
        line = answer(told) if told is not None else Answer(reason)
        # What came of a click elsewhere never hides what came of a command, least of all of a stop.
        said = self._said.isActive() and (told is None or (told.done and told.issued < self._said_at))
        self.header.show_answer(Answer(self._words) if said and line.good is not False else line)
        old, bench = unheard(snapshot, now), lights(snapshot)
        self.header.show_lights(bench if old is None else faded_lights(bench, old))
        if snapshot is not None and old is not None:
            self.header.show_tiles(faded_tiles(tiles(snapshot, self.desk.units), old))
        heard = None if summary is None or not summary.live else summary.heartbeat_utc
        late = heard is not None and (now - heard).total_seconds() >= LATE_HEARTBEAT
        self.header.heart.show_heartbeat(heard, late)
        parts = footer(view, self.desk.catalogue.listing, now)
        self.footer.show_parts(parts, path_of(view.store))

    def _show_newer(self) -> None:
        newer = self.desk.feed.view.newer
        if newer is not None:
            self.desk.watch(newer.run)

    def _layout(self) -> QtWidgets.QWidget:
        result = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(result)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.UNIT)
        for widget in (self.header, self.notice, self.newer):
            column.addWidget(widget)
        middle = QtWidgets.QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.places)
        middle.addWidget(self.stack, 1)
        column.addLayout(middle, 1)
        column.addWidget(self.footer)
        return result
