"""The abstract climate chamber."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Literal

from core.errors import InstrumentError
from drivers.instrument import Instrument

MessageKind = Literal["alarm", "warning", "info", "unknown"]


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


@dataclass(frozen=True)
class ChamberMessage:
    """An active message of the chamber; `kind` is ``"unknown"`` where the controller does not tell."""

    number: int
    kind: MessageKind
    text: str


@dataclass(frozen=True)
class ProgramState:
    """What the chamber's own program does.

    Attributes
    ----------
    number : int
        Of the program; 0 if none is running or was.
    name : str
    running, paused, waiting, finished : bool
        A paused or waiting program is running, too. It waits for its start time, or for the
        measured temperature to follow.
    runs, runs_done : int
        How often it was to be worked through, and how often it has been.
    """

    number: int
    name: str = ""
    running: bool = False
    paused: bool = False
    waiting: bool = False
    finished: bool = False
    runs: int = 0
    runs_done: int = 0


class ClimateChamber(Instrument):
    """A temperature chamber with a set-point, start and stop.

    Gradients and programs are optional: a chamber that has none leaves these methods as they are.
    """

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

    @abstractmethod
    def idle(self, kelvin: float) -> None:
        """End programs and ramps and go to an idle set-point in K, verified by reading it back.

        A chamber that conditions goes on conditioning, because what is cold must be warmed before
        the door is opened; one that stands still is not started.
        """

    @abstractmethod
    def channels(self) -> tuple[str, ...]:
        """Return the names of the digital channels, such as a dryer."""

    @abstractmethod
    def switch(self, name: str, on: bool) -> None:
        """Switch a digital channel by its name, and verify it.

        Raises
        ------
        InstrumentError
            If there is no such channel, more than one that may be meant, or it did not switch.
        """

    @abstractmethod
    def switched(self, name: str) -> bool:
        """Return whether a digital channel is on; `name` as in `switch`."""

    @abstractmethod
    def messages(self) -> tuple[ChamberMessage, ...]:
        """Return all active messages."""

    @abstractmethod
    def acknowledge(self) -> None:
        """Acknowledge all messages; one whose cause remains stays active."""

    def set_gradients(self, up: float, down: float) -> None:
        """Set the rates in K/s at which the set-point rises and falls from now on; 0 jumps.

        With both at 0 the set-point is the target again.

        Raises
        ------
        InstrumentError
            If the chamber has no gradients or did not take these.
        """
        raise self._without("gradients")

    def start_program(self, number: int, runs: int = 1) -> None:
        """Start one of the chamber's own programs and verify that it runs.

        Raises
        ------
        InstrumentError
            If the chamber has no programs or not this one, or another one is running.
        """
        raise self._without("programs")

    def stop_program(self) -> None:
        """Stop the program, if one runs, and verify it. Conditioning goes on in manual mode."""
        raise self._without("programs")

    def pause_program(self) -> None:
        """Hold the running program where it is, and verify it."""
        raise self._without("programs")

    def continue_program(self) -> None:
        """Go on with a paused program, and verify it."""
        raise self._without("programs")

    def program(self) -> ProgramState:
        """Return what the chamber's program does."""
        raise self._without("programs")

    def _without(self, what: str) -> InstrumentError:
        return InstrumentError(
            f"This climate chamber ({type(self).__name__}) has no {what}.", "Give it set-points instead."
        )
