"""Time, handed in.

Nothing in stripbench sleeps or asks the operating system for the time; it asks the clock of
its bench. Three times are kept apart: *bench seconds* since the run began (physics, plots),
*UTC* (provenance, commands, heartbeat), and the ticks an instrument reports.

Every activity of a run is a *worker* registered with the clock. The real clock lets workers
wait side by side. The virtual clock moves only when all of them wait, then wakes exactly one:
the earliest due, then by name. So a simulated night is the same whatever the machine's load.
"""

import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


def wall_time() -> float:
    """Return monotonic wall-clock seconds, for time-outs and heartbeats only."""
    return time.monotonic()


def utc_now() -> datetime:
    """Return the present UTC date and time of the machine."""
    return datetime.now(UTC)


class Worker:
    """One activity of a run, running in a thread of its own or in the caller's.

    Attributes
    ----------
    name : str
        Decides who goes first when two workers are due at the same instant.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.stopping = False
        self._due: float | None = None
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self) -> None:
        """Wait (in wall time) until the worker's thread has ended."""
        if self._thread is not None:
            self._thread.join()


class Clock(ABC):
    """What every part of a run asks for the time and waits on.

    Parameters
    ----------
    start : datetime, optional
        UTC date of bench second zero; now, by default.
    """

    simulated: bool
    origin: float = 0.0
    """Second of the bench's clock at which this clock reads zero."""

    def __init__(self, start: datetime | None = None) -> None:
        self.start_utc = start or utc_now()
        self._mutex = threading.RLock()
        self._lock = threading.Condition(self._mutex)
        self._workers: dict[int, Worker] = {}

    @abstractmethod
    def now(self) -> float:
        """Return bench seconds since the run began."""

    @abstractmethod
    def wait_until(self, due: float) -> bool:
        """Wait until bench second `due`.

        Returns
        -------
        bool
            False when the worker has been asked to stop, True otherwise.
        """

    def wait(self, seconds: float) -> bool:
        """Wait for a number of bench seconds; see `wait_until`."""
        return self.wait_until(self.now() + seconds)

    @contextmanager
    def worker(self, name: str) -> Iterator[Worker]:
        """Register the calling thread as a worker for the length of a block."""
        worker = Worker(name)
        self._enter(worker, threading.get_ident())
        try:
            yield worker
        finally:
            self._leave(threading.get_ident())

    def spawn(self, name: str, activity: Callable[[], None]) -> Worker:
        """Start `activity` in a thread of its own, registered before it runs."""
        worker = Worker(name)
        started = threading.Event()
        refused: list[RuntimeError] = []

        def run() -> None:
            try:
                self._enter(worker, threading.get_ident())
            except RuntimeError as error:
                refused.append(error)
                return
            finally:
                started.set()
            try:
                activity()
            finally:
                self._leave(threading.get_ident())

        worker._thread = threading.Thread(target=run, name=name, daemon=True)
        worker._thread.start()
        started.wait()
        if refused:
            raise refused[0]
        return worker

    def stop_worker(self, worker: Worker) -> None:
        """Ask a worker to stop: its present or next wait returns False at once."""
        with self._lock:
            worker.stopping = True
            worker._due = None
            worker._awake.set()
            self._lock.notify_all()

    @contextmanager
    def at_real_pace(self) -> Iterator[None]:
        """Let bench time run no faster than wall time for the length of a block."""
        yield

    def _enter(self, worker: Worker, ident: int) -> None:
        with self._lock:
            if any(other.name == worker.name for other in self._workers.values()):
                raise RuntimeError(f"a worker called {worker.name!r} is already registered")
            self._workers[ident] = worker

    def _leave(self, ident: int) -> None:
        with self._lock:
            self._workers.pop(ident, None)
            self._lock.notify_all()

    def _current(self) -> Worker:
        try:
            return self._workers[threading.get_ident()]
        except KeyError:
            raise RuntimeError("only a registered worker may wait on the bench's clock") from None


class RealClock(Clock):
    """Bench seconds are wall seconds."""

    simulated = False

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__(start)
        self._origin = time.monotonic()

    def now(self) -> float:
        """Return bench seconds since the clock was made."""
        return time.monotonic() - self._origin

    def wait_until(self, due: float) -> bool:
        """Wait until bench second `due`; see `Clock.wait_until`."""
        worker = self._current()
        if not worker.stopping:
            worker._awake.wait(max(0.0, due - self.now()))
        worker._awake.clear()
        return not worker.stopping


