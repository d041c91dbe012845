"""Depletion of the interface, and the moment of it."""

import math
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from core.records import Decision, Ended, Fit
from protocols.decisions.kept_fit import KeptFit, usable
from protocols.decisions.rule import Poll, Rule

CUT_OFF = frozenset({str(Ended.CUT_OFF), "firmware limit"})
"""How a program ends that ran into its cut-off, by the host's hand or the firmware's."""


@dataclass
class Crossing:
    """A first crossing of a threshold, interpolated in ln R between two fits.

    `after` is None where what lies above the threshold is not a fit but E at the cut-off.
    """

    time: float
    before: KeptFit
    after: KeptFit | None
    fits: list[int]
    confirmed: bool = False


@dataclass
class Depletion(Rule):
    """Depletion of the interface: the first time R_int crosses a threshold upwards.

    The crossing is interpolated in ln R between the last fit below and the first above. It is
    confirmed by `confirmations` usable fits above in a row, or by the run reaching its cut-off;
    a usable fit below in between shows that it was noise. Where the cut-off comes before any sweep
    above is whole, E there says how large R_int was: |E/I| without the electrolyte; the crossing then
    lies between the last fit below and the cut-off, and both times are kept with it.

    Parameters
    ----------
    threshold : float
        In Ω, absolute.
    criterion : str
        In words, kept with the decision.
    confirmations : int
    factor : float
        What a measured R_int is multiplied by before it is compared: 1 for the raw criterion, the
        factor to the reference temperature for the normalised one.

    Attributes
    ----------
    crossing : Crossing or None
    disturbed : bool
        Whether the current was interrupted, which a crossing afterwards has to say.
    rejected : list of Crossing
        Those that a later fit refuted.
    """

    name: ClassVar[str] = "depletion"
    concludes_from_polls: ClassVar[bool] = True

    threshold: float
    criterion: str
    confirmations: int = 3
    factor: float = 1.0
    crossing: Crossing | None = field(default=None, init=False)
    disturbed: bool = field(default=False, init=False)
    rejected: list[Crossing] = field(default_factory=list, init=False)
    _below: KeptFit | None = field(default=None, init=False, repr=False)
    _usable: int = field(default=0, init=False, repr=False)
    _newest: Poll | None = field(default=None, init=False, repr=False)

    def resistance(self, fit: Fit) -> float:
        """R_int as the criterion sees it, in Ω."""
        return fit["R_int"] * self.factor

    @property
    def confirmed(self) -> bool:
        """Whether depletion has been concluded."""
        return self.crossing is not None and self.crossing.confirmed

    @property
    def reached(self) -> bool:
        """Whether depletion has been concluded, and may be acted upon."""
        return self.confirmed and not self.overridden

    def disturbed_at(self, time: float) -> None:
        """Take note that the current was interrupted: t0 is not that of one current any more."""
        self.disturbed = True

    @property
    def polls(self) -> tuple[Poll, ...]:
        """The newest look at E under current."""
        return () if self._newest is None else (self._newest,)

    def see_voltage(self, time: float, voltage: float, current: float) -> Decision | None:
        """Keep the newest look, for the case that the cut-off comes before a sweep is whole."""
        if current and math.isfinite(voltage) and math.isfinite(current):
            self._newest = (time, voltage, current)
        return None

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit; return a decision when there is something to conclude."""
        if self.confirmed or not usable(kept.fit):
            return None
        self._usable += 1
        if self.resistance(kept.fit) < self.threshold:
            return self._see_below(kept)
        if self.crossing is None:
            if self._below is None:
                return None
            self.crossing = Crossing(self._interpolate(self._below, kept), self._below, kept, [kept.id])
        else:
            self.crossing.fits.append(kept.id)
        if len(self.crossing.fits) >= self.confirmations:
            return self._confirm(kept.fit.time, f"{self.confirmations} fits in a row")
        return None

    def reached_cut_off(self, time: float) -> Decision | None:
        """Conclude from an unconfirmed crossing, or from E, when the run reaches its cut-off."""
        if self.crossing is None:
            return self._by_cut_off(time)
        if self.crossing.confirmed:
            return None
        return self._confirm(time, "the cut-off was reached after it")

    def _by_cut_off(self, time: float) -> Decision | None:
        """Conclude from E at the cut-off, which came before any sweep above the threshold was whole."""
        if self._below is None or self._newest is None:
            return None
        when, voltage, current = self._newest
        fit = self._below.fit
        resistance = (abs(voltage / current) - fit["R_electrolyte"]) * self.factor
        if not resistance >= self.threshold or not when > fit.time:
            return None
        crossed = _between(fit.time, self.resistance(fit), when, resistance, self.threshold)
        self.crossing = Crossing(crossed, self._below, None, [])
        why = f"the cut-off came before a sweep above was whole; by E R_int was {resistance:.3g} Ω there"
        decision = self._confirm(time, why)
        seen = {"not_before_s": fit.time, "not_after_s": when, "E": voltage, "I": current}
        return replace(decision, parameters=decision.parameters | seen)

    def end(self, time: float) -> Decision | None:
        """Say how a run without confirmed depletion is to be read."""
        if self.confirmed:
            return None
        if self.crossing is not None:
            return self._found(time, "unconfirmed crossing, kept", "the run ended before it was confirmed")
        return Decision(self.name, "censored", time, self._described() | {"why": self._why_censored()})

    def conclude(self, time: float, ending: str) -> Decision | None:
        """Say how what was seen is to be read; a cut-off confirms a crossing."""
        if ending in CUT_OFF and (confirmed := self.reached_cut_off(time)) is not None:
            return confirmed
        return self.end(time)

    def _why_censored(self) -> str:
        if not self._usable:
            return "there was no usable fit"
        if self._below is None:
            return "R_int was above the threshold from the first usable fit on"
        return "not depleted before the end"

    def _see_below(self, kept: KeptFit) -> Decision | None:
        refuted, self.crossing, self._below = self.crossing, None, kept
        if refuted is None:
            return None
        self.rejected.append(refuted)
        return Decision(
            self.name,
            "crossing refuted",
            kept.fit.time,
            self._described() | {"t_cross_s": refuted.time, "why": "a later fit lies below the threshold"},
            (refuted.before.id, *refuted.fits, kept.id),
        )

    def _confirm(self, time: float, why: str) -> Decision:
        assert self.crossing is not None
        self.crossing.confirmed = True
        return self._found(time, "depleted", why, changes_bench=self.acts and not self.overridden)

    def _found(self, time: float, outcome: str, why: str, *, changes_bench: bool = False) -> Decision:
        assert self.crossing is not None
        fits = (self.crossing.before.id, *self.crossing.fits)
        parameters = self._described() | {"t_cross_s": self.crossing.time, "why": why}
        return Decision(self.name, outcome, time, parameters, fits, changes_bench)

    def _described(self) -> dict[str, Any]:
        return {
            "criterion": self.criterion,
            "threshold_ohm": self.threshold,
            "factor": self.factor,
            "confirmations": self.confirmations,
            "disturbed": self.disturbed,
        }

    def _interpolate(self, below: KeptFit, above: KeptFit) -> float:
        low, high = self.resistance(below.fit), self.resistance(above.fit)
        return _between(below.fit.time, low, above.fit.time, high, self.threshold)


def _between(before: float, low: float, after: float, high: float, threshold: float) -> float:
    """Return when a resistance passes a threshold between two times, interpolated in its logarithm."""
    share = (math.log(threshold) - math.log(low)) / (math.log(high) - math.log(low))
    return before + share * (after - before)
