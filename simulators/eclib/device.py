"""An instrument on the network: its channels and who is connected."""

import re
from collections.abc import Mapping

from simulators.eclib.channel import Channel
from simulators.eclib.structs import CHANNEL_INFOS, DEVICE_INFOS
from simulators.eclib.tables import (
    BOARD_PREMIUM,
    DEVICE_VMP300,
    FIRMWARE_KERNEL,
    FIRMWARE_VERSION,
    FPGA_VERSION,
    LARGEST_BANDWIDTH,
    LARGEST_RANGE,
    SLOTS,
    SMALLEST_RANGE,
)

_IP = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})")
_USB = re.compile(r"USB\d{1,2}", re.IGNORECASE)


def well_formed(address: str) -> bool:
    """Return whether `address` is an IPv4 address or a USB index, as the library takes them."""
    match = _IP.fullmatch(address)
    if match:
        return all(int(part) <= 255 for part in match.groups())
    return _USB.fullmatch(address) is not None


class Device:
    """A simulated VMP-300.

    Parameters
    ----------
    channels : mapping of int to Channel
        By slot, from 0.

    Attributes
    ----------
    connections : int
        Clients connected now.
    """

    def __init__(self, channels: Mapping[int, Channel]) -> None:
        self.channels = channels
        self.connections = 0

    def infos(self) -> bytes:
        """Return the device infos as they cross the boundary."""
        return DEVICE_INFOS.pack(
            DEVICE_VMP300,
            128,
            0,
            len(self.channels),
            SLOTS,
            FIRMWARE_VERSION,
            2021,
            6,
            1,
            1,
            self.connections,
        )


def channel_infos(channel: Channel) -> bytes:
    """Return the infos of a channel as they cross the boundary."""
    loaded = channel.firmware == FIRMWARE_KERNEL
    return CHANNEL_INFOS.pack(
        channel.number,
        BOARD_PREMIUM,
        1000 + channel.number,
        channel.firmware,
        FIRMWARE_VERSION if loaded else 0,
        FPGA_VERSION if loaded else 0,
        0,
        0,
        0,
        1,
        0,
        0,
        channel.memory.capacity,
        channel.memory.filled,
        channel.state_seen() if loaded else 0,
        LARGEST_RANGE,
        SMALLEST_RANGE,
        LARGEST_BANDWIDTH,
        len(channel.program.techniques),
    )
