"""Connecting, firmware, channels, and what can be wrong with them."""

import ctypes

import pytest

from simulators.eclib import Faults


def infos_of(client, channel=0):
    words = (ctypes.c_int32 * 24)(*[-9] * 24)
    code = client.lib.BL_GetChannelInfos(client.id, channel, words)
    return code, list(words)


@pytest.mark.parametrize("address", [b"", b"nonsense", b"192.168.0", b"300.1.1.1", b"USB", b"1.2.3.4.5"])
def test_bad_addresses(make_client, address):
    assert make_client(ready=False).connect(address)[0] == -203


def test_device_infos(make_client):
    code, infos = make_client(ready=False).connect(b"USB0")
    assert code == 0
    assert infos[0] == 12
    assert infos[3] == 2  # boards
    assert infos[4] == 16
    assert infos[10] == 1


def test_unreachable(make_client):
    client = make_client(ready=False, faults=Faults(unreachable=True))
    assert client.connect()[0] == -201
    client.faults.unreachable = False
    assert client.connect()[0] == 0


def test_connections_are_numbered_and_limited(make_client):
    client = make_client(ready=False)
    assert client.connect()[0] == 0
    first = client.id
    assert client.connect(b"192.168.0.11")[0] == 0
    assert client.id != first
    while (code := client.connect()[0]) == 0:
        pass
    assert code == -207
    assert client.lib.BL_Disconnect(first) == 0
    assert client.lib.BL_TestConnection(first) == -1
    assert client.connect()[0] == 0
    assert client.id == first


def test_nothing_works_without_a_connection(make_client):
    client = make_client(ready=False)
    assert client.lib.BL_TestConnection(0) == -1
    assert client.lib.BL_StartChannel(0, 0) == -1
    assert client.lib.BL_Disconnect(3) == -1


def test_firmware_is_needed(make_client, ocv):
    client = make_client(ready=False)
    client.connect()
    code, infos = infos_of(client)
    assert code == -308
    assert infos[0] == 0
    assert infos[3] == 0
    assert infos[12] > 0  # memory size, filled in although the firmware is missing
    assert client.load(*ocv) == -308
    assert client.start() == -308
    assert client.read().code == -308
    assert client.firmware() == (0, [0] * 16)
    code, infos = infos_of(client)
    assert code == 0
    assert infos[3:6] == [5, 540, 0xAA1F]
    assert infos[15:18] == [10, 4, 9]
    assert infos[19:] == [-9] * 5, "more than 76 bytes were written"


def test_firmware_files_are_checked(make_client):
    client = make_client(ready=False)
    client.connect()
    assert client.firmware(kernel=b"other.bin")[0] == -300
    assert client.firmware(kernel=b"C:\\lib\\kernel.bin")[0] == -309
    assert client.firmware(kernel=b"kernel5.bin")[0] == -309
    assert client.firmware(fpga=b"other.xlx")[0] == -304
    assert client.firmware(slots=())[0] == -7
    code, results = client.firmware(slots=(0, 5))
    assert code == -3
    assert results[0] == 0
    assert results[5] == -3
    assert client.firmware(kernel=b"kernel4.bin", fpga=b"lib/Vmp_iv_0395_aa.xlx")[0] == 0


def test_firmware_that_does_not_match(make_client):
    client = make_client(ready=False, faults=Faults(firmware_mismatch=True))
    client.connect()
    assert client.firmware()[0] == -309


def test_firmware_is_not_reloaded_under_a_program(client, ocv):
    client.program(ocv)
    client.start()
    assert client.firmware()[0] == 0
    assert client.firmware(force=True)[0] == -13


def test_after_eclab(make_client):
    client = make_client(ready=False, faults=Faults(eclab_loaded=True))
    assert client.connect()[0] == -9
    assert client.id == 0
    assert infos_of(client)[1][3] == 1
    assert client.firmware()[0] == 0
    assert client.connect()[0] == 0


