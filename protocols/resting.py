"""The verbs for a cell through which no current flows: temperature, rest, spectra."""

import math
from collections.abc import Generator
from dataclasses import asdict

from core.records import Ended
from drivers.potentiostat import Samples, SweepPoints
from drivers.techniques import OpenCircuit, PotentiostaticImpedance
from protocols.acquisition import REST_VOLTAGE, Acquisition, Ending
from protocols.conditioning import condition
from protocols.decisions import (
    KeptFit,
    RepeatOnKramersKronig,
    Steadiness,
    usable,
)
from protocols.decisions.rule import CELL_FOLLOWS
from protocols.generators import held
from protocols.recording import Kept, Recording
from protocols.stability import Potential, StablePotential
from protocols.sweeps import SweepAssembler

SOAK_EVERY = 300.0
"""s between the spectra by which a cell is seen to have followed the chamber …"""
SOAK_WINDOW = 600.0
"""… and over which R_bulk + R_gb has to hold still."""


class Resting(Recording):
    """What can be done to a cell at open circuit."""

    def condition(self, temperature: float, **options: float) -> bool:
        """Bring the chamber to `temperature` °C and wait until its air holds; without one, say so.

        Returns
        -------
        bool
            Whether the air had to move, so that a cell lags behind it.
        """
        if self.session.bench.chamber is None:
            message = f"no chamber on this bench: {temperature:g} °C is declared, not controlled"
            self.session.event("temperature", message, "warning")
            return False
        # Said beforehand: the watch warns of the dew point before the air is there, and times the way.
        self.session.wanted["T"] = temperature + 273.15
        with self._verb("condition", temperature_C=temperature, **options):
            moved = condition(self.session, temperature + 273.15, **options)
        if moved:
            self.rules.changed("T")
        return moved

    def soak(self, technique: PotentiostaticImpedance, *, steady: float, maximum: float) -> bool:
        """Wait until the cell has followed the chamber: the electrolyte is the better thermometer.

        Parameters
        ----------
        technique : PotentiostaticImpedance
            Taken every five minutes.
        steady : float
            Relative change of R_bulk + R_gb in ten minutes below which the cell has followed.
        maximum : float
            s after which it is no longer waited for.

        Returns
        -------
        bool
            Whether it has followed.
        """
        session = self.session
        end = session.clock.now() + maximum
        rule = self.arm(Steadiness("R_electrolyte", change=steady, window=SOAK_WINDOW))
        while session.clock.now() < end:
            self.peis(technique)
            # While the cell follows, a falling R_bulk + R_gb is what is waited for, no soft short.
            self.rules.changed(CELL_FOLLOWS)
            if rule.steady:
                session.event("soaked", "R_bulk + R_gb is steady, the cell has followed the chamber")
                self.conclude(rule, Ended.FINISHED)
                return True
            self.rest(SOAK_EVERY)
        session.event("not soaked", f"R_bulk + R_gb still moves after {maximum / 3600:g} h", "warning")
        self.conclude(rule, Ended.NOT_REACHED)
        return False

    def rest(self, minimum: float, maximum: float | None = None, stability: float | None = None) -> bool:
        """Rest at open circuit until E is stable, or for a given time.

        Parameters
        ----------
        minimum, maximum : float
            Shortest and longest rest in s; without a maximum it lasts the minimum.
        stability : float, optional
            Largest |dE/dt| in V/s that counts as stable; without it nothing is judged.

        Returns
        -------
        bool
            Whether E was stable, or nobody asked for that.
        """
        longest = minimum if maximum is None else max(minimum, maximum)
        judged = math.inf if stability is None else stability
        found = stability is None
        with self._verb("rest", minimum_s=minimum, maximum_s=longest, stability_V_per_s=stability):

            def once() -> Acquisition:
                nonlocal found
                stable = StablePotential(minimum, judged)
                self.potential = Potential()
                acquisition = Acquisition(self.session, [OpenCircuit(longest)], REST_VOLTAGE, self.charge)
                with held(acquisition.rows()) as batches:
                    for batch in batches:
                        if not isinstance(batch, Samples):
                            continue
                        self.potential.add(batch.time + acquisition.origin, batch.voltage)
                        if stability is None:
                            continue
                        if stable.see(batch.time, batch.voltage):
                            found = True
                            break
                if not found and acquisition.ending is Ending.PROGRAM:
                    message = f"E was not stable after {longest / 60:.4g} min; going on"
                    self.session.event("rest", message, "warning")
                return acquisition

            self._until_not_paused(once)
        return found

    def peis(self, technique: PotentiostaticImpedance, *, repeat: int = 1) -> list[KeptFit]:
        """Take one spectrum around the open-circuit potential, and fit it.

        Parameters
        ----------
        technique : PotentiostaticImpedance
        repeat : int
            How often it is taken again where it fails the Kramers–Kronig test.

        Returns
        -------
        list of KeptFit
            One for each spectrum; the last is the one to go on with. Empty if the program was cut
            short before anything was whole.
        """
        described = asdict(technique)
        fits: list[KeptFit] = []
        with self._verb("peis", **described):
            rule = self.arm(RepeatOnKramersKronig(repeat)) if repeat else None
            while True:
                kept: list[Kept] = []
                self._until_not_paused(lambda kept=kept: self._one_peis(technique, kept))  # type: ignore[misc]
                fits.extend(self.fit(spectrum) for spectrum in kept)
                if rule is None or not rule.wants_repeat:
                    break
            if rule is not None:
                self.conclude(rule, Ended.FINISHED)
        whole = [kept.fit for kept in fits if usable(kept.fit)]
        if whole and not self.session.known.charge:
            self.session.known.capacitance = whole[-1]["C_int"]
        return fits

    def _one_peis(self, technique: PotentiostaticImpedance, kept: list[Kept]) -> Acquisition:
        acquisition = Acquisition(self.session, [technique], REST_VOLTAGE, self.charge)
        assembler = SweepAssembler("PEIS", technique.sweep.points, technique.amplitude)
        with held(acquisition.rows()) as batches:
            for batch in batches:
                if isinstance(batch, SweepPoints):
                    kept.extend(map(self._keep, assembler.add(batch, acquisition.origin)))
        kept.extend(self._cut_short(assembler, technique.sweep.points, acquisition.origin))
        return acquisition

    def peis_series(
        self, technique: PotentiostaticImpedance, *, every: float, duration: float, repeat: int = 0
    ) -> Generator[KeptFit]:
        """Take a spectrum at open circuit every so often, the first at once, and yield each fit."""
        began = self.session.clock.now()
        ordinal = 0
        while True:
            yield from self.peis(technique, repeat=repeat)
            ordinal += 1
            due = began + ordinal * every
            if due > began + duration:
                return
            if due > self.session.clock.now():
                self.rest(due - self.session.clock.now())
