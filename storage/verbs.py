"""What a run can be told, and what has to be said with it."""

from typing import Literal

from core.errors import BadInput
from core.units import parse_quantity

VERBS = (
    "pause",
    "resume",
    "stop",
    "abort",
    "acknowledge",
    "skip",
    "enter",
    "override",
    "note",
)
"""What a run can be told."""

ENDING = ("stop", "abort")
"""Verbs that are kept even for a run that nothing is heard of, while its process is there."""

LONGEST = 20_000
"""Characters that can be said with a verb: every window that watches the run shows them."""

_ENTERED: tuple[Literal["N"], Literal["Pa"]] = ("N", "Pa")
_NEEDS_TEXT = {
    "note": ("the note is empty;", "write its text after the word note."),
    "override": (
        "override needs the name of a rule;",
        "write it after the word; the run's decisions show the names.",
    ),
}


def check(verb: str, argument: str) -> None:
    """Refuse what no run could make sense of.

    Raises
    ------
    BadInput
        If there is no such verb, a text that is too long, a note without text, an override without a
        rule, or a value to be entered that is neither a force nor a pressure.
    """
    if verb not in VERBS:
        raise BadInput(f"a run cannot be told {verb!r};", f"the words are {', '.join(VERBS)}.")
    if len(argument) > LONGEST:
        raise BadInput(
            f"what is said with {verb!r} has {len(argument)} characters, more than {LONGEST};",
            "shorten it, and keep the rest in a file that it names.",
        )
    if verb in _NEEDS_TEXT and not argument.strip():
        raise BadInput(*_NEEDS_TEXT[verb])
    if verb == "enter":
        entered(argument)


def entered(argument: str) -> tuple[float, Literal["N", "Pa"]]:
    """Return what somebody read off a gauge: a force in N or a pressure in Pa, and which of them.

    Parameters
    ----------
    argument : str
        With a unit, e.g. ``"405.8 N"`` or ``"7.5 MPa"``.

    Raises
    ------
    BadInput
    """
    for unit in _ENTERED:
        try:
            return parse_quantity(argument, unit), unit
        except BadInput:
            continue
    raise BadInput(
        f"{argument!r} is neither a force nor a pressure;",
        'write what the gauge shows with a decimal point and its unit, for example "405.8 N" or "7.5 MPa".',
    )
