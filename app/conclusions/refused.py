"""What could not be concluded, and why: nothing is left out silently."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refused:
    """Something that the runs do not allow to be concluded.

    Attributes
    ----------
    what : str
        E.g. ``"Sand plot"``.
    why : str
        One sentence, with the values.
    remedy : str
        What to do about it.
    runs : tuple of int
        Which runs it is about.
    """

    what: str
    why: str
    remedy: str
    runs: tuple[int, ...] = ()
