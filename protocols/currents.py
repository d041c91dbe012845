"""The verbs for a cell through which a current flows."""

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict

from core.errors import InstrumentError
from core.records import Ended
from core.requests import Answer, Request
from drivers.potentiostat import SweepPoints
from drivers.techniques import Loop, PotentiostaticImpedance, Technique
from protocols.acquisition import Acquisition, Ending
from protocols.control import SkippedError, StepStoppedError
from protocols.decisions import FastDrift, KeptFit, LargeResponse, usable
from protocols.expected import electrolyte_resistance
from protocols.galvanostatic import ConstantCurrent
from protocols.generators import held
from protocols.pausing import pause
from protocols.recording import Kept
from protocols.resting import Resting
from protocols.sweeps import SweepAssembler

ENDED = {
    Ending.CUT_OFF: (Ended.CUT_OFF, "cut-off"),
    Ending.FIRMWARE: (Ended.CUT_OFF, "cut-off, by the firmware"),
    Ending.LIMIT: (Ended.LIMIT, "charge or time limit"),
    Ending.PROGRAM: (Ended.LIMIT, "charge or time limit"),
    Ending.SHORT: (Ended.SHORTED, "short circuit"),
    Ending.STOPPED: (Ended.STOPPED, "stopped"),
    Ending.SKIPPED: (Ended.SKIPPED, "skipped"),
}
"""What a current that ended so makes of its run, where the protocol says nothing else."""

PAUSE_AMPLITUDE = 10e-3
"""V, peak, of the spectrum by which a cell is looked at after a pause."""

WARM = 80.0
"""°C up to which that spectrum fits into its current range."""

MOVED = 0.05
"""Relative change of R_int in a pause from which on the operator is asked whether to go on."""


