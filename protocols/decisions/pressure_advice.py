"""The next pressure of a forming, from the interface resistances at the pressures so far."""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.records import Decision
from protocols.decisions.kept_fit import KeptFit, number, usable
from protocols.decisions.rule import Rule

STEEPEST, SHALLOWEST = 3.0, 0.5
"""Bounds of -d ln R_int / d ln p: softer and harder than any contact between metal and garnet."""


@dataclass
class PressureAdvice(Rule):
    """Which pressure brings R_int to an aim, extrapolated on a straight line of ln R_int over ln p.

    It looks at the fits at one pressure (``p``) and concludes from the last that can be used, with
    those of the two newest pressures before it. After a single pressure the steepest line is taken,
    which goes the least far: a contact that was pressed too far cannot be taken back.

    Parameters
    ----------
    low, high : float
        Band of R_int that is wanted, in Ω.
    largest_step, smallest_step : float
        In Pa.
    highest : float
        Pressure that is never passed, in Pa; closer to it than the smallest step nothing is advised.
    before : list of (float, float)
        Pressure in Pa and R_int in Ω, where earlier pressures ended.

    Attributes
    ----------
    pressure : float or None
        What is advised, in Pa, once it has concluded; None where there is nothing to advise.
    reached : tuple of float or None
        Pressure in Pa and R_int in Ω at which this one ended.
    why : str
        Why nothing is advised, once it has concluded so.
    """

    name: ClassVar[str] = "pressure advice"

    low: float
    high: float
    largest_step: float
    smallest_step: float
    highest: float
    before: list[list[float]] = field(default_factory=list)
    acts: bool = field(default=True, kw_only=True)
    reached: tuple[float, float] | None = field(default=None, init=False)
    why: str = field(default="", init=False)
    _advice: float | None = field(default=None, init=False, repr=False)
    _fit: int = field(default=0, init=False, repr=False)
    _pressure: float | None = field(default=None, init=False, repr=False)

    @property
    def pressure(self) -> float | None:
        """The pressure advised in Pa, where it may be acted upon."""
        return None if self.overridden else self._advice

    @property
    def aim(self) -> float:
        """R_int in Ω that is aimed at: the upper half of the band, because creep goes on."""
        return (self.low + 3 * self.high) / 4

    def see(self, kept: KeptFit) -> Decision | None:
        """Take note of the next fit."""
        pressure = number(kept.fit, "p")
        if pressure is None or pressure <= 0:
            return None
        self._pressure, self._fit = pressure, kept.id
        if usable(kept.fit):
            self.reached = (pressure, kept.fit["R_int"])
        return None

    def conclude(self, time: float, ending: str) -> Decision | None:
        """Say which pressure comes next, or why none does."""
        fits = (self._fit,) if self._fit else ()
        values: dict[str, Any] = {"ending": ending}
        self.why = self._nothing_to_advise()
        if self._pressure is not None:
            values["pressure_Pa"] = self._pressure
        if self.reached is not None:
            values["R_int_ohm"] = self.reached[1]
        if self.why:
            return self.decision(f"no advice: {self.why}", time, values, fits)
        slope = self._slope()
        self._advice = advice = self._next(slope)
        values |= {"slope": slope, "advice_Pa": advice}
        return self.decision(f"press to {advice / 1e6:.2f} MPa", time, values, fits, acting=True)

    def _nothing_to_advise(self) -> str:
        """Return why there is nothing to advise; empty where there is."""
        if self._pressure is None:
            return "nobody measured the pressure"
        if self.reached is not None and self.reached[1] <= self.high:
            return f"R_int is {'within' if self.reached[1] >= self.low else 'below'} the band already"
        if self.highest - self._pressure < self.smallest_step:
            return "R_int is above the band at the highest pressure"
        return ""

    def _next(self, slope: float) -> float:
        assert self._pressure is not None
        now = self._pressure
        # Where no fit can be used there is next to no contact.
        wanted = math.inf if self.reached is None else now * (self.reached[1] / self.aim) ** (1 / slope)
        step = min(max(wanted - now, self.smallest_step), self.largest_step)
        return min(now + step, self.highest)

    def _slope(self) -> float:
        """Return -d ln R_int / d ln p by this pressure and the one before it."""
        if self.reached is None or not self.before:
            return STEEPEST
        (p1, r1), (p2, r2) = self.before[-1], self.reached
        if not p2 > p1:
            return STEEPEST
        return min(max(-math.log(r2 / r1) / math.log(p2 / p1), SHALLOWEST), STEEPEST)
