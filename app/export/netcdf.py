"""NetCDF: one file a run, with a group for the spectra, the fits, each quantity read, events and decisions.

    spectra = xarray.open_dataset("run-0007.nc", group="spectra")
    spectra.Z_re.isel(spectrum=0)

The spectra stand over ``spectrum`` and ``point``; each has its own frequencies, so nothing is lost where a
sweep is shorter, slower or runs the other way, and what is beyond its end is nan. Texts with a structure of
their own (parameters, data of events, provenance) are JSON.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from app.export.about import about
from app.export.fit_columns import fit_table
from app.export.naming import MARK, folder_name
from core.records import Floats
from core.telling import Tell
from storage import RunReader, RunSummary, StoredSpectrum
from storage.headings import READING_UNITS
from storage.intact import intact_spectra

if TYPE_CHECKING:
    import xarray as xr


UNITS = (
    "in the attribute units of each variable, SI; R and C are absolute, or per area of the electrode where "
    "it says cm2. Times count bench seconds from started_utc. Z_im is negative where the response is "
    "capacitive. A positive current strips the working electrode. Amplitudes are peak."
)
POINTS = {
    "frequency": ("Hz", "frequency"),
    "Z_re": ("ohm", "real part of the impedance"),
    "Z_im": ("ohm", "imaginary part of the impedance"),
    "time": ("s", "bench seconds at which the frequency was finished"),
    "E": ("V", "mean voltage"),
    "I": ("A", "mean current"),
    "E_amplitude": ("V", "measured peak amplitude of the voltage"),
    "I_amplitude": ("A", "measured peak amplitude of the current"),
}
"""Variables over spectrum and point: unit, and what they are."""

TEXTS = {
    "severity", "kind", "message", "data", "rule", "outcome", "fits", "parameters", "text", "author",
    "made_utc", "model", "weights", "kk_reason", "flags", "smoothing",
}  # fmt: skip
"""Columns of fits, events, decisions and annotations that are texts, also where there is no row."""

ENDINGS = {
    "_ohm_cm2": "ohm cm2", "_F_per_cm2": "F/cm2", "_per_s": "1/s", "_ohm": "ohm", "_Hz": "Hz", "_Pa": "Pa",
    "_F": "F", "_H": "H", "_K": "K", "_V": "V", "_A": "A", "_s": "s",
}  # fmt: skip
"""Units by the endings of the headings of fits, the longest first."""


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
        If the store cannot be read. A spectrum that is damaged is left out, and said so in the
        variable provenance.
    """
    summary = reader.summary()
    found, left_out = intact_spectra(reader)
    groups = {
        "spectra": _spectra(found),
        "fits": _fits(reader),
        **{f"readings/{name}": group for name, group in _readings(reader)},
        "events": _events(reader),
        "decisions": _decisions(reader),
        "annotations": _annotations(reader),
    }
    path = f"{folder_name(reader.run, summary.simulated)}.nc"
    sizes: dict[str, dict[str, Any]] = {name: {"rows": dict(each.sizes)} for name, each in groups.items()}
    known = about(reader, summary, sizes, left_out, "NetCDF written by stripbench, 1", UNITS)
    with (folder / path).open("wb") as file:
        _write(file, {"": _root(known), **groups}, summary, tell)


def _write(file: BinaryIO, groups: Mapping[str, "xr.Dataset"], summary: RunSummary, tell: Tell) -> None:
    """Write groups, of which the one without a name is the file itself.

    HDF5 ends the whole process when it cannot close a file on a full disk, so it writes into memory.
    """
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    memory = BytesIO()
    with h5netcdf.File(memory, "w") as whole:
        for done, (name, group) in enumerate(groups.items(), start=1):
            group.attrs["simulated"] = int(summary.simulated)
            group.dump_to_store(H5NetCDFStore(whole.create_group(name) if name else whole))
            tell(f"run {summary.run}: NetCDF groups", done, len(groups))
    file.write(memory.getbuffer())


def _root(known: dict[str, Any]) -> "xr.Dataset":
    import xarray as xr

    text = json.dumps(known, ensure_ascii=False, allow_nan=False)
    said = {
        "title": f"run {known['run']}: {known['protocol']} of {known['cell']['name']}",
        "mark": MARK if known["simulated"] else "measured",
        "simulated": int(known["simulated"]),
        "run": known["run"],
        "protocol": known["protocol"],
        "cell": known["cell"]["name"],
        "anode": known["cell"]["anode"],
        "electrode_area_cm2": known["electrode_area_cm2"],
        "pellet_area_cm2": known["pellet_area_cm2"],
        "started_utc": known["started_utc"],
        "units": UNITS,
        "source": f"stripbench {known['versions'].get('stripbench', '')}".strip(),
    }
    # A variable and not an attribute: those of HDF5 end at 64 kB, and a long protocol has more steps.
    return xr.Dataset(
        {"provenance": ((), text, {"long_name": "what is known of the run, as JSON"})}, attrs=said
    )


