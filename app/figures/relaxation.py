"""What the interface does when the current is off again: Figs. 4a, 4b and 4c."""

from typing import TYPE_CHECKING

import numpy as np

from app.figures.kind import FigureKind, Width
from app.figures.panels import Panel, Trace, drawn_panels
from app.figures.spectra import drawn_spectra, sweeps
from app.figures.style import METAL_COLOUR, METAL_MARKER, METAL_NAME, ORANGE
from app.figures.words import (
    CAPACITANCE,
    HOUR,
    KILO_OHM_CM2,
    MICRO_FARAD_CM2,
    RESISTANCE,
    TIME,
    closing,
    figures,
    listed,
    sorted_metals,
)
from core.records import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions
    from app.conclusions.facts import Facts

RELAXATION = "OcvRelaxation"
MILLI = 1e3


def _chosen(conclusions: "Conclusions") -> list["Facts"]:
    found = [each for each in conclusions.facts if each.protocol == RELAXATION and len(each.curves)]
    order = sorted_metals(each.metal for each in found)
    return sorted(found, key=lambda each: (order.index(each.metal), each.run))


def _missing(conclusions: "Conclusions") -> str:
    if _chosen(conclusions):
        return ""
    return (
        "none of the runs is an OcvRelaxation with impedance; strip an electrode to its cut-off, let "
        "OcvRelaxation follow, and name that run."
    )


def _potential(facts: "Facts") -> tuple[Floats, Floats]:
    _, time, voltage = facts.reader.readings("E")
    return time * HOUR, voltage * MILLI


def _trace(facts: "Facts", x: Floats, y: Floats) -> Trace:
    return Trace(
        facts.run,
        x,
        y,
        METAL_NAME.get(facts.metal, facts.metal),
        METAL_COLOUR.get(facts.metal, ORANGE),
        METAL_MARKER.get(facts.metal, "o"),
    )


def _draw_potential(conclusions: "Conclusions", width: Width) -> "Figure":
    chosen = _chosen(conclusions)
    traces = tuple(_trace(each, *_potential(each)) for each in chosen)
    panel = Panel("", TIME, r"$E$ / mV", traces, x_range=(0, None))
    return drawn_panels([panel], width, any(each.simulated for each in chosen))


def _caption_potential(conclusions: "Conclusions") -> str:
    chosen = _chosen(conclusions)
    ends = []
    for each in chosen:
        hours, voltage = _potential(each)
        last = float(np.mean(voltage[hours > hours[-1] - 0.25]))
        ends.append(f"{figures(last, 2)} mV for {each.metal} after {figures(float(hours[-1]), 2)} h")
    return (
        f"Open-circuit potential after stripping to the cut-off; it comes to {listed(ends)}. "
        f"{closing(chosen)}"
    )


def _draw_nyquist(conclusions: "Conclusions", width: Width) -> "Figure":
    chosen = _first_of_each(_chosen(conclusions))
    panels = [(each, sweeps(each, -np.inf, np.inf)) for each in chosen]
    return drawn_spectra(panels, "nyquist", width, r"$t$ / h")


def _first_of_each(chosen: list["Facts"]) -> list["Facts"]:
    """Return one run of each metal."""
    first: dict[str, Facts] = {}
    for each in chosen:
        first.setdefault(each.metal, each)
    return list(first.values())


def _caption_nyquist(conclusions: "Conclusions") -> str:
    chosen = _first_of_each(_chosen(conclusions))
    metals = listed([each.metal for each in chosen])
    return (
        f"Nyquist plots of {metals} at open circuit after stripping, coloured by the time since; dots were "
        f"measured, lines are the fitted circuit. {closing(chosen)}"
    )


def _draw_contact(conclusions: "Conclusions", width: Width) -> "Figure":
    chosen = _chosen(conclusions)
    resistance, capacitance = [], []
    for each in chosen:
        hours = each.curves.time * HOUR
        resistance.append(_trace(each, hours, each.curves.resistance * KILO_OHM_CM2))
        capacitance.append(_trace(each, hours, each.curves.capacitance * MICRO_FARAD_CM2))
    panels = [
        Panel("a", TIME, RESISTANCE, tuple(resistance), log=True, x_range=(0, None)),
        Panel("b", TIME, CAPACITANCE, tuple(capacitance), x_range=(0, None), y_range=(0, None)),
    ]
    return drawn_panels(panels, width, any(each.simulated for each in chosen))


def _caption_contact(conclusions: "Conclusions") -> str:
    chosen = _chosen(conclusions)
    metals = listed(sorted_metals(each.metal for each in chosen))
    return (
        f"(a) Interface resistance and (b) interface capacitance (Hsu–Mansfeld) of {metals} at open circuit "
        f"after stripping. {closing(chosen)}"
    )


NEEDS = "an OcvRelaxation after a stripping"

KINDS = (
    FigureKind(
        "relaxation-potential",
        "4a",
        "Open-circuit potential after stripping",
        NEEDS,
        _caption_potential,
        _missing,
        _draw_potential,
    ),
    FigureKind(
        "relaxation-nyquist",
        "4b",
        "Nyquist plots at open circuit after stripping, coloured by time",
        NEEDS,
        _caption_nyquist,
        _missing,
        _draw_nyquist,
    ),
    FigureKind(
        "relaxation-contact",
        "4c",
        "R_int and C_int at open circuit after stripping",
        NEEDS,
        _caption_contact,
        _missing,
        _draw_contact,
    ),
)
"""Figures of the relaxation."""
