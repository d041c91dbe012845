"""Asking the companion process that knows protocols and benches, so that the window need not."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from app.launching.starting import environment
from core.errors import StripbenchError

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "app.drafting")
PATIENCE = 60.0
"""s of wall time after which the process is taken to hang; its first answer waits for its imports."""
TRIES = 2
"""How often a question is put, where the process ends before it has answered."""

Then = Callable[[Any], None]


@dataclass
class _Question:
    do: str
    given: dict[str, Any]
    then: Then
    replaces: str = ""
    tries: int = field(default=0)


class Drafts:
    """Puts questions to `python -m app.drafting`, one at a time, in a thread of its own.

    The process is started with the first question, and again when it has ended.

    Parameters
    ----------
    command : sequence of str, optional
        What starts the process.
    patience : float, optional
        s of wall time that an answer may take.

    Attributes
    ----------
    restarts : int
        How often the process had to be started again.
    """

    def __init__(self, command: Sequence[str] = COMMAND, patience: float = PATIENCE) -> None:
        self.restarts = 0
        self._command, self._patience = list(command), patience
        self._questions: list[_Question] = []
        self._changed = threading.Condition()
        self._busy = self._closing = False
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._words = ""
        self._number = 0

    @property
    def pid(self) -> int | None:
        """Of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    @property
    def idle(self) -> bool:
        """Whether every question has been answered."""
        with self._changed:
            return not self._questions and not self._busy

    def ask(self, do: str, then: Then, *, replaces: str = "", **given: Any) -> None:
        """Put a question.

        Parameters
        ----------
        do : str
            As `app.drafting` has it, e.g. ``"check"``.
        then : callable
            Called **in another thread** with the answer, or with the `StripbenchError` that says why
            there is none.
        replaces : str, optional
            Questions of the same word that have not been put yet are dropped, unanswered.
        **given
            What belongs to the question.
        """
        with self._changed:
            if replaces:
                self._questions = [each for each in self._questions if each.replaces != replaces]
            self._questions.append(_Question(do, given, then, replaces))
            if self._thread is None:
                self._closing = False
                self._thread = threading.Thread(target=self._follow, name="drafts", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until every question has been answered; return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._questions and not self._busy, seconds)

    def close(self) -> None:
        """End the process; a later question starts it again."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._closing, self._questions = True, []
            self._changed.notify_all()
        self._kill()
        if thread is not None:
            thread.join()

    def _follow(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._questions or self._closing)
                if self._closing:
                    break
                question, self._busy = self._questions.pop(0), True
            try:
                result = self._answer(question)
                if not self._closing:
                    question.then(result)
            except Exception:  # a defect of ours: the questions after it are answered all the same
                log.exception("what was answered to %r could not be handed over", question.do)
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()
        self._end()

    def _answer(self, question: _Question) -> Any:
        """Return the answer to a question, or the error that stands for it."""
        while True:
            question.tries += 1
            try:
                return self._put(question)
            except (OSError, ValueError) as error:
                words = self._end() or str(error)
                log.warning("the companion process ended: %s", words)
            except Exception as error:  # a defect of ours: whoever asked must not wait for ever
                log.exception("asking %r failed", question.do)
                return StripbenchError(
                    f"internal error, {type(error).__name__}: {error};", "runs are not affected."
                )
            if self._closing or question.tries >= TRIES:
                return StripbenchError(
                    f"the process that checks experiments has ended: {words};",
                    "runs are not affected. Change the field again, or close the window and open it again.",
                )
            self.restarts += 1

    def _put(self, question: _Question) -> Any:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        self._number += 1
        # A process that hangs is ended, and reading its answer with it.
        watch = threading.Timer(self._patience, self._kill)
        watch.daemon = True
        watch.start()
        try:
            line = json.dumps({**question.given, "id": self._number, "do": question.do})
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
            while text := process.stdout.readline():
                reply = json.loads(text)
                if reply.get("id") == self._number:
                    return _result(reply)
        finally:
            watch.cancel()
        raise OSError("it gave no answer")

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._words = ""
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                env=environment(),
                # An interrupt that is meant for the window's terminal is none of its business.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True).start()
        if self._closing:
            raise OSError("it is not wanted any more")
        return self._process

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def _end(self) -> str:
        """Let go of the process; return the last line it wrote before it ended."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)
        return self._words

    def _listen(self, pipe: IO[str]) -> None:
        """Keep the last line that the process writes beside its answers."""
        with pipe:
            for line in pipe:
                self._words = line.strip() or self._words


def _close(pipe: IO[str]) -> None:
    try:
        pipe.close()
    except OSError:
        log.debug("what was not written yet to the companion process is lost")


def _result(reply: dict[str, Any]) -> Any:
    error = reply.get("error")
    if error is not None:
        return StripbenchError(str(error.get("problem", "")), str(error.get("remedy", "")))
    return reply.get("answer")
