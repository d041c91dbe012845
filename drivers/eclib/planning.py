"""Ranges and limits of a program, settled before anything is loaded. Pure functions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from drivers.eclib.checks import check_technique
from drivers.eclib.ranges import VOLTAGE_RANGES
from drivers.eclib.sweeps import sweep_duration
from drivers.eclib.written import amperes, peak_amperes, volts
from drivers.potentiostat import PlannedTechnique
from drivers.techniques import (
    ConstantCurrent,
    ConstantVoltage,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Loop,
    PotentiostaticImpedance,
    Technique,
)


@dataclass(frozen=True)
class Capability:
    """What a channel can do.

    Attributes
    ----------
    current_ranges : tuple of float
        Full scales in A that may be used, smallest first.
    point_overhead : float
        Dead time of each frequency in s.
    """

    current_ranges: tuple[float, ...]
    point_overhead: float


def plan(program: Sequence[Technique], e_max: float, capability: Capability) -> tuple[PlannedTechnique, ...]:
    """Choose ranges for every technique of a program.

    All techniques under current control share one current range, and the whole program one voltage
    range: switching a range between linked techniques would interrupt the current.

    Parameters
    ----------
    program : sequence of Technique
    e_max : float
        Largest absolute E in V that the step allows, its cut-off.
    capability : Capability

    Raises
    ------
    BadInput
        If anything is beyond the instrument; nothing has been loaded then.
    """
    if not program:
        raise BadInput("The potentiostat's program is empty.", "Give it at least one technique.")
    if not (math.isfinite(e_max) and e_max > 0):
        raise BadInput(f"The cut-off of {e_max} V is no positive voltage.", "Give a cut-off above 0 V.")
    for index, technique in enumerate(program):
        check_technique(technique, index)
        if isinstance(technique, Loop) and not technique.repeats and index < len(program) - 1:
            raise BadInput(
                f"Technique {index} of the program is a loop without repeats, with techniques behind it.",
                "Leave the loop out.",
            )
    voltage = max((voltage_range(technique, e_max) for technique in program), default=math.nan)
    galvanostatic = [
        galvanostatic_range(technique.current, _peak(technique), capability.current_ranges)
        for technique in program
        if isinstance(technique, ConstantCurrent | LimitedConstantCurrent | GalvanostaticImpedance)
    ]
    shared = max(galvanostatic, default=math.nan)
    return tuple(_planned(technique, shared, voltage, capability) for technique in program)


def galvanostatic_range(current: float, peak: float, ranges: Sequence[float]) -> float:
    """Return the smallest range that holds a current and a sine upon it.

    Parameters
    ----------
    current, peak : float
        DC level, of either sign, and peak amplitude of the sine in A.
    ranges : sequence of float
        Full scales in A, smallest first.

    Raises
    ------
    BadInput
        If |DC| + peak is beyond the largest range, or the peak beyond half of it.
    """
    for scale in ranges:
        if abs(current) + peak <= scale and peak <= scale / 2:
            return scale
    largest = ranges[-1]
    if peak > largest / 2:
        raise BadInput(
            f"The amplitude of {peak_amperes(peak)} is more than half of the largest current range, "
            f"{amperes(largest)}.",
            f"Use a peak of at most {amperes(largest / 2)}.",
        )
    beside = f" with a sine of {peak_amperes(peak)} upon it" if peak else ""
    raise BadInput(
        f"The current of {amperes(current)}{beside} is beyond the largest current range, {amperes(largest)}.",
        f"Use at most {amperes(largest - peak)}.",
    )


def potentiostatic_range(limit: float, ranges: Sequence[float]) -> float:
    """Return the smallest range that holds the largest expected |I| in A.

    Raises
    ------
    BadInput
        If it is beyond the largest range.
    """
    for scale in ranges:
        if limit <= scale:
            return scale
    raise BadInput(
        f"The expected current of {amperes(limit)} is beyond the largest range, {amperes(ranges[-1])}.",
        "Use a smaller voltage or amplitude, or a smaller current limit.",
    )


def voltage_range(technique: Technique, e_max: float) -> float:
    """Return the smallest voltage range in V for a technique under the cut-off `e_max`.

    It contains the cut-off and the AC response on top of it. Under current control a cell that has
    reached the cut-off has the resistance E/I, so a sine of peak A answers with E·A/I; a sine larger
    than the direct current is taken as just as large, since E is then far from the cut-off.

    Raises
    ------
    BadInput
        If it is beyond the largest range.
    """
    level, response = _voltages(technique, e_max)
    for scale in VOLTAGE_RANGES:
        if level + response <= scale:
            return scale
    largest = max(VOLTAGE_RANGES)
    beside = f" and the AC response of {volts(response)} on top of it" if response else ""
    allowed = largest * level / (level + response)
    raise BadInput(
        f"The cut-off of {volts(level)}{beside} is beyond the largest voltage range, ±{volts(largest)}.",
        f"Use a cut-off of at most {volts(allowed)}.",
    )


def _voltages(technique: Technique, e_max: float) -> tuple[float, float]:
    if isinstance(technique, LimitedConstantCurrent):
        return max(e_max, abs(technique.e_max), abs(technique.e_min)), 0.0
    if isinstance(technique, PotentiostaticImpedance):
        return max(e_max, abs(technique.voltage)), technique.amplitude
    if isinstance(technique, ConstantVoltage):
        return max(e_max, abs(technique.voltage)), 0.0
    if isinstance(technique, GalvanostaticImpedance) and technique.current:
        return e_max, e_max * min(1.0, technique.amplitude / abs(technique.current))
    return e_max, 0.0


def _peak(technique: Technique) -> float:
    return technique.amplitude if isinstance(technique, GalvanostaticImpedance) else 0.0


def _planned(technique: Technique, shared: float, voltage: float, capability: Capability) -> PlannedTechnique:
    if isinstance(technique, Loop):
        return PlannedTechnique(technique, math.nan, math.nan, 0.0)
    if isinstance(technique, PotentiostaticImpedance | GalvanostaticImpedance):
        duration = technique.hold + sweep_duration(technique.sweep, capability.point_overhead)
    else:
        duration = technique.duration
    if isinstance(technique, PotentiostaticImpedance | ConstantVoltage):
        scale = potentiostatic_range(technique.current_limit, capability.current_ranges)
    elif isinstance(technique, ConstantCurrent | LimitedConstantCurrent | GalvanostaticImpedance):
        scale = shared
    else:
        scale = math.nan
    return PlannedTechnique(technique, scale, voltage, duration)
