"""Parameter lists as bytes: label, type, raw bits and index of every entry."""

import ctypes
import math
import struct

import pytest

from drivers.eclib.encode import boolean, encode, integer, limit_test, single
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

SWEEP = Sweep(7e6, 1.0, 69, averages=2, wait=0.1)
PARAM = struct.Struct("<64siIi")
INT, BOOL, SINGLE = 0, 1, 2


def bits(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


def decoded(technique, current=1e-4, voltage=5.0, bandwidth=8):
    encoded = encode(PlannedTechnique(technique, current, voltage, 1.0), bandwidth)
    array = encoded.as_array()
    assert ctypes.sizeof(array) == 4 + ctypes.sizeof(ctypes.c_void_p)
    raw = ctypes.string_at(array.pParams, 76 * array.len)
    entries = {}
    for label, kind, value, index in PARAM.iter_unpack(raw):
        entries[label.rstrip(b"\0").decode(), index] = (kind, value)
    assert len(entries) == array.len, "a label occurs twice"
    return encoded.stem, entries


def hardware(current=6):
    ranges = {("E_Range", 0): (INT, 1), ("Bandwidth", 0): (INT, 8)}
    return ranges if current is None else {**ranges, ("I_Range", 0): (INT, current)}


def test_one_entry_byte_for_byte():
    assert bytes(integer("Step_number", -1, 2)) == b"Step_number".ljust(64, b"\0") + struct.pack(
        "<iii", 0, -1, 2
    )
    assert bytes(boolean("sweep", True)) == b"sweep".ljust(64, b"\0") + struct.pack("<iii", 1, 1, 0)
    assert bytes(single("I", -0.5, 3)) == b"I".ljust(64, b"\0") + struct.pack("<ifi", 2, -0.5, 3)


def test_a_label_needs_room_for_its_end():
    integer("x" * 63, 0)
    with pytest.raises(ValueError, match="longer"):
        integer("x" * 64, 0)


@pytest.mark.parametrize(("at_least", "expected"), [(True, 5), (False, 1)])
def test_limit_words(at_least, expected):
    assert limit_test(at_least) == expected


def test_open_circuit():
    stem, entries = decoded(OpenCircuit(60.0, 0.5), current=math.nan)
    assert stem == "ocv"
    assert entries[("Rest_time_T", 0)] == (SINGLE, bits(60.0))
    assert entries[("Record_every_dT", 0)] == (SINGLE, bits(0.5))
    assert entries[("Record_every_dE", 0)][0] == SINGLE
    assert hardware(None).items() <= entries.items()
    assert ("I_Range", 0) not in entries


def test_constant_current():
    stem, entries = decoded(ConstantCurrent(-2e-5, 100.0, 2.0))
    assert stem == "cp"
    assert entries[("Current_step", 0)] == (SINGLE, bits(-2e-5))
    assert entries[("vs_initial", 0)] == (BOOL, 0)
    assert entries[("Duration_step", 0)] == (SINGLE, bits(100.0))
    assert entries[("Step_number", 0)] == (INT, 0)
    assert entries[("N_Cycles", 0)] == (INT, 0)
    assert entries[("Record_every_dT", 0)] == (SINGLE, bits(2.0))
    assert hardware().items() <= entries.items()


def test_a_long_constant_current_is_cut_into_equal_steps():
    _, entries = decoded(ConstantCurrent(1e-5, 100_000.0))
    steps = sorted(index for label, index in entries if label == "Duration_step")
    assert steps == [0, 1, 2]
    assert entries[("Step_number", 0)] == (INT, 2)
    durations = [struct.unpack("<f", struct.pack("<I", entries[("Duration_step", s)][1]))[0] for s in steps]
    assert sum(durations) == pytest.approx(100_000.0, rel=1e-6)
    assert max(durations) < 21e-6 * 2**31


@pytest.mark.parametrize("versus", [True, False])
def test_constant_voltage(versus):
    stem, entries = decoded(ConstantVoltage(0.05, 100.0, 2.0, versus))
    assert stem == "ca"
    expected = {
        ("Voltage_step", 0): (SINGLE, bits(0.05)),
        ("vs_initial", 0): (BOOL, int(versus)),
        ("Duration_step", 0): (SINGLE, bits(100.0)),
        ("Step_number", 0): (INT, 0),
        ("N_Cycles", 0): (INT, 0),
        ("Record_every_dT", 0): (SINGLE, bits(2.0)),
        **hardware(),
    }
    assert expected.items() <= entries.items()
    assert set(entries) == set(expected) | {("Record_every_dI", 0)}


@pytest.mark.parametrize("versus", [True, False])
def test_a_long_constant_voltage_adds_to_the_open_circuit_once(versus):
    _, entries = decoded(ConstantVoltage(0.05, 100_000.0, versus_open_circuit=versus))
    onward = 0.0 if versus else 0.05
    assert [entries[("Voltage_step", s)][1] for s in range(3)] == [bits(0.05), bits(onward), bits(onward)]
    assert [entries[("vs_initial", s)][1] for s in range(3)] == [int(versus)] * 3
    assert entries[("Step_number", 0)] == (INT, 2)


@pytest.mark.parametrize(("on_limit", "leave"), [("stop", 2), ("next", 1)])
def test_limited_constant_current_tests_both_directions(on_limit, leave):
    stem, entries = decoded(LimitedConstantCurrent(1e-5, 0.5, 2.1, -2.2, on_limit))
    assert stem == "cplimit"
    expected = {
        ("Test1_Config", 0): (INT, 5),
        ("Test1_Value", 0): (SINGLE, bits(2.1)),
        ("Test2_Config", 0): (INT, 1),
        ("Test2_Value", 0): (SINGLE, bits(-2.2)),
        ("Test3_Config", 0): (INT, 0),
        ("Test3_Value", 0): (SINGLE, bits(0.0)),
        ("Exit_Cond", 0): (INT, leave),
        ("Current_step", 0): (SINGLE, bits(1e-5)),
        ("Step_number", 0): (INT, 0),
    }
    assert expected.items() <= entries.items()


def test_galvanostatic_impedance():
    stem, entries = decoded(GalvanostaticImpedance(SWEEP, 1e-6, 1e-5, hold=0.5))
    assert stem == "geis"
    expected = {
        ("vs_initial", 0): (BOOL, 0),
        ("vs_final", 0): (BOOL, 0),
        ("Initial_Current_step", 0): (SINGLE, bits(1e-5)),
        ("Final_Current_step", 0): (SINGLE, bits(1e-5)),
        ("Amplitude_Current", 0): (SINGLE, bits(1e-6)),
        ("Duration_step", 0): (SINGLE, bits(0.5)),
        ("Step_number", 0): (INT, 0),
        ("Initial_frequency", 0): (SINGLE, bits(7e6)),
        ("Final_frequency", 0): (SINGLE, bits(1.0)),
        ("sweep", 0): (BOOL, 0),
        ("Frequency_number", 0): (INT, 69),
        ("Average_N_times", 0): (INT, 2),
        ("Correction", 0): (BOOL, 0),
        ("Wait_for_steady", 0): (SINGLE, bits(0.1)),
        **hardware(),
    }
    records = {("Record_every_dT", 0), ("Record_every_dE", 0)}
    assert expected.items() <= entries.items()
    assert set(entries) == set(expected) | records


@pytest.mark.parametrize("versus", [True, False])
def test_potentiostatic_impedance(versus):
    stem, entries = decoded(PotentiostaticImpedance(SWEEP, 0.01, 0.2, versus))
    assert stem == "peis"
    expected = {
        ("vs_initial", 0): (BOOL, int(versus)),
        ("vs_final", 0): (BOOL, int(versus)),
        ("Initial_Voltage_step", 0): (SINGLE, bits(0.2)),
        ("Final_Voltage_step", 0): (SINGLE, bits(0.2)),
        ("Amplitude_Voltage", 0): (SINGLE, bits(0.01)),
        ("Duration_step", 0): (SINGLE, bits(0.0)),
        **hardware(),
    }
    assert expected.items() <= entries.items()
    assert ("Record_every_dI", 0) in entries
    assert ("Amplitude_Current", 0) not in entries


def test_loop_counts_techniques_from_zero():
    stem, entries = decoded(Loop(0, 41))
    assert stem == "loop"
    assert entries == {("loop_N_times", 0): (INT, 41), ("protocol_number", 0): (INT, 0)}


@pytest.mark.parametrize(
    ("scale", "number"), [(1e-6, 4), (1e-5, 5), (1e-4, 6), (1e-3, 7), (1.0, 10), (1e-12, 14)]
)
def test_current_range_numbers(scale, number):
    _, entries = decoded(ConstantCurrent(0.0, 1.0), current=scale)
    assert entries[("I_Range", 0)] == (INT, number)


@pytest.mark.parametrize(("scale", "number"), [(2.5, 0), (5.0, 1), (10.0, 2)])
def test_voltage_range_numbers(scale, number):
    _, entries = decoded(OpenCircuit(1.0), voltage=scale)
    assert entries[("E_Range", 0)] == (INT, number)
