"""Executing a job: one run, from its row in the store to the safe state at its end."""

import logging
import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from analysis import LiveFitter
from app.runner.attendant import Attendant
from app.runner.hindsight import Hindsight
from app.runner.job import Job
from app.runner.outcome import Outcome
from app.runner.provenance import header
from app.runner.readers import readers
from app.runner.witness import Announce, Witness
from core.clock import Clock, Worker
from core.errors import StoreError, StripbenchError
from core.records import Event, Fit, RunState, Spectrum, Value
from drivers.bench import Bench, Doubles, connect
from drivers.potentiostat import ChannelState
from protocols.control import Aborted, Control
from protocols.session import Session
from simulators.bench import SimulatedBench
from storage import Journal, Store

log = logging.getLogger(__name__)

REFERENCE_TEMPERATURE = 298.15
"""K, where nobody measures the temperature."""

Truth = Callable[[float], dict[str, float]]


class Runner:
    """Owns the instruments for the length of one run.

    Parameters
    ----------
    store : Store
    job : Job
    clock : Clock
        Real, or virtual where the whole bench is simulated.
    log_path : Path or None
        Kept with the run.
    announce : callable, optional
        Called with id and checksum of every spectrum that is durably kept.
    started : callable, optional
        Called with the run's number as soon as its row is committed.
    keep_truth : callable, optional
        Replaces what the simulated cell says of itself; for showing that nothing depends on it.
    control : Control, optional
        Where the operator's wishes are left.
    """

    def __init__(
        self,
        store: Store,
        job: Job,
        clock: Clock,
        log_path: Path | None = None,
        announce: Announce | None = None,
        started: Callable[[int], None] | None = None,
        keep_truth: Callable[[Truth], Truth | None] = lambda truth: truth,
        control: Control | None = None,
    ) -> None:
        self._store, self._job, self._clock = store, job, clock
        self._log_path, self._announce, self._started = log_path, announce, started
        self._keep_truth = keep_truth
        self.control = control or Control()
        self._unsafe = False

    def run(self) -> Outcome:
        """Execute the job.

        Returns
        -------
        Outcome
            Also where the run failed: the reason is in the store and in the outcome.
        """
        job, clock = self._job, self._clock
        journal = self._store.begin_run(header(job, clock, self._log_path))
        if self._started is not None:
            self._started(journal.run)
        attendant = Attendant(journal, self.control, clock, job.bench.cadence.commands)
        state, reason = RunState.FAILED, "the runner ended unexpectedly"
        with clock.worker("protocol"):
            attendant.start()
            try:
                state, reason = self._execute(journal)
            except Aborted:
                state, reason = RunState.ABORTED, "aborted by the operator"
            except StripbenchError as error:
                reason = str(error)
                log.exception("run %d failed", journal.run)
            except Exception as error:  # a defect of ours: the run ends safely and the log has the traceback
                reason = f"internal error, {type(error).__name__}: {error}; the log has the details"
                log.exception("run %d failed", journal.run)
            finally:
                attendant.close()
                if self._unsafe:
                    state = RunState.FAILED
                    reason = f"{reason}; open circuit could not be confirmed: look at the potentiostat"
                state, reason = self._finish(journal, state, reason)
        return Outcome(journal.run, state, reason)

    def _finish(self, journal: Journal, state: RunState, reason: str) -> tuple[RunState, str]:
        """Write down how the run ended; a store that does not take it makes the run a failed one."""
        now = self._clock.now()
        try:
            if state is RunState.FAILED:
                journal.event(Event("failed", reason, now, "alarm"))
            journal.finish(state, reason, now)
        except StoreError as error:
            log.exception("the end of run %d could not be kept", journal.run)
            state = RunState.FAILED
            reason = f"{reason}; the store did not take the end of the run: {error}"
        try:
            journal.close()
        except StoreError:
            log.exception("the journal of run %d could not be closed", journal.run)
        return state, reason

    def _execute(self, journal: Journal) -> tuple[RunState, str]:
        job, clock = self._job, self._clock
        with ExitStack() as stack:
            doubles, truth = self._doubles(stack)
            bench = connect(job.bench, doubles)
            stack.callback(bench.close)
            workers: list[Worker] = []
            stack.callback(self._stop_workers, workers)
            # Current off comes first, whatever else no longer answers.
            stack.callback(self._safe, bench, journal)
            self._take_over(bench, journal)
            for identity in bench.identities:
                journal.instrument(identity.instrument, identity.model, identity.serial, identity.firmware,
                                   identity.details)  # fmt: skip
            fitter = LiveFitter(job.cell.area, wait=job.bench.wholly_simulated)
            latest: dict[str, float] = {}

            def fit(spectrum: Spectrum) -> Fit:
                """Fit at the temperature last read; it moves the priors of the electrolyte's arcs."""
                fitter.temperature = kelvin = latest.get("T", REFERENCE_TEMPERATURE)
                found = fitter(spectrum)
                return replace(found, parameters={**found.parameters, "T": Value(kelvin, math.nan)})

            witness = Witness(journal, self._keep_truth(truth) if truth else None, self._announce)
            session = Session(
                clock=clock,
                bench=bench,
                file=job.bench,
                cell=job.cell,
                recorder=Hindsight(witness, fitter.again),
                control=self.control,
                fitter=fit,
                latest=latest,
                set_state=lambda word: journal.set_state(RunState(word)),
            )
            workers += [reader.start(clock) for reader in readers(session, journal)]
            job.protocol.run(session)
        if self.control.stopped:
            return RunState.STOPPED, "stopped by the operator"
        return RunState.FINISHED, job.protocol.end_reason

    def _doubles(self, stack: ExitStack) -> tuple[Doubles, Truth | None]:
        """Start what answers in place of the instruments the bench file calls simulated."""
        if not self._job.bench.simulated:
            return Doubles(), None
        simulated = SimulatedBench(self._job.bench, self._job.cell, self._clock)
        stack.callback(simulated.close)
        simulated.start()
        doubles = Doubles(simulated.library, simulated.chamber_address, simulated.gauge_address)
        return doubles, simulated.truth

    def _stop_workers(self, workers: list[Worker]) -> None:
        for worker in workers:
            self._clock.stop_worker(worker)
        for worker in workers:
            worker.join()

    def _take_over(self, bench: Bench, journal: Journal) -> None:
        """Stop what a runner that was killed may have left running in the channel."""
        live = bench.potentiostat.poll().live
        if live.state is ChannelState.STOPPED:
            return
        bench.potentiostat.safe()
        message = f"a program was still running in the channel ({live.current * 1e6:.4g} µA); it was stopped"
        journal.event(Event("taken over", message, self._clock.now(), "alarm"))

    def _safe(self, bench: Bench, journal: Journal) -> None:
        """Current off, open circuit read back. The chamber keeps its set-point."""
        self._unsafe = not bench.potentiostat.safe()
        event = Event("safe", "current off, cell at open circuit", self._clock.now())
        if self._unsafe:
            message = "open circuit could not be confirmed; look at the potentiostat"
            event = Event("not safe", message, self._clock.now(), "alarm")
        try:
            journal.event(event)
        except StoreError:
            log.exception("the store did not take: %s", event.message)
