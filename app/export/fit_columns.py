"""The table of fits: a row for each fit of every version, a column for each parameter any of them has."""

from collections.abc import Iterator, Sequence
from typing import Any

from analysis.circuits.constraints import unit_of
from core.cell import OHM_CM2, Cell
from core.records import Value
from storage import RunReader, StoredFit

FIRST = (
    "fit", "spectrum", "model", "version", "time_s", "points_used", "weights", "rms_residual",
    "kk_passed", "kk_signed_mean", "kk_dropped_below_Hz", "kk_reason", "flags", "smoothing",
)  # fmt: skip

IN_WORDS = {"Ω": "ohm", "F": "F", "H": "H", "s": "s", "1/s": "per_s"}
"""Units as a heading has them."""

MEASURED = {"T": "K", "p": "Pa", "E": "V", "I": "A", "E_ac": "V", "f_min": "Hz", "duration": "s"}
"""Units of what was measured along with a sweep and is kept with its fit."""


def fit_table(reader: RunReader) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """Return headings and rows.

    A parameter has four columns at most: its value and its standard error, absolute in SI, and both
    per area of the electrode, in Ω cm² or F/cm². Those of the smoothed values follow.
    """
    versions = sorted({(each.model, each.version) for each in reader.fit_versions()}, key=_oldest_first)
    names: dict[str, None] = {}
    smoothed: dict[str, None] = {}
    for stored in _fits(reader, versions):
        names |= dict.fromkeys(stored.fit.parameters)
        smoothed |= dict.fromkeys(stored.fit.smoothed)
    columns = [*FIRST]
    for name in names:
        columns += _headings(name, "")
    for name in smoothed:
        columns += _headings(name, "_smoothed")
    cell = reader.header.cell
    rows = (_row(stored, list(names), list(smoothed), cell) for stored in _fits(reader, versions))
    return columns, rows


def _oldest_first(version: tuple[str, int]) -> tuple[int, str]:
    return version[1], version[0]


def _fits(reader: RunReader, versions: Sequence[tuple[str, int]]) -> Iterator[StoredFit]:
    for model, version in versions:
        yield from reader.fits(model=model, version=version)


def symbol(name: str) -> str:
    """Return the unit of a parameter, e.g. ``"Ω"``; empty where it has none."""
    if name in MEASURED:
        return MEASURED[name]
    if name.startswith("drift"):
        return "1/s"
    for ending in ("_upper", "_low", "_high"):
        name = name.removesuffix(ending)
    return unit_of(name).symbol


def _headings(name: str, more: str) -> list[str]:
    unit = symbol(name)
    written = f"_{IN_WORDS.get(unit, unit)}" if unit else ""
    made = [f"{name}{more}{written}", f"{name}{more}_stderr{written}"]
    if unit in ("Ω", "F"):
        areal = "ohm_cm2" if unit == "Ω" else "F_per_cm2"
        made += [f"{name}{more}_{areal}", f"{name}{more}_stderr_{areal}"]
    return made


def _row(stored: StoredFit, names: Sequence[str], smoothed: Sequence[str], cell: Cell) -> list[Any]:
    fit, verdict = stored.fit, stored.fit.kramers_kronig
    row: list[Any] = [stored.id, stored.spectrum, fit.model, fit.version, fit.time, int(fit.mask.sum())]
    row += [fit.weights, fit.rms_residual, verdict.passed, verdict.signed_mean, verdict.dropped_below]
    row += [verdict.reason, "; ".join(fit.flags), fit.smoothing]
    for name in names:
        row += _values(name, fit.parameters.get(name), cell)
    for name in smoothed:
        row += _values(name, fit.smoothed.get(name), cell)
    return row


def _values(name: str, value: Value | None, cell: Cell) -> list[float | None]:
    unit = symbol(name)
    pair: list[float | None] = [None, None] if value is None else [value.value, value.stderr]
    if unit not in ("Ω", "F"):
        return pair
    factor = cell.area / OHM_CM2 if unit == "Ω" else OHM_CM2 / cell.area
    return [*pair, *(None if each is None else each * factor for each in pair)]
