"""The base of every protocol: its parameters, and the verbs it is written in."""

import difflib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from pymeasure.experiment import Procedure
from pymeasure.experiment.parameters import Parameter

from core.cell import Cell
from core.errors import BadInput
from core.records import Decision, Fit, Spectrum
from drivers.potentiostat import Planner, Samples, SweepPoints
from drivers.techniques import (
    GalvanostaticImpedance,
    OpenCircuit,
    PotentiostaticImpedance,
    Sweep,
    Technique,
)
from protocols.acquisition import REST_VOLTAGE, Acquisition, Charge, Ending, Limits
from protocols.conditioning import condition
from protocols.control import Aborted, StepStoppedError
from protocols.decisions import SOFT_SHORT, KeptFit
from protocols.generators import held
from protocols.pausing import pause
from protocols.session import Session
from protocols.stability import StablePotential
from protocols.sweeps import SweepAssembler


class Protocol(Procedure):
    """Something that is done to a cell.

    A protocol declares parameters (`protocols.parameters`) and an `execute` that is written in the
    verbs below; it knows nothing of threads, SQL, sockets or Qt, and takes nothing from outside
    but verbs, fits and its parameters.

    Raises
    ------
    BadInput
        For an unknown parameter or a value that is refused.
    """

    def __init__(self, **parameters: object) -> None:
        known = self.declared()
        for name in parameters:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                remedy = f'did you mean "{close[0]}"?' if close else f"it has {', '.join(known)}."
                raise BadInput(f"{type(self).__name__} has no parameter {name!r};", remedy)
        super().__init__()
        for name in known:
            if name in parameters:
                setattr(self, name, parameters[name])
        self.charge = Charge()
        self._ordinal = 0
        self._session: Session | None = None
        self._step: int | None = None
        self.ending = Ending.PROGRAM
        self.end_reason = "finished"
        """In words, why it ended; kept with the run."""
        self.pauses = 0
        """How often the current was interrupted by the operator."""

    @classmethod
    def declared(cls) -> dict[str, Parameter]:
        """The parameters in the order they are declared in."""
        return {
            name: value
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, Parameter)
        }

    def values(self) -> dict[str, Any]:
        """The parameters as they stand, in declared units and order; JSON-able."""
        plain = {}
        for name in self.declared():
            value = getattr(self, name)
            plain[name] = value if isinstance(value, int | float | str | type(None)) else str(value)
        return plain

    def plan(self, planner: Planner, cell: Cell) -> list[str]:
        """Work out what will be done to a cell, in absolute numbers, touching nothing.

        Returns
        -------
        list of str
            Lines for the operator: currents, amplitudes, limits, what happens without the host.

        Raises
        ------
        BadInput
            For what the bench or the cell cannot do.
        """
        return []

    def execute(self) -> None:
        """Do it, in verbs."""
        raise NotImplementedError(f"{type(self).__name__} has no execute")

    def run(self, session: Session) -> None:
        """Run on a bench, from the first verb to the last."""
        self._session = session
        self._ordinal = 0
        try:
            self.execute()
        except StepStoppedError:
            self.end_reason = "stopped"

    @property
    def session(self) -> Session:
        """What the protocol runs with; only there while it runs."""
        if self._session is None:
            raise RuntimeError("the protocol is not running")
        return self._session

    # ---- verbs -------------------------------------------------------------------------------

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
        with self._verb("condition", temperature_C=temperature, **options):
            return condition(self.session, temperature + 273.15, **options)

    def rest(self, *, minimum: float, maximum: float, stability: float) -> None:
        """Rest at open circuit until E is stable.

        Parameters
        ----------
        minimum, maximum : float
            Shortest and longest rest in s.
        stability : float
            Largest |dE/dt| in V/s that counts as stable.
        """
        with self._verb("rest", minimum_s=minimum, maximum_s=maximum, stability_V_per_s=stability):

            def once() -> Acquisition:
                stable = StablePotential(minimum, stability)
                acquisition = Acquisition(self.session, [OpenCircuit(maximum)], REST_VOLTAGE, self.charge)
                with held(acquisition.rows()) as batches:
                    for batch in batches:
                        if isinstance(batch, Samples) and stable.see(batch.time, batch.voltage):
                            break
                if acquisition.ending is Ending.PROGRAM:
                    message = f"E was not stable after {maximum / 60:.4g} min; going on"
                    self.session.event("rest", message, "warning")
                return acquisition

            self._until_not_paused(once)

    def peis(self, amplitude: float, sweep: Sweep, current_limit: float) -> list[tuple[int, Spectrum]]:
        """Take one spectrum around the open-circuit potential; `amplitude` is the peak in V."""
        technique = PotentiostaticImpedance(sweep, amplitude, current_limit=current_limit)
        with self._verb("peis", amplitude_V=amplitude, **asdict(sweep)):
            kept: list[tuple[int, Spectrum]] = []

            def once() -> Acquisition:
                acquisition = Acquisition(self.session, [technique], REST_VOLTAGE, self.charge)
                assembler = SweepAssembler("PEIS", sweep.points, amplitude)
                with held(acquisition.rows()) as batches:
                    for batch in batches:
                        if isinstance(batch, SweepPoints):
                            kept.extend(map(self._keep, assembler.add(batch, acquisition.origin)))
                return acquisition

            self._until_not_paused(once)
        return kept

    def geis(
        self, program: Callable[[float], list[Technique]], limits: Limits, margin: float
    ) -> Generator[tuple[int, Spectrum]]:
        """Take spectra back to back under current until a limit, the program's end or a break.

        Parameters
        ----------
        program : callable
            Given the seconds of current that have passed (0, or more after a pause), returns a
            firmware-tested slice of constant current, the sweep, and the loop over both.
        limits : Limits
            What the host ends it at, within one poll.
        margin : float
            V above the cut-off at which the firmware ends it by itself, once a pass.

        Yields
        ------
        (int, Spectrum)
            Each spectrum as soon as it is whole and durably kept, with its id.
        """
        session, charge_before, passed = self.session, self.charge.total, 0.0
        described = {type(each).__name__: asdict(each) for each in program(passed)}
        bounds = {
            "cut_off_V": limits.cut_off,
            "charge_limit_C": limits.charge,
            "time_limit_s": limits.seconds,
            "margin_V": margin,
        }
        with self._verb("geis", **bounds, program=described):
            while True:
                techniques = program(passed)
                sweep = next(each for each in techniques if isinstance(each, GalvanostaticImpedance))
                acquisition = Acquisition(
                    session,
                    techniques,
                    limits.cut_off + margin,
                    self.charge,
                    Limits(
                        limits.cut_off,
                        limits.charge - abs(self.charge.total - charge_before),
                        limits.seconds - passed,
                    ),
                    started=lambda current=sweep.current: session.event(  # type: ignore[misc]
                        "current on", f"{current * 1e6:.4g} µA"
                    ),
                )
                try:
                    yield from self._spectra(acquisition, sweep)
                finally:
                    self.ending = acquisition.ending
                    session.event("current off", str(acquisition.ending), charge_C=self.charge.total)
                if acquisition.ending is not Ending.PAUSED or acquisition.wish is None:
                    return
                passed += session.clock.now() - acquisition.origin
                self.pauses += 1
                try:
                    pause(session, acquisition.wish)
                except StepStoppedError:
                    self.ending = Ending.STOPPED
                    return

    def fit(self, spectrum: tuple[int, Spectrum]) -> KeptFit:
        """Fit a kept spectrum, starting from those before it, and keep the fit."""
        number, measured = spectrum
        fit: Fit = self.session.fitter(measured)
        return KeptFit(self.session.recorder.fit(number, fit), fit)

    def decide(self, decision: Decision | None) -> None:
        """Keep a decision with the fits it was made from; None is no decision."""
        if decision is not None:
            assert self._step is not None
            self.session.recorder.decision(self._step, decision)
            severity = "alarm" if decision.rule == SOFT_SHORT else "info"
            self.session.event("decision", f"{decision.rule}: {decision.outcome}", severity)

    # ---- what the verbs share ----------------------------------------------------------------

    def _spectra(
        self, acquisition: Acquisition, sweep: GalvanostaticImpedance
    ) -> Generator[tuple[int, Spectrum]]:
        assembler = SweepAssembler("GEIS", sweep.sweep.points, sweep.amplitude)
        with held(acquisition.rows()) as batches:
            for batch in batches:
                if isinstance(batch, SweepPoints):
                    for spectrum in assembler.add(batch, acquisition.origin):
                        yield self._keep(spectrum)
        if assembler.pending:
            whole = sweep.sweep.points
            self.session.event("sweep cut short", f"{assembler.pending} of {whole} frequencies, kept", "info")
            for spectrum in assembler.rest(acquisition.origin):
                yield self._keep(spectrum)

    def _keep(self, spectrum: Spectrum) -> tuple[int, Spectrum]:
        assert self._step is not None
        return self.session.recorder.spectrum(self._step, spectrum), spectrum

    def _until_not_paused(self, once: Callable[[], Acquisition]) -> None:
        """Run a program; where the operator pauses it, run it again from its start afterwards.

        Raises
        ------
        StepStoppedError
            If the operator stopped it.
        """
        while (acquisition := once()).ending is Ending.PAUSED and acquisition.wish is not None:
            pause(self.session, acquisition.wish)
        if acquisition.ending is Ending.STOPPED:
            raise StepStoppedError

    @contextmanager
    def _verb(self, verb: str, **parameters: object) -> Iterator[None]:
        """Record a step around what a verb does."""
        step = self._begin(verb, parameters)
        outcome = "failed"
        try:
            yield
            outcome = "stopped" if self.session.control.stopped else "done"
        except StepStoppedError:
            outcome = "stopped"
            raise
        except Aborted:
            outcome = "aborted"
            raise
        except GeneratorExit:
            outcome = "concluded"
            raise
        finally:
            self.session.recorder.end_step(step, self.session.clock.now(), outcome)

    def _begin(self, verb: str, parameters: dict[str, Any]) -> int:
        self._ordinal += 1
        name = type(self).__name__
        key = f"{self.session.path}/{name}/{verb}/{self._ordinal}"
        self._step = self.session.recorder.begin_step(key, name, verb, parameters, self.session.clock.now())
        return self._step
