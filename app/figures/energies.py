"""Activation energies: Arrhenius plots of R_int, Fig. S10, and of D."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from app.figures.kind import FigureKind, Width
from app.figures.numbers import with_interval
from app.figures.panels import plain_numbers
from app.figures.style import (
    METAL_COLOUR,
    METAL_MARKER,
    METAL_NAME,
    ORANGE,
    new_figure,
    styled,
)
from app.figures.words import CM2, KILO_OHM_CM2, closing, sorted_metals
from core.records import Floats
from core.units import ZERO_CELSIUS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.arrhenius import Arrhenius
    from app.conclusions import Conclusions
    from app.conclusions.diffusion_energy import DiffusionEnergy
    from app.conclusions.facts import Facts
    from app.conclusions.interface_energy import InterfaceEnergy

    Energy = InterfaceEnergy | DiffusionEnergy

E = TypeVar("E", "InterfaceEnergy", "DiffusionEnergy")

ONE_ELECTRODE = "one electrode"

PICO_CM2 = 1e12 * CM2
"""From m²/s to 10⁻¹² cm²/s."""


def _interface(conclusions: "Conclusions") -> "list[InterfaceEnergy]":
    """Return the energies of R_int, those of one electrode at several temperatures first."""
    order = sorted_metals(each.metal for each in conclusions.interface_energies)
    return sorted(
        conclusions.interface_energies,
        key=lambda each: (each.electrodes != ONE_ELECTRODE, order.index(each.metal), each.runs),
    )


def _diffusion(conclusions: "Conclusions") -> "list[DiffusionEnergy]":
    """Return the energies of D by vanishing contact, or by the threshold of metals that have no others."""
    best: dict[str, DiffusionEnergy] = {}
    for each in conclusions.diffusion_energies:
        if each.metal not in best or each.by == "vanishing":
            best[each.metal] = each
    return [best[metal] for metal in sorted_metals(best)]


def _missing_interface(conclusions: "Conclusions") -> str:
    if conclusions.interface_energies:
        return ""
    return (
        "no electrode's R_int is known at two temperatures; name a run of ArrheniusPeis, or runs of a "
        "TemperatureSeries."
    )


def _missing_diffusion(conclusions: "Conclusions") -> str:
    if conclusions.diffusion_energies:
        return ""
    return (
        "no metal's D is known at two temperatures; name runs that were stripped until depletion at one "
        "current density and at two temperatures or more."
    )


def _draw_interface(conclusions: "Conclusions", width: Width) -> "Figure":
    found = _interface(conclusions)

    def ordinate(each: "InterfaceEnergy") -> tuple[Floats, Floats]:
        return each.temperature / (each.resistance * KILO_OHM_CM2), each.error / each.resistance

    def line(fitted: "Arrhenius", kelvin: Floats) -> Floats:
        return kelvin / (np.array([fitted.resistance(each) for each in kelvin]) * KILO_OHM_CM2)

    label = r"$T\,R_\mathrm{int}^{-1}$ / K kΩ$^{-1}$ cm$^{-2}$"
    return _draw(conclusions, found, width, label, ordinate, line)


def _draw_diffusion(conclusions: "Conclusions", width: Width) -> "Figure":
    def ordinate(each: "DiffusionEnergy") -> tuple[Floats, Floats]:
        return each.diffusion * PICO_CM2, each.error / each.diffusion

    def line(fitted: "Arrhenius", kelvin: Floats) -> Floats:
        return np.array([fitted.diffusion(each) for each in kelvin]) * PICO_CM2

    label = r"$D_\mathrm{eff}$ / 10$^{-12}$ cm² s$^{-1}$"
    return _draw(conclusions, _diffusion(conclusions), width, label, ordinate, line)


def _draw(
    conclusions: "Conclusions",
    found: Sequence[E],
    width: Width,
    label: str,
    ordinate: Callable[[E], tuple[Floats, Floats]],
    line: "Callable[[Arrhenius, Floats], Floats]",
) -> "Figure":
    with styled():
        figure = new_figure(width, 7.8, any(each.simulated for each in _runs(conclusions, found)))
        axes = figure.subplots()
        for each in found:
            y, relative = ordinate(each)
            _series(axes, each, y, relative, line)
        axes.set_yscale("log")
        plain_numbers(axes.yaxis)
        axes.set_xlabel(r"1000 K / $T$")
        axes.set_ylabel(label)
        axes.minorticks_on()
        _celsius_above(axes)
        figure.legend(loc="outside upper center", ncols=1 if width == "single" else 2)
    return figure


def _series(
    axes: "Axes", each: "Energy", y: Floats, relative: Floats, line: "Callable[[Arrhenius, Floats], Floats]"
) -> None:
    several = getattr(each, "electrodes", ONE_ELECTRODE) != ONE_ELECTRODE
    colour = METAL_COLOUR.get(each.metal, ORANGE)
    name = METAL_NAME.get(each.metal, each.metal) + (", an electrode each" if several else "")
    axes.errorbar(
        1e3 / each.temperature,
        y,
        yerr=1.96 * np.nan_to_num(relative) * y,
        fmt=METAL_MARKER.get(each.metal, "o"),
        color=colour,
        markerfacecolor=colour if several else "white",
        # The metals lie upon each other: the ring of the first is seen round the next.
        markersize=2.2 if several else (5.6 if each.metal == "Li" else 3.6),
        zorder=3 if several else 2.5,
        elinewidth=0.7,
        label=f"{name}: $E_\\mathrm{{A}}$ = {energy(each.line)} eV",
        gid=f"points-{each.runs[0]}",
    )
    kelvin = np.linspace(each.temperature.min() - 3, each.temperature.max() + 3, 50)
    axes.plot(
        1e3 / kelvin, line(each.line, kelvin), color=colour, linewidth=0.8, linestyle=":" if several else "-"
    )


def energy(fitted: "Arrhenius") -> str:
    """Return an activation energy in eV with its 95 % interval."""
    if not np.isfinite(fitted.low):
        return f"{fitted.energy:.2f} (interval unbounded)"
    return f"{fitted.energy:.3f} ({fitted.low:.3f} to {fitted.high:.3f})"


def _celsius_above(axes: "Axes") -> None:
    """Put °C at the upper side."""
    from matplotlib.ticker import FixedLocator, NullLocator

    low, high = axes.get_xlim()
    above = axes.twiny()
    above.set_xlim(low, high)
    hottest, coldest = 1e3 / low - ZERO_CELSIUS, 1e3 / high - ZERO_CELSIUS
    step = next(step for step in (5, 10, 20, 25, 50, 100) if (hottest - coldest) / step <= 6 or step == 100)
    marks = [mark for mark in range(-200, 601, step) if coldest <= mark <= hottest]
    above.xaxis.set_major_locator(FixedLocator([1e3 / (mark + ZERO_CELSIUS) for mark in marks]))
    above.xaxis.set_minor_locator(NullLocator())
    above.set_xticklabels([f"{mark}".replace("-", "−") for mark in marks])
    above.set_xlabel(r"$T$ / °C")
    above.tick_params(axis="x", bottom=False)
    axes.tick_params(axis="x", which="both", top=False)


def _runs(conclusions: "Conclusions", found: "Sequence[Energy]") -> list["Facts"]:
    numbers = {run for each in found for run in each.runs}
    return [each for each in conclusions.facts if each.run in numbers]


def _caption_interface(conclusions: "Conclusions") -> str:
    found = _interface(conclusions)
    parts = [
        f"{each.metal} ({each.electrodes}, n = {each.line.points}): {with_energy(each.line)}"
        for each in found
    ]
    return (
        "Arrhenius plot of the interface, T/R_int over 1/T; lines are least squares, bars and brackets 95 %. "
        f"E_A: {'; '.join(parts)}. {closing(_runs(conclusions, found))}"
    )


def _caption_diffusion(conclusions: "Conclusions") -> str:
    found = _diffusion(conclusions)
    parts = [f"{each.metal} (n = {each.line.points}): {with_energy(each.line)}" for each in found]
    by = sorted({each.by for each in found})
    words = {"vanishing": "t₀ extrapolated to 1/R_int → 0", "threshold": "t₀ by the threshold of R_int"}
    return (
        f"Arrhenius plot of the effective D, each from one {' or '.join(words[each] for each in by)} with a "
        f"drop in concentration of {found[0].drop_name}; brackets are 95 % intervals. E_A: "
        f"{'; '.join(parts)}. {closing(_runs(conclusions, found))}"
    )


def with_energy(fitted: "Arrhenius") -> str:
    """Return an activation energy in eV with its interval and what that rests on."""
    if not np.isfinite(fitted.low):
        return f"{fitted.energy:.2f} eV, interval unbounded as nothing is known of the errors"
    rests = {"scatter": "from the scatter", "errors": "from the errors of the points"}
    words = with_interval(fitted.energy, fitted.low, fitted.high)
    return f"{words} eV {rests.get(fitted.source, '')}".strip()


KINDS = (
    FigureKind(
        "arrhenius",
        "S10",
        "Arrhenius plot of the interface resistance, with E_A",
        "R_int at two temperatures or more (ArrheniusPeis, TemperatureSeries)",
        _caption_interface,
        _missing_interface,
        _draw_interface,
    ),
    FigureKind(
        "arrhenius-diffusion",
        "",
        "Arrhenius plot of the effective diffusion coefficient, with E_A",
        "strippings until depletion at one current density and two temperatures or more",
        _caption_diffusion,
        _missing_diffusion,
        _draw_diffusion,
    ),
)
"""Figures of activation energies."""
