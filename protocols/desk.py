"""Asking the person at the bench for what only a hand can do, and waiting for it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

from core.requests import Answer, Request
from protocols.control import SkippedError

if TYPE_CHECKING:
    from protocols.session import Session

LOOK_EVERY = 1.0
"""s between looks at the force and for an answer."""


class Hands(Protocol):
    """Somebody other than a person who does what is asked; the virtual operator of a simulated bench."""

    def asked(self, request: Request, answer: Callable[[str], None]) -> None:
        """Be told of a request; return at once, act later, `answer` with one of its options."""

    def over(self) -> None:
        """Be told that nothing is asked any more."""


class Book(Protocol):
    """Where requests and their answers are kept."""

    def request(self, request: Request, time: float) -> int:
        """Keep a request durably; return its id."""

    def answer_request(self, number: int, answer: str, author: str) -> None:
        """Keep how it came to its end."""


class Desk:
    """Where a run asks, one thing at a time.

    Parameters
    ----------
    book : Book
    hands : Hands or None
        The virtual operator, where there is one; then time need not wait for a person.
    """

    def __init__(self, book: Book, hands: Hands | None = None) -> None:
        self._book, self._hands = book, hands
        self.pending: Request | None = None
        """What is asked at present; read by others."""

    def ask(self, session: "Session", request: Request) -> Answer:
        """Ask, and wait until it is done, answered, or too late.

        A force is recognised by itself once it has held for the time asked.

        Raises
        ------
        StepStoppedError, Aborted, Interlocked
            If the operator or an interlock wants so.
        """
        number = self._book.request(request, session.clock.now())
        session.event("request", request.question, "warning", request=number, what=request.kind)
        said: list[tuple[str, str]] = []
        self.pending = request
        session.set_state("waiting")
        answer, author = "nobody", ""
        try:
            if self._hands is not None:
                self._hands.asked(request, lambda word: said.append((word, "virtual operator")))
            with self._pace(session):
                answer, author = self._wait(session, request, said)
        finally:
            self.pending = None
            if self._hands is not None:
                self._hands.over()
            self._book.answer_request(number, str(answer), author)
            session.set_state("running")
        severity = "warning" if answer is Answer.TIMED_OUT else "info"
        session.event("answered", f"{request.question}: {answer}", severity, request=number, by=author)
        return Answer(answer)

    def _pace(self, session: "Session") -> AbstractContextManager[None]:
        """While a person is waited for, bench time does not run away from them."""
        return nullcontext() if self._hands is not None else session.clock.at_real_pace()

    def _wait(self, session: "Session", request: Request, said: list[tuple[str, str]]) -> tuple[Answer, str]:
        from protocols.waiting import force_if_known, obey

        began, since = session.clock.now(), None
        while True:
            now = session.clock.now()
            try:
                wish = obey(session, "the operator is asked", asks=True)
            except SkippedError:
                return Answer.SKIPPED, "operator"
            if wish is not None:
                wish.done("taken as the answer to what was asked")
                return Answer.ACKNOWLEDGED, wish.author or "operator"
            if said:
                word, author = said.pop(0)
                return _ANSWERS[word], author
            force = force_if_known(session) if request.kind == "force" else None
            if force is not None and request.met_by(force):
                since = now if since is None else since
                if now - since >= request.hold:
                    return Answer.HOLDS, ""
            else:
                since = None
            if now - began >= request.timeout:
                return Answer.TIMED_OUT, ""
            session.clock.wait(LOOK_EVERY)


_ANSWERS = {"acknowledge": Answer.ACKNOWLEDGED, "skip": Answer.SKIPPED}
