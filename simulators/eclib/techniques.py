"""Reads the parameters that a client loads, checks them and makes a technique of them."""

import math
import os
import struct
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from simulators.eclib.codes import Code, EclibError
from simulators.eclib.labels import CP_LAST_STEP, LABELS, Kind
from simulators.eclib.program import (
    Control,
    Exit,
    Hardware,
    Impedance,
    Loop,
    OpenCircuit,
    Step,
    Steps,
    Technique,
    Test,
    Values,
)
from simulators.eclib.structs import EccParam
from simulators.eclib.tables import (
    BOARD_PREMIUM,
    EXTRA_BITS,
    KINDS,
    LARGEST_RANGE,
    OTHER_STEMS,
    RANGE_AUTO,
    RANGE_KEEP,
    SMALLEST_RANGE,
    VOLTAGE_RANGES,
    TechniqueKind,
    current_range,
)

_SLACK = 1.0 + 1e-6
"""Comparisons allow for the rounding of a limit to single precision."""
_FAMILY_SUFFIX = {"4": 2, "5": 3}


def find_kind(file: str) -> TechniqueKind:
    """Return the technique that a file name or path means, judged by its last part.

    Raises
    ------
    EclibError
        ECCFILENOTEXISTS for an unknown file, INCOMPATIBLEECC for one of another instrument family.
    """
    name = os.path.basename(file.replace("\\", "/")).lower()
    stem, extension = os.path.splitext(name)
    family = _FAMILY_SUFFIX.get(stem[-1:], 1)
    stem = stem if family == 1 else stem[:-1]
    if extension != ".ecc" or not (stem in KINDS or stem in OTHER_STEMS):
        raise EclibError(Code.ECCFILENOTEXISTS, f"{file}: no such technique file")
    if family != BOARD_PREMIUM:
        raise EclibError(Code.INCOMPATIBLEECC, f"{file}: not for this channel; use {stem}4.ecc")
    if stem not in KINDS:
        raise EclibError(Code.ECCFILENOTEXISTS, f"{file}: this simulated channel has no such technique")
    return KINDS[stem]


def _refuse(kind: TechniqueKind, problem: str) -> EclibError:
    return EclibError(Code.LOADTECHNIQUEFAILED, f"{kind.stem}4.ecc: {problem}")


def decode(kind: TechniqueKind, parameters: Iterable[EccParam]) -> dict[str, dict[int, float]]:
    """Decode parameters and check label, type, index and range of each one by itself.

    Raises
    ------
    EclibError
        LOADTECHNIQUEFAILED, saying which label is wrong and why.
    """
    known = LABELS[kind.stem]
    values: dict[str, dict[int, float]] = {}
    for parameter in parameters:
        name = parameter.label.decode("ascii", "replace")
        label = known.get(name)
        if label is None:
            raise _refuse(kind, f"unknown label {name!r}")
        if parameter.kind != label.kind:
            raise _refuse(kind, f"{name} must be of type {label.kind.name.lower()}")
        if not 0 <= parameter.index < label.size:
            raise _refuse(kind, f"{name}[{parameter.index}]: index must be 0..{label.size - 1}")
        value = _number(label.kind, parameter.value)
        if not math.isfinite(value) or not label.low <= value <= label.high:
            raise _refuse(kind, f"{name} = {value:g} must be {label.low:g}..{label.high:g}")
        elements = values.setdefault(name, {})
        if parameter.index in elements:
            raise _refuse(kind, f"{name}[{parameter.index}] is given twice")
        elements[parameter.index] = value
    return values


def _number(kind: Kind, raw: int) -> float:
    if kind is Kind.SINGLE:
        return float(struct.unpack("<f", struct.pack("<I", raw))[0])
    return raw - (1 << 32) if raw >= 1 << 31 else raw


