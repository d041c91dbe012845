"""What the steps of a campaign hand on to each other about a cell."""

from dataclasses import dataclass


@dataclass
class KnownCell:
    """What has been found out about a mounted cell so far.

    Attributes
    ----------
    alpha_gb, inductance : tuple of (float, float) or None
        Exponent of the grain-boundary arc, and inductance in H, each with its standard error, from
        a high-resolution spectrum of this cell.
    current_off : float or None
        Second of the bench's clock, not of a run's, at which a current last ended.
    voltage_at_end : float or None
        E in V at that moment.
    capacitance : float or None
        C_int in F by the last spectrum at open circuit before any charge had passed: whole contact.
    charge : float
        C that have passed, positive for stripping the working electrode, since it was mounted.
    """

    alpha_gb: tuple[float, float] | None = None
    inductance: tuple[float, float] | None = None
    current_off: float | None = None
    voltage_at_end: float | None = None
    capacitance: float | None = None
    charge: float = 0.0
