"""The temperature programs stored in the simulated controller, and the one that is running."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.chamber_model import ChamberModel
from simulators.simserv_replies import WRONG_ARGUMENTS, Command, Refused, index_of

RUNNING, PAUSED, FINISHED = 1, 2, 8
_PAUSE, _CONTINUE = 2.0, 4.0


@dataclass(frozen=True)
class Program:
    """A stored program: segments of a duration in s and the set-point in K at their end."""

    name: str
    segments: tuple[tuple[float, float], ...]

    @property
    def duration(self) -> float:
        """Of one run, in s."""
        return sum(seconds for seconds, _ in self.segments)

    def rest_of(self, elapsed: float, runs: int) -> list[tuple[float, float]]:
        """Return what is left of so many runs after `elapsed` s; a segment begun is cut short."""
        left = []
        end = 0.0
        for seconds, kelvin in self.segments * runs:
            end += seconds
            if end > elapsed:
                left.append((min(seconds, end - elapsed), kelvin))
        return left


PROGRAMS = (
    Program("Night at 0 degC", ((1800.0, 273.15), (36000.0, 273.15), (1800.0, 298.15))),
    Program("Cycle 0 to 50 degC", ((3600.0, 273.15), (3600.0, 323.15))),
)


class ProgramPlayer:
    """Plays a program on the chamber's model.

    Parameters
    ----------
    model : ChamberModel
    on_change : callable
        Called with the bench second when the set-point changes course.
    """

    def __init__(self, model: ChamberModel, on_change: Callable[[float], None]) -> None:
        self._model, self._on_change = model, on_change
        self._number = self._runs = 0
        self._began = 0.0
        self._paused: float | None = None
        self._ended = True

    @property
    def number(self) -> int:
        """Of the latest program, from 1; 0 before the first."""
        return self._number

    @property
    def name(self) -> str:
        """Of the latest program; empty before the first."""
        return self._program.name if self._number else ""

    @property
    def runs(self) -> int:
        """How often it was to be worked through."""
        return self._runs

    @property
    def _program(self) -> Program:
        return PROGRAMS[self._number - 1]

    def runs_done(self, time: float) -> int:
        """Return how often the program has been worked through by a bench second."""
        return min(self._runs, int(self._elapsed(time) // self._program.duration)) if self._number else 0

    def status(self, time: float) -> int:
        """Return 0 when off, 1 running, 3 paused, 8 finished."""
        if not self._number or self._ended:
            return 0
        if self._paused is not None:
            return RUNNING + PAUSED
        return RUNNING if self._elapsed(time) < self._runs * self._program.duration else FINISHED

    def running(self, time: float) -> bool:
        """Return whether a program runs, paused or not."""
        return bool(self.status(time) & RUNNING)

    def start(self, time: float, number: int, runs: int) -> None:
        """Begin a program."""
        self._number, self._runs, self._began = number, runs, time
        self._paused, self._ended = None, False
        self._follow(time, self._program.rest_of(0.0, runs))

    def stop(self, time: float) -> None:
        """End the program; the set-point stays where it is."""
        if self.running(time):
            self._follow(time, [])
        self._ended = True

    def pause(self, time: float) -> None:
        """Hold the set-point where it is."""
        if self.status(time) == RUNNING:
            self._paused = self._elapsed(time)
            self._follow(time, [])

    def go_on(self, time: float) -> None:
        """Go on from where the program was paused."""
        if self._paused is not None:
            self._began, elapsed, self._paused = time - self._paused, self._paused, None
            self._follow(time, self._program.rest_of(elapsed, self._runs))

    def commands(self, now: Callable[[], float]) -> dict[str, Command]:
        """Return the commands of the protocol that concern programs.

        Parameters
        ----------
        now : callable
            Returns the bench second.
        """

        def start(number: float, runs: float) -> None:
            program = index_of(number, len(PROGRAMS))
            if runs != int(runs) or runs < 1:
                raise Refused(WRONG_ARGUMENTS)
            self.start(now(), program + 1, int(runs))

        def pause(variable: float, action: float) -> None:
            index_of(variable, 1)
            if action not in (_PAUSE, _CONTINUE):
                raise Refused(WRONG_ARGUMENTS)
            (self.pause if action == _PAUSE else self.go_on)(now())

        return {
            "19014": (2, start),
            "19015": (0, lambda: self.stop(now())),
            "19204": (0, lambda: str(self.number) if self.number else ""),
            "19031": (0, lambda: self.name),
            "19209": (2, pause),
            "19004": (1, lambda which: str(self.runs)),
            "19006": (1, lambda which: str(self.runs_done(now()))),
            "19210": (0, lambda: str(self.status(now()))),
        }

    def _elapsed(self, time: float) -> float:
        return time - self._began if self._paused is None else self._paused

    def _follow(self, time: float, segments: list[tuple[float, float]]) -> None:
        self._model.follow(time, segments)
        self._on_change(time)
