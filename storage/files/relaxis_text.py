"""The text export of RelaxIS 3: spectra below each other, each under a row that describes it."""

import re

import numpy as np

from core.errors import BadInput
from storage.files.headings import headings
from storage.files.numbers import Rows, is_number
from storage.files.spectra import Columns, FileSpectrum, quantities, to_spectra
from storage.files.text import TextFile

_DC = re.compile(r"(?:^|,\s*)DC=([-+0-9.,Ee]+?)(?=,\s|\s*$)")


def is_relaxis_text(file: TextFile) -> bool:
    """Return whether a text file is an export of RelaxIS."""
    return file.lines[0].strip().startswith("RelaxIS") and "export" in file.lines[0]


def read_relaxis_text(file: TextFile) -> list[FileSpectrum]:
    """Read every spectrum of a RelaxIS text export; what describes each becomes a note.

    Raises
    ------
    BadInput
        If its headings are missing or a value cannot be read.
    """
    start = next(
        (number for number, line in enumerate(file.lines) if "\t" in line and "frequency" in line.lower()),
        None,
    )
    if start is None:
        raise BadInput(f"{file.name} has no line of headings with 'Data: Frequency';", "export it again.")
    texts = file.lines[start].split("\t")
    found = headings(file.name, texts)
    rows, numbers_of, volts = Rows(file), list[float](), list[float]()
    captions: dict[float, str] = {}
    for line, text in enumerate(file.lines[start + 1 :], start + 2):
        cells = text.split("\t")
        if not text.strip() or text == file.lines[start]:
            continue
        if _is_description(cells):
            captions[float(len(captions) + 1)] = ", ".join(cell.strip() for cell in cells if cell.strip())
            volts.append(_voltage(cells[0]))
            continue
        rows.add(line, cells)
        numbers_of.append(float(len(captions)))
    values = quantities(rows, found, texts)
    values["cycle"] = np.array(numbers_of[: len(rows)])
    volts_of = dict(enumerate(volts, 1))
    values["voltage"] = np.array([volts_of.get(int(number), np.nan) for number in values["cycle"]])
    return to_spectra(Columns(file.name, values, captions=captions, notes=rows.notes))


def _is_description(cells: list[str]) -> bool:
    return not is_number(cells[0].strip()) and ("=" in cells[0] or any("Model:" in cell for cell in cells))


def _voltage(description: str) -> float:
    """Return the DC voltage in V from a description such as ``DC=-0.08, TM=33.7``; nan without one."""
    match = _DC.search(description)
    return float(match[1].replace(",", ".")) if match and is_number(match[1]) else float("nan")
