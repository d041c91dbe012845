"""What protocols have in common that work at a temperature and under a stack pressure."""

import math

from core.cell import Cell
from core.records import Ended
from core.requests import Answer
from drivers.abilities import Abilities
from drivers.techniques import PotentiostaticImpedance
from protocols.last_usable import LastUsable
from protocols.parameters import FloatParameter
from protocols.protocol import Protocol
from protocols.shared_parameters import (
    STARTING,
    PressureParameters,
    RestParameters,
    SweepParameters,
    TemperatureParameters,
    check_pressure,
    check_temperature,
)


class UnderPressure(PressureParameters, TemperatureParameters, SweepParameters, Protocol):
    """A protocol that brings a cell to a temperature and under a stack pressure."""

    pressure = FloatParameter(
        "Stack pressure", units="MPa", default=15.0, minimum=0.0, maximum=1000.0,
        description="on the pellet, held by a spring; 0 is no fixture",
    )  # fmt: skip

    def bring_to_temperature(self) -> None:
        """Bring chamber and cell to temperature; a cell whose chamber held it already is not waited for."""
        if self.condition(self.temperature):
            self.soak(self.spectrum(), steady=self.soak_steady / 100, maximum=self.soak_maximum * 3600)

    def spectrum(self) -> PotentiostaticImpedance:
        """Return a spectrum around the open-circuit potential, at the temperature of this protocol."""
        session = self.session
        return self.reference(session.abilities.potentiostat, session.cell, self.temperature)

    def pressed_to(self, megapascal: float) -> bool:
        """Bring the stack pressure to a value in MPa; where nobody does it, end the protocol so.

        Returns
        -------
        bool
            Whether there is any use in going on.
        """
        session, tolerance = self.session, self.pressure_tolerance
        if megapascal == 0.0:
            if session.bench.gauge is None:
                session.event("pressure", "no fixture: declared, there is no gauge to see it", "warning")
                return True
            # An open fixture has to be recognised however far off the gauge's zero is.
            tolerance += session.cell.pressure(session.abilities.force_uncertainty)
        answer = self.press(
            megapascal,
            tolerance=tolerance,
            hold=self.pressure_hold,
            timeout=self.operator_timeout * 3600,
        )
        if answer is Answer.SKIPPED:
            self.ends(Ended.SKIPPED, f"skipped: {megapascal:g} MPa was not set")
        elif answer is Answer.TIMED_OUT:
            self.ends(Ended.TIMED_OUT, f"nobody set {megapascal:g} MPa in {self.operator_timeout:g} h")
        return answer in (Answer.HOLDS, Answer.ACKNOWLEDGED)

    def measured_pressure(self) -> dict[str, float | None]:
        """Return the stack pressure by the gauge now and its uncertainty, in MPa; None without a gauge."""
        session = self.session
        force = session.latest.get("F")
        if force is None:
            return {"pressure_MPa": None, "pressure_uncertainty_MPa": None}
        doubt = session.cell.pressure(session.abilities.force_uncertainty)
        return {"pressure_MPa": session.cell.pressure(force), "pressure_uncertainty_MPa": doubt}

    def measured_temperature(self) -> float:
        """Return the temperature of the chamber now in °C; the declared one without a chamber."""
        kelvin = self.session.latest.get("T")
        return self.temperature if kelvin is None else kelvin - 273.15

    def conditions(self) -> dict[str, float | None]:
        """Return temperature and pressure as measured now; no result means anything without them."""
        return {"temperature_C": self.measured_temperature(), **self.measured_pressure()}

    def plan_conditions(self, abilities: Abilities, cell: Cell, *pressures: float) -> list[str]:
        """Refuse temperatures and pressures in MPa that the bench cannot do; say what they mean.

        Raises
        ------
        BadInput
        """
        check_temperature(self.temperature, abilities)
        hand = (
            "by the motorised press" if abilities.press is not None else "by a hand on the screw, when asked"
        )
        return [
            f"{self.temperature:g} °C" + ("" if abilities.chamber else ", declared: there is no chamber"),
            *(f"{check_pressure(each, cell, abilities)}, {hand}" for each in pressures),
            *self.plan_sweep(abilities.potentiostat, cell, self.temperature),
        ]

    @property
    def longest_pressing(self) -> float:
        """How long one pressure can take at most in s."""
        return self.operator_timeout * 3600 + self.pressure_hold + STARTING


class RestedUnderPressure(RestParameters, UnderPressure):
    """A protocol that lets a cell rest under pressure before a current flows."""

    def rest_under_pressure(self) -> LastUsable:
        """Rest at open circuit until E is stable and take a spectrum there: the reference for contact."""
        self.rest(self.rest_minimum * 60, self.rest_maximum * 60, self.rest_stability / 1e3 / 3600)
        return LastUsable(self.peis(self.spectrum()))

    def plan_conditions(self, abilities: Abilities, cell: Cell, *pressures: float) -> list[str]:
        """As of `UnderPressure`, and how it rests."""
        return [*super().plan_conditions(abilities, cell, *pressures), self.plan_rest()]

    def longest_preparation(self, abilities: Abilities) -> float:
        """Return the longest that temperature, one pressure, rest and reference can take, in s."""
        spectrum = self.longest_peis(abilities.potentiostat)
        return self.longest_soak + self.longest_pressing + self.longest_rest + spectrum


def in_words(conditions: dict[str, float | None]) -> str:
    """Return `conditions` as people write them."""
    pressure, doubt = conditions["pressure_MPa"], conditions["pressure_uncertainty_MPa"]
    stack = "unknown pressure" if pressure is None else f"{pressure:.2f} ± {doubt or math.nan:.2f} MPa"
    return f"{conditions['temperature_C']:.1f} °C, {stack}"
