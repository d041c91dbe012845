import math
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.errors import BadInput
from simulators.chamber import SimulatedChamber
from simulators.chamber_model import ChamberModel, ChamberParameters
from simulators.server import Fault

QUIET = ChamberParameters(noise="0 K", ripple="0 K")


class Hand(VirtualClock):
    """A clock whose time is set by hand."""

    time = 0.0

    def now(self):
        return self.time


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def changes():
    return []


@pytest.fixture
def chamber(clock, changes):
    chamber = SimulatedChamber(clock, QUIET, 1, changes.append)
    chamber.start()
    yield chamber
    chamber.close()


@pytest.fixture
def connect(chamber):
    peers = []

    def open_one():
        peer = socket.create_connection(("127.0.0.1", chamber.port), timeout=5)
        peers.append(peer)
        return peer

    yield open_one
    for peer in peers:
        peer.close()


def reply(peer):
    data = b""
    while not data.endswith(b"\r\n"):
        more = peer.recv(4096)
        if not more:
            raise ConnectionError(data)
        data += more
    return data


def ask(peer, request):
    peer.sendall(request)
    return reply(peer)


def test_the_vendors_exchanges_byte_for_byte(connect):
    peer = connect()
    assert ask(peer, b"11007\xb61\xb61\r") == b"1\xb6-40\r\n"
    assert ask(peer, b"11009\xb61\xb61\r") == b"1\xb6180\r\n"
    assert ask(peer, b"11023\xb61\xb61\r") == b"1\xb6\xb0C\r\n"
    assert ask(peer, b"11001\xb61\xb61\xb623.0\r") == b"1\r\n"
    assert ask(peer, b"11002\xb61\xb61\r") == b"1\xb623\r\n"
    assert ask(peer, b"11004\xb61\xb61\r") == b"1\xb625\r\n"
    assert ask(peer, b"14001\xb61\xb61\xb61\r") == b"1\r\n"
    assert ask(peer, b"10012\xb61\r") == b"1\xb63\r\n"
    assert ask(peer, b"99997\xb61\xb61\r").startswith(b"1\xb6SIMULATED")


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (b"11001\xb61\xb61\r", b"-6\r\n"),
        (b"11004\r", b"-6\r\n"),
        (b"11004\xb61\xb6x\r", b"-6\r\n"),
        (b"11004\xb61\xb61\xb61\r", b"-6\r\n"),
        (b"14001\xb61\xb62\xb65\r", b"-6\r\n"),
        (b"11004\xb61\xb62\r", b"-8\r\n"),
        (b"11001\xb61\xb62\xb650\r", b"-8\r\n"),
        (b"14003\xb61\xb67\r", b"-8\r\n"),
        (b"14010\xb61\xb60\r", b"-8\r\n"),
        (b"17007\xb61\xb699\r", b"-8\r\n"),
        (b"55555\xb61\r", b"READ failed: 55555\r\n"),
        (b"\r", b"READ failed: \r\n"),
        ("11004¶1¶1\r".encode(), b"READ failed: 11004\xc2\r\n"),
    ],
)
def test_what_is_wrong_gets_the_error_the_controller_gives(connect, request_bytes, expected):
    assert ask(connect(), request_bytes) == expected


def test_any_chamber_index_is_accepted(connect):
    assert ask(connect(), b"11002\xb67\xb61\r") == b"1\xb625\r\n"


def test_requests_may_arrive_split_or_merged(connect):
    peer = connect()
    for byte in b"11002\xb61\xb61":
        peer.sendall(bytes([byte]))
    assert ask(peer, b"\r") == b"1\xb625\r\n"
    peer.sendall(b"11002\xb61\xb61\r11007\xb61\xb61\r\n10012\xb61\r")
    received = b""
    while received.count(b"\r\n") < 3:
        received += peer.recv(4096)
    assert received == b"1\xb625\r\n1\xb6-40\r\n1\xb61\r\n"


def test_two_clients_see_the_same_chamber(connect):
    first, second = connect(), connect()
    assert ask(first, b"11001\xb61\xb61\xb660\r") == b"1\r\n"
    assert ask(second, b"11002\xb61\xb61\r") == b"1\xb660\r\n"


def test_a_sixth_client_is_turned_away_and_a_place_becomes_free(connect):
    peers = [connect() for _ in range(5)]
    for peer in peers:
        ask(peer, b"10012\xb61\r")
    assert connect().recv(10) == b""
    peers[0].sendall(b"quit\r")
    assert peers[0].recv(10) == b""
    assert ask(connect(), b"10012\xb61\r") == b"1\xb61\r\n"


