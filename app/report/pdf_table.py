"""A table of a PDF, with columns as wide as their words and letters as small as the page asks for."""

from collections.abc import Callable
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import LongTable, TableStyle
from reportlab.platypus import Paragraph as Words

from app.report.document import Row, Table

LARGEST, SMALLEST = 7.5, 5.0
"""Sizes of letters, in points."""
PADDING = 3.0
"""Points at either side of an entry."""


def drawn_table(table: Table, width: float, marked: Callable[[str], str], headed: bool = True) -> LongTable:
    """Return a table that fits a width and goes on over pages, with its headings on each of them.

    Parameters
    ----------
    table : Table
    width : float
        Points.
    marked : callable
        Gives text the markup of reportlab.
    headed : bool
        Whether it has headings.
    """
    numeric = table.numeric()
    size = LARGEST
    while size > SMALLEST and sum(_narrowest(table, numeric, size)) > width:
        size -= 0.25
    widths = _widths(table, numeric, size, width)
    body = [_entries(row, numeric, size, marked, bold=False) for row in table.rows]
    head = [_entries(table.headings, numeric, size, marked, bold=True)] if headed else []
    made = LongTable(head + body, colWidths=widths, repeatRows=len(head), hAlign="LEFT", splitInRow=1)
    made.setStyle(TableStyle(_lines(headed)))
    return made


def _lines(headed: bool) -> list[tuple[Any, ...]]:
    whole = (0, 0), (-1, -1)
    style: list[tuple[Any, ...]] = [
        ("VALIGN", *whole, "TOP"),
        ("LINEBELOW", *whole, 0.3, HexColor("#d9dee5")),
        ("LEFTPADDING", *whole, PADDING),
        ("RIGHTPADDING", *whole, PADDING),
        ("TOPPADDING", *whole, 1.5),
        ("BOTTOMPADDING", *whole, 2),
    ]
    if headed:
        style += [("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor("#1c2430"))]
        style += [("VALIGN", (0, 0), (-1, 0), "BOTTOM")]
    return style


def _entries(row: Row, numeric: tuple[bool, ...], size: float, marked: Any, bold: bool) -> list[Words]:
    styles = {each: _style(size, each, bold) for each in (False, True)}
    return [Words(marked(entry), styles[right]) for entry, right in zip(row, numeric, strict=True)]


def _style(size: float, right: bool, bold: bool) -> ParagraphStyle:
    return ParagraphStyle(
        "entry",
        fontName="DejaVu-Bold" if bold else "DejaVu",
        fontSize=size,
        leading=size * 1.3,
        alignment=TA_RIGHT if right else TA_LEFT,
        textColor=HexColor("#1c2430"),
    )


def _columns(table: Table) -> list[Row]:
    return list(zip(table.headings, *table.rows, strict=True))


def _natural(table: Table, size: float) -> list[float]:
    return [max(_long(entry, size, place == 0) for place, entry in enumerate(column)) + 2 * PADDING + 1
            for column in _columns(table)]  # fmt: skip


def _narrowest(table: Table, numeric: tuple[bool, ...], size: float) -> list[float]:
    """Return the widths at which no word is broken, and no number."""
    found = []
    for column, whole in zip(_columns(table), numeric, strict=True):
        parts = [(part, place == 0) for place, entry in enumerate(column)
                 for part in ([entry] if whole and place else entry.split() or [""])]  # fmt: skip
        longest = max(_long(part, size, bold) for part, bold in parts)
        found.append(min(longest, 150.0) + 2 * PADDING + 1)
    return found


def _long(text: str, size: float, bold: bool) -> float:
    return float(stringWidth(text, "DejaVu-Bold" if bold else "DejaVu", size))


def _widths(table: Table, numeric: tuple[bool, ...], size: float, width: float) -> list[float]:
    natural, narrowest = _natural(table, size), _narrowest(table, numeric, size)
    if sum(natural) <= width:
        return natural
    spare = width - sum(narrowest)
    if spare <= 0:
        return [each * width / sum(narrowest) for each in narrowest]
    wanted = [max(long - short, 0.0) for long, short in zip(natural, narrowest, strict=True)]
    return [short + spare * more / sum(wanted) for short, more in zip(narrowest, wanted, strict=True)]
