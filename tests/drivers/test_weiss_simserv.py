import socket
import threading
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymeasure.adapters.protocol import ProtocolAdapter
from pymeasure.test import expected_protocol

from core.errors import InstrumentError
from core.files import ChamberFile
from drivers.simserv import (
    SimservRefusedError,
    WeissSimserv,
    parse_number,
    parse_reply,
    parse_switch,
    parse_temperature,
    parse_value,
)
from drivers.weiss_simserv import WeissChamber

LIMITS = [(b"11007\xb61\xb61\r", b"1\xb6-45\r\n"), (b"11009\xb61\xb61\r", b"1\xb6180\r\n")]
SETPOINT = b"11002\xb61\xb61\r"


@contextmanager
def chamber(*pairs):
    """Yield a chamber on a scripted line; the script must be used up exactly."""
    adapter = ProtocolAdapter([*LIMITS, *pairs])
    yield WeissChamber(ChamberFile(backend="hardware", address="unused"), adapter=adapter)
    assert adapter._index == len(adapter.comm_pairs), "not everything expected was asked"


class ScriptedServer:
    """Answers by the next entry of a script: bytes, None for silence, or "drop"; then by a function."""

    def __init__(self, *script, otherwise=None):
        self.script, self.otherwise = list(script), otherwise
        self.requests = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"TCPIP::127.0.0.1::{self.listener.getsockname()[1]}::SOCKET"
        self.peers = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.peers.append(peer)
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer):
        with peer, peer.makefile("rb") as lines:
            buffer = b""
            while byte := lines.read(1):
                buffer += byte
                if byte == b"\r":
                    self.requests.append(buffer)
                    entry = self.script.pop(0) if self.script else self.otherwise(buffer)
                    if entry == "drop":
                        return
                    if entry is not None:
                        peer.sendall(entry)
                    buffer = b""

    def close(self):
        with suppress(OSError):  # wakes accept() where the platform allows it
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for peer in self.peers:
            peer.close()


@contextmanager
def served(*script, otherwise=None):
    server = ScriptedServer(*script, otherwise=otherwise)
    try:
        yield server
    finally:
        server.close()


def connect(server, timeout=0.3):
    return WeissChamber(ChamberFile(backend="hardware", address=server.address), timeout=timeout)


LIMIT_REPLIES = (b"1\xb6-45\r\n", b"1\xb6180\r\n")


# --- bytes on the wire ---------------------------------------------------------------------------


def test_standard_read_is_the_vendors_example_byte_for_byte():
    request = bytes.fromhex("31 31 30 30 34 B6 31 B6 31 0D")
    reply = bytes.fromhex("31 B6 32 31 2E 30 36 31 0D 0A")
    with expected_protocol(WeissSimserv, [(request, reply)]) as wire:
        assert wire.temperature == 21.061


def test_properties_and_texts():
    pairs = [
        (SETPOINT, b"1\xb630.06\r\n"),
        *LIMITS,
        (b"11066\xb61\xb61\r", b"1\xb61.5\r\n"),
        (b"11070\xb61\xb61\r", b"1\xb60\r\n"),
        (b"14003\xb61\xb61\r", b"1\xb61\r\n"),
        (b"10012\xb61\r", b"1\xb611\r\n"),
        (b"11023\xb61\xb61\r", b"1\xb6\xb0C\r\n"),
    ]
    with expected_protocol(WeissSimserv, pairs) as wire:
        assert wire.setpoint == 30.06
        assert wire.limits == (-45.0, 180.0)
        assert wire.gradients == (1.5, 0.0)
        assert wire.manual_mode is True
        assert wire.status == 11
        assert wire.get_text(11023, 1) == "°C"


def test_a_setpoint_is_written_once_and_read_back():
    with chamber(
        (SETPOINT, b"1\xb625\r\n"),
        (b"11001\xb61\xb61\xb660.0\r", b"1\r\n"),
        (SETPOINT, b"1\xb660\r\n"),
        (SETPOINT, b"1\xb660\r\n"),
    ) as weiss:
        weiss.set_temperature(333.15)
        assert weiss.target == pytest.approx(333.15)


def test_a_ramp_shows_the_moving_setpoint_and_the_target_is_remembered():
    with chamber(
        (SETPOINT, b"1\xb623\r\n"),
        (b"11001\xb61\xb61\xb660.0\r", b"1\r\n"),
        (SETPOINT, b"1\xb623.02\r\n"),
        (b"11066\xb61\xb61\r", b"1\xb61.5\r\n"),
        (b"11070\xb61\xb61\r", b"1\xb61.5\r\n"),
        (SETPOINT, b"1\xb623.03\r\n"),
        (b"11004\xb61\xb61\r", b"1\xb623.1\r\n"),
        (SETPOINT, b"1\xb630.06\r\n"),
        (b"10012\xb61\r", b"1\xb63\r\n"),
    ) as weiss:
        weiss.set_temperature(333.15)
        state = weiss.read()
        assert state.target == pytest.approx(333.15)
        assert state.setpoint == pytest.approx(303.21)
        assert state.running
        assert (state.warnings, state.alarms) == ((), ())


