"""Exports about library, connection, firmware and channels."""

import ctypes
import struct
from typing import Any

from simulators.eclib.boundary import Address, export, put, put_text
from simulators.eclib.channel import Channel
from simulators.eclib.codes import TEXTS, Code, EclibError
from simulators.eclib.connections import Connections
from simulators.eclib.device import channel_infos
from simulators.eclib.structs import CHANNEL_INFOS, ExperimentInfos, HardwareConf
from simulators.eclib.tables import (
    BOARD_PREMIUM,
    FIRMWARE_ECLAB,
    FIRMWARE_KERNEL,
    FLOAT_IEEE,
    FPGA_FILES,
    KERNEL_FILES,
    LIBRARY_VERSION,
    SLOTS,
)

_ID, _CHANNEL, _LENGTH = ctypes.c_int32, ctypes.c_uint8, ctypes.c_uint8


class DeviceExports(Connections):
    """See the vendor's documentation for each export."""

    @export(Address, Address, connected=False)
    def BL_GetLibVersion(self, text: int | None, size: int | None) -> None:
        """Write the version of the library."""
        put_text(text, size, LIBRARY_VERSION)

    @export(result=ctypes.c_uint32, connected=False)
    def BL_GetVolumeSerialNumber(self) -> int:
        """Return the serial number of the computer's disk volume."""
        return 0x51B0_5EED

    @export(ctypes.c_int32, Address, Address, connected=False)
    def BL_GetErrorMsg(self, code: int, text: int | None, size: int | None) -> None:
        """Write the text of an error code."""
        put_text(text, size, TEXTS.get(code, f"unknown error {code}"))

    @export(ctypes.c_char_p, ctypes.c_uint8, Address, Address, connected=False)
    def BL_Connect(self, address: bytes | None, timeout: int, identity: int | None, infos: int | None) -> int:
        """Connect; with EC-Lab's firmware on the instrument the connection stands, but the code is -9."""
        if not identity or not infos:
            return Code.INVALIDPARAMETERS
        number, device = self.connect((address or b"").decode("ascii", "replace"), timeout)
        put(identity, struct.pack("<i", number))
        put(infos, device.infos())
        foreign = all(each.firmware == FIRMWARE_ECLAB for each in device.channels.values())
        return Code.ECLAB_LOADED if foreign else Code.NOERROR

    @export(_ID)
    def BL_Disconnect(self, identity: int) -> None:
        """Disconnect; programs go on."""
        self.disconnect(identity)

    @export(_ID)
    def BL_TestConnection(self, identity: int) -> None:
        """Fail when the connection does not stand."""
        self.device(identity)

    @export(_ID, _CHANNEL, Address, Address)
    def BL_TestCommSpeed(self, identity: int, channel: int, host: int | None, kernel: int | None) -> None:
        """Write the round-trip times to host and kernel in ms."""
        self.channel(identity, channel)
        put(host, struct.pack("<i", 1))
        put(kernel, struct.pack("<i", 1))

    @export(_ID, Address, Address, _LENGTH, ctypes.c_bool, ctypes.c_bool, ctypes.c_char_p, ctypes.c_char_p)
    def BL_LoadFirmware(
        self,
        identity: int,
        flags: int | None,
        results: int | None,
        length: int,
        gauge: bool,
        force: bool,
        kernel: bytes | None,
        fpga: bytes | None,
    ) -> int:
        """Load the library's firmware into the flagged channels."""
        channels = self.device(identity).channels
        _check_file(kernel, KERNEL_FILES, Code.FIRMFILENOTEXISTS)
        _check_file(fpga, FPGA_FILES, Code.XILFILENOTEXISTS)
        if self.faults.firmware_mismatch:
            return Code.FIRMWAREINCOMPATIBLE

        def load(channel: Channel) -> int:
            channel.advance(self.clock.now())
            if channel.running and (force or channel.firmware != FIRMWARE_KERNEL):
                return Code.CHANNEL_RUNNING
            channel.firmware = FIRMWARE_KERNEL
            return Code.NOERROR

        return _each(flags, results, length, channels, load)

    @export(_ID, _CHANNEL)
    def BL_IsChannelPlugged(self, identity: int, channel: int) -> int:
        """Return whether there is a board in the slot."""
        return int(channel in self.device(identity).channels)

    @export(_ID, Address, _LENGTH)
    def BL_GetChannelsPlugged(self, identity: int, flags: int | None, length: int) -> None:
        """Write a flag for each slot."""
        channels = self.device(identity).channels
        put(flags, bytes(slot in channels for slot in range(min(length, SLOTS))))

    @export(_ID, _CHANNEL, Address)
    def BL_GetChannelInfos(self, identity: int, number: int, infos: int | None) -> int:
        """Write 76 bytes about a channel, even when its firmware is not loaded."""
        channel = self.channel(identity, number)
        channel.advance(self.clock.now())
        if self.faults.zero_channel_infos > 0:
            self.faults.zero_channel_infos -= 1
            put(infos, bytes(CHANNEL_INFOS.size))
            return Code.NOERROR
        put(infos, channel_infos(channel))
        return Code.NOERROR if channel.firmware == FIRMWARE_KERNEL else Code.FIRMWARENOTLOADED

    @export(_ID, _CHANNEL, Address)
    def BL_GetChannelBoardType(self, identity: int, channel: int, kind: int | None) -> None:
        """Write the board type."""
        self.channel(identity, channel)
        put(kind, struct.pack("<I", BOARD_PREMIUM))

    @export(_ID, _CHANNEL, Address)
    def BL_GetChannelFloatFormat(self, identity: int, channel: int, kind: int | None) -> None:
        """Write the float format."""
        self.channel(identity, channel)
        put(kind, struct.pack("<i", FLOAT_IEEE))

    @export(_ID, _CHANNEL, Address, Address)
    def BL_GetMessage(self, identity: int, number: int, text: int | None, size: int | None) -> None:
        """Write the oldest message of a channel and forget it; size 0 when there is none."""
        channel = self.channel(identity, number)
        channel.advance(self.clock.now())
        put_text(text, size, channel.messages.popleft() if channel.messages else "")

    @export(_ID, _CHANNEL, Address)
    def BL_GetHardConf(self, identity: int, channel: int, conf: int | None) -> None:
        """Write electrode connection and grounding."""
        put(conf, struct.pack("<2i", *self.channel(identity, channel).hardware))

    @export(_ID, _CHANNEL, HardwareConf)
    def BL_SetHardConf(self, identity: int, number: int, conf: Any) -> int:
        """Set electrode connection and grounding of a stopped channel."""
        channel = self.channel(identity, number)
        channel.advance(self.clock.now())
        if channel.running:
            return Code.CHANNEL_RUNNING
        if not (0 <= conf.connection <= 3 and 0 <= conf.ground <= 1):
            return Code.INVALIDCONF
        channel.hardware = (conf.connection, conf.ground)
        return Code.NOERROR

    @export(_ID, _CHANNEL, Address, Address)
    def BL_GetOptErr(self, identity: int, channel: int, error: int | None, position: int | None) -> None:
        """Write the error of an option board: there is none."""
        self.channel(identity, channel)
        put(error, bytes(4))
        put(position, bytes(4))

    @export(_ID, _CHANNEL, ExperimentInfos)
    def BL_SetExperimentInfos(self, identity: int, channel: int, infos: Any) -> None:
        """Keep notes in a channel."""
        self.channel(identity, channel).experiment = ExperimentInfos.from_buffer_copy(infos)

    @export(_ID, _CHANNEL, Address)
    def BL_GetExperimentInfos(self, identity: int, channel: int, infos: int | None) -> None:
        """Write the notes kept in a channel."""
        put(infos, bytes(self.channel(identity, channel).experiment))

    @export(_ID, _CHANNEL)
    def BL_StartChannel(self, identity: int, channel: int) -> None:
        """Start the loaded program."""
        self.channel(identity, channel).start(self.clock.now())

    @export(_ID, _CHANNEL)
    def BL_StopChannel(self, identity: int, channel: int) -> None:
        """Halt the program; no error when none runs."""
        self.channel(identity, channel).stop(self.clock.now())

    @export(_ID, Address, Address, _LENGTH)
    def BL_StartChannels(self, identity: int, flags: int | None, results: int | None, length: int) -> int:
        """Start several channels at the same instant."""
        now = self.clock.now()
        return _each(flags, results, length, self.device(identity).channels, lambda each: each.start(now))

    @export(_ID, Address, Address, _LENGTH)
    def BL_StopChannels(self, identity: int, flags: int | None, results: int | None, length: int) -> int:
        """Halt several channels at the same instant."""
        now = self.clock.now()
        return _each(flags, results, length, self.device(identity).channels, lambda each: each.stop(now))


def _check_file(file: bytes | None, known: dict[str, int], missing: Code) -> None:
    if not file:
        return
    name = file.decode("ascii", "replace").replace("\\", "/").rsplit("/", 1)[-1].lower()
    if name not in known:
        raise EclibError(missing)
    if known[name] != BOARD_PREMIUM:
        raise EclibError(Code.FIRMWAREINCOMPATIBLE)


def _each(flags: int | None, results: int | None, length: int, channels: Any, action: Any) -> int:
    """Do something to each flagged channel; write one code for each and return the first bad one."""
    if not flags or not results:
        return Code.INVALIDPARAMETERS
    selected = ctypes.string_at(flags, length)
    if not any(selected):
        return Code.NOCHANNELSELECTED
    codes = [0] * length
    for slot in range(length):
        if not selected[slot]:
            continue
        try:
            codes[slot] = (action(channels[slot]) or 0) if slot in channels else Code.CHANNELNOTPLUGGED
        except EclibError as failure:
            codes[slot] = failure.code
    put(results, struct.pack(f"<{length}i", *codes))
    return next((code for code in codes if code), 0)
