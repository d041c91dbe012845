"""What is refused of a whole campaign: too many steps, and stripping what is stripped already."""

from math import prod

from app.campaign.plan import Plan, Work
from app.campaign.reading import Item
from app.campaign.walk import Electrodes, Progress, Refusal, passes_current
from core.errors import BadInput
from core.records import Ended

MOST_STEPS = 10_000
"""Steps that a campaign may come to: more than a bench does in a year, few enough to plan in seconds."""

LIMITS = frozenset({"charge_limit", "time_limit"})
"""Parameters that, where a file gives them, are meant to end a stripping before the cut-off."""


FIXED_CHARGE = frozenset({"charge_each", "capacity"})
"""Parameters of protocols that pass a charge small enough for the contact to outlive it."""


def check_length(items: tuple[Item, ...], source: str) -> None:
    """Refuse a campaign that might come to too many steps, counting every branch back."""
    longest = _longest(items)
    if longest > MOST_STEPS:
        raise BadInput(
            f"{source}: the campaign could come to {longest} steps;",
            f"the most is {MOST_STEPS}: lower repeat, replicates or at_most.",
        )


def check_spent(plan: Plan) -> None:
    """Refuse stripping an electrode again that was stripped to the cut-off before.

    The campaign is walked through as it is meant to go: strippings reach the cut-off unless the
    file limits their charge or time, everything else finishes. Then once more for each branch on
    a word that spends the electrode. What ends otherwise than it is meant to is seen while walking.
    """
    refusal = _first_refusal(plan, {})
    named = {
        (work.key, word): None
        for _, work in plan.works()
        for word in work.branches.words
        if word in (Ended.DEPLETED, Ended.SHORTED)
    }
    for forced in named:
        refusal = refusal or _first_refusal(plan, dict([forced]))
    if refusal is not None:
        raise BadInput(
            f"{refusal.key} ({refusal.path}) strips again what is spent: {refusal.reason} before;",
            "mount the next electrode with fresh = true, branch past it with on, limit the charge of the "
            "stripping before it, or say allow_spent = true.",
        )


def _first_refusal(plan: Plan, forced: dict[str, Ended]) -> Refusal | None:
    progress, electrodes = Progress(plan), Electrodes()
    ended: Ended | None = None
    while (place := progress.next(ended)) is not None:
        work = place.work
        refusal = electrodes.refuse(place.path, work, work.chosen)
        if refusal is not None:
            return refusal
        ended = forced.get(work.key) or _meant(work)
        electrodes.see(work.electrode.cell.name, work.chosen, ended)
    return None


def _meant(work: Work) -> Ended:
    """How a step ends if all goes as it is meant to."""
    if not passes_current(work.chosen) or FIXED_CHARGE & work.chosen.declared().keys():
        return Ended.FINISHED
    return Ended.LIMIT if LIMITS & work.parameters.keys() else Ended.CUT_OFF


def _longest(items: tuple[Item, ...]) -> int:
    """The most steps that a list can come to; each branch back goes through it once more at most."""
    once = 0
    for item in items:
        inner = _longest(item.items) if item.items else 1
        entry = item.entry
        combinations = prod(len(values) for values in entry.for_each.values())
        once += inner * (entry.repeat or 1) * (entry.replicates or 1) * combinations
    return once * (1 + sum((item.entry.at_most or 1) - 1 for item in items))
