"""Gamry's .DTA files: the ZCURVE tables, with a decimal point or a decimal comma."""

import math
import re

import numpy as np

from core.errors import BadInput
from core.records import Floats
from storage.files.headings import Heading, headings
from storage.files.numbers import Rows, is_number
from storage.files.spectra import UNKNOWN_TECHNIQUE, Columns, FileSpectrum, quantities, to_spectra
from storage.files.text import TextFile

_TABLE = re.compile(r"(\S*ZCURVE\S*)\tTABLE(?:\t(\d+))?", re.IGNORECASE)


def is_gamry(file: TextFile) -> bool:
    """Return whether a text file was written by Gamry's Framework."""
    return file.lines[0].strip() == "EXPLAIN" or any(_TABLE.match(line) for line in file.lines)


def read_gamry(file: TextFile) -> list[FileSpectrum]:
    """Read every ZCURVE table of a .DTA file.

    Raises
    ------
    BadInput
        If there is no such table, or a value cannot be read.
    """
    tables = [(number, match) for number, line in enumerate(file.lines) if (match := _TABLE.match(line))]
    if not tables:
        tag = next((line.split("\t")[1] for line in file.lines if line.startswith("TAG\t")), "no TAG")
        raise BadInput(
            f"{file.name} has no ZCURVE table ({tag.strip()});",
            "only impedance can be fitted; name an EIS file.",
        )
    notes: list[str] = []
    parts = [_table(file, number, match, notes) for number, match in tables]
    values = {
        key: np.concatenate([part[key] for part in parts])
        for key in parts[0]
        if all(key in part for part in parts)
    }
    values["cycle"] = np.concatenate([np.full(len(part["real"]), float(k)) for k, part in enumerate(parts)])
    technique = _technique(file)
    return to_spectra(Columns(file.name, values, technique, _amplitude(file, technique), notes=notes))


def _table(file: TextFile, start: int, match: re.Match[str], notes: list[str]) -> dict[str, Floats]:
    """Return one table in SI."""
    if len(file.lines) < start + 3:
        raise BadInput(f"{file.name} ends before its first point;", "export the spectrum again.")
    names, units = (file.lines[start + row].split("\t") for row in (1, 2))
    units += [""] * (len(names) - len(units))
    texts = [
        f"{name}/{unit}" if unit and unit != "#" else name for name, unit in zip(names, units, strict=False)
    ]
    found: dict[str, tuple[int, Heading]] = headings(file.name, texts)
    rows = Rows(file, notes=notes)
    for line, text in enumerate(file.lines[start + 3 :], start + 4):
        if not text.startswith("\t"):
            break
        if text.strip():
            rows.add(line, text.split("\t"))
    values = quantities(rows, found, texts)
    if match[2] and int(match[2]) > len(rows):
        notes.append(f"{len(rows)} of {match[2]} points are in the file")
    return values


def _setting(file: TextFile, name: str) -> str:
    for line in file.lines:
        cells = line.split("\t")
        if cells[0] == name and len(cells) > 2:
            return cells[2].strip() if name != "TAG" else cells[1].strip()
        if cells[0] == name and name == "TAG" and len(cells) > 1:
            return cells[1].strip()
    return ""


def _technique(file: TextFile) -> str:
    tag = _setting(file, "TAG").upper()
    if "GALV" in tag or "HYB" in tag:
        return "GEIS"
    return "PEIS" if "POT" in tag else UNKNOWN_TECHNIQUE


def _amplitude(file: TextFile, technique: str) -> tuple[float, ...]:
    """Return the peak amplitude asked for; Gamry writes mV or A, root mean square."""
    name, factor = ("VAC", 1e-3) if technique == "PEIS" else ("IAC", 1.0)
    text = _setting(file, name).replace(",", ".")
    if technique == UNKNOWN_TECHNIQUE or "HYB" in _setting(file, "TAG").upper() or not is_number(text):
        return ()
    return (math.sqrt(2) * factor * float(text),)
