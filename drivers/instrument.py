"""What every instrument has in common: an identity, and a safe state."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Identity:
    """What an instrument says it is.

    Attributes
    ----------
    instrument : str
        Its role on the bench: ``"potentiostat"``, ``"chamber"``, ``"gauge"`` or ``"press"``.
    model, serial, firmware : str
        As the instrument reports them.
    details : dict
        Anything else worth keeping with a run, as text.
    """

    instrument: str
    model: str
    serial: str = ""
    firmware: str = ""
    details: dict[str, str] = field(default_factory=dict)


class Instrument(ABC):
    """An instrument of the bench, connected for the length of a run."""

    @abstractmethod
    def identify(self) -> Identity:
        """Ask the instrument what it is.

        Raises
        ------
        InstrumentError
            If it does not answer or is not what the bench file says.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the connection. Never raises."""
