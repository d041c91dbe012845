"""ZPlot's and ZView's .z files, separated by tabs, commas or spaces."""

import re

from core.errors import BadInput
from storage.files.headings import headings
from storage.files.numbers import Rows, is_number
from storage.files.spectra import UNKNOWN_TECHNIQUE, Columns, FileSpectrum, quantities, to_spectra
from storage.files.text import TextFile

LAYOUT = ["Freq(Hz)", "Ampl", "Bias", "Time(Sec)", "Z'(a)", "Z''(b)", "GD", "Err", "Range"]
"""The columns of every .z file, for those whose heading line is missing."""
_POINTS = re.compile(r"\s*Data Points:\s*(\d+)")


def is_zview(file: TextFile) -> bool:
    """Return whether a text file was written by ZPlot or ZView."""
    first = file.lines[0].strip(' "\t').lower()
    return first.startswith(("zplot", "zview")) or any(
        line.strip(' "\t').lower() == "end comments" for line in file.lines[:500]
    )


def read_zview(file: TextFile) -> list[FileSpectrum]:
    """Read every spectrum of a .z file; its last columns are Z′ and Z″ with their signs.

    Raises
    ------
    BadInput
        If a value cannot be read, or there is no point.
    """
    start, texts = _start(file)
    found = headings(file.name, texts)
    rows = Rows(file)
    for line, text in enumerate(file.lines[start:], start + 1):
        if text.strip():
            rows.add(line, _cells(text))
    values = quantities(rows, found, texts)
    header = file.lines[:start]
    announced = next((int(match[1]) for line in header if (match := _POINTS.match(line))), None)
    if announced is not None and announced > len(rows):
        rows.notes.append(f"{len(rows)} of {announced} points are in the file")
    return to_spectra(Columns(file.name, values, _technique(header), notes=rows.notes))


def _cells(line: str) -> list[str]:
    if "\t" in line.strip():
        return line.strip().split("\t")
    # a comma followed by a blank separates; one within a number is a decimal sign
    if ";" in line:
        return line.strip().split(";")
    cells = line.strip().split(",")
    if len(cells) > 1 and all(is_number(cell) for cell in cells[:6]) and len(cells) <= len(LAYOUT):
        return cells
    return re.split(r",?\s+", line.strip())


def _start(file: TextFile) -> tuple[int, list[str]]:
    """Return the first row after the header, and the headings."""
    end, texts = None, LAYOUT
    for number, line in enumerate(file.lines):
        plain = line.strip(' "\t\r')
        if plain.lower() == "end comments":
            return number + 1, texts
        if re.match(r"freq", plain, re.IGNORECASE) and "Z'" in plain:
            end, texts = number + 1, [cell.strip() for cell in re.split(r"\t|,|\s{2,}", plain)]
    if end is None:
        end = next((number for number, line in enumerate(file.lines) if _is_point(line)), None)
    if end is None:
        raise BadInput(f"{file.name} has no line 'End Comments' and no point;", "export the spectrum again.")
    return end, texts


def _is_point(line: str) -> bool:
    cells = _cells(line)
    return len(cells) >= 6 and all(is_number(cell.strip()) for cell in cells[:6])


def _technique(header: list[str]) -> str:
    for line in header:
        if "control voltage" in line.lower():
            return "PEIS"
        if "control current" in line.lower():
            return "GEIS"
    return UNKNOWN_TECHNIQUE
