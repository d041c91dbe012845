"""Half cycles: a fixed areal charge in one direction, with impedance all the while."""

import math
from dataclasses import dataclass

from core.cell import Cell
from core.records import Ended, Fit
from drivers.abilities import Abilities
from protocols.expected import electrolyte_resistance
from protocols.galvanostatic import ConstantCurrent
from protocols.last_usable import LastUsable
from protocols.parameters import FloatParameter
from protocols.shared_parameters import STARTING, CurrentParameters
from protocols.under_pressure import RestedUnderPressure

DIRECTION = {1: "stripping the working electrode", -1: "plating the working electrode"}
"""What a positive and a negative current do."""

GROWS_FROM = {1: "counter electrode", -1: "working electrode"}
"""The electrode that lithium is plated onto, and grows into the electrolyte from."""


@dataclass(frozen=True)
class HalfCycle:
    """What one half cycle came to.

    Attributes
    ----------
    density : float
        µA/cm², positive for stripping the working electrode.
    ended : Ended
        `LIMIT` where its charge has passed.
    charge : float
        mAh/cm² that passed, without sign.
    voltage : float or None
        E in V at its end.
    fit : Fit or None
        The last usable one.
    """

    density: float
    ended: Ended
    charge: float
    voltage: float | None
    fit: Fit | None

    @property
    def direction(self) -> int:
        """1 for stripping the working electrode, -1 for plating it."""
        return 1 if self.density > 0 else -1


class HalfCycles(CurrentParameters, RestedUnderPressure):
    """A protocol that passes a fixed charge one way and the other."""

    capacity = FloatParameter(
        "Capacity per half cycle", units="mAh/cm²", default=0.1, minimum=1e-4, maximum=100.0,
        description="fixed; a critical current density means nothing without it",
    )  # fmt: skip

    def half_cycle(self, density: float) -> HalfCycle:
        """Pass the capacity at a current density in µA/cm², positive for stripping the working electrode.

        The circuit is open between two half cycles, for as long as loading the next program takes;
        events say when. Rules that follow R_int begin anew.
        """
        cell, before = self.session.cell, self.charge.total
        newest = LastUsable()
        self.rules.disturbed()
        ended = self.strip(self.half_cycle_current(density, self.session.abilities, cell), newest.see)
        return HalfCycle(
            density,
            ended,
            abs(cell.areal_charge(self.charge.total - before)),
            self.session.known.voltage_at_end,
            newest.fit,
        )

    def half_cycle_current(self, density: float, abilities: Abilities, cell: Cell) -> ConstantCurrent:
        """Return a half cycle's current in absolute numbers."""
        return self.current(density, cell, self.sweep(abilities.potentiostat), charge=self.capacity)

    def half_cycle_currents(
        self, densities: list[float], abilities: Abilities, cell: Cell
    ) -> list[ConstantCurrent]:
        """Return the currents of half cycles; those of a thousand cycles are worked out once."""
        made = {each: self.half_cycle_current(each, abilities, cell) for each in dict.fromkeys(densities)}
        return [made[each] for each in densities]

    def plan_half_cycles(self, densities: list[float], abilities: Abilities, cell: Cell) -> list[str]:
        """Check every half cycle; say what the first and the last of them mean.

        Raises
        ------
        BadInput
            If the potentiostat cannot do one.
        """
        planner = abilities.potentiostat
        currents = self.half_cycle_currents(densities, abilities, cell)
        planned = {each.current: each.plan(planner, cell) for each in dict.fromkeys(currents)}
        lines = [planned[each.current] for each in currents]
        seconds = math.fsum(each.longest for each in currents)
        spectra = sum(each.most_spectra(planner) for each in currents)
        shown = lines[:1] + lines[-1:] * (len(lines) > 1)
        return [
            f"{len(densities)} half cycles of {self.capacity:g} mAh/cm² "
            f"({cell.charge(self.capacity) * 1e3:.4g} mC), {seconds / 3600:.3g} h and {spectra} spectra "
            "at most; the circuit opens between them for a moment",
            *(line for each in shown for line in each),
            *dict.fromkeys(expected_voltage(each, cell) for each in (densities[0], densities[-1])),
        ]

    def longest_half_cycles(self, densities: list[float], abilities: Abilities, cell: Cell) -> float:
        """Return the longest that half cycles can take, in s."""
        planner = abilities.potentiostat
        currents = self.half_cycle_currents(densities, abilities, cell)
        return math.fsum(each.longest + each.one_pass(planner) + STARTING for each in currents)


def expected_voltage(density: float, cell: Cell) -> str:
    """Return E over the electrolyte alone at a density in µA/cm², in words."""
    resistance = electrolyte_resistance(cell)
    millivolt = cell.current(abs(density)) * resistance * 1e3
    return (
        f"at {abs(density):g} µA/cm² the electrolyte alone ({cell.areal_resistance(resistance) * 1e3:.3g} "
        f"Ω cm²) takes {millivolt:.3g} mV; less than half of that is a short circuit"
    )
