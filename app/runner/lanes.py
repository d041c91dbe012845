"""Independent parts of a campaign side by side, each in a runner process on a simulated bench of its own."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING

from app.campaign.plan import Plan
from app.campaign.walk import Refusal
from app.runner.outcome import Outcome
from core.errors import BadInput, StripbenchError
from core.files import BenchFile
from protocols.control import Control, Wish

if TYPE_CHECKING:
    from app.runner.campaign import Done


LISTEN_EVERY = 0.05
"""s of wall time between looks at what the operator wants."""


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


@dataclass(frozen=True)
class LaneDone:
    """What came of one part of a campaign.

    Attributes
    ----------
    steps : tuple of StepDone
        In the order they were done.
    passed_over : tuple of Refusal
        Steps that were not done, because their electrode was spent.
    called_off : bool
        Whether steps were not begun because the operator wanted no more.
    """

    steps: tuple[StepDone, ...]
    passed_over: tuple[Refusal, ...] = ()
    called_off: bool = False


class _Orders:
    """What the operator wants of all runner processes; kept, so that it also holds for what begins later."""

    def __init__(self, stop: Event, abort: Event) -> None:
        self.stop, self.abort = stop, abort

    def take(self, control: Control) -> None:
        """Pass on what was said at the terminal."""
        while (wish := control.take()) is not None:
            if wish.verb == "abort":
                self.abort.set()
            self.stop.set()
            wish.answer(f"{wish.verb}: told to every step under way; nothing more is begun")

    @contextmanager
    def heeded(self, control: Control) -> Iterator[None]:
        """Hand the orders to the runs of this process for the length of a block."""
        over = threading.Event()

        def listen() -> None:
            stop, abort = self.stop, self.abort
            told = {"abort": False, "stop": False}
            while not over.wait(LISTEN_EVERY):
                for verb, order in (("abort", abort), ("stop", stop)):
                    if order.is_set() and not told[verb]:
                        control.post(Wish(verb, lambda words: None))
                        told = {"abort": verb == "abort", "stop": True}

        thread = threading.Thread(target=listen, name="orders", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def run_lanes(
    jobs: Sequence[LaneJob],
    side_by_side: int,
    news: Callable[[LaneDone], None] = lambda done: None,
    control: Control | None = None,
) -> list[LaneDone]:
    """Work through parts of a campaign, a few at a time.

    Parameters
    ----------
    jobs : sequence of LaneJob
    side_by_side : int
        How many processes.
    news : callable
        Called with what came of each part as it ends, and with nothing done now and then.
    control : Control, optional
        Where the operator's wishes are left. To stop ends every step under way and begins nothing
        more; to abort does the same at once.

    Returns
    -------
    list of LaneDone
        Of all parts, in the order they ended; of those that were not begun, without steps.

    Raises
    ------
    BadInput
        If a bench is not wholly simulated, or a step cannot be done; all others are aborted first.
    StripbenchError
        If a runner process died.
    """
    if any(not job.bench.wholly_simulated for job in jobs):
        raise BadInput(
            "steps side by side are for wholly simulated benches;", "a real bench does them one by one."
        )
    context = multiprocessing.get_context("spawn")
    orders = _Orders(context.Event(), context.Event())
    pool = ProcessPoolExecutor(
        min(side_by_side, max(len(jobs), 1)), context, initializer=_be_a_worker, initargs=(orders,)
    )
    processes: list[BaseProcess] = []
    try:
        with _deaf_from_birth():
            parts = [pool.submit(_work, job) for job in jobs]
        processes += (pool._processes or {}).values()
        return _gathered(parts, orders, control or Control(), news)
    except BaseException as error:
        for process in processes:
            process.kill()
        if isinstance(error, BrokenProcessPool):
            raise StripbenchError(
                "a runner process of this campaign died, its runs read as interrupted;",
                "see whether memory ran out and what the logs of the runs say.",
            ) from None
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _gathered(
    parts: "Sequence[Future[LaneDone]]",
    orders: _Orders,
    control: Control,
    news: Callable[[LaneDone], None],
) -> list[LaneDone]:
    """Wait for all parts; where one cannot go on, the others are aborted before its error is raised."""
    done: list[LaneDone] = []
    error: StripbenchError | None = None
    waiting = set(parts)
    while waiting:
        finished, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
        orders.take(control)
        news(LaneDone(()))
        for future in finished:
            try:
                done.append(future.result())
                news(done[-1])
            except StripbenchError as problem:
                error = error or problem
                orders.abort.set()
    if error is not None:
        raise error
    return done


_orders: _Orders | None = None
"""Of the runner process that this is."""


_DEAF_TO = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
]
"""Signals that a terminal or a service manager sends to a whole group of processes."""


@contextmanager
def _deaf_from_birth() -> Iterator[None]:
    """Start processes that ignore these signals before they can say so; only in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _DEAF_TO}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _be_a_worker(orders: _Orders) -> None:
    """Listen to the parent, not to the terminal or to whoever ends its processes, and die with it."""
    global _orders
    _orders = orders
    for number in _DEAF_TO:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, name="parent", daemon=True).start()


def _die_with_parent() -> None:
    """End at once, as in a crash, when the parent is gone; there are only simulated instruments here."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(job: LaneJob) -> LaneDone:
    """Work through one part, in a runner process."""
    from app.runner.campaign import CampaignRunner
    from app.runner.log import open_log
    from core.clock import VirtualClock
    from storage import open_store

    orders, control = _orders, Control()
    if orders is None:
        raise RuntimeError("parts of a campaign are worked through by processes of run_lanes")
    with (
        open_store(job.store_url, create=True) as store,
        CampaignRunner(
            store,
            job.bench,
            job.bench_text,
            VirtualClock(job.speed),
            control=control,
            campaign=job.campaign,
            thin=job.thin,
            log_path=open_log(),
            called_off=lambda: orders.stop.is_set() or orders.abort.is_set(),
        ) as runner,
        orders.heeded(control),
    ):
        try:
            done = runner.work_through(job.plan)
        except StripbenchError as error:
            raise BadInput(error.problem, error.remedy) from None
    return LaneDone(tuple(map(StepDone.of, done)), tuple(runner.passed_over), runner.called_off)
