"""What an operator wants of a run, handed from the runner to the protocol between two polls."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from core.clock import wall_time


class StepStoppedError(Exception):
    """The operator ended the step; what belongs to it is left out, what follows goes on."""


class SkippedError(Exception):
    """The operator leaves out what the step was waiting for; the run ends, what follows it goes on."""


class Aborted(BaseException):
    """The operator ends everything: safe state, nothing further is done."""


class Interlocked(BaseException):
    """A safety limit was crossed: safe state, nothing further is done."""


@dataclass(frozen=True)
class Wish:
    """One request to the running protocol.

    Attributes
    ----------
    verb : str
        ``"pause"``, ``"resume"``, ``"stop"``, ``"abort"``, ``"acknowledge"``, ``"skip"`` or
        ``"override"``.
    answer : callable
        Called once with the outcome in words.
    posted : float
        Wall time at which it was posted, so that an answer can say how long it took.
    argument : str
        What else was said, e.g. the name of a rule.
    author : str
    """

    verb: str
    answer: Callable[[str], None]
    posted: float = field(default_factory=wall_time)
    argument: str = ""
    author: str = ""

    def done(self, words: str) -> None:
        """Answer that it was carried out, and how soon."""
        self.answer(f"{self.verb}: {words} (after {wall_time() - self.posted:.1f} s)")


class Control:
    """A queue of wishes; the runner posts, the protocol takes between polls.

    Posting is safe from any thread and from a signal handler: a deque's own operations are
    atomic, and a lock could be held by the very code that a signal interrupts.
    """

    def __init__(self) -> None:
        self._wishes: deque[Wish] = deque()
        self.stopped = False
        """Whether the operator has ended a step of this run."""
        self.tripped = ""
        """Why an interlock ends the run; empty while none does."""

    def post(self, wish: Wish) -> None:
        """Hand a wish to the protocol."""
        self._wishes.append(wish)

    @property
    def wanted(self) -> bool:
        """Whether there is a wish that nobody has taken yet."""
        return bool(self._wishes)

    def trip(self, reason: str) -> None:
        """End the run because of an interlock; the first reason is kept. Safe from any thread."""
        self.tripped = self.tripped or reason

    def take(self) -> Wish | None:
        """Return the oldest wish, or None; to abort goes before everything else.

        Raises
        ------
        Interlocked
            If a safety limit was crossed.
        """
        if self.tripped:
            raise Interlocked(self.tripped)
        wishes = self._wishes
        for wish in tuple(wishes):
            if wish.verb == "abort":
                wishes.remove(wish)
                return wish
        return wishes.popleft() if wishes else None

    def heed(self) -> None:
        """Look before something is begun: against an interlock or a wish to abort nothing is.

        Raises
        ------
        Interlocked
            If a safety limit was crossed.
        Aborted
            If the operator wants everything to end; other wishes are left for `take`.
        """
        if self.tripped or any(wish.verb == "abort" for wish in tuple(self._wishes)):
            wish = self.take()
            if wish is not None:
                wish.done("nothing more was begun, the run ends")
            raise Aborted

    def close(self) -> None:
        """Answer what nobody will do any more. A wish to abort holds for what may follow this run, too."""
        aborted = False
        while self._wishes:
            wish = self._wishes.popleft()
            aborted = aborted or wish.verb == "abort"
            wish.answer(f"{wish.verb}: nothing done, the run had already ended")
        if aborted:
            self.post(Wish("abort", lambda words: None))
