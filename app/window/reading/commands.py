"""What the operator can tell a run: the words, when they make sense, and what the run answered."""

import getpass
import logging
import math
import secrets
import threading
from dataclasses import dataclass, field

from core.clock import utc_now, wall_time
from core.errors import StoreError, StoreLocked, StripbenchError
from core.records import RunState
from storage import RunSummary, Store, open_store
from storage.sqlite import BUSY_TIMEOUT
from storage.verbs import ENDING

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.1
"""s between looks for the answer."""

SLOW = 5.0
"""s after which a missing answer is worth a remark."""

TRIED_FOR = {"stop": math.inf, "abort": math.inf, "pause": 60.0, "note": 60.0}
"""s for which a command is offered to a store that another program keeps locked. The others are for what
is asked at the moment: later they could answer something else, so they are tried once."""

CLOSING = 30.0
"""s that a stop is still offered to a locked store when the window is closed."""


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
    "Current off, cell at open circuit; this run ends as stopped, and its campaign with it unless its file "
    "says what comes then. Data are kept.",
)
ABORT = Verb(
    "abort",
    "Emergency stop",
    "Ctrl+Shift+A",
    "Safe state at once: current off, cell at open circuit, everything ends. Data are kept.",
)
SKIP = Verb(
    "skip",
    "Skip step",
    "Ctrl+Shift+K",
    "Current off, cell at open circuit; the rest of this run is left out and it ends as skipped. What its "
    "campaign has next goes on. Data are kept; this cannot be undone.",
)
OVERRIDE = Verb(
    "override",
    "Override rule",
    "",
    "From now on this rule only flags: the bench no longer acts on what it concludes. Who said so is kept "
    "with its decisions. This cannot be undone in this run.",
)


def pause_or_resume(summary: RunSummary | None) -> Verb:
    """Return the verb that the pause button stands for."""
    return RESUME if summary is not None and summary.state is RunState.PAUSED else PAUSE


def why_not(summary: RunSummary | None, verb: str = "") -> str:
    """Return why the run cannot be told anything, or not this verb; empty if it can."""
    if summary is None:
        return "There is no run to tell anything."
    # A run that is only not heard of may still have its current on: it can always be told to end.
    if summary.live or (summary.silent and verb in ENDING):
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
    hindrance : str
        Why it is not in the store yet, while it is tried again.
    """

    run: int
    verb: str
    argument: str = ""
    kept: bool = False
    outcome: str | None = None
    seconds: float | None = None
    failure: str = ""
    hindrance: str = ""
    issued: float = field(default_factory=lambda: utc_now().timestamp())

    @property
    def done(self) -> bool:
        """Whether nothing more is going to happen to it."""
        return self.outcome is not None or bool(self.failure)

    @property
    def on_its_way(self) -> str:
        """What is said while it is not in the store."""
        if not self.hindrance:
            return "being written to the store …"
        waited = utc_now().timestamp() - self.issued
        return f"NOT SENT YET, tried for {waited:.0f} s and on; {self.hindrance}"

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
            return f"{self.verb}: {self.on_its_way}"
        if waited < SLOW:
            return f"{self.verb}: told, waiting for the run …"
        return f"{self.verb}: no answer for {waited:.0f} s; it is kept, and the run takes it up when it can"


class Commander:
    """Appends commands to the store and waits for the answers, each in a thread of its own.

    So neither a locked store nor a slow answer to one command holds up the next, or the window.

    Parameters
    ----------
    store_url : str

    Attributes
    ----------
    author : str
        Who is at this window, and which window it is: two on one desk may tell a run opposite things.
    """

    def __init__(self, store_url: str) -> None:
        self._url = store_url
        self.author = f"{_author()}, window {secrets.token_hex(2)}"
        self._done = threading.Event()
        self._closed: float | None = None
        self._threads: list[threading.Thread] = []

    def tell(self, run: int, verb: str, argument: str = "") -> Told:
        """Send a command on its way; what comes of it appears in what is returned."""
        told = Told(run, verb, argument)
        thread = threading.Thread(target=self._carry, args=(told,), name=f"tell {verb}", daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(thread)
        thread.start()
        return told

    def close(self) -> None:
        """Wait until what was told has reached the store; answers are not waited for."""
        self._closed = wall_time()
        self._done.set()
        for thread in self._threads:
            thread.join(CLOSING + 2 * BUSY_TIMEOUT)

    def _carry(self, told: Told) -> None:
        began = wall_time()
        try:
            while not self._try(told):
                if wall_time() > self._until(told.verb, began):
                    told.failure = told.hindrance
                    log.error("%s was not sent to run %d: %s", told.verb, told.run, told.hindrance)
                    return
        except StripbenchError as error:
            told.failure = str(error)
        except Exception as error:  # a defect of ours: nobody may go on waiting for this command
            log.exception("%s for run %d failed", told.verb, told.run)
            told.failure = f"internal error, {type(error).__name__}: {error}; press it again"

    def _try(self, told: Told) -> bool:
        """Offer a command to the store, and wait for its answer; return False where the store is locked."""
        try:
            with open_store(self._url) as store:
                number = store.tell(told.run, told.verb, told.argument, self.author)
                told.kept = True
                self._wait(store, number, told)
        except StoreLocked as error:
            told.hindrance = str(error)
            # SQLite waits for most locks by itself, but not for all of them.
            threading.Event().wait(LOOK_AGAIN)
            return told.kept
        return True

    def _until(self, verb: str, began: float) -> float:
        """Return the wall time until which a command is offered."""
        until = began + TRIED_FOR.get(verb, 0.0)
        return until if self._closed is None else min(until, self._closed + CLOSING)

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
    summary = store.run(told.run).summary()
    command = store.command(number)
    if command.outcome is not None:
        if command.outcome_utc is not None:
            told.seconds = (command.outcome_utc - command.issued_utc).total_seconds()
        told.outcome = command.outcome
    elif not (summary.live or summary.silent):
        told.failure = "the run's process is gone, nobody will carry it out"


def _author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A service account may have no name at all; the command still has to go out.
        return "window"
