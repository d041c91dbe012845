"""Impedance at several temperatures, for activation energies (Krauskopf et al. 2019, Fig. S10)."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.arrhenius import arrhenius
from analysis.repeats import mean_of_repeats
from core.cell import Cell
from core.errors import BadInput
from core.records import Ended, Fit, Value
from drivers.abilities import Abilities
from protocols.decisions import usable
from protocols.parameters import FloatListParameter, IntegerParameter, ListParameter
from protocols.protocol import Protocol
from protocols.shared_parameters import (
    SettlingParameters,
    SoakParameters,
    SweepParameters,
    check_temperature,
)

QUANTITIES = {"R_int": "interface", "R_electrolyte": "electrolyte, R_bulk + R_gb"}
"""What is followed over temperature, and what it is of."""


@dataclass(frozen=True)
class Point:
    """What was measured at one temperature: K, and resistances in Ω, None where not resolved."""

    temperature: float
    resistances: dict[str, Value | None]


class ArrheniusPeis(SweepParameters, SettlingParameters, SoakParameters, Protocol):
    """Take spectra at open circuit at several temperatures, and draw straight lines of ln(T/R) over 1/kT.

    The interface should have been pressed to about 0.3 kΩ cm² and not stripped since: enough to be
    told from the electrolyte everywhere. At each temperature the chamber has to hold its band and
    stand still, and R_bulk + R_gb has to be steady. The way back shows whether the cell has changed. No
    current flows but that of the spectra; lithium creeps faster in the warmth, so contact may improve.
    The chamber is left at the last temperature.
    """

    temperatures = FloatListParameter(
        "Temperatures", units="degC", default=(0.0, 10.0, 25.0, 40.0, 50.0), minimum=-40.0, maximum=180.0,
        fewest=2, description="in this order",
    )  # fmt: skip
    way = ListParameter("Way", choices=("there", "there and back"), default="there")
    repeats = IntegerParameter("Spectra at each", default=3, minimum=1, maximum=50)

    def execute(self) -> None:
        """Go from temperature to temperature; soak, and take spectra at each."""
        technique = self.reference(self.session.abilities.potentiostat, self.session.cell, self.warmest)
        points: list[Point] = []
        for celsius in self.stops:
            self.condition(celsius, **self.settling())
            if not self.soak(technique, steady=self.soak_steady / 100, maximum=self.soak_maximum * 3600):
                self.ends(Ended.NOT_REACHED, f"the cell was not steady at {celsius:g} °C")
                continue
            fits = [kept.fit for _ in range(self.repeats) for kept in self.peis(technique)[-1:]]
            if self.shorted:
                self.ends(Ended.SHORTED, "short circuit")
                break
            points.append(self.point(celsius, fits))
        for name, what in QUANTITIES.items():
            self.report_line(name, what, points)

    def point(self, celsius: float, fits: list[Fit]) -> Point:
        """Put the spectra of one temperature together, and keep what they say."""
        kelvins = [fit["T"] for fit in fits if usable(fit, "T")]
        kelvin = float(np.mean(kelvins)) if kelvins else celsius + 273.15
        found = {
            name: mean_of_repeats([fit for fit in fits if usable(fit, name)], name) for name in QUANTITIES
        }
        areal = self.session.cell.areal_resistance
        said = [
            f"{name} {areal(value.value):.4g} ± {areal(value.stderr):.2g} kΩ cm²"
            if value
            else f"{name} not resolved"
            for name, value in found.items()
        ]
        values = {f"{name}_ohm": value.value if value else None for name, value in found.items()}
        errors = {f"{name}_stderr_ohm": value.stderr if value else None for name, value in found.items()}
        self.result(
            f"{celsius:g} °C",
            f"{kelvin - 273.15:.2f} °C: {', '.join(said)}",
            temperature_K=kelvin,
            **values,
            **errors,
        )
        return Point(kelvin, found)

    def report_line(self, name: str, what: str, points: list[Point]) -> None:
        """Keep the activation energy of a quantity."""
        pairs = [(each.temperature, value) for each in points if (value := each.resistances[name])]
        try:
            line = arrhenius(
                np.array([kelvin for kelvin, _ in pairs]),
                np.array([value.value for _, value in pairs]),
                np.array([value.stderr for _, value in pairs]),
                # The air is anywhere in its band, with equal probability.
                temperature_stderr=self.temperature_band / math.sqrt(3),
            )
        except BadInput as error:
            self.session.event("no result", f"no activation energy of the {what}: {error.problem}", "warning")
            return
        self.result(
            f"E_A of {name}",
            f"{line.energy:.3f} ± {line.stderr:.3f} eV, 95 % from {line.low:.3f} to {line.high:.3f} eV "
            f"({what}; {line.points} temperatures, by {line.source})",
            energy_eV=line.energy,
            stderr_eV=line.stderr,
            low_eV=line.low,
            high_eV=line.high,
            points=line.points,
            source=line.source,
            at_25C_ohm=line.resistance(298.15),
        )

    @property
    def stops(self) -> tuple[float, ...]:
        """The temperatures in °C, one after the other."""
        there = self.temperatures
        return there if self.way == "there" else there + there[-2::-1]

    @property
    def warmest(self) -> float:
        """The highest of them in °C."""
        return max(self.temperatures)

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Say where it goes; refuse temperatures that the bench cannot do or the cell must not see."""
        for celsius in self.temperatures:
            check_temperature(celsius, abilities)
        if abilities.chamber is None:
            problem = "this bench has no chamber to change the temperature;"
            raise BadInput(problem, "add [chamber] to the bench file.")
        way = " → ".join(f"{celsius:g}" for celsius in self.stops)
        hours = self.longest(abilities, cell) / 3600
        return [
            f"{way} °C, {self.repeats} spectra at each, {hours:.3g} h at most",
            *(self.plan_settling(celsius, abilities) for celsius in self.temperatures[:1]),
            *self.plan_sweep(abilities.potentiostat, cell, self.warmest),
        ]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s."""
        spectra = self.repeats * self.longest_peis(abilities.potentiostat)
        return len(self.stops) * (self.longest_soak + spectra)