def build(kind: TechniqueKind, values: Values, position: int) -> Technique:
    """Make a technique from decoded parameters, checking what concerns several of them.

    Parameters
    ----------
    kind : TechniqueKind
    values : mapping
        See `decode`.
    position : int
        Place in the list that is being loaded.

    Raises
    ------
    EclibError
        LOADTECHNIQUEFAILED, saying what is missing or contradictory.
    """
    for name, label in LABELS[kind.stem].items():
        if label.required and 0 not in values.get(name, {}):
            raise _refuse(kind, f"{name} is missing")
    hardware = _hardware(kind, values)
    if kind.stem == "ocv":
        duration = _duration(kind, values["Rest_time_T"][0], hardware)
        return OpenCircuit(
            kind,
            hardware,
            values,
            record_dt=values["Record_every_dT"][0],
            record_change=values["Record_every_dE"][0],
            duration=duration,
        )
    if kind.stem == "loop":
        return _loop(kind, values, hardware, position)
    if kind.stem in ("geis", "peis"):
        return _impedance(kind, values, hardware)
    return _steps(kind, values, hardware)


def _scalar(values: Values, name: str, default: float) -> float:
    return values[name][0] if name in values else default


def _hardware(kind: TechniqueKind, values: Values) -> Hardware:
    galvanostatic = kind.stem in ("cp", "cplimit", "geis")
    code = int(_scalar(values, "I_Range", RANGE_AUTO if not galvanostatic else RANGE_KEEP))
    if code == RANGE_AUTO and galvanostatic:
        raise _refuse(kind, "I_Range 12 (automatic) is not allowed under current control")
    if code not in (RANGE_KEEP, RANGE_AUTO) and not SMALLEST_RANGE <= code <= LARGEST_RANGE:
        raise _refuse(kind, f"I_Range {code}: this channel has {SMALLEST_RANGE}..{LARGEST_RANGE}")
    bandwidth = int(_scalar(values, "Bandwidth", RANGE_KEEP))
    if bandwidth == 0:
        raise _refuse(kind, "Bandwidth must be 1..9, or -1 to keep it")
    extra = int(_scalar(values, "xctr", 0))
    if extra & ~EXTRA_BITS:
        raise _refuse(kind, f"xctr = {extra:#x} has bits that are reserved")
    return Hardware(
        code, int(_scalar(values, "E_Range", 3)), bandwidth, _scalar(values, "tb", kind.timebase), extra
    )


def _duration(kind: TechniqueKind, seconds: float, hardware: Hardware) -> float:
    longest = hardware.timebase * 2.0**31
    if seconds > longest:
        raise _refuse(kind, f"duration {seconds:g} s is longer than {longest:g} s")
    return seconds


def check_level(kind: TechniqueKind, control: Control, level: float, hardware: Hardware, keep: int) -> None:
    """Refuse a controlled value beyond its range.

    Parameters
    ----------
    kind : TechniqueKind
    control : "current" or "voltage"
    level : float
        In A or V.
    hardware : Hardware
    keep : int
        Current range code that holds when the technique keeps the range.
    """
    if control == "voltage":
        full = VOLTAGE_RANGES[hardware.voltage_range]
    else:
        full = current_range(keep if hardware.current_range == RANGE_KEEP else hardware.current_range)
    if abs(level) > full * _SLACK:
        raise _refuse(kind, f"{control} {level:g} is beyond the range of {full:g}")


def _steps(kind: TechniqueKind, values: Values, hardware: Hardware) -> Steps:
    control: Control = "current" if kind.stem.startswith("cp") else "voltage"
    name = "Current_step" if control == "current" else "Voltage_step"
    last = int(values["Step_number"][0])
    if kind.stem in ("cp", "ca") and last > CP_LAST_STEP:
        raise _refuse(kind, f"Step_number {last}: at most {CP_LAST_STEP}")
    steps = []
    for index in range(last + 1):
        for needed in (name, "vs_initial", "Duration_step"):
            if index not in values[needed]:
                raise _refuse(kind, f"{needed}[{index}] is missing")
        tests = tuple(_test(kind, values, number, index) for number in (1, 2, 3))
        if tests[0].active and index not in values.get("Exit_Cond", {}):
            raise _refuse(kind, f"Exit_Cond[{index}] is missing")
        steps.append(
            Step(
                values[name][index],
                bool(values["vs_initial"][index]),
                _duration(kind, values["Duration_step"][index], hardware),
                tests if tests[0].active else (),
                Exit(int(values.get("Exit_Cond", {}).get(index, 0))),
            )
        )
    change = values["Record_every_dE" if control == "current" else "Record_every_dI"][0]
    return Steps(
        kind,
        hardware,
        values,
        record_dt=values["Record_every_dT"][0],
        record_change=change,
        control=control,
        steps=tuple(steps),
        cycles=int(values["N_Cycles"][0]),
    )


