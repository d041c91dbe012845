"""Executing a job: one run, from its row in the store to the safe state at its end."""

import logging
import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from analysis import LiveFitter
from app.runner.attendant import Attendant
from app.runner.book import JournalBook, enter_force
from app.runner.hindsight import Hindsight
from app.runner.interlocks import Interlocks
from app.runner.job import Job
from app.runner.outcome import Outcome
from app.runner.provenance import header
from app.runner.readers import readers
from app.runner.safe_state import BY_HAND, safe_state
from app.runner.station import Station, Truth
from app.runner.witness import Announce, Witness
from core.clock import Clock, Worker
from core.errors import InstrumentError, StoreError, StripbenchError
from core.records import Ended, Event, Fit, RunState, Spectrum, Value
from core.requests import Answer
from drivers.potentiostat import ChannelState
from protocols.control import Aborted, Control, Interlocked, StepStoppedError
from protocols.desk import Desk
from protocols.session import Session
from storage import Journal, Store

log = logging.getLogger(__name__)

REFERENCE_TEMPERATURE = 298.15
"""K, where nobody measures the temperature."""

MOUNT_TIMEOUT = 12 * 3600.0
"""s for which somebody is waited for who mounts the next cell."""


class Runner:
    """Executes one job on a bench that may have been connected by an earlier one.

    Parameters
    ----------
    store : Store
    job : Job
    station : Station
        The bench; connected here where it is not, and left connected.
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
        station: Station,
        log_path: Path | None = None,
        announce: Announce | None = None,
        started: Callable[[int], None] | None = None,
        keep_truth: Callable[[Truth], Truth | None] = lambda truth: truth,
        control: Control | None = None,
    ) -> None:
        self._store, self._job, self._station = store, job, station
        self._log_path, self._announce, self._started = log_path, announce, started
        self._keep_truth = keep_truth
        self.control = control or Control()
        self._clock: Clock = station.run_clock()
        self._unsafe = False
        self._watch: Interlocks | None = None

    def run(self) -> Outcome:
        """Execute the job.

        Returns
        -------
        Outcome
            Also where the run failed: the reason is in the store and in the outcome.
        """
        job, self._clock = self._job, self._station.run_clock()
        clock = self._clock
        # What ended an earlier run on this bench was dealt with there; what still holds is seen anew.
        self.control.tripped = ""
        journal = self._store.begin_run(header(job, clock, self._log_path))
        if self._started is not None:
            self._started(journal.run)
        attendant = Attendant(
            journal, self.control, clock, job.bench.cadence.commands, enter_force(self._station)
        )
        state, reason, ended = RunState.FAILED, "the runner ended unexpectedly", Ended.FAILED
        with clock.worker("protocol"):
            attendant.start()
            try:
                state, reason, ended = self._execute(journal)
            except Aborted:
                state, reason, ended = RunState.ABORTED, "aborted by the operator", Ended.ABORTED
            except Interlocked as tripped:
                reason, ended = f"interlock: {tripped}", Ended.INTERLOCK
            except StripbenchError as error:
                reason = str(error)
                log.exception("run %d failed", journal.run)
            except Exception as error:  # a defect of ours: the run ends safely and the log has the traceback
                reason = f"internal error, {type(error).__name__}: {error}; the log has the details"
                log.exception("run %d failed", journal.run)
            finally:
                attendant.close()
                if self._unsafe:
                    state, ended = RunState.FAILED, Ended.FAILED
                    reason = f"{reason}; open circuit could not be confirmed: look at the potentiostat"
                state, reason = self._finish(journal, state, reason, ended)
        return Outcome(journal.run, state, reason, ended if state is not RunState.FAILED else _failed(ended))

    def _finish(self, journal: Journal, state: RunState, reason: str, ended: Ended) -> tuple[RunState, str]:
        """Write down how the run ended; a store that does not take it makes the run a failed one."""
        now = self._clock.now()
        try:
            if state is RunState.FAILED:
                journal.event(Event("failed", reason, now, "alarm"))
            journal.finish(state, reason, now, ended)
        except StoreError as error:
            log.exception("the end of run %d could not be kept", journal.run)
            state = RunState.FAILED
            reason = f"{reason}; the store did not take the end of the run: {error}"
        try:
            journal.close()
        except StoreError:
            log.exception("the journal of run %d could not be closed", journal.run)
        return state, reason

    def _execute(self, journal: Journal) -> tuple[RunState, str, Ended]:
        job, station = self._job, self._station
        with ExitStack() as stack:
            station.stay_awake()
            fresh = station.open()
            workers: list[Worker] = []
            stack.callback(self._stop_workers, workers)
            # Current off comes first, whatever else no longer answers.
            stack.push(partial(self._make_safe, journal))
            self.control.heed()
            if fresh or station.doubtful:
                self._take_over(journal)
            for identity in station.bench.identities:
                journal.instrument(identity.instrument, identity.model, identity.serial, identity.firmware,
                                   identity.details)  # fmt: skip
            session = self._session(journal)
            self._watch = Interlocks(session, journal, self._store.path.parent)
            workers += [reader.start(self._clock) for reader in readers(session, journal)]
            workers.append(self._watch.start(self._clock))
            try:
                answer = station.mount(session, MOUNT_TIMEOUT, job.working_electrode)
            except StepStoppedError:
                reason = f"stopped by the operator before {job.cell.name} was mounted"
                return RunState.STOPPED, reason, Ended.STOPPED
            if answer is Answer.TIMED_OUT:
                return RunState.FAILED, f"nobody mounted {job.cell.name}", Ended.TIMED_OUT
            if answer is Answer.SKIPPED:
                return RunState.STOPPED, f"{job.cell.name} was not mounted: skipped", Ended.SKIPPED
            session.known = station.known(job.cell)
            job.protocol.run(session)
        protocol = job.protocol
        if self.control.stopped:
            return RunState.STOPPED, "stopped by the operator", Ended.STOPPED
        # Where nobody came there is no result, whichever of its requests it was.
        states = {Ended.SKIPPED: RunState.STOPPED, Ended.TIMED_OUT: RunState.FAILED}
        state = states.get(protocol.ended, RunState.FINISHED)
        return state, protocol.end_reason, protocol.ended

    def _session(self, journal: Journal) -> Session:
        """Put together what the protocol works with."""
        job, station = self._job, self._station
        known = station.known(job.cell)
        fitter = LiveFitter(job.cell.area, wait=job.bench.wholly_simulated, model=job.protocol.circuit(known))
        witness = Witness(journal, self._truth(), self._announce)
        session = Session(
            clock=self._clock,
            bench=station.bench,
            file=job.bench,
            cell=job.cell,
            recorder=Hindsight(witness, fitter.again),
            control=self.control,
            fitter=lambda spectrum: _with_conditions(fitter, spectrum, session),
            set_state=lambda word: journal.set_state(RunState(word)),
            abilities=station.abilities,
            desk=Desk(JournalBook(journal, self._clock.now), station.hands),
            known=known,
            path=job.path or "1",
            thin=station.thin,
        )
        return session

    def _truth(self) -> Truth | None:
        """Return what the simulated cell really is at a second of this run; None on a real bench."""
        truth, origin = self._station.truth, self._clock.origin
        if truth is None:
            return None
        return self._keep_truth(lambda time: truth(time + origin))

    def _stop_workers(self, workers: list[Worker]) -> None:
        for worker in workers:
            self._clock.stop_worker(worker)
        for worker in workers:
            worker.join()

    def _take_over(self, journal: Journal) -> None:
        """Stop what a runner that was killed, or a run that could not be ended, may have left running."""
        potentiostat, doubtful = self._station.bench.potentiostat, self._station.doubtful
        live = potentiostat.poll().live
        if live.state is ChannelState.STOPPED and not doubtful:
            return
        if not potentiostat.safe():
            raise InstrumentError(
                f"Potentiostat: the channel does not go to open circuit ({live.current * 1e6:.4g} µA);",
                f"nothing is begun; {BY_HAND}.",
            )
        self._station.doubtful = False
        if live.state is ChannelState.STOPPED:
            return
        message = f"a program was still running in the channel ({live.current * 1e6:.4g} µA); it was stopped"
        journal.event(Event("taken over", message, self._clock.now(), "alarm"))

    def _make_safe(
        self,
        journal: Journal,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Bring the bench to the safe state; after a fault E is recorded and the chamber sent to rest."""
        station, settings = self._station, self._job.bench.interlocks
        if self._watch is not None:
            self._watch.answered()
        fault = kind is not None and not issubclass(kind, Aborted)
        reached = safe_state(
            station.bench,
            journal,
            self._clock,
            settings,
            chamber_guilty=self._watch is not None and self._watch.chamber_guilty,
            recorder=journal if fault else None,
        )
        self._unsafe = station.doubtful = not reached.open_circuit
        if fault and reached.chamber == "left as it is":
            station.go_idle_later(journal, settings)


