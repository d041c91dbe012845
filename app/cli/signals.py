"""Ctrl-C, a terminal that is closed, and SIGTERM, as wishes to the run."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from protocols.control import Control, Wish


def quietly(say: Callable[[str], None]) -> Callable[[str], None]:
    """Return a `say` that cannot end a run: the terminal may be gone, or be written to already."""

    def guarded(text: str) -> None:
        with suppress(OSError, ValueError, RuntimeError):
            say(text)

    return guarded


@contextmanager
def signals(control: Control, say: Callable[[str], None]) -> Iterator[None]:
    """Ctrl-C stops, twice aborts; SIGTERM and a closed terminal abort. Only in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed = 0
    say = quietly(say)

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed += 1
        if pressed == 1:
            control.post(Wish("stop", say))
            say("stop: current off, this protocol ends normally (Ctrl-C again aborts)")
        else:
            control.post(Wish("abort", say))
            say("abort: safe state, everything ends")

    def terminate(_signal: int, _frame: FrameType | None) -> None:
        control.post(Wish("abort", say))
        say("abort: safe state, everything ends")

    handlers = {"SIGINT": interrupt, "SIGTERM": terminate, "SIGHUP": terminate, "SIGBREAK": terminate}
    numbers = {getattr(signal, name): handler for name, handler in handlers.items() if hasattr(signal, name)}
    before = {number: signal.signal(number, handler) for number, handler in numbers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            # Who pressed twice must not kill what writes down how it ended.
            signal.signal(number, signal.SIG_IGN if pressed else handler)
