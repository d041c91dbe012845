"""What stands on every page of a PDF: the title, the mark, and which page of how many it is."""

from collections.abc import Callable
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.report.document import Document

MARGIN = 15 * mm
BAND = 6 * mm
"""Height of the mark at the top of a page."""


class Pages(Canvas):
    """A canvas that knows how many pages there are, because it writes them at the end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep a page."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write the pages that were kept, each with its number."""
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self.setFont("DejaVu", 7)
            self.setFillColor(HexColor("#5b6675"))
            self.drawRightString(A4[0] - MARGIN, MARGIN - 2 * mm, f"{number} of {len(self._kept)}")
            super().showPage()
        super().save()


def decorate(whole: Document) -> Callable[[Canvas, Any], None]:
    """Return what draws the mark and the foot of a page."""

    def page(canvas: Canvas, _template: Any) -> None:
        canvas.saveState()
        width, height = A4
        if whole.mark:
            canvas.setFillColor(HexColor("#b3261e"))
            canvas.rect(0, height - BAND, width, BAND, stroke=0, fill=1)
            canvas.setFillColor(white)
            canvas.setFont("DejaVu-Bold", 8.5)
            canvas.drawCentredString(width / 2, height - BAND + 1.9 * mm, whole.mark)
        canvas.setFont("DejaVu", 7)
        canvas.setFillColor(HexColor("#5b6675"))
        canvas.drawString(MARGIN, height - BAND - 5 * mm, _fitting(canvas, whole.title, width - 2 * MARGIN))
        canvas.drawString(MARGIN, MARGIN - 2 * mm, whole.made)
        canvas.restoreState()

    return page


def _fitting(canvas: Canvas, text: str, width: float) -> str:
    while len(text) > 1 and canvas.stringWidth(text, "DejaVu", 7) > width:
        text = text[:-2] + "…"
    return text
