import sys
import threading

import pytest

from core.clock import RealClock, VirtualClock
from core.errors import InstrumentError
from core.files import ChamberFile, GaugeFile
from drivers.mark10 import Mark10Gauge
from drivers.weiss_simserv import WeissChamber
from simulators.chamber import SimulatedChamber
from simulators.chamber_model import ChamberParameters
from simulators.gauge import SimulatedGauge
from simulators.press import PressParameters, SimulatedPress
from simulators.server import Fault

SHORT = 0.3


@pytest.fixture
def clock():
    return RealClock()


@pytest.fixture
def double(clock):
    chamber = SimulatedChamber(clock, ChamberParameters(noise="0 K"))
    chamber.start()
    yield chamber
    chamber.close()


@pytest.fixture
def weiss(double):
    chamber = WeissChamber(ChamberFile(backend="simulated", address=double.address), timeout=SHORT)
    yield chamber
    chamber.close()


@pytest.fixture
def press():
    return SimulatedPress(PressParameters(gauge_noise="0.1 N", gauge_zero="5 N", initial_force="200 N"))


@pytest.fixture
def gauge(clock, press):
    gauge = SimulatedGauge(clock, press)
    gauge.start()
    yield gauge
    gauge.close()


@pytest.fixture
def mark10(gauge):
    driver = Mark10Gauge(GaugeFile(backend="simulated", address=gauge.address), timeout=SHORT)
    yield driver
    driver.close()


def test_identity_says_simulated(weiss):
    identity = weiss.identify()
    assert identity.model.startswith("SIMULATED")
    assert identity.details["set-point limits"] == "-40 to 180 °C"
    assert identity.details["visa"]


def test_a_run_of_the_chamber(weiss, double):
    assert weiss.limits() == pytest.approx((233.15, 453.15))
    assert weiss.temperature() == pytest.approx(298.15, abs=0.01)
    weiss.set_temperature(313.15)
    weiss.start()
    state = weiss.read()
    assert (state.running, state.target) == (True, pytest.approx(313.15))
    assert state.setpoint == pytest.approx(313.15)
    weiss.switch("Air dryer", True)
    assert weiss.switched("dryer")
    double.raise_message(3)
    assert weiss.read().warnings == ("Door open",)
    double.raise_message(4)
    assert weiss.read().alarms == ("Over-temperature protection",)
    weiss.acknowledge()
    weiss.stop()
    assert not weiss.read().running


def test_a_ramp_keeps_its_target(weiss):
    weiss.set_gradients(1.0 / 60.0, 1.0 / 60.0)
    weiss.start()
    weiss.set_temperature(333.15)
    state = weiss.read()
    assert state.target == pytest.approx(333.15)
    assert state.setpoint == pytest.approx(298.15, abs=0.1)
    weiss.set_gradients(0.0, 0.0)
    weiss.set_temperature(333.15)
    assert weiss.read().setpoint == pytest.approx(333.15)


def test_a_late_reply_is_never_taken_for_the_next_answer(weiss, double):
    weiss.set_temperature(333.15)
    for _ in range(3):
        double.inject(Fault("delay", SHORT * 1.2))
        assert weiss.temperature() == pytest.approx(298.15, abs=0.2)
        assert weiss.wire.setpoint == 60.0


@pytest.mark.parametrize("kind", ["silence", "drop", "split"])
def test_a_read_survives_a_fault(weiss, double, kind):
    double.inject(Fault(kind, 0.05))
    assert weiss.temperature() == pytest.approx(298.15, abs=0.01)


@pytest.mark.parametrize("kind", ["silence", "drop"])
def test_a_write_survives_a_lost_acknowledgement(weiss, double, clock, kind):
    weiss.set_temperature(300.15)
    double.inject(Fault("split", 0.05))
    double.inject(Fault(kind))
    weiss.set_temperature(313.15)
    assert double.model.target == pytest.approx(313.15)
    double.inject(Fault(kind))
    weiss.start()
    assert double.model.running(clock.now())


def test_garbage_is_quoted_and_the_next_reading_is_right(weiss, double):
    double.inject(Fault("garbage", data=b"\xb6\xb6what\r\n"))
    with pytest.raises(InstrumentError, match=r"what.*SIMSERV port"):
        weiss.temperature()
    assert weiss.temperature() == pytest.approx(298.15, abs=0.01)


