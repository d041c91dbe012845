"""Labels that each technique file knows: type, array size, whether it must be given, and range."""

import math
from dataclasses import dataclass
from enum import IntEnum

from simulators.eclib.tables import (
    EXTRA_BITS,
    HIGHEST_FREQUENCY,
    LARGEST_BANDWIDTH,
    LOWEST_FREQUENCY,
    MAX_TECHNIQUES,
    RANGE_AUTO,
    RANGE_KEEP,
)


class Kind(IntEnum):
    """Type of a parameter, as numbered at the library's boundary."""

    INT = 0
    BOOL = 1
    SINGLE = 2


@dataclass(frozen=True)
class Label:
    """One label of a technique.

    Attributes
    ----------
    kind : Kind
    size : int
        Number of elements; 1 for a scalar.
    required : bool
        Whether the load fails without it. Of an array only the elements in use are required.
    low, high : float
        Range of the values, both ends allowed, in SI units.
    """

    kind: Kind
    size: int = 1
    required: bool = True
    low: float = -math.inf
    high: float = math.inf


def _single(low: float = -math.inf, high: float = math.inf, size: int = 1, required: bool = True) -> Label:
    return Label(Kind.SINGLE, size, required, low, high)


def _int(low: float, high: float = 2**31 - 1, size: int = 1, required: bool = True) -> Label:
    return Label(Kind.INT, size, required, low, high)


def _bool(size: int = 1, required: bool = True) -> Label:
    return Label(Kind.BOOL, size, required, 0, 1)


def _hardware(range_required: bool, highest_range: int = RANGE_AUTO) -> dict[str, Label]:
    return {
        "I_Range": _int(RANGE_KEEP, highest_range, required=range_required),
        "E_Range": _int(0, 3, required=False),
        "Bandwidth": _int(-1, LARGEST_BANDWIDTH, required=False),
        "tb": _single(1e-6, 1.0, required=False),
        "xctr": _int(0, EXTRA_BITS, required=False),
    }


HARDWARE = frozenset(_hardware(False))
"""Labels that cannot be changed while the channel runs."""


def _steps(quantity: str, size: int, current: bool) -> dict[str, Label]:
    return {
        f"{quantity}_step": _single(size=size),
        "vs_initial": _bool(size=size),
        "Duration_step": _single(0.0, size=size),
        "Step_number": _int(0, size - 1),
        "Record_every_dT": _single(0.0),
        "Record_every_dE" if current else "Record_every_dI": _single(0.0),
        "N_Cycles": _int(0),
    } | _hardware(range_required=current)


def _limits(size: int) -> dict[str, Label]:
    tests = {f"Test{n}_Config": _int(0, size=size, required=False) for n in (1, 2, 3)}
    values = {f"Test{n}_Value": _single(size=size, required=False) for n in (1, 2, 3)}
    return tests | values | {"Exit_Cond": _int(0, 2, size=size, required=False)}


def _impedance(quantity: str, current: bool) -> dict[str, Label]:
    return {
        "vs_initial": _bool(),
        "vs_final": _bool(required=False),
        f"Initial_{quantity}_step": _single(),
        f"Final_{quantity}_step": _single(required=False),
        "Duration_step": _single(0.0),
        "Step_number": _int(0, 0, required=False),
        "Record_every_dT": _single(0.0),
        "Record_every_dE" if current else "Record_every_dI": _single(0.0),
        "Final_frequency": _single(LOWEST_FREQUENCY, HIGHEST_FREQUENCY),
        "Initial_frequency": _single(LOWEST_FREQUENCY, HIGHEST_FREQUENCY),
        "sweep": _bool(),
        f"Amplitude_{quantity}": _single(0.0),
        "Frequency_number": _int(1, 10_000),
        "Average_N_times": _int(1, 10_000),
        "Correction": _bool(),
        "Wait_for_steady": _single(0.0, 1e6),
    } | _hardware(range_required=current)


LABELS: dict[str, dict[str, Label]] = {
    "ocv": {
        "Rest_time_T": _single(0.0),
        "Record_every_dE": _single(0.0),
        "Record_every_dT": _single(0.0),
    }
    | _hardware(range_required=False),
    "cp": _steps("Current", 100, current=True),
    "ca": _steps("Voltage", 100, current=False),
    "cplimit": _steps("Current", 20, current=True) | _limits(20),
    "calimit": _steps("Voltage", 20, current=False) | _limits(20),
    "geis": _impedance("Current", current=True),
    "peis": _impedance("Voltage", current=False),
    "loop": {"loop_N_times": _int(-1), "protocol_number": _int(0, MAX_TECHNIQUES - 1)}
    | _hardware(range_required=False),
}
"""Labels by technique file, without suffix. CP and CA take Step_number 0..98, see `CP_LAST_STEP`."""

CP_LAST_STEP = 98
