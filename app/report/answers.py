"""The answers, first of all: what the runs say, each with its interval and what it depends on."""

import math
from typing import TYPE_CHECKING

from app.report.diffusion import D_UNIT, SCALE, interval_of_d
from app.report.document import Answer, Answers, Block, Paragraph, Section
from app.report.model import used
from app.report.numbers import celsius, counted, interval, known, listed, plain, plus_minus

if TYPE_CHECKING:
    from analysis.sand import SandLine
    from app.conclusions import Conclusions
    from app.conclusions.model import UtilisationRow
    from app.conclusions.sand_plot import SandResult

ASKED, THIN = (25, 80), 50e-6
"""°C, and m of a foil, that an answer is given for; the table has all of them."""

MAH_CM2 = 3.6e4
"""C/m² in one mAh/cm²."""


def answers(conclusions: "Conclusions", warning: Paragraph | None = None) -> Section:
    """Return the section of the answers.

    Parameters
    ----------
    conclusions : Conclusions
    warning : Paragraph, optional
        What has to be known before anything is believed.
    """
    found = [
        *_diffusion(conclusions),
        *_energies(conclusions),
        *_pressures(conclusions),
        *_currents(conclusions),
        *_lives(conclusions),
        *_models(conclusions),
        *_utilisations(conclusions),
        *_single(conclusions),
    ]
    blocks: list[Block] = [] if warning is None else [warning]
    if found:
        blocks.append(Answers(tuple(found)))
    else:
        words = "These runs answer no question by themselves; what is missing stands under “Not concluded”."
        blocks.append(Paragraph(words, "note"))
    if conclusions.refused:
        count = counted(len(conclusions.refused), "thing")
        blocks.append(Paragraph(f"{count} could not be concluded; see “Not concluded”.", "note"))
    return Section("Answers", tuple(blocks))


def _diffusion(conclusions: "Conclusions") -> list[Answer]:
    found = []
    # One point is a Sand plot by assumption only: it stands in the table, unless there is nothing better.
    lines = [each for each in conclusions.sand if _several(each)]
    for each in lines or conclusions.sand:
        line, by = each.by_vanishing, "t_0 for 1/R_int → 0"
        if line is None:
            line, by = each.by_threshold, "t_0 by the threshold, so D is too small"
        if line is None:
            continue
        detail = (
            f"{_interval_of_d(line)}; Δc is {each.drop_name}, {plain(each.drop / 1e3)} "
            "mmol cm⁻³; "
            f"Sand, {counted(line.points, 'point')}, {by}"
        )
        if each.by_vanishing is not None and each.by_threshold is not None:
            detail += f"; by the threshold {plain(each.by_threshold.diffusion / D_UNIT)}"
        if each.true is not None:
            detail += f". True in the simulation, by the same line: {plain(each.true.diffusion / D_UNIT)}"
        history = f", {each.history}" if each.history else ""
        pressed = f", {plain(each.pressure / 1e6)} MPa" if each.pressure else ""
        what = f"Effective D of {each.metal} at {_celsius(each.temperature)}{pressed}{history}"
        found.append(Answer(what, f"{plain(line.diffusion / D_UNIT)} × {SCALE}", detail))
    return found


def _several(result: "SandResult") -> bool:
    line = result.by_vanishing or result.by_threshold
    return line is not None and line.points > 1


def _interval_of_d(line: "SandLine") -> str:
    if not line.low > 0:
        return "no interval is known"
    return f"95 %: {interval_of_d(line)}" + f" × {SCALE}" * math.isfinite(line.high)


def _energies(conclusions: "Conclusions") -> list[Answer]:
    found = []
    for each in conclusions.interface_energies:
        true = f". True in the simulation: {plain(each.true_energy)} eV" if known(each.true_energy) else ""
        detail = f"{_interval_of(each.line.low, each.line.high)}; {counted(each.line.points, 'point')}, "
        found.append(
            Answer(
                f"E_A of R_int of {each.metal}",
                f"{plus_minus(each.line.energy, each.line.stderr)} eV",
                f"{detail}{each.electrodes}, run{'s' * (len(each.runs) > 1)} {listed(each.runs)}{true}",
            )
        )
    for energy in conclusions.diffusion_energies:
        if energy.by == "vanishing":
            line = energy.line
            found.append(
                Answer(
                    f"E_A of the effective D of {energy.metal}",
                    f"{plus_minus(line.energy, line.stderr)} eV",
                    f"{_interval_of(line.low, line.high)}; {counted(line.points, 'point')}, Sand with Δc = "
                    f"{energy.drop_name}, t_0 for 1/R_int → 0",
                )
            )
    return found


def _interval_of(low: float, high: float) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval is known"
    return f"95 %: {interval(low, high)} eV"


