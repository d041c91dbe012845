"""Depletion, diffusion and activation energies as sections of a report."""

import math
from typing import TYPE_CHECKING

from app.report.document import Block, Row, Section, Table
from app.report.numbers import DASH, celsius, ends, interval, listed, plain, plus_minus
from core.records import Floats

if TYPE_CHECKING:
    from analysis.arrhenius import Arrhenius
    from analysis.sand import SandLine
    from app.conclusions import Conclusions
    from app.conclusions.sand_plot import SandResult
    from app.conclusions.transitions import Depletion

HOUR = 3600.0
D_UNIT = 1e-15
"""m²/s in 10⁻¹¹ cm²/s."""
OHM_CM2 = 1e-4
"""Ω m² in one Ω cm²."""
MAH_CM2 = 3.6e4
"""C/m² in one mAh/cm²."""

SCALE = "10⁻¹¹ cm² s⁻¹"


def depletion(conclusions: "Conclusions") -> Section:
    """Return the section of the transition times."""
    rows = conclusions.depletions
    if not rows:
        return Section("Depletion", ())
    true = any(row.true_time is not None for row in rows)
    headings = (
        "run", "metal", "i / µA cm⁻²", "T / °C", "p / MPa", "t_0 by threshold / h", "t_0 for 1/R_int → 0 / h",
        "Q / mAh cm⁻²", "C/C_0 at t_0", *(("true t_0 / h",) if true else ()),
    )  # fmt: skip
    thresholds = "; ".join(dict.fromkeys(_threshold(row) for row in rows))
    note = (
        f"Threshold: {thresholds}. “>” is censored: depletion had not come by then. C/C_0 is an apparent "
        "contact: it takes the one arc of the interface for charge transfer, without constriction."
    )
    if true:
        note += " True t_0: of the simulated cell by the same threshold; nothing above rests on it."
    caption = "Transition times; ± is the standard error of the interpolation, not the scatter of cells"
    return Section(
        "Depletion", (Table(headings, tuple(_depletion(row, true) for row in rows), caption, note),)
    )


def _depletion(row: "Depletion", true: bool) -> tuple[str, ...]:
    by_threshold = (
        f"> {plain(row.time / HOUR)}" if row.censored else plus_minus(row.time / HOUR, _over(row.error, HOUR))
    )
    last = (plain(_over(row.true_time, HOUR)),) if true else ()
    return (
        str(row.run),
        _named(row.metal, row.history),
        plain(row.density * 100),
        celsius(row.temperature, 1),
        plain(_over(row.pressure, 1e6), 2),
        by_threshold,
        plus_minus(_over(row.vanishing, HOUR), _over(row.vanishing_error, HOUR)),
        plain(_over(row.charge, MAH_CM2)),
        plain(row.contact, 2),
        *last,
    )


def _threshold(row: "Depletion") -> str:
    areal = f"{plain(row.threshold / OHM_CM2 / 1e3)} kΩ cm²"
    absolute = f"{plain(row.threshold_absolute / 1e3)} kΩ"
    if row.threshold_given == "absolute":
        return f"{absolute} absolute, on these electrodes {areal}"
    return f"{areal} areal, on these electrodes {absolute}"


def _named(metal: str, history: str) -> str:
    return f"{metal}, {history}" if history else metal


