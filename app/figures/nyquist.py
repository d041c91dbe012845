"""Impedance while the current flows: Figs. 2d, 2e and S3."""

from typing import TYPE_CHECKING

from app.figures.choosing import comparing_metals, strippings
from app.figures.kind import FigureKind, Width
from app.figures.metals import NO_STRIPPING, without_t0
from app.figures.spectra import View, any_sweeps, drawn_spectra, sweeps
from app.figures.words import closing, conditions, listed, sorted_metals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions
    from app.conclusions.facts import Facts

UNTIL = 0.95
"""Share of t₀ at which the last spectrum is drawn: at t₀ itself it would leave no room for the others."""

MOST_PANELS = 3


def _chosen(conclusions: "Conclusions") -> list["Facts"]:
    """Return one run of each metal, whose contact begins with a resistance that can be followed.

    Where nothing was stripped, e.g. of spectra from files, the first runs that have spectra.
    """
    if not strippings(conclusions.facts):
        return [each for each in conclusions.facts if each.summary.spectra][:MOST_PANELS]
    runs = comparing_metals(conclusions.facts).runs
    found = []
    for metal in sorted_metals(each.metal for each in runs)[:MOST_PANELS]:
        same = sorted((each for each in runs if each.metal == metal), key=lambda each: each.run)
        found.append(next((each for each in same if not each.ideal_contact), same[0]))
    return found


def _until(conclusions: "Conclusions", facts: "Facts") -> float:
    """Return until when spectra are shown, in s since the current was on."""
    for each in conclusions.depletions:
        if each.run == facts.run and not each.censored:
            return UNTIL * each.time
    return float(facts.curves.time.max())


def _draw(conclusions: "Conclusions", width: Width, view: View) -> "Figure":
    if strippings(conclusions.facts):
        panels = [(each, sweeps(each, 0.0, _until(conclusions, each))) for each in _chosen(conclusions)]
    else:
        panels = [(each, any_sweeps(each)) for each in _chosen(conclusions)]
    return drawn_spectra(panels, view, width, r"$t$ / h")


def _missing(conclusions: "Conclusions") -> str:
    return "" if _chosen(conclusions) else NO_STRIPPING


def _caption(conclusions: "Conclusions", what: str) -> str:
    chosen = _chosen(conclusions)
    if not strippings(conclusions.facts):
        return (
            f"{what} of {listed([each.metal for each in chosen])}: the first, the last, and others in even "
            f"steps of time; dots were measured, lines are the fitted circuit. {closing(chosen)}"
        )
    return (
        f"{what} of {listed([each.metal for each in chosen])} during stripping ({conditions(chosen)}), from "
        f"the beginning to 95 % of t₀{without_t0(conclusions, chosen)}; dots were measured, lines are the "
        f"fitted circuit. {closing(chosen)}"
    )


KINDS = (
    FigureKind(
        "bode-phase",
        "2d, 2e",
        "Phase against frequency during stripping, coloured by time",
        "a stripping with impedance; without one, any spectra",
        lambda conclusions: _caption(conclusions, "Phase of the impedance"),
        _missing,
        lambda conclusions, width: _draw(conclusions, width, "phase"),
    ),
    FigureKind(
        "nyquist",
        "S3",
        "Nyquist plots during stripping, coloured by time",
        "a stripping with impedance; without one, any spectra",
        lambda conclusions: _caption(conclusions, "Nyquist plots"),
        _missing,
        lambda conclusions, width: _draw(conclusions, width, "nyquist"),
    ),
)
"""Figures of spectra under current."""
