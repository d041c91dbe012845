"""Writing a figure: all of it under its name, or nothing; the same figure gives the same bytes."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.figures.style import styled
from app.writing import new_file
from core.errors import BadInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RESOLUTION = 300
"""Dots per inch of a figure that is made of dots."""

KINDS = {".svg": "svg", ".pdf": "pdf", ".png": "png", ".tif": "tiff", ".tiff": "tiff"}
"""Endings of files, and what matplotlib calls what is in them."""


def save(figure: "Figure", path: Path) -> Path:
    """Write a figure to a file that does not exist yet; its ending says of which kind.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    path : Path
        Ending in .svg or .pdf (lines and text), .png or .tif (300 dots per inch).

    Raises
    ------
    BadInput
        For another ending, a file that is there already, or a folder that is not.
    StripbenchError
        If the file cannot be written; nothing is then left under its name.
    """
    kind = kind_of(path)
    with new_file(path) as unfinished:
        unfinished.write_bytes(as_bytes(figure, kind))
    return path


def kind_of(path: Path) -> str:
    """Return which kind of file an ending stands for; raise a `BadInput` for one that is not known."""
    ending = path.suffix.lower()
    if ending not in KINDS:
        said = f"ends in {ending}" if ending else "has no ending"
        raise BadInput(f"{path.name} {said};", "name a file that ends in .svg, .pdf, .png or .tif.")
    return KINDS[ending]


def as_bytes(figure: "Figure", kind: str, resolution: float = RESOLUTION) -> bytes:
    """Return a figure as the bytes of a file, without a date, so that they can be compared.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    kind : {"svg", "pdf", "png", "tiff"}
    resolution : float
        Dots per inch of a png or tiff.
    """
    undated: dict[str, dict[str, Any]] = {
        "svg": {"metadata": {"Date": None}},
        "pdf": {"metadata": {"CreationDate": None}},
        "png": {"metadata": {"Software": None}},
        "tiff": {"pil_kwargs": {"compression": "tiff_lzw"}},
    }
    buffer = BytesIO()
    with styled():
        figure.savefig(buffer, format=kind, dpi=resolution, **undated[kind])
    return buffer.getvalue()
