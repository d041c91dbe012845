"""Depletion of the interface, and the moment of it."""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.records import Decision, Ended, Fit
from protocols.decisions.kept_fit import KeptFit, usable
from protocols.decisions.rule import Rule

CUT_OFF = frozenset({str(Ended.CUT_OFF), "firmware limit"})
"""How a program ends that ran into its cut-off, by the host's hand or the firmware's."""


@dataclass
class Crossing:
    """A first crossing of a threshold, interpolated in ln R between two fits."""

    time: float
    before: KeptFit
    after: KeptFit
    fits: list[int]
    confirmed: bool = False


@dataclass
class Depletion(Rule):
    """Depletion of the interface: the first time R_int crosses a threshold upwards.

    The crossing is interpolated in ln R between the last fit below and the first above. It is
    confirmed by `confirmations` usable fits above in a row, or by the run reaching its cut-off;
    a usable fit below in between shows that it was noise.

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

    threshold: float
    criterion: str
    confirmations: int = 3
    factor: float = 1.0
    crossing: Crossing | None = field(default=None, init=False)
    disturbed: bool = field(default=False, init=False)
    rejected: list[Crossing] = field(default_factory=list, init=False)
    _below: KeptFit | None = field(default=None, init=False, repr=False)
    _usable: int = field(default=0, init=False, repr=False)

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
        """Conclude from an unconfirmed crossing when the run reaches its cut-off."""
        if self.crossing is None or self.crossing.confirmed:
            return None
        return self._confirm(time, "the cut-off was reached after it")

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
        low, high = math.log(self.resistance(below.fit)), math.log(self.resistance(above.fit))
        share = (math.log(self.threshold) - low) / (high - low)
        return below.fit.time + share * (above.fit.time - below.fit.time)
