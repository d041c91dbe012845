"""Readings that stop coming, or that come and do not change: what is not measured guards nothing."""

import math
from collections.abc import Callable, Iterator

from app.runner.checks import Check, Finding, Look, Quantity, span


class Staleness(Check):
    """Flags a quantity that is no longer read although it once was; acts where that is dangerous.

    Parameters
    ----------
    quantity : Quantity
    after : float
        Age in s of the newest reading.
    counts : callable
        Whether the quantity is to be expected at all at this look.
    danger : callable
        Says in words why not knowing it is dangerous at this look; empty if it is not.
    by_chamber : bool
        Whether the chamber must not keep its set-point after it was acted on.
    """

    def __init__(
        self,
        quantity: Quantity,
        after: float,
        counts: Callable[[Look], bool] = lambda seen: True,
        danger: Callable[[Look], str] = lambda seen: "",
        *,
        by_chamber: bool = False,
    ) -> None:
        self._quantity, self._after = quantity, after
        self._counts, self._danger, self._by_chamber = counts, danger, by_chamber
        self._since: float | None = None
        self._acted = False

    def look(self, seen: Look) -> Iterator[Finding]:
        """Say when the readings stop, when that becomes dangerous, and when they come again."""
        quantity, age = self._quantity, seen.age(self._quantity.symbol)
        if age is None or age <= self._after or not self._counts(seen):
            since, self._since, self._acted = self._since, None, False
            if since is not None and age is not None and age <= self._after:
                away = seen.now - since
                message = f"{quantity.name} is known again after {span(away)}"
                yield Finding("fresh again", message, data={"quantity": quantity.symbol, "seconds": away})
            return
        data = {"quantity": quantity.symbol, "age_s": age}
        shown = quantity.write(seen.values[quantity.symbol])
        if self._since is None:
            self._since = seen.at[quantity.symbol]
            message = f"{quantity.name} has not been read for {span(age)}, the last was {shown}"
            yield Finding("stale", message, data=data)
        danger = "" if self._acted else self._danger(seen)
        if danger:
            self._acted = True
            message = f"{quantity.name} has not been read for {span(age)} while {danger}"
            yield Finding("limit", message, "alarm", data, trips=True, by_chamber=self._by_chamber)


class Unchanged(Check):
    """Flags a quantity that comes to the last digit the same while a current flows.

    No voltage that is measured does that; one that does is perhaps not measured.

    Parameters
    ----------
    quantity : Quantity
    after : float
        In s.
    """

    def __init__(self, quantity: Quantity, after: float) -> None:
        self._quantity, self._after = quantity, after
        self._value, self._since = math.nan, 0.0
        self._flagged = False

    def look(self, seen: Look) -> Iterator[Finding]:
        """Say when it has stood still for too long, and when it moves again."""
        quantity = self._quantity
        value = seen.values.get(quantity.symbol, math.nan)
        if value != self._value or not seen.current_flows:
            if self._flagged:
                yield Finding("moves again", f"{quantity.name} moves again: {quantity.write(value)}")
            self._value, self._since, self._flagged = value, seen.now, False
            return
        read = seen.at.get(quantity.symbol, self._since)
        if read - self._since >= self._after and not self._flagged:
            self._flagged = True
            message = (
                f"{quantity.name} has read {quantity.write(value)} to the last digit for "
                f"{span(read - self._since)} under current; it may not be measured any more"
            )
            yield Finding("stuck", message, data={"quantity": quantity.symbol, "value": value})
