"""What runs ask of the person at the bench: in a line for people, and as entries for programs."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from core.errors import StoreError
from storage import Request, Store

LOOK_EVERY = 1.0
"""s of wall time between looks at what is asked."""


class Asked:
    """Says on the terminal what runs ask for, each request once.

    Parameters
    ----------
    say : callable
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said: set[tuple[int, int]] = set()

    def look(self, store: Store, runs: Iterable[int]) -> None:
        """Say what these runs wait for now that has not been said yet."""
        for run in runs:
            for request in store.run(run).requests():
                if request.awaited and (run, request.id) not in self._said:
                    self._said.add((run, request.id))
                    self._say(f"run {run} asks: {request.question} – {fate(run, request)}")


@contextmanager
def asking(store: Store, started: list[int], say: Callable[[str], None]) -> Iterator[None]:
    """Say what the last run that was started asks for, from a thread of its own."""
    done, asked = threading.Event(), Asked(say)

    def look() -> None:
        while not done.wait(LOOK_EVERY):
            with suppress(StoreError, OSError, ValueError):
                asked.look(store, started[-1:])

    thread = threading.Thread(target=look, name="asking", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def fate(run: int, request: Request) -> str:
    """Return what became of a request, or how it is answered, in words."""
    if request.awaited:
        options = "|".join(request.options) or "acknowledge"
        return f"waits for an answer: stripbench tell {run} {options}"
    if request.answer is None:
        return "never answered, the run has ended"
    by = f" by {request.author}" if request.author else ""
    if request.answered is not None:
        return f"{request.answer}{by} after {request.answered - request.time:.0f} s"
    when = "" if request.answered_utc is None else f" on {request.answered_utc:%Y-%m-%d at %H:%M:%S} UTC"
    return f"{request.answer}{by}{when}"


def entry(request: Request) -> dict[str, Any]:
    """Return a request, JSON-able."""
    answered = request.answered_utc
    return {
        "time_s": request.time,
        "question": request.question,
        "options": list(request.options),
        "details": request.details,
        "asked_utc": request.asked_utc.isoformat(),
        "awaited": request.awaited,
        "answer": request.answer,
        "author": request.author,
        "answered_s": request.answered,
        "answered_utc": None if answered is None else answered.isoformat(),
    }
