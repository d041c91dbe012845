"""The abstract force gauge."""

from abc import abstractmethod
from dataclasses import dataclass

from drivers.instrument import Instrument


@dataclass(frozen=True)
class ForceReading:
    """One reading: force in N (compression positive), its resolution in N, and the reply itself."""

    force: float
    resolution: float
    text: str
    overload: bool = False


class ForceGauge(Instrument):
    """An electronic force gauge or load-cell indicator."""

    @property
    @abstractmethod
    def full_scale(self) -> float:
        """Nominal load in N."""

    @abstractmethod
    def read(self) -> ForceReading:
        """Take one reading.

        Raises
        ------
        InstrumentError
            If the reply has no unit, an unknown one, or is no number.
        """

    @abstractmethod
    def zero(self) -> None:
        """Tare: the present load reads zero from now on."""

    @abstractmethod
    def peak(self) -> ForceReading:
        """Return the largest compression since the peak was cleared."""

    @abstractmethod
    def clear_peak(self) -> None:
        """Forget the peaks."""
