"""Runs written to files that other programs read; the formats there are stand in `formats`."""

from app.export.formats import FORMATS, Format
from app.export.write import export

__all__ = ["FORMATS", "Format", "export"]
