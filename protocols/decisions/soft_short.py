"""Lithium that grows into the electrolyte."""

from dataclasses import dataclass, field
from typing import ClassVar

from core.records import Decision
from protocols.decisions.kept_fit import KeptFit, number, usable
from protocols.decisions.rule import CELL_FOLLOWS, Rule

SOFT_SHORT = "soft short"
"""The name of the rule."""


@dataclass
class SoftShort(Rule):
    """Lithium in the electrolyte: R_bulk + R_gb falls although the temperature has not changed.

    It concludes from ``R_electrolyte`` and ``T`` of the fits, against the first of them. Without a
    thermometer nobody measures T, and a fall is still flagged; a thermometer that stopped
    answering proves nothing.

    Parameters
    ----------
    fall : float
        Relative fall that is flagged.
    temperature_band : float
        K that the temperature may have moved since the reference.
    confirmations : int
        Usable fits in a row.
    """

    name: ClassVar[str] = SOFT_SHORT
    alarm: ClassVar[bool] = True

    fall: float = 0.05
    temperature_band: float = 1.0
    confirmations: int = 3
    flagged: bool = field(default=False, init=False)
    _reference: tuple[int, float, float | None] | None = field(default=None, init=False, repr=False)
    _suspects: list[int] = field(default_factory=list, init=False, repr=False)

    def changed_at(self, time: float, what: str) -> None:
        """Take a new reference where another temperature was set, or while the cell follows it."""
        if what in ("T", CELL_FOLLOWS):
            self._reference = None
            self._suspects.clear()

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit."""
        if not usable(kept.fit, "R_electrolyte"):
            return None
        resistance, temperature = kept.fit["R_electrolyte"], number(kept.fit, "T")
        if self._reference is None:
            self._reference = (kept.id, resistance, temperature)
            return None
        first, reference, at = self._reference
        if temperature is None or at is None:
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
        return self.decision(
            f"R_bulk + R_gb fell by {1 - resistance / reference:.1%} at constant temperature",
            kept.fit.time,
            {
                "reference_ohm": reference,
                "resistance_ohm": resistance,
                "temperature_K": temperature,
                "reference_temperature_K": at,
            },
            (first, *self._suspects),
        )
