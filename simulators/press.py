"""The press: a spring squeezed by a screw, and a load cell that is not quite true.

The spring holds a force proportional to its travel. Each turn of the screw relaxes on its own,
by a share per decade of time, and the whole frame expands with temperature. A screw that was opened
all the way begins anew: a spring without load has nothing left to relax. Force is a function of
bench time in closed form; asking for it changes nothing.
"""

import math
from bisect import bisect_right
from collections.abc import Callable

from pydantic import Field

from core.units import Kelvins, Metres, Newtons, Seconds
from simulators.noise import uniform
from simulators.tables import SimulationTable


class PressParameters(SimulationTable):
    """The ``[simulation.press]`` table. The defaults are assumed, not measured."""

    table = "[simulation.press]"

    initial_force: Newtons = Field(default=0.0, ge=0, description="no fixture: atmospheric pressure only")
    screw_step: Metres = Field(default=20e-6, gt=0, description="travel of the smallest turn of the screw")
    step_force: Newtons = Field(default=40.0, gt=0, description="force that this turn adds")
    relaxation: float = Field(default=0.005, ge=0, lt=0.1, description="share lost in a decade of time")
    relaxation_time: Seconds = Field(default=60.0, gt=0, description="where the first decade begins")
    expansion: float = Field(default=0.003, description="share gained per K")
    reference_temperature: Kelvins = Field(default=298.15, gt=0)
    gauge_zero: Newtons = Field(default=10.0, ge=0, description="largest zero error of the load cell")
    gauge_zero_drift: Newtons = Field(default=1.0, description="change of the zero error per K")
    gauge_noise: Newtons = Field(default=0.3, ge=0, description="standard deviation of one reading")
    gauge_resolution: Newtons = Field(default=0.1, gt=0, description="last digit of the display")

    @property
    def stiffness(self) -> float:
        """Of the spring, in N/m."""
        return self.step_force / self.screw_step


class SimulatedPress:
    """The force on the cell, and the zero error of the load cell beside it.

    Parameters
    ----------
    parameters : PressParameters
    seed : int
        Decides the zero error.
    on_change : callable
        Called with the bench second after the screw was turned.
    temperature : callable
        Temperature of the frame in K at a bench second; the reference by default.
    """

    def __init__(
        self,
        parameters: PressParameters | None = None,
        seed: int = 1,
        on_change: Callable[[float], None] = lambda time: None,
        temperature: Callable[[float], float] | None = None,
    ) -> None:
        self.parameters = p = parameters or PressParameters()
        self.temperature = temperature or (lambda time: p.reference_temperature)
        self._on_change = on_change
        self._zero = p.gauge_zero * (2.0 * float(uniform(seed, "gauge/zero", 0)[0]) - 1.0)
        self._turns: tuple[tuple[float, float], ...] = ((0.0, self.travel_for(p.initial_force)),)
        self._begun: tuple[tuple[float, int], ...] = ((0.0, 0),)

    def zero_error(self, time: float) -> float:
        """Return what the load cell shows in N without any force, before taring."""
        p = self.parameters
        return self._zero + p.gauge_zero_drift * (self.temperature(time) - p.reference_temperature)

    def travel_for(self, force: float) -> float:
        """Return the travel in m at which a fresh spring at the reference temperature holds `force` N."""
        return force / self.parameters.stiffness

    def travel(self, time: float) -> float:
        """Return the travel of the spring in m at a bench second."""
        return math.fsum(step for when, step in self._held(time))

    def turns(self) -> tuple[float, ...]:
        """Return the bench seconds at which the screw was turned."""
        return tuple(when for when, _ in self._turns)

    def set_travel(self, time: float, metres: float) -> None:
        """Turn the screw until the spring is squeezed by this much.

        Raises
        ------
        ValueError
            For a negative or infinite travel, or a time before the latest turn.
        """
        if not (math.isfinite(metres) and metres >= 0):
            raise ValueError(f"the spring cannot be squeezed by {metres} m")
        if time < self._turns[-1][0]:
            raise ValueError(f"the screw was turned at {self._turns[-1][0]} s, after {time} s")
        self._turns = (*self._turns, (time, metres - self.travel(time)))
        if metres == 0.0:
            self._begun = (*self._begun, (time, len(self._turns)))
        self._on_change(time)

    def turn(self, time: float, steps: float) -> None:
        """Turn the screw by a number of its smallest steps; negative opens it, at most fully."""
        self.set_travel(time, max(0.0, self.travel(time) + steps * self.parameters.screw_step))

    def force(self, time: float) -> float:
        """Return the force on the cell in N, compression positive, never below zero."""
        p = self.parameters
        held = math.fsum(
            step * (1.0 - p.relaxation * math.log10(1.0 + (time - when) / p.relaxation_time))
            for when, step in self._held(time)
        )
        expanded = 1.0 + p.expansion * (self.temperature(time) - p.reference_temperature)
        return max(0.0, p.stiffness * held * expanded)

    def _held(self, time: float) -> list[tuple[float, float]]:
        """Return when and by how many metres the screw was turned since it was last open."""
        place = max(0, bisect_right(self._begun, time, key=lambda each: each[0]) - 1)
        return [turn for turn in self._turns[self._begun[place][1] :] if turn[0] <= time]
