"""What a channel's leads can be clamped to."""

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