def test_start_and_stop_use_digital_argument_one_and_are_verified():
    on, off = (b"14003\xb61\xb61\r", b"1\xb61\r\n"), (b"14003\xb61\xb61\r", b"1\xb60\r\n")
    with chamber(
        (b"14001\xb61\xb61\xb61\r", b"1\r\n"),
        on,
        (b"10012\xb61\r", b"1\xb63\r\n"),
        (b"19210\xb61\r", b"READ failed: 19210\r\n"),
        (b"14001\xb61\xb61\xb60\r", b"1\r\n"),
        off,
        (b"10012\xb61\r", b"1\xb61\r\n"),
    ) as weiss:
        weiss.start()
        weiss.stop()


def test_stop_also_stops_a_running_program():
    with chamber(
        (b"19210\xb61\r", b"1\xb65\r\n"),
        (b"19015\xb61\r", b"1\r\n"),
        (b"19210\xb61\r", b"1\xb60\r\n"),
        (b"14001\xb61\xb61\xb60\r", b"1\r\n"),
        (b"14003\xb61\xb61\r", b"1\xb60\r\n"),
        (b"10012\xb61\r", b"1\xb61\r\n"),
    ) as weiss:
        weiss.stop()


def test_digital_channels_are_found_by_name_and_switched_one_further():
    with chamber(
        (b"14007\xb61\r", b"1\xb63\r\n"),
        (b"14010\xb61\xb61\r", b"1\xb6Kondensationsschutz\r\n"),
        (b"14010\xb61\xb62\r", b"1\xb6\r\n"),
        (b"14010\xb61\xb63\r", b"1\xb6Lufttrockner \xb0\r\n"),
        (b"14001\xb61\xb64\xb61\r", b"1\r\n"),
        (b"14003\xb61\xb64\r", b"1\xb61\r\n"),
    ) as weiss:
        assert weiss.channels() == ("Kondensationsschutz", "Lufttrockner °")
        weiss.switch("lufttrockner °", True)
        with pytest.raises(InstrumentError, match=r"no digital channel 'Door'.*Kondensationsschutz"):
            weiss.switch("Door", True)


def test_messages_are_only_asked_for_when_the_status_says_there_are_any():
    with chamber(
        (b"11004\xb61\xb61\r", b"1\xb621\r\n"),
        (SETPOINT, b"1\xb625\r\n"),
        (b"10012\xb61\r", b"1\xb611\r\n"),
        (b"17002\xb61\r", b"1\xb62\r\n"),
        (b"17009\xb61\xb61\r", b"1\xb60\r\n"),
        (b"17009\xb61\xb62\r", b"1\xb61\r\n"),
        (b"17005\xb61\xb62\r", b"1\xb61\r\n"),
        (b"17007\xb61\xb62\r", b"1\xb6Alarm limit temperature\r\n"),
    ) as weiss:
        state = weiss.read()
        assert state.alarms == ("Alarm limit temperature",)
        assert state.warnings == ()


@pytest.mark.parametrize("kelvin", [500.0, 100.0, float("nan"), float("inf")])
def test_a_setpoint_beyond_the_limits_is_refused_before_anything_is_sent(kelvin):
    with chamber() as weiss:
        with pytest.raises(InstrumentError) as caught:
            weiss.set_temperature(kelvin)
        assert weiss.target is None
        if kelvin == 500.0:
            assert "226.85 °C" in str(caught.value)
            assert "take 180 °C" in str(caught.value)


# --- what goes wrong on real sockets -------------------------------------------------------------


def test_silent_clamping_names_what_was_asked_taken_and_the_limits():
    def clamp(request):
        if request.startswith(b"11001"):
            return b"1\r\n"
        return b"1\xb6150\r\n" if request == SETPOINT else b"-8\r\n"

    with served(*LIMIT_REPLIES, otherwise=clamp) as server:
        weiss = connect(server)
        with pytest.raises(InstrumentError, match=r"asked for 170 °C but took 150 °C.*-45 to 180"):
            weiss.set_temperature(170 + 273.15)
        assert weiss.target is None
        assert sum(request.startswith(b"11001") for request in server.requests) == 1
        weiss.close()


