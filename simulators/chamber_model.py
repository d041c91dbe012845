"""The physics of a climate chamber: what the air and the cell in it do after each command.

The set-point (a step or a ramp) drives the air with a first-order lag, and the air drives the
cell with another one:

    dT_air/dt = (S(t) - T_air) / air_lag,    dT_cell/dt = (T_air - T_cell) / cell_lag

The set-point is linear in time between commands, so both equations are solved in closed form and
a temperature does not depend on when or how often it was asked for before. A running controller
hunts: a sine is added, its amplitude given where it matters, at the cell.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from core.units import Kelvins, Seconds
from simulators.tables import SimulationTable


class ChamberParameters(SimulationTable):
    """The ``[simulation.chamber]`` table. The defaults are assumed, not measured."""

    table = "[simulation.chamber]"

    initial_temperature: Kelvins = Field(default=298.15, gt=0, description="of air and cell at the start")
    room_temperature: Kelvins = Field(default=298.15, gt=0, description="where a stopped chamber drifts to")
    air_lag: Seconds = Field(default=600.0, gt=0)
    cell_lag: Seconds = Field(default=1500.0, gt=0, description="of the cell in its press behind the air")
    standing_lag: Seconds = Field(default=3600.0, gt=0, description="of a stopped chamber behind the room")
    ripple: Kelvins = Field(default=0.1, ge=0, description="amplitude of hunting at the cell")
    ripple_period: Seconds = Field(default=600.0, gt=0)
    noise: Kelvins = Field(default=0.01, ge=0, description="standard deviation of one sensor reading")
    lowest: Kelvins = Field(default=233.15, gt=0, description="lowest set-point")
    highest: Kelvins = Field(default=453.15, gt=0, description="highest set-point")
    warning_margin: Kelvins = Field(default=3.0, ge=0, description="beyond the limits, until a warning")
    alarm_margin: Kelvins = Field(default=5.0, ge=0, description="beyond the limits, until an alarm")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.lowest < self.highest:
            raise ValueError(f"lowest ({self.lowest} K) must be below highest ({self.highest} K)")
        return self


Array = NDArray[np.float64]
Number = TypeVar("Number", float, Array)


@dataclass(frozen=True)
class Course:
    """What the chamber follows from one instant on, and its state at that instant.

    Attributes
    ----------
    start : float
        Bench second.
    air, cell : float
        Temperatures in K at `start`, without ripple.
    ripple : float
        Amplitude of the ripple in K at `start`.
    setpoint, slope : float
        Set-point in K at `start`, and its slope in K/s.
    running : bool
    """

    start: float
    air: float
    cell: float
    ripple: float
    setpoint: float
    slope: float
    running: bool


class Response:
    """Air, cell and ripple amplitude along one course.

    The response of two first-order lags in series to the input s + r t. What does not depend on
    time is worked out once: the cell asks for its temperature at every instant it is looked at.

    Parameters
    ----------
    course : Course
    parameters : ChamberParameters
    """

    def __init__(self, course: Course, parameters: ChamberParameters) -> None:
        p = parameters
        self.course = course
        self._start = course.start
        self._lag = lag = p.air_lag if course.running else p.standing_lag
        self._cell_lag, self._air_lag = p.cell_lag, p.air_lag
        s, self._slope = (course.setpoint, course.slope) if course.running else (p.room_temperature, 0.0)
        r = self._slope
        self._air, self._air_left = s - r * lag, course.air - s + r * lag
        self._equal_lags = math.isclose(lag, p.cell_lag, rel_tol=1e-6)
        self._through_air = 0.0 if self._equal_lags else self._air_left / (1.0 - p.cell_lag / lag)
        self._cell = s - r * (lag + p.cell_lag)
        self._cell_left = course.cell - self._cell
        self._hunting = p.ripple if course.running else 0.0
        self._ripple_left = course.ripple - self._hunting

    def at(self, time: float) -> tuple[float, float, float]:
        """Return air, cell and ripple amplitude in K; before the start, those of the start."""
        return self._after(max(0.0, time - self._start), math.exp)

    def at_all(self, times: Array) -> tuple[Array, Array, Array]:
        """Return the same at times of shape (n,)."""
        return self._after(np.maximum(0.0, times - self._start), np.exp)

    def _after(self, t: Number, exp: Callable[[Number], Number]) -> tuple[Number, Number, Number]:
        fade, cell_fade = exp(-t / self._lag), exp(-t / self._cell_lag)
        air = self._air + self._slope * t + self._air_left * fade
        if self._equal_lags:
            both = self._air_left * t / self._lag * fade
        else:
            both = self._through_air * (fade - cell_fade)
        cell = self._cell + self._slope * t + both + self._cell_left * cell_fade
        return air, cell, self._hunting + self._ripple_left * exp(-t / self._air_lag)


class ChamberModel:
    """Set-point, air and cell temperature as functions of bench time.

    Commands must come in order of time; any time, past or to come, may be asked for. A course
    once begun never changes, so readers in other threads need no lock.

    Parameters
    ----------
    parameters : ChamberParameters
    time : float
        Bench second at which the chamber begins, stopped and at equilibrium.
    """

    def __init__(self, parameters: ChamberParameters, time: float = 0.0) -> None:
        self.parameters = parameters
        self.gradient_up = 0.0
        self.gradient_down = 0.0
        self.target = min(max(parameters.initial_temperature, parameters.lowest), parameters.highest)
        begin = parameters.initial_temperature
        course = Course(time, begin, begin, 0.0, self.target, 0.0, False)
        self._responses: tuple[Response, ...] = (Response(course, parameters),)
        self._omega = 2.0 * math.pi / parameters.ripple_period
        self._ripple_lag = math.atan(self._omega * parameters.cell_lag)

    def set_target(self, time: float, kelvin: float) -> float:
        """Ask for a set-point; beyond the limits it is clamped without a word.

        A gradient (K/s) in the direction of the change makes the set-point move there at that
        rate; 0 makes it jump.

        Returns
        -------
        float
            The set-point in K that was taken.
        """
        self.target = min(max(kelvin, self.parameters.lowest), self.parameters.highest)
        self._begin(time, self.running(time))
        return self.target

    def follow(self, time: float, segments: Sequence[tuple[float, float]]) -> None:
        """Let the set-point move through segments and stay at the end of the last, conditioning.

        Parameters
        ----------
        time : float
            Bench second of the beginning; the set-point starts from where it is then.
        segments : sequence of (float, float)
            Duration in s and set-point in K at the end of each; within it the set-point is linear
            in time. None at all holds the present set-point.
        """
        setpoint, state = self.setpoint(time), self._response(time).at(time)
        responses = [each for each in self._responses if each.course.start <= time]
        for seconds, kelvin in segments:
            course = Course(time, *state, setpoint, (kelvin - setpoint) / seconds, True)
            responses.append(Response(course, self.parameters))
            time, setpoint = time + seconds, kelvin
            state = responses[-1].at(time)
        responses.append(Response(Course(time, *state, setpoint, 0.0, True), self.parameters))
        self.target = setpoint
        self._responses = tuple(responses)

    def run(self, time: float, running: bool) -> None:
        """Start or stop conditioning."""
        if running != self.running(time):
            self._begin(time, running)

    def running(self, time: float) -> bool:
        """Return whether the chamber is conditioning."""
        return self._response(time).course.running

    def setpoint(self, time: float) -> float:
        """Return the (perhaps moving) set-point in K."""
        course = self._response(time).course
        return course.setpoint + course.slope * (time - course.start)

    def air_temperature(self, time: float) -> float:
        """Return the temperature of the air in K."""
        air, _, ripple = self._response(time).at(time)
        return air + ripple * math.sin(2.0 * math.pi * time / self.parameters.ripple_period)

    def cell_temperature(self, time: float) -> float:
        """Return the temperature of the cell in K.

        Its ripple lags the air's by the phase of a first-order low-pass, atan(omega * cell_lag).
        """
        _, cell, ripple = self._response(time).at(time)
        return cell + ripple * math.sin(self._omega * time - self._ripple_lag)

    def cell_temperatures(self, times: Array) -> Array:
        """Return the temperature of the cell in K at times of shape (n,)."""
        latest = self._responses[-1]
        if float(times.min()) < latest.course.start:
            return np.array([self.cell_temperature(time) for time in times.tolist()])
        _, cell, ripple = latest.at_all(times)
        return cell + ripple * np.sin(self._omega * times - self._ripple_lag)

    def _response(self, time: float) -> Response:
        responses = self._responses
        if time >= responses[-1].course.start:
            return responses[-1]
        return responses[max(0, bisect_right(responses, time, key=lambda each: each.course.start) - 1)]

    def _begin(self, time: float, running: bool) -> None:
        """Begin a new course towards the target, and at the end of a ramp another one."""
        past = tuple(each for each in self._responses if each.course.start <= time)
        distance = self.target - self.setpoint(time)
        rate = self.gradient_up if distance > 0 else self.gradient_down
        ramping = rate > 0 and distance != 0
        setpoint = self.setpoint(time) if ramping else self.target
        slope = math.copysign(rate, distance) if ramping else 0.0
        course = Course(time, *self._response(time).at(time), setpoint, slope, running)
        responses = (*past, Response(course, self.parameters))
        if ramping:
            end = time + abs(distance) / rate
            course = Course(end, *responses[-1].at(end), self.target, 0.0, running)
            responses = (*responses, Response(course, self.parameters))
        self._responses = responses
