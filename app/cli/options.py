"""Options that many commands share."""

import math
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from core.errors import BadInput
from storage import Store, open_store

StoreOption = Annotated[
    str,
    typer.Option("--store", metavar="URL", help="The store; an SQLite file in your data folder by default."),
]
JsonOption = Annotated[
    str,
    typer.Option("--json", metavar="FILE", help="Write the result as JSON to FILE; - is standard output."),
]
SpeedOption = Annotated[
    str,
    typer.Option("--speed", metavar="max|N", help="Bench seconds per second, on a wholly simulated bench."),
]


def default_store() -> str:
    """Return the URL of the store in the user's data folder, making the folder if need be."""
    folder = platformdirs.user_data_path("stripbench", appauthor=False, ensure_exists=True)
    return f"sqlite:///{Path(folder) / 'stripbench.sqlite'}"


def reading_store(url: str) -> Store:
    """Open a store that has to exist."""
    return open_store(url or default_store())


def writing_store(url: str) -> Store:
    """Open a store to write a run to, making it if it does not exist."""
    return open_store(url or default_store(), create=True)


def parse_speed(text: str) -> float:
    """Read ``--speed``: ``max`` is infinity.

    Raises
    ------
    BadInput
    """
    if text == "max":
        return math.inf
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not (math.isfinite(speed) and speed > 0):
        raise BadInput(f"--speed {text!r} is refused;", 'write "max" or a number above 0, for example 60.')
    return speed
