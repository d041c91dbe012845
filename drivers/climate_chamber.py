"""The abstract climate chamber."""

from abc import abstractmethod
from dataclasses import dataclass

from drivers.instrument import Instrument


@dataclass(frozen=True)
class ChamberState:
    """What the chamber reports: temperatures in K, and its messages.

    `target` is what was asked for, remembered by the driver; `setpoint` is what the chamber
    follows at this moment (it moves during a ramp).
    """

    temperature: float
    setpoint: float
    target: float | None
    running: bool
    warnings: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()


class ClimateChamber(Instrument):
    """A temperature chamber with a set-point, start and stop."""

    @abstractmethod
    def limits(self) -> tuple[float, float]:
        """Return the lowest and highest set-point in K."""

    @abstractmethod
    def set_temperature(self, kelvin: float) -> None:
        """Write a set-point and read it back.

        Raises
        ------
        InstrumentError
            If the chamber did not take exactly this value (it clamps silently).
        """

    @abstractmethod
    def temperature(self) -> float:
        """Return the measured temperature in K."""

    @abstractmethod
    def read(self) -> ChamberState:
        """Return temperature, set-point and messages."""

    @abstractmethod
    def start(self) -> None:
        """Start conditioning in manual mode and verify that it runs."""

    @abstractmethod
    def stop(self) -> None:
        """Stop conditioning and verify that it stopped."""
