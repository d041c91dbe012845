"""One window with its companion process for all tests of a module, and new ones for those that close it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.window.desk import Desk
from app.window.drawn.memory import Memory
from app.window.qt import QtWidgets
from app.window.shown.form import Form, Written
from app.window.shown.queue import Contents
from app.window.window import Window
from storage import open_store

PATIENCE = 90_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""
CELL = {"cell.name": "form test", "cell.anode": "Li", "cell.electrode_diameter": "6 mm"}
SHORT = {"parameters.rest_minimum": "1 min", "parameters.rest_maximum": "2 min"}


@dataclass
class Writing:
    """A window, and what an operator does in it."""

    window: Window
    qtbot: Any

    @property
    def page(self) -> Any:
        """The Start page."""
        return self.window.page("experiment")

    @property
    def experiment(self) -> Any:
        return self.page.experiment

    def until(self, reached: Callable[[], Any]) -> None:
        self.qtbot.waitUntil(lambda: bool(reached()), timeout=PATIENCE)

    def ready(self) -> None:
        """Wait for the protocols."""
        self.until(lambda: self.page.companion.catalogue.protocols)

    def fill_in(self, protocol: str = "OcvRest", **texts: str) -> Any:
        """Write an experiment, and wait until it has been checked; return what it came to."""
        self.page.write("protocol", protocol)
        short = SHORT if protocol == "OcvRest" else {}
        for path, text in {**CELL, **short, **texts}.items():
            self.page.write(path, text)
        return self.checked()

    def checked(self) -> Any:
        self.until(lambda: self.experiment.shown.headline != "Checking …")
        return self.experiment.shown

    def queue(self, *protocols: str) -> Any:
        """Put experiments into the queue, go there, and wait until it has been checked."""
        for protocol in protocols:
            self.page.write("protocol", protocol)
            self.page.queue_button.click()
        self.window.go("queue")
        self.checked_queue()
        return self.window.front

    def checked_queue(self) -> Any:
        queue = self.window.page("queue")
        self.until(lambda: queue.queued.shown.headline != "Checking …")
        return queue.queued.shown


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where templates and started files are kept meanwhile."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(folder / name))
        yield folder


def opened(url: str, memory: Memory | None = None, page: str = "experiment") -> Window:
    window = Window(Desk(url, memory=memory), page)
    window.start()
    window.show()
    return window


@pytest.fixture(scope="module")
def shared_window(
    qapp: QtWidgets.QApplication, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'store.sqlite'}"
    with open_store(url, create=True):
        pass
    window = opened(url)
    yield window
    window.close()


@pytest.fixture
def shared(shared_window: Window, qtbot: Any) -> Writing:
    """The window of all tests, as empty as a new one."""
    writing = Writing(shared_window, qtbot)
    writing.ready()
    page = writing.page
    page.companion.edit(None)
    page.companion.queue.take(Contents())
    page.companion.queue_changed.emit()
    page.experiment.form = Form(Written())
    page.middle.setCurrentIndex(0)
    shared_window.go("experiment")
    writing.checked()
    page.bar.said.setText("")
    return writing


@pytest.fixture
def open_writing(qtbot: Any, store: Any, url: str) -> Iterator[Callable[..., Writing]]:
    """Open a window of one's own on a new store."""
    made: list[Window] = []

    def make(memory: Memory | None = None, wait: bool = True) -> Writing:
        made.append(opened(url, memory))
        qtbot.addWidget(made[-1])
        writing = Writing(made[-1], qtbot)
        if wait:
            writing.ready()
        return writing

    yield make
    for window in made:
        window.close()


@pytest.fixture
def choose_file(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[Any]]:
    """Have every file dialog answered with a path at once; return the dialogs that were asked."""

    def choose(path: Path) -> list[Any]:
        asked: list[Any] = []

        def show(dialog: QtWidgets.QFileDialog) -> None:
            asked.append((dialog.windowTitle(), dialog.acceptMode(), dialog.isModal()))
            dialog.fileSelected.emit(str(path))

        monkeypatch.setattr(QtWidgets.QFileDialog, "show", show)
        return asked

    return choose
