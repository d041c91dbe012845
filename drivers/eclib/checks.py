"""What a technique may ask for, whatever its ranges; refused before anything is loaded."""

import math
from functools import singledispatch

from core.errors import BadInput
from drivers.eclib.encode import MOST_STEPS, longest
from drivers.eclib.ranges import FASTEST_RECORD, HIGHEST_FREQUENCY, LOWEST_FREQUENCY
from drivers.eclib.written import amperes, hertz, volts
from drivers.techniques import (
    ConstantCurrent,
    ConstantVoltage,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Loop,
    OpenCircuit,
    PotentiostaticImpedance,
    Sweep,
    Technique,
)

_MOST_REPEATS = 2**31 - 1


def check_technique(technique: Technique, index: int) -> None:
    """Refuse a technique whose parameters the instrument cannot take.

    Parameters
    ----------
    technique : Technique
    index : int
        Its place in the program, which a loop must not pass.

    Raises
    ------
    BadInput
        Naming value, limit and remedy.
    """
    _check(technique, index)


def check_band(f_max: float, f_min: float) -> None:
    """Refuse frequencies that the instrument does not reach, or a band that runs upwards.

    Raises
    ------
    BadInput
    """
    for frequency in (f_max, f_min):
        if not LOWEST_FREQUENCY <= frequency <= HIGHEST_FREQUENCY:
            raise BadInput(
                f"The frequency of {hertz(frequency)} is beyond the instrument.",
                f"Use {hertz(LOWEST_FREQUENCY)} to {hertz(HIGHEST_FREQUENCY)}.",
            )
    if f_min > f_max:
        raise BadInput(
            f"The lowest frequency, {hertz(f_min)}, is above the highest, {hertz(f_max)}.", "Swap the two."
        )


@singledispatch
def _check(technique: Technique, index: int) -> None:
    raise BadInput(f"The potentiostat does not know the technique {type(technique).__name__}.")


@_check.register
def _(technique: OpenCircuit, index: int) -> None:
    _check_duration(technique.duration, longest("ocv"), "rest")
    _check_record(technique.record_every)


@_check.register
def _(technique: ConstantCurrent, index: int) -> None:
    _finite("current", technique.current, "A")
    _check_duration(technique.duration, longest("cp") * MOST_STEPS["cp"], "constant current")
    _check_record(technique.record_every)


@_check.register
def _(technique: LimitedConstantCurrent, index: int) -> None:
    _finite("current", technique.current, "A")
    _finite("upper voltage limit", technique.e_max, "V")
    _finite("lower voltage limit", technique.e_min, "V")
    if technique.e_min >= technique.e_max:
        raise BadInput(
            f"The lower voltage limit of {volts(technique.e_min)} is not below the upper one.",
            f"Give a limit below {volts(technique.e_max)}.",
        )
    _check_duration(technique.duration, longest("cplimit") * MOST_STEPS["cplimit"], "constant current")
    _check_record(technique.record_every)


@_check.register
def _(technique: ConstantVoltage, index: int) -> None:
    _finite("voltage", technique.voltage, "V")
    _positive("current limit", technique.current_limit, "A")
    _check_duration(technique.duration, longest("ca") * MOST_STEPS["ca"], "constant voltage")
    _check_record(technique.record_every)


@_check.register
def _(technique: PotentiostaticImpedance, index: int) -> None:
    _finite("voltage", technique.voltage, "V")
    _positive("voltage amplitude", technique.amplitude, "V")
    _positive("current limit", technique.current_limit, "A")
    _check_hold(technique.hold, "peis")
    _check_sweep(technique.sweep)


@_check.register
def _(technique: GalvanostaticImpedance, index: int) -> None:
    _finite("current", technique.current, "A")
    _positive("current amplitude", technique.amplitude, "A")
    _check_hold(technique.hold, "geis")
    _check_sweep(technique.sweep)


@_check.register
def _(technique: Loop, index: int) -> None:
    if not 0 <= technique.to < index:
        raise BadInput(
            f"Technique {index} of the program loops to technique {technique.to}.",
            "Put the loop after the techniques that it repeats.",
        )
    if not 0 <= technique.repeats <= _MOST_REPEATS:
        raise BadInput(
            f"A loop cannot be repeated {technique.repeats} times.",
            f"Use 0 to {_MOST_REPEATS}: an endless loop would drive an empty interface if the computer died.",
        )


def _check_sweep(sweep: Sweep) -> None:
    check_band(sweep.f_max, sweep.f_min)
    if sweep.points < 1 or sweep.averages < 1:
        raise BadInput(
            f"A sweep of {sweep.points} points and {sweep.averages} averages is none.",
            "Use at least 1 of each.",
        )
    _not_negative("wait before each frequency", sweep.wait, "periods")


def _check_duration(duration: float, limit: float, what: str) -> None:
    _positive(f"duration of the {what}", duration, "s")
    if duration > limit:
        raise BadInput(
            f"The instrument cannot hold a {what} for {duration:g} s; it counts to {limit:.0f} s.",
            "Split it into several shorter ones.",
        )


def _check_hold(hold: float, stem: str) -> None:
    _not_negative("hold before the sweep", hold, "s")
    if hold > longest(stem):
        raise BadInput(
            f"The instrument cannot hold for {hold:g} s before a sweep; it counts to {longest(stem):.0f} s.",
            "Use a shorter hold.",
        )


def _check_record(interval: float) -> None:
    if not (math.isfinite(interval) and interval >= FASTEST_RECORD):
        raise BadInput(
            f"Recording every {interval:g} s fills the channel's memory faster than it is read.",
            f"Record every {FASTEST_RECORD:g} s or less often.",
        )


def _finite(what: str, value: float, unit: str) -> None:
    if not math.isfinite(value):
        raise BadInput(f"The {what} of {value} {unit} is not finite.", "Give a number.")


def _positive(what: str, value: float, unit: str) -> None:
    _finite(what, value, unit)
    if value <= 0:
        shown = amperes(value) if unit == "A" else f"{value:g} {unit}"
        raise BadInput(f"The {what} of {shown} is not positive.", "Give a value above 0.")


def _not_negative(what: str, value: float, unit: str) -> None:
    _finite(what, value, unit)
    if value < 0:
        raise BadInput(f"The {what} of {value:g} {unit} is negative.", "Give 0 or more.")
