"""What the diffusion model says of alloy foils: profiles, Fig. 9, and utilisation, Fig. 10."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.diffusion.material import ENERGY, Alloy, alloy, diffusivity_at
from analysis.diffusion.series import concentration_profile
from analysis.diffusion.utilisation import utilisation
from app.figures.kind import FigureKind, Width
from app.figures.style import (
    GREY,
    new_figure,
    styled,
    tag,
)
from app.figures.words import CM2, MICRO_AMPERE_CM2, celsius, closing, figures, runs_words, sorted_metals
from core.cell import LITHIUM_FRACTION
from core.records import Floats
from core.units import ZERO_CELSIUS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions

FOIL = 25e-6
"""m; about what 5 mAh/cm² take of Li0.9Mg0.1."""

DENSITIES = (0.1, 1.0, 10.0)
"""A/m²: 10, 100 and 1000 µA/cm²."""

MOMENTS = 6
"""Profiles in a panel, from the beginning to depletion."""

MAP = 80
"""Points of the map in each direction."""

COLDEST, HOTTEST = ZERO_CELSIUS, ZERO_CELSIUS + 100.0
LEAST_DENSITY, MOST_DENSITY = 0.1, 100.0

LEVELS = (10, 20, 30, 40, 50, 60, 70, 80, 90)
"""% of utilisation at which a line is drawn."""

MILLIMOLE_CM3 = 1e-3
MICRON = 1e6


@dataclass(frozen=True)
class _Basis:
    """The alloy that is calculated, and where its D is from."""

    metal: str
    alloy: Alloy
    temperature: float
    source: str
    runs: tuple[int, ...]

    def diffusivity(self, temperature: float) -> float:
        """Return D in m²/s at a temperature in K."""
        return diffusivity_at(temperature, self.alloy.diffusivity, ENERGY, self.temperature)


def _alloys(conclusions: "Conclusions") -> list[str]:
    return [
        metal
        for metal in sorted_metals(each.metal for each in conclusions.facts)
        if LITHIUM_FRACTION[metal] < 1
    ]


def _basis(conclusions: "Conclusions") -> _Basis:
    """Return the alloy with the most magnesium, with the D that was fitted to it if there is one."""
    metal = _alloys(conclusions)[-1]
    for each in conclusions.alloy_models:
        if each.metal == metal and each.frame == "fixed" and each.law == "constant":
            found = alloy(metal, each.diffusivity_by_time)
            source = f"as t₀ of {runs_words(each.runs[:1])} gives it with Δc = {each.drop_name}"
            return _Basis(metal, found, each.temperature, source, each.runs[:1])
    return _Basis(metal, alloy(metal), ZERO_CELSIUS + 25.0, "of Krauskopf et al. 2019", ())


def _missing(conclusions: "Conclusions") -> str:
    if _alloys(conclusions):
        return ""
    return (
        "the diffusion model is one of alloys, and none of the runs has an anode of Li-Mg; name a run of "
        "one, or calculate with `stripbench model`."
    )


def _simulated(conclusions: "Conclusions") -> bool:
    return any(each.simulated for each in conclusions.facts)


def _draw_profiles(conclusions: "Conclusions", width: Width) -> "Figure":
    from matplotlib import colormaps

    basis = _basis(conclusions)
    found, single = basis.alloy, width == "single"
    end = utilisation(found, FOIL, np.array(DENSITIES), np.array(found.diffusivity)).time
    colours = colormaps["viridis"](np.linspace(0.0, 0.9, MOMENTS))
    with styled():
        figure = new_figure(width, 13.4 if single else 6.2, _simulated(conclusions))
        shape = (len(DENSITIES), 1) if single else (1, len(DENSITIES))
        grid = figure.subplots(*shape, sharex=True, sharey=True)
        position = np.linspace(0.0, FOIL, 160)
        for axes, density, last in zip(grid.flat, DENSITIES, end, strict=True):
            moments = np.linspace(0.0, float(last), MOMENTS)
            profiles = concentration_profile(position, moments, found.start, density, FOIL, found.diffusivity)
            for colour, moment, profile in zip(colours, moments, profiles, strict=True):
                axes.plot(
                    position * MICRON,
                    profile * MILLIMOLE_CM3,
                    color=colour,
                    label=_time_words(float(moment), float(last)),
                )
            axes.axhline(found.least * MILLIMOLE_CM3, color=GREY, linewidth=0.7, linestyle=":")
            axes.set_xlim(0, FOIL * MICRON)
            axes.set_ylim(0, 1.08 * found.start * MILLIMOLE_CM3)
            axes.minorticks_on()
            # Below the dotted line there is never a profile.
            axes.legend(loc="lower left", ncols=3, columnspacing=0.9, handlelength=1.0, fontsize=6.3)
            tag(axes, f"$i$ = {figures(density * MICRO_AMPERE_CM2)} µA cm$^{{-2}}$")
            axes.set_xlabel(r"$\xi$ / µm")
            axes.set_ylabel(r"$c_\mathrm{Li}$ / mmol cm$^{-3}$")
            axes.label_outer()
    return figure


def _time_words(time: float, last: float) -> str:
    unit, size = ("min", 60.0) if last < 7200 else ("h", 3600.0)
    places = max(0, 2 - len(str(int(last / size))) + 1)
    return f"{time / size:.{places}f} {unit}" if time else f"0 {unit}"


def _caption_profiles(conclusions: "Conclusions") -> str:
    basis = _basis(conclusions)
    gives = utilisation(basis.alloy, FOIL, np.array(DENSITIES), np.array(basis.alloy.diffusivity))
    parts = [
        f"{figures(density * MICRO_AMPERE_CM2)} µA cm⁻²: {100 * total:.1f} % of all lithium, "
        f"{100 * beta:.1f} % of the β phase's"
        for density, total, beta in zip(DENSITIES, gives.total, gives.beta, strict=True)
    ]
    return (
        f"Calculated concentration of lithium in a {FOIL * MICRON:.0f} µm foil of {basis.metal}, stripped at "
        f"ξ = {FOIL * MICRON:.0f} µm until the interface reaches c_min = "
        f"{figures(basis.alloy.least * MILLIMOLE_CM3)} mmol cm⁻³ (dotted). Stripped by then, "
        f"{'; '.join(parts)}. "
        f"{_model_words(conclusions, basis)}"
    )


def _model_words(conclusions: "Conclusions", basis: _Basis) -> str:
    words = (
        f"Fixed frame, constant D = {figures(basis.alloy.diffusivity * CM2, 2)} cm² s⁻¹ at "
        f"{celsius(basis.temperature)}, {basis.source}."
    )
    runs = [each for each in conclusions.facts if each.run in basis.runs]
    if runs:
        return f"{words} {closing(runs)}"
    if _simulated(conclusions):
        words += " Asked for with SIMULATED runs; nothing of them is in it."
    return words


def _draw_map(conclusions: "Conclusions", width: Width) -> "Figure":
    basis = _basis(conclusions)
    density, temperature, beta = _map(basis)
    with styled():
        figure = new_figure(width, 7.4 if width == "single" else 9.5, _simulated(conclusions))
        axes = figure.subplots()
        x, y = density * MICRO_AMPERE_CM2, temperature - ZERO_CELSIUS
        # As dots also in a file of lines: thousands of squares make it large, and gaps between them.
        mesh = axes.pcolormesh(
            x, y, 100 * beta, cmap="viridis", vmin=0, vmax=100, shading="gouraud", rasterized=True
        )
        lines = axes.contour(x, y, 100 * beta, levels=LEVELS, colors="white", linewidths=0.6)
        axes.clabel(lines, levels=LEVELS[::2], fmt="%g %%", fontsize=6)
        axes.set_xscale("log")
        axes.set_xlabel(r"$i$ / µA cm$^{-2}$")
        axes.set_ylabel(r"$T$ / °C")
        axes.yaxis.minorticks_on()
        bar = figure.colorbar(mesh, ax=axes, label="utilisation of the β phase / %", aspect=26, pad=0.02)
        bar.outline.set_linewidth(0.6)
    return figure


def _map(basis: _Basis) -> tuple[Floats, Floats, Floats]:
    """Return current densities in A/m², temperatures in K, and the utilisation at each pair."""
    density = np.geomspace(LEAST_DENSITY, MOST_DENSITY, MAP)
    temperature = np.linspace(COLDEST, HOTTEST, MAP)
    diffusivity = np.array([basis.diffusivity(each) for each in temperature])
    found = utilisation(basis.alloy, FOIL, density[None, :], diffusivity[:, None])
    return density, temperature, found.beta


def _caption_map(conclusions: "Conclusions") -> str:
    basis = _basis(conclusions)
    return (
        f"Calculated share of the lithium of the β phase that a {FOIL * MICRON:.0f} µm foil of {basis.metal} "
        f"gives until its interface reaches c_min = {figures(basis.alloy.least * MILLIMOLE_CM3)} mmol cm⁻³, "
        f"over current density and temperature, with E_A = {figures(ENERGY)} eV of D. "
        f"{_model_words(conclusions, basis)}"
    )


KINDS = (
    FigureKind(
        "profiles",
        "9",
        "Calculated profiles of lithium in an alloy foil at 10, 100 and 1000 µA/cm²",
        "a run of an alloy; with its relaxation the D of its t₀ is taken, else the paper's",
        _caption_profiles,
        _missing,
        _draw_profiles,
    ),
    FigureKind(
        "utilisation",
        "10",
        "Calculated utilisation of an alloy foil over current density and temperature",
        "a run of an alloy; with its relaxation the D of its t₀ is taken, else the paper's",
        _caption_map,
        _missing,
        _draw_map,
    ),
)
"""Figures that are calculated."""