def _over(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit


def diffusion(conclusions: "Conclusions") -> Section:
    """Return the section of Sand's equation."""
    if not conclusions.sand:
        return Section("Diffusion", ())
    several = [each for each in conclusions.sand if len(each.rows) > 1] or conclusions.sand
    true = any(result.true is not None for result in several)
    lines = [row for result in several for row in _lines(result, true)]
    headings = (
        "metal", "T / °C", "t_0", "points", f"D / {SCALE}", "95 % interval", "slope / 10⁻⁵ s⁻½ µA⁻¹ cm²",
        "intercept / 10⁻³ s⁻½", "Δc / mmol cm⁻³", *((f"true D / {SCALE}",) if true else ()), "runs",
    )  # fmt: skip
    note = (
        "Sand: 1/√t_0 = 2 i / (F Δc √(π D)). D is effective, and stands for the drop Δc it is given with: "
        "c_0 and c_0 − c_min differ by more than two in D for the alloys. D by the threshold is "
        "smaller, because "
        "R_int passes any threshold before the interface is empty."
    )
    if true:
        note += " True D: the same line through the true t_0 of the simulated cells; nothing rests on it."
    blocks: list[Block] = [Table(headings, tuple(lines), "Sand plots", note), _points(conclusions)]
    return Section("Diffusion", tuple(blocks))


def _lines(result: "SandResult", true: bool) -> list[tuple[str, ...]]:
    found = [
        ("1/R_int → 0", result.by_vanishing, result.true),
        ("threshold", result.by_threshold, result.true_by_threshold),
    ]
    metal = _named(result.metal, result.history)
    if result.pressure:
        metal += f", {plain(result.pressure / 1e6)} MPa"
    rows = []
    for name, line, real in found:
        if line is not None:
            known = (DASH if real is None else plain(real.diffusion / D_UNIT),) if true else ()
            drop = f"{result.drop_name}: {plain(result.drop / 1e3)}"
            runs = listed([row.run for row in result.rows])
            rows.append((metal, celsius(result.temperature, 1), name, *_line(line), drop, *known, runs))
    return rows


def _line(line: "SandLine") -> tuple[str, ...]:
    free = plus_minus(line.intercept * 1e3, line.intercept_error * 1e3)
    free = "through 0" if line.through_origin else free
    # s^(−1/2) m²/A to s^(−1/2) per µA/cm².
    per_density = 1e-2 * 1e5
    return (
        str(line.points),
        plain(line.diffusion / D_UNIT),
        interval_of_d(line),
        plus_minus(line.slope * per_density, line.slope_error * per_density),
        free,
    )


def interval_of_d(line: "SandLine") -> str:
    """Write the 95 % interval of D in 10⁻¹¹ cm²/s."""
    if not (line.low > 0 or math.isfinite(line.high)):
        return "not known"
    return interval(line.low / D_UNIT or None, line.high / D_UNIT)


def _points(conclusions: "Conclusions") -> Table:
    rows = []
    for result in conclusions.sand:
        for point in result.per_point:
            rows.append(
                (
                    str(point.run),
                    _named(result.metal, result.history),
                    plain(point.density * 100),
                    celsius(result.temperature, 1),
                    plain(_over(point.by_vanishing, D_UNIT)),
                    ("> " if point.bound else "") + plain(point.by_threshold / D_UNIT),
                    _percent(point.bias),
                )
            )
    headings = (
        "run", "metal", "i / µA cm⁻²", "T / °C", f"D for 1/R_int → 0 / {SCALE}", f"D by threshold / {SCALE}",
        "bias of the threshold / %",
    )  # fmt: skip
    return Table(headings, tuple(rows), "D of each run by itself")


def _percent(share: float | None) -> str:
    if share is None or not math.isfinite(share):
        return DASH
    return f"{100 * share:+.1f}".replace("-", "−")


def energies(conclusions: "Conclusions") -> Section:
    """Return the section of the activation energies."""
    blocks: list[Block] = []
    if conclusions.interface_energies:
        true = any(each.true_energy is not None for each in conclusions.interface_energies)
        rows: list[Row] = []
        for each in conclusions.interface_energies:
            last = (plain(each.true_energy),) if true else ()
            rows.append((each.metal, *_energy(each.line), _span(each.temperature), listed(each.runs), *last))
        headings: Row = ("metal", "E_A / eV", "95 % interval / eV", "points", "rests on", "T / °C", "runs")
        note = "ln(T/R_int) over 1/kT. Two points have no scatter: their interval rests on their errors."
        if true:
            headings = (*headings, "true E_A / eV")
            note += " True E_A: the same line through the true R_int of the simulated cell."
        blocks.append(Table(headings, tuple(rows), "Activation energy of R_int", note))
    if conclusions.diffusion_energies:
        rows = [
            (
                each.metal, {"vanishing": "1/R_int → 0"}.get(each.by, each.by), *_energy(each.line),
                _span(each.temperature), each.drop_name, listed(each.runs),
            )
            for each in conclusions.diffusion_energies
        ]  # fmt: skip
        headings = (
            "metal", "t_0", "E_A / eV", "95 % interval / eV", "points", "rests on", "T / °C", "Δc", "runs",
        )  # fmt: skip
        note = (
            "ln D over 1/kT, D by Sand from one t_0 each. A threshold on R_int as it is comes too early in "
            "the cold, and makes E_A too large."
        )
        blocks.append(Table(headings, tuple(rows), "Activation energy of D", note))
    return Section("Temperature", tuple(blocks))


def _energy(line: "Arrhenius") -> tuple[str, ...]:
    known = math.isfinite(line.stderr)
    rests = {"scatter": "scatter of the points", "errors": "errors of the points"}.get(line.source, "nothing")
    span = interval(*ends((line.low, line.high))) if known else "not known"
    return plus_minus(line.energy, line.stderr), span, str(line.points), rests


def _span(temperature: Floats) -> str:
    return f"{celsius(float(temperature.min()))} to {celsius(float(temperature.max()))}"
