import socket
import threading
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymeasure.adapters.protocol import ProtocolAdapter
from pymeasure.test import expected_protocol

from core.errors import InstrumentError
from core.files import GaugeFile
from drivers.gcl2 import Mark10, parse_reading
from drivers.mark10 import Mark10Gauge

LIST = (b"LIST\r", b"V1.00;N;CUR;FLTC8;FLTP1;AOUT00;AOFF5;FULL;MIT;POL;B0\r\n")
FIRST = (b"?C\r", b"205.6 N\r\n")


@contextmanager
def gauge(*pairs, full_scale=20e3):
    adapter = ProtocolAdapter([LIST, FIRST, *pairs])
    settings = GaugeFile(backend="hardware").model_copy(update={"full_scale": full_scale})
    yield Mark10Gauge(settings, adapter=adapter)
    assert adapter._index == len(adapter.comm_pairs), "not everything expected was asked"


def test_settings_on_the_wire():
    with expected_protocol(Mark10, [LIST]) as wire:
        assert wire.settings[:3] == ["V1.00", "N", "CUR"]


def test_the_live_force_is_asked_for_whatever_the_display_shows():
    with gauge((b"?C\r", b"-18.78 lbF\r\n")) as mark10:
        reading = mark10.read()
        assert reading.force == pytest.approx(-83.5376, abs=1e-4)
        assert reading.resolution == pytest.approx(0.044482, abs=1e-6)
        assert reading.text == "-18.78 lbF"
        assert mark10.identify().firmware == "V1.00"


def test_taring_is_verified():
    with gauge((b"Z\r", None), (b"?C\r", b"0.3 N\r\n")) as mark10:
        mark10.zero()
    with (
        gauge(*[(b"Z\r", None), (b"?C\r", b"205.6 N\r\n")] * 2) as mark10,
        pytest.raises(InstrumentError, match=r"tared but still shows '205\.6 N'"),
    ):
        mark10.zero()


def test_peak_and_its_clearing():
    with gauge(
        (b"?PC\r", b"812.0 N\r\n"), (b"CLR\r", None), (b"?PC\r", b"205.8 N\r\n"), (b"?C\r", b"205.6 N\r\n")
    ) as mark10:
        assert mark10.peak().force == 812.0
        mark10.clear_peak()
    with (
        gauge((b"CLR\r", None), (b"?PC\r", b"812.0 N\r\n"), (b"?C\r", b"205.6 N\r\n")) as mark10,
        pytest.raises(InstrumentError, match=r"forget its peak but shows '812\.0 N'"),
    ):
        mark10.clear_peak()


def test_overload():
    with gauge((b"?C\r", b"17.9 kN\r\n"), (b"?C\r", b"18.1 kN\r\n"), (b"?C\r", b"20.0 kN\r\n")) as mark10:
        low, near, over = mark10.read(), mark10.read(), mark10.read()
        assert [each.overload for each in (low, near, over)] == [False, False, True]


@pytest.mark.parametrize(
    ("reply", "force", "resolution"),
    [
        ("4.285 N", 4.285, 1e-3),
        ("0.21 kN", 210.0, 10.0),
        ("0.2056 KN", 205.6, 0.1),
        ("205600 mN", 205.6, 1e-3),
        ("+12 N", 12.0, 1.0),
        ("2.00 kgF", 19.6133, 0.0980665),
        ("100 gF", 0.980665, 0.00980665),
        ("16.0 ozF", 4.4482216152605, 0.0278013850953),
    ],
)
def test_units_become_newtons_and_decimals_the_resolution(reply, force, resolution):
    reading = parse_reading(reply, 20e3, "the gauge")
    assert reading.force == pytest.approx(force, rel=1e-12)
    assert reading.resolution == pytest.approx(resolution, rel=1e-9)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("205.6", "without a unit"),
        ("205.6 psi", "in a unit that is not known"),
        ("1.0 MN", "in a unit that is not known"),
        ("*10", "illegal command"),
        ("*11", "not available"),
        ("*12", "wrong specifier"),
        ("*22", "too large"),
        ("OVER", "no reading"),
        ("", "no reading"),
        ("nan N", "no reading"),
        ("1,5 N", "no reading"),
    ],
)
def test_what_is_no_reading_is_refused_with_reply_and_remedy(reply, words):
    with pytest.raises(InstrumentError) as caught:
        parse_reading(reply, 20e3, "The gauge at COM3")
    assert words in str(caught.value)
    assert "COM3" in str(caught.value)
    assert reply in str(caught.value)
    assert caught.value.remedy


@given(
    st.text(st.characters(max_codepoint=255)) | st.from_regex(r"[+-]?[0-9.]* ?[a-zA-Z]{0,4}", fullmatch=True)
)
def test_parsing_gives_a_finite_force_or_one_kind_of_error(reply):
    with suppress(InstrumentError):
        reading = parse_reading(reply, 20e3, "the gauge")
        assert abs(reading.force) < 1e18
        assert reading.resolution > 0


@given(st.integers(-(10**6), 10**6), st.integers(0, 5), st.sampled_from(["N", "kN", "lbF", "kgF"]))
def test_a_written_number_is_read_exactly(digits, decimals, unit):
    text = f"{digits / 10**decimals:.{decimals}f}"
    reading = parse_reading(f"{text} {unit}", 20e3, "the gauge")
    one = parse_reading(f"1 {unit}", 20e3, "the gauge").force
    assert reading.force == float(text) * one


def test_something_else_at_the_address_is_refused():
    adapter = ProtocolAdapter([(b"LIST\r", b"READ failed: LIST\r\n")])
    with pytest.raises(InstrumentError, match=r"READ failed.*not how a Mark-10"):
        Mark10Gauge(GaugeFile(backend="hardware"), adapter=adapter)


def serve_gauge(listener, received, obeys):
    """Answer one client as a gauge that streams until, if it obeys, AOUT0 comes."""
    peer, _ = listener.accept()
    streaming = True
    with peer, peer.makefile("rb") as lines:
        buffer = b""
        while byte := lines.read(1):
            buffer += byte
            if byte != b"\r":
                continue
            received.append(buffer)
            peer.sendall(b"9.0 N\r\n" * 3 if streaming else b"")
            streaming = streaming and not (obeys and buffer == b"AOUT0\r")
            if buffer == b"LIST\r":
                peer.sendall(b"V1.00;N;CUR;AOUT%02d;FULL\r\n" % (4 * streaming))
            elif buffer == b"?C\r":
                peer.sendall(b"1.0 N\r\n")
            buffer = b""


@pytest.mark.parametrize("obeys", [True, False])
def test_a_stream_left_on_is_switched_off_before_reading(obeys):
    received = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve_gauge, args=(listener, received, obeys), daemon=True)
        thread.start()
        address = f"TCPIP::127.0.0.1::{listener.getsockname()[1]}::SOCKET"
        settings = GaugeFile(backend="hardware", address=address)
        if obeys:
            mark10 = Mark10Gauge(settings, timeout=0.5)
            assert [mark10.read().force for _ in range(2)] == [1.0, 1.0]
            mark10.close()
        else:
            with pytest.raises(InstrumentError, match=address):
                Mark10Gauge(settings, timeout=0.5)
        thread.join()
    assert received[:3] == [b"LIST\r", b"AOUT0\r", b"LIST\r"]
    assert set(received[3:]) == ({b"?C\r"} if obeys else set())
