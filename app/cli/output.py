"""How the command line speaks: JSON on request, tables for people, errors in one message."""

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from core.errors import BadInput

out = Console(highlight=False)
"""Results."""
err = Console(stderr=True, highlight=False)
"""Progress, warnings and errors."""


def write_json(value: Any, target: str) -> None:
    """Write JSON to a file, or to standard output for ``-``.

    Raises
    ------
    BadInput
        If the file cannot be written.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    if target == "-":
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        return
    try:
        Path(target).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{target!r} cannot be written: {error.strerror};", "choose another file.") from None


def number(value: float | None, digits: int = 3, unit: str = "") -> str:
    """Write a number for a table; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.{digits}g}{' ' + unit if unit else ''}"
