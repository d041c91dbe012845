"""Stripping in two parts with a rest between them, to see how much of the contact recovers."""

import math

from core.cell import Cell
from core.errors import BadInput
from core.records import Ended, Fit
from drivers.abilities import Abilities
from protocols.galvanostatic import ConstantCurrent
from protocols.generators import held
from protocols.last_usable import LastUsable
from protocols.parameters import FloatParameter
from protocols.protocol import Protocol
from protocols.shared_parameters import (
    CurrentParameters,
    RestParameters,
    SweepParameters,
    TemperatureParameters,
    check_temperature,
)

CERTAIN = 4.0
"""Standard errors that contact has to have lost before a share of the loss means something."""


class StripRestStrip(SweepParameters, CurrentParameters, TemperatureParameters, RestParameters, Protocol):
    """Strip a charge, rest with impedance, strip the same charge again; see what a rest gives back.

    C_int stands for contact: before, after the first stripping, and after the rest. Pores that
    formed under current either heal while the cell rests, or the second stripping goes on where the
    first one left them. Where the cut-off comes before the charge has passed, the working electrode
    has lost its contact, and what would follow is left out.
    """

    spends_electrode = True

    current_density = FloatParameter(
        "Current density", units="µA/cm²", default=100.0, minimum=1.0, maximum=10_000.0,
        description="strips the working electrode; normalised to the electrode area",
    )  # fmt: skip
    charge_each = FloatParameter(
        "Charge of each stripping", units="mAh/cm²", default=0.4, minimum=1e-4, maximum=100.0
    )
    rest_between = FloatParameter("Rest between", units="h", default=10.0, minimum=0.05, maximum=1000.0)
    spectrum_every = FloatParameter(
        "A spectrum every", units="min", default=10.0, minimum=0.1, maximum=600.0,
        description="of the rest between the strippings",
    )  # fmt: skip

    def execute(self) -> None:
        """Bring to temperature, rest, strip, rest with impedance, strip again, and compare."""
        abilities, cell = self.session.abilities, self.session.cell
        reference = self.reference(abilities.potentiostat, cell, self.temperature)
        if self.condition(self.temperature):
            self.soak(reference, steady=self.soak_steady / 100, maximum=self.soak_maximum * 3600)
        self.rest(self.rest_minimum * 60, self.rest_maximum * 60, self.rest_stability / 1e3 / 3600)
        before, stripped, rested, again = LastUsable(self.peis(reference)), *(LastUsable() for _ in range(3))
        if self.strip(self.stripping(abilities, cell), stripped.see) is not Ended.LIMIT:
            return
        series = self.peis_series(
            reference, every=self.spectrum_every * 60, duration=self.rest_between * 3600
        )
        with held(series) as spectra:
            for kept in spectra:
                if self.shorted:
                    self.ends(Ended.SHORTED, "short circuit")
                    return
                rested.see(kept)
        self.report_recovery(before.fit, stripped.fit, rested.fit)
        # What R_int was under the first current is not compared with what it is under the second.
        self.rules.disturbed()
        if self.strip(self.stripping(abilities, cell), again.see) is Ended.LIMIT:
            self.ends(Ended.FINISHED)
        self.report_second(stripped.fit, again.fit)

    def report_recovery(self, before: Fit | None, stripped: Fit | None, rested: Fit | None) -> None:
        """Keep what the rest gave back of the contact."""
        if before is None or stripped is None or rested is None:
            self.session.event(
                "no result", "C_int was not seen before, under or after the current", "warning"
            )
            return
        whole, left, back = (fit["C_int"] for fit in (before, stripped, rested))
        certain = CERTAIN * math.hypot(*(fit.parameters["C_int"].stderr for fit in (before, stripped)))
        recovered = (back - left) / (whole - left) if whole - left > certain else None
        share = "little was lost" if recovered is None else f"{recovered:.1%} of what was lost"
        resistance = self.session.cell.areal_resistance
        self.result(
            "recovery",
            f"apparent contact {left / whole:.3f} after stripping, {back / whole:.3f} after the rest "
            f"({share}); R_int {resistance(stripped['R_int']):.4g} → "
            f"{resistance(rested['R_int']):.4g} kΩ cm²",
            recovery_ratio=back / whole,
            contact_after_stripping=left / whole,
            recovered_share=recovered,
            before_ohm=before["R_int"],
            stripped_ohm=stripped["R_int"],
            rested_ohm=rested["R_int"],
        )

    def report_second(self, first: Fit | None, second: Fit | None) -> None:
        """Keep where the second stripping came to, beside the first."""
        if first is None or second is None:
            return
        resistance = self.session.cell.areal_resistance
        self.result(
            "second stripping",
            f"{self.end_reason}; R_int {resistance(second['R_int']):.4g} kΩ cm² at its end, "
            f"{resistance(first['R_int']):.4g} kΩ cm² at the end of the first",
            first_ohm=first["R_int"],
            second_ohm=second["R_int"],
        )

    def stripping(self, abilities: Abilities, cell: Cell) -> ConstantCurrent:
        """Return the current of either stripping in absolute numbers."""
        sweep = self.sweep(abilities.potentiostat)
        return self.current(self.current_density, cell, sweep, charge=self.charge_each)

    @property
    def spectra_between(self) -> int:
        """How many spectra there are between the strippings."""
        return math.floor(self.rest_between * 60 / self.spectrum_every) + 1

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out currents, ranges and limits; refuse what the bench cannot do."""
        check_temperature(self.temperature, abilities)
        planner = abilities.potentiostat
        spectrum = self.plan_sweep(planner, cell, self.temperature)
        seconds = planner.sweep_duration(self.sweep(planner))
        if seconds >= self.spectrum_every * 60:
            problem = f"spectrum_every = {self.spectrum_every:g} min is shorter than one of {seconds:.0f} s;"
            raise BadInput(problem, "lengthen it, or raise f_min.")
        return [
            self.plan_rest(),
            f"twice {self.charge_each:g} mAh/cm² ({cell.charge(self.charge_each) * 1e3:.4g} mC), with "
            f"{self.rest_between:g} h and {self.spectra_between} spectra between; each time:",
            *self.stripping(abilities, cell).plan(planner, cell),
            *spectrum,
        ]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s."""
        planner, stripping = abilities.potentiostat, self.stripping(abilities, cell)
        current = stripping.longest + stripping.one_pass(planner) + self.longest_peis(planner, repeat=0)
        before = self.longest_soak + self.longest_rest + self.longest_peis(planner)
        return before + self.rest_between * 3600 + self.longest_peis(planner, repeat=0) + 2 * current
