"""What the pages of a window share: the store's readers, the way to tell a run something, the cursor."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from app.window.drawn.memory import Memory
from app.window.qt import QtCore
from app.window.reading.commands import Commander, Told
from app.window.reading.feed import Feed
from app.window.reading.listing import Catalogue
from app.window.reading.works import Works
from app.window.shown.units import Units
from storage import Store


class Desk(QtCore.QObject):
    """Where the pages of one window meet.

    Parameters
    ----------
    store_url : str
    run : int or None
        The run to watch; None for the newest one when the window opens.
    memory : Memory, optional
        Of layout and choices; left out, nothing is remembered.

    Attributes
    ----------
    pointed : pyqtSignal
        With bench seconds of the watched run, or None when the window is live again.
    units_changed : pyqtSignal
    page_wanted : pyqtSignal
        With the name of a page.
    run_changed : pyqtSignal
        With the number of the run that is watched from now on.
    said : pyqtSignal
        With words to show for a while, e.g. what came of a click.
    note_wanted : pyqtSignal
        The line to write a note is wanted.
    closed : pyqtSignal
        The window is being closed: what pages have left going has to end.
    store_url : str
    feed : Feed
    catalogue : Catalogue
    commander : Commander
    works : Works
        What is done in the background to what the store holds.
    memory : Memory
    units : Units
    cursor : float or None
        Bench seconds pointed at; None while live.
    told : list of Told
        What this window has told runs, oldest first.
    """

    pointed = QtCore.pyqtSignal(object)
    units_changed = QtCore.pyqtSignal()
    page_wanted = QtCore.pyqtSignal(str)
    run_changed = QtCore.pyqtSignal(int)
    said = QtCore.pyqtSignal(str)
    note_wanted = QtCore.pyqtSignal()
    closed = QtCore.pyqtSignal()
    _done = QtCore.pyqtSignal(int, object, object)

    def __init__(self, store_url: str, run: int | None = None, memory: Memory | None = None) -> None:
        super().__init__()
        self.store_url = store_url
        self.feed, self.catalogue = Feed(store_url, run), Catalogue(store_url)
        self.commander = Commander(store_url)
        self.works = Works(store_url)
        self.memory = Memory() if memory is None else memory
        self.units = Units(areal=self.memory.yes("areal", True))
        self.cursor: float | None = None
        self.told: list[Told] = []
        self._audience = 0
        self._done.connect(self._hand_over)

    def start(self) -> None:
        """Begin to read."""
        self.feed.start()
        self.catalogue.start()

    def close(self) -> None:
        """Let go of the store, once what the operator said has reached it."""
        self.closed.emit()
        self.works.close()
        self.commander.close()
        self.feed.close()
        self.catalogue.close()

    @property
    def run(self) -> int | None:
        """The number of the run that is watched, None while there is none."""
        snapshot = self.feed.view.snapshot
        return None if snapshot is None else snapshot.summary.run

    def watch(self, run: int) -> None:
        """Watch another run, live."""
        self.point(None)
        self.feed.show(run)
        self.run_changed.emit(run)

    def point(self, time: float | None) -> None:
        """Move the cursor to a bench time of the watched run, in s; None makes the window live again."""
        if time != self.cursor:
            self.cursor = time
            self.feed.select(time)
            self.pointed.emit(time)

    def use_units(self, units: Units) -> None:
        """Show resistances, currents and the like in other units."""
        if units != self.units:
            self.units = units
            self.memory.keep("areal", units.areal)
            self.units_changed.emit()

    def tell(self, verb: str, argument: str = "", run: int | None = None) -> Told | None:
        """Tell a run something, by default the one that is watched; None if there is none."""
        number = self.run if run is None else run
        if number is None:
            return None
        told = self.commander.tell(number, verb, argument)
        self.told.append(told)
        return told

    def do(self, what: Callable[[Store], Any], then: Callable[[Any], None]) -> None:
        """Do something with the store behind the window's back.

        Parameters
        ----------
        what : callable
            Called with the open store, in the thread that reads the listing.
        then : callable
            Called in the window's thread with what it returned, or the `StripbenchError` it raised.
        """
        audience = self._audience
        self.catalogue.do(what, lambda result: self._done.emit(audience, then, result))

    def forget_listeners(self) -> None:
        """Let nobody hear any more of what was said or asked so far: the pages are about to be made anew."""
        signals = (self.pointed, self.units_changed, self.page_wanted, self.run_changed, self.said)
        for signal in (*signals, self.note_wanted):
            # PyQt raises where nobody listens.
            with suppress(TypeError):
                signal.disconnect()
        self._audience += 1

    def _hand_over(self, audience: int, then: Callable[[Any], None], result: Any) -> None:
        if audience == self._audience:
            then(result)

    @property
    def author(self) -> str:
        """Who is at this window, as the store keeps it."""
        return self.commander.author
