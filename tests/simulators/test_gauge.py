import math
import os
import socket
import sys

import pytest

from core.clock import VirtualClock
from core.errors import BadInput
from core.files import GaugeFile
from simulators.gauge import SimulatedGauge
from simulators.press import PressParameters, SimulatedPress
from simulators.server import Fault

TRUE = PressParameters(gauge_zero="0 N", gauge_noise="0 N", relaxation=0.0, initial_force="200 N")


class Hand(VirtualClock):
    """A clock whose time is set by hand."""

    time = 0.0

    def now(self):
        return self.time


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.lines = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def ask(self, data):
        self.send(data)
        return self.lines.readline()

    def close(self):
        self.lines.close()
        self.socket.close()


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def bench(clock):
    """Return a press, its gauge and a client, for given parameters."""
    opened = []

    def build(parameters=TRUE, temperature=None, full_scale="20 kN", seed=1):
        press = SimulatedPress(parameters, seed, temperature=temperature)
        gauge = SimulatedGauge(clock, press, GaugeFile(backend="simulated", full_scale=full_scale), seed)
        gauge.start()
        client = Client(gauge.port)
        opened.extend((client, gauge))
        return press, gauge, client

    yield build
    for each in opened:
        each.close()


def test_units_are_inside_the_reply_and_follow_the_command(bench):
    _, _, client = bench()
    assert client.ask(b"?\r") == b"200.0 N\r\n"
    for command, expected in (
        (b"KN\r", b"0.2000 kN\r\n"),
        (b"MN\r\n", b"200000 mN\r\n"),
        (b"LB\r", b"44.96 lbF\r\n"),
        (b"KG\r", b"20.39 kgF\r\n"),
        (b"G\r", b"20394 gF\r\n"),
        (b"N\r", b"200.0 N\r\n"),
    ):
        client.send(command)
        assert client.ask(b"?C\r") == expected
    client.send(b"NUM\r")
    assert client.ask(b"?\r") == b"200.0\r\n"


@pytest.mark.parametrize(
    ("command", "expected"),
    [(b"XYZ\r", b"*10\r\n"), (b"AOUT3\r", b"*12\r\n"), (b"AOUT\r", b"*12\r\n"), (b"AOUT256\r", b"*22\r\n")],
)
def test_wrong_commands_get_error_codes(bench, command, expected):
    assert bench()[2].ask(command) == expected


def test_list_shows_the_settings(bench):
    _, _, client = bench()
    assert client.ask(b"LIST\r\n") == b"V1.00;N;CUR;FLTC8;FLTP1;AOUT00;AOFF5;FULL;MIT;POL;B0\r\n"
    client.send(b"LB\rPC\r")
    assert client.ask(b"LIST\r").startswith(b"V1.00;LBF;PC;")


def test_tare_and_peaks(bench, clock):
    press, _, client = bench()
    clock.time = 30.0
    press.set_travel(30.0, press.travel_for(500.0))
    clock.time = 50.0
    press.set_travel(50.0, press.travel_for(300.0))
    clock.time = 500.0
    assert client.ask(b"?PC\r") == b"500.0 N\r\n"
    client.send(b"PC\r")
    assert client.ask(b"?\r") == b"500.0 N\r\n"
    assert client.ask(b"?C\r") == b"300.0 N\r\n"
    client.send(b"CLR\r")
    assert client.ask(b"?PC\r") == b"300.0 N\r\n"
    client.send(b"Z\r")
    assert client.ask(b"?C\r") == b"0.0 N\r\n"
    press.set_travel(600.0, 0.0)
    clock.time = 700.0
    assert client.ask(b"?C\r") == b"-300.0 N\r\n"
    assert client.ask(b"?PT\r") == b"-300.0 N\r\n"
    assert client.ask(b"?PC\r") == b"0.0 N\r\n"


def test_the_display_saturates_beyond_its_range(bench):
    _, _, client = bench(full_scale="100 N")
    assert client.ask(b"?\r") == b"110.0 N\r\n"


def test_requests_may_be_split_or_merged_and_come_from_two_clients(bench):
    _, gauge, client = bench()
    client.send(b"?")
    client.send(b"C")
    assert client.ask(b"\r\n?PC\r\n?\r") == b"200.0 N\r\n"
    assert [client.lines.readline() for _ in range(2)] == [b"200.0 N\r\n"] * 2
    other = Client(gauge.port)
    assert other.ask(b"?\r") == b"200.0 N\r\n"
    other.close()


