"""How the command line speaks: JSON on request, tables for people, errors in one message."""

import json
import math
import os
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
    text = json.dumps(finite(value), ensure_ascii=False, indent=2, allow_nan=False)
    if target == "-":
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        return
    try:
        Path(target).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{target!r} cannot be written: {error.strerror};", "choose another file.") from None


def check_target(target: str) -> None:
    """Refuse a JSON file that could not be written, before anything is started.

    Raises
    ------
    BadInput
    """
    if target in ("", "-"):
        return
    path = Path(target)
    if path.is_dir() or not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise BadInput(f"{target!r} cannot be written;", "name a file in a folder that exists.")


def finite(value: Any) -> Any:
    """Return JSON-able data in which what is no number is null."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def number(value: float | None, digits: int = 3, unit: str = "") -> str:
    """Write a number for a table; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.{digits}g}{' ' + unit if unit else ''}"
