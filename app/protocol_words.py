"""The names of protocols as people say them, for all that shows them."""

import re

IMPORTED = "Imported"
"""In place of the protocol of a run whose spectra came from files."""

_WORD = re.compile(r"[A-Z][a-z0-9]*")
_ABBREVIATIONS = frozenset({"geis", "peis", "ocv"})


def in_words(name: str) -> str:
    """Return the name of a class in words, e.g. ``"GEIS stripping"`` for ``GeisStripping``.

    What is not written like a class is returned as it is.
    """
    parts = [part.lower() for part in _WORD.findall(name)]
    parts = [part.upper() if part in _ABBREVIATIONS else part for part in parts]
    words = " ".join(parts)
    return words[:1].upper() + words[1:] if words else name
