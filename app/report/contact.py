"""Contact, stack pressure, critical currents and cycling as sections of a report."""

from typing import TYPE_CHECKING

from analysis.contact import CONSTRICTION
from app.report.document import Block, Folded, Paragraph, Section, Table
from app.report.numbers import DASH, celsius, interval, listed, plain, plus_minus

if TYPE_CHECKING:
    from app.conclusions import Conclusions
    from app.conclusions.half_cycles import CriticalCurrent, Cycling
    from app.conclusions.life import Life
    from app.conclusions.pressing import CriticalPressure, RofP
    from app.conclusions.starts import StartRow
    from app.conclusions.under_pressure import PressureRow

HOUR = 3600.0
OHM_CM2 = 1e-4
"""Ω m² in one Ω cm²."""
MAH_CM2 = 3.6e4
"""C/m² in one mAh/cm²."""


def contact(conclusions: "Conclusions") -> Section:
    """Return the section of how contacts began, and what pressure made of them."""
    blocks: list[Block] = []
    if conclusions.starts:
        blocks.append(_starts(conclusions.starts))
    if conclusions.pressures:
        blocks.append(Paragraph(CONSTRICTION, "note"))
        blocks.append(_pressures(conclusions.pressures))
        rows = tuple((str(row.run), "yes" if row.steady else "no", row.why) for row in conclusions.pressures)
        steady = Table(("run", "steady", "why"), rows)
        blocks.append(Folded("What “steady” rests on", (steady,)))
    if conclusions.resistance_of_pressure:
        blocks.append(_laws(conclusions.resistance_of_pressure))
    if conclusions.critical_pressures:
        blocks.append(_critical(conclusions.critical_pressures))
    return Section("Contact and pressure", tuple(blocks))


def _starts(found: "list[StartRow]") -> Table:
    rows = tuple(
        (
            row.metal,
            "watched" if row.forming_pressure is None else plain(row.forming_pressure / 1e6),
            plain(_over(row.pressure, 1e6), 2),
            celsius(row.temperature),
            str(row.count),
            _mean(_over(row.resistance_mean, OHM_CM2), _over(row.resistance_sd, OHM_CM2), row.limit),
            plus_minus(_over(row.ocv_mean, 1e-3), _over(row.ocv_sd, 1e-3)),
            listed(row.runs),
        )
        for row in found
    )
    headings = (
        "metal", "formed at / MPa", "stack / MPa", "T / °C", "electrodes", "R_int(0) / Ω cm²",
        "E at rest / mV", "runs",
    )  # fmt: skip
    note = (
        "Mean ± standard deviation over electrodes, which a single one does not have; “<” is below "
        "the resolution "
        "of the spectra. “Watched”: R_int was watched while it was pressed, or no pressure is declared."
    )
    return Table(headings, rows, "Contacts as they began (like Table S1 of the paper)", note)


def _mean(value: float | None, sd: float | None, limit: float | None) -> str:
    if value is None:
        return DASH if limit is None else f"< {plain(limit / OHM_CM2, 2)}"
    return plus_minus(value, sd)


def _pressures(found: "list[PressureRow]") -> Table:
    rows = tuple(
        (
            str(row.run),
            row.metal,
            plain(row.density * 100),
            plus_minus(row.pressure / 1e6, row.pressure_error / 1e6),
            celsius(row.temperature),
            plain(row.homologous, 2),
            "yes" if row.steady else "no",
            plus_minus(_over(row.resistance_end, OHM_CM2), _over(row.resistance_end_error, OHM_CM2)),
            plain(row.contact_end, 2),
            "not depleted" if row.t0 is None else plain(row.t0 / HOUR),
        )
        for row in found
    )
    headings = (
        "run", "metal", "i / µA cm⁻²", "p / MPa", "T / °C", "T/T_m", "steady", "R_int at the end / Ω cm²",
        "C/C_0 at the end", "t_0 / h",
    )  # fmt: skip
    note = "p is per pellet area; ± is the error of the gauge and the scatter together. C/C_0 is apparent."
    return Table(headings, rows, "Stripping under pressure", note)


def _laws(found: "list[RofP]") -> Table:
    rows = tuple(
        (
            each.metal,
            plain(each.exponent),
            interval(each.exponent_low, each.exponent_high),
            f"{plain(min(each.pressure) / 1e6, 2)} to {plain(max(each.pressure) / 1e6, 2)}",
            str(len(each.pressure)),
            str(each.unsteady),
            "open circuit" if each.density is None else plain(each.density * 100),
            listed(each.runs),
        )
        for each in found
    )
    headings = (
        "metal", "n of R_int ∝ pⁿ", "95 % interval", "p / MPa", "steady points", "left out", "i / µA cm⁻²",
        "runs",
    )  # fmt: skip
    note = "Points at which R_int was still moving are left out."
    return Table(headings, rows, "R_int over pressure, log–log", note)