def run_job(
    store: Store, job: Job, clock: Clock, waiting: Callable[[str], None] = lambda words: None, **options: Any
) -> Outcome:
    """Execute one job on a bench that is connected for it alone; `options` as of `Runner`.

    `waiting` is told in words if something is still waited for after the run has ended.
    """
    station = Station(job.bench, clock, job.cell)
    try:
        return Runner(store, job, station, **options).run()
    finally:
        station.close(waiting)


def _failed(ended: Ended) -> Ended:
    """Return the word for a run that failed: an interlock and an absent operator keep theirs."""
    return ended if ended in (Ended.INTERLOCK, Ended.TIMED_OUT) else Ended.FAILED


def _with_conditions(fitter: LiveFitter, spectrum: Spectrum, session: Session) -> Fit:
    """Fit a spectrum at the temperature last read, and keep with the fit what it was taken under.

    The temperature moves the priors of the electrolyte's arcs; rules look at the rest.
    """
    fitter.temperature = session.latest.get("T", REFERENCE_TEMPERATURE)
    fit = fitter(spectrum)
    lowest = int(np.argmin(spectrum.frequency)) if len(spectrum) else 0
    conditions = {
        "T": session.latest.get("T", math.nan),
        "p": math.nan if session.pressure is None else session.pressure,
    }
    if len(spectrum):
        conditions |= {
            "E": float(np.mean(spectrum.voltage)),
            "I": float(np.mean(spectrum.current)),
            "E_ac": float(np.max(spectrum.voltage_amplitude)),
            "Re_low": float(spectrum.impedance[lowest].real),
            "f_min": float(spectrum.frequency[lowest]),
            "amplitude": spectrum.amplitude,
            "duration": float(spectrum.time[-1] - spectrum.time[0]),
        }
    seen = {name: Value(value, math.nan) for name, value in conditions.items() if math.isfinite(value)}
    return replace(fit, parameters={**fit.parameters, **seen})
