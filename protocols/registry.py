"""The protocols there are, by name."""

import difflib

from core.errors import BadInput
from protocols.geis_stripping import GeisStripping
from protocols.protocol import Protocol

PROTOCOLS: dict[str, type[Protocol]] = {each.__name__: each for each in (GeisStripping,)}


def protocol(name: str) -> type[Protocol]:
    """Return the protocol called `name`.

    Raises
    ------
    BadInput
        If there is none; the message names those there are.
    """
    try:
        return PROTOCOLS[name]
    except KeyError:
        close = difflib.get_close_matches(name, PROTOCOLS, n=1)
        remedy = f'did you mean "{close[0]}"?' if close else f"there are {', '.join(PROTOCOLS)}."
        raise BadInput(f"there is no protocol {name!r};", remedy) from None