def test_streaming_until_it_is_switched_off(bench):
    _, _, client = bench()
    client.send(b"AOUT1\r")
    assert [client.lines.readline() for _ in range(3)] == [b"200.0 N\r\n"] * 3
    client.send(b"AOUT0\r")
    client.send(b"LIST\r")
    line = client.lines.readline()
    while not line.startswith(b"V1"):
        line = client.lines.readline()
    assert b"AOUT00" in line


def test_faults_hit_one_reply(bench):
    _, gauge, client = bench()
    gauge.inject(Fault("garbage", data=b"#!\r\n"))
    assert client.ask(b"?\r") == b"#!\r\n"
    assert client.ask(b"?\r") == b"200.0 N\r\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no ptys")
def test_a_pty_serves_the_same_gauge(clock):
    gauge = SimulatedGauge(clock, SimulatedPress(TRUE))
    address = gauge.start_pty()
    device = os.open(address.removeprefix("ASRL").removesuffix("::INSTR"), os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(device, b"?\r")
        data = b""
        while not data.endswith(b"\r\n"):
            data += os.read(device, 100)
        assert data == b"200.0 N\r\n"
    finally:
        os.close(device)
        gauge.close()


def test_a_reading_is_the_same_however_often_it_is_taken(clock):
    noisy = PressParameters(gauge_noise="1 N")
    answers = []
    for times in ([0.0, 1.0, 2.0, 3000.0], [3000.0]):
        gauge = SimulatedGauge(clock, SimulatedPress(noisy), seed=5)
        for clock.time in times:
            answer = (gauge._answer("?C"), gauge._answer("?PC"))
        answers.append(answer)
    # the second gauge was begun at 3000 s, so only its peak may differ
    assert answers[0][0] == answers[1][0]


def test_a_peak_does_not_depend_on_when_it_was_looked_at(clock):
    def temperature(time):
        return 298.15 + 10.0 * math.sin(time / 700.0)

    peaks = []
    for times in ([10.0, 333.0, 1099.0, 1100.0, 4000.0], [4000.0]):
        clock.time = 0.0
        gauge = SimulatedGauge(clock, SimulatedPress(TRUE, temperature=temperature))
        for clock.time in times:
            last = gauge._answer("?PC")
        peaks.append(last)
    assert peaks[0] == peaks[1]


# --- the press -----------------------------------------------------------------------------------


def test_force_is_stiffness_times_travel():
    press = SimulatedPress(TRUE)
    press.set_travel(10.0, 100e-6)
    assert press.force(10.0) == pytest.approx(40.0 / 20e-6 * 100e-6)
    press.turn(11.0, 2)
    assert press.force(11.0) == pytest.approx(280.0)
    assert press.force(9.0) == pytest.approx(200.0)


def test_each_turn_relaxes_by_half_a_percent_a_decade():
    press = SimulatedPress(PressParameters(initial_force="1000 N"))
    early, late = press.force(60.0 * 1e3), press.force(60.0 * 1e4)
    assert early - late == pytest.approx(5.0, rel=1e-3)
    press.set_travel(6e5, press.travel(6e5) + press.travel_for(1000.0))
    assert press.force(6e5) - late == pytest.approx(1000.0)


def test_force_and_zero_follow_temperature():
    warm = SimulatedPress(TRUE, temperature=lambda time: 308.15)
    assert warm.force(0.0) == pytest.approx(206.0)
    assert warm.zero_error(0.0) == pytest.approx(10.0)


def test_without_force_the_gauge_shows_its_residual(bench):
    parameters = PressParameters(initial_force="0 N", gauge_noise="0 N")
    zeros = [bench(parameters, seed=seed) for seed in (1, 2)]
    shown = [float(client.ask(b"?C\r").split()[0]) for _, _, client in zeros]
    assert all(0.0 < abs(each) <= 10.0 for each in shown)
    assert shown[0] != shown[1]
    assert [press.force(0.0) for press, _, _ in zeros] == [0.0, 0.0]


def test_the_screw_cannot_pull_and_time_does_not_run_backwards():
    changes = []
    press = SimulatedPress(TRUE, on_change=changes.append)
    press.turn(5.0, -100)
    assert press.force(5.0) == 0.0
    assert changes == [5.0]
    with pytest.raises(ValueError, match="cannot be squeezed"):
        press.set_travel(6.0, -1e-6)
    with pytest.raises(ValueError, match="after"):
        press.set_travel(4.0, 1e-6)
    assert changes == [5.0]


def test_parameters_are_checked():
    with pytest.raises(BadInput, match=r"\[simulation\.press\].*stifness: unknown key"):
        PressParameters.from_table({"stifness": 1.0})
    with pytest.raises(BadInput, match="initial_force"):
        PressParameters.from_table({"initial_force": "3.8 MPa"})
