"""Columns of numbers from rows of text, with a decimal point or a decimal comma."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.errors import BadInput
from core.records import Floats
from storage.files.text import TextFile

_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+$")
_SPOILT = re.compile(r"[_\s]|[^\x00-\x7f]")

COMMA_REMEDY = "write numbers with one decimal sign throughout and without thousands separators."


@dataclass
class Rows:
    """The rows of a table as text.

    Attributes
    ----------
    file : TextFile
    cells : list of sequence of str
    lines : list of int
        Line of each row in the file, from 1.
    notes : list of str
        What had to be done to read them.
    """

    file: TextFile
    cells: list[Sequence[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.cells)

    def add(self, line: int, cells: Sequence[str]) -> None:
        """Append the row found in a line."""
        self.cells.append(cells)
        self.lines.append(line)

    def numbers(self, columns: Sequence[int], names: Sequence[str]) -> list[Floats]:
        """Return columns as numbers, each of shape (n,).

        A last row that the end of the file cut off is left out, with a note. nan and inf are
        numbers here; what to do with them is for the analysis to say.

        Parameters
        ----------
        columns : sequence of int
            Positions in each row.
        names : sequence of str
            What they are called, for messages.

        Raises
        ------
        BadInput
            If a row is too short, or a number cannot be read or could be read in two ways.
        """
        self._drop_cut_row(columns)
        self._check_length(columns, names)
        found = [[row[column].strip() for row in self.cells] for column in columns]
        comma = self._decimal_comma(found)
        return [self._column(texts, name, comma) for texts, name in zip(found, names, strict=True)]

    def _drop_cut_row(self, columns: Sequence[int]) -> None:
        if self.file.whole or len(self.cells) < 2 or self.lines[-1] != len(self.file.lines):
            return
        last, needed = self.cells[-1], max(columns)
        cut = len(last) <= needed or not is_number(last[needed])
        if not cut and len(last) == needed + 1:
            others = [len(row[needed].strip()) for row in self.cells[:-1] if len(row) > needed]
            cut = bool(others) and len(last[needed].strip()) < min(others)
        if cut:
            line = self.lines.pop()
            self.cells.pop()
            self.notes.append(f"the file ends within line {line}, which was left out")

    def _check_length(self, columns: Sequence[int], names: Sequence[str]) -> None:
        needed = max(columns)
        for line, row in zip(self.lines, self.cells, strict=True):
            if len(row) <= needed:
                short = next(name for name, column in zip(names, columns, strict=True) if column >= len(row))
                raise self.file.refuse(
                    line,
                    f"there is no value for {short}: {len(row)} columns where {needed + 1} are needed",
                    "the file is damaged; export it again.",
                )

    def _decimal_comma(self, columns: list[list[str]]) -> bool:
        """Return whether numbers have a decimal comma."""
        with_comma = [text for texts in columns for text in texts if "," in text]
        if not with_comma:
            return False
        for texts in columns:
            for line, text in zip(self.lines, texts, strict=True):
                if "." in text and is_number(text.replace(",", "")):
                    raise self.file.refuse(
                        line, f"{text!r} has a decimal point, but {with_comma[0]!r} a comma", COMMA_REMEDY
                    )
        if all(_THOUSANDS.match(text) for text in with_comma):
            raise self.file.refuse(
                self.lines[0],
                f"{with_comma[0]!r} may have a decimal comma or a thousands separator",
                COMMA_REMEDY,
            )
        return True

    def _column(self, texts: list[str], name: str, comma: bool) -> Floats:
        written = [text.replace(",", ".") for text in texts] if comma else texts
        if any(map(_SPOILT.search, written)):
            raise self._unreadable(texts, name)
        try:
            return np.array([float(text) for text in written], dtype=np.float64)
        except ValueError:
            raise self._unreadable(texts, name) from None

    def _unreadable(self, texts: list[str], name: str) -> BadInput:
        line, text = next(
            (line, text) for line, text in zip(self.lines, texts, strict=True) if not is_number(text)
        )
        return self.file.refuse(
            line, f"{text!r} is no number for {name}", "correct it, or export the file again."
        )


def is_number(text: str) -> bool:
    """Return whether a text is a number as files write them; nan and inf are."""
    text = text.strip().replace(",", ".")
    if _SPOILT.search(text):
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
