"""What a potentiostat can be asked to do, as typed parameter sets. SI units, absolute currents.

A *program* is a list of techniques that the instrument works through by itself, one after the
other and without opening the circuit in between.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class OpenCircuit:
    """Rest at open circuit for `duration` s, recording E every `record_every` s."""

    duration: float
    record_every: float = 1.0


@dataclass(frozen=True)
class ConstantCurrent:
    """Hold `current` A for `duration` s."""

    current: float
    duration: float
    record_every: float = 1.0


@dataclass(frozen=True)
class LimitedConstantCurrent:
    """Hold `current` A for `duration` s while the firmware tests E in both directions.

    When E reaches `e_max` or falls to `e_min` (V) the instrument stops the whole program by itself
    (``on_limit="stop"``) or goes on to the next technique (``"next"``).
    """

    current: float
    duration: float
    e_max: float
    e_min: float
    on_limit: Literal["stop", "next"] = "stop"
    record_every: float = 0.5


@dataclass(frozen=True)
class ConstantVoltage:
    """Hold `voltage` V for `duration` s, recording the current every `record_every` s.

    With `versus_open_circuit` the voltage is counted from the potential that the cell shows when
    the technique starts.
    """

    voltage: float
    duration: float
    record_every: float = 1.0
    versus_open_circuit: bool = False
    current_limit: float = 1e-4
    """Largest |I| in A expected; decides the current range."""


@dataclass(frozen=True)
class Sweep:
    """The frequencies of an impedance spectrum, from `f_max` down to `f_min` Hz, logarithmic.

    Attributes
    ----------
    points : int
        Total number of frequencies.
    averages : int
        Sine periods averaged at each frequency.
    wait : float
        Periods waited before each frequency.
    """

    f_max: float
    f_min: float
    points: int
    averages: int = 2
    wait: float = 0.1


@dataclass(frozen=True)
class PotentiostaticImpedance:
    """A spectrum under voltage control; `amplitude` is the peak of the sine in V.

    With `versus_open_circuit` the DC level `voltage` is counted from the potential that the cell
    shows when the technique starts.
    """

    sweep: Sweep
    amplitude: float
    voltage: float = 0.0
    versus_open_circuit: bool = True
    hold: float = 0.0
    current_limit: float = 1e-4
    """Largest |I| in A expected during the sweep; decides the current range."""
    automatic_range: bool = False
    """Whether the instrument chooses the current range anew at every frequency: for cells of which nobody
    knows the resistance, or whose resistance spans decades. It may go below the bench's smallest range."""


@dataclass(frozen=True)
class GalvanostaticImpedance:
    """A spectrum under current control; `amplitude` is the peak of the sine in A."""

    sweep: Sweep
    amplitude: float
    current: float = 0.0
    hold: float = 0.0


@dataclass(frozen=True)
class Loop:
    """Go back to technique `to` (index in the program) `repeats` times: `repeats` + 1 passes."""

    to: int
    repeats: int


Technique = (
    OpenCircuit
    | ConstantCurrent
    | LimitedConstantCurrent
    | ConstantVoltage
    | PotentiostaticImpedance
    | GalvanostaticImpedance
    | Loop
)
