"""What is checked all through a run: quality bands that flag, safety limits that act.

A check looks at what is known at one instant and says what is new. It latches: a band that is left
is said once, and once more when the quantity is back.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.units import ZERO_CELSIUS

RETURN_SHARE = 0.8
"""Share of a band's half width within which a quantity counts as back, so that noise does not chatter."""

CONFIRMED_BY = 2
"""Readings in a row beyond a safety limit that it takes to act: one garbled reply is no reason."""


@dataclass(frozen=True)
class Look:
    """What is known at one bench second.

    Attributes
    ----------
    now : float
    values : mapping of str to float
        The newest finite reading of each quantity: ``T`` K, ``F`` N, ``E`` V, ``I`` A.
    at : mapping of str to float
        The bench second each of them was taken at.
    wanted : mapping of str to float
        What the protocol wants held: ``T`` in K, ``F`` in N.
    """

    now: float
    values: Mapping[str, float]
    at: Mapping[str, float]
    wanted: Mapping[str, float] = field(default_factory=dict)

    @property
    def current_flows(self) -> bool:
        """Whether the newest current is not that of an open circuit, which is exactly zero."""
        return self.values.get("I", 0.0) != 0.0

    def age(self, symbol: str) -> float | None:
        """Return the age of the newest reading in s; None where there never was one."""
        return self.now - self.at[symbol] if symbol in self.at else None


@dataclass(frozen=True)
class Finding:
    """Something that a check found.

    Attributes
    ----------
    kind, message, severity, data
        Of the event that is kept; see `core.records.Event`.
    trips : bool
        Whether the run has to end in the safe state.
    by_chamber : bool
        Whether the chamber is what is wrong, so that it must not keep its set-point.
    """

    kind: str
    message: str
    severity: str = "warning"
    data: dict[str, Any] = field(default_factory=dict)
    trips: bool = False
    by_chamber: bool = False


class Check(ABC):
    """One thing that is watched."""

    @abstractmethod
    def look(self, seen: Look) -> Iterator[Finding]:
        """Look once and say what is new."""


@dataclass(frozen=True)
class Quantity:
    """What is watched: its symbol, what operators call it, and how its values are written."""

    symbol: str
    name: str
    write: Callable[[float], str]


TEMPERATURE = Quantity("T", "chamber temperature", lambda kelvin: f"{kelvin - ZERO_CELSIUS:.2f} °C")
FORCE = Quantity("F", "force", lambda newtons: f"{newtons:.4g} N")
VOLTAGE = Quantity("E", "E", lambda volts: f"{volts:.4g} V")
CURRENT = Quantity("I", "I", lambda amperes: f"{amperes * 1e6:.4g} µA")


class QualityBand(Check):
    """Flags that a quantity has left the band around what the protocol wants, once it was reached.

    Parameters
    ----------
    quantity : Quantity
    half_width : callable
        Gives the half width of the band for a wanted value, both in SI.
    """

    def __init__(self, quantity: Quantity, half_width: Callable[[float], float]) -> None:
        self._quantity, self._half_width = quantity, half_width
        self._target: float | None = None
        self._reached = False
        self._left: float | None = None

    def look(self, seen: Look) -> Iterator[Finding]:
        """Say when the band is left, and when the quantity is back."""
        quantity = self._quantity
        target, value = seen.wanted.get(quantity.symbol), seen.values.get(quantity.symbol)
        if target != self._target:
            self._target, self._reached, self._left = target, False, None
        if target is None or value is None:
            return
        width, distance = self._half_width(target), abs(value - target)
        data = {"quantity": quantity.symbol, "value": value, "wanted": target, "half_width": width}
        around = f"{quantity.write(value)} for {quantity.write(target)}"
        if not self._reached:
            self._reached = distance <= width
        elif self._left is None and distance > width:
            self._left = seen.now
            yield Finding("band left", f"{quantity.name} {around}; the run goes on", data=data)
        elif self._left is not None and distance <= RETURN_SHARE * width:
            away, self._left = seen.now - self._left, None
            message = f"{quantity.name} is back after {span(away)}: {around}"
            yield Finding("band reached again", message, data=data | {"seconds": away})


class SafetyLimit(Check):
    """Acts when a quantity is beyond what cell or instrument may see, by two readings in a row.

    Parameters
    ----------
    quantity : Quantity
    lowest, highest : float
        In SI; for a limit of the magnitude, `lowest` is the negative of `highest`.
    remedy : str
        What the operator is told to do.
    by_chamber : bool
        Whether the chamber must not keep its set-point afterwards.
    """

    def __init__(
        self, quantity: Quantity, lowest: float, highest: float, remedy: str, *, by_chamber: bool = False
    ) -> None:
        self._quantity, self._lowest, self._highest = quantity, lowest, highest
        self._remedy, self._by_chamber = remedy, by_chamber
        self._seen_at = -math.inf
        self._beyond = 0

    def look(self, seen: Look) -> Iterator[Finding]:
        """Say once that the limit was crossed; again only after the quantity was back."""
        quantity = self._quantity
        value, at = seen.values.get(quantity.symbol), seen.at.get(quantity.symbol)
        if value is None or at is None or at == self._seen_at:
            return
        self._seen_at = at
        if self._lowest <= value <= self._highest:
            self._beyond = 0
            return
        self._beyond += 1
        if self._beyond != CONFIRMED_BY:
            return
        above = value > self._highest
        bound = self._highest if above else self._lowest
        message = (
            f"{quantity.name} {quantity.write(value)} is {'above' if above else 'below'} the limit of "
            f"{quantity.write(bound)}; {self._remedy}"
        )
        data = {"quantity": quantity.symbol, "value": value, "limit": bound}
        yield Finding("limit", message, "alarm", data, trips=True, by_chamber=self._by_chamber)


class Soak(Check):
    """Acts when the chamber does not come to what is wanted.

    Parameters
    ----------
    band : float
        K around the wanted temperature within which it is reached.
    longest : float
        s that it may take.
    """

    def __init__(self, band: float, longest: float) -> None:
        self._band, self._longest = band, longest
        self._target: float | None = None
        self._since = 0.0
        self._done = True

    def look(self, seen: Look) -> Iterator[Finding]:
        """Say once that a temperature was not reached in time."""
        target, value = seen.wanted.get(TEMPERATURE.symbol), seen.values.get(TEMPERATURE.symbol)
        if target != self._target:
            self._target, self._since, self._done = target, seen.now, target is None
        if self._done or target is None:
            return
        if value is not None and abs(value - target) <= self._band:
            self._done = True
        elif seen.now - self._since > self._longest:
            self._done = True
            reads = "was never read" if value is None else f"reads {TEMPERATURE.write(value)}"
            message = (
                f"the chamber has not reached {TEMPERATURE.write(target)} within {span(self._longest)}, "
                f"it {reads}; check that it runs and that its door is closed"
            )
            data = {"quantity": TEMPERATURE.symbol, "wanted": target}
            yield Finding("limit", message, "alarm", data, trips=True, by_chamber=True)


def span(seconds: float) -> str:
    """Write a time in s the way people say it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