def test_a_setpoint_beyond_the_limits_is_clamped_silently(connect):
    peer = connect()
    assert ask(peer, b"11001\xb61\xb61\xb6250\r") == b"1\r\n"
    assert ask(peer, b"11002\xb61\xb61\r") == b"1\xb6180\r\n"


def test_digital_channels_are_switched_one_further_than_they_are_named(connect, changes):
    peer = connect()
    assert ask(peer, b"14007\xb61\r") == b"1\xb65\r\n"
    assert ask(peer, b"14010\xb61\xb61\r") == b"1\xb6Condensation protection\r\n"
    assert ask(peer, b"14001\xb61\xb62\xb61\r") == b"1\r\n"
    assert ask(peer, b"14003\xb61\xb62\r") == b"1\xb61\r\n"
    assert ask(peer, b"14003\xb61\xb61\r") == b"1\xb60\r\n"
    assert changes == []


def test_changes_of_course_are_told(connect, clock, changes):
    peer = connect()
    clock.time = 5.0
    ask(peer, b"11001\xb61\xb61\xb660\r")
    clock.time = 7.0
    ask(peer, b"14001\xb61\xb61\xb61\r")
    ask(peer, b"11004\xb61\xb61\r")
    assert changes == [5.0, 7.0]


def test_messages_raise_the_status_until_they_are_withdrawn(connect, chamber):
    peer = connect()
    chamber.raise_message(3)
    assert ask(peer, b"10012\xb61\r") == b"1\xb65\r\n"
    assert ask(peer, b"17009\xb61\xb63\r") == b"1\xb61\r\n"
    assert ask(peer, b"17007\xb61\xb63\r") == b"1\xb6Door open\r\n"
    chamber.raise_message(4)
    assert ask(peer, b"10012\xb61\r") == b"1\xb613\r\n"
    chamber.raise_message(3, False)
    chamber.raise_message(4, False)
    assert ask(peer, b"10012\xb61\r") == b"1\xb61\r\n"


def test_a_ramp_moves_the_setpoint_at_the_gradient(connect, clock):
    peer = connect()
    assert ask(peer, b"11068\xb61\xb61\xb61.5\r") == b"1\r\n"
    assert ask(peer, b"11066\xb61\xb61\r") == b"1\xb61.5\r\n"
    ask(peer, b"14001\xb61\xb61\xb61\r")
    ask(peer, b"11001\xb61\xb61\xb640\r")
    clock.time = 120.0
    assert ask(peer, b"11002\xb61\xb61\r") == b"1\xb628\r\n"
    clock.time = 601.0
    assert ask(peer, b"11002\xb61\xb61\r") == b"1\xb640\r\n"


def test_faults(connect, chamber):
    peer = connect()
    chamber.inject(Fault("split", 0.05))
    assert ask(peer, b"11002\xb61\xb61\r") == b"1\xb625\r\n"
    chamber.inject(Fault("garbage", data=b"\xff?\r\n"))
    assert ask(peer, b"11002\xb61\xb61\r") == b"\xff?\r\n"
    chamber.inject(Fault("silence"))
    peer.sendall(b"11002\xb61\xb61\r")
    assert ask(peer, b"10012\xb61\r") == b"1\xb61\r\n"
    chamber.inject(Fault("delay", 0.05))
    peer.sendall(b"11002\xb61\xb61\r")
    assert ask(peer, b"10012\xb61\r") == b"1\xb61\r\n"
    assert reply(peer) == b"1\xb625\r\n"
    chamber.inject(Fault("drop"))
    peer.sendall(b"11002\xb61\xb61\r")
    assert peer.recv(10) == b""


def test_closing_ends_the_thread_and_frees_the_port(clock):
    chamber = SimulatedChamber(clock, QUIET)
    chamber.start()
    port = chamber.port
    with socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
        ask(peer, b"10012\xb61\r")
        chamber.close()
        chamber.close()
        assert peer.recv(10) == b""
    assert not any(thread.name == "simulated chamber" for thread in threading.enumerate())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_a_port_in_use_is_named(chamber, clock):
    other = SimulatedChamber(clock, QUIET)
    with pytest.raises(BadInput, match=str(chamber.port)):
        other.start(chamber.port)


def test_the_reading_at_an_instant_is_the_same_however_often_it_is_taken(clock):
    noisy = ChamberParameters(noise="0.05 K")
    answers = []
    for times in ([0, 10, 20, 30.0], [30.0]):
        chamber = SimulatedChamber(clock, noisy, seed=3)
        for clock.time in times:
            last = chamber._answer("11004\xb61\xb61")
        answers.append(last)
    assert answers[0] == answers[1]
    assert answers[0] != "1\xb625"