def _spectra(found: Sequence[StoredSpectrum]) -> "xr.Dataset":
    import xarray as xr

    longest = max((len(each.spectrum) for each in found), default=0)
    values = {name: np.full((len(found), longest), np.nan) for name in POINTS}
    for row, stored in enumerate(found):
        each = stored.spectrum
        arrays = (
            each.frequency, each.impedance.real, each.impedance.imag, each.time, each.voltage, each.current,
            each.voltage_amplitude, each.current_amplitude,
        )  # fmt: skip
        for name, array in zip(POINTS, arrays, strict=True):
            values[name][row, : len(array)] = array
    variables: dict[str, Any] = {
        name: (("spectrum", "point"), values[name], {"units": unit, "long_name": words})
        for name, (unit, words) in POINTS.items()
    }
    spectra = [each.spectrum for each in found]
    variables |= {
        "length": _counts("spectrum", [len(each) for each in spectra], "points of the spectrum"),
        "technique": _texts("spectrum", [each.technique for each in spectra]),
        "pass": _counts("spectrum", [each.pass_number for each in spectra], "pass of a looped program"),
        "mid_time": _numbers("spectrum", [each.mid_time for each in spectra], "s"),
        "amplitude": _numbers("spectrum", [each.amplitude for each in spectra], "V for PEIS, A for GEIS"),
    }
    identity = ("spectrum", np.array([each.id for each in found], dtype=np.int64), {"units": "1"})
    return xr.Dataset(variables, {"spectrum": identity}).set_coords(["frequency", "mid_time", "technique"])


def _fits(reader: RunReader) -> "xr.Dataset":
    import xarray as xr

    columns, rows = fit_table(reader)
    table = list(rows)
    variables = {
        name: _column("fit", [row[place] for row in table], _unit(name), name in TEXTS)
        for place, name in enumerate(columns)
    }
    return xr.Dataset(variables).set_coords("fit")


def _unit(name: str) -> str:
    return next((unit for ending, unit in ENDINGS.items() if name.endswith(ending)), "1")


def _readings(reader: RunReader) -> Iterable[tuple[str, "xr.Dataset"]]:
    """Return a dataset for each quantity an instrument read, with the times of its own."""
    import xarray as xr

    for instrument, quantity in reader.quantities():
        _, time, value = reader.readings(quantity, instrument=instrument)
        variables = {"value": _numbers("time", value, READING_UNITS.get(quantity, "1"))}
        coordinates = {"time": _numbers("time", time, "s")}
        said = {"instrument": instrument, "quantity": quantity}
        yield f"{_name(instrument)}/{_name(quantity)}", xr.Dataset(variables, coordinates, said)


def _name(text: str) -> str:
    """Return a name that a group may have."""
    return re.sub(r"[^\w.+-]", "_", text) or "_"


def _events(reader: RunReader) -> "xr.Dataset":
    columns = ("event", "step", "time", "severity", "kind", "message", "data")
    rows = [
        (each.id, each.step, float(each.event.time), each.event.severity, each.event.kind, each.event.message,
         _json(each.event.data))
        for each in reader.events()
    ]  # fmt: skip
    return _table("event", columns, rows)


def _decisions(reader: RunReader) -> "xr.Dataset":
    columns = ("decision", "step", "time", "rule", "outcome", "changes_bench", "fits", "parameters")
    rows = [
        (each.id, each.step, float(made.time), made.rule, made.outcome, made.changes_bench,
         _json(list(made.fits)), _json(made.parameters))
        for each in reader.decisions()
        for made in (each.decision,)
    ]  # fmt: skip
    return _table("decision", columns, rows)


def _annotations(reader: RunReader) -> "xr.Dataset":
    columns = ("annotation", "kind", "about_event", "time", "text", "author", "made_utc")
    rows = [
        (each.id, each.kind, each.about, each.time, each.text, each.author, each.made_utc.isoformat())
        for each in reader.annotations()
    ]
    return _table("annotation", columns, rows)


def _table(dimension: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> "xr.Dataset":
    import xarray as xr

    variables = {
        name: _column(dimension, [row[place] for row in rows], "s" if name == "time" else "1", name in TEXTS)
        for place, name in enumerate(columns)
    }
    return xr.Dataset(variables).set_coords(dimension)


def _column(dimension: str, values: Sequence[Any], unit: str, text: bool = False) -> tuple[Any, ...]:
    """Return a variable of what a column holds: texts, counts, or numbers with nan for what is not known."""
    if text or any(isinstance(each, str) for each in values):
        return _texts(dimension, ["" if each is None else str(each) for each in values])
    if values and all(isinstance(each, int) for each in values):
        return dimension, np.array(values, dtype=np.int64), {"units": unit}
    return _numbers(dimension, [np.nan if each is None else each for each in values], unit)


def _numbers(dimension: str, values: Sequence[float] | Floats, unit: str) -> tuple[Any, ...]:
    return dimension, np.array(values, dtype=np.float64), {"units": unit}


def _counts(dimension: str, values: Sequence[int], words: str) -> tuple[Any, ...]:
    return dimension, np.array(values, dtype=np.int64), {"units": "1", "long_name": words}


def _texts(dimension: str, values: Sequence[str]) -> tuple[Any, ...]:
    # Of no text at all xarray cannot tell that it would be one, unless the array says so.
    return dimension, np.array(values, dtype=object if values else str)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
