"""From a library and a bench file to a channel that is ready: each check with its own message."""

import ctypes
from dataclasses import dataclass

from core.errors import InstrumentError
from core.files import PotentiostatFile
from drivers.eclib.channel import Channel
from drivers.eclib.families import Family, family_of
from drivers.eclib.firmware import with_firmware
from drivers.eclib.functions import Functions
from drivers.eclib.ranges import current_ranges
from drivers.eclib.structs import DEVICE_NAMES, ChannelInfos, Ground, HardwareConf, State
from drivers.eclib.written import amperes
from drivers.instrument import Identity


@dataclass(frozen=True)
class Ready:
    """A connected channel that runs the library's firmware."""

    channel: Channel
    family: Family
    ranges: tuple[float, ...]


def connect(functions: Functions, settings: PotentiostatFile) -> Ready:
    """Connect, check the channel and its board, and load the firmware if it is not there.

    Raises
    ------
    InstrumentError
        Naming what is wrong and what to do; the connection has been given back then.
    """
    channel = Channel(functions, settings.address, settings.channel)
    channel.connect()
    try:
        return _prepared(channel, settings)
    except InstrumentError:
        channel.disconnect()
        raise


def answering(channel: Channel) -> ChannelInfos:
    """Return what the channel says about itself now.

    Raises
    ------
    InstrumentError
        If it does not answer, or has lost the library's firmware.
    """
    code, infos = channel.channel_infos()
    channel.functions.check(f"asking channel {channel.number} what it is", code)
    return infos


def identity(ready: Ready, infos: ChannelInfos) -> Identity:
    """Return what is worth keeping about instrument, channel and library with a run."""
    device = ready.channel.device
    date = (device.FirmwareDate_yyyy, device.FirmwareDate_mm, device.FirmwareDate_dd)
    return Identity(
        instrument="potentiostat",
        model=DEVICE_NAMES.get(device.DeviceCode, f"device code {device.DeviceCode}"),
        serial=str(infos.BoardSerialNumber),
        firmware=str(infos.FirmwareVersion),
        details={
            "address": ready.channel.address,
            "channel": str(ready.channel.number),
            "board": f"{ready.family.name} (type {ready.family.board_type})",
            "board version": str(infos.BoardVersion),
            "amplifier code": str(infos.AmpCode),
            "FPGA": f"0x{infos.XilinxVersion & 0xFFFFFFFF:X}",
            "instrument firmware": f"{device.FirmwareVersion} of {date[0]:04d}-{date[1]:02d}-{date[2]:02d}",
            "library": ready.channel.functions.library_version(),
        },
    )


def _prepared(channel: Channel, settings: PotentiostatFile) -> Ready:
    if not channel.plugged():
        raise InstrumentError(
            f"Potentiostat: channel {channel.number} at {channel.address!r} has no board.",
            "Choose a channel that is fitted, as numbered on the instrument, in the bench file.",
        )
    family = family_of(channel.board_type(), channel.number)
    infos = with_firmware(channel, family)
    ranges = current_ranges(settings.smallest_range, infos.MinIRange, infos.MaxIRange)
    if not ranges:
        raise InstrumentError(
            f"Potentiostat: channel {channel.number} has no current range from "
            f"{amperes(settings.smallest_range)} upwards.",
            "Lower `smallest_range` in the bench file.",
        )
    if 0 < infos.MaxBandwidth < settings.bandwidth:
        raise InstrumentError(
            f"Potentiostat: channel {channel.number} has bandwidths up to {infos.MaxBandwidth}, "
            f"not {settings.bandwidth}.",
            "Lower `bandwidth` in the bench file.",
        )
    if settings.floating and infos.State == State.STOP:
        set_ground(channel, Ground.FLOATING)
    return Ready(channel, family, ranges)


def set_ground(channel: Channel, ground: Ground) -> None:
    """Connect the electrodes in the standard way, floating or grounded, and read it back.

    Raises
    ------
    InstrumentError
        If the channel refuses, or reports another ground afterwards.
    """
    doing = f"setting channel {channel.number} to {ground.name}"
    channel.persist(doing, "BL_SetHardConf", HardwareConf(0, ground))
    conf = HardwareConf()
    channel.persist("reading the ground back", "BL_GetHardConf", ctypes.byref(conf))
    if conf.Ground != ground:
        raise InstrumentError(
            f"Potentiostat: channel {channel.number} did not become {ground.name} (it says {conf.Ground}).",
            "Check that its board has a floating mode, or change `floating` in the bench file.",
        )
