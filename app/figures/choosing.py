"""Which runs a figure shows: those that differ in what it is about, and agree in all the rest."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.figures.words import sorted_metals

if TYPE_CHECKING:
    from app.conclusions.facts import Facts

Condition = Literal["density", "temperature", "pressure"]

APART: dict[Condition, float] = {"density": 0.05, "temperature": 3.0, "pressure": 0.6e6}
"""How far values lie apart if they are of two conditions: a share of the density, K, Pa."""

SEVERAL_CURRENTS = frozenset(
    {"CriticalCurrentDensity", "PlatingStrippingCycling", "StripRestStrip", "PressureStaircase"}
)
"""Protocols that do more than strip at one current and one pressure."""


def strippings(every: Sequence["Facts"]) -> list["Facts"]:
    """Return the runs that strip at one current, and have impedance while they do."""
    return [
        each
        for each in every
        if each.density is not None
        and each.density > 0
        and each.protocol not in SEVERAL_CURRENTS
        and bool((each.curves.time > 0).sum() > 1)
    ]


@dataclass(frozen=True, eq=False)
class Chosen:
    """Runs of a figure.

    Attributes
    ----------
    runs : tuple of Facts
    level : dict of int to int
        Of each run: the place of its condition among those that are compared, from the lowest.
    levels : tuple of float
        The conditions, each the mean over its runs, in SI.
    """

    runs: tuple["Facts", ...]
    level: dict[int, int]
    levels: tuple[float, ...]

    @property
    def metals(self) -> list[str]:
        """The metals, in the order in which figures name them."""
        return sorted_metals(each.metal for each in self.runs)

    def of(self, metal: str) -> list["Facts"]:
        """Return the runs of one metal, the lowest condition first."""
        found = [each for each in self.runs if each.metal == metal]
        return sorted(found, key=lambda each: (self.level[each.run], each.run))


def value(facts: "Facts", condition: Condition) -> float:
    """Return what a run stood under, in SI; what a gauge cannot tell from no pressure is none."""
    if condition == "pressure" and not facts.pressed:
        return 0.0
    found = getattr(facts, condition)
    return 0.0 if found is None else abs(float(found))


def varying(every: Sequence["Facts"], condition: Condition, with_ideal: bool = False) -> Chosen:
    """Return the strippings that differ in one condition and agree in the others and in their history.

    Of several such families the one with the most different values is taken, then the one with the most
    runs, then the first.

    Parameters
    ----------
    every : sequence of Facts
    condition : {"density", "temperature", "pressure"}
    with_ideal : bool
        Whether contacts made at hundreds of MPa belong with the others.
    """
    return _largest(every, condition, lambda family, level: len(set(level.values())), with_ideal)


def comparing_metals(every: Sequence["Facts"]) -> Chosen:
    """Return the strippings under one condition that show the most metals; ideal contacts belong to them."""
    return _largest(every, "density", lambda family, level: len({each.metal for each in family}), True, True)


def _largest(
    every: Sequence["Facts"],
    condition: Condition,
    score: Callable[[list["Facts"], dict[int, int]], int],
    with_ideal: bool,
    hold_all: bool = False,
) -> Chosen:
    found = strippings(every)
    places = {name: _levels(found, name) for name in APART}
    families: dict[Hashable, list[Facts]] = defaultdict(list)
    for each in found:
        held = tuple(places[name][each.run] for name in APART if hold_all or name != condition)
        families[(held, each.annealed, not with_ideal and each.ideal_contact)].append(each)
    if not families:
        return Chosen((), {}, ())

    def rank(key: Hashable) -> tuple[int, bool, int]:
        family = families[key]
        level = {each.run: places[condition][each.run] for each in family}
        return score(family, level), not any(each.annealed for each in family), len(family)

    best = families[max(families, key=rank)]
    return gathered(best, condition)


def gathered(runs: Sequence["Facts"], condition: Condition) -> Chosen:
    """Return runs with the places of their conditions."""
    level = _levels(runs, condition)
    members: dict[int, list[float]] = defaultdict(list)
    for each in runs:
        members[level[each.run]].append(value(each, condition))
    means = tuple(sum(members[place]) / len(members[place]) for place in sorted(members))
    return Chosen(tuple(runs), level, means)


def _levels(runs: Sequence["Facts"], condition: Condition) -> dict[int, int]:
    """Return of each run the place of its value; values that lie close together share a place."""
    ordered = sorted(runs, key=lambda each: value(each, condition))
    places: dict[int, int] = {}
    place = 0
    for before, each in zip([None, *ordered], ordered, strict=False):
        if before is not None:
            low, high = value(before, condition), value(each, condition)
            apart = APART[condition] * (high if condition == "density" else 1)
            place += high - low > apart
        places[each.run] = place
    return places
