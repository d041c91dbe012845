"""R_int over stack pressure, on logarithmic axes."""

from typing import TYPE_CHECKING

import numpy as np

from app.figures.kind import FigureKind, Width
from app.figures.numbers import with_interval
from app.figures.panels import plain_numbers
from app.figures.style import METAL_COLOUR, METAL_MARKER, METAL_NAME, ORANGE, new_figure, styled
from app.figures.words import KILO_OHM_CM2, MEGA_PASCAL, closing, runs_words, sorted_metals

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions
    from app.conclusions.facts import Facts
    from app.conclusions.pressing import RofP


def _chosen(conclusions: "Conclusions") -> list["RofP"]:
    order = sorted_metals(each.metal for each in conclusions.resistance_of_pressure)
    return sorted(conclusions.resistance_of_pressure, key=lambda each: (order.index(each.metal), each.runs))


def _missing(conclusions: "Conclusions") -> str:
    if conclusions.resistance_of_pressure:
        return ""
    return (
        "no electrode has a steady R_int at two stack pressures; name a run of InterfaceForming or "
        "PressureStaircase."
    )


def _runs(conclusions: "Conclusions") -> list["Facts"]:
    numbers = {run for each in _chosen(conclusions) for run in each.runs}
    return [each for each in conclusions.facts if each.run in numbers]


def _draw(conclusions: "Conclusions", width: Width) -> "Figure":
    with styled():
        figure = new_figure(width, 7.0, any(each.simulated for each in _runs(conclusions)))
        axes = figure.subplots()
        for each in _chosen(conclusions):
            _series(axes, each)
        axes.set_xscale("log")
        axes.set_yscale("log")
        plain_numbers(axes.xaxis)
        plain_numbers(axes.yaxis)
        axes.set_xlabel(r"$p$ / MPa")
        axes.set_ylabel(r"$R_\mathrm{int}$ / kΩ cm²")
        figure.legend(loc="outside upper center", ncols=1 if width == "single" else 2)
    return figure


def _series(axes: "Axes", each: "RofP") -> None:
    colour = METAL_COLOUR.get(each.metal, ORANGE)
    pressure = each.pressure * MEGA_PASCAL
    resistance = each.resistance * KILO_OHM_CM2
    exponent = with_interval(each.exponent, each.exponent_low, each.exponent_high)
    axes.errorbar(
        pressure,
        resistance,
        yerr=1.96 * np.nan_to_num(each.error) * KILO_OHM_CM2,
        fmt=METAL_MARKER.get(each.metal, "o"),
        color=colour,
        markerfacecolor="white",
        elinewidth=0.7,
        label=rf"{METAL_NAME.get(each.metal, each.metal)}: $R_\mathrm{{int}} \propto p^n$, $n$ = {exponent}",
        gid=f"points-{each.runs[0]}",
    )
    grid = np.geomspace(pressure.min(), pressure.max(), 40)
    law = np.array([each.law.resistance(mpa / MEGA_PASCAL) for mpa in grid]) * KILO_OHM_CM2
    axes.plot(grid, law, color=colour, linewidth=0.8)


def _caption(conclusions: "Conclusions") -> str:
    parts = [
        f"{each.metal} ({runs_words(each.runs)}): R_int ∝ p^n with n = "
        f"{with_interval(each.exponent, each.exponent_low, each.exponent_high)}"
        for each in _chosen(conclusions)
    ]
    return (
        "Interface resistance over stack pressure (by the area of the pellet), where it had become steady; "
        f"in brackets the 95 % interval of the exponent. {'; '.join(parts)}. {closing(_runs(conclusions))}"
    )


KINDS = (
    FigureKind(
        "resistance-pressing",
        "",
        "Interface resistance over stack pressure on logarithmic axes, with the exponent",
        "steady R_int at two stack pressures (InterfaceForming, PressureStaircase)",
        _caption,
        _missing,
        _draw,
    ),
)
"""Figures of pressing."""
