"""The driver against a scripted library: what is called, what is believed, what is refused."""

import math
import struct

import numpy as np
import pytest

from core.errors import BadInput, InstrumentError
from core.files import PotentiostatFile
from drivers.eclib.library import find_library, load_vendor_library
from drivers.eclib.vmp300 import Vmp300
from drivers.potentiostat import ChannelState, Samples, SweepPoints
from drivers.techniques import (
    ConstantCurrent,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    Loop,
    OpenCircuit,
    Sweep,
)

SWEEP = Sweep(1e6, 1.0, 10)
GEIS = [GalvanostaticImpedance(SWEEP, 1e-6, 1e-5)]


def test_connects_to_the_channel_as_printed_and_identifies_it(pstat, library):
    identity = pstat.identify()
    assert library.address == (b"192.168.0.1", 5)
    assert library.channel_index == 2
    assert (identity.model, identity.serial, identity.firmware) == ("VMP-300", "4711", "540")
    assert identity.details["channel"] == "3"
    assert identity.details["library"] == "6.08"
    assert identity.details["FPGA"] == "0xAA1F"
    assert "PREMIUM" in identity.details["board"]


def test_loaded_firmware_is_left_alone(pstat, library):
    assert library.firmware_files == []


@pytest.mark.parametrize(
    ("board", "files"), [(2, (b"kernel4.bin", b"Vmp_iv_0395_aa.xlx")), (3, (b"kernel5.bin", None))]
)
def test_missing_firmware_is_loaded_by_board_type_into_this_channel_only(library, settings, board, files):
    library.firmware, library.board_type = 0, board
    Vmp300(library, settings)
    assert library.firmware_files == [(*files, False)]
    assert [index for index, flag in enumerate(library.flags) if flag] == [2]


def test_the_other_firmware_name_is_tried_when_the_package_lacks_the_first(library, settings):
    library.firmware, library.board_type = 0, 3
    library.codes["BL_LoadFirmware"].append(-300)
    Vmp300(library, settings)
    assert library.firmware_files == [(b"kernel.bin", None, False)]


def test_a_channel_that_runs_under_ec_lab_is_not_overwritten(library, settings):
    library.firmware, library.infos_state = 1, 1
    with pytest.raises(InstrumentError, match="another program's firmware"):
        Vmp300(library, settings)
    assert library.firmware_files == []
    assert library.calls[-1] == "BL_Disconnect"


def test_ec_lab_on_the_instrument_is_said_in_plain_words(library, settings):
    library.codes["BL_Connect"].append(-9)
    with pytest.raises(InstrumentError, match="close EC-Lab") as caught:
        Vmp300(library, settings)
    assert "vendor text -9" in caught.value.problem


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"plugged": False}, "channel 3 .* has no board"),
        ({"board_type": 1}, "VMP3 family"),
        ({"board_type": 9}, "unknown type 9"),
        ({"ranges": (5, 4, 7)}, "bandwidths up to 7"),
        ({"ranges": (2, 0, 9)}, "no current range"),
        ({"missing": ("BL_GetData",)}, "no function BL_GetData"),
    ],
)
def test_what_makes_a_channel_unusable_is_named(library, settings, change, words):
    for name, value in change.items():
        setattr(library, name, value)
    with pytest.raises(InstrumentError, match=words) as caught:
        Vmp300(library, settings)
    assert caught.value.remedy


def test_zeros_from_a_busy_instrument_are_asked_again(library, settings):
    library.zero_infos = 3
    Vmp300(library, settings)
    assert library.firmware_files == []


def test_firmware_lost_in_mid_run_is_said_in_plain_words(pstat, library):
    pstat.start(GEIS, 1.0)
    library.replies.append(-308)
    library.codes["BL_GetData"].extend([-308] * 9)
    with pytest.raises(InstrumentError, match="no firmware, or lost it"):
        pstat.poll()


