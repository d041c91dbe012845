"""A document before it is HTML or PDF: sections of paragraphs, tables, figures and facts.

Words may hold a symbol with an index, as ``R_int`` or ``E_A``; both renderers set the index low.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

Row = tuple[str, ...]

INDEX = re.compile(r"(?<![\w.])([A-Za-zτα])_([A-Za-z0-9]+)(?!\w|\((?!0\)))")
"""A symbol with an index: one letter, an underscore, and the index. ``(0)`` may follow, no other bracket."""

NAMES = frozenset({"runs", "experiment", "bench", "annealed", "value"})
"""Headings of columns that stand to the left even if they hold nothing but numbers."""

_NUMBER = re.compile(r"[<>≥≤≈~±+−-]?\s?\d")


@dataclass(frozen=True)
class Paragraph:
    """Some sentences; `kind` says how loudly they are said."""

    text: str
    kind: Literal["plain", "note", "warning"] = "plain"


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes
    ----------
    headings : tuple of str
        With units.
    rows : tuple of tuple of str
        As long as `headings`.
    caption : str
        What it shows, above it.
    note : str
        What has to be known to read it, below it.
    """

    headings: Row
    rows: tuple[Row, ...]
    caption: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.headings)]
        if wrong:
            raise ValueError(f"{self.caption!r} has {len(self.headings)} columns, and the row {wrong[0]}")

    def numeric(self) -> tuple[bool, ...]:
        """Return of each column whether its entries are numbers, so that they stand to the right."""
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.headings)
        return tuple(
            heading not in NAMES and _numbers(column)
            for heading, column in zip(self.headings, columns, strict=True)
        )


@dataclass(frozen=True)
class Pairs:
    """Names, and what each of them is."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """A result in large letters: what it is, its value with unit, and what belongs to it."""

    what: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Answers:
    """Results beside each other."""

    rows: tuple[Answer, ...]


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure that is drawn when it is wanted.

    Attributes
    ----------
    name : str
    caption : str
    draw : callable
        Returns a matplotlib figure, which the caller closes.
    """

    name: str
    caption: str
    draw: "Callable[[], Drawn]"


@dataclass(frozen=True)
class Source:
    """A file as it was given, letter by letter."""

    text: str


@dataclass(frozen=True)
class Folded:
    """Details that a screen shows when they are asked for, and paper always."""

    summary: str
    blocks: tuple["Block", ...]


Block = Paragraph | Table | Pairs | Answers | Figure | Source | Folded


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it; one without blocks is left out."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """A name for links to it."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


@dataclass(frozen=True)
class Document:
    """A whole report.

    Attributes
    ----------
    title, subtitle : str
    mark : str
        Stands on every page, e.g. that the runs were simulated; empty for none.
    made : str
        When and by what it was made, for the foot of every page.
    sections : tuple of Section
    """

    title: str
    subtitle: str
    mark: str
    made: str
    sections: tuple[Section, ...] = field(default=())


def _numbers(column: Row) -> bool:
    told = [entry for entry in column if entry.strip() not in ("", "–")]
    return bool(told) and all(_NUMBER.match(entry) and len(entry) < 24 for entry in told)
