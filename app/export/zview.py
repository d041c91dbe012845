"""ZView's .z files, one for each spectrum; headings and numbers are separated by tabs.

pyimpspec and impedance.py read them too, the one only if headings and numbers are separated alike,
the other only by tabs.
"""

from datetime import timedelta
from pathlib import Path

import numpy as np

from app.export.about import about, write_about
from app.export.naming import MARK, file_name
from core.cell import Cell
from core.records import Floats, Spectrum
from core.telling import Tell
from storage import RunReader, RunSummary, StoredSpectrum
from storage.files.zview import LAYOUT
from storage.intact import intact_spectra

CONTROLLED = {"GEIS": "Control Current", "PEIS": "Control Voltage"}
UNITS = (
    "Hz, Ω and s; Z''(b) is negative where the response is capacitive. Ampl (peak) and Bias are in V for "
    "PEIS and in A for GEIS. Time(Sec) counts bench seconds from started_utc. What is not known is 0."
)
_BATCH = 200


def write_run(reader: RunReader, folder: Path, tell: Tell) -> None:
    """Write the spectra of one run, a file each, and run.json.

    Parameters
    ----------
    reader : RunReader
    folder : Path
        Is there, and empty.
    tell : callable
        Told what is being written, how much of it is done, and how much there is.

    Raises
    ------
    OSError
        If the disk does not take it.
    StoreError
        If the store cannot be read. A spectrum that is damaged is left out, and said so in run.json.
    """
    found, left_out = intact_spectra(reader)
    summary, cell = reader.summary(), reader.header.cell
    tables = {}
    for done, stored in enumerate(found, start=1):
        stem = f"run-{reader.run:04d}-spectrum-{stored.id:06d}-{stored.spectrum.technique}"
        name = file_name(stem, summary.simulated, ".z")
        with (folder / name).open("w", encoding="utf-8", newline="\r\n") as file:
            file.write(_text(stored, summary, cell))
        tables[name] = {"rows": len(stored.spectrum), "spectrum": stored.id}
        if done % _BATCH == 0 or done == len(found):
            tell(f"run {reader.run}: spectra", done, len(found))
    known = about(reader, summary, tables, left_out, "ZView .z files written by stripbench", UNITS)
    write_about(known, folder / "run.json")


def _text(stored: StoredSpectrum, summary: RunSummary, cell: Cell) -> str:
    spectrum = stored.spectrum
    controlled = CONTROLLED.get(spectrum.technique, "what was controlled is not known")
    begun = spectrum.time[0] if len(spectrum) and np.isfinite(spectrum.time[0]) else 0.0
    moment = summary.started_utc + timedelta(seconds=float(begun))
    lines = [
        "ZPLOT2 ASCII",
        f"ZPlot-style text written by stripbench: Sweep Frequency: {controlled}",
        *([f"{MARK}: no real cell was measured"] if summary.simulated else []),
        f"Run: {summary.run}, spectrum {stored.id}",
        f"Cell: {cell.name}, working electrode {cell.anode}",
        f"Area: {cell.area * 1e4:.6g} cm2; the impedance below is absolute",
        f"Date: {moment:%m-%d-%Y}",
        f"Time: {moment:%H:%M:%S} UTC",
        f"Data Points: {len(spectrum)}",
        "\t".join(LAYOUT),
        "End Comments",
    ]
    rows = zip(
        spectrum.frequency.tolist(), [spectrum.amplitude] * len(spectrum), _bias(spectrum).tolist(),
        np.nan_to_num(spectrum.time).tolist(), spectrum.impedance.real.tolist(),
        spectrum.impedance.imag.tolist(), strict=True,
    )  # fmt: skip
    lines += ["\t".join((*map(repr, row), "0", "0", "0")) for row in rows]
    return "\n".join(lines) + "\n"


def _bias(spectrum: Spectrum) -> Floats:
    """Return the mean of what was controlled, V or A, shape (n,)."""
    if spectrum.technique not in CONTROLLED:
        return np.zeros(len(spectrum))
    mean: Floats = spectrum.current if spectrum.technique == "GEIS" else spectrum.voltage
    known: Floats = np.nan_to_num(mean)
    return known