class VirtualClock(Clock):
    """Bench seconds pass as fast as the work allows, or `speed` times wall time.

    Parameters
    ----------
    speed : float
        Bench seconds per wall second; infinite by default.
    """

    simulated = True

    def __init__(self, speed: float = math.inf, start: datetime | None = None) -> None:
        super().__init__(start)
        if not speed > 0:
            raise ValueError(f"speed must be positive, not {speed}")
        self._speed = speed
        self._now = 0.0
        self._anchor = (time.monotonic(), 0.0)

    def now(self) -> float:
        """Return bench seconds since the run began."""
        return self._now

    def wait_until(self, due: float) -> bool:
        """Wait until bench second `due`; see `Clock.wait_until`."""
        with self._mutex:
            worker = self._current()
            if worker.stopping:
                return False
            worker._due = due
            self._move(worker)
            if worker._due is None:
                return not worker.stopping
            worker._awake.clear()
        while not worker._awake.wait(0.5):
            pass  # a bounded wait lets Ctrl-C through on Windows too
        return not worker.stopping

    @contextmanager
    def at_real_pace(self) -> Iterator[None]:
        """Let bench time run at wall time while a run waits for a person."""
        speed = self._speed
        self._set_speed(min(1.0, speed))
        try:
            yield
        finally:
            self._set_speed(speed)

    def _set_speed(self, speed: float) -> None:
        with self._lock:
            self._speed = speed
            self._anchor = (time.monotonic(), self._now)
            self._lock.notify_all()

    def _leave(self, ident: int) -> None:
        super()._leave(ident)
        with self._lock:
            self._move()

    def _move(self, caller: Worker | None = None) -> None:
        """Wake the worker that is due first, if all of them wait. Called with the lock held.

        Most often that is the `caller` itself, who sees by its `_due` that it need not even wait.
        """
        while True:
            first: Worker | None = None
            for worker in self._workers.values():
                if worker._due is None:
                    return
                if first is None or (worker._due, worker.name) < (first._due, first.name):
                    first = worker
            if first is None or first._due is None:
                return
            if self._speed != math.inf:
                wall, bench = self._anchor
                ahead = wall + (first._due - bench) / self._speed - time.monotonic()
                if ahead > 0:
                    # The lock is released while waiting: a new worker, a stop or another speed
                    # may change who is due, so everything is looked at again afterwards.
                    self._lock.wait(ahead)
                    continue
            self._now = max(self._now, first._due)
            first._due = None
            if first is not caller:
                first._awake.set()
            return


class RunClock(Clock):
    """A bench's clock as one of several runs sees it: its seconds count from the run's own start.

    Parameters
    ----------
    base : Clock
        The clock of the bench, on which everything waits together.
    """

    def __init__(self, base: Clock) -> None:
        self._base = base
        self.simulated = base.simulated
        self.origin = base.now()
        self.start_utc = base.start_utc + timedelta(seconds=self.origin)

    def now(self) -> float:
        """Return bench seconds since this run began."""
        return self._base.now() - self.origin

    def wait_until(self, due: float) -> bool:
        """Wait until a bench second of this run; see `Clock.wait_until`."""
        return self._base.wait_until(due + self.origin)

    @contextmanager
    def worker(self, name: str) -> Iterator[Worker]:
        """Register the calling thread with the bench's clock; see `Clock.worker`."""
        with self._base.worker(name) as worker:
            yield worker

    def spawn(self, name: str, activity: Callable[[], None]) -> Worker:
        """Start an activity as a worker of the bench's clock; see `Clock.spawn`."""
        return self._base.spawn(name, activity)

    def stop_worker(self, worker: Worker) -> None:
        """Ask a worker to stop; see `Clock.stop_worker`."""
        self._base.stop_worker(worker)

    @contextmanager
    def at_real_pace(self) -> Iterator[None]:
        """Let bench time run no faster than wall time; see `Clock.at_real_pace`."""
        with self._base.at_real_pace():
            yield
