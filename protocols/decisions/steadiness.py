"""Whether a quantity holds still."""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.records import Decision
from protocols.decisions.kept_fit import KeptFit, usable
from protocols.decisions.rule import CELL_FOLLOWS, Rule

FEWEST = 3
"""Points that a slope with a standard error needs."""

Point = tuple[int, float, float]
"""Id of a fit, its time, and the quantity or its logarithm."""


@dataclass
class Steadiness(Rule):
    """A quantity is steady: its slope over a window is small, several times in a row.

    The slope is that of a least-squares line through the usable fits of the window. The window
    always reaches back to a fit that is at least so old, so there is nothing to conclude before
    it is full.

    Parameters
    ----------
    quantity : str
        Of a fit, e.g. ``"R_electrolyte"``; in SI and absolute.
    change : float
        Largest change over the window, relative (of the logarithm) or in SI.
    window : float
        In s.
    confirmations : int
        Times in a row.
    relative : bool
    """

    name: ClassVar[str] = "steadiness"

    quantity: str
    change: float
    window: float
    confirmations: int = 1
    relative: bool = True
    acts: bool = field(default=True, kw_only=True)
    _points: deque[Point] = field(default_factory=deque, init=False, repr=False)
    _slope: tuple[float, float] = field(default=(math.nan, math.nan), init=False, repr=False)
    _row: int = field(default=0, init=False, repr=False)
    _found: bool = field(default=False, init=False, repr=False)

    @property
    def steady(self) -> bool:
        """Whether it has been concluded that the quantity is steady, and may be acted upon."""
        return self._found and not self.overridden

    def disturbed_at(self, time: float) -> None:
        """Begin anew: what was before the interruption says nothing of what comes after."""
        self._points.clear()
        self._row, self._slope = 0, (math.nan, math.nan)

    def changed_at(self, time: float, what: str) -> None:
        """Begin anew: something that the quantity may depend on was changed; what follows it is judged."""
        if what != CELL_FOLLOWS:
            self.disturbed_at(time)

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit; conclude once."""
        if self._found or not usable(kept.fit, self.quantity):
            return None
        value = kept.fit[self.quantity]
        if self.relative and value <= 0:
            return None
        points = self._points
        points.append((kept.id, kept.fit.time, math.log(value) if self.relative else value))
        oldest = kept.fit.time - self.window
        while len(points) > FEWEST and points[1][1] <= oldest:
            points.popleft()
        if len(points) < FEWEST or points[0][1] > oldest:
            return None
        self._slope = slope_of([(time, y) for _, time, y in points])
        self._row = self._row + 1 if abs(self._slope[0]) * self.window < self.change else 0
        if self._row < self.confirmations:
            return None
        self._found = True
        return self.decision("steady", kept.fit.time, self._values(), self._fits(), acting=True)

    def conclude(self, time: float, ending: str) -> Decision | None:
        """Say that it was not steady, and how fast it still moved."""
        if self._found:
            return None
        why = "the window was never full" if math.isnan(self._slope[0]) else "it still moves"
        return self.decision(
            "not steady", time, self._values() | {"ending": ending, "why": why}, self._fits()
        )

    def _fits(self) -> tuple[int, ...]:
        return tuple(number for number, _, _ in self._points)

    def _values(self) -> dict[str, Any]:
        """Slope and standard error per s, of the logarithm where the change is relative."""
        return {"slope_per_s": self._slope[0], "slope_stderr_per_s": self._slope[1]}


def slope_of(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return slope and standard error of a least-squares line through points of equal weight.

    Sums are exact, so that the result does not depend on the machine. Times that are all the same
    determine no slope: nan.
    """
    n = len(points)
    middle, mean = (math.fsum(each) / n for each in zip(*points, strict=True))
    spread = math.fsum((t - middle) ** 2 for t, _ in points)
    if n < FEWEST or not spread > 0:
        return math.nan, math.nan
    slope = math.fsum((t - middle) * (y - mean) for t, y in points) / spread
    rest = math.fsum((y - mean - slope * (t - middle)) ** 2 for t, y in points)
    return slope, math.sqrt(rest / (n - 2) / spread)