def _critical(found: "list[CriticalPressure]") -> Table:
    rows = tuple(
        (
            each.metal,
            plain(each.density * 100),
            celsius(each.temperature),
            plain(each.homologous, 2),
            interval(_over(each.low, 1e6), _over(each.high, 1e6)),
            plain(each.error / 1e6, 2),
            each.why,
            listed(each.runs),
        )
        for each in found
    )
    headings = (
        "metal", "i / µA cm⁻²", "T / °C", "T/T_m", "critical p / MPa", "± of the gauge / MPa", "why", "runs",
    )  # fmt: skip
    return Table(headings, rows, "Critical stack pressure: between contact lost and contact kept")


def cycling(conclusions: "Conclusions") -> Section:
    """Return the section of critical currents, cycling and lives."""
    blocks: list[Block] = []
    if conclusions.critical_currents:
        blocks.append(_currents(conclusions.critical_currents))
    if conclusions.cyclings:
        blocks.append(_cycled(conclusions.cyclings))
    if conclusions.lives:
        blocks.append(_lives(conclusions.lives))
    return Section("Critical current and cycling", tuple(blocks))


def _currents(found: "list[CriticalCurrent]") -> Table:
    rows = tuple(
        (
            str(each.run),
            each.metal,
            f"> {plain(_over(each.held, 1e-2))}" if each.value is None else plain(each.value * 100),
            plain(_over(each.held, 1e-2)),
            plain(each.step * 100),
            plain(each.capacity / MAH_CM2),
            each.direction,
            _celsius(each.temperature),
            _pressure(each.pressure, each.pressure_error),
            plain(_over(each.start_resistance, OHM_CM2)),
            plain(each.cumulative_charge / MAH_CM2),
            each.end,
        )
        for each in found
    )
    headings = (
        "run", "metal", "CCD / µA cm⁻²", "held / µA cm⁻²", "step / µA cm⁻²", "Q each half cycle / mAh cm⁻²",
        "direction", "T / °C", "p / MPa", "R_int(0) / Ω cm²", "Q in all / mAh cm⁻²", "end",
    )  # fmt: skip
    note = (
        "A critical current density is known no better than by one step, and means nothing without "
        "temperature, "
        "pressure and the charge of a half cycle."
    )
    return Table(headings, rows, "Critical current density", note)


def _cycled(found: "list[Cycling]") -> Table:
    rows = tuple(
        (
            str(each.run),
            each.metal,
            plain(each.density * 100),
            plain(each.capacity / MAH_CM2),
            f"{each.cycles_done} of {each.cycles_wanted}",
            "yes" if each.failed else "no",
            _celsius(each.temperature),
            _pressure(each.pressure, each.pressure_error),
            ("" if each.failed else "> ") + plain(each.cumulative_charge / MAH_CM2),
            each.end,
        )
        for each in found
    )
    headings = (
        "run", "metal", "i / µA cm⁻²", "Q each half cycle / mAh cm⁻²", "cycles", "failed", "T / °C",
        "p / MPa", "Q to failure / mAh cm⁻²", "end",
    )  # fmt: skip
    return Table(headings, rows, "Cycling", "Charge counts in both directions; “>” had not failed by then.")


UNITS = {"critical current density": (100.0, "µA cm⁻²"), "t0": (1 / HOUR, "h")}
"""What turns a life in SI into the unit it is written in; charges otherwise."""


def _lives(found: "list[Life]") -> Table:
    rows = []
    for each in found:
        scale, unit = UNITS.get(each.what, (1 / MAH_CM2, "mAh cm⁻²"))
        km = each.km
        median = DASH if km.median is None else plain(km.median * scale)
        low, high = (None if end is None else end * scale for end in (km.median_low, km.median_high))
        values = ", ".join(
            ("> " if lived else "") + plain(value * scale)
            for value, lived in sorted(zip(each.values, each.censored, strict=True))
        )
        rows.append(
            (
                each.metal, f"{'t_0' if each.what == 't0' else each.what} / {unit}", each.under,
                str(km.cells), str(km.failed), median if km.cells > 1 else DASH,
                interval(low, high) if km.cells > 1 else DASH, values, listed(each.runs),
            )
        )  # fmt: skip
    headings = ("metal", "life", "under", "cells", "failed", "median", "95 % interval", "values", "runs")
    note = "By Kaplan and Meier, with cells that outlived the experiment; one cell is no distribution."
    return Table(headings, tuple(rows), "Distribution over cells", note)


def _celsius(temperature: float | None) -> str:
    return DASH if temperature is None else celsius(temperature)


def _pressure(pressure: float | None, error: float | None) -> str:
    return DASH if pressure is None else plus_minus(pressure / 1e6, (error or 0.0) / 1e6)


def _over(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit
