"""The formats that runs are exported to."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.export.tidy_csv import write_run as write_tidy_csv
from storage import RunReader

Tell = Callable[[str, int, int], None]
"""Told what is being written, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Format:
    """A format of files.

    Attributes
    ----------
    name : str
        As it is asked for.
    summary : str
        What it is, in one line.
    write_run : callable
        Writes one run into a folder that is there and empty.
    """

    name: str
    summary: str
    write_run: Callable[[RunReader, Path, Tell], None]


FORMATS = {
    each.name: each
    for each in (
        Format("csv", "tidy CSV tables and a JSON file with what is known of the run", write_tidy_csv),
    )
}
