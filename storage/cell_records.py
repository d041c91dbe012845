"""What the registry of cells gives."""

from dataclasses import dataclass
from datetime import datetime

from core.cell import Cell


@dataclass(frozen=True)
class CellEntry:
    """What was written down of a cell at one time; the latest entry of a name is valid."""

    id: int
    name: str
    cell: Cell
    remarks: str
    retired: bool
    author: str
    made_utc: datetime


@dataclass(frozen=True)
class RegisteredCell:
    """One line of the registry: the latest entry of a name, and what there is of it besides.

    Attributes
    ----------
    name : str
    cell : Cell
    remarks : str
    retired : bool
        Whether it is not to be used any more.
    author : str
    made_utc : datetime
        Of the latest entry, as author and remarks are.
    entries, photos, runs : int
        How many there are of this name; runs in the bin count.
    last_run : int or None
        Its newest run.
    last_ended : str
        How that one ended, a word of `core.records.Ended`; empty while it goes on, where it was
        interrupted, and where there is none.
    """

    name: str
    cell: Cell
    remarks: str
    retired: bool
    author: str
    made_utc: datetime
    entries: int
    photos: int
    runs: int
    last_run: int | None
    last_ended: str


@dataclass(frozen=True)
class CellPhoto:
    """A photo of a cell without the picture itself, which `Store.photo` gives; `size` is in bytes."""

    id: int
    name: str
    media_type: str
    caption: str
    author: str
    made_utc: datetime
    size: int