# --- physics -------------------------------------------------------------------------------------


def integrate(parameters, setpoint, seconds, step=0.5):
    """Euler's method, for comparison: air and cell."""
    air = cell = parameters.initial_temperature
    for i in range(int(seconds / step)):
        air, cell = (
            air + step * (setpoint(i * step) - air) / parameters.air_lag,
            cell + step * (air - cell) / parameters.cell_lag,
        )
    return air, cell


@pytest.mark.parametrize("cell_lag", ["25 min", "10 min"])
@pytest.mark.parametrize("gradient", [0.0, 0.02])
def test_air_and_cell_follow_two_lags_in_series(gradient, cell_lag):
    parameters = ChamberParameters(ripple="0 K", cell_lag=cell_lag)
    model = ChamberModel(parameters)
    model.gradient_up = gradient
    model.run(0.0, True)
    model.set_target(0.0, 333.15)

    def setpoint(time):
        return min(333.15, 298.15 + gradient * time) if gradient else 333.15

    for seconds in (600, 3000):
        air, cell = integrate(parameters, setpoint, seconds)
        assert model.air_temperature(seconds) == pytest.approx(air, abs=0.02)
        assert model.cell_temperature(seconds) == pytest.approx(cell, abs=0.02)
    assert model.cell_temperature(1e6) == pytest.approx(333.15)


def test_a_stopped_chamber_drifts_back_to_the_room():
    model = ChamberModel(ChamberParameters(ripple="0 K", room_temperature="20 degC"))
    model.set_target(0.0, 333.15)
    assert not model.running(10.0)
    assert model.air_temperature(1e6) == pytest.approx(293.15)
    model.run(1e6, True)
    assert model.air_temperature(2e6) == pytest.approx(333.15)
    model.run(2e6, False)
    assert model.cell_temperature(2e6) == pytest.approx(333.15, abs=1e-6)
    assert model.cell_temperature(3e6) == pytest.approx(293.15)


def test_a_fresh_chamber_stands_still_at_its_initial_temperature():
    model = ChamberModel(ChamberParameters())
    assert not model.running(0.0)
    assert {model.cell_temperature(t) for t in (0.0, 1e3, 1e5)} == {298.15}


def test_a_running_chamber_hunts_at_the_cell_by_the_given_amplitude():
    model = ChamberModel(ChamberParameters())
    model.run(0.0, True)
    cell = [model.cell_temperature(20000.0 + 10.0 * i) - 298.15 for i in range(60)]
    assert max(cell) == pytest.approx(0.1, abs=0.001)
    assert min(cell) == pytest.approx(-0.1, abs=0.001)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 5000), st.sampled_from(["run", "stop", "target", "ramp"]), st.floats(240, 440)
        ),
        max_size=8,
    )
)
def test_temperatures_never_jump_and_the_past_stays(commands):
    model = ChamberModel(ChamberParameters())
    for time, kind, value in sorted(commands):
        before = [(model.air_temperature(t), model.cell_temperature(t)) for t in (0.0, time / 2, time)]
        if kind == "ramp":
            model.gradient_up = model.gradient_down = (value - 240) / 2000
        if kind in ("target", "ramp"):
            model.set_target(time, value)
        else:
            model.run(time, kind == "run")
        after = [(model.air_temperature(t), model.cell_temperature(t)) for t in (0.0, time / 2, time)]
        assert after == [pytest.approx(pair, abs=1e-9) for pair in before]
        assert math.isclose(model.cell_temperature(time + 1e-6), after[2][1], abs_tol=1e-6)
        assert 230 < model.cell_temperature(time + 1e7) < 455


def test_parameters_are_checked_with_key_value_and_remedy():
    parameters = ChamberParameters.from_table({"cell_lag": "40 min"}, "bench.toml")
    assert parameters.cell_lag == 2400.0
    with pytest.raises(BadInput, match=r"bench\.toml \[simulation\.chamber\].*cel_lag: unknown key"):
        ChamberParameters.from_table({"cel_lag": "40 min"}, "bench.toml")
    with pytest.raises(BadInput, match=r"air_lag = -1\.0: .*greater than 0"):
        ChamberParameters.from_table({"air_lag": "-1 s"})
    with pytest.raises(BadInput, match="lowest"):
        ChamberParameters.from_table({"lowest": "200 degC"})
