"""The abstract force gauge."""

from abc import abstractmethod

from core.errors import InstrumentError
from drivers.force_reading import ForceReading
from drivers.force_stream import ForceStream
from drivers.instrument import Instrument

__all__ = ["ForceGauge", "ForceReading", "ForceStream"]


class ForceGauge(Instrument):
    """An electronic force gauge or load-cell indicator."""

    @property
    @abstractmethod
    def full_scale(self) -> float:
        """Nominal load in N."""

    @property
    @abstractmethod
    def uncertainty(self) -> float:
        """Standard uncertainty of a reading in N, whatever the load: it counts on the full scale."""

    @abstractmethod
    def read(self) -> ForceReading:
        """Take one reading; the newest of a stream, while one runs.

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

    def stream(self, interval: float = 0.1) -> ForceStream:
        """Let the gauge send readings by itself, about every `interval` s of wall time.

        To be used as a context manager and iterated over. While it runs, `read` gives its newest
        reading; tare and peak wait until it has ended.

        Raises
        ------
        InstrumentError
            If this gauge cannot.
        """
        raise InstrumentError(
            f"This force gauge ({type(self).__name__}) does not stream.", "Read it again and again instead."
        )
