"""The rules at work in a run: what they are shown, what they decide, and what it takes to replay it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from core.errors import BadInput
from core.records import TOLD_TO_RULES, Decision, Event
from protocols.decisions.kept_fit import KeptFit
from protocols.decisions.registry import KINDS
from protocols.decisions.rule import Rule

AnyRule = TypeVar("AnyRule", bound=Rule)


class Keeper(Protocol):
    """The part of `core.recorder.Recorder` that rules need."""

    def decision(self, step: int, decision: Decision) -> int:
        """Keep a decision; return its id."""

    def event(self, event: Event) -> int:
        """Keep an event; return its id."""


class Rules:
    """Arms rules, shows them every fit and every poll, and keeps what they decide.

    Fits are in the store. Whatever else a rule is told is recorded as an event of the kind `TOLD_TO_RULES`,
    with the id of the last fit before it: arming, conclusions, interruptions, changes, overriding, and
    those polls that showed something. So the same decisions follow from what is stored.

    Every method may be called from any thread.

    Parameters
    ----------
    recorder : Keeper
        The journal.
    now : callable
        Gives the present bench second.
    step : callable
        Gives the id of the step that decisions belong to.
    """

    def __init__(self, recorder: Keeper, now: Callable[[], float], step: Callable[[], int]) -> None:
        self._recorder, self._now, self._step = recorder, now, step
        self._lock = threading.RLock()
        self._armed: dict[int, Rule] = {}
        self._watching: tuple[int, ...] = ()
        self._count = 0
        self._seen: dict[str, tuple[int, ...]] = {}
        self._overrides: dict[str, dict[str, str]] = {}
        self._last_fit = 0

    @property
    def armed(self) -> tuple[Rule, ...]:
        """The rules at work, in the order they were armed."""
        with self._lock:
            return tuple(self._armed.values())

    @property
    def names(self) -> list[str]:
        """The names of all rules that have been at work in this run."""
        return list(self._seen)

    def knows(self, name: str) -> bool:
        """Whether a rule of this name has been at work in this run."""
        return name in self._seen

    def of(self, kind: type[AnyRule]) -> list[AnyRule]:
        """Return the rules of one kind that are at work."""
        return [rule for rule in self.armed if isinstance(rule, kind)]

    def overridden(self, rule: Rule) -> bool:
        """Whether the operator took a rule's power to act."""
        return rule.overridden

    def is_alarm(self, name: str) -> bool:
        """Whether decisions of this name are to wake somebody; overridden ones are not."""
        kind = KINDS.get(name)
        return kind is not None and kind.alarm and name not in self._overrides

    def arm(self, rule: AnyRule) -> AnyRule:
        """Show a rule everything from now on; return it.

        Raises
        ------
        ValueError
            If it is at work already.
        """
        with self._lock:
            if any(each is rule for each in self._armed.values()):
                raise ValueError(f"the rule {rule.name!r} is armed already")
            self._count += 1
            self._record(
                f"{rule.name} armed",
                do="arm",
                number=self._count,
                name=rule.name,
                parameters=rule.parameters(),
            )
            rule.overridden = rule.name in self._overrides
            self._armed[self._count] = rule
            if type(rule).see_voltage is not Rule.see_voltage:
                self._watching = (*self._watching, self._count)
            self._seen.setdefault(rule.name, ())
        return rule

    def see(self, kept: KeptFit) -> list[Decision]:
        """Show a fit to every rule; keep and return what they decide."""
        with self._lock:
            self._last_fit = kept.id
            return self._keep([rule.see(kept) for rule in self._armed.values()])

    def see_voltage(self, time: float, voltage: float, current: float) -> list[Decision]:
        """Show E in V and I in A of a poll to every rule, while the instrument holds a current."""
        with self._lock:
            return self._see_voltage(self._watching, time, voltage, current)

    def see_polls(self, number: int, polls: list[list[float]]) -> list[Decision]:
        """Show one rule the polls that showed it something once, for a replay."""
        with self._lock:
            found = []
            for time, voltage, current in polls:
                found += self._see_voltage((number,), time, voltage, current)
            return found

    def disturbed(self) -> None:
        """Tell every rule that the current was interrupted now."""
        with self._lock:
            time = self._record("the current was interrupted", do="disturbed")
            for rule in self._armed.values():
                rule.disturbed_at(time)

    def changed(self, what: str) -> None:
        """Tell every rule that the bench changed something on purpose: ``"T"`` or ``"p"``."""
        with self._lock:
            time = self._record(f"{what} was changed", do="changed", what=what)
            for rule in self._armed.values():
                rule.changed_at(time, what)

    def conclude(self, rule: Rule, ending: str) -> list[Decision]:
        """Tell a rule that what it was armed for is over, and how it ended; it is shown no more.

        Raises
        ------
        ValueError
            If it is not at work.
        """
        with self._lock:
            number = next((number for number, each in self._armed.items() if each is rule), None)
            if number is None:
                raise ValueError(f"the rule {rule.name!r} is not armed")
            return self._conclude(number, ending)

    def close(self, ending: str) -> list[Decision]:
        """Conclude with every rule that is still at work."""
        with self._lock:
            found = []
            for number in tuple(self._armed):
                found += self._conclude(number, ending)
            return found

    def override(self, name: str, author: str, words: str) -> None:
        """Take the power to act from all rules of a name: from now on they only flag.

        Raises
        ------
        BadInput
            If none of that name has been at work.
        """
        with self._lock:
            if name not in self._seen:
                known = ", ".join(self._seen) or "none"
                raise BadInput(f"there is no rule {name!r} at work;", f"there are: {known}.")
            time = self._record(f"{name} overridden", do="override", name=name, author=author, words=words)
            self._overrides[name] = {"author": author, "words": words}
            for rule in self._armed.values():
                rule.overridden = rule.overridden or rule.name == name
            fits = self._seen[name]
            self._keep([Decision(name, "overridden, it only flags from now on", time, {}, fits)])

    def _see_voltage(
        self, numbers: tuple[int, ...], time: float, voltage: float, current: float
    ) -> list[Decision]:
        found: list[Decision] = []
        for number in numbers:
            rule = self._armed[number]
            decision = rule.see_voltage(time, voltage, current)
            if decision is not None:
                self._record_polls(number)
                found += self._keep([decision])
        return found

    def _record_polls(self, number: int) -> None:
        """Keep the polls that a decision of a rule rests on."""
        rule = self._armed[number]
        polls = [list(poll) for poll in rule.polls]
        self._record(f"{rule.name} by voltage", do="polls", number=number, polls=polls)

    def _conclude(self, number: int, ending: str) -> list[Decision]:
        rule = self._armed[number]
        if rule.concludes_from_polls and rule.polls:
            self._record_polls(number)
        time = self._record(f"{rule.name} concluded", do="conclude", number=number, ending=ending)
        del self._armed[number]
        self._watching = tuple(each for each in self._watching if each != number)
        return self._keep([rule.conclude(time, ending)])

    def _keep(self, decisions: list[Decision | None]) -> list[Decision]:
        kept = []
        for decision in decisions:
            if decision is None:
                continue
            override = self._overrides.get(decision.rule)
            if override is not None:
                decision = replace(decision, parameters=decision.parameters | {"overridden": override})
            self._seen[decision.rule] = decision.fits
            self._recorder.decision(self._step(), decision)
            kept.append(decision)
        return kept

    def _record(self, message: str, **data: Any) -> float:
        """Keep what rules are told besides fits, with the last fit before it; return the time of it."""
        time = float(self._now())
        self._recorder.event(Event(TOLD_TO_RULES, message, time, "info", data | {"after": self._last_fit}))
        return time
