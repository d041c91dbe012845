"""Independent parts of a campaign side by side, each in a runner process on a simulated bench of its own."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.campaign.plan import Plan
from app.runner.outcome import Outcome
from core.errors import BadInput, StripbenchError
from core.files import BenchFile

if TYPE_CHECKING:
    from app.runner.campaign import Done


@dataclass(frozen=True)
class LaneJob:
    """What a runner process needs to work through one part of a campaign.

    Attributes
    ----------
    store_url : str
    bench : BenchFile
        Wholly simulated.
    bench_text : str
    plan : Plan
        The part.
    campaign : int or None
    thin : int
        Of sweeps back to back only every so-manieth is taken.
    speed : float
        Bench seconds per wall second.
    """

    store_url: str
    bench: BenchFile
    bench_text: str
    plan: Plan
    campaign: int | None
    thin: int
    speed: float


@dataclass(frozen=True)
class StepDone:
    """What came of one step, in what crosses process borders: path, cell, protocol, outcome."""

    path: str
    cell: str
    protocol: str
    outcome: Outcome

    @classmethod
    def of(cls, done: "Done") -> "StepDone":
        """Return what crosses a border of a step."""
        return cls(done.step.path, done.step.cell.name, type(done.step.protocol).__name__, done.outcome)


def run_lanes(
    jobs: Sequence[LaneJob],
    side_by_side: int,
    news: Callable[[list[StepDone]], None] = lambda done: None,
) -> list[StepDone]:
    """Work through parts of a campaign, a few at a time.

    Parameters
    ----------
    jobs : sequence of LaneJob
    side_by_side : int
        How many processes.
    news : callable
        Called with the steps of each part as it ends, and with nothing now and then.

    Returns
    -------
    list of StepDone
        Of all parts, in the order they ended.

    Raises
    ------
    BadInput
        If a bench is not wholly simulated, or a step cannot be done.
    """
    if any(not job.bench.wholly_simulated for job in jobs):
        raise BadInput(
            "steps side by side are for wholly simulated benches;", "a real bench does them one by one."
        )
    done: list[StepDone] = []
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(side_by_side, max(len(jobs), 1)), context, initializer=_be_a_worker)
    try:
        waiting: set[Future[list[StepDone]]] = {pool.submit(_work, job) for job in jobs}
        while waiting:
            finished, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            news([])
            for future in finished:
                steps = future.result()
                done.extend(steps)
                news(steps)
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return done


def _be_a_worker() -> None:
    """Listen to the store, not to the terminal, and die with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, name="parent", daemon=True).start()


def _die_with_parent() -> None:
    """End at once, as in a crash, when the parent is gone; there are only simulated instruments here."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(job: LaneJob) -> list[StepDone]:
    """Work through one part, in a runner process."""
    from app.runner.campaign import CampaignRunner
    from app.runner.log import open_log
    from core.clock import VirtualClock
    from storage import open_store

    with (
        open_store(job.store_url, create=True) as store,
        CampaignRunner(
            store,
            job.bench,
            job.bench_text,
            VirtualClock(job.speed),
            campaign=job.campaign,
            thin=job.thin,
            log_path=open_log(),
        ) as runner,
    ):
        try:
            done = runner.work_through(job.plan)
        except StripbenchError as error:
            raise BadInput(error.problem, error.remedy) from None
    return [StepDone.of(each) for each in done]
