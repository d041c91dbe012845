"""Pressing a foil until the interface resistance is right (Krauskopf et al. 2019, Experimental)."""

import math

from core.cell import Cell
from core.errors import BadInput
from core.records import Ended
from drivers.abilities import Abilities
from protocols.decisions import Divergence, PressureAdvice, Steadiness, Threshold, Within
from protocols.generators import held
from protocols.last_usable import LastUsable
from protocols.parameters import FloatParameter, IntegerParameter, ListParameter
from protocols.under_pressure import UnderPressure, in_words


class InterfaceForming(UnderPressure):
    """Press the foil harder and harder while R_int is watched, until it is right.

    At each pressure a PEIS is taken again and again until creep has died down: R_int goes on falling
    at constant pressure. Where there is too little contact to be measured, nothing is waited for.
    The next pressure is extrapolated from those before it, in small steps near the target. A motor
    sets it, or the person at the screw is asked to. A contact cannot be taken back: where R_int has
    fallen below the band, the foil was pressed too far. Afterwards the pressure is released, and the
    contact stays.
    """

    automatic_range = True

    pressure = FloatParameter(
        "First pressure", units="MPa", default=4.0, minimum=0.1, maximum=1000.0, description="on the pellet"
    )
    target = FloatParameter("R_int wanted", units="kΩ cm²", default=0.27, minimum=1e-3, maximum=100.0)
    band = FloatParameter("±", units="kΩ cm²", default=0.05, minimum=1e-4, maximum=10.0)
    confirmations = IntegerParameter(
        "Confirmations", default=3, minimum=1, maximum=20, description="fits within the band in a row"
    )
    highest_pressure = FloatParameter(
        "Highest pressure", units="MPa", default=40.0, minimum=0.1, maximum=1000.0, description="never passed"
    )
    largest_step = FloatParameter("Largest step", units="MPa", default=4.0, minimum=0.05, maximum=1000.0)
    smallest_step = FloatParameter("Smallest step", units="MPa", default=0.5, minimum=0.05, maximum=1000.0)
    every = FloatParameter("A PEIS every", units="s", default=60.0, minimum=1.0, maximum=3600.0)
    creep = FloatParameter(
        "Crept when R_int moves less than", units="%", default=1.0, minimum=0.05, maximum=50.0,
        description="over the window below",
    )  # fmt: skip
    creep_window = FloatParameter("Window", units="min", default=5.0, minimum=0.5, maximum=600.0)
    dwell = FloatParameter(
        "Dwell",
        units="min",
        default=60.0,
        minimum=1.0,
        maximum=6000.0,
        description="at each pressure, at most",
    )
    afterwards = ListParameter(
        "Afterwards", choices=("release the pressure", "keep the pressure"), default="release the pressure"
    )

    def execute(self) -> None:
        """Condition; press, watch and press again; conclude and release."""
        self.bring_to_temperature()
        pairs: list[list[float]] = []
        megapascal: float | None = self.pressure
        while megapascal is not None:
            if not self.pressed_to(megapascal):
                return
            megapascal = self.watch(pairs)
        self.report(pairs)
        if self.afterwards == "release the pressure":
            self.release()

    def watch(self, pairs: list[list[float]]) -> float | None:
        """Follow R_int at one pressure until it no longer creeps; return the next pressure in MPa.

        Parameters
        ----------
        pairs : list of (float, float)
            Pressure in Pa and R_int in Ω of the pressures before; this one is added.

        Returns
        -------
        float or None
            None where R_int is right, too low, or there is no higher pressure; `ended` says which.
        """
        crept = self.arm(Steadiness("R_int", change=self.creep / 100, window=self.creep_window * 60))
        low, high = self.limits(self.session.cell)
        right = self.arm(Within("R_int", low, high, confirmations=self.confirmations))
        too_low = self.arm(Threshold("R_int", low, above=False, confirmations=self.confirmations))
        out_of_sight = self.arm(Divergence(self.confirmations))
        advice = self.arm(
            PressureAdvice(
                low,
                high,
                largest_step=self.largest_step * 1e6,
                smallest_step=self.smallest_step * 1e6,
                highest=self.highest_pressure * 1e6,
                before=list(pairs),
            )
        )
        series = self.peis_series(self.spectrum(), every=self.every, duration=self.dwell * 60)
        with held(series) as spectra:
            for _ in spectra:
                if crept.steady or too_low.reached or out_of_sight.diverged or self.shorted:
                    break
        for rule in (crept, right, too_low, out_of_sight, advice):
            self.conclude(rule, Ended.FINISHED if crept.steady else Ended.LIMIT)
        if advice.reached is not None:
            pairs.append(list(advice.reached))
        if self.shorted:
            self.ends(Ended.SHORTED, "short circuit")
        elif too_low.reached:
            self.ends(Ended.NOT_REACHED, "R_int fell below the band: pressed too far")
        elif right.reached:
            self.ends(Ended.FINISHED, "R_int is within the band")
        elif advice.pressure is not None:
            return advice.pressure / 1e6
        else:
            self.ends(Ended.NOT_REACHED, advice.why or "R_int is not within the band")
        return None

    def limits(self, cell: Cell) -> tuple[float, float]:
        """Return the band of R_int in Ω, absolute."""
        return cell.resistance(self.target - self.band), cell.resistance(self.target + self.band)

    def report(self, pairs: list[list[float]]) -> None:
        """Say at which pressure R_int came to what, and how it went down on the way."""
        cell, under = self.session.cell, self.conditions()
        curve = [
            {"pressure_MPa": pascal / 1e6, "R_int_kohm_cm2": cell.areal_resistance(ohm)}
            for pascal, ohm in pairs
        ]
        resistance = curve[-1]["R_int_kohm_cm2"] if curve else None
        words = "unknown" if resistance is None else f"{resistance:.3g} kΩ cm²"
        self.result(
            "forming",
            f"R_int {words} at {in_words(under)} ({self.target:g} ± {self.band:g} kΩ cm² wanted): "
            f"{self.end_reason}",
            R_int_kohm_cm2=resistance,
            target_kohm_cm2=self.target,
            band_kohm_cm2=self.band,
            R_of_p=curve,
            **under,
        )

    def release(self) -> None:
        """Take the pressure away, and look at what stays; how the forming ended is not changed by it."""
        ended, reason = self.ended, self.end_reason
        if self.pressed_to(0.0):
            cell = self.session.cell
            left = LastUsable(self.peis(self.spectrum())).fit
            resistance = None if left is None else cell.areal_resistance(left["R_int"])
            words = "unknown" if resistance is None else f"{resistance:.3g} kΩ cm²"
            self.result("after release", f"R_int {words} without pressure", R_int_kohm_cm2=resistance)
        else:
            self.session.event("pressure", "the pressure was not released", "warning")
        self.ends(ended, reason)

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Work out the band, the first and the highest force; refuse what cannot be."""
        if self.band >= self.target:
            problem = f"band = ± {self.band:g} kΩ cm² is not smaller than target = {self.target:g} kΩ cm²;"
            raise BadInput(problem, "narrow it.")
        if self.pressure > self.highest_pressure:
            raise BadInput(
                f"pressure = {self.pressure:g} MPa is above highest_pressure = "
                f"{self.highest_pressure:g} MPa;",
                "swap or change them.",
            )
        if self.smallest_step > self.largest_step:
            raise BadInput(
                f"smallest_step = {self.smallest_step:g} MPa is above largest_step = "
                f"{self.largest_step:g} MPa;",
                "swap or change them.",
            )
        if self.creep_window > self.dwell:
            raise BadInput(
                f"creep_window = {self.creep_window:g} min is longer than dwell = {self.dwell:g} min;",
                "shorten the window or lengthen the dwell.",
            )
        low, high = self.limits(cell)
        return [
            f"presses until R_int = {self.target:g} ± {self.band:g} kΩ cm² ({low:.4g} to {high:.4g} Ω), "
            f"in at most {self.most_pressures()} steps",
            f"a PEIS every {self.every:g} s until R_int moves less than {self.creep:g} % in "
            f"{self.creep_window:g} min, {self.dwell:g} min at most",
            *self.plan_conditions(abilities, cell, self.pressure, self.highest_pressure),
        ]

    def most_pressures(self) -> int:
        """Return how many pressures there can be between the first and the highest, both included."""
        return 1 + math.ceil((self.highest_pressure - self.pressure) / self.smallest_step)

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s: every step the smallest, every dwell the longest."""
        spectrum = self.longest_peis(abilities.potentiostat, repeat=0)
        one = self.longest_pressing + self.dwell * 60 + spectrum
        return self.longest_soak + (self.most_pressures() + 1) * one
