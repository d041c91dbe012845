"""A document as one file of HTML: style and figures inside it, no script, and nothing from the net."""

import base64
import io
import re
from pathlib import Path
from typing import Any

from app.report.document import INDEX, Document, Figure

HEAVIEST = 600_000
"""Characters of an SVG; a figure with more is put in as a picture."""

DOTS_PER_INCH = 220
"""Of the pictures."""


def render(whole: Document) -> str:
    """Return a document as HTML.

    Parameters
    ----------
    whole : Document
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["words"] = words
    environment.filters["drawing"] = _Drawings()
    environment.filters["kind"] = lambda block: type(block).__name__.lower()
    made: str = environment.get_template("report.html.j2").render(document=whole)
    return made


def words(text: str) -> Any:
    """Return text as HTML, with indices set low."""
    from markupsafe import Markup, escape

    return Markup(INDEX.sub(r"<i>\1</i><sub>\2</sub>", str(escape(text))))


class _Drawings:
    """Draws figures, and keeps their inner names apart."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, figure: Figure) -> Any:
        from markupsafe import Markup

        self._count += 1
        label = Markup.escape(figure.name)
        drawing = figure.draw()
        try:
            vectors = inlined(_saved(drawing, "svg").decode(), f"f{self._count}-", str(label))
            if len(vectors) <= HEAVIEST:
                return Markup(vectors)
            encoded = base64.b64encode(_saved(drawing, "png")).decode()
        finally:
            drawing.clear()
        return Markup(f'<img alt="{label}" src="data:image/png;base64,{encoded}">')


def inlined(svg: str, prefix: str, label: str) -> str:
    """Return an SVG as it may stand in a page: without a head of its own, and with names of its own."""
    text = svg[svg.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = _named_once(text, prefix)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'xlink:href="#{prefix}\1"', text)
    text = re.sub(r"\n\s*", "\n", text)
    return text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def _named_once(svg: str, prefix: str) -> str:
    """Put a prefix before every name; matplotlib gives the same one to equal things, where it stays once."""
    seen: set[str] = set()

    def name(found: re.Match[str]) -> str:
        if found[1] in seen:
            return ""
        seen.add(found[1])
        return f' id="{prefix}{found[1]}"'

    return re.sub(r'\sid="([^"]+)"', name, svg)


def _saved(drawing: Any, form: str) -> bytes:
    import matplotlib

    target = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "stripbench"}):
        metadata = {"Date": None} if form == "svg" else None
        drawing.savefig(target, format=form, dpi=DOTS_PER_INCH, metadata=metadata)
    return target.getvalue()
