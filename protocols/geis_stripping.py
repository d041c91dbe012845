"""Stripping at constant current with impedance all the while (Krauskopf et al. 2019, Fig. 2)."""

from analysis.normalise import to_reference_temperature
from core.cell import Cell
from drivers.abilities import Abilities
from protocols.decisions import Depletion
from protocols.galvanostatic import ConstantCurrent
from protocols.parameters import (
    FloatParameter,
    IntegerParameter,
    ListParameter,
    OptionalFloatParameter,
    Resistance,
    ResistanceParameter,
)
from protocols.protocol import Protocol
from protocols.shared_parameters import (
    CurrentParameters,
    RestParameters,
    SweepParameters,
    TemperatureParameters,
    check_temperature,
)


class DepletionParameters:
    """When the working electrode counts as depleted."""

    threshold = ResistanceParameter(
        "Depletion at R_int", default=Resistance(10.0, areal=True), minimum=1e-3, maximum=1e3,
        description="kΩ cm² is areal, kΩ is absolute",
    )  # fmt: skip
    criterion = ListParameter(
        "R_int compared", choices=("raw", "normalised to 25 °C"), default="raw",
        description="normalised by R_int ∝ T exp(E_A/kT) with the activation energy below",
    )  # fmt: skip
    activation_energy = FloatParameter(
        "Activation energy of R_int", units="eV", default=0.37, minimum=0.0, maximum=2.0
    )
    confirmations = IntegerParameter(
        "Confirmations", default=3, minimum=1, maximum=20, description="fits above the threshold in a row"
    )

    def depletion(
        self, cell: Cell, celsius: float, *, normalised: bool | None = None, acts: bool = False
    ) -> Depletion:
        """Return the depletion criterion at a temperature; `normalised` overrides the parameter."""
        threshold: Resistance = self.threshold
        factor, words = 1.0, f"R_int > {threshold}, raw"
        if self.criterion != "raw" if normalised is None else normalised:
            kelvin = celsius + 273.15
            factor = float(to_reference_temperature(1.0, kelvin, activation_energy=self.activation_energy))
            words = f"R_int > {threshold}, normalised to 25 °C with {self.activation_energy:g} eV"
        return Depletion(threshold.absolute(cell), words, self.confirmations, factor, acts=acts)


class GeisStripping(
    SweepParameters, CurrentParameters, DepletionParameters, TemperatureParameters, RestParameters, Protocol
):
    """Strip the working electrode at constant current, taking impedance without interrupting it.

    The cell is brought to temperature and rests at open circuit until E is stable; a PEIS there is
    the reference for contact. Then lithium is dissolved from the working electrode until the
    cut-off, a limit of charge or time, a short circuit, or, if asked for, depletion. Stripping to
    the cut-off destroys the contact of the working electrode.
    """

    spends_electrode = True

    current_density = FloatParameter(
        "Current density", units="µA/cm²", default=100.0, minimum=1.0, maximum=10_000.0,
        description="positive strips the working electrode; normalised to the electrode area",
    )  # fmt: skip
    charge_limit = OptionalFloatParameter(
        "Charge limit", units="mAh/cm²", minimum=1e-4, maximum=100.0, description="left out: none",
    )  # fmt: skip
    time_limit = FloatParameter("Time limit", units="h", default=100.0, minimum=0.01, maximum=2000.0)
    after_depletion = ListParameter(
        "After depletion", choices=("run on to the cut-off", "stop"), default="run on to the cut-off"
    )

    def execute(self) -> None:
        """Condition, rest, take the reference, strip, and conclude."""
        cell, planner = self.session.cell, self.session.abilities.potentiostat
        reference = self.reference(planner, cell, self.temperature)
        if self.condition(self.temperature):
            self.soak(reference, steady=self.soak_steady / 100, maximum=self.soak_maximum * 3600)
        self.rest(self.rest_minimum * 60, self.rest_maximum * 60, self.rest_stability / 1e3 / 3600)
        self.peis(reference)
        stop = self.after_depletion == "stop"
        depletion = self.arm(self.depletion(cell, self.temperature, acts=stop))
        self.strip(self.stripping(self.session.abilities, cell), lambda _: stop and depletion.reached)
        self.conclude(depletion, self.ended)

    def stripping(self, abilities: Abilities, cell: Cell) -> ConstantCurrent:
        """Return the current in absolute numbers."""
        sweep = self.sweep(abilities.potentiostat)
        return self.current(
            self.current_density, cell, sweep, charge=self.charge_limit, hours=self.time_limit
        )

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out currents, ranges and limits; refuse what the bench cannot do."""
        check_temperature(self.temperature, abilities)
        reference = self.plan_sweep(abilities.potentiostat, cell, self.temperature)
        return [*self.stripping(abilities, cell).plan(abilities.potentiostat, cell), *reference]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s."""
        planner, stripping = abilities.potentiostat, self.stripping(abilities, cell)
        before = self.longest_soak + self.longest_rest + self.longest_peis(planner)
        return before + stripping.longest + stripping.one_pass(planner) + self.longest_peis(planner, repeat=0)
