"""A document as PDF, without any program besides Python: reportlab, with the letters of DejaVu Sans."""

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import CondPageBreak, Image, KeepTogether, SimpleDocTemplate, Spacer
from reportlab.platypus import Paragraph as Words

from app.report.document import (
    INDEX,
    Answers,
    Block,
    Document,
    Figure,
    Folded,
    Pairs,
    Paragraph,
    Source,
    Table,
)
from app.report.pdf_pages import MARGIN, Pages, decorate
from app.report.pdf_table import drawn_table

WIDTH = A4[0] - 2 * MARGIN
"""Room between the margins, in points."""

DOTS_PER_INCH = 220

SHRUNK = 0.84
"""Of its size a figure keeps; three of most fit on a page then."""

INK, GREY, PALE, MARK = HexColor("#1c2430"), HexColor("#5b6675"), HexColor("#f4f6f9"), HexColor("#b3261e")


def render(whole: Document, target: Path, compressed: bool = True) -> None:
    """Write a document as PDF.

    Parameters
    ----------
    whole : Document
    target : Path
    compressed : bool
        Whether the text of the pages is compressed.
    """
    _fonts()
    made = SimpleDocTemplate(
        str(target),
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN + 8 * mm,
        bottomMargin=MARGIN + 4 * mm,
        title=f"{whole.title}{f' – {whole.mark}' if whole.mark else ''}",
        author="stripbench",
        pageCompression=int(compressed),
    )
    story = [Words(marked(whole.title), _style("title")), Words(marked(whole.subtitle), _style("note"))]
    for section in whole.sections:
        if section.blocks:
            story += _section(section.title, section.blocks)
    page = decorate(whole)
    made.build(story, onFirstPage=page, onLaterPages=page, canvasmaker=Pages)


def marked(text: str) -> str:
    """Return text as reportlab's markup, with indices set low."""
    return INDEX.sub(r"<i>\1</i><sub>\2</sub>", escape(text))


@cache
def _fonts() -> None:
    from matplotlib import get_data_path

    folder = Path(get_data_path()) / "fonts" / "ttf"
    for name, file in (
        ("DejaVu", "DejaVuSans"),
        ("DejaVu-Bold", "DejaVuSans-Bold"),
        ("DejaVu-Italic", "DejaVuSans-Oblique"),
        ("DejaVu-Mono", "DejaVuSansMono"),
    ):
        pdfmetrics.registerFont(TTFont(name, folder / f"{file}.ttf"))
    pdfmetrics.registerFontFamily("DejaVu", "DejaVu", "DejaVu-Bold", "DejaVu-Italic", "DejaVu-Bold")


@cache
def _style(name: str) -> ParagraphStyle:
    body = ParagraphStyle("plain", fontName="DejaVu", fontSize=8.5, leading=12, textColor=INK, spaceAfter=4)
    more: dict[str, dict[str, Any]] = {
        "plain": {},
        "title": {"fontName": "DejaVu-Bold", "fontSize": 17, "leading": 22, "spaceAfter": 2},
        "heading": {"fontName": "DejaVu-Bold", "fontSize": 12, "leading": 16, "spaceBefore": 14},
        "summary": {"fontName": "DejaVu-Bold", "fontSize": 9, "leading": 12, "spaceBefore": 6},
        "caption": {"fontName": "DejaVu-Bold", "fontSize": 8, "leading": 11, "spaceBefore": 6},
        "note": {"fontSize": 7.5, "leading": 10, "textColor": GREY, "spaceAfter": 6},
        "warning": {"textColor": MARK},
        "value": {"fontName": "DejaVu-Bold", "fontSize": 9.5, "leading": 13, "spaceAfter": 0},
        "what": {"fontSize": 7.5, "leading": 10, "textColor": GREY, "spaceAfter": 0},
        "source": {
            "fontName": "DejaVu-Mono",
            "fontSize": 6.5,
            "leading": 8.5,
            "backColor": PALE,
            "spaceAfter": 0,
        },
        "right": {"alignment": TA_RIGHT},
    }
    return ParagraphStyle(name, parent=body, **more[name])


def _section(title: str, blocks: tuple[Block, ...]) -> list[Any]:
    # A heading alone at the foot of a page helps nobody.
    room = 130 * mm if isinstance(blocks[0], Figure) else 50 * mm
    heading = [CondPageBreak(room), Words(marked(title), _style("heading"))]
    return [*heading, *(part for block in blocks for part in _block(block))]


def _block(block: Block) -> Iterator[Any]:
    match block:
        case Paragraph():
            yield Words(marked(block.text), _style(block.kind))
        case Table():
            yield from _table(block)
        case Pairs():
            rows = tuple((name, what) for name, what in block.rows)
            yield drawn_table(Table(("", ""), rows), WIDTH, marked, headed=False)
            yield Spacer(1, 4)
        case Answers():
            yield from _answers(block)
        case Figure():
            yield KeepTogether([_picture(block), Words(marked(block.caption), _style("note"))])
        case Source():
            for line in block.text.splitlines():
                kept = escape(line).replace(" ", " ") or " "
                yield Words(kept, _style("source"))
            yield Spacer(1, 4)
        case Folded():
            yield CondPageBreak(35 * mm)
            yield Words(marked(block.summary), _style("summary"))
            for inner in block.blocks:
                yield from _block(inner)


def _table(block: Table) -> Iterator[Any]:
    if block.caption:
        yield CondPageBreak(30 * mm)
        yield Words(marked(block.caption), _style("caption"))
    yield drawn_table(block, WIDTH, marked)
    yield Words(marked(block.note), _style("note")) if block.note else Spacer(1, 6)


def _answers(block: Answers) -> Iterator[Any]:
    for answer in block.rows:
        lines = [Words(marked(answer.what), _style("what")), Words(marked(answer.value), _style("value"))]
        if answer.detail:
            lines.append(Words(marked(answer.detail), _style("note")))
        yield KeepTogether(lines)


def _picture(figure: Figure) -> Image:
    drawing = figure.draw()
    try:
        picture = io.BytesIO()
        drawing.savefig(picture, format="png", dpi=DOTS_PER_INCH)
        width, height = (72 * float(side) for side in drawing.get_size_inches())
    finally:
        drawing.clear()
    scale = min(WIDTH / width, 215 * mm / height, SHRUNK)
    return Image(picture, width * scale, height * scale, hAlign="LEFT")
