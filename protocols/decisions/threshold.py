"""A quantity that passes a value, or stays within a band, for several fits in a row."""

import math
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.records import Decision
from protocols.decisions.kept_fit import KeptFit, usable
from protocols.decisions.rule import Rule


@dataclass
class _InARow(Rule):
    """Counts fits that fulfil a condition; those that cannot be used neither count nor interrupt."""

    quantity: str
    confirmations: int = field(default=3, kw_only=True)
    acts: bool = field(default=True, kw_only=True)
    _row: list[int] = field(default_factory=list, init=False, repr=False)
    _last: tuple[int, float] | None = field(default=None, init=False, repr=False)
    _found: bool = field(default=False, init=False, repr=False)

    @property
    def reached(self) -> bool:
        """Whether it has been concluded, and may be acted upon."""
        return self._found and not self.overridden

    @abstractmethod
    def fulfilled(self, value: float) -> bool:
        """Whether a value counts."""

    @abstractmethod
    def outcome(self) -> str:
        """What is concluded, in words."""

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit; conclude once, with the last of those in a row."""
        if self._found or not usable(kept.fit, self.quantity):
            return None
        value = kept.fit[self.quantity]
        self._last = kept.id, value
        if not self.fulfilled(value):
            self._row.clear()
            return None
        self._row.append(kept.id)
        if len(self._row) < self.confirmations:
            return None
        self._found = True
        return self.decision(self.outcome(), kept.fit.time, {"last": value}, self._row, acting=True)

    def conclude(self, time: float, ending: str) -> Decision | None:
        """Say that it was not reached, and where it stood."""
        if self._found:
            return None
        fits = () if self._last is None else (self._last[0],)
        values: dict[str, Any] = {"last": math.nan if self._last is None else self._last[1], "ending": ending}
        values["why"] = "there was no usable fit" if self._last is None else f"{len(self._row)} in a row"
        return self.decision("not reached", time, values, fits)


@dataclass
class Threshold(_InARow):
    """A fitted or measured quantity lies beyond a value in several usable fits in a row.

    Parameters
    ----------
    quantity : str
        Of a fit, e.g. ``"R_int"``; in SI and absolute.
    value : float
        To be passed.
    above : bool
        Upwards; otherwise downwards.
    confirmations : int
        Fits in a row.
    """

    name: ClassVar[str] = "threshold"

    value: float
    above: bool = True

    def fulfilled(self, value: float) -> bool:
        """Whether a value lies beyond the threshold."""
        return value > self.value if self.above else value < self.value

    def outcome(self) -> str:
        """What is concluded, in words."""
        return f"{self.quantity} is {'above' if self.above else 'below'} {self.value:.4g}"


@dataclass
class Within(_InARow):
    """A fitted or measured quantity lies within a band in several usable fits in a row.

    Parameters
    ----------
    quantity : str
        Of a fit, e.g. ``"R_int"``; in SI and absolute.
    low, high : float
        The band, with its ends.
    confirmations : int
        Fits in a row.
    """

    name: ClassVar[str] = "within"

    low: float
    high: float

    def fulfilled(self, value: float) -> bool:
        """Whether a value lies within the band."""
        return self.low <= value <= self.high

    def outcome(self) -> str:
        """What is concluded, in words."""
        return f"{self.quantity} is within {self.low:.4g} to {self.high:.4g}"
