"""Spectra of high resolution before a run, to learn what its fits may take for granted."""

import math

from analysis.circuits.model import Circuit, circuit
from analysis.repeats import mean_of_repeats
from core.cell import Cell
from core.records import Ended, Value
from drivers.abilities import Abilities
from drivers.potentiostat import Planner
from drivers.techniques import Sweep
from protocols.decisions import usable
from protocols.known_cell import KnownCell
from protocols.parameters import IntegerParameter
from protocols.protocol import Protocol
from protocols.shared_parameters import ImpedanceParameters

ALPHA_GB = (0.9, 0.1)
"""Where α_gb is expected, and how far from there it may well be."""


class HighResolutionPeis(ImpedanceParameters, Protocol):
    """Take slow, dense spectra at open circuit, and fit the grain boundary's exponent and the inductance.

    Both are hard to tell from a spectrum that has to be quick, and belong to pellet and cables, not
    to the interface. What is found here is expected by the fits of all later runs on this cell, each
    within its standard error. A few millivolts around open circuit change nothing in the cell.
    """

    points_per_decade = IntegerParameter("Points per decade", default=20, minimum=5, maximum=50)
    averages = IntegerParameter(
        "Averages", default=4, minimum=1, maximum=64, description="periods at each frequency"
    )
    repeats = IntegerParameter("Repeats", default=5, minimum=1, maximum=50)

    def execute(self) -> None:
        """Take the spectra, and hand on what they say."""
        session = self.session
        technique = self.reference(session.abilities.potentiostat, session.cell)
        fits = []
        for _ in range(self.repeats):
            fits += [kept.fit for kept in self.peis(technique)[-1:] if usable(kept.fit, "R_electrolyte")]
        alpha, inductance = mean_of_repeats(fits, "alpha_gb"), mean_of_repeats(fits, "L")
        if alpha is None or inductance is None:
            self.ends(Ended.NOT_REACHED, "no spectrum could be fitted")
            return
        session.known.alpha_gb = (alpha.value, alpha.stderr)
        session.known.inductance = (inductance.value, inductance.stderr)
        self.report(alpha, inductance, mean_of_repeats([fit for fit in fits if usable(fit)], "R_int"))

    def report(self, alpha: Value, inductance: Value, interface: Value | None) -> None:
        """Keep what was found."""
        self.result(
            "alpha_gb",
            f"{alpha.value:.4f} ± {alpha.stderr:.4f}",
            alpha_gb=alpha.value,
            alpha_gb_stderr=alpha.stderr,
        )
        self.result(
            "L",
            f"{inductance.value * 1e6:.4f} ± {inductance.stderr * 1e6:.4f} µH",
            L_H=inductance.value,
            L_stderr_H=inductance.stderr,
        )
        if interface is not None:
            areal = self.session.cell.areal_resistance
            self.result(
                "R_int",
                f"{areal(interface.value):.4f} ± {areal(interface.stderr):.4f} kΩ cm²",
                R_int_ohm=interface.value,
                R_int_stderr_ohm=interface.stderr,
            )

    def sweep(self, planner: Planner) -> Sweep:
        """Return the frequencies of a spectrum, as dense as asked for."""
        decades = math.log10(self.f_max / self.f_min)
        return Sweep(self.f_max, self.f_min, round(self.points_per_decade * decades) + 1, self.averages)

    def circuit(self, known: KnownCell) -> Circuit:
        """Return the circuit with α_gb set free, and L as free as ever, whatever was known of them."""
        return circuit(priors={"alpha_gb": ALPHA_GB})

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Say what the spectra are; refuse what the potentiostat cannot take."""
        planner = abilities.potentiostat
        lines = self.plan_sweep(planner, cell)
        minutes = self.longest(abilities, cell) / 60
        return [
            *lines,
            f"{self.repeats} spectra, each once more where inconsistent: {minutes:.3g} min at most",
        ]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s."""
        return self.repeats * self.longest_peis(abilities.potentiostat)
