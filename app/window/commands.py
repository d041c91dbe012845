"""What the operator can tell a run: the words, when they make sense, and what the run answered."""

import getpass
import logging
import threading
from dataclasses import dataclass, field

from core.clock import utc_now
from core.errors import StoreError, StripbenchError
from core.records import RunState
from storage import RunSummary, Store, open_store
from storage.sqlite import BUSY_TIMEOUT

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.1
"""s between looks for the answer."""

SLOW = 5.0
"""s after which a missing answer is worth a remark."""


@dataclass(frozen=True)
class Verb:
    """Something a run can be told.

    Attributes
    ----------
    word : str
        As the store has it.
    label, shortcut : str
        Of its button.
    meaning : str
        What will happen, told before it does.
    """

    word: str
    label: str
    shortcut: str
    meaning: str


NOTE = Verb("note", "Note", "Ctrl+N", "Write a note; it is kept with the run at the present bench time.")
PAUSE = Verb(
    "pause",
    "Pause",
    "Ctrl+Shift+P",
    "Ends the sweep, cell at open circuit until you resume. This cannot be undone for t₀.",
)
RESUME = Verb("resume", "Resume", "Ctrl+Shift+P", "The current flows again, with the same program.")
STOP = Verb(
    "stop",
    "Stop",
    "Ctrl+Shift+S",
    "Current off, cell at open circuit; the step ends normally and what follows goes on as declared. "
    "Data are kept.",
)
ABORT = Verb(
    "abort",
    "Abort",
    "Ctrl+Shift+A",
    "Safe state at once: current off, cell at open circuit, everything ends. Data are kept.",
)


def pause_or_resume(summary: RunSummary | None) -> Verb:
    """Return the verb that the pause button stands for."""
    return RESUME if summary is not None and summary.state is RunState.PAUSED else PAUSE


def why_not(summary: RunSummary | None) -> str:
    """Return why the run cannot be told anything, empty if it can."""
    if summary is None:
        return "There is no run to tell anything."
    if summary.live:
        return ""
    if summary.state is RunState.INTERRUPTED:
        return f"The run is interrupted: {summary.end_reason}."
    return f"The run has ended ({summary.state.value}); there is nothing left to tell it."


@dataclass
class Told:
    """One command on its way, as far as it has come.

    Attributes
    ----------
    seconds : float or None
        Wall time from the issue to the run's answer.
    """

    run: int
    verb: str
    argument: str = ""
    kept: bool = False
    outcome: str | None = None
    seconds: float | None = None
    failure: str = ""
    issued: float = field(default_factory=lambda: utc_now().timestamp())

    @property
    def done(self) -> bool:
        """Whether nothing more is going to happen to it."""
        return self.outcome is not None or bool(self.failure)

    @property
    def line(self) -> str:
        """How it stands, in one line, e.g. ``"stop: current off (0.2 s)"``."""
        if self.failure:
            return f"{self.verb}: {'not done' if self.kept else 'not sent'}; {self.failure}"
        if self.outcome is not None:
            text = self.outcome if self.outcome.startswith(self.verb) else f"{self.verb}: {self.outcome}"
            # A runner that timed itself from the wish to open circuit says it better than the store can.
            timed = self.seconds is None or text.endswith(" s)")
            return text if timed else f"{text} ({self.seconds:.1f} s)"
        waited = utc_now().timestamp() - self.issued
        if not self.kept:
            return f"{self.verb}: being written to the store …"
        if waited < SLOW:
            return f"{self.verb}: told, waiting for the run …"
        return f"{self.verb}: no answer for {waited:.0f} s; it is kept, and the run takes it up when it can"


class Commander:
    """Appends commands to the store and waits for the answers, each in a thread of its own.

    So neither a locked store nor a slow answer to one command holds up the next, or the window.

    Parameters
    ----------
    store_url : str
    """

    def __init__(self, store_url: str) -> None:
        self._url = store_url
        self._author = _author()
        self._done = threading.Event()
        self._threads: list[threading.Thread] = []

    def tell(self, run: int, verb: str, argument: str = "") -> Told:
        """Send a command on its way; what comes of it appears in what is returned."""
        told = Told(run, verb, argument)
        thread = threading.Thread(target=self._carry, args=(told,), name=f"tell {verb}", daemon=True)
        self._threads.append(thread)
        thread.start()
        return told

    def close(self) -> None:
        """Wait until what was told has reached the store; answers are not waited for."""
        self._done.set()
        for thread in self._threads:
            thread.join(2 * BUSY_TIMEOUT)

    def _carry(self, told: Told) -> None:
        try:
            with open_store(self._url) as store:
                number = store.tell(told.run, told.verb, told.argument, self._author)
                told.kept = True
                self._wait(store, number, told)
        except StripbenchError as error:
            told.failure = str(error)

    def _wait(self, store: Store, number: int, told: Told) -> None:
        while not told.done:
            try:
                _look(store, number, told)
            except StoreError:
                # The command is kept already; a store that is locked for a moment is asked again.
                log.exception("the answer to command %d could not be read; trying again", number)
            if self._done.wait(LOOK_AGAIN):
                return


def _look(store: Store, number: int, told: Told) -> None:
    # In this order: a run answers what still waits in the transaction that ends it.
    live = store.run(told.run).summary().live
    command = store.command(number)
    if command.outcome is not None:
        if command.outcome_utc is not None:
            told.seconds = (command.outcome_utc - command.issued_utc).total_seconds()
        told.outcome = command.outcome
    elif not live:
        told.failure = "the run's process is gone, nobody will carry it out"


def _author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A service account may have no name at all; the command still has to go out.
        return "window"
