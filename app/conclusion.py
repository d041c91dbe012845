"""What a run concluded about depletion, and from when on its current flowed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.records import Decision
from storage import RunReader


def current_on(run: RunReader) -> float | None:
    """Return the bench second at which the current was first switched on; None if it never was."""
    return next((each.event.time for each in run.events() if each.event.kind == "current on"), None)


def conclusion(run: RunReader) -> Decision | None:
    """Return the decision that a run's depletion rests on, see `concluded`."""
    return concluded([stored.decision for stored in run.decisions()], run.header.parameters)


def concluded(decisions: Iterable[Decision], parameters: Mapping[str, Any]) -> Decision | None:
    """Return the decision that depletion rests on: the last of its rule; None without one.

    Where depletion was judged by R_int as it is and normalised, the criterion that the run names counts.

    Parameters
    ----------
    decisions : iterable of Decision
        Of a run, in their order.
    parameters : mapping
        Those of its protocol.
    """
    found = [each for each in decisions if each.rule == "depletion"]
    raw = parameters.get("criterion", "raw") == "raw"
    named = [each for each in found if _is_raw(each) == raw]
    return (named or found)[-1] if found else None


def _is_raw(decision: Decision) -> bool:
    """Whether R_int was compared as it is: by the criterion's words, for at 25 °C both have a factor of 1."""
    words = str(decision.parameters.get("criterion", ""))
    if "normalised" in words or words.endswith("raw"):
        return "normalised" not in words
    return bool(decision.parameters.get("factor", 1.0) == 1.0)


@dataclass(frozen=True)
class Transition:
    """Depletion of a run, or that it had not come when the current ended.

    Attributes
    ----------
    seconds : float
        From the first current to depletion; of a run without one, how long it was watched.
    depleted : bool
        False where the run is censored: its t0 is longer than that.
    why : str
        In the words of the decision.
    """

    seconds: float
    depleted: bool
    why: str


def transition(run: RunReader) -> Transition | None:
    """Return t0 of a run by its own decision; None while it has not decided, or if it never does."""
    decision, began = conclusion(run), current_on(run)
    if decision is None or began is None:
        return None
    crossing = decision.parameters.get("t_cross_s")
    why = str(decision.parameters.get("why", decision.outcome))
    if crossing is None or decision.outcome == "crossing refuted":
        return Transition(_last_current(run, decision.time) - began, False, why)
    return Transition(float(crossing) - began, True, why)


def _last_current(run: RunReader, otherwise: float) -> float:
    """Return the bench second at which the current was switched off for the last time."""
    off = [each.event.time for each in run.events() if each.event.kind == "current off"]
    return off[-1] if off else otherwise
