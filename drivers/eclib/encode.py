"""Techniques as the parameter lists that the library loads.

Labels, types and array rules follow the vendor's description of each technique file.
"""

import ctypes
import math
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from drivers.eclib.ranges import AUTOMATIC_RANGE, CURRENT_RANGES, VOLTAGE_RANGES
from drivers.eclib.structs import LABEL_BYTES, EccParam, EccParams, ParamType
from drivers.potentiostat import PlannedTechnique
from drivers.techniques import (
    ConstantCurrent,
    ConstantVoltage,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Loop,
    OpenCircuit,
    PotentiostaticImpedance,
    Sweep,
)

TICK = {"ocv": 20e-6, "cp": 21e-6, "ca": 21e-6, "cplimit": 34e-6, "peis": 24e-6, "geis": 24e-6}
"""Time base of each technique file in s on this family."""

MOST_STEPS = {"cp": 99, "ca": 99, "cplimit": 20}
"""Steps that these techniques take in one list; for CP and CA the last one has the number 98."""

NEVER = 1e3
"""A change in V or A that no range can show: rows are recorded by time alone."""

HOLD_RECORD_EVERY = 0.5
"""Seconds between rows while an impedance technique holds before its sweep."""

_NEXT_TECHNIQUE, _STOP_EXPERIMENT = 1, 2


@dataclass(frozen=True)
class EccTechnique:
    """One entry of the list to load: stem of its file and its parameters."""

    stem: str
    parameters: tuple[EccParam, ...]

    def as_array(self) -> EccParams:
        """Return the list as the library takes it; it keeps its own memory alive."""
        array = (EccParam * len(self.parameters))(*self.parameters)
        return EccParams(len(array), ctypes.cast(array, ctypes.POINTER(EccParam)))


def longest(stem: str) -> float:
    """Return the longest duration in s of one step: 2**31 ticks."""
    return TICK[stem] * 2**31


def integer(label: str, value: int, index: int = 0) -> EccParam:
    """Return an integer parameter."""
    return _parameter(label, ParamType.INTEGER, struct.pack("<i", value), index)


def boolean(label: str, value: bool, index: int = 0) -> EccParam:
    """Return a boolean parameter."""
    return _parameter(label, ParamType.BOOLEAN, struct.pack("<i", int(value)), index)


def single(label: str, value: float, index: int = 0) -> EccParam:
    """Return a single-precision parameter; its IEEE bits travel in the integer field."""
    return _parameter(label, ParamType.SINGLE, struct.pack("<f", value), index)


def _parameter(label: str, kind: ParamType, bits: bytes, index: int) -> EccParam:
    raw = label.encode("ascii")
    if len(raw) >= LABEL_BYTES:
        raise ValueError(f"the label {label!r} is longer than {LABEL_BYTES - 1} bytes")
    return EccParam(raw, kind, int.from_bytes(bits, "little"), index)


def limit_test(at_least: bool) -> int:
    """Return the configuration word of an active test of Ewe, joined to the next one by OR.

    Bit 0 is "active", bit 1 the logic (0 is OR), bits 2 to 4 the comparison (0 is <=, 1 is >=) and
    the bits from 5 the variable (0 is Ewe).
    """
    active, logic_or, ewe = 1, 0, 0
    return active + 2 * logic_or + 4 * int(at_least) + 32 * ewe


def encode(planned: PlannedTechnique, bandwidth: int) -> EccTechnique:
    """Return the file stem and parameter list of a planned technique.

    Parameters
    ----------
    planned : PlannedTechnique
    bandwidth : int
        1 (slow) to 9 (fast).
    """
    technique = planned.technique
    if isinstance(technique, Loop):
        return EccTechnique("loop", _loop(technique))
    hardware = _hardware(planned, bandwidth)
    if isinstance(technique, OpenCircuit):
        return EccTechnique("ocv", (*_open_circuit(technique), *hardware))
    if isinstance(technique, ConstantCurrent):
        return EccTechnique("cp", (*_constant_current(technique, "cp"), *hardware))
    if isinstance(technique, LimitedConstantCurrent):
        parameters = (*_constant_current(technique, "cplimit"), *_limits(technique))
        return EccTechnique("cplimit", (*parameters, *hardware))
    if isinstance(technique, ConstantVoltage):
        return EccTechnique("ca", (*_constant_voltage(technique), *hardware))
    if isinstance(technique, PotentiostaticImpedance):
        return EccTechnique("peis", (*_potentiostatic(technique), *hardware))
    return EccTechnique("geis", (*_galvanostatic(technique), *hardware))


def steps_of(duration: float, stem: str) -> int:
    """Return into how many equal steps a technique of `duration` s is cut."""
    return max(1, math.ceil(duration / longest(stem)))