def test_a_chamber_that_went_away_is_found_again_when_it_is_back(weiss, double, clock):
    port = double.port
    double.close()
    with pytest.raises(InstrumentError, match="refused"):
        weiss.temperature()
    again = SimulatedChamber(clock, ChamberParameters(noise="0 K"))
    again.start(port)
    try:
        assert weiss.temperature() == pytest.approx(298.15, abs=0.01)
    finally:
        again.close()


def test_many_threads_share_one_session_without_mixing_replies(weiss):
    weiss.set_temperature(333.15)
    wrong = []

    def ask(question, expected):
        for _ in range(50):
            if abs(question() - expected) > 0.2:
                wrong.append(expected)

    questions = [(weiss.temperature, 298.15), (lambda: weiss.wire.setpoint, 60.0)] * 2
    threads = [threading.Thread(target=ask, args=each) for each in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_gauge_in_every_unit(mark10, gauge):
    expected = mark10.read().force
    assert abs(expected - 200.0) < 6.0
    for unit in ("KN", "MN", "LB", "KG", "G", "N"):
        gauge._answer(unit)
        reading = mark10.read()
        assert reading.force == pytest.approx(expected, abs=1.0)
        assert 0 < reading.resolution <= 0.11
    gauge._answer("NUM")
    with pytest.raises(InstrumentError, match=r"without a unit.*Switch on the units"):
        mark10.read()


def test_tare_and_peak_of_the_gauge(mark10, press, clock):
    mark10.zero()
    assert abs(mark10.read().force) < 1.0
    press.turn(clock.now(), 10)
    assert mark10.read().force == pytest.approx(400.0, abs=2.0)
    press.turn(clock.now(), -10)
    assert mark10.peak().force == pytest.approx(400.0, abs=2.0)
    mark10.clear_peak()
    assert mark10.peak().force < 5.0


def test_overload_of_the_gauge(mark10, press, clock):
    press.set_travel(clock.now(), press.travel_for(19e3))
    assert not mark10.read().overload
    press.set_travel(clock.now(), press.travel_for(21.6e3))
    assert mark10.read().overload


@pytest.mark.parametrize("kind", ["silence", "drop", "delay"])
def test_the_gauge_survives_a_fault(mark10, gauge, kind):
    gauge.inject(Fault(kind, SHORT * 1.2))
    assert mark10.read().force == pytest.approx(200.0, abs=6.0)
    assert mark10.peak().force >= 0.0


def test_a_gauge_left_streaming_is_silenced(gauge):
    gauge._answer("AOUT1")
    driver = Mark10Gauge(GaugeFile(backend="simulated", address=gauge.address), timeout=SHORT)
    assert driver.identify().details["settings"].split(";")[5] == "AOUT00"
    assert driver.read().force == pytest.approx(200.0, abs=6.0)
    driver.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no ptys")
def test_the_gauge_on_a_serial_line(clock, press):
    gauge = SimulatedGauge(clock, press)
    driver = Mark10Gauge(GaugeFile(backend="simulated", address=gauge.start_pty()), timeout=SHORT)
    assert driver.read().force == pytest.approx(200.0, abs=6.0)
    gauge.inject(Fault("delay", SHORT * 1.5))
    gauge.inject(Fault("silence"))
    assert driver.read().force == pytest.approx(200.0, abs=6.0)
    gauge._answer("KG")
    for _ in range(3):
        assert driver.read().text.endswith("kgF")
        assert driver.peak().text.endswith("kgF")
    driver.close()
    gauge.close()


def test_on_a_virtual_clock_reading_takes_no_time_and_repeats_exactly():
    def night():
        clock = VirtualClock()
        chamber = SimulatedChamber(clock, seed=7)
        press = SimulatedPress(seed=7, temperature=chamber.cell_temperature)
        gauge = SimulatedGauge(clock, press, seed=7)
        chamber.start()
        gauge.start()
        weiss = WeissChamber(ChamberFile(backend="simulated", address=chamber.address))
        mark10 = Mark10Gauge(GaugeFile(backend="simulated", address=gauge.address))
        readings = []
        with clock.worker("test"):
            weiss.set_temperature(333.15)
            weiss.start()
            for _ in range(50):
                clock.wait(600.0)
                readings.append((clock.now(), weiss.temperature(), mark10.read().force))
        for each in (weiss, mark10, chamber, gauge):
            each.close()
        return readings

    first, second = night(), night()
    assert first == second
    assert first[-1][0] == 50 * 600.0
    assert first[-1][1] == pytest.approx(333.15, abs=1.5)
    assert first[-1][2] > first[0][2]
