"""The analogue side of a channel: what it controls, what it measures, in which ranges."""

from typing import Literal

from simulators.eclib.leads import Clamps, Load
from simulators.eclib.noise_model import ChannelNoise
from simulators.eclib.program import Control, Hardware
from simulators.eclib.tables import (
    LARGEST_RANGE,
    RANGE_AUTO,
    RANGE_KEEP,
    VOLTAGE_RANGES,
    current_range,
    smallest_range,
)


class FrontEnd:
    """Drives the load and measures it, with offset and noise.

    Parameters
    ----------
    load : Load
        What the leads are clamped to at first.
    noise : ChannelNoise

    Attributes
    ----------
    leads : Clamps
    range : int
        Code of the current range in use.
    mode : "open", "current" or "voltage"
        What is controlled now.
    samples, points : int
        Scalar rows and impedance points measured so far; they key the noise.
    surroundings : int
        Counts the changes of course of temperature and force, and of what is on the leads.
    """

    def __init__(self, load: Load, noise: ChannelNoise) -> None:
        self.leads = Clamps(load)
        self.noise = noise
        self.range = LARGEST_RANGE
        self.voltage_range = 3
        self.mode: Literal["open", "current", "voltage"] = "open"
        self.samples = 0
        self.points = 0
        self.surroundings = 0
        self.automatic = False
        self._level = 0.0
        self._last: tuple[float, tuple[float, float]] | None = None

    @property
    def full_scale(self) -> float:
        """Current range in use, in A."""
        return current_range(self.range)

    @property
    def level(self) -> float:
        """Controlled value in A or V; zero at open circuit."""
        return self._level

    def configure(self, hardware: Hardware) -> None:
        """Take over the settings of a technique."""
        self.voltage_range = hardware.voltage_range
        self.automatic = hardware.current_range == RANGE_AUTO
        if hardware.current_range not in (RANGE_KEEP, RANGE_AUTO):
            self.range = hardware.current_range

    def control(self, time: float, quantity: Control, level: float) -> None:
        """Hold a current (A) or a voltage (V) from `time` on, no further than the range goes."""
        limit = self.full_scale if quantity == "current" else VOLTAGE_RANGES[self.voltage_range]
        level = min(max(level, -limit), limit)
        if (self.mode, self._level) == (quantity, level):
            return
        self.mode, self._level, self._last = quantity, level, None
        self._drive(time)

    def _drive(self, time: float) -> None:
        if self.mode == "current":
            self.leads.load.set_current(time, self._level)
        elif self.mode == "voltage":
            self.leads.load.set_voltage(time, self._level)
        else:
            self.leads.load.open_circuit(time)

    def open(self, time: float) -> None:
        """Go to open circuit at `time`."""
        if self.mode != "open":
            self.mode, self._level, self._last = "open", 0.0, None
            self._drive(time)

    def clamp(self, time: float, load: Load) -> None:
        """Take the leads off their load, which is then at open circuit, and clamp them to another.

        What is controlled goes on: a person can change the cell while the current flows.
        """
        self.leads.load.open_circuit(time)
        self.leads.clamp(time, load)
        self._last = None
        self.surroundings += 1
        self._drive(time)

    def reference(self, time: float, quantity: Control) -> float:
        """Return what a relative level counts from: the value controlled before, or else the one there is."""
        if self.mode == quantity:
            return self._level
        if quantity == "voltage":
            return self.voltage(time)
        return 0.0 if self.mode == "open" else self._measure(time)[1]

    def voltage(self, time: float) -> float:
        """Return E in V with the channel's offset, without noise."""
        return self._measure(time)[0] + self.noise.voltage_offset

    def current(self, time: float, peak: float = 0.0) -> float:
        """Return I in A without noise; an automatic range follows it and the `peak` of a sine."""
        current = 0.0 if self.mode == "open" else self._measure(time)[1]
        if self.automatic and self.mode != "open":
            self.range = smallest_range(abs(current) + peak)
        return current

    def _measure(self, time: float) -> tuple[float, float]:
        """Return the true E and I, which are asked for several times at one instant."""
        if self._last is None or self._last[0] != time:
            self._last = (time, self.leads.measure(time))
        return self._last[1]

    def sample(self, time: float) -> tuple[float, float]:
        """Measure one row: E in V and I in A, clipped to the ranges."""
        number = self.samples
        self.samples += 1
        return self._measured(time, "rows", number)

    def look(self, time: float) -> tuple[float, float]:
        """Measure E in V and I in A for somebody who looks on; the noise changes every 10 ms."""
        return self._measured(time, "live", int(time * 100.0))

    def _measured(self, time: float, stream: str, number: int) -> tuple[float, float]:
        voltage = self.voltage(time) + self.noise.voltage(stream, number)
        limit = VOLTAGE_RANGES[self.voltage_range]
        voltage = min(max(voltage, -limit), limit)
        if self.mode == "open":
            return voltage, 0.0
        current = self.current(time)
        full = self.full_scale
        current += full * self.noise.current(stream, number)
        return voltage, min(max(current, -full), full)
