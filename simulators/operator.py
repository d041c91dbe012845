"""Somebody at the simulated bench: turns the screw and mounts cells when a step asks.

He sees what a person sees, which is the question and the display of the gauge, and takes his time.
He knows nothing of the protocol, and the protocol nothing of him.
"""

import math
from collections.abc import Callable
from typing import Self

from pydantic import Field, model_validator

from core.cell import Cell
from core.clock import Clock, Worker
from core.requests import Request
from core.units import Seconds
from simulators.noise import uniform
from simulators.press import SimulatedPress
from simulators.tables import SimulationTable

ACKNOWLEDGE = "acknowledge"


class OperatorParameters(SimulationTable):
    """The ``[simulation.operator]`` table. The defaults are assumed, not measured."""

    table = "[simulation.operator]"

    present: bool = Field(default=True, description="false: a real person is waited for, at real pace")
    absent: bool = Field(default=False, description="true: counted on, but never comes")
    leaves_after: int | None = Field(default=None, ge=0, description="requests after which nobody comes")
    shortest_delay: Seconds = Field(default=20.0, ge=0, description="from a request until the first move")
    longest_delay: Seconds = Field(default=60.0, ge=0)
    overshoot: float = Field(
        default=0.03, ge=0, lt=1, description="share by which a force is missed at first"
    )
    wrong_way: float = Field(default=0.0, ge=0, le=1, description="share of requests begun the wrong way")
    pause: Seconds = Field(default=3.0, gt=0, description="from one turn of the screw to the next")
    look: Seconds = Field(default=10.0, gt=0, description="between glances at a force that was reached")
    largest_turn: float = Field(default=2.0, gt=0, description="in one go, in steps of the screw")
    finest_turn: float = Field(default=0.1, gt=0, description="that a careful hand can make, in steps")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.shortest_delay > self.longest_delay:
            raise ValueError(
                f"shortest_delay ({self.shortest_delay:g} s) must not exceed "
                f"longest_delay ({self.longest_delay:g} s)"
            )
        return self


class VirtualOperator:
    """Does what a step asks a person for, in workers of the bench's clock.

    What is done, and when, follows from the seed and the number of the request alone.

    Parameters
    ----------
    clock : Clock
        The clock that the press counts in.
    press : SimulatedPress
    read_force : callable
        What the display shows in N at a bench second.
    mount : callable
        Puts a cell into the press and onto the leads.
    parameters : OperatorParameters
    seed : int
    """

    def __init__(
        self,
        clock: Clock,
        press: SimulatedPress,
        read_force: Callable[[float], float],
        mount: Callable[[Cell], None],
        parameters: OperatorParameters,
        seed: int = 1,
    ) -> None:
        self._clock, self._press, self._read, self._mount = clock, press, read_force, mount
        self._parameters, self._seed = parameters, seed
        self._requests = 0
        self._worker: Worker | None = None

    def asked(self, request: Request, answer: Callable[[str], None]) -> None:
        """Take note of a request, and return at once; the one before it is over.

        Parameters
        ----------
        request : Request
        answer : callable
            Takes ``"acknowledge"`` once something else than a force was done. A force is not
            answered: whoever asked sees it on the gauge.
        """
        self.over()
        self._requests += 1
        p, number = self._parameters, self._requests
        if p.absent or (p.leaves_after is not None and number > p.leaves_after):
            return
        share = float(uniform(self._seed, "operator/delay", number)[0])
        due = self._clock.now() + p.shortest_delay + share * (p.longest_delay - p.shortest_delay)

        def attend() -> None:
            if self._clock.wait_until(due):
                self._do(request, number, answer)

        self._worker = self._clock.spawn(f"virtual operator {number}", attend)

    def over(self) -> None:
        """Take note that the present request is over: he lets go of the screw and goes away."""
        if self._worker is not None:
            self._clock.stop_worker(self._worker)

    def close(self) -> None:
        """Stop whatever he is doing and wait until he has."""
        self.over()
        if self._worker is not None:
            self._worker.join()
            self._worker = None

    def _do(self, request: Request, number: int, answer: Callable[[str], None]) -> None:
        if request.kind == "force":
            if request.target is not None:
                self._set_force(request.target, request.tolerance, number)
            return
        if request.kind == "mount" and request.cell is not None:
            self._mount(request.cell)
        answer(ACKNOWLEDGE)

    def _set_force(self, target: float, tolerance: float | None, number: int) -> None:
        """Turn the screw until the display shows `target`, then keep an eye on it."""
        if target <= 0.0:
            while self._turn(-self._parameters.largest_turn):
                pass
            return
        p = self._parameters
        finest = p.finest_turn * self._press.parameters.step_force
        slack = max(0.25 * tolerance if tolerance is not None else 0.0, 0.5 * finest)
        missing = target - self._shown()
        mistaken = float(uniform(self._seed, "operator/wrong way", number)[0]) < p.wrong_way
        if mistaken and not self._is_open(wrong := -math.copysign(1.0, missing)) and not self._turn(wrong):
            return
        beyond = target + math.copysign(p.overshoot * target, missing)
        if abs(missing) > slack + p.overshoot * target and not self._approach(beyond, slack):
            return
        if not self._approach(target, slack):
            return
        while self._clock.wait(p.look):
            if abs(target - self._shown()) > 2.0 * slack and not self._approach(target, slack):
                return

    def _approach(self, aim: float, slack: float) -> bool:
        """Turn until the display shows `aim`; return whether there is any use in going on.

        Nobody turns on when he is sent away, the screw is open, or the display does not follow.
        """
        while abs(missing := aim - (before := self._shown())) > slack:
            if not self._turn(self._steps_for(missing)) or self._shown() == before:
                return False
        return True

    def _steps_for(self, missing: float) -> float:
        """Return how far one turn goes: whole steps while it is far, careful ones at the end."""
        p = self._parameters
        steps = min(abs(missing) / self._press.parameters.step_force, p.largest_turn)
        if steps >= 1.0:
            steps = float(math.floor(steps))
        else:
            steps = max(1, round(steps / p.finest_turn)) * p.finest_turn
        return math.copysign(steps, missing)

    def _turn(self, steps: float) -> bool:
        """Turn the screw and take breath; False when it is open already, or the request is over."""
        if self._is_open(steps):
            return False
        self._press.turn(self._clock.now(), steps)
        return self._clock.wait(self._parameters.pause)

    def _is_open(self, steps: float) -> bool:
        """Return whether the screw is too loose already for a turn that opens it."""
        return steps < 0.0 and self._press.travel(self._clock.now()) <= 0.0

    def _shown(self) -> float:
        return self._read(self._clock.now())
