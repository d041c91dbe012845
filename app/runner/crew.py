"""Several runs side by side on simulated benches, each in a runner process of its own."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from app.runner.outcome import Outcome
from core.records import RunState


@dataclass(frozen=True)
class Recipe:
    """The texts that a job is made from; text crosses process borders, objects need not.

    Attributes
    ----------
    experiment, bench : str
        Contents of an experiment and a wholly simulated bench file.
    name : str
        Names both in messages.
    """

    experiment: str
    bench: str
    name: str


@dataclass
class _Member:
    """One runner process and what has been heard from it."""

    process: Any
    pipe: Connection
    run: int | None = None
    outcome: Outcome | None = None


class Crew:
    """Runs recipes in processes, a few at a time.

    Parameters
    ----------
    store_url : str
    recipes : list of Recipe
    speed : float
        Bench seconds per wall second.
    side_by_side : int
        How many at a time.
    """

    def __init__(self, store_url: str, recipes: list[Recipe], speed: float, side_by_side: int) -> None:
        self._store_url, self._speed, self._side_by_side = store_url, speed, side_by_side
        self._waiting = deque(enumerate(recipes))
        self._members: dict[int, _Member] = {}
        self._context = multiprocessing.get_context("spawn")
        self.cancelled = False

    @property
    def started(self) -> list[int]:
        """Numbers of the runs begun so far, in the order of the recipes."""
        members = [self._members[index] for index in sorted(self._members)]
        return [member.run for member in members if member.run is not None]

    @property
    def active(self) -> list[int]:
        """Numbers of the runs that have not ended yet."""
        return [m.run for m in self._members.values() if m.outcome is None and m.run is not None]

    @property
    def outcomes(self) -> list[Outcome]:
        """How the runs ended, in the order of the recipes."""
        members = [self._members[index] for index in sorted(self._members)]
        return [member.outcome for member in members if member.outcome is not None]

    def cancel(self) -> None:
        """Begin no further runs; those under way go on until they are told otherwise."""
        self.cancelled = True
        self._waiting.clear()

    def start(self) -> None:
        """Start what may start now; `attend` goes on with it."""
        while self._waiting and len(self._under_way()) < self._side_by_side:
            self._start(*self._waiting.popleft())

    def attend(self, seconds: float) -> bool:
        """Start what may start, then wait up to `seconds` of wall time for news.

        Returns
        -------
        bool
            False once everything has ended.
        """
        self.start()
        under_way = self._under_way()
        if not under_way:
            return False
        pipes = {member.pipe: member for member in under_way}
        for pipe in wait(list(pipes), timeout=seconds):
            self._hear(pipes[pipe])  # type: ignore[index]
        return True

    def _under_way(self) -> list[_Member]:
        return [member for member in self._members.values() if member.outcome is None]

    def _start(self, index: int, recipe: Recipe) -> None:
        here, there = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=_work, args=(there, self._store_url, recipe, self._speed), name=recipe.name, daemon=True
        )
        process.start()
        there.close()
        self._members[index] = _Member(process, here)

    def _hear(self, member: _Member) -> None:
        try:
            message = member.pipe.recv()
        except EOFError:
            member.process.join()
            reason = f"its runner process ended with status {member.process.exitcode}"
            member.outcome = Outcome(member.run or 0, RunState.FAILED, reason)
            return
        if isinstance(message, int):
            member.run = message
        else:
            member.outcome = message
            member.process.join()


def _work(pipe: Connection, store_url: str, recipe: Recipe, speed: float) -> None:
    """Be one runner process. It listens to the store, not to the terminal, and dies with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, name="parent", daemon=True).start()
    # What the imports make is there to stay: it need not be looked through for garbage, now or later.
    gc.disable()
    from app.runner.job import make_job
    from app.runner.log import open_log
    from app.runner.runner import run_job
    from core.clock import VirtualClock
    from storage import open_store

    gc.freeze()
    gc.enable()
    job = make_job(recipe.experiment, recipe.name, recipe.bench, f"the bench of {recipe.name}")
    if not job.bench.wholly_simulated:
        raise ValueError("runs side by side are for wholly simulated benches only")
    store = open_store(store_url, create=True)
    pipe.send(run_job(store, job, VirtualClock(speed), log_path=open_log(), started=pipe.send))


def _die_with_parent() -> None:
    """End at once, as in a crash, when the parent is gone; there are only simulated instruments here."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
