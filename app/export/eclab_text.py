"""EC-Lab-style text, .mpt: the spectra of a run below each other, a file for each technique.

An .mpt names one technique, so a run that takes PEIS before GEIS makes two files, as EC-Lab does.
RelaxIS, ZView's import, pyimpspec and impedance.py read them. Unlike EC-Lab, the mean current is
written in A, so that no digit is lost; no unit has a µ, which not every program reads.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from app.export.about import about, write_about
from app.export.naming import MARK, file_name
from core.records import Spectrum
from core.telling import Tell
from storage import RunReader, RunSummary
from storage.intact import intact_spectra

TECHNIQUES = {
    "GEIS": "Galvano Electrochemical Impedance Spectroscopy",
    "PEIS": "Potentio Electrochemical Impedance Spectroscopy",
}
COLUMNS = (
    "freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm", "|Z|/Ohm", "Phase(Z)/deg", "time/s", "<Ewe>/V", "<I>/A",
    "cycle number", "|Ewe|/V", "|I|/A", "Ns",
)  # fmt: skip
WIDTH = 20
"""Characters of each cell of the settings."""

UNITS = (
    "SI, as the headings say; Phase(Z) in degrees, amplitudes peak. -Im(Z) is positive where the response is "
    "capacitive. time/s counts bench seconds from started_utc. cycle number counts the spectra of a file."
)
_BATCH = 200


def write_run(reader: RunReader, folder: Path, tell: Tell) -> None:
    """Write the spectra of one run, a file for each technique, and run.json.

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
    summary = reader.summary()
    by_technique: dict[str, list[Spectrum]] = {}
    for stored in found:
        by_technique.setdefault(stored.spectrum.technique, []).append(stored.spectrum)
    tables = {}
    for technique, spectra in by_technique.items():
        name = file_name(f"run-{reader.run:04d}-{technique}", summary.simulated, ".mpt")
        lines = [*_header(reader, summary, technique, spectra), "\t".join(COLUMNS)]
        # The second line says how many there are, itself and the headings included.
        lines[1] = f"Nb header lines : {len(lines)}"
        with (folder / name).open("w", encoding="cp1252", errors="backslashreplace", newline="\r\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            for done, block in enumerate(_blocks(spectra), start=1):
                file.write(block)
                if done % _BATCH == 0 or done == len(spectra):
                    tell(f"run {reader.run}: {technique} spectra", done, len(spectra))
        tables[name] = {"rows": sum(map(len, spectra)), "spectra": len(spectra), "columns": list(COLUMNS)}
    known = about(reader, summary, tables, left_out, "EC-Lab-style text written by stripbench", UNITS)
    write_about(known, folder / "run.json")


def _header(reader: RunReader, summary: RunSummary, technique: str, spectra: Sequence[Spectrum]) -> list[str]:
    header = reader.header
    first = next((float(each.time[0]) for each in spectra if np.isfinite(each.time[0])), 0.0)
    moment = summary.started_utc + timedelta(seconds=first)
    return [
        "EC-Lab ASCII FILE",
        "",
        "",
        TECHNIQUES.get(technique, "Impedance; what was controlled is not known"),
        "",
        "EC-Lab-style text written by stripbench; EC-Lab did not write it",
        *([f"{MARK} : no real cell was measured"] if summary.simulated else []),
        f"Run : {summary.run}, {header.protocol}",
        f"Cell : {header.cell.name}, working electrode {header.cell.anode}",
        f"Electrode surface area : {header.cell.area * 1e4:.6g} cm²",
        f"Run started on : {summary.started_utc:%m/%d/%Y %H:%M:%S} UTC; time/s counts from there",
        f"Acquisition started on : {moment:%m/%d/%Y %H:%M:%S.%f}"[:-3],
        "",
        *_settings(technique, _amplitudes(spectra)),
        "",
    ]


def _amplitudes(spectra: Sequence[Spectrum]) -> list[float]:
    """Return the amplitudes asked for, A or V peak, each once; those of a sequence (Ns) are alike."""
    return list(dict.fromkeys(each.amplitude for each in spectra))


def _settings(technique: str, amplitudes: Sequence[float]) -> Iterator[str]:
    if technique not in TECHNIQUES:
        return
    yield _row("Ns", map(str, range(len(amplitudes))))
    if technique == "PEIS":
        yield _row("Va (mV)", (f"{value * 1e3:.15g}" for value in amplitudes))
        return
    yield _row("Ia/Va", ("Ia" for _ in amplitudes))
    yield _row("Ia", (f"{value * 1e9:.15g}" for value in amplitudes))
    yield _row("unit Ia", ("nA" for _ in amplitudes))


def _row(name: str, cells: Iterator[str]) -> str:
    return "".join(f"{cell:<{WIDTH}}" for cell in (name, *cells))


def _blocks(spectra: Sequence[Spectrum]) -> Iterator[str]:
    """Return the rows of each spectrum as text; a number is written so that it is read back exactly."""
    sequences = {value: place for place, value in enumerate(_amplitudes(spectra))}
    for cycle, each in enumerate(spectra, start=1):
        phase = np.degrees(np.arctan2(each.impedance.imag, each.impedance.real))
        size = np.hypot(each.impedance.real, each.impedance.imag)
        sequence = sequences[each.amplitude]
        rows = zip(
            each.frequency.tolist(), each.impedance.real.tolist(), (-each.impedance.imag).tolist(),
            size.tolist(), phase.tolist(), each.time.tolist(), each.voltage.tolist(), each.current.tolist(),
            [cycle] * len(each), each.voltage_amplitude.tolist(), each.current_amplitude.tolist(),
            [sequence] * len(each), strict=True,
        )  # fmt: skip
        yield "".join("\t".join(map(repr, row)) + "\n" for row in rows)