def test_floating_is_set_and_read_back(library):
    settings = PotentiostatFile(backend="hardware", address="USB0", floating=True)
    Vmp300(library, settings)
    assert library.ground == (0, 1)


def test_our_types_do_not_reach_another_client(pstat, library):
    fresh = library["BL_GetData"]
    assert not fresh.argtypes


# --- starting -----------------------------------------------------------------------------------


def test_a_program_is_loaded_in_order_and_started(pstat, library):
    program = [LimitedConstantCurrent(1e-5, 0.5, 2.1, -2.1), *GEIS, Loop(0, 9)]
    pstat.start(program, 2.0)
    assert [(name, first, last) for name, _, first, last in library.loaded] == [
        ("cplimit4.ecc", True, False),
        ("geis4.ecc", False, False),
        ("loop4.ecc", False, True),
    ]
    assert library.calls[-1] == "BL_StartChannel"


def test_a_loop_that_is_not_repeated_is_left_out(pstat, library):
    pstat.start([*GEIS, Loop(0, 0)], 2.0)
    assert [(name, first, last) for name, _, first, last in library.loaded] == [("geis4.ecc", True, True)]


def test_a_running_channel_is_stopped_and_its_messages_drained_before_loading(pstat, library):
    library.running_looks = 3
    library.messages.extend(["halt experiment..."])
    pstat.start(GEIS, 1.0)
    order = [
        name for name in library.calls if name in ("BL_StopChannel", "BL_GetMessage", "BL_LoadTechnique")
    ]
    assert order[:2] == ["BL_StopChannel", "BL_GetMessage"]
    assert order.index("BL_LoadTechnique") > 2
    assert library.running_looks == 0


def test_a_channel_that_does_not_stop_is_not_loaded(pstat, library):
    library.running_looks = 10_000
    with pytest.raises(InstrumentError, match="still runs"):
        pstat.start(GEIS, 1.0)
    assert not library.loaded


def test_a_refused_technique_quotes_the_channel(pstat, library):
    library.codes["BL_LoadTechnique"].append(-403)
    library.messages.append("")
    library.messages.append("make experiment failed")
    with pytest.raises(
        InstrumentError, match=r'geis4.ecc .*TECH_LOADTECHNIQUEFAILED.*"make experiment failed"'
    ):
        pstat.start(GEIS, 1.0)
    assert "BL_StartChannel" not in library.calls


def test_a_complaint_without_an_error_code_counts(pstat, library):
    library.messages.append("")
    library.messages.append("cannot load experiment after make")
    with pytest.raises(InstrumentError, match="cannot load experiment after make"):
        pstat.start(GEIS, 1.0)
    assert "BL_StartChannel" not in library.calls


def test_a_faltering_network_at_the_start_is_survived(pstat, library):
    library.codes["BL_LoadTechnique"].append(-200)
    library.codes["BL_StartChannel"].append(-12)
    pstat.start(GEIS, 1.0)
    assert [name for name, *_ in library.loaded] == ["geis4.ecc"]


def test_nothing_is_touched_when_the_program_is_refused(pstat, library):
    calls = len(library.calls)
    with pytest.raises(BadInput):
        pstat.start(GEIS, 40.0)
    assert len(library.calls) == calls


# --- polling ------------------------------------------------------------------------------------


