"""Starting what was written in a process of its own, and waiting for it in the store."""

from dataclasses import dataclass
from pathlib import Path

from app.launching import Launched, Look, launch
from app.launching.launch import Kind
from app.window.qt import QtCore
from app.window.starting.companion import Companion, own_folder
from core.errors import StripbenchError

LINES = 4
"""Of the log of a process that has ended without a run, how many are shown."""


@dataclass(frozen=True)
class Start:
    """What is to be started.

    Attributes
    ----------
    work : str or Path
        The text of a file, or the path of one.
    kind : {"experiment", "campaign"}
    bench : str
        Path of the bench file; empty for the built-in simulated bench.
    speed : str
    side_by_side : int
    confirmed : bool
        Whether the real instruments were ticked.
    seen : tuple of str
        Digests of the files that the tick was about.
    """

    work: str | Path
    kind: Kind
    bench: str = ""
    speed: str = "max"
    side_by_side: int = 1
    confirmed: bool = False
    seen: tuple[str, ...] = ()


class Starter(QtCore.QObject):
    """Launches one thing at a time and waits for it in the store.

    Parameters
    ----------
    companion : Companion

    Attributes
    ----------
    going : bool
        Whether something has been launched and is not in the store yet.
    words, severity : str
        What is under way or what came of it, and how grave that is.
    launched : list of Launched
    changed : pyqtSignal
        Of `going` and `words`.
    begun : pyqtSignal
        With the number of the run or campaign.
    """

    changed = QtCore.pyqtSignal()
    begun = QtCore.pyqtSignal(int)

    def __init__(self, companion: Companion) -> None:
        super().__init__(companion)
        self._companion = companion
        self.going = False
        self.words = self.severity = ""
        self.launched: list[Launched] = []

    def start(self, what: Start) -> bool:
        """Start something, unless something is being started; return whether that is done."""
        if self.going:
            return False
        self.going = True
        self.say("Starting…")
        store = self._companion.desk.store_url

        def begin() -> Launched:
            launched = launch(
                what.work,
                kind=what.kind,
                store=store,
                folder=own_folder("started"),
                bench=what.bench or None,
                speed=what.speed,
                side_by_side=what.side_by_side,
                confirmed=what.confirmed,
                seen=what.seen if what.confirmed else (),
            )
            # A process that is not held any more would be taken for one that was forgotten.
            self.launched.append(launched)
            return launched

        self._companion.follow(begin, lambda launched: _look(launched, store), self._take)
        return True

    def say(self, words: str, severity: str = "") -> None:
        """Have something shown beside the button."""
        self.words, self.severity = words, severity
        self.changed.emit()

    def _take(self, found: Look | StripbenchError) -> None:
        if isinstance(found, Look) and found.word == "starting":
            self.say("Starting… The instruments are connected, then it appears here.")
            return
        self.going = False
        if isinstance(found, StripbenchError):
            self.say(f"Not started: {found}", "alarm")
        elif found.number is None:
            words = "\n".join(found.lines[-LINES:])
            self.say(f"It has ended without a run:\n{words}", "alarm")
        else:
            self.say(f"Begun: {found.word} {found.number}.", "good")
            self.begun.emit(found.number)


def _look(launched: Launched, store: str) -> tuple[Look, bool]:
    found = launched.look(store)
    return found, found.word != "starting"
