"""What every verb does besides: steps, spectra, fits, rules and results are kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from core.records import Ended, Fit, Spectrum
from core.requests import Answer, Request
from protocols.acquisition import Acquisition, Charge, Ending
from protocols.control import Aborted, Interlocked, SkippedError, StepStoppedError
from protocols.decisions import (
    KeptFit,
    Rule,
    ShortCircuit,
    usable,
)
from protocols.decisions.rules import Rules
from protocols.pausing import pause
from protocols.session import Session
from protocols.stability import Potential
from protocols.sweeps import SweepAssembler

AnyRule = TypeVar("AnyRule", bound=Rule)

Kept = tuple[int, Spectrum]
"""A spectrum that is durably kept, with its id."""


class Recording:
    """A protocol as it keeps what it does, and concludes."""

    charge: Charge
    ending: Ending
    pauses: int
    potential: Potential
    current_on: float | None
    _session: Session | None
    _ordinal: int
    _step: int | None
    _last_usable: KeptFit | None
    _proposal: dict[str, float]

    def ends(self, word: Ended, reason: str = "") -> str:
        """Say how this protocol ends, in one word and in words; return the word."""
        self.ended, self.end_reason = word, reason or str(word)
        return str(word)

    @property
    def session(self) -> Session:
        """What the protocol runs with; only there while it runs."""
        if self._session is None:
            raise RuntimeError("the protocol is not running")
        return self._session

    @property
    def rules(self) -> Rules:
        """The rules that watch this protocol while it runs."""
        assert self.session.rules is not None
        return self.session.rules

    @property
    def shorted(self) -> bool:
        """Whether a short circuit was found, by E or by impedance, and nobody overrode it."""
        return any(rule.shorted for rule in self.rules.of(ShortCircuit))

    def arm(self, rule: AnyRule) -> AnyRule:
        """Let a rule see every fit from now on; its decisions are kept."""
        return self.rules.arm(rule)

    def conclude(self, rule: Rule, ending: Ended | str) -> None:
        """Tell a rule that what it was armed for is over; it concludes from what it has seen."""
        for decision in self.rules.conclude(rule, str(ending)):
            self.session.tell(decision)

    def ask(self, request: Request) -> Answer:
        """Ask the person at the bench, and wait."""
        with self._verb("ask", question=request.question):
            return self.session.desk.ask(self.session, request)

    def fit(self, spectrum: Kept) -> KeptFit:
        """Fit a kept spectrum, starting from those before it, keep the fit and show it to the rules."""
        number, measured = spectrum
        fit: Fit = self.session.fitter(measured)
        kept = KeptFit(self.session.recorder.fit(number, fit), fit)
        if usable(fit):
            self._last_usable = kept
        for decision in self.rules.see(kept):
            self.session.tell(decision)
        return kept

    def result(self, name: str, words: str, **values: Any) -> None:
        """Keep what this protocol came to; `values` carry their unit in the name."""
        self.session.event("result", f"{name}: {words}", name=name, **values)

    def _cut_short(self, assembler: SweepAssembler, whole: int, origin: float) -> Iterator[Kept]:
        """Keep what there is of a sweep that was not finished."""
        if assembler.pending:
            self.session.event("sweep cut short", f"{assembler.pending} of {whole} frequencies, kept", "info")
            yield from map(self._keep, assembler.rest(origin))

    def _keep(self, spectrum: Spectrum) -> Kept:
        assert self._step is not None
        return self.session.recorder.spectrum(self._step, spectrum), spectrum

    def _until_not_paused(self, once: Callable[[], Acquisition]) -> None:
        """Run a program; where the operator pauses it, run it again from its start afterwards.

        Raises
        ------
        StepStoppedError, SkippedError
            If the operator ended it.
        """
        while (acquisition := once()).ending is Ending.PAUSED and acquisition.wish is not None:
            pause(self.session, acquisition.wish, self.charge)
        if acquisition.ending is Ending.STOPPED:
            raise StepStoppedError
        if acquisition.ending is Ending.SKIPPED:
            raise SkippedError

    @contextmanager
    def _verb(self, verb: str, **parameters: object) -> Iterator[None]:
        """Record a step around what a verb does."""
        step, outside = self._begin(verb, parameters), self._step
        self._step, outcome = step, "failed"
        try:
            yield
            outcome = "stopped" if self.session.control.stopped else "done"
        except StepStoppedError:
            outcome = "stopped"
            raise
        except SkippedError:
            outcome = "skipped"
            raise
        except Aborted:
            outcome = "aborted"
            raise
        except Interlocked:
            outcome = "interlock"
            raise
        except GeneratorExit:
            outcome = "concluded"
            raise
        finally:
            self._step = outside
            self.session.recorder.end_step(step, self.session.clock.now(), outcome)

    def _begin(self, verb: str, parameters: dict[str, Any]) -> int:
        self._ordinal += 1
        name = type(self).__name__
        key = f"{self.session.path}/{name}/{verb}/{self._ordinal}"
        return self.session.recorder.begin_step(key, name, verb, parameters, self.session.clock.now())