def test_an_ordinary_poll_is_one_call_and_carries_live_values(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.replies.append(wire.empty(e=0.25, i=2e-5, elapsed=12.5, i_over=1))
    before = library.calls.count("BL_GetData")
    poll = pstat.poll()
    assert library.calls.count("BL_GetData") == before + 1
    live = poll.live
    assert live.state is ChannelState.RUNNING
    assert (live.voltage, live.time, live.overload) == (0.25, 12.5, True)
    assert live.current == pytest.approx(2e-5)


def test_all_batches_are_taken_over_in_order(pstat, library, wire):
    pstat.start([ConstantCurrent(1e-5, 10.0), *GEIS], 1.0)
    hold = [[0, 1000, wire.word(0.3), wire.word(1e-5), 0]]
    library.replies.extend(
        [
            wire.batch(hold, technique=102, process=0, filled=112),
            wire.batch([wire.sweep_row(1e6, 10.5), wire.sweep_row(1e5, 10.9)], index=1, start=10.0, irq=2),
            wire.empty(e=9.0),
        ]
    )
    poll = pstat.poll()
    scalar, sweep = poll.rows
    assert isinstance(scalar, Samples)
    assert isinstance(sweep, SweepPoints)
    assert sweep.technique == 1
    assert poll.lost == 2
    assert pstat.poll().lost == 0


def test_a_stop_right_after_the_start_is_not_believed(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.replies.extend([wire.empty(state=0), wire.empty(state=0), wire.empty()])
    assert [pstat.poll().live.state for _ in range(3)] == [ChannelState.RUNNING] * 3


def test_a_program_never_seen_is_believed_stopped_after_three_polls(pstat, library):
    pstat.start(GEIS, 1.0)
    states = [pstat.poll().live.state for _ in range(3)]
    assert states == [ChannelState.RUNNING, ChannelState.RUNNING, ChannelState.STOPPED]


def test_a_single_stop_in_mid_run_is_not_believed(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.replies.extend([wire.empty(), wire.empty(state=0), wire.empty()])
    assert pstat.poll().live.state is ChannelState.RUNNING
    assert pstat.poll().live.state is ChannelState.RUNNING


def test_rows_that_come_after_the_stop_are_taken_before_it_is_told(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    late = wire.batch([wire.sweep_row(1.0, 5.0)], state=0)
    library.replies.extend([wire.empty(), wire.empty(state=0, filled=56), wire.empty(state=0), late])
    assert pstat.poll().live.state is ChannelState.RUNNING
    assert pstat.poll().live.state is ChannelState.RUNNING
    last = pstat.poll()
    assert last.live.state is ChannelState.STOPPED
    assert [len(rows.time) for rows in last.rows] == [1]


def test_a_memory_that_is_never_handed_over_does_not_hang_the_run(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.replies.append(wire.empty())
    library.after = wire.empty(state=0, filled=8)
    states = [pstat.poll().live.state for _ in range(40)]
    assert states[1] is ChannelState.RUNNING
    assert states[-1] is ChannelState.STOPPED


@pytest.mark.parametrize("code", [-1, -200, -12])
def test_transient_errors_are_survived(pstat, library, wire, code):
    pstat.start(GEIS, 1.0)
    library.replies.extend([code, code, wire.batch([wire.sweep_row(1e5, 0.5)])])
    assert len(pstat.poll().rows) == 1


def test_lasting_trouble_is_an_error_that_names_it(pstat, library):
    pstat.start(GEIS, 1.0)
    library.after = -200
    with pytest.raises(InstrumentError, match=r"COMM_COMMFAILED.*vendor text -200"):
        pstat.poll()


def test_a_lost_connection_is_made_anew(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.replies.extend([-1] * 5 + [wire.empty(e=0.7)])
    connects = library.calls.count("BL_Connect")
    assert pstat.poll().live.voltage == pytest.approx(0.7)
    assert library.calls.count("BL_Connect") == connects + 1


def test_zeros_are_not_measurements(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.replies.extend([wire.zeros(), wire.zeros(), wire.empty(e=0.5)])
    assert pstat.poll().live.voltage == 0.5
    library.after = wire.zeros()
    with pytest.raises(InstrumentError, match="nothing but zeros"):
        pstat.poll()


def test_an_unknown_state_is_garbage(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.replies.append(wire.empty(state=77))
    with pytest.raises(InstrumentError, match="unknown state 77"):
        pstat.poll()


def test_rows_survive_an_error_behind_them(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.replies.append(wire.batch([wire.sweep_row(1e5, 0.5)], filled=56))
    library.replies.extend([-200] * 6)
    with pytest.raises(InstrumentError):
        pstat.poll()
    library.replies.append(wire.empty())
    assert len(pstat.poll().rows) == 1


def test_nan_is_passed_on_as_measured(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    row = wire.sweep_row(1e5, 0.5)
    row[1] = wire.word(math.nan)
    library.replies.append(wire.batch([row], e=math.nan))
    poll = pstat.poll()
    assert math.isnan(poll.live.voltage)
    assert np.isnan(poll.rows[0].voltage_amplitude[0])


def test_before_a_start_polling_consumes_nothing(pstat, library, wire):
    library.now = wire.look(state=0, e=0.04)
    poll = pstat.poll()
    assert (poll.live.state, poll.rows) == (ChannelState.STOPPED, ())
    assert "BL_GetData" not in library.calls


# --- stopping -----------------------------------------------------------------------------------


def test_stop_returns_the_rows_still_in_the_channel(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    rows = wire.batch([wire.sweep_row(1e5, 0.5)], state=0, irq=3)
    library.replies.extend([wire.empty(), wire.empty(state=0), rows])
    assert [len(each.time) for each in pstat.stop()] == [1]
    last = pstat.poll()
    assert (last.live.state, last.rows, last.lost) == (ChannelState.STOPPED, (), 3)


def test_stop_says_so_when_the_channel_goes_on(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.now = wire.look(state=1)
    with pytest.raises(InstrumentError, match="still runs"):
        pstat.stop()


def test_safe_confirms_open_circuit_by_reading_back(pstat, library, wire):
    pstat.start(GEIS, 1.0)
    library.running_looks = 2
    assert pstat.safe() is True
    library.now = wire.look(state=0, i=1e-5)
    assert pstat.safe() is False
    library.now = wire.look(state=0, i=math.nan)
    assert pstat.safe() is False


def test_safe_never_raises(pstat, library):
    library.codes["BL_StopChannel"].extend([-200] * 100)
    assert pstat.safe() is False
    library.codes["BL_StopChannel"].clear()
    library.now = bytes(76)
    assert pstat.safe() is False


def test_close_gives_the_connection_back_once(pstat, library):
    pstat.close()
    pstat.close()
    assert library.calls.count("BL_Disconnect") == 1


# --- the number format ----------------------------------------------------------------------------


def test_words_are_converted_by_the_library_if_it_does_so_otherwise(library, settings, wire):
    library.convert = lambda bits: 2.0 * struct.unpack("<f", struct.pack("<I", bits))[0]
    pstat = Vmp300(library, settings)
    assert pstat.identify().details["data words"] == "one by one"
    pstat.start([OpenCircuit(10.0)], 1.0)
    row = [1, 50_000, wire.word(0.25)]
    library.replies.append(wire.batch([row], technique=100, process=0, base=20e-6, start=3.0))
    (samples,) = pstat.poll().rows
    assert samples.voltage[0] == 0.5
    # Ticks are integers, never converted.
    assert samples.time[0] == pytest.approx(3.0 + 20e-6 * (2**32 + 50_000))


def test_ieee_words_are_converted_in_bulk(pstat):
    assert pstat.identify().details["data words"] == "converted in bulk"


# --- the vendor's library -------------------------------------------------------------------------


def test_the_vendor_library_is_for_windows(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(InstrumentError, match=r'for Windows only.*backend = "simulated"'):
        load_vendor_library("C:/EC-Lab Development Package/lib")


def test_a_missing_library_is_named(tmp_path):
    with pytest.raises(InstrumentError, match=r"EClib64.dll does not exist.*EC-Lab Development Package"):
        find_library(str(tmp_path))
    with pytest.raises(InstrumentError, match="names no folder"):
        find_library("")
    (tmp_path / "EClib64.dll").write_bytes(b"")
    assert find_library(str(tmp_path)).name == "EClib64.dll"
