"""Both interfaces through time, in steps that depend on the inputs and on nothing that was asked.

The solver keeps segments, each a step under one command. A query looks them up, and adds more
where it reaches beyond the last; an input cuts the segment it falls into and takes that step
again up to its own time. So the steps, and with them every digit, follow from the inputs alone.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from simulators.cell.electrical import Command, Passed, passed
from simulators.cell.interface import LEAST_CONTACT, Interface, State
from simulators.cell.parameters import CellParameters
from simulators.cell.pellet import CE_RESISTANCE, WE_RESISTANCE, Pellet

LONGEST_STEP = 30.0
FIRST_STEP = 0.05
"""Step in s after the current has changed: what follows goes with the square root of time."""

TOUCHED_STEP = 5.0
SHORTEST_STEP = 1e-3
GROWTH = 1.5
CONTACT_CHANGE = 0.015
"""Change of ln(y (1 − z) S) that a step aims at."""

RESISTANCE_CHANGE = 0.05
PENETRATION_CHANGE = 0.1
BALANCE = 1e-6
"""Relative error of a current that follows from the state it leads to."""

KEPT = 660.0
"""How far back in s queries may reach, with a margin."""

OPEN_CIRCUIT = Command(0.0)

States = tuple[State, State]
Seen = tuple[float, ...]


class Segment(NamedTuple):
    """One step: what was in force, both interfaces before and after, and both seen from outside."""

    start: float
    end: float
    planned: float
    command: Command
    shorted: bool
    before: States
    after: States
    seen_before: Seen
    seen_after: Seen
    slope: Seen

    def seen(self, time: float) -> list[float]:
        """Return both electrodes as seen from outside at `time`, interpolated."""
        since = time - self.start
        return [a + b * since for a, b in zip(self.seen_before, self.slope, strict=True)]


class Solver:
    """Integrates working and counter electrode under the commands it is given.

    Parameters
    ----------
    parameters : CellParameters
    area, pellet_area : float
        In m²: current refers to the electrode, force to the pellet.
    temperature, force : callable
        K and N at a time in s.
    start : float
        Time in s at which the cell is mounted, at open circuit.
    """

    def __init__(
        self,
        parameters: CellParameters,
        area: float,
        pellet_area: float,
        temperature: Callable[[float], float],
        force: Callable[[float], float],
        start: float,
    ) -> None:
        self.working, self.counter = Interface(parameters), Interface(parameters, counter=True)
        self.pellet = Pellet(parameters, area)
        self.temperature = temperature
        self.leak = area / parameters.short_resistance
        self.compliance = parameters.compliance
        self._area, self._pellet_area = area, pellet_area
        self._force = force
        self._latest = start
        self._last_input = start
        states = (self.working.formed(), self.counter.formed())
        self._segments: list[Segment] = []
        self._starts: list[float] = []
        self._charges: list[float] = []
        self._first_charge = 0.0
        self._append(self._bounded(start, FIRST_STEP, OPEN_CIRCUIT, states, self._seen(states)))

    def pressure(self, time: float) -> float:
        """Return the stack pressure in Pa at `time`."""
        return max(self._force(time), 0.0) / self._pellet_area

    def segment(self, time: float) -> Segment:
        """Return the segment that `time` falls into."""
        last = self._segments[-1]
        while time >= last.end:
            last = self._continue(last)
        if time > self._latest:
            self._latest = time
        if time >= last.start:
            return last
        if time < self._starts[0]:
            raise ValueError(f"the cell at {time:.6g} s is not kept; the oldest is {self._starts[0]:.6g} s")
        return self._segments[bisect_right(self._starts, time) - 1]

    def segments(self, times: NDArray[np.float64]) -> tuple[list[Segment], NDArray[np.intp]]:
        """Return the segments that `times`, shape (n,), fall into, and the place of each among them."""
        self.segment(float(times.max()))
        self.segment(earliest := float(times.min()))
        first = bisect_right(self._starts, earliest) - 1
        return self._segments[first:], np.searchsorted(self._starts[first:], times, "right") - 1

    def passed(self, segment: Segment, seen: Sequence[float], time: float) -> Passed:
        """Return voltage and currents at a time inside `segment`."""
        return self._passed(segment.command, segment.shorted, seen, self.temperature(time))

    def through(
        self, segment: Segment, seen: Sequence[float], resistances: Sequence[float], temperature: float
    ) -> Passed:
        """Return voltage and currents in `segment`, where the resistances are known already."""
        leak = self.leak if segment.shorted else 0.0
        emf = self.pellet.emf(seen, temperature)
        return passed(segment.command, emf, sum(resistances), leak, self.compliance)

    def change(self, time: float, command: Command | None) -> None:
        """Put a command in force, or with None take note that temperature or force change course."""
        if not math.isfinite(time) or time < self._last_input:
            raise ValueError(f"an input at {time:.6g} s comes after one at {self._last_input:.6g} s")
        if command is not None and not math.isfinite(command.value):
            raise ValueError(f"{command.value} cannot be put on the cell")
        cut = self.segment(time)
        self._last_input = time
        if command == cut.command:
            return
        index = bisect_right(self._starts, time) - 1
        self._first_charge = self._charges[index]
        del self._segments[index:], self._starts[index:], self._charges[index:]
        states, seen = cut.before, cut.seen_before
        if time > cut.start:
            head = self._step(cut.start, time, cut.planned, cut.command, states, seen)
            self._append(head)
            states, seen = head.after, head.seen_after
        if command is None:
            self._append(self._bounded(time, min(cut.planned, TOUCHED_STEP), cut.command, states, seen))
            return
        states = self._at_command(states, command, time)
        self._append(self._bounded(time, FIRST_STEP, command, states, self._seen(states)))

    def charge(self, time: float) -> float:
        """Return the charge in C that has passed the leads since the cell was mounted."""
        segment = self.segment(time)
        return self._charges[bisect_right(self._starts, time) - 1] + self._charge_within(segment, time)

    def _charge_within(self, segment: Segment, time: float) -> float:
        """Return the charge in C from the start of a segment to `time`, by the trapezoidal rule."""
        first = self.passed(segment, segment.seen_before, segment.start).current
        last = self.passed(segment, segment.seen(time), time).current
        return 0.5 * (first + last) * (time - segment.start)

    def _append(self, segment: Segment) -> None:
        if self._segments:
            before = self._segments[-1]
            self._charges.append(self._charges[-1] + self._charge_within(before, before.end))
        else:
            self._charges.append(self._first_charge)
        self._segments.append(segment)
        self._starts.append(segment.start)
        if len(self._starts) > 256 and self._starts[128] < self._latest - KEPT:
            old = bisect_right(self._starts, self._latest - KEPT) - 1
            del self._segments[:old], self._starts[:old], self._charges[:old]

    def _continue(self, last: Segment) -> Segment:
        aimed = min(GROWTH * last.planned, self._aim(last))
        segment = self._bounded(last.end, aimed, last.command, last.after, last.seen_after)
        self._append(segment)
        return segment

    def _aim(self, last: Segment) -> float:
        """Return the step in s that keeps the changes small, judged by the one before it."""
        duration = last.end - last.start
        aimed = LONGEST_STEP
        for number, law in enumerate((self.working, self.counter)):
            change = abs(math.log(law.carrying(last.after[number]) / law.carrying(last.before[number])))
            aimed = min(aimed, duration * CONTACT_CHANGE / max(change, 1e-12))
            drift = abs(last.slope[WE_RESISTANCE if number == 0 else CE_RESISTANCE])
            aimed = min(aimed, RESISTANCE_CHANGE / max(drift, 1e-12))
        return aimed

    def _bounded(self, start: float, aimed: float, command: Command, states: States, seen: Seen) -> Segment:
        """Take a step that neither empties the contact nor passes the moment of a short."""
        temperature, pressure = self.temperature(start), self.pressure(start)
        shorted = _shorted(states)
        j = self._passed(command, shorted, seen, temperature).through / self._area
        for law, state, sign in ((self.working, states[0], 1.0), (self.counter, states[1], -1.0)):
            rate, _ = law.pore_rate(state, sign * j, temperature, pressure)
            if (rate < 0.0 and state.y > 1.01 * LEAST_CONTACT) or (rate > 0.0 and state.y < 0.9):
                aimed = min(aimed, CONTACT_CHANGE * state.y / abs(rate))
            rate = law.penetration_rate(state, sign * j, temperature)
            if rate > 0.0 and not shorted:
                aimed = min(aimed, PENETRATION_CHANGE / rate, (1.0 - state.penetration) / rate)
        duration = min(max(aimed, SHORTEST_STEP), LONGEST_STEP)
        return self._step(start, start + duration, duration, command, states, seen)

    def _step(
        self, start: float, end: float, planned: float, command: Command, states: States, seen: Seen
    ) -> Segment:
        middle, duration = 0.5 * (start + end), end - start
        temperature, pressure = self.temperature(middle), self.pressure(middle)
        shorted = _shorted(states)

        def after(through: float) -> States:
            j = through / self._area
            return (
                self.working.advance(states[0], j, temperature, pressure, duration),
                self.counter.advance(states[1], -j, temperature, pressure, duration),
            )

        def balance(through: float) -> float:
            end_seen = self._seen(after(through))
            return through - self._passed(command, shorted, end_seen, temperature).through

        now = self._passed(command, shorted, seen, temperature)
        states_after = after(now.through if now.held else _root(balance, now.through))
        seen_after = self._seen(states_after)
        slope = tuple((b - a) / duration for a, b in zip(seen, seen_after, strict=True))
        return Segment(start, end, planned, command, shorted, states, states_after, seen, seen_after, slope)

    def _seen(self, states: States) -> Seen:
        return (*self.working.outside(states[0]), *self.counter.outside(states[1]))

    def _at_command(self, states: States, command: Command, time: float) -> States:
        """Return the states with their surfaces as they are under a new command."""
        temperature = self.temperature(time)
        through = self._passed(command, _shorted(states), self._seen(states), temperature).through
        j = through / self._area
        return (
            self.working.at_current(states[0], j, temperature),
            self.counter.at_current(states[1], -j, temperature),
        )

    def _passed(self, command: Command, shorted: bool, seen: Sequence[float], temperature: float) -> Passed:
        resistance = sum(self.pellet.resistances(seen, temperature))
        emf = self.pellet.emf(seen, temperature)
        return passed(command, emf, resistance, self.leak if shorted else 0.0, self.compliance)


def _shorted(states: States) -> bool:
    return max(states[0].penetration, states[1].penetration) >= 1.0 - 1e-9


def _root(balance: Callable[[float], float], guess: float) -> float:
    """Return the current that a step must have so that it is also the one at its end.

    Where more current means more resistance, it lies between `guess`, which the state before the
    step lets through, and what the state after it would.
    """
    tolerance = BALANCE * abs(guess) + 1e-18
    residual = balance(guess)
    if abs(residual) <= tolerance:
        return guess
    for share in (0.1, 1.0):
        other = guess - share * residual
        if residual * balance(other) <= 0.0:
            return float(brentq(balance, guess, other, xtol=tolerance, rtol=1e-9))
    return other
