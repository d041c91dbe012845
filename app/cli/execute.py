"""Running a job in this process, with live progress on standard error."""

import contextlib
import threading
from collections.abc import Iterator

from app.cli.output import err
from app.cli.progress import Progress
from app.runner.job import Job
from app.runner.log import open_log
from app.runner.outcome import Outcome
from app.runner.runner import run_job
from app.runner.witness import Announce
from core.clock import Clock, RealClock, VirtualClock
from protocols.control import Control
from storage import Store


def clock_for(job: Job, speed: float) -> Clock:
    """Return the clock of a bench: virtual only where every instrument is simulated."""
    return VirtualClock(speed) if job.bench.wholly_simulated else RealClock()


def execute(
    store: Store,
    job: Job,
    speed: float,
    control: Control,
    *,
    announce: Announce | None = None,
    live: bool = True,
) -> Outcome:
    """Execute a job, with live progress.

    Parameters
    ----------
    speed : float
        Bench seconds per wall second on a wholly simulated bench.
    control : Control
        Where the operator's wishes are left.
    announce : callable, optional
        Called for every spectrum durably kept.
    live : bool
        Whether progress is shown on standard error.
    """
    started: list[int] = []

    def run() -> Outcome:
        return run_job(
            store,
            job,
            clock_for(job, speed),
            log_path=open_log(),
            announce=announce,
            started=started.append,
            control=control,
            waiting=lambda words: err.print(f"the run has ended; {words}", markup=False),
        )

    with showing(store, started, live=live):
        return run()


@contextlib.contextmanager
def showing(store: Store, started: list[int], *, live: bool = True) -> Iterator[None]:
    """Show the last run that was started as the store has it, from a thread of its own, like any viewer."""
    if not live:
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=lambda: Progress(store, started).run(done), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
