"""Stripping under a stack pressure that a spring holds (Krauskopf et al. 2019, Fig. 7)."""

from core.cell import Cell
from core.records import Fit
from drivers.abilities import Abilities
from protocols.decisions import Depletion
from protocols.galvanostatic import ConstantCurrent
from protocols.geis_stripping import DepletionParameters
from protocols.last_usable import LastUsable
from protocols.parameters import FloatParameter
from protocols.shared_parameters import STARTING, CurrentParameters
from protocols.under_pressure import RestedUnderPressure, in_words


class PressureRun(CurrentParameters, DepletionParameters, RestedUnderPressure):
    """Strip the working electrode under a stack pressure, with impedance all the while.

    The pressure is set before anything else, by a motor or by a hand on the screw; after that a
    spring holds it, and it is read all through the run, never corrected. 0 MPa is no fixture. The
    cell rests under pressure, and a PEIS there is the contact that the later ones are compared
    with. Where the pressure does not keep the contact, stripping to the cut-off destroys it.
    """

    spends_electrode = True

    current_density = FloatParameter(
        "Current density", units="µA/cm²", default=200.0, minimum=1.0, maximum=10_000.0,
        description="strips the working electrode; normalised to the electrode area",
    )  # fmt: skip
    time_limit = FloatParameter("Time limit", units="h", default=6.0, minimum=0.01, maximum=2000.0)

    def execute(self) -> None:
        """Condition, press, rest under pressure, strip, and conclude."""
        cell, abilities = self.session.cell, self.session.abilities
        self.bring_to_temperature()
        if not self.pressed_to(self.pressure):
            return
        before, at_start = self.rest_under_pressure(), self.conditions()
        depletion, newest = self.arm(self.depletion(cell, self.temperature)), LastUsable()
        self.strip(self.stripping(abilities, cell), newest.see)
        self.conclude(depletion, self.ended)
        self.report(before.fit, newest.fit, at_start, self.depleted_after(depletion))

    def depleted_after(self, depletion: Depletion) -> float | None:
        """Return t0 in s, from the current's beginning; None where it was not depleted."""
        if not depletion.confirmed or depletion.crossing is None or self.current_on is None:
            return None
        return depletion.crossing.time - self.current_on

    def stripping(self, abilities: Abilities, cell: Cell) -> ConstantCurrent:
        """Return the current in absolute numbers."""
        sweep = self.sweep(abilities.potentiostat)
        return self.current(self.current_density, cell, sweep, hours=self.time_limit)

    def report(
        self,
        before: Fit | None,
        after: Fit | None,
        at_start: dict[str, float | None],
        depleted_after: float | None,
    ) -> None:
        """Say what became of the contact, against the PEIS under pressure, and what the spring held."""
        cell, at_end = self.session.cell, self.conditions()
        contact = resistance = None
        if after is not None:
            resistance = cell.areal_resistance(after["R_int"])
            contact = after["C_int"] / before["C_int"] if before is not None else None
        end = "R_int unknown" if resistance is None else f"R_int {resistance:.3g} kΩ cm²"
        kept = "C_int/C0 unknown" if contact is None else f"C_int/C0 {contact:.2f}"
        t0 = "no depletion" if depleted_after is None else f"t0 {depleted_after / 3600:.3g} h"
        self.result(
            "stripping under pressure",
            f"{self.current_density:g} µA/cm² at {in_words(at_start)}: {end}, {kept} at the end "
            f"({self.end_reason}), {t0}; {in_words(at_end)} then",
            current_density_uA_cm2=self.current_density,
            pressure_wanted_MPa=self.pressure,
            pressure_start_MPa=at_start["pressure_MPa"],
            pressure_end_MPa=at_end["pressure_MPa"],
            pressure_uncertainty_MPa=at_start["pressure_uncertainty_MPa"],
            temperature_C=at_start["temperature_C"],
            R_int_start_kohm_cm2=None if before is None else cell.areal_resistance(before["R_int"]),
            C0_uF_cm2=None if before is None else cell.areal_capacitance(before["C_int"]),
            R_int_end_kohm_cm2=resistance,
            C_int_over_C0_end=contact,
            t0_h=None if depleted_after is None else depleted_after / 3600,
            charge_mAh_cm2=cell.areal_charge(self.charge.total),
        )

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out current, limits and force; refuse what the bench cannot do."""
        return [
            *self.stripping(abilities, cell).plan(abilities.potentiostat, cell),
            *self.plan_conditions(abilities, cell, self.pressure),
        ]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s."""
        planner, stripping = abilities.potentiostat, self.stripping(abilities, cell)
        return (
            self.longest_preparation(abilities) + stripping.longest + stripping.one_pass(planner) + STARTING
        )
