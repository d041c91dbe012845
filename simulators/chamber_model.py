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
from dataclasses import dataclass
from typing import Self

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
        self._courses: tuple[Course, ...] = (Course(time, begin, begin, 0.0, self.target, 0.0, False),)

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

    def run(self, time: float, running: bool) -> None:
        """Start or stop conditioning."""
        if running != self.running(time):
            self._begin(time, running)

    def running(self, time: float) -> bool:
        """Return whether the chamber is conditioning."""
        return self._course(time).running

    def setpoint(self, time: float) -> float:
        """Return the (perhaps moving) set-point in K."""
        course = self._course(time)
        return course.setpoint + course.slope * (time - course.start)

    def air_temperature(self, time: float) -> float:
        """Return the temperature of the air in K."""
        air, _, ripple = self._state(time)
        return air + ripple * math.sin(2.0 * math.pi * time / self.parameters.ripple_period)

    def cell_temperature(self, time: float) -> float:
        """Return the temperature of the cell in K.

        Its ripple lags the air's by the phase of a first-order low-pass, atan(omega * cell_lag).
        """
        _, cell, ripple = self._state(time)
        omega = 2.0 * math.pi / self.parameters.ripple_period
        return cell + ripple * math.sin(omega * time - math.atan(omega * self.parameters.cell_lag))

    def _course(self, time: float) -> Course:
        courses = self._courses
        return courses[max(0, bisect_right(courses, time, key=lambda course: course.start) - 1)]

    def _begin(self, time: float, running: bool) -> None:
        """Begin a new course towards the target, and at the end of a ramp another one."""
        past = tuple(course for course in self._courses if course.start <= time)
        distance = self.target - self.setpoint(time)
        rate = self.gradient_up if distance > 0 else self.gradient_down
        ramping = rate > 0 and distance != 0
        setpoint = self.setpoint(time) if ramping else self.target
        slope = math.copysign(rate, distance) if ramping else 0.0
        courses = (*past, Course(time, *self._state(time), setpoint, slope, running))
        if ramping:
            end = time + abs(distance) / rate
            state = self._evolve(courses[-1], end)
            courses = (*courses, Course(end, *state, self.target, 0.0, running))
        self._courses = courses

    def _state(self, time: float) -> tuple[float, float, float]:
        return self._evolve(self._course(time), time)

    def _evolve(self, course: Course, time: float) -> tuple[float, float, float]:
        """Return air, cell and ripple amplitude in K at a later time of a course.

        The response of two first-order lags in series to the input s + r t.
        """
        p = self.parameters
        t = max(0.0, time - course.start)
        lag = p.air_lag if course.running else p.standing_lag
        s, r = (course.setpoint, course.slope) if course.running else (p.room_temperature, 0.0)
        fade, cell_fade = math.exp(-t / lag), math.exp(-t / p.cell_lag)
        b = course.air - s + r * lag
        air = s - r * lag + r * t + b * fade
        steady = s - r * (lag + p.cell_lag)
        if math.isclose(lag, p.cell_lag, rel_tol=1e-6):
            both = b * t / lag * fade
        else:
            both = b / (1.0 - p.cell_lag / lag) * (fade - cell_fade)
        cell = steady + r * t + both + (course.cell - steady) * cell_fade
        hunting = p.ripple if course.running else 0.0
        ripple = hunting + (course.ripple - hunting) * math.exp(-t / p.air_lag)
        return air, cell, ripple
