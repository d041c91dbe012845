"""What the pages that write experiments share: the companion process, the queue, and work in threads."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

from app.window.desk import Desk
from app.window.qt import QtCore, QtWidgets
from app.window.reading.drafts import Drafts
from app.window.shown.form_fields import Catalogue, catalogue
from app.window.shown.queue import Queue, as_memory, from_memory
from core.errors import StripbenchError

PATIENCE = 60.0
"""s that a picture waits for an answer."""
LOOK = 0.25
"""s between two looks at what was started."""
THREADS = 4

_Begun = TypeVar("_Begun")


class Companion(QtCore.QObject):
    """Where the Start and the Queue page of one window meet; it is there until the window is closed.

    Parameters
    ----------
    desk : Desk
        That it belongs to.

    Attributes
    ----------
    drafts : Drafts
    catalogue : Catalogue
        Empty until it has been read.
    trouble : StripbenchError or None
        Why there is no catalogue.
    queue : Queue
    editing : int or None
        Place in the queue of the step that is being edited; the length of the queue for a new one.
    catalogue_read, queue_changed, editing_changed : pyqtSignal
    opened : pyqtSignal
        With what a file was opened to that is for the queue, as `app.drafting.open_file` has it.
    """

    catalogue_read = QtCore.pyqtSignal()
    queue_changed = QtCore.pyqtSignal()
    editing_changed = QtCore.pyqtSignal()
    opened = QtCore.pyqtSignal(object)
    _done = QtCore.pyqtSignal(int, object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.desk = desk
        self.drafts = Drafts()
        self.catalogue = Catalogue()
        self.trouble: StripbenchError | None = None
        self.queue = Queue()
        self.queue.contents = from_memory(desk.memory.text("queue"))
        self.editing: int | None = None
        self._asked, self._shut = False, True
        self._restarts = self._opened = 0
        self._workers: ThreadPoolExecutor | None = None
        self._closing = threading.Event()
        self._done.connect(self._hand_over)
        desk.closed.connect(self.close)

    def begin(self) -> None:
        """Be there for a page: take questions, and read the catalogue, once."""
        self._shut = False
        if not self._asked:
            self._asked = True
            self.ask("catalogue", self._take_catalogue)

    def ask(self, do: str, then: Callable[[Any], None], *, replaces: str = "", **given: Any) -> None:
        """Put a question to the companion process; `then` gets the answer in the window's thread.

        After `close` nothing is asked any more, until a page says `begin`.
        """
        if self._shut:
            return
        opened = self._opened
        self.drafts.ask(do, lambda result: self._done.emit(opened, then, result), replaces=replaces, **given)

    def work(self, what: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do something with files in a thread; `then` gets what it returned, or the `StripbenchError`."""
        self.follow(what, lambda result: (result, True), then)

    def follow(
        self,
        begin: Callable[[], _Begun],
        look: Callable[[_Begun], tuple[Any, bool]],
        then: Callable[[Any], None],
        end: Callable[[_Begun], None] | None = None,
    ) -> None:
        """Begin something in a thread and look at it until it is over.

        Parameters
        ----------
        begin : callable
            Returns what is looked at.
        look : callable
            Returns how it is, and whether that is the end of it.
        then : callable
            Gets every look in the window's thread, or the `StripbenchError` that ended it.
        end : callable, optional
            Lets go of it, also where the window is closed before it is over.
        """
        if self._workers is None:
            self._closing.clear()
            self._workers = ThreadPoolExecutor(THREADS, "form")

        opened = self._opened

        def following() -> Any:
            begun = begin()
            try:
                while True:
                    found, over = look(begun)
                    if over or self._closing.is_set():
                        return found
                    self._done.emit(opened, then, found)
                    self._closing.wait(LOOK)
            finally:
                if end is not None:
                    end(begun)

        def told(future: Future[Any]) -> None:
            if not self._closing.is_set():
                self._done.emit(opened, then, _outcome(future))

        self._workers.submit(following).add_done_callback(told)

    def edit(self, place: int | None) -> None:
        """Open a step of the queue in the form, or with None be done with it."""
        self.editing = place
        self.editing_changed.emit()

    def wait(self) -> None:
        """Wait until the companion process has answered everything; for a picture."""
        self.drafts.wait(PATIENCE)
        QtWidgets.QApplication.sendPostedEvents(self)

    def close(self) -> None:
        """Keep the queue, end the companion process and what is looked at; what was launched goes on."""
        self.desk.memory.keep("queue", as_memory(self.queue.contents))
        self._shut = True
        self._closing.set()
        self._opened += 1
        self.drafts.close()
        if self._workers is not None:
            self._workers.shutdown(wait=True)
            self._workers = None

    def _hand_over(self, opened: int, then: Callable[[Any], None], result: Any) -> None:
        # Whoever asked before the window was closed is not there any more.
        if opened != self._opened:
            return
        if self.drafts.restarts > self._restarts:
            self._restarts = self.drafts.restarts
            self.desk.said.emit("The process that checks experiments had ended and was started again.")
        then(result)

    def _take_catalogue(self, result: Any) -> None:
        if isinstance(result, StripbenchError):
            self.trouble, self._asked = result, False
        else:
            self.trouble, self.catalogue = None, catalogue(result)
        self.catalogue_read.emit()


def companion_of(desk: Desk) -> Companion:
    """Return the companion of a desk, made when it is first wanted."""
    found = desk.findChild(Companion)
    return found if isinstance(found, Companion) else Companion(desk)


def own_folder(name: str) -> Path:
    """Return where templates and started files are kept; it may not be there yet."""
    return platformdirs.user_data_path("stripbench", appauthor=False) / name


def _outcome(future: "Future[Any]") -> Any:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, StripbenchError):
        return error
    return StripbenchError(f"{type(error).__name__}: {error};", "nothing was started or written.")
