"""Plain tables of f, Z′ and Z″: CSV and text, with or without headings, decimal point or comma."""

import csv
import re
from dataclasses import dataclass

import numpy as np

from core.errors import BadInput
from core.records import Floats
from storage.files.headings import Heading, headings
from storage.files.numbers import COMMA_REMEDY, Rows, is_number
from storage.files.spectra import Columns, FileSpectrum, check_columns, quantities, to_spectra
from storage.files.text import TextFile

_COMMENT = re.compile(r"\s*(?:#|%|//|!)+\s?")
_SEPARATORS = ("\t", ";", ",", " ")
_LOOKED_AT = 300
FEWEST = 3
"""Columns of a spectrum: f, Z′, Z″."""


@dataclass(frozen=True)
class _Layout:
    """Where the table of a file begins, and what its columns are; no headings where it has none."""

    separator: str
    first: int
    texts: list[str]
    found: dict[str, tuple[int, Heading]]


def read_plain_table(file: TextFile) -> list[FileSpectrum]:
    """Read every spectrum of a plain table.

    Headings decide which column is what, in which unit and with which sign of Z″. Without headings
    the first three columns are f in Hz, Z′ and Z″ in Ω (after a running number, if there is one);
    whether the third is Z″ or −Z″ is then decided by the Kramers–Kronig relation to Z′, with a
    note where it was turned.

    Raises
    ------
    BadInput
        If there is no table of at least three numbers a row, a column is missing, or a value
        cannot be read or could be read in two ways.
    """
    layout = _layout(file)
    rows, blocks = _rows(file, layout)
    if layout.found:
        values = quantities(rows, layout.found, layout.texts)
    else:
        values = _by_position(rows, layout.separator)
    if len(set(blocks)) > 1 and "cycle" not in values:
        values["cycle"] = np.array(blocks[: len(rows)])
    return to_spectra(Columns(file.name, values, sign_known=bool(layout.found), notes=rows.notes))


def _cells(line: str, separator: str) -> list[str]:
    if separator == " ":
        return line.split()
    if '"' not in line:
        return line.split(separator)
    return next(csv.reader([line], delimiter=separator), [])


def _is_row(line: str, separator: str) -> bool:
    if _COMMENT.match(line):
        return False
    return sum(is_number(cell) for cell in _cells(line, separator) if cell.strip()) >= FEWEST


def _layout(file: TextFile) -> _Layout:
    lines = file.lines
    best, separator, first = 0, "", 0
    for candidate in _SEPARATORS:
        hits = [number for number, line in enumerate(lines) if _is_row(line, candidate)]
        if len(hits) > best:
            best, separator, first = len(hits), candidate, hits[0]
    if not best:
        shown = next(line.strip() for line in lines if line.strip())[:60]
        raise BadInput(
            f"{file.name} has no row of three numbers (it begins {shown!r});",
            "a spectrum needs a frequency, a real and an imaginary part in every row.",
        )
    width = len(_cells(lines[first], separator))
    unknown: list[str] = []
    for number in range(first - 1, max(first - _LOOKED_AT, -1), -1):
        texts = _heading_cells(lines[number], separator, width)
        if found := headings(file.name, texts):
            return _with_units(file, _Layout(separator, number + 1, texts, found))
        if len(texts) == width and any(map(is_number, texts)) and not _COMMENT.match(lines[number]):
            first = number  # a damaged row, which the reading of numbers will name
        elif len(texts) == width and not _is_prose(texts):
            unknown = unknown or texts
    if unknown:
        check_columns(file.name, {}, unknown)
    return _Layout(separator, first, [], {})


def _is_prose(texts: list[str]) -> bool:
    return any(len(text.split()) > 4 for text in texts)


def _heading_cells(line: str, separator: str, width: int) -> list[str]:
    """Return a line as headings, if need be separated in another way than the numbers."""
    plain = _COMMENT.sub("", line, count=1).strip("\n\r")
    if separator != " ":
        return _cells(plain, separator)
    ways = [re.split(r"\s{2,}|\t", plain.strip()), re.split(r"\s*[,;]\s*", plain.strip())]
    ways += [re.sub(r"\s+([(\[/])", r"\1", plain).split(), plain.split()]
    return next((cells for cells in ways if len(cells) == width), plain.split())


def _with_units(file: TextFile, layout: _Layout) -> _Layout:
    """Return the layout with the units of a line of its own, where there is one below the headings."""
    below = next((n for n in range(layout.first, len(file.lines)) if file.lines[n].strip()), layout.first)
    if below >= len(file.lines) or _is_row(file.lines[below], layout.separator):
        return layout
    units = [
        unit.strip(" []()") for unit in _heading_cells(file.lines[below], layout.separator, len(layout.texts))
    ]
    if any(map(is_number, units)):
        return layout
    units += [""] * (len(layout.texts) - len(units))
    texts = [
        f"{text.strip()}/{unit}" if unit else text for text, unit in zip(layout.texts, units, strict=False)
    ]
    found = headings(file.name, texts)
    return _Layout(layout.separator, below + 1, texts, found) if len(found) >= len(layout.found) else layout


def _rows(file: TextFile, layout: _Layout) -> tuple[Rows, list[float]]:
    """Return the rows, and for each the number of the table it stands in."""
    rows, blocks, block = Rows(file), list[float](), 0.0
    again = (
        {line.strip() for line in file.lines[max(layout.first - 2, 0) : layout.first]}
        if layout.texts
        else set()
    )
    for line, text in enumerate(file.lines[layout.first :], layout.first + 1):
        if not text.strip():
            continue
        if text.strip() in again:
            block += 1.0 if rows.cells and blocks[-1] == block else 0.0
            continue
        if _COMMENT.match(text):
            continue
        cells = _cells(text, layout.separator)
        _check_width(rows, layout, line, cells)
        rows.add(line, cells)
        blocks.append(block)
    return rows, blocks


def _check_width(rows: Rows, layout: _Layout, line: int, cells: list[str]) -> None:
    """Refuse commas that both separate the columns and mark the decimals."""
    if layout.separator != "," or rows.cells:
        return
    whole = all(re.fullmatch(r"\s*[+-]?\d+\s*", cell) for cell in cells)
    twice = len(cells) == 2 * len(layout.texts) if layout.texts else len(cells) >= 2 * FEWEST
    if whole and twice and len(cells) % 2 == 0:
        raise rows.file.refuse(
            line,
            f"{','.join(cells)!r} has commas between the columns and maybe within the numbers",
            COMMA_REMEDY,
        )


def _by_position(rows: Rows, separator: str) -> dict[str, Floats]:
    width = min(len(row) for row in rows.cells)
    first = 1 if width > FEWEST and _is_running_number(rows) else 0
    names = ("frequency", "real", "imag")
    columns = list(range(first, first + FEWEST))
    numbers = rows.numbers(columns, [f"column {column + 1}" for column in columns])
    rows.notes.append(
        "no headings: "
        + ", ".join(f"column {c + 1} is {n}" for c, n in zip(columns, ("f/Hz", "Z'/Ω", "Z''/Ω"), strict=True))
    )
    values = dict(zip(names, numbers, strict=True))
    if not np.any(values["frequency"] > 0):
        raise rows.file.refuse(rows.lines[0], "no frequency in the first column is positive", "add headings.")
    return values


def _is_running_number(rows: Rows) -> bool:
    texts = [row[0].strip() for row in rows.cells]
    if not all(text.isdecimal() for text in texts):
        return False
    steps = np.diff([int(text) for text in texts])
    return int(texts[0]) in (0, 1) and len(steps) > 1 and bool(np.all(steps == 1))
