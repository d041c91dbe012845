"""What is done in the background to what a store holds, one after the other."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.launching import Progress, Work
from core.clock import wall_time
from core.errors import BadInput

log = logging.getLogger(__name__)

INTERVAL = 0.2
"""s between two looks at the process that works."""

PATIENCE = 3.0
"""s that it is given to end by itself when the window closes; then it is ended."""

Start = Callable[[tuple[str, ...], str], Work]


@dataclass(frozen=True)
class Job:
    """One piece of work.

    Attributes
    ----------
    number : int
        In the order in which they were asked for.
    words : str
        What is done, e.g. ``"refit of run 7"``.
    arguments : tuple of str
        The command of stripbench.
    state : {"waiting", "working", "done", "failed", "cancelled"}
    said : str
        The last line it has written.
    outcome : Any
        Its JSON, once it is done.
    problem : str
        Why it failed.
    """

    number: int
    words: str
    arguments: tuple[str, ...]
    state: str = "waiting"
    said: str = ""
    outcome: Any = None
    problem: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state not in ("waiting", "working")


class Works:
    """A queue of work, each a process of its own; starting and looking happen in a thread.

    Parameters
    ----------
    store_url : str
    start : callable, optional
        Starts the process of a job.

    Attributes
    ----------
    jobs : tuple of Job
        All that were asked for and have not been put away; replaced, never changed.
    """

    def __init__(self, store_url: str, start: Start = Work) -> None:
        self.jobs: tuple[Job, ...] = ()
        self._url = store_url
        self._start = start
        self._lock = threading.Lock()
        self._number = 0
        self._closed = False
        self._cancelled: set[int] = set()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def refit(self, run: int) -> int:
        """Have the spectra of a run fitted anew; return the number of the job."""
        return self._add(f"refit of run {run}", ("refit", str(run)))

    def replay(self, run: int) -> int:
        """Have the decisions of a run derived again; return the number of the job."""
        return self._add(f"replay of run {run}", ("replay", str(run)))

    def export(self, runs: tuple[int, ...], folder: Path, form: str = "csv") -> int:
        """Have runs written to files in a new folder; return the number of the job."""
        names = f"run {runs[0]}" if len(runs) == 1 else f"{len(runs)} runs"
        numbers = tuple(map(str, runs))
        return self._add(f"export of {names}", ("export", *numbers, "--format", form, "--out", str(folder)))

    def report(self, runs: tuple[int, ...], path: Path, drop: str = "c0") -> int:
        """Have the report of runs written to a new file; return the number of the job."""
        names = f"run {runs[0]}" if len(runs) == 1 else f"{len(runs)} runs"
        numbers = tuple(map(str, runs))
        return self._add(f"report of {names}", ("report", *numbers, "--drop", drop, "--out", str(path)))

    def cancel(self, number: int) -> None:
        """Have a job end, or never begin; what it had begun leaves no trace."""
        with self._lock:
            self._cancelled.add(number)
            waiting = [job for job in self.jobs if job.number == number and job.state == "waiting"]
        for job in waiting:
            self._change(job.number, state="cancelled")
        self._wake.set()

    def put_away(self) -> None:
        """Forget the jobs that are over."""
        with self._lock:
            self.jobs = tuple(job for job in self.jobs if not job.over)

    def close(self) -> None:
        """End what is under way, and begin nothing more."""
        self._closed = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _add(self, words: str, arguments: tuple[str, ...]) -> int:
        with self._lock:
            self._number += 1
            self.jobs = (*self.jobs, Job(self._number, words, arguments))
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="works", daemon=True)
                self._thread.start()
        self._wake.set()
        return self._number

    def _change(self, number: int, **changes: Any) -> None:
        with self._lock:
            self.jobs = tuple(replace(job, **changes) if job.number == number else job for job in self.jobs)

    def _work(self) -> None:
        while not self._closed:
            job = next((job for job in self.jobs if job.state == "waiting"), None)
            if job is None:
                self._wake.wait()
                self._wake.clear()
            else:
                self._do(job)

    def _do(self, job: Job) -> None:
        self._change(job.number, state="working")
        try:
            work = self._start(job.arguments, self._url)
            progress = self._follow(work, job.number)
        except BadInput as error:
            self._change(job.number, state="failed", problem=str(error))
            return
        except Exception as error:  # a defect of ours: the jobs after it are done all the same
            log.exception("%s failed", job.words)
            self._change(
                job.number, state="failed", problem=f"internal error, {type(error).__name__}: {error}"
            )
            return
        last = progress.lines[-1] if progress.lines else ""
        self._change(
            job.number, state=progress.state, said=last, outcome=progress.outcome, problem=progress.problem
        )

    def _follow(self, work: Work, number: int) -> Progress:
        """Look at a process until it is over."""
        until = None
        while not (progress := work.poll()).over:
            if progress.lines:
                self._change(number, said=progress.lines[-1])
            if self._closed or number in self._cancelled:
                work.cancel()
            if self._closed:
                until = until or wall_time() + PATIENCE
                if wall_time() > until:
                    work.close()
            # Not woken for news: whoever asks for another job need not hurry this one.
            threading.Event().wait(INTERVAL)
        return progress
