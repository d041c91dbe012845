"""Relaxation at open circuit after a current (Krauskopf et al. 2019, Fig. 4)."""

import math

from core.cell import Cell
from core.errors import BadInput
from core.records import Ended, Fit
from drivers.abilities import Abilities
from protocols.decisions import usable
from protocols.generators import held
from protocols.parameters import FloatParameter
from protocols.protocol import Protocol
from protocols.shared_parameters import STARTING, SweepParameters

FIRST_LOOK = 5.0
"""s of open circuit before the first spectrum, in which the gap to the last current is seen."""
LAST_LOOK = 60.0
"""s of open circuit after the last spectrum, over which the potential is averaged."""


class OcvRelaxation(SweepParameters, Protocol):
    """Watch a cell relax after a current, from the first seconds on.

    It starts at once, with neither a rest nor another temperature before it, so that what relaxes
    fast is seen; how long the cell was without current by then is measured and kept. Every spectrum
    is centred on the potential that the cell shows as it begins. While E still falls the first of
    them are not stationary and may well fail the Kramers–Kronig test; they are kept and not repeated.
    No current flows but that of the spectra, and concentrations and contact recover as far as they do
    by themselves.
    """

    automatic_range = True

    every = FloatParameter("A spectrum every", units="min", default=5.0, minimum=0.1, maximum=600.0)
    duration = FloatParameter("Relaxation", units="h", default=12.0, minimum=0.05, maximum=1000.0)

    def execute(self) -> None:
        """Look at E at once, take spectra, and say where they led."""
        session = self.session
        technique = self.reference(session.abilities.potentiostat, session.cell)
        self.rest(FIRST_LOOK)
        self.report_gap()
        fits: list[Fit] = []
        series = self.peis_series(technique, every=self.every * 60, duration=self.duration * 3600)
        with held(series) as spectra:
            for kept in spectra:
                if self.shorted:
                    self.ends(Ended.SHORTED, "short circuit")
                    return
                fits += [kept.fit] if usable(kept.fit) else []
        self.rest(LAST_LOOK)
        self.report_relaxation(fits)

    def report_gap(self) -> None:
        """Keep how long the cell was without current before E was first read, and what had passed."""
        known, (first, voltage) = self.session.known, self.potential.first
        if known.current_off is None:
            self.result("gap", "no current is known before this relaxation", gap_s=None, first_V=voltage)
        else:
            gap, before = first + self.session.clock.origin - known.current_off, known.voltage_at_end
            self.result(
                "gap",
                f"{gap:.2f} s from the end of the current to the first reading, {voltage * 1e3:.2f} mV",
                gap_s=gap,
                first_V=voltage,
                under_current_V=before,
            )
        areal = self.session.cell.areal_charge(known.charge)
        self.result("charge", f"{areal:.4f} mAh/cm² had passed", charge_C=known.charge, charge_mAh_cm2=areal)

    def report_relaxation(self, fits: list[Fit]) -> None:
        """Keep where E, R_int and the contact came to."""
        cell, known = self.session.cell, self.session.known
        voltage, scatter = self.potential.last(LAST_LOOK)
        self.result(
            "OCV",
            f"{voltage * 1e3:.3f} ± {scatter * 1e3:.3f} mV after {self.duration:g} h",
            ocv_V=voltage,
            scatter_V=scatter,
            after_s=self.duration * 3600,
        )
        if not fits:
            self.ends(Ended.FINISHED, "finished, without a usable spectrum")
            return
        first, last = fits[0], fits[-1]
        self.result(
            "R_int",
            f"{cell.areal_resistance(first['R_int']):.4g} kΩ cm² at first, "
            f"{cell.areal_resistance(last['R_int']):.4g} kΩ cm² at last",
            first_ohm=first["R_int"],
            last_ohm=last["R_int"],
            first_s=first.time,
            last_s=last.time,
        )
        if known.capacitance is not None:
            begin, end = (fit["C_int"] / known.capacitance for fit in (first, last))
            self.result(
                "apparent contact",
                f"C_int / C_int before any current: {begin:.3f} at first, {end:.3f} at last",
                first=begin,
                last=end,
                reference_F=known.capacitance,
            )

    @property
    def planned_spectra(self) -> int:
        """How many spectra there are."""
        return math.floor(self.duration * 60 / self.every) + 1

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Say what the spectra are and when; refuse those that overlap."""
        planner = abilities.potentiostat
        lines = self.plan_sweep(planner, cell)
        seconds = planner.sweep_duration(self.sweep(planner))
        if seconds >= self.every * 60:
            problem = f"every = {self.every:g} min is shorter than a spectrum of {seconds:.0f} s;"
            raise BadInput(problem, "lengthen it, or raise f_min.")
        return [
            f"starts at once; {self.planned_spectra} spectra, "
            f"one every {self.every:g} min for {self.duration:g} h",
            *lines,
        ]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s."""
        looks = FIRST_LOOK + LAST_LOOK + 2 * STARTING
        return self.duration * 3600 + self.longest_peis(abilities.potentiostat, repeat=0) + looks
