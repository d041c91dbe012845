"""Arguments and replies of the simulated SIMSERV controller, shared by its commands."""

from collections.abc import Callable

WRONG_ARGUMENTS = "-6"
NO_DATA = "-8"

Command = tuple[int, Callable[..., str | None]]
"""Number of arguments, and what gives the value of the reply; None for a bare acknowledgement."""


class Refused(Exception):
    """Carries the error code that is the reply."""


def only_first(text: str) -> Callable[[float], str]:
    """Return a command that answers `text` for variable 1."""

    def command(variable: float) -> str:
        index_of(variable, 1)
        return text

    return command


def index_of(number: float, count: int) -> int:
    """Return `number` counted from 0, or refuse one that does not exist."""
    if number != int(number) or not 1 <= number <= count:
        raise Refused(NO_DATA)
    return int(number) - 1


def written(value: float) -> str:
    """Write a number in the controller's free width, e.g. ``30.06`` and ``-45``."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
