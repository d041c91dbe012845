"""Gauges besides the plain reading: streaming, an analogue voltage, entry by hand."""

import math
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cell import Cell
from core.clock import RealClock, VirtualClock
from core.errors import BadInput, InstrumentError
from core.files import GaugeFile
from drivers.analogue_gauge import AnalogueGauge
from drivers.bench import Doubles, connect, connect_gauge, parse_bench_file
from drivers.force_reading import ForceReading
from drivers.force_stream import ForceStream
from drivers.manual_gauge import ManualGauge
from drivers.mark10 import Mark10Gauge
from drivers.voltage_input import ScpiVoltmeter, parse_voltage
from simulators.bench import SimulatedBench
from simulators.gauge import SimulatedGauge
from simulators.press import PressParameters, SimulatedPress
from simulators.server import Fault
from simulators.voltmeter import SimulatedVoltmeter

TRUE = PressParameters(gauge_zero="0 N", gauge_noise="0 N", relaxation=0.0, initial_force="200 N")
CALIBRATION = ({"voltage": "0.5 V", "force": "0 N"}, {"voltage": "10.5 V", "force": "20 kN"})
SHORT = 0.5


class Hand(VirtualClock):
    """A clock whose time is set by hand."""

    time = 0.0

    def now(self):
        return self.time


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def press():
    return SimulatedPress(TRUE)


# --- streaming -----------------------------------------------------------------------------------


@pytest.fixture
def streaming(press):
    """A gauge's double on the real clock, since it streams in wall time, and its driver."""
    clock = RealClock()
    double = SimulatedGauge(clock, press)
    double.start()
    driver = Mark10Gauge(GaugeFile(backend="simulated", address=double.address), timeout=SHORT)
    yield driver, double, clock
    driver.close()
    double.close()


def let_pass(stream, readings):
    """Wait, without looking at any of them, until so many more readings have come."""
    enough = stream.received + readings
    with stream._news:
        assert stream._news.wait_for(lambda: stream.received >= enough, 20.0)


def test_a_stream_brings_the_newest_reading_however_long_nobody_looked(streaming, press):
    mark10, _, clock = streaming
    with mark10.stream(0.1) as stream:
        assert next(stream).force == 200.0
        press.set_travel(clock.now(), press.travel_for(700.0))
        let_pass(stream, 6)
        # Had the line not been drained, the readings of before would come first.
        assert next(stream).force == 700.0
        assert stream.skipped >= 5
        assert mark10.read().force == 700.0
        assert stream.peak == 700.0
    assert mark10.identify().details["settings"]
    assert mark10.wire.settings[5] == "AOUT00"
    assert mark10.read().force == 700.0


def test_iterating_gives_each_reading_once_and_ends_with_the_stream(streaming):
    mark10, *_ = streaming
    stream = mark10.stream(0.1)
    taken = []
    for reading in stream:
        taken.append(reading)
        if len(taken) == 3:
            stream.close()
    assert [each.force for each in taken] == [200.0] * 3
    assert stream.received >= 3
    stream.close()
    assert not stream.running


def test_tare_and_peak_wait_for_the_end_of_the_stream(streaming):
    mark10, *_ = streaming
    with mark10.stream():
        for refused in (mark10.zero, mark10.peak, mark10.clear_peak, mark10.stream):
            with pytest.raises(InstrumentError, match=r"is streaming.*End its stream"):
                refused()
    assert mark10.peak().force == 200.0
    mark10.zero()
    assert mark10.read().force == 0.0


def test_a_gauge_whose_display_holds_a_peak_streams_the_live_force(streaming, press):
    mark10, double, clock = streaming
    double._answer("PC")
    press.set_travel(clock.now(), press.travel_for(50.0))
    with mark10.stream(0.1) as stream:
        assert next(stream).force == 50.0


def test_a_stream_that_falls_silent_is_an_error_and_reading_finds_a_way_back(streaming):
    mark10, double, _ = streaming
    stream = mark10.stream(0.1)
    next(stream)
    double.server.stream(0.0, str)
    with pytest.raises(InstrumentError, match="has stopped"):
        for _ in stream:
            pass
    assert not stream.running
    assert mark10.read().force == 200.0
    with mark10.stream(0.1) as again:
        assert next(again).force == 200.0


def test_closing_the_gauge_ends_its_stream(streaming):
    mark10, double, _ = streaming
    mark10.stream(0.1)
    mark10.close()
    assert double._stream == 0
    assert not any(thread.name == "force stream" for thread in threading.enumerate())


@pytest.mark.parametrize(("interval", "steps"), [(0.01, 1), (0.1, 1), (0.2, 2), (0.5, 4), (60.0, 8)])
def test_the_interval_is_kept_or_bettered(streaming, interval, steps):
    mark10, double, _ = streaming
    mark10.wire.stream_every(interval)
    mark10.wire.streamed()
    assert double._stream == steps
    mark10.wire.silence()


