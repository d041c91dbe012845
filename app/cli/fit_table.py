"""Fits of files as a person reads them: one spectrum in full, several as a table."""

import math
from collections.abc import Sequence
from pathlib import Path

from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from analysis.circuits.model import Circuit
from app.cli.fit import unit
from app.cli.output import out
from core.records import Fit, Value
from storage.files import FileSpectrum

CM2 = 1e-4
STANDARD = ("R_bulk", "R_gb", "R_int", "C_int")
"""What a table shows of a lithium | solid electrolyte cell; JSON has everything."""
MOST_COLUMNS = 6
WIDEST = 1000
FLAGS = 16
"""Characters."""
PREFIXES = {9: "G", 6: "M", 3: "k", 0: "", -3: "m", -6: "µ", -9: "n", -12: "p"}


def show_fits(
    spectra: Sequence[FileSpectrum], fits: Sequence[Fit], circuit: Circuit, area: float | None
) -> None:
    """Print fits: all parameters of a single one, the most important of several.

    Parameters
    ----------
    spectra, fits : sequence, length N
    circuit : Circuit
    area : float, optional
        Of the electrode, m²: resistances are then shown in Ω cm² and capacitances in F/cm².
    """
    if not fits:
        return
    out.print(f"circuit {circuit.text}", markup=False, soft_wrap=True)
    if area is not None:
        out.print(f"resistances and capacitances for an area of {area / CM2:.4g} cm²", markup=False)
    if len(fits) == 1:
        _show_one(spectra[0], fits[0], circuit, area)
    else:
        _show_many(spectra, fits, circuit, area)


def _show_one(source: FileSpectrum, fit: Fit, circuit: Circuit, area: float | None) -> None:
    out.print(f"{source.file}: {_points(fit)} points, {_time(fit)}", markup=False, soft_wrap=True)
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("parameter")
    table.add_column("value", justify="right")
    table.add_column("± 1 σ", justify="right")
    for name in fit.parameters:
        value, symbol = _at_the_edge(fit.parameters[name], unit(name, circuit), area)
        table.add_row(name, engineering(value.value, symbol), engineering(value.stderr, symbol))
    out.print(table)
    verdict = fit.kramers_kronig
    out.print(f"residual {_percent(fit.rms_residual)}, Kramers–Kronig {_verdict(fit)}", markup=False)
    if verdict.reason:
        out.print(f"dropped points: {verdict.reason}", markup=False)
    if fit.flags:
        out.print(f"flags: {', '.join(fit.flags)}", markup=False)


def _show_many(
    spectra: Sequence[FileSpectrum], fits: Sequence[Fit], circuit: Circuit, area: float | None
) -> None:
    names = _shown(fits, circuit)
    rows = []
    for source, fit in zip(spectra, fits, strict=True):
        values = [_with_error(fit, name, circuit, area) for name in names]
        row = [f"{Path(source.file).name} #{source.index}", _number(fit.time), _points(fit), *values]
        rows.append([*row, _percent(fit.rms_residual), _verdict(fit), ", ".join(fit.flags)])
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    headings = ("spectrum", "t / s", "points", *names, "residual", "KK", "flags")
    for heading, cells in zip(headings, zip(*rows, strict=True), strict=True):
        widest = FLAGS if heading == "flags" else max(map(len, (heading, *cells)))
        left = heading in ("spectrum", "KK", "flags")
        table.add_column(heading, justify="left" if left else "right", min_width=widest)
    for row in rows:
        table.add_row(*map(Text, row))
    # a table that is wider than the terminal keeps its numbers whole
    table.width = max(out.width, Measurement.get(out, out.options.update(max_width=WIDEST), table).minimum)
    out.print(table, crop=False)


def _shown(fits: Sequence[Fit], circuit: Circuit) -> list[str]:
    names = list(dict.fromkeys(name for fit in fits for name in fit.parameters))
    if set(STANDARD) <= set(names):
        return list(STANDARD)
    return [name for name in names if unit(name, circuit) != "1/s"][:MOST_COLUMNS]


def _with_error(fit: Fit, name: str, circuit: Circuit, area: float | None) -> str:
    """Return a value with its error, or its upper limit where there is no value."""
    unknown = Value(math.nan, math.nan)
    value, symbol = _at_the_edge(fit.parameters.get(name, unknown), unit(name, circuit), area)
    limit = fit.parameters.get(f"{name}_upper")
    if not math.isfinite(value.value) and limit is not None:
        return f"< {engineering(_at_the_edge(limit, unit(name, circuit), area)[0].value, symbol)}"
    return concise(value, symbol)


def _at_the_edge(value: Value, symbol: str, area: float | None) -> tuple[Value, str]:
    """Return a value per area where there is one."""
    if area is None or symbol not in ("Ω", "F"):
        return value, symbol
    factor = area / CM2 if symbol == "Ω" else CM2 / area
    shown = "Ω cm²" if symbol == "Ω" else "F/cm²"
    return Value(value.value * factor, value.stderr * factor), shown


def engineering(value: float, symbol: str) -> str:
    """Return a number with a prefixed unit, e.g. ``"1.23 kΩ"``; a dash where there is no number."""
    if not math.isfinite(value):
        return "–"
    if not _has_prefix(symbol) or not value:
        return f"{value:.4g} {symbol}".strip()
    power = _power(value, symbol)
    return f"{value / 10.0**power:.4g} {PREFIXES[power]}{symbol}"


def concise(value: Value, symbol: str) -> str:
    """Return a number with its standard error in units of its last digit, e.g. ``"1.234(12) kΩ"``."""
    number, error = value.value, value.stderr
    if not (math.isfinite(number) and math.isfinite(error) and number and error):
        return engineering(number, symbol)
    power = _power(number, symbol) if _has_prefix(symbol) else 0
    digits = min(max(1 - math.floor(math.log10(error / 10.0**power)), 0), 9)
    scaled = f"{number / 10.0**power:.{digits}f}({round(error / 10.0**power * 10**digits)})"
    return f"{scaled} {PREFIXES[power]}{symbol}".strip()


def _has_prefix(symbol: str) -> bool:
    return bool(symbol) and symbol[0] in "ΩFHs"


def _power(value: float, symbol: str) -> int:
    power = min(max(3 * math.floor(math.log10(abs(value)) / 3), min(PREFIXES)), max(PREFIXES))
    return min(power, 0) if symbol == "s" else power


def _points(fit: Fit) -> str:
    used = int(fit.mask.sum())
    return f"{used}" if used == len(fit.mask) else f"{used}/{len(fit.mask)}"


def _time(fit: Fit) -> str:
    return f"mid-sweep at {fit.time:.4g} s" if math.isfinite(fit.time) else "no times in the file"


def _number(value: float) -> str:
    return f"{value:.5g}" if math.isfinite(value) else "–"


def _percent(value: float) -> str:
    return f"{value * 100:.3g} %" if math.isfinite(value) else "–"


def _verdict(fit: Fit) -> str:
    verdict = fit.kramers_kronig
    if verdict.dropped_below is not None:
        return f"above {verdict.dropped_below:.3g} Hz" if verdict.passed else "failed"
    return "passed" if verdict.passed else "failed"
