"""What was read at many different times, in one table with one time a row, as Battery Data Format has it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.records import Bools, Floats, Spectrum
from storage import RunReader

if TYPE_CHECKING:
    import pandas as pd

GAP = 600.0
"""Seconds; across a longer silence of an instrument nothing is interpolated."""

STRIPPING = 0.02
"""A current counts as flowing above this share of the largest of the run."""

KELVIN, PER_AH = 273.15, 3600.0

COLUMNS = {
    "Test Time / s": "test_time_second",
    "Voltage / V": "voltage_volt",
    "Current / A": "current_ampere",
    "Unix Time / s": "unix_time_second",
    "Cycle Count / 1": "cycle_count",
    "Step Count / 1": "step_count",
    "Ambient Temperature / degC": "ambient_temperature_celsius",
    "Applied Pressure / Pa": "applied_pressure_pa",
    "Net Capacity / Ah": "net_capacity_ah",
    "Frequency / Hz": "frequency_hertz",
    "Real Impedance / ohm": "real_impedance_ohm",
    "Imaginary Impedance / ohm": "imaginary_impedance_ohm",
    "Absolute Impedance / ohm": "absolute_impedance_ohm",
    "Phase / deg": "phase_degree",
    "Simulated / 1": "",
}
"""Labels, and what the ontology calls them; that of the last column is ours."""

RULES = (
    "A row is a reading of the voltage, or a point of an impedance sweep at the moment it was finished; a "
    "reading at the very moment of a point is in its row.",
    "Voltage of a point is the mean during it. Current is that of the same reading or point, else the last "
    "one read before.",
    "Temperature, pressure and capacity were read at times of their own and are interpolated linearly. "
    "Nothing is extrapolated, and nothing is interpolated across more than 600 s; such fields are empty.",
    "Applied Pressure is the force per area of the pellet. Net Capacity is the charge that has passed.",
    "Unix Time is the start of the run plus Test Time; that of a simulated run is simulated too.",
    "Step Count counts the steps of the protocol, from 1; it is that of the step begun last.",
    "Cycle Count begins with 1 and rises each time the current takes the direction of the first half cycle "
    "again; a current below 2 % of the largest is a rest, and a run without current is one cycle.",
    "Imaginary Impedance is Im(Z): negative where the response is capacitive.",
)
"""How the table is made, in words for its sidecar."""


def bdf_table(
    reader: RunReader, spectra: Sequence[Spectrum]
) -> "tuple[pd.DataFrame, dict[str, str], list[str]]":
    """Return the table of a run in Battery Data Format.

    Parameters
    ----------
    reader : RunReader
    spectra : sequence of Spectrum
        Those of the run that are intact.

    Returns
    -------
    table : DataFrame
        Rows in the order of their times, with all `COLUMNS`; empty fields are nan.
    sources : dict of str to str
        Which instrument each reading comes from.
    unplaced : list of str
        Spectra without a time, in words; they have no row.
    """
    import pandas as pd

    sources = _sources(reader)
    values = _rows(_series(reader, "E", sources), spectra)
    order = np.argsort(values["Test Time / s"], kind="stable")
    values = {label: column[order] for label, column in values.items()}
    time = values["Test Time / s"]
    current = _series(reader, "I", sources)
    for label, series, rule in (
        ("Voltage / V", _series(reader, "E", sources), linear),
        ("Current / A", current, previous),
    ):
        values[label] = np.where(np.isnan(values[label]), rule(time, *series), values[label])
    values["Unix Time / s"] = reader.summary().started_utc.timestamp() + time
    values["Ambient Temperature / degC"] = linear(time, *_series(reader, "T", sources)) - KELVIN
    values["Applied Pressure / Pa"] = (
        linear(time, *_series(reader, "F", sources)) / reader.header.cell.pellet_area
    )
    values["Net Capacity / Ah"] = linear(time, *_series(reader, "Q", sources)) / PER_AH
    values["Step Count / 1"] = _steps(time, [each.started for each in reader.steps()])
    stripped = any(each.event.kind == "current on" for each in reader.events())
    values["Cycle Count / 1"] = cycles(values["Current / A"]) if stripped else np.ones(len(time))
    values["Simulated / 1"] = np.full(len(time), float(reader.header.simulated))
    table = pd.DataFrame({label: values[label] for label in COLUMNS})
    counts = ["Cycle Count / 1", "Step Count / 1", "Simulated / 1"]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    without = sum(1 for each in spectra if not np.isfinite(each.time).all())
    unplaced = [f"{without} spectra have points without a time, which have no row"] if without else []
    return table, sources, unplaced


def _sources(reader: RunReader) -> dict[str, str]:
    """Return the instrument of each quantity; the first by its name where several read it."""
    sources: dict[str, str] = {}
    for instrument, quantity in reader.quantities():
        sources.setdefault(quantity, instrument)
    return sources


def _series(reader: RunReader, quantity: str, sources: Mapping[str, str]) -> tuple[Floats, Floats]:
    """Return times and values of the readings of a quantity, in the order of their times."""
    if quantity not in sources:
        return np.empty(0), np.empty(0)
    _, time, value = reader.readings(quantity, instrument=sources[quantity])
    order = np.argsort(time, kind="stable")
    return time[order], value[order]


def _rows(voltage: tuple[Floats, Floats], spectra: Sequence[Spectrum]) -> dict[str, Floats]:
    """Return the columns that are measured: points of sweeps, then readings of the voltage between them."""

    def points(get: Callable[[Spectrum], Floats]) -> Floats:
        return np.concatenate([np.empty(0), *(get(each)[np.isfinite(each.time)] for each in spectra)])

    time = points(lambda each: each.time)
    between = ~np.isin(voltage[0], time)
    empty = np.full(int(between.sum()), np.nan)
    imaginary, real = points(lambda each: each.impedance.imag), points(lambda each: each.impedance.real)
    swept = {
        "Frequency / Hz": points(lambda each: each.frequency),
        "Real Impedance / ohm": real,
        "Imaginary Impedance / ohm": imaginary,
        "Absolute Impedance / ohm": np.hypot(real, imaginary),
        "Phase / deg": np.degrees(np.arctan2(imaginary, real)),
        "Current / A": points(lambda each: each.current),
    }
    columns = {label: np.concatenate([column, empty]) for label, column in swept.items()}
    columns["Test Time / s"] = np.concatenate([time, voltage[0][between]])
    columns["Voltage / V"] = np.concatenate([points(lambda each: each.voltage), voltage[1][between]])
    return columns


def linear(at: Floats, time: Floats, value: Floats) -> Floats:
    """Return values at other times, interpolated; nan outside of `time` and across more than `GAP`.

    Parameters
    ----------
    at : ndarray, shape (n,)
    time, value : ndarray, shape (m,)
        `time` does not fall.
    """
    if not len(time):
        return np.full(len(at), np.nan)
    found: Floats = np.interp(at, time, value, left=np.nan, right=np.nan)
    return np.where(_near(at, time), found, np.nan)


def previous(at: Floats, time: Floats, value: Floats) -> Floats:
    """Return the value read last at other times; nan where `linear` would give it."""
    if not len(time):
        return np.full(len(at), np.nan)
    last = np.searchsorted(time, at, side="right") - 1
    return np.where(_near(at, time), value[np.maximum(last, 0)], np.nan)


def _near(at: Floats, time: Floats) -> Bools:
    """Return whether each time is one of a reading or lies between two that are close."""
    before = np.searchsorted(time, at, side="right") - 1
    after = np.searchsorted(time, at, side="left")
    inside = (before >= 0) & (after < len(time))
    close = time[np.minimum(after, len(time) - 1)] - time[np.maximum(before, 0)] <= GAP
    near: Bools = inside & close
    return near


def _steps(at: Floats, started: Sequence[float]) -> Floats:
    """Return the number of the step begun last, from 1; nan before the first."""
    found = np.searchsorted(np.sort(np.asarray(started, dtype=np.float64)), at, side="right")
    return np.where(found > 0, found.astype(np.float64), np.nan)


def cycles(current: Floats) -> Floats:
    """Return the number of the cycle at each row, from 1, by the direction of the current.

    Parameters
    ----------
    current : ndarray, shape (n,)
        A, in the order of time; nan where it is not known.
    """
    known = np.nan_to_num(current)
    largest = float(np.max(np.abs(known), initial=0.0))
    flowing = np.flatnonzero(np.abs(known) > STRIPPING * largest) if largest else np.empty(0, dtype=int)
    counts: Floats = np.ones(len(current))
    if len(flowing):
        forward = np.sign(known[flowing]) == np.sign(known[flowing[0]])
        again = flowing[1:][forward[1:] & ~forward[:-1]]
        counts += np.searchsorted(again, np.arange(len(current)), side="right")
    return counts
