"""What a command drives through a cell: Ohm's law with the limits of the instrument and a short."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Command(NamedTuple):
    """What the potentiostat holds: a current in A, or a voltage in V."""

    value: float
    potentiostatic: bool = False


class Passed(NamedTuple):
    """Voltage of the cell in V, current in the leads in A, and through the interfaces in A."""

    voltage: float
    current: float
    through: float
    held: bool
    """Whether the commanded current itself passes the interfaces."""


def passed(command: Command, emf: float, resistance: float, leak: float, compliance: float) -> Passed:
    """Return what passes under a command.

    Parameters
    ----------
    command : Command
    emf : float
        Equilibrium voltage of the cell in V.
    resistance : float
        Everything in series with it, in Ω.
    leak : float
        Conductance of a short across the cell in S, 0 without one.
    compliance : float
        Largest voltage of the instrument in V.
    """
    if command.potentiostatic:
        return _at(min(max(command.value, -compliance), compliance), emf, resistance, leak)
    if leak:
        voltage = (command.value + emf / resistance) / (1.0 / resistance + leak)
    else:
        voltage = emf + command.value * resistance
    if voltage > compliance:
        return _at(compliance, emf, resistance, leak)
    if voltage < -compliance:
        return _at(-compliance, emf, resistance, leak)
    through = (voltage - emf) / resistance if leak else command.value
    return Passed(voltage, command.value, through, not leak)


def passed_each(
    command: Command, emf: Array, resistance: Array, leak: float, compliance: float
) -> tuple[Array, Array, Array]:
    """Return voltage, current and current through the interfaces for n states of a cell, shapes (n,).

    Parameters
    ----------
    command, leak, compliance
        As for `passed`.
    emf, resistance : ndarray, shape (n,)
    """
    if not command.potentiostatic and not leak:
        voltage, current = emf + command.value * resistance, np.full(len(emf), command.value)
        if np.all(np.abs(voltage) <= compliance):
            return voltage, current, current
    each = [passed(command, u, r, leak, compliance) for u, r in zip(emf, resistance, strict=True)]
    voltages, currents, through, _ = np.array(each, dtype=np.float64).reshape(-1, 4).T
    return voltages, currents, through


def _at(voltage: float, emf: float, resistance: float, leak: float) -> Passed:
    through = (voltage - emf) / resistance
    return Passed(voltage, through + leak * voltage, through, False)
