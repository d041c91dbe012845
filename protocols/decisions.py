"""Conclusions drawn from fits while a run goes on, as small objects that can be replayed."""

import math
from dataclasses import dataclass, field

from core.records import Decision, Fit

UNUSABLE = frozenset({"below resolution", "poor fit", "few points", "no fit", "not identifiable"})
"""Flags of fits that no conclusion is drawn from."""


SOFT_SHORT = "soft short"
"""The rule that is also an alarm."""


@dataclass(frozen=True)
class KeptFit:
    """A fit with the identifier it has in the journal."""

    id: int
    fit: Fit


ELECTROLYTE_UNUSABLE = frozenset({"poor fit", "few points", "no fit"})
"""A fit that sees no interface arc still sees the electrolyte, a short circuit above all."""


def usable(fit: Fit, name: str = "R_int") -> bool:
    """Whether a conclusion about `name` may rest on this fit.

    A fit with masked low frequencies counts as long as the apex of the interface arc lies within
    the frequencies used, and drift alone is no veto.
    """
    value = fit.parameters.get(name)
    if value is None or not math.isfinite(value.value) or value.value <= 0:
        return False
    if name == "R_electrolyte":
        return not ELECTROLYTE_UNUSABLE.intersection(fit.flags)
    return not UNUSABLE.intersection(fit.flags) and "truncated arc" not in fit.flags


@dataclass
class Crossing:
    """A first crossing of a threshold, interpolated in ln R between two fits."""

    time: float
    before: KeptFit
    after: KeptFit
    fits: list[int]
    confirmed: bool = False


@dataclass
class Depletion:
    """Depletion of the interface: the first time R_int crosses a threshold upwards.

    The crossing is interpolated in ln R between the last fit below and the first above. It is
    confirmed by `confirmations` usable fits above in a row, or by the run reaching its cut-off;
    a usable fit below in between shows that it was noise.

    Parameters
    ----------
    threshold : float
        In Ω, absolute.
    factor : float
        What a measured R_int is multiplied by before it is compared: 1 for the raw criterion, the
        factor to the reference temperature for the normalised one.
    criterion : str
        In words, kept with the decision.
    confirmations : int
    """

    threshold: float
    criterion: str
    confirmations: int = 3
    factor: float = 1.0
    crossing: Crossing | None = None
    disturbed: bool = False
    """Whether the current was interrupted, which a crossing afterwards has to say."""
    _below: KeptFit | None = field(default=None, repr=False)
    _usable: int = field(default=0, repr=False)
    rejected: list[Crossing] = field(default_factory=list)

    def resistance(self, fit: Fit) -> float:
        """R_int as the criterion sees it, in Ω."""
        return fit["R_int"] * self.factor

    @property
    def confirmed(self) -> bool:
        """Whether depletion has been concluded."""
        return self.crossing is not None and self.crossing.confirmed

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
            return self._decision(time, "unconfirmed crossing, kept", "the run ended before it was confirmed")
        return Decision("depletion", "censored", time, self._parameters() | {"why": self._why_censored()})

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
            "depletion",
            "crossing refuted",
            kept.fit.time,
            self._parameters() | {"t_cross_s": refuted.time, "why": "a later fit lies below the threshold"},
            (refuted.before.id, *refuted.fits, kept.id),
        )

    def _confirm(self, time: float, why: str) -> Decision:
        assert self.crossing is not None
        self.crossing.confirmed = True
        return self._decision(time, "depleted", why)

    def _decision(self, time: float, outcome: str, why: str) -> Decision:
        assert self.crossing is not None
        fits = (self.crossing.before.id, *self.crossing.fits)
        parameters = self._parameters() | {"t_cross_s": self.crossing.time, "why": why}
        return Decision("depletion", outcome, time, parameters, fits)

    def _parameters(self) -> dict[str, object]:
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


@dataclass
class SoftShort:
    """Lithium in the electrolyte: R_bulk + R_gb falls although the temperature has not changed.

    Parameters
    ----------
    fall : float
        Relative fall that is flagged; 0.05 by default.
    temperature_band : float
        K that the temperature may have moved since the reference.
    confirmations : int
        Usable fits in a row.
    """

    fall: float = 0.05
    temperature_band: float = 1.0
    confirmations: int = 3
    _reference: tuple[int, float, float | None] | None = field(default=None, repr=False)
    _suspects: list[int] = field(default_factory=list, repr=False)
    flagged: bool = False

    def see(self, kept: KeptFit, temperature: float | None) -> Decision | None:
        """Look at the next fit, taken at `temperature` K; None where it is not measured."""
        if not usable(kept.fit, "R_electrolyte"):
            return None
        resistance = kept.fit["R_electrolyte"]
        if self._reference is None:
            self._reference = (kept.id, resistance, temperature)
            return None
        number, reference, at = self._reference
        if temperature is None or at is None:
            # Without a chamber nobody measures T; one that stopped answering proves nothing.
            steady = temperature is at
        else:
            steady = abs(temperature - at) <= self.temperature_band
        if not steady or resistance >= (1 - self.fall) * reference:
            self._suspects.clear()
            self.flagged = self.flagged and steady
            return None
        self._suspects.append(kept.id)
        if self.flagged or len(self._suspects) < self.confirmations:
            return None
        self.flagged = True
        return Decision(
            SOFT_SHORT,
            f"R_bulk + R_gb fell by {1 - resistance / reference:.1%} at constant temperature",
            kept.fit.time,
            {
                "reference_ohm": reference,
                "resistance_ohm": resistance,
                "fall": self.fall,
                "temperature_K": temperature,
                "reference_temperature_K": at,
            },
            (number, *self._suspects),
        )
