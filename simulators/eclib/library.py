"""The simulated library as a client sees it: exports by name."""

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from core.clock import Clock
from simulators.eclib.boundary import BarePointer, Signature, guarded
from simulators.eclib.channel import Channel
from simulators.eclib.device import Device
from simulators.eclib.exports_data import DataExports
from simulators.eclib.exports_device import DeviceExports
from simulators.eclib.exports_program import ProgramExports
from simulators.eclib.faults import Faults
from simulators.eclib.leads import Load, OpenLeads
from simulators.eclib.noise_model import NoiseParameters
from simulators.eclib.tables import SLOTS


class _Exports(DeviceExports, ProgramExports, DataExports):
    """All exports over the same connections."""


class SimulatedEClib:
    """Stands in for ``ctypes.WinDLL("EClib64.dll")`` of a VMP-300 with a simulated cell on it.

    Attribute access gives a cached and subscript access a fresh function pointer, without argument
    types, as ctypes does for a loaded library. A name that is not exported is an AttributeError.

    Parameters
    ----------
    cell : Load
        What is clamped to the leads of `channel` of the first device that is connected to.
    clock : Clock
        Asked for the time and never waited on.
    seed : int
        Of the noise.
    noise : NoiseParameters, optional
    point_overhead : float
        Dead time of each impedance point in s.
    faults : Faults, optional
        May be changed while a program runs.
    channel : int
        Slot of the cell, from 0. The slot beside it has a board with open leads.

    Attributes
    ----------
    faults : Faults
    """

    _name = "EClib64.dll"

    def __init__(
        self,
        cell: Load,
        clock: Clock,
        seed: int = 1,
        noise: NoiseParameters | None = None,
        point_overhead: float = 0.25,
        faults: Faults | None = None,
        channel: int = 0,
    ) -> None:
        self.faults = faults or Faults()
        self._cell, self._seed, self._slot = cell, seed, channel
        self._noise = noise or NoiseParameters()
        self._overhead = point_overhead
        self._lock = threading.Lock()
        self._exports = _Exports(clock, self.faults, self._make_device)
        self._clock = clock
        self._thunks: dict[str, Any] = {}

    def _make_device(self) -> Device:
        loads: dict[int, Load] = {self._slot: OpenLeads(), (self._slot + 1) % SLOTS: OpenLeads()}
        if not self._exports.devices:
            loads[self._slot] = self._cell
        return Device(
            {
                slot: Channel(slot, load, self._seed, self._noise, self._overhead, self.faults)
                for slot, load in sorted(loads.items())
            }
        )

    def advance(self) -> None:
        """Let all channels catch up with the clock, as every call to one of them does.

        Whoever looks at the cell past the library does this first.
        """
        with self.still():
            pass

    @contextmanager
    def still(self) -> Iterator[float]:
        """Keep other threads out of library and cell, caught up with the clock, for the length of a block.

        Yields
        ------
        float
            The present bench second.
        """
        with self._lock:
            now = self._clock.now()
            self._catch_up(now)
            yield now

    def touch(self, time: float) -> None:
        """Tell the cell that temperature or force changes course from `time` on.

        The channels catch up first, because the cell wants its inputs in the order of their times.
        """
        with self._lock:
            now = max(time, self._clock.now())
            self._catch_up(now)
            self._cell.touch(now)
            for channel in self._channels():
                channel.front.surroundings += 1

    def clamp(self, load_at: Callable[[float], Load]) -> None:
        """Take the cell off the leads and clamp them to another load; a program goes on with that one.

        Parameters
        ----------
        load_at : callable
            Returns the other load for the bench second of the change, with everybody else kept out.
        """
        with self._lock:
            now = self._clock.now()
            self._catch_up(now)
            before, self._cell = self._cell, load_at(now)
            for channel in self._channels():
                if channel.front.leads.load is before:
                    channel.front.clamp(now, self._cell)

    def _catch_up(self, now: float) -> None:
        for channel in self._channels():
            channel.advance(now)

    def _channels(self) -> Iterator[Channel]:
        for device in self._exports.devices.values():
            yield from device.channels.values()

    def _thunk(self, name: str) -> Any:
        if name not in self._thunks:
            method = getattr(self._exports, name, None)
            signature: Signature | None = getattr(method, "signature", None)
            if method is None or signature is None:
                raise AttributeError(f"function {name!r} not found")
            connected = signature.connected
            call = guarded(
                name,
                method,
                self._lock,
                lambda: self._exports.patience,
                lambda: self.faults.strike(name, self._seed, connected),
            )
            self._thunks[name] = ctypes.CFUNCTYPE(signature.result, *signature.arguments)(call)
        return self._thunks[name]

    def __getitem__(self, name: str) -> Any:
        thunk = self._thunk(name)
        pointer = BarePointer(ctypes.cast(thunk, ctypes.c_void_p).value)
        pointer.__name__ = name
        # The pointer is a bare address: it has to keep alive what it points at.
        pointer.thunk = thunk
        return pointer

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        pointer = self[name]
        setattr(self, name, pointer)
        return pointer
