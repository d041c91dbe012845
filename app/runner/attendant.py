"""The runner's ear: takes commands from the store and keeps the heartbeat, in wall time."""

import logging
import threading
from collections.abc import Callable
from functools import partial

from core.clock import Clock, wall_time
from core.errors import StoreError
from core.records import Event
from protocols.control import Control, Wish
from storage import Command, Journal

BEAT_EVERY = 1.0
"""s of wall time between heartbeats; a reader calls a run interrupted after 10 s without one."""

log = logging.getLogger(__name__)


class Attendant:
    """A thread in wall time, so that a run is answered and known to be alive at any speed.

    Parameters
    ----------
    journal, control, clock
        The run's.
    interval : float
        s of wall time between looks for commands.
    enter : callable
        Takes what an operator read from a display, as text; returns the answer.
    """

    def __init__(
        self,
        journal: Journal,
        control: Control,
        clock: Clock,
        interval: float,
        enter: Callable[[str], str] = lambda text: "enter: nothing on this bench is read by hand",
    ) -> None:
        self._journal, self._control, self._clock, self._enter = journal, control, clock, enter
        self._interval = interval
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attendant", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening; what was told and is not done is answered."""
        self._done.set()
        self._thread.join()
        self._control.close()

    def _run(self) -> None:
        beaten = -BEAT_EVERY
        while not self._done.wait(self._interval):
            try:
                for command in self._journal.take_commands():
                    self._hear(command)
                if wall_time() - beaten >= BEAT_EVERY:
                    self._journal.beat(self._clock.now())
                    beaten = wall_time()
            except Exception:
                # Whatever it was must neither end the run nor make it deaf; the log tells.
                log.exception("heartbeat or commands failed; trying again")

    def _hear(self, command: Command) -> None:
        """Obey a command; one that fails must not take those after it, which are taken already, with it."""
        try:
            self._obey(command)
        except Exception as error:
            log.exception("to %s failed", command.verb)
            words = f"{command.verb}: nothing done, {type(error).__name__}: {error}; the log has the details"
            self._answer(command, words)

    def _answer(self, command: Command, outcome: str) -> None:
        try:
            self._journal.answer_command(command.id, outcome)
        except StoreError:
            log.exception("the store did not take the answer %r", outcome)

    def _obey(self, command: Command) -> None:
        answer = partial(self._answer, command)
        log.info("told to %s %s by %s", command.verb, command.argument, command.author)
        if command.verb == "enter":
            answer(self._enter(command.argument))
            return
        if command.verb != "note":
            wish = Wish(command.verb, answer, argument=command.argument, author=command.author)
            self._control.post(wish)
            return
        author = {"author": command.author}
        try:
            self._journal.event(Event("note", command.argument, self._clock.now(), "info", author))
            answer("note: kept")
        except StoreError as error:
            log.exception("a note was not kept")
            answer(f"note: not kept, {error}")
