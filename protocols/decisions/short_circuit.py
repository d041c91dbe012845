"""Metal through the whole electrolyte, as E shows it within a poll and the impedance within a sweep."""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from core.cell import LITHIUM_FRACTION, Cell
from core.records import Decision
from protocols.decisions.collapse import Collapse, Look
from protocols.decisions.electrolyte import Electrolyte, electrolyte_of
from protocols.decisions.kept_fit import KeptFit, number, usable
from protocols.decisions.rule import Poll, Rule

LARGEST_EMF = 0.028
"""V that an electrode of Li-Mg comes to against lithium, at the solubility limit."""

SAME_CURRENT = 1.5
"""A current within this factor of another is the same: what flowed before does not hide a short."""


@dataclass
class ShortCircuit(Rule):
    """A hard short: the cell shows less than the electrolyte alone has to show.

    By E, once a poll, while an instrument holds a current: |E - emf| < share |I| (R_bulk + R_gb), with
    R_bulk + R_gb of the last fit that saw it, and whatever emf the electrodes may have. By impedance:
    Re Z at the lowest frequency (``Re_low``) below the same share of R_bulk + R_gb, brought to the
    present temperature; or R_int falling suddenly under a current (`protocols.decisions.collapse`).

    Parameters
    ----------
    share : float
        Of the electrolyte's resistance.
    settle : float
        s for which a current has to flow before E counts.
    lowest_emf, highest_emf : float
        V that the electrodes may have against each other, besides what was last measured at open
        circuit; zero for lithium on both sides.
    fall : float
        Relative fall of R_int from one spectrum to the next that is sudden.
    quiet : float
        V across the electrolyte below which a current counts as none.
    temperature_band : float
        K within which spectra are compared with each other.
    """

    name: ClassVar[str] = "short circuit"
    alarm: ClassVar[bool] = True

    share: float = 0.5
    settle: float = 2.0
    lowest_emf: float = 0.0
    highest_emf: float = 0.0
    fall: float = 0.3
    quiet: float = 1e-3
    temperature_band: float = 2.0
    acts: bool = field(default=True, kw_only=True)
    _found: bool = field(default=False, init=False, repr=False)
    _electrolyte: Electrolyte | None = field(default=None, init=False, repr=False)
    _open_circuit: tuple[int, float] | None = field(default=None, init=False, repr=False)
    _since: Poll | None = field(default=None, init=False, repr=False)
    _newest: Poll | None = field(default=None, init=False, repr=False)
    _collapse: Collapse = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._collapse = Collapse(self.fall, self.temperature_band)

    @classmethod
    def of_cell(cls, cell: Cell) -> Self:
        """Return the rule for a cell: an electrode of an alloy may have an emf, and a growing one."""
        working, counter = (LITHIUM_FRACTION[each] < 1 for each in (cell.anode, cell.counter.anode))
        return cls(lowest_emf=-LARGEST_EMF if counter else 0.0, highest_emf=LARGEST_EMF if working else 0.0)

    @property
    def shorted(self) -> bool:
        """Whether a short was found, and may be acted upon."""
        return self._found and not self.overridden

    @property
    def polls(self) -> tuple[Poll, ...]:
        """When this current began to flow, and the newest look."""
        if self._since is None or self._newest is None:
            return ()
        return (self._since, self._newest)

    def disturbed_at(self, time: float) -> None:
        """Compare no spectrum with those before the interruption."""
        self._collapse.begin_again()

    def changed_at(self, time: float, what: str) -> None:
        """Compare no spectrum with those before a change of temperature or pressure."""
        self._collapse.begin_again()

    def see_voltage(self, time: float, voltage: float, current: float) -> Decision | None:
        """Look at E under a current that the instrument holds; one look is enough."""
        if self._found or not (math.isfinite(voltage) and math.isfinite(current)):
            return None
        self._newest = (time, voltage, current)
        if self._since is None or not self._same(self._since[2], current):
            self._since = self._newest
        if time - self._since[0] < self.settle or self._electrolyte is None:
            return None
        drop = abs(current) * self._electrolyte.resistance
        if drop <= self.quiet or not self._too_little(voltage, current, self.share * drop):
            return None
        self._found = True
        fits = [self._electrolyte.fit] + ([] if self._open_circuit is None else [self._open_circuit[0]])
        values = self._values() | {"E": voltage, "I": current, "current_since_s": self._since[0]}
        words = f"E is {voltage * 1e3:.2f} mV, where the electrolyte alone needs {drop * 1e3:.2f} mV"
        return self.decision(words, time, values | {"by": "E"}, fits, acting=True)

    def see(self, kept: KeptFit) -> Decision | None:
        """Look at the next fit."""
        if self._found:
            return None
        found = self._by_real_part(kept) or self._by_collapse(kept)
        if found is None:
            self._learn(kept)
        self._found = found is not None
        return found

    def _same(self, before: float, now: float) -> bool:
        """Whether a current is still the one that began to flow."""
        if before == 0 or now == 0 or (before > 0) != (now > 0):
            return False
        return 1 / SAME_CURRENT <= now / before <= SAME_CURRENT

    def _too_little(self, voltage: float, current: float, needed: float) -> bool:
        """Whether E is short of what is needed, whatever emf there is, and not far on the other side."""
        seen = 0.0 if self._open_circuit is None else self._open_circuit[1]
        low, high = min(seen, self.lowest_emf), max(seen, self.highest_emf)
        beyond = voltage - low if current > 0 else high - voltage
        return beyond < needed and abs(voltage) < needed + max(abs(low), abs(high))

    def _by_real_part(self, kept: KeptFit) -> Decision | None:
        """A spectrum that ends below the electrolyte's resistance, and whose fit does not deny it."""
        fit, reference = kept.fit, self._electrolyte
        lowest = number(fit, "Re_low")
        if reference is None or lowest is None or "few points" in fit.flags:
            return None
        expected = reference.at(number(fit, "T"))
        if lowest >= self.share * expected or self._still_there(kept, expected):
            return None
        words = f"Re Z ends at {lowest:.4g} Ω, where the electrolyte alone has {expected:.4g} Ω"
        values = self._values() | {"Re_low": lowest, "expected_ohm": expected, "by": "Re Z"}
        return self.decision(words, fit.time, values, (reference.fit, kept.id), acting=True)

    def _by_collapse(self, kept: KeptFit) -> Decision | None:
        found = self._collapse.see(Look.of(kept, self._sign_of_current(kept)))
        if found is None:
            return None
        before, after = found[0], found[-1]
        words = f"R_int collapsed from {before.resistance:.4g} to {after.resistance:.4g} Ω"
        values = {"before_ohm": before.resistance, "after_ohm": after.resistance, "by": "R_int"}
        fits = [look.fit for look in found]
        return self.decision(words, kept.fit.time, self._values() | values, fits, acting=True)

    def _learn(self, kept: KeptFit) -> None:
        """Take the electrolyte from this fit, and E where no current flowed."""
        fit = kept.fit
        if usable(fit, "R_electrolyte"):
            known, at = self._electrolyte, number(fit, "T")
            # A resistance that creeps down towards a short must not take its reference with it.
            if (
                known is None
                or at is None
                or known.temperature is None
                or self._still_there(kept, known.at(at))
            ):
                self._electrolyte = electrolyte_of(kept)
        voltage = number(fit, "E")
        if voltage is not None and self._sign_of_current(kept) == 0:
            self._open_circuit = (kept.id, voltage)

    def _still_there(self, kept: KeptFit, expected: float) -> bool:
        """Whether a fit sees about the electrolyte that is expected."""
        return usable(kept.fit, "R_electrolyte") and kept.fit["R_electrolyte"] >= (1 - self.fall) * expected

    def _sign_of_current(self, kept: KeptFit) -> int | None:
        """Sign of the direct current; 0 where it shows nothing across the electrolyte, None if unknown."""
        current = number(kept.fit, "I")
        if current is None or self._electrolyte is None:
            return 0 if current == 0 else None
        if abs(current) * self._electrolyte.resistance <= self.quiet:
            return 0
        return 1 if current > 0 else -1

    def _values(self) -> dict[str, Any]:
        return {
            "reference_ohm": None if self._electrolyte is None else self._electrolyte.resistance,
            "E_open_circuit": None if self._open_circuit is None else self._open_circuit[1],
        }
