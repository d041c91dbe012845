"""Writing to controllers that acknowledge what they do not do: whatever is written is read back."""

from collections.abc import Callable

from core.clock import wall_time
from core.errors import InstrumentError

PATIENCE = 1.0
"""Wall seconds that a controller may take to show what it acknowledged."""


def eventually(done: Callable[[], bool]) -> bool:
    """Return whether a condition holds within the patience; it is looked at at least twice."""
    deadline = wall_time() + PATIENCE
    while not done():
        if wall_time() > deadline:
            return done()
    return True


def written(write: Callable[[], bool], done: Callable[[], bool]) -> bool:
    """Write, and look until it shows; write once more if the acknowledgement was lost.

    Parameters
    ----------
    write : callable
        Returns whether the write was acknowledged.
    done : callable
        Whether the read-back shows it.

    Returns
    -------
    bool
        Whether it shows.
    """
    if write():
        return eventually(done)
    return eventually(done) or (write() and eventually(done))


def write_verified(where: str, write: Callable[[], bool], done: Callable[[], bool], what: str) -> None:
    """Write and read back; see `written`.

    Raises
    ------
    InstrumentError
        If the read-back does not show it, saying `what` was acknowledged by the one at `where`.
    """
    if not written(write, done):
        raise InstrumentError(
            f"{where} acknowledged being {what}, but its read-back says it was not.",
            "Check alarms and the external-control setting at its panel.",
        )