def _test(kind: TechniqueKind, values: Values, number: int, index: int) -> Test:
    word = int(values.get(f"Test{number}_Config", {}).get(index, 0))
    variable = word >> 5
    if variable > 3 or (word >> 2) & 0b111 > 1:
        raise _refuse(kind, f"Test{number}_Config[{index}] = {word} has bits without a meaning")
    active = bool(word & 1)
    thresholds = values.get(f"Test{number}_Value", {})
    if active and index not in thresholds:
        raise _refuse(kind, f"Test{number}_Value[{index}] is missing")
    return Test(active, "and" if word & 2 else "or", bool(word & 4), variable, thresholds.get(index, 0.0))


def _impedance(kind: TechniqueKind, values: Values, hardware: Hardware) -> Impedance:
    control: Control = "current" if kind.stem == "geis" else "voltage"
    quantity = "Current" if control == "current" else "Voltage"
    level = values[f"Initial_{quantity}_step"][0]
    if _scalar(values, f"Final_{quantity}_step", level) != level:
        raise _refuse(kind, f"Final_{quantity}_step must equal Initial_{quantity}_step")
    relative = values["vs_initial"][0]
    if _scalar(values, "vs_final", relative) != relative:
        raise _refuse(kind, "vs_final must equal vs_initial")
    amplitude = values[f"Amplitude_{quantity}"][0]
    if amplitude <= 0.0:
        raise _refuse(kind, f"Amplitude_{quantity} must be more than zero")
    return Impedance(
        kind,
        hardware,
        values,
        record_dt=values["Record_every_dT"][0],
        record_change=values["Record_every_dE" if control == "current" else "Record_every_dI"][0],
        control=control,
        level=level,
        relative=bool(relative),
        hold=_duration(kind, values["Duration_step"][0], hardware),
        amplitude=amplitude,
        averages=int(values["Average_N_times"][0]),
        wait=values["Wait_for_steady"][0],
        frequencies=_frequencies(values),
    )


def check_amplitude(technique: Impedance, keep: int) -> None:
    """Refuse a galvanostatic sine whose peak is more than half of the current range; see `check_level`."""
    if technique.control == "voltage":
        full = VOLTAGE_RANGES[technique.hardware.voltage_range]
        if technique.amplitude > full * _SLACK:
            raise _refuse(technique.kind, f"amplitude {technique.amplitude:g} V is beyond {full:g} V")
        return
    code = technique.hardware.current_range
    half = 0.5 * current_range(keep if code == RANGE_KEEP else code)
    if technique.amplitude > half * _SLACK:
        raise _refuse(
            technique.kind,
            f"amplitude {technique.amplitude:g} A is more than 50 % of the current range ({half:g} A)",
        )


def _frequencies(values: Values) -> NDArray[np.float64]:
    first, last = values["Initial_frequency"][0], values["Final_frequency"][0]
    number = int(values["Frequency_number"][0])
    if values["sweep"][0]:
        return np.linspace(first, last, number)
    return np.geomspace(first, last, number)


def _loop(kind: TechniqueKind, values: Values, hardware: Hardware, position: int) -> Loop:
    repeats, target = int(values["loop_N_times"][0]), int(values["protocol_number"][0])
    if repeats == 0:
        raise _refuse(kind, "loop_N_times must be 1 or more, or -1 for ever")
    if target >= position:
        raise _refuse(kind, f"protocol_number {target} does not lie before the loop (at {position})")
    return Loop(kind, hardware, values, target=target, repeats=repeats)