def test_a_write_that_got_lost_is_sent_again_after_the_read_back_showed_it():
    writes = []

    def forgetful(request):
        if request.startswith(b"11001"):
            writes.append(request)
            return b"1\r\n" if len(writes) > 1 else None
        if request == SETPOINT:
            return b"1\xb660\r\n" if len(writes) > 1 else b"1\xb625\r\n"
        return b"-8\r\n"

    with served(*LIMIT_REPLIES, otherwise=forgetful) as server:
        weiss = connect(server)
        weiss.set_temperature(333.15)
        assert writes == [b"11001\xb61\xb61\xb660.0\r"] * 2
        weiss.close()


def test_a_chamber_that_acknowledges_start_but_stands_still_is_found_out():
    def ignoring(request):
        return b"1\r\n" if request.startswith(b"14001") else b"1\xb60\r\n"

    with served(*LIMIT_REPLIES, otherwise=ignoring) as server:
        weiss = connect(server)
        with pytest.raises(InstrumentError, match="acknowledged being started, but"):
            weiss.start()
        weiss.close()


def test_a_reply_that_never_comes_is_asked_for_again_on_a_new_connection():
    with served(*LIMIT_REPLIES, None, b"1\xb621.5\r\n") as server:
        weiss = connect(server)
        assert weiss.temperature() == pytest.approx(294.65)
        assert server.connections == 2
        weiss.close()


def test_silence_ends_in_one_clear_message_after_a_bounded_number_of_questions():
    with served(*LIMIT_REPLIES, *[None] * 10) as server:
        weiss = connect(server, timeout=0.1)
        with pytest.raises(InstrumentError, match=r"at TCPIP::127.0.0.1.*does not answer '11004¶1¶1'"):
            weiss.temperature()
        assert len(server.requests) == 2 + 3
        weiss.close()


def test_a_dropped_connection_is_opened_again():
    with served(*LIMIT_REPLIES, "drop", b"1\xb621.5\r\n") as server:
        weiss = connect(server)
        assert weiss.temperature() == pytest.approx(294.65)
        weiss.close()


def test_a_write_whose_acknowledgement_is_lost_is_verified_not_blindly_repeated():
    script = [*LIMIT_REPLIES, b"1\xb625\r\n", None, b"1\xb660\r\n", b"1\xb660\r\n"]
    with served(*script) as server:
        weiss = connect(server)
        weiss.set_temperature(333.15)
        assert sum(request.startswith(b"11001") for request in server.requests) == 1
        weiss.close()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"100 OK: Portable IEC 61131-3 RT Scheduler\r\n", "wrong port"),
        (b"\x00\xff garbage\r\n", "garbage"),
        (b"1\xb6twenty\r\n", "twenty"),
        (b"1\xb69999\r\n", "9999"),
        (b"1\r\n", "no SIMSERV reply"),
        (b"-6\r\n", "wrong parameters"),
        (b"-8\r\n", "no such channel"),
        (b"READ failed: tag\r\n", "does not know"),
    ],
)
def test_nonsense_is_quoted_with_the_address(reply, words):
    with served(reply) as server, pytest.raises(InstrumentError) as caught:
        connect(server)
    assert words in str(caught.value)
    assert server.address in str(caught.value)
    assert caught.value.remedy


def test_a_refused_connection_says_so():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = ChamberFile(backend="hardware", address=f"TCPIP::127.0.0.1::{port}::SOCKET")
    with pytest.raises(InstrumentError, match=f"{port}.*refused.*switched on"):
        WeissChamber(settings)


@pytest.mark.parametrize("address", ["", "nonsense", "ASRL/dev/no-such-port::INSTR"])
def test_an_impossible_address_is_named(address):
    with pytest.raises(InstrumentError) as caught:
        WeissChamber(ChamberFile(backend="hardware", address=address))
    assert address in str(caught.value)
    assert caught.value.remedy


def test_a_closed_chamber_is_not_reached_again():
    with served(*LIMIT_REPLIES) as server:
        weiss = connect(server)
        weiss.close()
        weiss.close()
        with pytest.raises(InstrumentError, match="has been closed"):
            weiss.temperature()


# --- parsing -------------------------------------------------------------------------------------


@given(st.text(st.characters(max_codepoint=255)) | st.from_regex(r"-?1?(\xb6[-+0-9.]*)*", fullmatch=True))
def test_parsing_gives_a_clean_value_or_one_kind_of_error(text):
    for parse in (parse_reply, parse_value, parse_number, parse_temperature, parse_switch):
        with suppress(InstrumentError):
            value = parse(text, "the chamber")
            assert not isinstance(value, float) or abs(value) < 1e10


def test_refusals_are_told_from_nonsense():
    with pytest.raises(SimservRefusedError):
        parse_reply("-8", "the chamber")
    with pytest.raises(InstrumentError) as caught:
        parse_reply("-99", "the chamber")
    assert not isinstance(caught.value, SimservRefusedError)