@pytest.mark.parametrize("interval", [0.0, -1.0, math.nan])
def test_an_interval_that_is_none_is_refused(streaming, interval):
    with pytest.raises(InstrumentError, match="interval above 0"):
        streaming[0].stream(interval)


def test_one_unreadable_line_is_passed_over_but_not_three():
    lines = iter([1, 0, 1, 0, 0, 0])

    def receive():
        if not next(lines):
            raise InstrumentError("garbage")
        return ForceReading(1.0, 0.1, "1.0 N")

    stream = ForceStream(lambda: None, receive, lambda: None)
    stream._thread.join()
    assert stream.received == 2
    with pytest.raises(InstrumentError, match="garbage"):
        stream.latest()
    stream.close()


# --- analogue ------------------------------------------------------------------------------------


@pytest.fixture
def voltmeter(clock, press):
    settings = GaugeFile(backend="simulated", calibration=CALIBRATION)
    meter = SimulatedVoltmeter(clock, press.force, settings)
    meter.start()
    yield meter
    meter.close()


@pytest.fixture
def analogue(voltmeter):
    settings = GaugeFile(backend="simulated", address=voltmeter.address, calibration=CALIBRATION)
    gauge = AnalogueGauge(settings, ScpiVoltmeter(voltmeter.address, timeout=SHORT))
    yield gauge
    gauge.close()


def test_force_from_a_voltage_by_two_points(analogue, voltmeter, press):
    assert voltmeter.voltage(0.0) == pytest.approx(0.6)
    reading = analogue.read()
    assert reading.force == pytest.approx(200.0)
    assert reading.text == "+6.00000000E-01 V"
    assert reading.resolution == pytest.approx(2000.0 * 1e-9)
    assert not reading.overload
    press.set_travel(0.0, press.travel_for(20e3))
    assert analogue.read().overload
    assert analogue.uncertainty == 20.0
    assert "SIMULATED" in analogue.identify().model


def test_tare_and_peak_of_an_analogue_gauge(analogue, press):
    press.set_travel(0.0, press.travel_for(500.0))
    assert analogue.read().force == pytest.approx(500.0)
    press.set_travel(0.0, press.travel_for(300.0))
    assert analogue.peak().force == pytest.approx(500.0)
    analogue.zero()
    assert analogue.read().force == pytest.approx(0.0, abs=1e-3)
    assert analogue.peak().force == pytest.approx(0.0, abs=1e-3)
    press.set_travel(0.0, press.travel_for(19_990.0))
    reading = analogue.read()
    assert reading.force == pytest.approx(19_690.0)
    assert not reading.overload
    press.set_travel(0.0, press.travel_for(20_100.0))
    assert analogue.read().overload


def test_a_moving_load_cannot_be_tared(clock):
    class Rising:
        volts = 0.5

        def read(self):
            self.volts += 0.1
            return parse_voltage(f"{self.volts:.4f}", "the meter")

    gauge = AnalogueGauge(GaugeFile(backend="simulated", calibration=CALIBRATION), Rising())
    with pytest.raises(InstrumentError, match="tared but still shows"):
        gauge.zero()


@pytest.mark.parametrize("kind", ["silence", "drop", "delay", "split"])
def test_an_analogue_gauge_survives_a_fault(analogue, voltmeter, kind):
    voltmeter.inject(Fault(kind, SHORT * 1.2 if kind == "delay" else 0.02))
    assert analogue.read().force == pytest.approx(200.0)


def test_beyond_its_range_the_voltmeter_gives_no_force(analogue, press):
    press.set_travel(0.0, press.travel_for(25e3))
    with pytest.raises(InstrumentError, match="beyond its range"):
        analogue.read()


@pytest.mark.parametrize("reply", ["", "volts", "1,5", "nan", "inf", "+9.9E+37", "-9.90000000E+37", "0x10"])
def test_what_is_no_voltage_is_refused(reply):
    with pytest.raises(InstrumentError, match=r"no voltage|beyond its range") as caught:
        parse_voltage(reply, "The meter at COM3")
    assert "COM3" in str(caught.value)
    assert caught.value.remedy


@given(st.floats(-1e3, 1e3), st.integers(0, 9))
def test_a_written_voltage_is_read_within_its_last_digit(volts, digits):
    reading = parse_voltage(f"{volts:+.{digits}E}", "the meter")
    assert abs(reading.voltage - volts) <= 0.51 * reading.resolution


@given(st.text(st.characters(max_codepoint=255)))
def test_any_reply_is_a_finite_voltage_or_an_instrument_error(reply):
    try:
        reading = parse_voltage(reply, "the meter")
    except InstrumentError:
        return
    assert math.isfinite(reading.voltage)
    assert reading.resolution > 0


