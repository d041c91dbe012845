"""The library's own firmware: whether the channel runs it, and loading it."""

import ctypes
import logging

from core.errors import InstrumentError
from drivers.eclib.channel import Channel
from drivers.eclib.errors import FIRMWARE_FILE_MISSING, FIRMWARE_NOT_LOADED
from drivers.eclib.families import Family
from drivers.eclib.structs import CHANNELS, ChannelInfos, Firmware, State

_log = logging.getLogger(__name__)


def with_firmware(channel: Channel, family: Family) -> ChannelInfos:
    """Return the channel's infos once it runs the library's firmware, loading it if need be.

    Raises
    ------
    InstrumentError
        If another program runs something in the channel, or the firmware cannot be loaded.
    """
    code, infos = channel.channel_infos()
    if code not in (0, FIRMWARE_NOT_LOADED):
        channel.functions.check(f"asking channel {channel.number} what it is", code)
    if code == 0 and infos.FirmwareCode == Firmware.KERNEL:
        return infos
    if infos.State != State.STOP:
        raise InstrumentError(
            f"Potentiostat: channel {channel.number} is running under another program's firmware "
            f"(code {infos.FirmwareCode}).",
            "Let it finish or stop it there, close that program, then run `bench check`.",
        )
    _log.info("channel %d has firmware code %d; loading the library's", channel.number, infos.FirmwareCode)
    _load(channel, family)
    code, infos = channel.channel_infos()
    channel.functions.check(f"asking channel {channel.number} for its firmware after loading it", code)
    if infos.FirmwareCode != Firmware.KERNEL:
        raise InstrumentError(
            f"Potentiostat: channel {channel.number} has firmware code {infos.FirmwareCode} after loading; "
            f"the library needs {Firmware.KERNEL.value}.",
            "Close EC-Lab, switch the instrument off and on, then run `bench check`.",
        )
    return infos


def _load(channel: Channel, family: Family) -> None:
    """Load the firmware into this channel only, under the first name that the package has."""
    for name in family.firmware:
        code = _load_file(channel, name, family.fpga)
        if code != FIRMWARE_FILE_MISSING:
            break
    channel.functions.check(f"loading the firmware {name} into channel {channel.number}", code)


def _load_file(channel: Channel, firmware: str, fpga: str | None) -> int:
    chosen = (ctypes.c_uint8 * CHANNELS)()
    chosen[channel.index] = 1
    results = (ctypes.c_int32 * CHANNELS)()
    code: int = channel.functions["BL_LoadFirmware"](
        channel.connection,
        chosen,
        results,
        CHANNELS,
        False,
        False,
        firmware.encode("ascii"),
        fpga.encode("ascii") if fpga else None,
    )
    return code or results[channel.index]
