"""The abstract motorised press."""

from abc import abstractmethod

from drivers.instrument import Instrument


class Press(Instrument):
    """A motor in place of the hand on the screw. It holds a travel, not a force.

    What it has reached it leaves alone: a spring that relaxes or a frame that expands is logged by
    the gauge, and only another `set_force` turns the screw again.
    """

    @abstractmethod
    def limits(self) -> tuple[float, float]:
        """Return the lowest and highest force in N that may be asked for."""

    @abstractmethod
    def set_force(self, newtons: float) -> None:
        """Set out for a force in N, compression positive; returns at once.

        Raises
        ------
        BadInput
            If it is beyond the limits; nothing has moved then.
        InstrumentError
        """

    @abstractmethod
    def target(self) -> float | None:
        """Return the force in N that was asked for last; None before, and after a stop."""

    @abstractmethod
    def moving(self) -> bool:
        """Look once, take the next step towards the target if one is due, and say whether it goes on.

        To be asked every second or so until it says no. A press that nobody asks any more comes to
        rest by itself, before it has passed the target.

        Raises
        ------
        InstrumentError
            If it cannot be moved, or the gauge shows an overload; the motor has been stopped then.
        """

    @abstractmethod
    def stop(self) -> None:
        """Stop the motor and verify that it stands still."""
