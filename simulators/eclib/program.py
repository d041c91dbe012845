"""A loaded technique in the form the channel works through. SI units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulators.eclib.tables import RANGE_KEEP, TechniqueKind

Control = Literal["current", "voltage"]
Values = Mapping[str, Mapping[int, float]]
"""Decoded parameters: label, array index, value."""


@dataclass(frozen=True)
class Hardware:
    """Settings of the channel's front end during a technique; codes as at the boundary."""

    current_range: int = RANGE_KEEP
    voltage_range: int = 3
    bandwidth: int = RANGE_KEEP
    timebase: float = 20e-6
    extra: int = 0


class Exit(IntEnum):
    """Where a limit that is met leads to."""

    NEXT_STEP = 0
    NEXT_TECHNIQUE = 1
    STOP = 2


@dataclass(frozen=True)
class Test:
    """One comparison of a limit; a test that is not active ends the chain."""

    active: bool
    with_next: Literal["or", "and"]
    at_least: bool
    variable: int
    threshold: float


@dataclass(frozen=True)
class Technique:
    """What all techniques have: file, front end and the parameters as they were given."""

    kind: TechniqueKind
    hardware: Hardware
    values: Values = field(repr=False)


@dataclass(frozen=True)
class Recorded(Technique):
    """A technique with scalar rows: every `record_dt` s, and on a change by `record_change`."""

    record_dt: float = 0.0
    record_change: float = 0.0


@dataclass(frozen=True)
class OpenCircuit(Recorded):
    """Rest without current for `duration` s."""

    duration: float = 0.0


@dataclass(frozen=True)
class Step:
    """A constant `value` (A or V) for `duration` s, perhaps with limits."""

    value: float
    relative: bool
    duration: float
    tests: tuple[Test, ...] = ()
    exit: Exit = Exit.NEXT_STEP


@dataclass(frozen=True)
class Steps(Recorded):
    """Steps under current or voltage control, run `cycles` + 1 times."""

    control: Control = "current"
    steps: tuple[Step, ...] = ()
    cycles: int = 0


@dataclass(frozen=True)
class Impedance(Recorded):
    """A hold of `hold` s and then a sweep; `amplitude` is the peak of the sine in A or V."""

    control: Control = "current"
    level: float = 0.0
    relative: bool = False
    hold: float = 0.0
    amplitude: float = 0.0
    averages: int = 1
    wait: float = 0.0
    frequencies: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0), repr=False)


@dataclass(frozen=True)
class Loop(Technique):
    """A jump back to `target`, `repeats` times; -1 for ever."""

    target: int = 0
    repeats: int = -1
