"""The simulated cell as the simulated instruments see it, and the truth about it."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.cell import Cell
from simulators.cell.diffusion import REFERENCE_FRACTION
from simulators.cell.electrical import Command
from simulators.cell.impedance import Alloy, CellImpedance
from simulators.cell.instants import Instants, instants
from simulators.cell.interface import LEAST_SITES, Interface, State
from simulators.cell.parameters import CellParameters
from simulators.cell.pellet import CE_CAPACITANCE, WE_CAPACITANCE, WE_SURFACE
from simulators.cell.solver import OPEN_CIRCUIT, Segment, Solver
from simulators.cell.thermal import activation


class SimulatedCell:
    """A cell on the simulated bench: current, voltage, impedance, and what is really inside.

    Inputs (`set_current`, `set_voltage`, `open_circuit`, `touch`) come in the order of their times.
    Queries may ask for any time from 600 s before the latest one and change nothing.

    Parameters
    ----------
    cell : Cell
        What was mounted.
    overrides : mapping
        Parameters to set instead of those that the cell gives, see `CellParameters.for_cell`.
    temperature : callable
        Temperature of the cell in K at a time in s.
    force : callable
        Force on the pellet in N at a time in s.
    seed : int
        Draws what differs from cell to cell.
    start : float
        Bench time in s at which the cell is mounted, at open circuit.
    temperatures : callable, optional
        `temperature` for times of shape (n,), where there is a quicker way than one by one.

    Raises
    ------
    BadInput
        If an override is not a parameter, or its value impossible.

    Notes
    -----
    `temperature` and `force` may be called for times up to one internal step (30 s) ahead of what
    was asked. When their course changes, `touch` must be called with the time from which it does;
    what they return for earlier times must stay as it was.
    """

    def __init__(
        self,
        cell: Cell,
        overrides: Mapping[str, Any],
        temperature: Callable[[float], float],
        force: Callable[[float], float],
        seed: int = 1,
        start: float = 0.0,
        temperatures: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    ) -> None:
        self.cell = cell
        self.parameters = CellParameters.for_cell(cell, overrides, seed)
        self.area = cell.area
        self._solver = Solver(self.parameters, cell.area, cell.pellet_area, temperature, force, start)
        self._impedance = CellImpedance(self.parameters, cell.area, self._solver.pellet)
        self._temperatures = temperatures or (lambda times: np.array([*map(temperature, times.tolist())]))

    def set_current(self, time: float, current: float) -> None:
        """Hold a current in A from `time` on; positive strips the working electrode."""
        self._solver.change(time, Command(float(current)))

    def set_voltage(self, time: float, volts: float) -> None:
        """Hold a voltage in V from `time` on; the current follows."""
        self._solver.change(time, Command(float(volts), potentiostatic=True))

    def open_circuit(self, time: float) -> None:
        """Let no current pass from `time` on."""
        self._solver.change(time, OPEN_CIRCUIT)

    def touch(self, time: float) -> None:
        """Take note that temperature or force changes course from `time` on."""
        self._solver.change(time, None)

    def measure(self, time: float) -> tuple[float, float]:
        """Return E in V, working against counter electrode, and the current in the leads in A."""
        segment = self._solver.segment(time)
        found = self._solver.passed(segment, segment.seen(time), time)
        return found.voltage, found.current

    def voltage(self, time: float) -> float:
        """Return the cell's voltage in V, working against counter electrode."""
        return self.measure(time)[0]

    def current(self, time: float) -> float:
        """Return the current in the leads in A."""
        return self.measure(time)[1]

    def impedance(self, frequency: NDArray[np.float64], time: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Return the noise-free impedance.

        Parameters
        ----------
        frequency : ndarray of float, shape (n,)
            In Hz.
        time : ndarray of float, shape (n,)
            When each frequency is measured, in s; the states are those at its own time.

        Returns
        -------
        ndarray of complex, shape (n,)
            In Ω.
        """
        return self.scan(frequency, time)[0]

    def scan(
        self, frequency: NDArray[np.float64], time: NDArray[np.float64]
    ) -> tuple[NDArray[np.complex128], NDArray[np.float64], NDArray[np.float64]]:
        """Return what a sweep meets: the impedance in Ω, E in V and I in A, each of shape (n,).

        Parameters
        ----------
        frequency, time : ndarray of float, shape (n,)
            As for `impedance`.
        """
        temperature = self._temperatures(time)
        met = instants(self._solver, time, temperature)
        alloy = self._alloy(met, temperature) if self.parameters.warburg_tail and self.parameters.x0 else None
        impedance = self._impedance.at(frequency, met.seen, met.resistances, met.leak, alloy)
        return impedance, met.voltage, met.current

    def truth(self, time: float) -> dict[str, float]:
        """Return what is really inside the cell at `time`, in SI and absolute.

        Returns
        -------
        dict of str to float
            R_WE, R_CE, R_int (both), R_bulk, R_gb, R_con in Ω; C_WE, C_CE, C_int (the WE's arc) in
            F; theta and coverage as forming made them; y, z, x_s, S, q (C/m²), growth, contact (the
            capacitance relative to perfect contact) and w of the working electrode, the same with
            _CE of the counter electrode; j_loc in A/m²; w the larger of both; shorted 0 or 1; T in
            K, pressure in Pa; U, voltage in V; current in the leads and through the interfaces
            (current_through) in A; charge in C that has passed the leads.
        """
        segment = self._solver.segment(time)
        seen, temperature = segment.seen(time), self._solver.temperature(time)
        resistances = self._solver.pellet.resistances(seen, temperature)
        passed = self._solver.through(segment, seen, resistances, temperature)
        bulk, boundary, working, counter, constriction = resistances
        j = passed.through / self.area
        of_working = self._states(self._solver.working, segment, 0, time, j)
        of_counter = self._states(self._solver.counter, segment, 1, time, -j)
        capacitance = math.exp(seen[WE_CAPACITANCE]) * self.area
        return {
            "R_WE": working,
            "R_CE": counter,
            "R_int": working + counter,
            "R_bulk": bulk,
            "R_gb": boundary,
            "R_con": constriction,
            "C_WE": capacitance,
            "C_CE": math.exp(seen[CE_CAPACITANCE]) * self.area,
            "C_int": capacitance,
            "U": self._solver.pellet.emf(seen, temperature),
            "voltage": passed.voltage,
            "current": passed.current,
            "current_through": passed.through,
            "charge": self._solver.charge(time),
            "T": temperature,
            "pressure": self._solver.pressure(time),
            "shorted": float(segment.shorted),
            **of_working,
            **{f"{name}_CE": value for name, value in of_counter.items()},
            "w": max(of_working["w"], of_counter["w"]),
            "w_WE": of_working["w"],
        }

    def _states(
        self, law: Interface, segment: Segment, number: int, time: float, j: float
    ) -> dict[str, float]:
        """Return the states of one interface, interpolated."""
        share = (time - segment.start) / (segment.end - segment.start)
        before, after = segment.before[number], segment.after[number]
        between = _interpolated(before, after, share)
        theta, coverage = law.contact(between)
        return {
            "theta": law.theta(between),
            "coverage": between.coverage,
            "y": between.y,
            "z": between.z,
            "x_s": between.x_surface,
            "S": law.sites(between),
            "q": between.q,
            "growth": between.growth,
            "contact": theta * coverage * between.y * (1.0 - between.z) * (1.0 + between.growth),
            "j_loc": law.local_current_density(between, j),
            "w": between.penetration,
        }

    def _alloy(self, met: Instants, temperature: NDArray[np.float64]) -> Alloy:
        """Return what the tail of an alloy needs; the counter electrode adds none."""
        p = self.parameters
        x = met.seen[WE_SURFACE]
        energy = p.diffusion_energy
        mobility = p.chemical_diffusivity * np.array([activation(energy, kelvin) for kelvin in temperature])
        return Alloy(
            p.warburg_tail * met.through / self.area,
            p.contact_exponent / np.maximum(p.x_limit - x, LEAST_SITES * (p.x_limit - p.x0)),
            x,
            mobility * np.exp(-p.beta * (x - REFERENCE_FRACTION)),
        )


def _interpolated(before: State, after: State, share: float) -> State:
    """Return the state between two, linear in every number; the profile stays the earlier one."""
    numbers = (a + share * (b - a) for a, b in zip(before[:-1], after[:-1], strict=True))
    return State._make([*numbers, before.profile])
