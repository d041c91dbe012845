"""Figures for publication, drawn of what runs come to.

Only here is matplotlib known, and it is loaded when a figure is drawn.
"""

from app.figures.kind import WIDTHS, FigureKind, Width
from app.figures.registry import FIGURES, figure_named, possible
from app.figures.saving import as_bytes, kind_of, save

__all__ = [
    "FIGURES",
    "WIDTHS",
    "FigureKind",
    "Width",
    "as_bytes",
    "figure_named",
    "kind_of",
    "possible",
    "save",
]