@pytest.mark.parametrize(
    ("calibration", "words"),
    [
        (None, "calibration is missing"),
        ([{"voltage": "1 V", "force": "0 N"}, {"voltage": "1 V", "force": "20 kN"}], "make no line"),
        ([{"voltage": "1 V", "force": "5 N"}, {"voltage": "2 V", "force": "5 N"}], "make no line"),
    ],
)
def test_a_calibration_that_is_none_is_refused_with_the_bench_file(calibration, words):
    points = ""
    if calibration:
        rows = ", ".join(f'{{ voltage = "{p["voltage"]}", force = "{p["force"]}" }}' for p in calibration)
        points = f"calibration = [{rows}]"
    text = (
        'name = "b"\n[potentiostat]\nbackend = "simulated"\n'
        f'[gauge]\nbackend = "simulated"\nmodel = "analogue"\n{points}\n'
    )
    with pytest.raises(BadInput, match=words) as caught:
        parse_bench_file(text, "b")
    assert "voltage =" in caught.value.remedy


def test_a_simulated_bench_has_a_voltmeter_for_an_analogue_gauge(clock):
    text = (
        'name = "b"\n[potentiostat]\nbackend = "simulated"\n[gauge]\nbackend = "simulated"\n'
        'model = "analogue"\naccuracy = "0.5 %"\n'
        'calibration = [{ voltage = "0 V", force = "0 N" }, { voltage = "10 V", force = "20 kN" }]\n'
        '[simulation.press]\ninitial_force = "800 N"\ngauge_zero = "0 N"\n'
    )
    file = parse_bench_file(text, "b")
    cell = Cell.model_validate({"name": "c", "anode": "Li", "electrode_diameter": "6 mm"})
    simulated = SimulatedBench(file, cell, clock)
    simulated.start()
    bench = connect(file, Doubles(simulated.library, gauge=simulated.gauge_address))
    try:
        assert bench.gauge.read().force == pytest.approx(800.0, abs=3.0)
        assert bench.gauge.uncertainty == 100.0
    finally:
        bench.close()
        simulated.close()


# --- by hand -------------------------------------------------------------------------------------


@pytest.fixture
def manual(clock):
    return ManualGauge(GaugeFile(backend="hardware", model="manual", accuracy="1 %"), clock.now)


def test_a_display_is_entered_and_grows_old(manual, clock):
    with pytest.raises(InstrumentError, match=r"No force has been entered.*enter the force"):
        manual.read()
    assert manual.age == math.inf
    clock.time = 100.0
    manual.enter(405.8)
    clock.time = 190.0
    reading = manual.read()
    assert (reading.force, reading.overload, manual.age) == (405.8, False, 90.0)
    assert reading.text == "405.8 N, entered 90 s ago"
    assert reading.resolution == manual.uncertainty == 200.0
    manual.enter(20_500.0)
    assert manual.read().overload


def test_the_peak_is_the_largest_entry(manual):
    with pytest.raises(InstrumentError, match="since the peak was cleared"):
        manual.peak()
    for newtons in (100.0, 300.0, 200.0):
        manual.enter(newtons)
    assert manual.peak().force == 300.0
    manual.clear_peak()
    manual.enter(50.0)
    assert manual.peak().force == 50.0


@pytest.mark.parametrize("newtons", [math.nan, math.inf, 40_001.0, -40_001.0])
def test_what_no_gauge_can_show_is_not_entered(manual, newtons):
    with pytest.raises(BadInput, match="enter the force again"):
        manual.enter(newtons)
    assert manual.age == math.inf


def test_only_the_gauge_itself_can_be_tared(manual):
    with pytest.raises(InstrumentError, match="at its keys"):
        manual.zero()
    with pytest.raises(InstrumentError, match="does not stream"):
        manual.stream()


@pytest.mark.parametrize("backend", ["hardware", "simulated"])
def test_a_manual_gauge_needs_no_address_and_counts_by_the_clock_it_is_given(backend, clock):
    text = (
        'name = "b"\n[potentiostat]\nbackend = "simulated"\n'
        f'[gauge]\nbackend = "{backend}"\nmodel = "manual"\n'
    )
    gauge = connect_gauge(parse_bench_file(text, "b"), Doubles(), clock.now)
    gauge.enter(100.0)
    clock.time = 7.0
    assert gauge.age == 7.0
    assert gauge.identify().details["protocol"] == "manual entry"
    gauge.close()


def test_the_uncertainty_counts_on_the_full_scale():
    assert GaugeFile(backend="hardware").uncertainty == 20.0
    assert GaugeFile(backend="hardware", full_scale="5 kN", accuracy="0.02 %").uncertainty == pytest.approx(
        1.0
    )
