"""EC-Lab's text export, .mpt: with or without its header, decimal point or comma, one sweep or many."""

import re
from datetime import datetime

import numpy as np

from core.errors import BadInput
from core.records import Floats
from storage.files.eclab import amplitudes, technique_by_amplitude, without_rest
from storage.files.headings import headings
from storage.files.numbers import Rows, is_number
from storage.files.spectra import UNKNOWN_TECHNIQUE, Columns, FileSpectrum, quantities, to_spectra
from storage.files.text import TextFile

_LOOP = re.compile(r"Loop (\d+) from point number (\d+) to (\d+)")
_TECHNIQUES = {"Galvano Electrochemical Imp": "GEIS", "Potentio Electrochemical Imp": "PEIS"}
_SETTING_WIDTH = 20
_CLOCKS = ("%m/%d/%Y %H:%M:%S.%f", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S.%f", "%d/%m/%Y %H:%M:%S")


def is_eclab_text(file: TextFile) -> bool:
    """Return whether a text file was written by EC-Lab, be it without its header."""
    first = file.lines[0].lstrip('"')
    return first.startswith(("EC-Lab ASCII", "BT-Lab ASCII")) or any(
        "freq/Hz\t" in line and "Re(Z)/Ohm\t" in line for line in file.lines[:500]
    )


def read_eclab_text(file: TextFile) -> list[FileSpectrum]:
    """Read every spectrum of an EC-Lab text file.

    EC-Lab writes −Im(Z). Columns that a spectrum has no place for (harmonics, the counter
    electrode's impedance …) are passed over. A file of a looped program is split by its loops or
    its cycle number; times are those of the file.

    Raises
    ------
    BadInput
        If it has no impedance, or a value cannot be read.
    """
    start = _heading_line(file)
    texts = file.lines[start].split("\t")
    found = headings(file.name, texts)
    rows = Rows(file)
    for line, text in enumerate(file.lines[start + 1 :], start + 2):
        if text.strip():
            rows.add(line, text.split("\t"))
    clock = found["time"][0] if "time" in found and _is_clock(rows, found["time"][0]) else None
    values = quantities(rows, found, texts, without="" if clock is None else "time")
    if clock is not None:
        values["time"] = _seconds(rows, clock)
        rows.notes.append("times of day were turned into seconds since the first point")
    header = file.lines[:start]
    if (loops := _loops(header, len(rows))) is not None:
        values["cycle"] = loops
    technique, said = _technique(header, values)
    if not said and technique != UNKNOWN_TECHNIQUE:
        rows.notes.append(f"the file does not name its technique; by its amplitudes it is {technique}")
    asked = _amplitudes(header, technique)
    return to_spectra(without_rest(Columns(file.name, values, technique, asked, notes=rows.notes)))


def _heading_line(file: TextFile) -> int:
    for number, line in enumerate(file.lines):
        if "\t" in line and "freq/hz" in line.lower():
            return number
    lines = [line.strip() for line in file.lines[:4]]
    technique = next((line for line in lines if line and "ASCII" not in line and "header" not in line), "")
    raise BadInput(
        f"{file.name} has no column freq/Hz" + (f" ({technique})" if technique else "") + ";",
        "only impedance (PEIS, GEIS) can be fitted; export with frequency, Re(Z) and -Im(Z).",
    )


def _technique(header: list[str], values: dict[str, Floats]) -> tuple[str, bool]:
    for line in header:
        for name, technique in _TECHNIQUES.items():
            if name in line:
                return technique, True
    return technique_by_amplitude(values), False


def _loops(header: list[str], points: int) -> Floats | None:
    """Return the loop of each point, shape (n,), or None where the header does not tell."""
    found = [tuple(map(int, match.groups())) for line in header if (match := _LOOP.match(line.strip()))]
    if not found:
        return None
    result = np.full(points, float(found[-1][0]))
    for loop, first, last in found:
        result[first : last + 1] = loop
    return result


def _settings(header: list[str], name: str) -> list[str]:
    """Return a setting of the technique in each of its sequences."""
    for line in header:
        cells = [line[at : at + _SETTING_WIDTH].strip() for at in range(0, len(line), _SETTING_WIDTH)]
        if cells and re.sub(r"\s+", " ", cells[0]) == name:
            return [cell for cell in cells[1:] if cell]
    return []


def _amplitudes(header: list[str], technique: str) -> tuple[float, ...]:
    volts, amperes = (
        [cell.replace(",", ".") for cell in _settings(header, key)] for key in ("Va (mV)", "Ia")
    )
    if not all(map(is_number, (*volts, *amperes))):
        return ()
    by_voltage = any(cell != "Ia" for cell in _settings(header, "Ia/Va"))
    units = _settings(header, "unit Ia")
    return amplitudes(technique, list(map(float, volts)), list(map(float, amperes)), units, by_voltage)


def _is_clock(rows: Rows, column: int) -> bool:
    return bool(rows.cells) and column < len(rows.cells[0]) and ":" in rows.cells[0][column]


def _seconds(rows: Rows, column: int) -> Floats:
    """Return times of day as seconds since the first."""
    short = next((line for line, row in zip(rows.lines, rows.cells, strict=True) if len(row) <= column), None)
    if short is not None:
        raise rows.file.refuse(short, "there is no value for the time", "export the spectrum again.")
    texts = [row[column].strip().replace(",", ".") for row in rows.cells]
    for pattern in _CLOCKS:
        try:
            moments = [datetime.strptime(text, pattern) for text in texts]
        except ValueError:
            continue
        return np.array([(moment - moments[0]).total_seconds() for moment in moments])
    raise rows.file.refuse(
        rows.lines[0], f"{texts[0]!r} is no time that can be read", "export with elapsed time in seconds."
    )
