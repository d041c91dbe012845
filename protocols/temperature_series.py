"""Stripping at another temperature (Krauskopf et al. 2019, Fig. 6)."""

from core.cell import Cell
from core.records import Ended
from drivers.abilities import Abilities
from protocols.decisions import Depletion
from protocols.galvanostatic import ConstantCurrent
from protocols.geis_stripping import DepletionParameters
from protocols.parameters import FloatParameter, ListParameter, OptionalFloatParameter
from protocols.protocol import Protocol
from protocols.shared_parameters import (
    CurrentParameters,
    RestParameters,
    SettlingParameters,
    SweepParameters,
    TemperatureParameters,
    check_temperature,
)

WARM = 50.0
"""°C from which on pores heal so fast that stripping may never deplete the interface."""
LONGEST_WARM = 25.0
"""h after which it is ended there."""
LONGEST = 100.0
"""h after which it is ended elsewhere; the cut-off comes long before."""


class TemperatureSeries(
    SweepParameters,
    CurrentParameters,
    DepletionParameters,
    TemperatureParameters,
    SettlingParameters,
    RestParameters,
    Protocol,
):
    """Strip the working electrode at one temperature of a series.

    The chamber has to hold its band and stand still for a while, and R_bulk + R_gb of the cell has to be
    steady: only then is the cell at temperature, and a cell that is not is not stripped. Then it
    rests, and a PEIS is the reference for contact. Depletion is judged by R_int as it is and by
    R_int brought to 25 °C, since R_int itself follows the temperature. The chamber is left as it is.
    Stripping to the cut-off destroys the contact, so each temperature takes an electrode of its own.
    """

    spends_electrode = True

    temperature = FloatParameter(
        "Temperature", units="degC", default=25.0, minimum=-40.0, maximum=180.0,
        description="0, 25 and 50 °C in a series",
    )  # fmt: skip
    current_density = FloatParameter(
        "Current density", units="µA/cm²", default=100.0, minimum=1.0, maximum=10_000.0,
        description="strips the working electrode; normalised to the electrode area",
    )  # fmt: skip
    time_limit = OptionalFloatParameter(
        "Time limit", units="h", minimum=0.01, maximum=2000.0,
        description="left out: 25 h from 50 °C on, 100 h below",
    )  # fmt: skip
    charge_limit = OptionalFloatParameter(
        "Charge limit", units="mAh/cm²", minimum=1e-4, maximum=100.0, description="left out: none",
    )  # fmt: skip
    after_depletion = ListParameter(
        "After depletion", choices=("run on to the cut-off", "stop"), default="run on to the cut-off",
        description="by the criterion above; both are recorded",
    )  # fmt: skip

    def execute(self) -> None:
        """Soak, rest, take the reference, strip, and conclude by both criteria."""
        cell, abilities = self.session.cell, self.session.abilities
        reference = self.reference(abilities.potentiostat, cell, self.temperature)
        self.condition(self.temperature, **self.settling())
        if not self.soak(reference, steady=self.soak_steady / 100, maximum=self.soak_maximum * 3600):
            self.ends(Ended.NOT_REACHED, f"the cell was not steady at {self.temperature:g} °C; not stripped")
            return
        self.rest(self.rest_minimum * 60, self.rest_maximum * 60, self.rest_stability / 1e3 / 3600)
        voltage, scatter = self.potential.last(self.rest_minimum * 60)
        self.result("OCV", f"{voltage * 1e3:.3f} ± {scatter * 1e3:.3f} mV", ocv_V=voltage, scatter_V=scatter)
        self.peis(reference)
        stop, by_raw = self.after_depletion == "stop", self.criterion == "raw"
        raw, normalised = (
            self.arm(self.depletion(cell, self.temperature, normalised=each, acts=stop and each != by_raw))
            for each in (False, True)
        )
        chosen = raw if by_raw else normalised
        self.strip(self.stripping(abilities, cell), lambda _: stop and chosen.reached)
        for each in (raw, normalised):
            self.conclude(each, self.ended)
            self.report(each, "t0, raw" if each is raw else "t0, normalised to 25 °C")

    def report(self, depletion: Depletion, name: str) -> None:
        """Keep when the interface was depleted by a criterion, or that it was not."""
        crossing, began = depletion.crossing, self.current_on
        if crossing is None or began is None:
            self.result(name, f"not depleted ({self.end_reason})", t0_s=None, criterion=depletion.criterion)
            return
        words = f"{(crossing.time - began) / 3600:.3f} h" + ("" if crossing.confirmed else ", not confirmed")
        self.result(
            name,
            words,
            t0_s=crossing.time - began,
            confirmed=crossing.confirmed,
            criterion=depletion.criterion,
            disturbed=depletion.disturbed,
        )

    def stripping(self, abilities: Abilities, cell: Cell) -> ConstantCurrent:
        """Return the current in absolute numbers."""
        hours = self.time_limit or (LONGEST_WARM if self.temperature >= WARM else LONGEST)
        sweep = self.sweep(abilities.potentiostat)
        return self.current(self.current_density, cell, sweep, charge=self.charge_limit, hours=hours)

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out currents, ranges and limits; refuse what the bench cannot do."""
        check_temperature(self.temperature, abilities)
        planner = abilities.potentiostat
        thresholds = [self.depletion(cell, self.temperature, normalised=each) for each in (False, True)]
        return [
            self.plan_settling(self.temperature, abilities),
            self.plan_rest(),
            *self.stripping(abilities, cell).plan(planner, cell),
            *(f"depleted at {each.threshold / each.factor:.4g} Ω: {each.criterion}" for each in thresholds),
            *self.plan_sweep(planner, cell, self.temperature),
        ]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s."""
        planner, stripping = abilities.potentiostat, self.stripping(abilities, cell)
        before = self.longest_soak + self.longest_rest + self.longest_peis(planner)
        return before + stripping.longest + stripping.one_pass(planner) + self.longest_peis(planner, repeat=0)