def test_slots(client):
    flags = (ctypes.c_uint8 * 16)()
    assert client.lib.BL_GetChannelsPlugged(client.id, flags, 16) == 0
    assert list(flags) == [1, 1] + [0] * 14
    assert client.lib.BL_IsChannelPlugged(client.id, 1) == 1
    assert client.lib.BL_IsChannelPlugged(client.id, 2) == 0
    assert client.start(channel=2) == -3
    assert infos_of(client, 16)[0] == -3


def test_the_cell_is_where_it_was_put(make_client, cp):
    client = make_client(channel=4, ready=False)
    client.connect()
    assert client.firmware(slots=(4, 5))[0] == 0
    for channel in (4, 5):
        client.program(cp, channel=channel)
        assert client.start(channel=channel) == 0
    client.clock.time = 1.0
    assert client.look(4).Ewe == pytest.approx(0.02)
    assert client.look(5).Ewe == 10.0
    assert client.look(5).Eoverflow == 1


def test_board(client):
    kind = ctypes.c_uint32()
    assert client.lib.BL_GetChannelBoardType(client.id, 0, ctypes.byref(kind)) == 0
    assert kind.value == 2
    assert client.lib.BL_GetChannelFloatFormat(client.id, 0, ctypes.byref(kind)) == 0
    assert kind.value == 1
    error, place = ctypes.c_int32(5), ctypes.c_int32(5)
    assert client.lib.BL_GetOptErr(client.id, 0, ctypes.byref(error), ctypes.byref(place)) == 0
    assert (error.value, place.value) == (0, 0)
    assert client.lib.BL_TestCommSpeed(client.id, 0, ctypes.byref(error), ctypes.byref(place)) == 0


def test_hardware_configuration(client, ocv):
    class Conf(ctypes.Structure):
        _pack_ = 4
        _fields_ = [("Conn", ctypes.c_int32), ("Ground", ctypes.c_int32)]

    assert client.lib.BL_SetHardConf(client.id, 0, Conf(2, 1)) == 0
    back = Conf()
    assert client.lib.BL_GetHardConf(client.id, 0, ctypes.byref(back)) == 0
    assert (back.Conn, back.Ground) == (2, 1)
    assert client.lib.BL_SetHardConf(client.id, 0, Conf(7, 1)) == -8
    client.program(ocv)
    client.start()
    assert client.lib.BL_SetHardConf(client.id, 0, Conf(0, 0)) == -13


def test_several_channels_start_together(client, ocv):
    assert client.firmware(slots=(0, 1))[0] == 0
    client.program(ocv)
    client.program(ocv, channel=1)
    results = (ctypes.c_int32 * 16)()
    assert client.lib.BL_StartChannels(client.id, bytes([1, 1] + [0] * 14), results, 16) == 0
    assert client.look(0).State == client.look(1).State == 1
    assert client.lib.BL_StartChannels(client.id, bytes([1, 0] + [0] * 14), results, 16) == -13
    assert client.lib.BL_StopChannels(client.id, bytes([1, 1] + [0] * 14), results, 16) == 0
    assert client.look(0).State == client.look(1).State == 0
    assert client.lib.BL_StopChannels(client.id, bytes(16), results, 16) == -7


def test_busy_lost_and_forced_codes(make_client):
    client = make_client()
    client.faults.busy = 2
    assert [client.lib.BL_TestConnection(client.id) for _ in range(3)] == [-12, -12, 0]
    client.faults.forced["BL_StopChannel"] = [-200, -1]
    assert [client.stop() for _ in range(3)] == [-200, -1, 0]
    client.faults.loss = 0.3
    codes = [client.lib.BL_TestConnection(client.id) for _ in range(300)]
    assert set(codes) == {0, -1, -200}
    assert 40 < sum(code != 0 for code in codes) < 150
    assert [client.lib.BL_GetVolumeSerialNumber() < 0 for _ in range(30)] == [False] * 30


def test_channel_infos_that_come_back_empty(client):
    client.faults.zero_channel_infos = 1
    assert infos_of(client)[1][:19] == [0] * 19
    assert infos_of(client)[1][3] == 5
