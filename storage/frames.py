"""Tables for people who work in a notebook: pandas DataFrames whose headings name the units.

Every table has the number of the run and whether it was simulated in its first two columns, so that
those of several runs can be put below each other. pandas is loaded by what makes the first table.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.cell import OHM_CM2, Cell
from core.records import Floats, Value
from storage.headings import READING_UNITS, fit_unit, heading, truth_unit, unit_in
from storage.records import StoredDecision, StoredEvent, StoredFit, StoredSpectrum
from storage.run_reader import RunReader

if TYPE_CHECKING:
    import pandas as pd

ARRAYS: dict[str, Callable[[StoredSpectrum], Floats]] = {
    "frequency / Hz": lambda each: each.spectrum.frequency,
    "time / s": lambda each: each.spectrum.time,
    "Re Z / Ω": lambda each: each.spectrum.impedance.real,
    "-Im Z / Ω": lambda each: -each.spectrum.impedance.imag,
    "E / V": lambda each: each.spectrum.voltage,
    "I / A": lambda each: each.spectrum.current,
    "E amplitude / V": lambda each: each.spectrum.voltage_amplitude,
    "I amplitude / A": lambda each: each.spectrum.current_amplitude,
}
"""Columns of the table of spectra that have a value at each frequency."""

AREAL: dict[str, tuple[str, str, Callable[[Cell], float]]] = {
    "I": ("i", "µA/cm²", lambda cell: cell.current_density(1.0)),
    "Q": ("q", "mAh/cm²", lambda cell: cell.areal_charge(1.0)),
    "F": ("p", "MPa", lambda cell: cell.pressure(1.0)),
}
"""What readings are per area: symbol, unit, and what one of the absolute SI unit is in it."""


def spectra_frame(
    spectra: Sequence[StoredSpectrum], about: Mapping[str, Any], cell: Cell, areal: bool
) -> "pd.DataFrame":
    """Return a row for each frequency of each spectrum.

    Parameters
    ----------
    spectra : sequence of StoredSpectrum
    about : mapping
        What is said of the table in its `attrs`; its ``run`` and ``simulated`` are columns too.
    cell : Cell
    areal : bool
        Whether the impedance is given per area of the electrode as well.
    """
    import pandas as pd

    counts = [len(each.spectrum) for each in spectra]
    techniques = pd.Categorical([each.spectrum.technique for each in spectra])
    columns: dict[str, Any] = {
        "spectrum": np.repeat(np.array([each.id for each in spectra], dtype=np.int64), counts),
        "technique": pd.Categorical.from_codes(np.repeat(techniques.codes, counts), dtype=techniques.dtype),
        "pass": np.repeat(np.array([each.spectrum.pass_number for each in spectra], dtype=np.int64), counts),
        "mid time / s": np.repeat(
            np.array([each.spectrum.mid_time for each in spectra], dtype=float), counts
        ),
    }
    for name, values in ARRAYS.items():
        columns[name] = np.concatenate([values(each) for each in spectra]) if spectra else np.empty(0)
    if areal:
        for part in ("Re Z", "-Im Z"):
            columns[f"{part} / Ω cm²"] = columns[f"{part} / Ω"] * (cell.area / OHM_CM2)
    return table(columns, about, len(next(iter(columns.values()))))


def fits_frame(
    fits: Sequence[StoredFit], about: Mapping[str, Any], cell: Cell, current_on: float | None, smoothed: bool
) -> "pd.DataFrame":
    """Return a row for each fit: every parameter with its standard error, and R and C per area too.

    Parameters
    ----------
    fits : sequence of StoredFit
    about : mapping
        As of `spectra_frame`.
    cell : Cell
    current_on : float or None
        Bench seconds at which the current was first switched on; None if it never was.
    smoothed : bool
        Whether the parameters that were smoothed are columns, too.
    """
    time = np.array([each.fit.time for each in fits], dtype=float)
    columns: dict[str, Any] = {
        "fit": [each.id for each in fits],
        "spectrum": [each.spectrum for each in fits],
        "model": [each.fit.model for each in fits],
        "version": [each.fit.version for each in fits],
        "time / s": time,
        "time since current on / h": (time - (math.nan if current_on is None else current_on)) / 3600,
        "KK passed": [each.fit.kramers_kronig.passed for each in fits],
        "flags": ["; ".join(each.fit.flags) for each in fits],
        "points used": [int(each.fit.mask.sum()) for each in fits],
        "rms residual": [each.fit.rms_residual for each in fits],
    }
    columns |= _parameters([each.fit.parameters for each in fits], "", cell)
    if smoothed:
        columns |= _parameters([each.fit.smoothed for each in fits], " smoothed", cell)
    return table(columns, about, len(fits))


def _parameters(fitted: Sequence[Mapping[str, Value]], more: str, cell: Cell) -> dict[str, Any]:
    unknown = Value(math.nan, math.nan)
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for each in fitted for name in each):
        values = [each.get(name, unknown) for each in fitted]
        value = np.array([each.value for each in values])
        stderr = np.array([each.stderr for each in values])
        for unit, factor in _units(fit_unit(name), cell):
            found[heading(f"{name}{more}", unit)] = value * factor
            # What was only measured along with the sweep, e.g. T, has no error of a fit.
            if np.isfinite(stderr).any():
                found[heading(f"{name}{more} stderr", unit)] = stderr * factor
    return found


def _units(unit: str, cell: Cell) -> list[tuple[str, float]]:
    """Return the units a parameter is given in, each with what one of its SI unit is in it."""
    if unit == "Ω":
        return [(unit, 1.0), ("Ω cm²", cell.area / OHM_CM2)]
    if unit == "F":
        return [(unit, 1.0), ("µF/cm²", cell.areal_capacitance(1.0))]
    return [(unit, 1.0)]


def readings_frame(
    reader: RunReader, pairs: Sequence[tuple[str, str]], about: Mapping[str, Any], cell: Cell, areal: bool
) -> "pd.DataFrame":
    """Return a row for each moment at which something was read, and a column for each quantity.

    Parameters
    ----------
    reader : RunReader
    pairs : sequence of (instrument, quantity)
        A quantity that several of them read is headed with its instrument.
    about : mapping
        As of `spectra_frame`.
    cell : Cell
    areal : bool
        Whether current, charge and force are given per area as well.
    """
    import pandas as pd

    names = [quantity for _, quantity in pairs]
    series = []
    for instrument, quantity in pairs:
        _, time, value = reader.readings(quantity, instrument=instrument)
        moments = pd.Series(time)
        # Two readings of one moment are two rows; the count keeps them apart.
        index = pd.MultiIndex.from_arrays([time, moments.groupby(moments).cumcount()])
        of = f" ({instrument})" if names.count(quantity) > 1 else ""
        series.append(pd.Series(value, index, name=heading(quantity + of, READING_UNITS.get(quantity, ""))))
        if areal and quantity in AREAL:
            symbol, unit, one = AREAL[quantity]
            series.append((series[-1] * one(cell)).rename(heading(symbol + of, unit)))
    if not series:
        return table({"time / s": []}, about, 0)
    joined = pd.concat(series, axis=1, join="outer").sort_index()
    moments = joined.index.get_level_values(0).to_numpy()
    return table(
        {"time / s": moments} | {name: joined[name].to_numpy() for name in joined}, about, len(joined)
    )


def events_frame(events: Iterable[StoredEvent], about: Mapping[str, Any]) -> "pd.DataFrame":
    """Return a row for each event."""
    rows = [
        (each.id, each.event.time, each.event.severity, each.event.kind, each.event.message, each.event.data)
        for each in events
    ]
    return _of_rows(("event", "time / s", "severity", "kind", "message", "data"), rows, about)


def decisions_frame(decisions: Iterable[StoredDecision], about: Mapping[str, Any]) -> "pd.DataFrame":
    """Return a row for each decision."""
    rows = [
        (each.id, made.time, made.rule, made.outcome, made.changes_bench, made.fits, made.parameters)
        for each in decisions
        for made in (each.decision,)
    ]
    columns = ("decision", "time / s", "rule", "outcome", "changes the bench", "fits", "parameters")
    return _of_rows(columns, rows, about)


def truth_frame(time: Floats, values: Mapping[str, Floats], about: Mapping[str, Any]) -> "pd.DataFrame":
    """Return what a simulated cell really was, a row for each moment; every heading says *true*."""
    columns = {"time / s": time}
    columns |= {heading(f"true {name}", truth_unit(name)): each for name, each in values.items()}
    return table(columns, about, len(time))


def _of_rows(
    columns: Sequence[str], rows: Sequence[tuple[Any, ...]], about: Mapping[str, Any]
) -> "pd.DataFrame":
    found = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    return table(found, about, len(rows))


def table(columns: Mapping[str, Any], about: Mapping[str, Any], rows: int) -> "pd.DataFrame":
    """Return a table of columns, with run and simulated before them and `about` in its `attrs`."""
    import pandas as pd

    first = {name: np.full(rows, about[name]) for name in ("run", "simulated")}
    frame = pd.DataFrame(first | dict(columns))
    units = {name: unit_in(name) for name in columns if unit_in(name)}
    frame.attrs = {**about, "units": units}
    return frame
