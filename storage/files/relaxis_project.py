"""Projects of RelaxIS 3, .eis3, which are SQLite files.

Written from the layout of their tables; not tried on a real project yet.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import BadInput
from core.records import Floats
from storage.files.spectra import Columns, FileSpectrum, to_spectra

MAGIC = b"SQLite format 3\x00"
UNTRIED = "read from a RelaxIS project, which has not been tried on a real one: compare one spectrum"


def read_relaxis_project(name: str) -> list[FileSpectrum]:
    """Read every spectrum of a RelaxIS project; the project is opened read-only.

    Points that were switched off in RelaxIS are left out, with a note. The files of a project
    come in the order of their ID.

    Raises
    ------
    BadInput
        If it is an SQLite file of another kind, damaged, or without spectra.
    """
    try:
        with closing(sqlite3.connect(f"{Path(name).resolve().as_uri()}?mode=ro", uri=True)) as project:
            _check(name, project)
            found = project.execute("SELECT ID, groupname, datasource FROM Files ORDER BY ID").fetchall()
            spectra = [_spectrum(name, project, row) for row in found]
    except sqlite3.Error as error:
        raise BadInput(
            f"{name} cannot be read as a RelaxIS project: {error};",
            "export the spectra as text from RelaxIS.",
        ) from None
    kept = [each for spectrum in spectra for each in spectrum]
    if not kept:
        raise BadInput(f"{name} holds no spectrum;", "name a project with spectra in it.")
    return [
        FileSpectrum(name, number, each.spectrum, (UNTRIED, *each.notes)) for number, each in enumerate(kept)
    ]


def _check(name: str, project: sqlite3.Connection) -> None:
    tables = {
        row[0].lower() for row in project.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    if not {"files", "datapoints"} <= tables:
        raise BadInput(
            f"{name} is an SQLite file, but no RelaxIS project: it has no tables Files and Datapoints;",
            "spectra of stripbench's own store are fitted again with stripbench refit.",
        )


def _spectrum(name: str, project: sqlite3.Connection, row: Sequence[Any]) -> list[FileSpectrum]:
    number, group, source = row
    points = project.execute(
        "SELECT frequency, zreal, zimag, active FROM Datapoints WHERE file_id = ? ORDER BY rowid", (number,)
    ).fetchall()
    active = [
        point[:3] for point in points if point[3] is None or str(point[3]).lower() not in ("0", "false")
    ]
    if not active:
        return []
    values = dict(zip(("frequency", "real", "imag"), _numbers(name, number, active), strict=True))
    values["voltage"] = np.full(len(active), _information(project, number, "DCVoltage", "V"))
    notes = [", ".join(str(text) for text in (group, source) if text)]
    if len(active) < len(points):
        notes.append(f"{len(points) - len(active)} points switched off in RelaxIS were left out")
    columns = Columns(name, values, notes=[note for note in notes if note])
    return to_spectra(columns)


def _numbers(name: str, number: Any, points: list[Any]) -> Floats:
    try:
        return np.array(points, dtype=np.float64).T
    except (TypeError, ValueError):
        raise BadInput(
            f"{name}: spectrum {number} has a point that is no number;", "correct it in RelaxIS."
        ) from None


def _information(project: sqlite3.Connection, number: Any, name: str, unit: str) -> float:
    """Return a number that RelaxIS keeps beside a spectrum; nan where it has none in this unit."""
    has_table = project.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND lower(name) = 'fileinformation'"
    ).fetchone()
    if not has_table:
        return float("nan")
    row = project.execute(
        "SELECT value, unit FROM FileInformation WHERE file_id = ? AND name = ?", (number, name)
    ).fetchone()
    if row is None or (row[1] or unit) != unit:
        return float("nan")
    try:
        return float(str(row[0]).replace(",", "."))
    except ValueError:
        return float("nan")
