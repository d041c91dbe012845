"""Tidy CSV: one folder a run, one table a file, one observation a row, SI units in the headings.

Every table begins with the number of the run and whether it was simulated, so that those of several
runs can be put below each other. What is not known is an empty field, which pandas reads as NaN.
"""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.export.about import about, write_about
from app.export.fit_columns import fit_table
from core.telling import Tell
from storage import RunReader
from storage.headings import READING_UNITS
from storage.intact import intact_spectra

BATCH = 200
"""Spectra between two words of progress."""

SPECTRUM_COLUMNS = (
    "spectrum", "technique", "pass", "mid_time_s", "amplitude", "amplitude_unit", "point", "frequency_Hz",
    "time_s", "Zre_ohm", "Zim_ohm", "E_V", "I_A", "E_amplitude_V", "I_amplitude_A",
)  # fmt: skip
READING_COLUMNS = ("instrument", "quantity", "unit", "time_s", "value")
EVENT_COLUMNS = ("event", "step", "time_s", "severity", "kind", "message", "data")
DECISION_COLUMNS = ("decision", "step", "time_s", "rule", "outcome", "changes_bench", "fits", "parameters")
ANNOTATION_COLUMNS = ("annotation", "kind", "about_event", "time_s", "text", "author", "made_utc")


def write_run(reader: RunReader, folder: Path, tell: Tell) -> None:
    """Write one run.

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
    left_out: list[str] = []
    summary = reader.summary()
    table = _Writer(folder, (summary.run, summary.simulated))
    table.write("spectra.csv", SPECTRUM_COLUMNS, _spectra(reader, left_out, tell))
    columns, rows = fit_table(reader)
    table.write("fits.csv", columns, rows)
    table.write("readings.csv", READING_COLUMNS, _readings(reader, tell))
    table.write("events.csv", EVENT_COLUMNS, _events(reader))
    table.write("decisions.csv", DECISION_COLUMNS, _decisions(reader))
    table.write("annotations.csv", ANNOTATION_COLUMNS, _annotations(reader))
    write_about(about(reader, summary, table.written, left_out), folder / "run.json")


class _Writer:
    """Writes tables of one run, and counts their rows."""

    def __init__(self, folder: Path, first: tuple[int, bool]) -> None:
        self._folder, self._first = folder, first
        self.written: dict[str, dict[str, Any]] = {}

    def write(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        headings, count = ("run", "simulated", *columns), 0
        with (self._folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(headings)
            for row in rows:
                writer.writerow((*self._first, *map(_field, row)))
                count += 1
        self.written[name] = {"rows": count, "columns": list(headings)}


def _field(value: Any) -> Any:
    """Return what is written: nothing for what is not known, and text on one line."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def _spectra(reader: RunReader, left_out: list[str], tell: Tell) -> Iterator[Sequence[Any]]:
    total = reader.summary().spectra
    spectra, damaged = intact_spectra(reader)
    left_out += damaged
    for done, stored in enumerate(spectra, start=1):
        spectrum = stored.spectrum
        unit = {"GEIS": "A", "PEIS": "V"}.get(spectrum.technique, "")
        first = (
            stored.id,
            spectrum.technique,
            spectrum.pass_number,
            spectrum.mid_time,
            spectrum.amplitude,
            unit,
        )
        arrays = (
            spectrum.frequency, spectrum.time, spectrum.impedance.real, spectrum.impedance.imag,
            spectrum.voltage, spectrum.current, spectrum.voltage_amplitude, spectrum.current_amplitude,
        )  # fmt: skip
        for point, values in enumerate(zip(*(each.tolist() for each in arrays), strict=True)):
            yield (*first, point, *values)
        if done % BATCH == 0 or done == total:
            tell(f"run {reader.run}: spectra", done, total)


def _readings(reader: RunReader, tell: Tell) -> Iterator[Sequence[Any]]:
    pairs = reader.quantities()
    for done, (instrument, quantity) in enumerate(pairs, start=1):
        _, time, value = reader.readings(quantity, instrument=instrument)
        unit = READING_UNITS.get(quantity, "")
        for each in zip(time.tolist(), value.tolist(), strict=True):
            yield (instrument, quantity, unit, *each)
        tell(f"run {reader.run}: readings", done, len(pairs))


def _events(reader: RunReader) -> Iterator[Sequence[Any]]:
    for stored in reader.events():
        event = stored.event
        yield stored.id, stored.step, event.time, event.severity, event.kind, event.message, event.data


def _decisions(reader: RunReader) -> Iterator[Sequence[Any]]:
    for stored in reader.decisions():
        made = stored.decision
        fits = " ".join(map(str, made.fits))
        yield (
            stored.id,
            stored.step,
            made.time,
            made.rule,
            made.outcome,
            made.changes_bench,
            fits,
            made.parameters,
        )


def _annotations(reader: RunReader) -> Iterator[Sequence[Any]]:
    for each in reader.annotations():
        yield each.id, each.kind, each.about, each.time, each.text, each.author, each.made_utc.isoformat()
