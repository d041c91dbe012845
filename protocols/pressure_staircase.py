"""The stack pressure below which a current outruns the contact (after Wang et al., Joule 2019)."""

from enum import StrEnum

from core.cell import Cell
from core.errors import BadInput
from core.records import Ended
from drivers.abilities import Abilities
from protocols.decisions import Steadiness, Threshold
from protocols.galvanostatic import ConstantCurrent
from protocols.parameters import FloatListParameter, FloatParameter, Resistance, ResistanceParameter
from protocols.shared_parameters import STARTING, CurrentParameters
from protocols.under_pressure import RestedUnderPressure, in_words


class Contact(StrEnum):
    """What becomes of the contact at a pressure, under current."""

    HOLDS = "holds"
    YIELDS = "yields"
    LOST = "is lost"


class PressureStaircase(CurrentParameters, RestedUnderPressure):
    """Strip at constant current while the stack pressure goes down, or up, step by step.

    At each pressure lithium is dissolved from the working electrode until R_int is steady: then
    creep brings as much contact back as the current takes away. Where R_int does not become steady
    within the dwell, or passes a limit, the pressure is too low for this current; the critical
    stack pressure lies between that step and its neighbour. A contact that passed the limit is lost,
    and no higher pressure is tried on it. Between two steps the current is
    interrupted while the screw is turned, a gap that events describe. Below the critical pressure
    contact is lost: the electrode is spent.
    """

    spends_electrode = True

    pressures = FloatListParameter(
        "Stack pressures", units="MPa", default=(7.5, 5.0, 3.8, 3.0, 2.5, 2.0, 1.5, 1.0),
        minimum=0.01, maximum=1000.0, fewest=2, description="one after the other, falling or rising",
    )  # fmt: skip
    current_density = FloatParameter(
        "Current density", units="µA/cm²", default=100.0, minimum=1.0, maximum=10_000.0,
        description="strips the working electrode; normalised to the electrode area",
    )  # fmt: skip
    dwell = FloatParameter(
        "Dwell", units="h", default=4.0, minimum=0.05, maximum=200.0, description="at each pressure, at most"
    )
    steady_change = FloatParameter(
        "Steady when R_int moves less than", units="%", default=2.0, minimum=0.05, maximum=50.0,
        description="over the window below",
    )  # fmt: skip
    steady_window = FloatParameter("Window", units="min", default=30.0, minimum=1.0, maximum=6000.0)
    limit = ResistanceParameter(
        "Too low at R_int", default=Resistance(10.0, areal=True), minimum=1e-3, maximum=1e3,
        description="contact is not run down further; kΩ cm² is areal, kΩ is absolute",
    )  # fmt: skip

    def execute(self) -> None:
        """Condition, press and rest; then one pressure after the other, and conclude."""
        self.bring_to_temperature()
        judged: list[tuple[float, Contact]] = []
        for number, megapascal in enumerate(self.pressures):
            if not self.pressed_to(megapascal):
                return
            if number == 0:
                self.rest_under_pressure()
            contact = self.contact_at(megapascal)
            if contact is None:
                return
            judged.append((megapascal, contact))
            if contact is Contact.LOST or (contact is Contact.HOLDS) is self.rising:
                break
        self.report(judged)

    def contact_at(self, megapascal: float) -> Contact | None:
        """Strip at one pressure; return what becomes of the contact, None where it shorted."""
        cell = self.session.cell
        steady = self.arm(
            Steadiness("R_int", change=self.steady_change / 100, window=self.steady_window * 60)
        )
        lost = self.arm(Threshold("R_int", self.limit.absolute(cell), above=True))
        ended = self.strip(
            self.stripping(self.session.abilities, cell), lambda _: steady.steady or lost.reached
        )
        contact = Contact.YIELDS
        if lost.reached or ended is Ended.CUT_OFF:
            contact = Contact.LOST
        elif steady.steady:
            contact = Contact.HOLDS
        for rule in (steady, lost):
            self.conclude(rule, Ended.FINISHED if contact is Contact.HOLDS else ended)
        if ended is Ended.SHORTED:
            return None
        under = self.conditions()
        self.result(
            "pressure step",
            f"{megapascal:g} MPa: contact {contact} at {self.current_density:g} µA/cm² ({in_words(under)})",
            pressure_wanted_MPa=megapascal,
            contact=str(contact),
            current_density_uA_cm2=self.current_density,
            **under,
        )
        return contact

    @property
    def rising(self) -> bool:
        """Whether the pressure goes up."""
        return self.pressures[-1] > self.pressures[0]

    def report(self, judged: list[tuple[float, Contact]]) -> None:
        """Say between which two pressures contact is kept, at which current and temperature."""
        enough = min((pressure for pressure, contact in judged if contact is Contact.HOLDS), default=None)
        too_low = max(
            (pressure for pressure, contact in judged if contact is not Contact.HOLDS), default=None
        )
        at = f"{self.current_density:g} µA/cm² and {self.measured_temperature():.1f} °C"
        if enough is not None and too_low is not None:
            words = f"between {too_low:g} and {enough:g} MPa at {at}"
            self.ends(Ended.FINISHED, f"critical stack pressure {words}")
        elif enough is not None:
            words = f"below {enough:g} MPa at {at}: every pressure held the contact"
            self.ends(Ended.NOT_REACHED, f"critical stack pressure {words}")
        else:
            words = f"above {too_low:g} MPa at {at}: no pressure held the contact"
            self.ends(Ended.NOT_REACHED, f"critical stack pressure {words}")
        self.result(
            "critical stack pressure",
            words,
            lower_MPa=too_low,
            upper_MPa=enough,
            current_density_uA_cm2=self.current_density,
            temperature_C=self.measured_temperature(),
            pressure_uncertainty_MPa=self.measured_pressure()["pressure_uncertainty_MPa"],
            charge_mAh_cm2=self.session.cell.areal_charge(self.charge.total),
        )

    def stripping(self, abilities: Abilities, cell: Cell) -> ConstantCurrent:
        """Return the current at one pressure, in absolute numbers."""
        return self.current(self.current_density, cell, self.sweep(abilities.potentiostat), hours=self.dwell)

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out the current and every force; refuse what the bench cannot do."""
        steps = list(zip(self.pressures, self.pressures[1:], strict=False))
        if not (all(a < b for a, b in steps) or all(a > b for a, b in steps)):
            shown = ", ".join(f"{each:g}" for each in self.pressures)
            raise BadInput(f"pressures = {shown} MPa neither fall nor rise all the way;", "sort them.")
        if self.steady_window >= self.dwell * 60:
            problem = (
                f"steady_window = {self.steady_window:g} min is not shorter than dwell = {self.dwell:g} h;"
            )
            raise BadInput(problem, "shorten the window or lengthen the dwell.")
        stripping = self.stripping(abilities, cell)
        return [
            f"{len(self.pressures)} pressures, {self.dwell:g} h at most at each; the current is off while it "
            "is changed",
            *stripping.plan(abilities.potentiostat, cell),
            *self.plan_conditions(abilities, cell, *self.pressures),
        ]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s: every pressure for the whole dwell."""
        current = (
            self.dwell * 3600 + self.stripping(abilities, cell).one_pass(abilities.potentiostat) + STARTING
        )
        count = len(self.pressures)
        pressing = (count - 1) * self.longest_pressing
        return self.longest_preparation(abilities) + count * current + pressing