def _pressures(conclusions: "Conclusions") -> list[Answer]:
    found = []
    for each in conclusions.critical_pressures:
        low = None if each.low is None else each.low / 1e6
        high = None if each.high is None else each.high / 1e6
        what = f"Critical stack pressure of {each.metal}, {plain(each.density * 100)} µA cm⁻², "
        what += _celsius(each.temperature)
        found.append(Answer(what, f"{interval(low, high)} MPa", f"{each.why}; per pellet area"))
    return found


def _currents(conclusions: "Conclusions") -> list[Answer]:
    found = []
    for each in conclusions.critical_currents:
        value = "not reached" if each.held is None else f"> {plain(each.held * 100)} µA cm⁻²"
        told = []
        if each.value is not None:
            value = f"{plain(each.value * 100)} µA cm⁻²"
            told.append(f"{plain((each.held or 0.0) * 100)} µA cm⁻² did no harm")
        told.append(f"steps of {plain(each.step * 100)} µA cm⁻², {each.direction}")
        if each.temperature is not None:
            told.append(_celsius(each.temperature))
        if each.pressure is not None:
            told.append(f"{plain(each.pressure / 1e6)} MPa")
        if known(each.capacity):
            told.append(f"{plain((each.capacity or 0.0) / MAH_CM2)} mAh cm⁻² each half cycle")
        told.append(f"run {each.run}")
        found.append(Answer(f"Critical current density of {each.metal}", value, ", ".join(told)))
    return found


def _lives(conclusions: "Conclusions") -> list[Answer]:
    units = {"critical current density": (100.0, "µA cm⁻²"), "t0": (1 / 3600, "h")}
    found = []
    for each in conclusions.lives:
        if each.km.cells < 3 or each.km.median is None:
            continue
        scale, unit = units.get(each.what, (1 / MAH_CM2, "mAh cm⁻²"))
        ends = each.km.median_low, each.km.median_high
        low, high = (None if end is None else end * scale for end in ends)
        detail = f"95 %: {interval(low, high)} {unit}; {each.km.failed} of {each.km.cells} cells failed; "
        detail += each.under
        value = f"{plain(each.km.median * scale)} {unit}"
        found.append(Answer(f"Median {each.what} of {each.metal}", value, detail))
    return found


def _models(conclusions: "Conclusions") -> list[Answer]:
    return [
        Answer(
            f"D of {each.metal} by the {each.frame} model, {_celsius(each.temperature)}",
            f"{plus_minus(each.diffusivity / D_UNIT, each.diffusivity_error / D_UNIT)} × {SCALE}",
            each.why,
        )
        for each in conclusions.alloy_models
        if each.preferred
    ]


def _utilisations(conclusions: "Conclusions") -> list[Answer]:
    """Return what most people ask for: foils of the alloys of these runs at 100 µA/cm², cold and warm."""
    groups: dict[tuple[str, str, float, int], list[UtilisationRow]] = {}
    for row in used(conclusions):
        warm = round(row.temperature - 273.15)
        if math.isclose(row.density, 1.0, rel_tol=0.05) and warm in ASKED and row.thickness < THIN:
            groups.setdefault((row.metal, row.source, row.thickness, warm), []).append(row)
    found = []
    for (metal, source, thickness, warm), rows in groups.items():
        what = f"Utilisation of {thickness * 1e6:.0f} µm {metal}, 100 µA cm⁻², {warm} °C"
        # A D belongs to its frame: that of the literature, which has rows of both, is of the fixed one.
        rows = [row for row in rows if row.frame == "fixed"] or rows
        value = "; ".join(f"{row.frame} frame {100 * row.total:.0f} %" for row in rows)
        beta = ", ".join(f"{100 * row.beta:.0f} %" for row in rows)
        found.append(Answer(what, value, f"of all Li; of the β phase {beta}. D from {source}"))
    return found[:4]


def _single(conclusions: "Conclusions") -> list[Answer]:
    """Return t₀ of the runs, where they are few."""
    if not 0 < len(conclusions.depletions) <= 4:
        return []
    found = []
    for row in conclusions.depletions:
        value = f"> {plain(row.time / 3600)} h" if row.censored else (
            f"{plus_minus(row.time / 3600, None if row.error is None else row.error / 3600)} h"
        )  # fmt: skip
        detail = f"{row.metal}, {plain(row.density * 100)} µA cm⁻², {_celsius(row.temperature)}; "
        detail += row.criterion
        if row.vanishing is not None:
            detail += f"; for 1/R_int → 0: {plain(row.vanishing / 3600)} h"
        if row.true_time is not None:
            detail += f". True in the simulation: {plain(row.true_time / 3600)} h"
        found.append(Answer(f"Transition time t_0 of run {row.run}", value, detail))
    return found


def _celsius(temperature: float) -> str:
    return f"{celsius(temperature)} °C"
