"""What a command drives through a cell: Ohm's law with the limits of the instrument and a short."""

from typing import NamedTuple


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


def _at(voltage: float, emf: float, resistance: float, leak: float) -> Passed:
    through = (voltage - emf) / resistance
    return Passed(voltage, through + leak * voltage, through, False)