class Currents(Resting):
    """What can be done to a cell under current."""

    def geis(self, asked: ConstantCurrent) -> Generator[KeptFit]:
        """Take spectra back to back under current until a limit, a short, the program's end or a break.

        Yields
        ------
        KeptFit
            The fit of each spectrum, as soon as the spectrum is whole and durably kept.

        Raises
        ------
        StepStoppedError, SkippedError, Aborted, Interlocked
            If the operator or an interlock ends it; a limit, a cut-off or a short is in `ending`.
        InstrumentError
            If the channel stops before any limit: what the cell has seen is not what was asked for.
        """
        session, planner, charge_before, passed = (
            self.session,
            self.session.abilities.potentiostat,
            self.charge.total,
            0.0,
        )
        asked = self._adapted(asked)
        program = asked.program(planner, 0.0, session.thin)
        described = {type(each).__name__: asdict(each) for each in program}
        bounds = {
            "cut_off_V": asked.cut_off,
            "charge_limit_C": asked.charge,
            "time_limit_s": asked.seconds,
            "margin_V": asked.margin,
        }
        self.current_on = None

        def started() -> None:
            session.event("current on", f"{asked.current * 1e6:.4g} µA")
            self.current_on = session.clock.now() if self.current_on is None else self.current_on

        with self._verb("geis", **bounds, program=described):
            while not self._refused_by_short():
                program = asked.program(planner, passed, session.thin)
                acquisition = Acquisition(
                    session,
                    program,
                    asked.firmware_limit,
                    self.charge,
                    asked.limits(abs(self.charge.total - charge_before), passed),
                    started=started,
                )
                try:
                    yield from self._spectra(acquisition, asked)
                except GeneratorExit:
                    if acquisition.ending is Ending.PAUSED and acquisition.wish is not None:
                        acquisition.wish.done("current off for good: what was measured by then has ended it")
                    raise
                finally:
                    self.ending = acquisition.ending
                    if acquisition.begun:
                        session.event("current off", str(acquisition.ending), charge_C=self.charge.total)
                        session.mark_current_off(self.charge.total)
                if acquisition.ending is Ending.STOPPED:
                    raise StepStoppedError
                if acquisition.ending is Ending.SKIPPED:
                    raise SkippedError
                passed += session.clock.now() - acquisition.origin
                if acquisition.ending is Ending.PROGRAM and passed < asked.longest:
                    if acquisition.last_pass < _last_pass(program):
                        raise self._stopped_by_itself(passed, asked)
                    words = (
                        "sweeps are quicker than point_overhead in the bench file says; the current goes on"
                    )
                    session.event("program renewed", words, "warning", seconds=passed)
                    self.rules.disturbed()
                    continue
                if acquisition.ending is not Ending.PAUSED or acquisition.wish is None:
                    return
                self.pauses += 1
                self.rules.disturbed()
                pause(session, acquisition.wish, self.charge)
                self._ask_whether_moved(asked)

    def _refused_by_short(self) -> bool:
        """Whether a short was found while no current flowed, so that none is begun."""
        if self.shorted:
            self.ending = Ending.SHORT
            self.session.event("no current", "the cell is shorted, no current is begun", "alarm")
        return self.shorted

    def _stopped_by_itself(self, seconds: float, asked: ConstantCurrent) -> InstrumentError:
        """Return the error of a program that is over although it is planned longer than its limits."""
        volts = self.session.latest.get("E", math.nan)
        return InstrumentError(
            f"Potentiostat: the channel has stopped by itself after {seconds / 60:.4g} of "
            f"{asked.longest / 60:.4g} min, at {volts:.4g} V and {self.charge.total * 1e3:.4g} mC;",
            "look whether another program stopped it, and what its front panel shows.",
        )

    def _adapted(self, asked: ConstantCurrent) -> ConstantCurrent:
        """Take up what was proposed while the last current flowed; one that flows is left as it is."""
        if not (asked.adapt and self._proposal):
            return asked
        adapted = asked.adapted(self._proposal, self.session.abilities.potentiostat)
        if adapted != asked:
            words = (
                f"AC {adapted.amplitude * 1e6:.3g} µA peak instead of {asked.amplitude * 1e6:.3g}, "
                f"down to {adapted.sweep.f_min:.3g} Hz instead of {asked.sweep.f_min:.3g}"
            )
            self.session.event("adapted", words, "info", **self._proposal)
        return adapted

    def _ask_whether_moved(self, asked: ConstantCurrent) -> None:
        """After a pause: compare the interface with what it was, and ask where it has moved."""
        before = self._last_usable
        least = electrolyte_resistance(self.session.cell, WARM)
        technique = PotentiostaticImpedance(
            asked.sweep, PAUSE_AMPLITUDE, current_limit=2 * PAUSE_AMPLITUDE / least, automatic_range=True
        )
        fits = [kept for kept in self.peis(technique) if usable(kept.fit)]
        if before is None or not fits:
            return
        was, now = before.fit["R_int"], fits[-1].fit["R_int"]
        cell = self.session.cell
        words = (
            f"R_int was {cell.areal_resistance(was):.3g} kΩ cm² before the pause and is "
            f"{cell.areal_resistance(now):.3g} kΩ cm² now"
        )
        self.session.event("after the pause", words, "info", before_ohm=was, after_ohm=now)
        if abs(now / was - 1) > MOVED and self.ask(Request("confirm", f"{words}: go on?")) is Answer.SKIPPED:
            raise SkippedError

    def strip(self, asked: ConstantCurrent, until: Callable[[KeptFit], bool] = lambda kept: False) -> Ended:
        """Pass a current as `geis` does, and end this protocol by how the current ended.

        Parameters
        ----------
        asked : ConstantCurrent
        until : callable
            Shown every fit; once it says so the current ends, and the protocol as depleted.

        Returns
        -------
        Ended
            A short circuit seen in the impedance counts as one seen in E.

        Raises
        ------
        StepStoppedError, SkippedError, Aborted, Interlocked
            If the operator or an interlock ends it.
        """
        with held(self.geis(asked)) as fits:
            for kept in fits:
                if self.shorted or until(kept):
                    break
        if self.shorted:
            self.ending = Ending.SHORT
        # The operator's word counts, also where the last spectrum would have ended the current by itself.
        if self.ending is Ending.STOPPED:
            raise StepStoppedError
        if self.ending is Ending.SKIPPED:
            raise SkippedError
        word, reason = ENDED.get(self.ending, (Ended.DEPLETED, "depleted"))
        self.ends(word, reason)
        return word

    def _spectra(self, acquisition: Acquisition, asked: ConstantCurrent) -> Generator[KeptFit]:
        assembler = SweepAssembler("GEIS", asked.sweep.points, asked.amplitude)
        with held(acquisition.rows()) as batches:
            for batch in batches:
                if isinstance(batch, SweepPoints):
                    for spectrum in assembler.add(batch, acquisition.origin):
                        yield self._under_current(self._keep(spectrum))
        for kept in self._cut_short(assembler, asked.sweep.points, acquisition.origin):
            yield self._under_current(kept)

    def _under_current(self, spectrum: Kept) -> KeptFit:
        """Fit a spectrum taken under current; what rules propose by it is for the next current."""
        kept = self.fit(spectrum)
        rules = [*self.rules.of(LargeResponse), *self.rules.of(FastDrift)]
        self._proposal = {name: value for rule in rules for name, value in rule.proposal.items()}
        return kept


def _last_pass(program: Sequence[Technique]) -> int:
    """Return the number of a program's last pass, from 0."""
    return sum(each.repeats for each in program if isinstance(each, Loop))