def _hardware(planned: PlannedTechnique, bandwidth: int) -> tuple[EccParam, ...]:
    parameters = [
        integer("E_Range", VOLTAGE_RANGES[planned.voltage_range]),
        integer("Bandwidth", bandwidth),
    ]
    technique = planned.technique
    if isinstance(technique, PotentiostaticImpedance) and technique.automatic_range:
        parameters.append(integer("I_Range", AUTOMATIC_RANGE))
    elif not math.isnan(planned.current_range):
        parameters.append(integer("I_Range", CURRENT_RANGES[planned.current_range]))
    return tuple(parameters)


def _open_circuit(technique: OpenCircuit) -> tuple[EccParam, ...]:
    return (
        single("Rest_time_T", technique.duration),
        single("Record_every_dE", NEVER),
        single("Record_every_dT", technique.record_every),
    )


def _constant_current(technique: ConstantCurrent | LimitedConstantCurrent, stem: str) -> tuple[EccParam, ...]:
    steps = range(steps_of(technique.duration, stem))
    return (
        *_each(single, "Current_step", technique.current, steps),
        *_each(boolean, "vs_initial", False, steps),
        *_each(single, "Duration_step", technique.duration / len(steps), steps),
        integer("Step_number", len(steps) - 1),
        single("Record_every_dT", technique.record_every),
        single("Record_every_dE", NEVER),
        integer("N_Cycles", 0),
    )


def _constant_voltage(technique: ConstantVoltage) -> tuple[EccParam, ...]:
    steps = range(steps_of(technique.duration, "ca"))
    # A relative step counts from the value controlled before it: only the first may add to it.
    onward = 0.0 if technique.versus_open_circuit else technique.voltage
    return (
        single("Voltage_step", technique.voltage),
        *_each(single, "Voltage_step", onward, steps[1:]),
        *_each(boolean, "vs_initial", technique.versus_open_circuit, steps),
        *_each(single, "Duration_step", technique.duration / len(steps), steps),
        integer("Step_number", len(steps) - 1),
        single("Record_every_dT", technique.record_every),
        single("Record_every_dI", NEVER),
        integer("N_Cycles", 0),
    )


def _limits(technique: LimitedConstantCurrent) -> tuple[EccParam, ...]:
    steps = range(steps_of(technique.duration, "cplimit"))
    leave = _STOP_EXPERIMENT if technique.on_limit == "stop" else _NEXT_TECHNIQUE
    return (
        *_each(integer, "Test1_Config", limit_test(at_least=True), steps),
        *_each(single, "Test1_Value", technique.e_max, steps),
        *_each(integer, "Test2_Config", limit_test(at_least=False), steps),
        *_each(single, "Test2_Value", technique.e_min, steps),
        *_each(integer, "Test3_Config", 0, steps),
        *_each(single, "Test3_Value", 0.0, steps),
        *_each(integer, "Exit_Cond", leave, steps),
    )


def _each(
    kind: Callable[[str, Any, int], EccParam], label: str, value: float, steps: Iterable[int]
) -> list[EccParam]:
    return [kind(label, value, index) for index in steps]


def _potentiostatic(technique: PotentiostaticImpedance) -> tuple[EccParam, ...]:
    return (
        boolean("vs_initial", technique.versus_open_circuit),
        boolean("vs_final", technique.versus_open_circuit),
        single("Initial_Voltage_step", technique.voltage),
        single("Final_Voltage_step", technique.voltage),
        single("Record_every_dI", NEVER),
        single("Amplitude_Voltage", technique.amplitude),
        *_sweep(technique.sweep, technique.hold),
    )


def _galvanostatic(technique: GalvanostaticImpedance) -> tuple[EccParam, ...]:
    return (
        boolean("vs_initial", False),
        boolean("vs_final", False),
        single("Initial_Current_step", technique.current),
        single("Final_Current_step", technique.current),
        single("Record_every_dE", NEVER),
        single("Amplitude_Current", technique.amplitude),
        *_sweep(technique.sweep, technique.hold),
    )


def _sweep(sweep: Sweep, hold: float) -> tuple[EccParam, ...]:
    return (
        single("Duration_step", hold),
        integer("Step_number", 0),
        single("Record_every_dT", HOLD_RECORD_EVERY),
        single("Initial_frequency", sweep.f_max),
        single("Final_frequency", sweep.f_min),
        boolean("sweep", False),  # False is logarithmic
        integer("Frequency_number", sweep.points),
        integer("Average_N_times", sweep.averages),
        # What the firmware corrects cannot be undone; drift is corrected in the analysis instead.
        boolean("Correction", False),
        single("Wait_for_steady", sweep.wait),
    )


def _loop(technique: Loop) -> tuple[EccParam, ...]:
    return (integer("loop_N_times", technique.repeats), integer("protocol_number", technique.to))
