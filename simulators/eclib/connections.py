"""Who is connected to which instrument."""

from collections.abc import Callable

from core.clock import Clock
from simulators.eclib.channel import Channel
from simulators.eclib.codes import Code, EclibError
from simulators.eclib.device import Device, well_formed
from simulators.eclib.faults import Faults
from simulators.eclib.tables import MAX_CONNECTIONS

_USUAL_PATIENCE = 5.0


class Connections:
    """Devices by address, and connections to them by number.

    Parameters
    ----------
    clock : Clock
    faults : Faults
    make_device : callable
        Makes the device at an address that is connected to for the first time.
    """

    def __init__(self, clock: Clock, faults: Faults, make_device: Callable[[], Device]) -> None:
        self.clock, self.faults = clock, faults
        self.patience = _USUAL_PATIENCE
        self.devices: dict[str, Device] = {}
        self._make_device = make_device
        self._connected: dict[int, Device] = {}

    def connect(self, address: str, timeout: int) -> tuple[int, Device]:
        """Connect to an address; the time-out also becomes the patience with other callers.

        Raises
        ------
        EclibError
            INVALIDIPADDRESS, CONNECTIONFAILED or MAXCONNREACHED.
        """
        if not well_formed(address):
            raise EclibError(Code.INVALIDIPADDRESS)
        if self.faults.unreachable:
            raise EclibError(Code.CONNECTIONFAILED)
        key = address.upper()
        if key not in self.devices:
            self.devices[key] = self._make_device()
        device = self.devices[key]
        if device.connections >= MAX_CONNECTIONS:
            raise EclibError(Code.MAXCONNREACHED)
        number = next(free for free in range(len(self._connected) + 1) if free not in self._connected)
        self._connected[number] = device
        device.connections += 1
        if timeout > 0:
            self.patience = float(timeout)
        return number, device

    def disconnect(self, identity: int) -> None:
        """End a connection; the device goes on with what it does."""
        self.device(identity).connections -= 1
        del self._connected[identity]

    def device(self, identity: int) -> Device:
        """Return the device of a connection.

        Raises
        ------
        EclibError
            NOTCONNECTED.
        """
        try:
            return self._connected[identity]
        except KeyError:
            raise EclibError(Code.NOTCONNECTED) from None

    def channel(self, identity: int, number: int) -> Channel:
        """Return a channel of a connected device.

        Raises
        ------
        EclibError
            NOTCONNECTED or CHANNELNOTPLUGGED.
        """
        try:
            return self.device(identity).channels[number]
        except KeyError:
            raise EclibError(Code.CHANNELNOTPLUGGED) from None
