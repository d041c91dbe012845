"""Every decision of a run derived again from what is stored, and compared with what was decided."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from core.errors import BadInput
from core.records import TOLD_TO_RULES, Decision, Event, RunState
from protocols.decisions import KINDS, Depletion, KeptFit
from protocols.decisions.rule import Rule
from protocols.decisions.rules import Rules
from storage import RunReader, StoredFit

TOLERANCE = 1e-12
"""Relative; what is derived on another machine may differ in the last bit of a logarithm."""

OLD = "made before rules were recorded: only depletion is derived again, from the fits under current"


@dataclass(frozen=True)
class Difference:
    """Something that was decided and cannot be derived again, or the other way round.

    Attributes
    ----------
    what : str
        ``"only stored"``, ``"only derived"``, or the field that differs, e.g. ``"parameters.E"``.
    stored, derived : Decision or None
    """

    what: str
    stored: Decision | None
    derived: Decision | None


@dataclass(frozen=True)
class Replay:
    """What came of deriving the decisions of a run again.

    Attributes
    ----------
    run : int
    stored, derived : int
        Decisions found in the store, and derived again.
    differences : tuple of Difference
    notes : tuple of str
        What there is to know about the comparison.
    """

    run: int
    stored: int
    derived: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()


def replay(run: RunReader) -> Replay:
    """Derive the decisions of a run again from its first fits, and compare.

    The rules are armed again in the order that was recorded, and shown the fits that were made while
    the run went on, and at their places whatever else they were told.

    Raises
    ------
    BadInput
        If a rule is recorded that this version of stripbench does not have.
    """
    # Decisions first: of a run that goes on, what is decided meanwhile is derived and not yet stored.
    stored = [each.decision for each in run.decisions()]
    told = [each.event for each in run.events() if each.event.kind == TOLD_TO_RULES]
    fits = run.fits(version=1)
    if not told:
        return _replay_old(run, stored, fits)
    derived = retell(told, fits)
    notes: tuple[str, ...] = ()
    unfinished = len(derived) - len(stored)
    if unfinished > 0 and run.summary().state in _UNFINISHED and _same_rules(stored, derived):
        derived, left = derived[: len(stored)], derived[len(stored) :]
        notes = tuple(f"not stored yet when the run was looked at: {each.rule}" for each in left)
    return Replay(run.run, len(stored), len(derived), tuple(differences(stored, derived)), notes)


_UNFINISHED = (RunState.RUNNING, RunState.PAUSED, RunState.INTERRUPTED)


def _same_rules(stored: Sequence[Decision], derived: Sequence[Decision]) -> bool:
    """Whether what is stored is the beginning of what is derived."""
    begun = derived[: len(stored)]
    return [(each.rule, each.fits) for each in stored] == [(each.rule, each.fits) for each in begun]


@dataclass
class _Notebook:
    """Collects what rules decide; what they record was recorded already."""

    decisions: list[Decision] = field(default_factory=list)

    def decision(self, step: int, decision: Decision) -> int:
        """Take a decision; return its number."""
        self.decisions.append(decision)
        return len(self.decisions)

    def event(self, event: Event) -> int:
        """Take note of nothing."""
        return 0


def retell(told: Iterable[Event], fits: Sequence[StoredFit]) -> list[Decision]:
    """Show fits and recorded events to rules again; return what they decide.

    Parameters
    ----------
    told : iterable of Event
        Those of the kind ``"rule"``, in the order they were recorded.
    fits : sequence of StoredFit
        In the order of their ids.
    """
    notebook, time, waiting = _Notebook(), 0.0, list(fits)[::-1]
    rules = Rules(notebook, lambda: time, lambda: 0)
    armed: dict[int, Rule] = {}
    for event in told:
        time = event.time
        while waiting and waiting[-1].id <= event.data["after"]:
            _show(rules, waiting.pop())
        _tell(rules, armed, event.data)
    while waiting:
        _show(rules, waiting.pop())
    return notebook.decisions


def _show(rules: Rules, stored: StoredFit) -> None:
    rules.see(KeptFit(stored.id, stored.fit))


def _tell(rules: Rules, armed: dict[int, Rule], data: dict[str, Any]) -> None:
    """Do with the rules what was done then."""
    match data["do"]:
        case "arm":
            kind = KINDS.get(data["name"])
            if kind is None:
                raise BadInput(
                    f"this version has no rule {data['name']!r}, by which the run was watched;",
                    "use the version of stripbench that the run was made with.",
                )
            armed[data["number"]] = rules.arm(kind.from_parameters(data["parameters"]))
        case "polls":
            rules.see_polls(data["number"], data["polls"])
        case "disturbed":
            rules.disturbed()
        case "changed":
            rules.changed(data["what"])
        case "conclude":
            rules.conclude(armed[data["number"]], data["ending"])
        case "override":
            rules.override(data["name"], data["author"], data["words"])
        case other:
            raise BadInput(f"rules were told {other!r};", "use the version that the run was made with.")


def _replay_old(run: RunReader, stored: list[Decision], fits: Sequence[StoredFit]) -> Replay:
    """Derive depletion again, by the criterion that was kept with it."""
    mine = [each for each in stored if each.rule == Depletion.name]
    if not mine:
        return Replay(run.run, len(stored), 0, (), (OLD, *_untouched(stored)) if stored else ())
    on = next((each.event.time for each in run.events() if each.event.kind == "current on"), math.inf)
    said = mine[-1].parameters
    rule = Depletion(said["threshold_ohm"], said["criterion"], said["confirmations"], said["factor"])
    derived = [rule.see(KeptFit(each.id, each.fit)) for each in fits if each.fit.time > on]
    cut_off = said.get("why") == "the cut-off was reached after it"
    derived.append(rule.conclude(mine[-1].time, "cut-off" if cut_off else ""))
    found = differences(
        [_undisturbed(each) for each in mine], [_undisturbed(each) for each in derived if each]
    )
    others = [each for each in stored if each.rule != Depletion.name]
    count = sum(each is not None for each in derived)
    return Replay(run.run, len(stored), count, tuple(found), (OLD, *_untouched(others)))


def _undisturbed(decision: Decision) -> Decision:
    """Return a depletion without whether the current had been interrupted, which was not recorded."""
    left = {name: value for name, value in decision.parameters.items() if name != "disturbed"}
    return Decision(decision.rule, decision.outcome, decision.time, left, decision.fits)


def _untouched(others: Sequence[Decision]) -> list[str]:
    return [f"not derived again: {rule}" for rule in dict.fromkeys(each.rule for each in others)]


def differences(stored: Sequence[Decision], derived: Sequence[Decision]) -> list[Difference]:
    """Compare two rows of decisions, in their order."""
    found: list[Difference] = []
    one, other = ([(each.rule, each.outcome, each.fits) for each in row] for row in (stored, derived))
    for tag, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and j - i == m - k):
            for mine, theirs in zip(stored[i:j], derived[k:m], strict=True):
                found += [Difference(what, mine, theirs) for what in _unlike(mine, theirs)]
            continue
        found += [Difference("only stored", each, None) for each in stored[i:j]]
        found += [Difference("only derived", None, each) for each in derived[k:m]]
    return found


def _unlike(one: Decision, other: Decision) -> list[str]:
    """Return the names of what differs between two decisions."""
    found = [
        name
        for name in ("rule", "outcome", "time", "fits", "changes_bench")
        if not _same(getattr(one, name), getattr(other, name))
    ]
    for name in dict.fromkeys((*one.parameters, *other.parameters)):
        present = name in one.parameters and name in other.parameters
        if not present or not _same(one.parameters[name], other.parameters[name]):
            found.append(f"parameters.{name}")
    return found


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same, numbers within the tolerance and lists like tuples."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=TOLERANCE)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)
