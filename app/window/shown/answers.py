"""What a window says about a command it sent: what it will do, that it was told, and what the run did."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.window.reading.commands import Told
from core.clock import utc_now
from storage.verbs import ENDING

HINTS = {
    "pause": "Pause: ends the sweep, cell at open circuit until Resume; t₀ of this run is disturbed",
    "resume": "Resume: the current flows again, with the same program",
    "stop": "Stop: current off, cell at open circuit; the run ends as stopped, its campaign too; data kept",
    "abort": "Emergency stop: current off at once, cell at open circuit, the run ends; data kept",
}
"""What a button will do, told before it is pressed."""

NAMES = {"abort": "emergency stop"}
"""What a verb is called in the window, where that is another word."""

SLOW = 5.0
"""s after which a missing answer is worth a remark."""

_TIMED = re.compile(r"^(?P<words>.*) \(after (?P<seconds>[\d.]+ s)\)$")


@dataclass(frozen=True)
class Answer:
    """One line; `good` is False where something did not come about, None while nobody knows."""

    text: str
    good: bool | None = None


def foremost(told: Sequence[Told]) -> Told | None:
    """Return the command whose answer matters most: a stop that has not been obeyed, else the last one.

    Parameters
    ----------
    told : sequence of Told
        To one run, oldest first.
    """
    for each in reversed(told):
        if each.verb in ENDING:
            if not each.done or each.failure:
                return each
            break
    return told[-1] if told else None


def answer(told: Told) -> Answer:
    """Say how a command stands, e.g. ``"told stop → current off after 0.2 s"``."""
    name = NAMES.get(told.verb, told.verb)
    if told.failure:
        return Answer(f"{name}: {'not done' if told.kept else 'not sent'}; {told.failure}", False)
    if told.outcome is not None:
        return Answer(f"told {name} → {_in_time(told)}", ": nothing done" not in told.outcome)
    if not told.kept:
        # What holds a stop up is bad news, long before it is given up.
        return Answer(f"{name}: {told.on_its_way}", False if told.hindrance else None)
    waited = utc_now().timestamp() - told.issued
    if waited < SLOW:
        return Answer(f"told {name}, waiting for the run …")
    return Answer(
        f"told {name}: no answer for {waited:.0f} s; it is kept, and the run takes it up when it can"
    )


def _in_time(told: Told) -> str:
    """Return what the run answered, with how soon right behind what it did first."""
    words = (told.outcome or "").removeprefix(f"{told.verb}: ")
    timed = _TIMED.match(words)
    seconds = timed["seconds"] if timed else None if told.seconds is None else f"{told.seconds:.1f} s"
    words = timed["words"] if timed else words
    if seconds is None:
        return words
    first, comma, rest = words.partition(", ")
    return f"{first} after {seconds}{comma}{rest}"
