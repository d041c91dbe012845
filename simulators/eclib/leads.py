"""What a channel's leads can be clamped to, and taken off again."""

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Load(Protocol):
    """The cell as a potentiostat sees it; times in bench seconds, absolute SI values.

    Inputs come at times that do not decrease. A test of a limit looks a fraction of a second back, so
    an input may be a little earlier than the latest query.
    """

    def set_current(self, time: float, current: float) -> None:
        """Hold a current in A from `time` on, positive stripping the working electrode."""

    def set_voltage(self, time: float, voltage: float) -> None:
        """Hold a voltage in V from `time` on."""

    def open_circuit(self, time: float) -> None:
        """Let no current through from `time` on."""

    def touch(self, time: float) -> None:
        """Take note that the surroundings change course from `time` on."""

    def measure(self, time: float) -> tuple[float, float]:
        """Return E in V and I in A."""

    def scan(
        self, frequency: NDArray[np.float64], time: NDArray[np.float64]
    ) -> tuple[NDArray[np.complex128], NDArray[np.float64], NDArray[np.float64]]:
        """Return Z in Ω, E in V and I in A, each frequency at its own time; shapes (n,)."""


class OpenLeads:
    """Nothing connected: E goes to the compliance as soon as a current is asked for."""

    COMPLIANCE = 10.0
    CAPACITANCE = 50e-12

    def __init__(self) -> None:
        self._voltage = 0.0

    def set_current(self, time: float, current: float) -> None:
        """See `Load`; the current does not flow."""
        self._voltage = float(np.copysign(self.COMPLIANCE, current)) if current else 0.0

    def set_voltage(self, time: float, voltage: float) -> None:
        """See `Load`."""
        self._voltage = voltage

    def open_circuit(self, time: float) -> None:
        """See `Load`."""
        self._voltage = 0.0

    def touch(self, time: float) -> None:
        """See `Load`; open leads have no surroundings."""

    def measure(self, time: float) -> tuple[float, float]:
        """See `Load`."""
        return self._voltage, 0.0

    def scan(
        self, frequency: NDArray[np.float64], time: NDArray[np.float64]
    ) -> tuple[NDArray[np.complex128], NDArray[np.float64], NDArray[np.float64]]:
        """Return the impedance of the leads' own capacitance; see `Load`."""
        impedance = np.asarray(1.0 / (2j * np.pi * frequency * self.CAPACITANCE), np.complex128)
        return impedance, np.full(len(time), self._voltage), np.zeros(len(time))


class Clamps:
    """Leads on one load after another: each instant meets the load that was on them then.

    A measurement takes time, and rows are made after it, so some of them still belong to the load
    before. Of those before that, nothing is asked any more.

    Parameters
    ----------
    load : Load
        The first.

    Attributes
    ----------
    load : Load
        The present one, which takes the inputs.
    """

    def __init__(self, load: Load) -> None:
        self.load = load
        self._before = load
        self._since = -math.inf

    def clamp(self, time: float, load: Load) -> None:
        """Clamp the leads to another load at `time`."""
        self._before, self.load, self._since = self.load, load, time

    def measure(self, time: float) -> tuple[float, float]:
        """See `Load`."""
        return (self.load if time >= self._since else self._before).measure(time)

    def scan(
        self, frequency: NDArray[np.float64], time: NDArray[np.float64]
    ) -> tuple[NDArray[np.complex128], NDArray[np.float64], NDArray[np.float64]]:
        """See `Load`."""
        now = time >= self._since
        if now.all():
            return self.load.scan(frequency, time)
        if not now.any():
            return self._before.scan(frequency, time)
        early, late = (
            self._before.scan(frequency[~now], time[~now]),
            self.load.scan(frequency[now], time[now]),
        )
        impedance = np.empty(len(time), np.complex128)
        voltage, current = np.empty(len(time)), np.empty(len(time))
        for whole, first, second in zip((impedance, voltage, current), early, late, strict=True):
            whole[~now], whole[now] = first, second
        return impedance, voltage, current
