"""Rows from hand-built words; anything that is not in the table is refused."""

import cmath
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InstrumentError
from drivers.potentiostat import Samples, SweepPoints
from drivers.techniques import (
    ConstantCurrent,
    ConstantVoltage,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    OpenCircuit,
    PotentiostaticImpedance,
    Sweep,
)

SWEEP = Sweep(1e6, 1.0, 10)
PROGRAM = [
    OpenCircuit(10.0),
    ConstantCurrent(1e-5, 10.0),
    LimitedConstantCurrent(1e-5, 1.0, 2.0, -2.0),
    PotentiostaticImpedance(SWEEP, 0.01),
    GalvanostaticImpedance(SWEEP, 1e-6, 1e-5),
    ConstantVoltage(0.05, 10.0),
]


@pytest.fixture
def received(pstat, library):
    pstat.start(PROGRAM, 2.0)

    def receive(reply):
        library.replies.append(reply)
        (rows,) = pstat.poll().rows
        return rows

    return receive


def test_open_circuit_rows(received, wire):
    rows = [[0, 50_000, wire.word(0.1)], [0, 100_000, wire.word(0.125)]]
    samples = received(wire.batch(rows, technique=100, process=0, base=20e-6, start=7.5))
    assert isinstance(samples, Samples)
    assert samples.technique == 0
    np.testing.assert_allclose(samples.time, [8.5, 9.5], rtol=1e-6)
    np.testing.assert_array_equal(samples.voltage, np.array([0.1, 0.125], np.float32))
    np.testing.assert_array_equal(samples.current, [0.0, 0.0])


@pytest.mark.parametrize(("technique", "index"), [(102, 1), (155, 2), (101, 5)])
def test_constant_current_rows(received, wire, technique, index):
    rows = [[1, 2, wire.word(0.5), wire.word(-1e-5), 3]]
    samples = received(
        wire.batch(rows, technique=technique, process=0, index=index, loop=4, base=34e-6, start=1.0)
    )
    assert (samples.technique, samples.pass_number) == (index, 4)
    assert samples.time[0] == pytest.approx(1.0 + 34e-6 * (2**32 + 2), rel=1e-7)
    assert samples.current[0] == np.float32(-1e-5)


@pytest.mark.parametrize(("technique", "index"), [(104, 3), (107, 4)])
def test_rows_of_the_hold_before_a_sweep(received, wire, technique, index):
    rows = [[0, 10, wire.word(0.5), wire.word(1e-5)]]
    samples = received(wire.batch(rows, technique=technique, process=0, index=index))
    assert isinstance(samples, Samples)
    assert samples.voltage[0] == 0.5


@pytest.mark.parametrize(("technique", "index"), [(104, 3), (107, 4)])
def test_sweep_rows(received, wire, technique, index):
    rows = [wire.sweep_row(1e6, 0.25, z=120 - 80j), wire.sweep_row(1e5, 0.5, z=200 - 10j)]
    points = received(wire.batch(rows, technique=technique, index=index, loop=2))
    assert isinstance(points, SweepPoints)
    assert (points.technique, points.pass_number) == (index, 2)
    impedance = points.voltage_amplitude / points.current_amplitude * np.exp(1j * points.phase)
    np.testing.assert_allclose(impedance, [120 - 80j, 200 - 10j], rtol=1e-6)
    assert points.phase[0] == pytest.approx(cmath.phase(120 - 80j))
    np.testing.assert_array_equal(points.frequency, [1e6, 1e5])
    np.testing.assert_array_equal(points.time, [0.25, 0.5])
    np.testing.assert_allclose(points.voltage, 0.2, rtol=1e-6)
    np.testing.assert_allclose(points.current, 1e-5, rtol=1e-6)


def test_a_full_buffer(received, wire):
    points = received(wire.batch([wire.sweep_row(10.0, t) for t in range(71)], index=4))
    np.testing.assert_array_equal(points.time, np.arange(71.0))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cols": 15}, "must have 14 columns"),
        ({"cols": 4}, "must have 14 columns"),
        ({"technique": 103}, "no such rows"),
        ({"process": 2}, "no such rows"),
        ({"technique": 104}, "another technique there"),
        ({"index": 9}, "another technique there"),
        ({"index": -1}, "another technique there"),
        ({"count": 72}, "at most 71 rows"),
        ({"count": -3}, "at most 71 rows"),
    ],
)
def test_rows_that_do_not_fit_are_refused_never_realigned(pstat, library, wire, change, words):
    pstat.start(PROGRAM, 2.0)
    library.replies.append(wire.batch([wire.sweep_row(1e6, 0.25)], **{"index": 4, **change}))
    with pytest.raises(InstrumentError, match=words):
        pstat.poll()


@pytest.mark.parametrize(
    ("times", "expected", "seen"),
    [
        ([100.5, 101.0], [100.5, 101.0], "channel start"),
        ([0.5, 1.0], [100.5, 101.0], "technique start"),
    ],
)
def test_both_conventions_of_sweep_times_are_met(received, pstat, wire, times, expected, seen):
    assert pstat.identify().details["sweep times count from"] == "not seen yet"
    rows = [wire.sweep_row(10.0, t) for t in times]
    points = received(wire.batch(rows, index=4, start=100.0))
    np.testing.assert_array_equal(points.time, expected)
    assert pstat.identify().details["sweep times count from"] == seen


def test_a_relative_time_stays_relative_once_seen(received, wire):
    received(wire.batch([wire.sweep_row(10.0, 0.5)], index=4, start=20.0))
    points = received(wire.batch([wire.sweep_row(1.0, 25.0)], index=4, start=20.0))
    assert points.time[0] == 45.0


def test_a_missing_time_base_is_asked_for(received, library, wire):
    library.now = wire.look(base=20e-6)
    samples = received(wire.batch([[0, 50_000, wire.word(0.1)]], technique=100, process=0, base=0.0))
    assert samples.time[0] == pytest.approx(1.0, rel=1e-6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.tuples(st.floats(width=32, allow_nan=False), st.floats(width=32, allow_nan=False)),
        min_size=1,
        max_size=200,
    ),
    ticks=st.integers(0, 2**40),
)
def test_every_float_comes_through_unchanged(received, wire, values, ticks):
    rows = [[ticks >> 32, ticks & 0xFFFFFFFF, wire.word(e), wire.word(i), 0] for e, i in values]
    samples = received(wire.batch(rows, technique=102, process=0, index=1, base=2.0**-16))
    assert samples.voltage.tolist() == [e for e, _ in values]
    assert samples.current.tolist() == [i for _, i in values]
    assert samples.time[0] == ticks * 2.0**-16


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.lists(st.integers(-2, 160) | st.integers(-(2**31), 2**31 - 1), min_size=7, max_size=7),
    body=st.binary(min_size=64, max_size=64),
)
def test_garbage_is_an_instrument_error_or_rows_of_the_right_shape(pstat, library, wire, head, body):
    pstat.start(PROGRAM, 2.0)
    infos = struct.pack("<7idi", *head, 0.0, -1)
    library.replies.append((infos, (body * 63)[:4000], wire.look()))
    try:
        poll = pstat.poll()
    except InstrumentError:
        return
    assert all(len(rows.time) == head[1] for rows in poll.rows)
