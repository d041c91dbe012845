"""Critical current density, cycling, and how long cells lived: Figs. S11 and S12."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.figures.kind import FigureKind, Width
from app.figures.numbers import with_interval
from app.figures.panels import Panel, Trace, drawn_panels
from app.figures.style import METAL_COLOUR, METAL_NAME, ORANGE, colour_of, new_figure, styled
from app.figures.words import (
    HOUR,
    KILO_OHM_CM2,
    MAH_CM2,
    MICRO_AMPERE_CM2,
    RESISTANCE,
    TIME,
    VOLTAGE,
    celsius,
    closing,
    figures,
    megapascal,
    sorted_metals,
)
from core.records import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions
    from app.conclusions.facts import Facts
    from app.conclusions.half_cycles import CriticalCurrent, Cycling
    from app.conclusions.life import Life

DENSITY = r"$i$ / µA cm$^{-2}$"

LARGE = 0.1
"""kΩ cm²; interfaces that never have more are shown in Ω cm², from zero."""

UNITS = {
    "critical current density": (MICRO_AMPERE_CM2, r"$i_\mathrm{crit}$ / µA cm$^{-2}$", "µA cm⁻²"),
    "cumulative areal capacity": (MAH_CM2, r"cumulative $Q$ / mAh cm$^{-2}$", "mAh cm⁻²"),
    "t0": (HOUR, r"$t_0$ / h", "h"),
}
"""Of what a distribution is: factor from SI, label of its axis, unit in words."""


def _of_runs(conclusions: "Conclusions", runs: Sequence[int]) -> list["Facts"]:
    found = [each for each in conclusions.facts if each.run in set(runs)]
    order = sorted_metals(each.metal for each in found)
    return sorted(found, key=lambda each: (order.index(each.metal), each.run))


def _since_current(facts: "Facts", quantity: str) -> tuple[Floats, Floats]:
    _, time, value = facts.reader.readings(quantity)
    began = facts.began or 0.0
    on = time >= began
    if facts.ended is not None:
        on &= time <= facts.ended
    return (time[on] - began) * HOUR, value[on]


def _trace(facts: "Facts", x: Floats, y: Floats) -> Trace:
    return Trace(
        facts.run, x, y, METAL_NAME.get(facts.metal, facts.metal), METAL_COLOUR.get(facts.metal, ORANGE)
    )


def _draw_history(conclusions: "Conclusions", runs: Sequence[int], width: Width) -> "Figure":
    """Draw current, potential and R_int over time."""
    chosen = _of_runs(conclusions, runs)
    current, voltage, resistance = [], [], []
    for each in chosen:
        x, amperes = _since_current(each, "I")
        current.append(_trace(each, x, amperes / each.cell.area * MICRO_AMPERE_CM2))
        voltage.append(_trace(each, *_since_current(each, "E")))
        on = each.curves.time > 0
        hours, areal = each.curves.time[on] * HOUR, each.curves.resistance[on] * KILO_OHM_CM2
        # No line: between these spectra lie others in which no interface was resolved.
        resistance.append(replace(_trace(each, hours, areal), marker=".", dash=""))
    log = any(np.any(trace.y > LARGE) for trace in resistance)
    if not log:
        resistance = [replace(trace, y=trace.y * 1e3) for trace in resistance]
    panels = [
        Panel("a", TIME, DENSITY, tuple(current), x_range=(0, None)),
        Panel("b", TIME, VOLTAGE, tuple(voltage), x_range=(0, None)),
        Panel(
            "c",
            TIME,
            RESISTANCE if log else r"$R_\mathrm{int}$ / Ω cm²",
            tuple(resistance),
            log=log,
            x_range=(0, None),
            y_range=(None, None) if log else (0, None),
        ),
    ]
    return drawn_panels(panels, width, any(each.simulated for each in chosen), columns=1)


def _missing_critical(conclusions: "Conclusions") -> str:
    if conclusions.critical_currents:
        return ""
    return "none of the runs raised the current until a short circuit; name a run of CriticalCurrentDensity."


def _caption_critical(conclusions: "Conclusions") -> str:
    found = conclusions.critical_currents
    chosen = _of_runs(conclusions, [each.run for each in found])
    return (
        "Critical current density: (a) current density, positive for stripping, (b) potential and "
        f"(c) interface resistance. {'; '.join(_critical_words(each) for each in found)}. {closing(chosen)}"
    )


def _critical_words(each: "CriticalCurrent") -> str:
    if each.value is not None:
        said = f"shorted at {figures(each.value * MICRO_AMPERE_CM2)} µA cm⁻²"
    elif each.held is not None:
        said = f"did not short up to {figures(each.held * MICRO_AMPERE_CM2)} µA cm⁻²"
    else:
        said = "did not short"
    temperature = "unknown temperature" if each.temperature is None else celsius(each.temperature)
    return (
        f"{each.metal} {said} (steps of {figures(each.step * MICRO_AMPERE_CM2)} µA cm⁻², "
        f"{figures(each.capacity * MAH_CM2)} mAh cm⁻² per half cycle, {temperature}, "
        f"{megapascal(each.pressure)}; {figures(each.cumulative_charge * MAH_CM2)} mAh cm⁻² in all)"
    )


def _missing_cycling(conclusions: "Conclusions") -> str:
    if conclusions.cyclings:
        return ""
    return "none of the runs cycled at one current; name a run of PlatingStrippingCycling."


def _caption_cycling(conclusions: "Conclusions") -> str:
    found = conclusions.cyclings
    chosen = _of_runs(conclusions, [each.run for each in found])
    return (
        "Cycling: (a) current density, positive for stripping, (b) potential and (c) interface resistance. "
        f"{'; '.join(_cycling_words(each) for each in found)}. {closing(chosen)}"
    )


def _cycling_words(each: "Cycling") -> str:
    said = "failed after" if each.failed else "did not fail in"
    temperature = "unknown temperature" if each.temperature is None else celsius(each.temperature)
    return (
        f"{each.metal} {said} {each.cycles_done} whole cycles ({figures(each.density * MICRO_AMPERE_CM2)} "
        f"µA cm⁻², {figures(each.capacity * MAH_CM2)} mAh cm⁻² per half cycle, {temperature}, "
        f"{megapascal(each.pressure)}; {figures(each.cumulative_charge * MAH_CM2)} mAh cm⁻² in all)"
    )


def _lives(conclusions: "Conclusions") -> list["Life"]:
    """Return the distributions of one quantity: that with the most cells. One cell is no distribution."""
    found = [each for each in conclusions.lives if each.km.cells > 1]
    if not found:
        return []
    cells = {what: sum(each.km.cells for each in found if each.what == what) for what in UNITS}
    what = max(cells, key=lambda name: cells[name])
    return [each for each in found if each.what == what]


def _missing_lives(conclusions: "Conclusions") -> str:
    if _lives(conclusions):
        return ""
    return (
        "there are no two cells of one metal that were treated alike; name runs of several cells under the "
        "same conditions."
    )


def _draw_lives(conclusions: "Conclusions", width: Width) -> "Figure":
    found = _lives(conclusions)
    runs = _of_runs(conclusions, [run for each in found for run in each.runs])
    factor, label, _ = UNITS[found[0].what]
    with styled():
        figure = new_figure(width, 7.2 + 0.35 * len(found), any(each.simulated for each in runs))
        axes = figure.subplots()
        reach = 1.08 * factor * max(float(np.max(each.km.value)) for each in found)
        for place, each in enumerate(found):
            x = np.concatenate([[0.0], each.km.value * factor, [reach]])
            share = np.concatenate([[1.0], each.km.share, each.km.share[-1:]])
            name = f"{_differing(each, found)} ($n$ = {each.km.cells})"
            colour = colour_of(place)
            axes.plot(x, share, drawstyle="steps-post", color=colour, label=name, gid=f"life-{place}")
            lost = np.array(each.censored)
            at = np.array(each.values)[lost] * factor
            height = np.interp(at, each.km.value * factor, each.km.share)
            axes.plot(at, height, "|", color=colour, markersize=6)
        axes.set_xlim(0, reach)
        axes.set_ylim(0, 1.05)
        axes.set_xlabel(label)
        axes.set_ylabel("share of cells surviving")
        axes.minorticks_on()
        figure.legend(loc="outside upper center", ncols=1)
    return figure


def _differing(each: "Life", others: Sequence["Life"]) -> str:
    """Return a metal and those of its conditions that not all have in common."""
    shared = set.intersection(*(set(other.under.split(", ")) for other in others))
    own = [part for part in each.under.split(", ") if part not in shared]
    return ", ".join([METAL_NAME.get(each.metal, each.metal), *own])


def _caption_lives(conclusions: "Conclusions") -> str:
    found = _lives(conclusions)
    factor, _, unit = UNITS[found[0].what]
    parts = []
    for each in found:
        km = each.km
        median = "not reached"
        if km.median is not None:
            ends = (km.median_low or 0.0, np.inf if km.median_high is None else km.median_high)
            median = f"{with_interval(km.median * factor, *(end * factor for end in ends))} {unit}"
        parts.append(f"{each.metal}, {each.under}: median {median}, {km.failed} of {km.cells} cells failed")
    runs = _of_runs(conclusions, [run for each in found for run in each.runs])
    return (
        f"Share of cells that survive (Kaplan–Meier), by {found[0].what}; ticks are cells that had not "
        f"failed when they were last seen, brackets 95 % intervals. {'; '.join(parts)}. {closing(runs)}"
    )


KINDS = (
    FigureKind(
        "critical-current",
        "S11",
        "Current, potential and R_int over time while the current is raised until a short circuit",
        "a run of CriticalCurrentDensity",
        _caption_critical,
        _missing_critical,
        lambda conclusions, width: _draw_history(
            conclusions, [each.run for each in conclusions.critical_currents], width
        ),
    ),
    FigureKind(
        "cycling",
        "S12",
        "Current, potential and R_int over time while a cell is cycled",
        "a run of PlatingStrippingCycling",
        _caption_cycling,
        _missing_cycling,
        lambda conclusions, width: _draw_history(
            conclusions, [each.run for each in conclusions.cyclings], width
        ),
    ),
    FigureKind(
        "survival",
        "",
        "Share of cells that survive, by critical current density, cumulative capacity or t₀",
        "two cells of one metal under the same conditions at least",
        _caption_lives,
        _missing_lives,
        _draw_lives,
    ),
)
"""Figures of cycling."""
