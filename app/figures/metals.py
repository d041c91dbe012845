"""The metals under one condition: Figs. 2a, 2b and S4, and an annealed electrode beside others, Fig. S9."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.figures.choosing import Chosen, comparing_metals, gathered, strippings, value
from app.figures.conditions import CONTACT_CAVEAT, threshold
from app.figures.kind import FigureKind, Width
from app.figures.panels import Panel, Trace, drawn_panels
from app.figures.series import LOGARITHMIC, X_LABEL, Y_LABEL, Across, Up, series
from app.figures.style import METAL_COLOUR, METAL_MARKER, METAL_NAME, METALS, ORANGE, PURPLE
from app.figures.words import closing, conditions, listed, runs_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions
    from app.conclusions.facts import Facts

NO_STRIPPING = (
    "none of the runs strips at a constant current with impedance; name runs of GeisStripping, for example."
)
NEEDS = "a stripping at least; one of each metal under the same conditions to compare them"


def _chosen(conclusions: "Conclusions") -> Chosen:
    found = comparing_metals(conclusions.facts)
    return gathered(sorted(found.runs, key=_order), "density")


def _gently_formed(conclusions: "Conclusions") -> Chosen:
    """Return the runs whose contact begins with a resistance that can be followed."""
    found = _chosen(conclusions)
    gentle = [each for each in found.runs if not each.ideal_contact]
    return gathered(gentle or found.runs, "density")


def _order(facts: "Facts") -> tuple[int, int]:
    return (METALS.index(facts.metal) if facts.metal in METALS else len(METALS), facts.run)


def _missing(conclusions: "Conclusions") -> str:
    return "" if strippings(conclusions.facts) else NO_STRIPPING


def _look(each: "Facts") -> tuple[str, str, str]:
    """Return label, colour and dash of a run."""
    label = METAL_NAME.get(each.metal, each.metal)
    ideal = f"{label}, ideal contact"
    return (
        ideal if each.ideal_contact else label,
        METAL_COLOUR.get(each.metal, ORANGE),
        (":" if each.ideal_contact else "-"),
    )


def _traces(
    conclusions: "Conclusions", chosen: Sequence["Facts"], across: Across, up: Up
) -> tuple[Trace, ...]:
    traces = []
    for each in chosen:
        label, colour, dash = _look(each)
        x, y = series(each, across, up, conclusions.depletions)
        marker = "" if each.ideal_contact else METAL_MARKER.get(each.metal, "o")
        traces.append(Trace(each.run, x, y, label, colour, marker, dash))
    return tuple(traces)


def _panel(conclusions: "Conclusions", chosen: Chosen, across: Across, up: Up, tag: str = "") -> Panel:
    log = up in LOGARITHMIC
    return Panel(
        tag,
        X_LABEL[across],
        Y_LABEL[up],
        _traces(conclusions, chosen.runs, across, up),
        log=log,
        x_range=(0, None),
        y_range=(None, None) if log else (0, None),
        rule=threshold(conclusions, chosen) if up == "resistance" else None,
    )


def _draw_potential(conclusions: "Conclusions", width: Width) -> "Figure":
    chosen = _chosen(conclusions)
    return drawn_panels([_panel(conclusions, chosen, "time", "voltage")], width, _simulated(chosen))


def _caption_potential(conclusions: "Conclusions") -> str:
    chosen = _chosen(conclusions)
    text = f"Potential of {listed(chosen.metals)} during stripping ({conditions(chosen.runs)})."
    if any(each.ideal_contact for each in chosen.runs):
        text += " Dotted: contacts that were formed at a pressure that leaves no interface resistance."
    return f"{text} {closing(chosen.runs)}"


def _draw_contact(conclusions: "Conclusions", width: Width, across: Across) -> "Figure":
    chosen = _gently_formed(conclusions)
    panels = [
        _panel(conclusions, chosen, across, "resistance", "a"),
        _panel(conclusions, chosen, across, "capacitance", "b"),
    ]
    return drawn_panels(panels, width, _simulated(chosen))


def without_t0(conclusions: "Conclusions", chosen: Sequence["Facts"]) -> str:
    """Say of the runs that were not depleted, or are not yet, that all they measured stands for t₀."""
    depleted = {row.run for row in conclusions.depletions if not row.censored}
    without = [each.run for each in chosen if each.run not in depleted]
    return f" (of {runs_words(without)}, not depleted, to the last spectrum)" if without else ""


def _caption_contact(conclusions: "Conclusions", against: str) -> str:
    chosen = _gently_formed(conclusions)
    return (
        f"(a) Interface resistance R_int and (b) interface capacitance C_int (Hsu–Mansfeld) of "
        f"{listed(chosen.metals)} during stripping, against {against} ({conditions(chosen.runs)}). "
        f"{CONTACT_CAVEAT} {closing(chosen.runs)}"
    )


def _simulated(chosen: Chosen) -> bool:
    return any(each.simulated for each in chosen.runs)


def _annealed(conclusions: "Conclusions") -> tuple[list["Facts"], list["Facts"]]:
    """Return annealed electrodes, and others of the same metal that were stripped alike."""
    found = [each for each in strippings(conclusions.facts) if not each.ideal_contact]
    annealed = [each for each in found if each.annealed]
    others = [each for each in found if not each.annealed and any(_alike(each, one) for one in annealed)]
    return annealed, others


def _alike(one: "Facts", other: "Facts") -> bool:
    return (
        one.metal == other.metal
        and abs(value(one, "density") / value(other, "density") - 1) < 0.05
        and abs(value(one, "temperature") - value(other, "temperature")) < 3
        and one.pressed == other.pressed
    )


def _missing_annealed(conclusions: "Conclusions") -> str:
    annealed, others = _annealed(conclusions)
    if not annealed:
        return (
            "no electrode of these runs was annealed; strip one whose cell file says history.annealed_for, "
            "and name that run too."
        )
    if not others:
        return (
            f"{runs_words(each.run for each in annealed)} has nothing to be compared with; name a run of the "
            "same metal, current, temperature and pressure whose electrode was not annealed."
        )
    return ""


def _draw_annealed(conclusions: "Conclusions", width: Width) -> "Figure":
    annealed, others = _annealed(conclusions)
    panels = []
    ups: tuple[Up, ...] = ("voltage", "resistance")
    for letter, up in zip("ab", ups, strict=True):
        traces = []
        for each in (*others, *annealed):
            x, y = series(each, "time", up)
            label = METAL_NAME.get(each.metal, each.metal) + (", annealed" if each.annealed else "")
            colour = PURPLE if each.annealed else METAL_COLOUR.get(each.metal, ORANGE)
            marker = "D" if each.annealed else METAL_MARKER.get(each.metal, "o")
            traces.append(Trace(each.run, x, y, label, colour, marker))
        log = up in LOGARITHMIC
        panels.append(
            Panel(
                letter,
                X_LABEL["time"],
                Y_LABEL[up],
                tuple(traces),
                log=log,
                x_range=(0, None),
                y_range=(None, None) if log else (0, None),
                rule=threshold(conclusions, gathered([*others, *annealed], "density")) if log else None,
            )
        )
    return drawn_panels(panels, width, any(each.simulated for each in (*annealed, *others)))


def _caption_annealed(conclusions: "Conclusions") -> str:
    annealed, others = _annealed(conclusions)
    runs = [*annealed, *others]
    metals = listed(sorted({each.metal for each in annealed}))
    return (
        f"(a) Potential and (b) interface resistance of annealed {metals} "
        f"({runs_words(each.run for each in annealed)}) beside electrodes that were not annealed "
        f"({conditions(runs)}). {closing(runs)}"
    )


KINDS = (
    FigureKind(
        "potential",
        "2a",
        "Potential of each metal during stripping under the same conditions",
        NEEDS,
        _caption_potential,
        _missing,
        _draw_potential,
    ),
    FigureKind(
        "contact-normalised",
        "2b",
        "R_int and C_int of each metal over charge divided by the charge at t₀",
        NEEDS,
        lambda conclusions: _caption_contact(
            conclusions,
            f"charge divided by the charge at t₀{without_t0(conclusions, _gently_formed(conclusions).runs)}",
        ),
        _missing,
        lambda conclusions, width: _draw_contact(conclusions, width, "normalised"),
    ),
    FigureKind(
        "contact-charge",
        "S4",
        "R_int and C_int of each metal over areal charge",
        NEEDS,
        lambda conclusions: _caption_contact(conclusions, "areal charge"),
        _missing,
        lambda conclusions, width: _draw_contact(conclusions, width, "charge"),
    ),
    FigureKind(
        "annealed",
        "S9",
        "Potential and R_int of an annealed electrode beside others",
        "a stripping of an annealed electrode and one that was not, otherwise alike",
        _caption_annealed,
        _missing_annealed,
        _draw_annealed,
    ),
)
"""Figures of the paper that compare metals and their histories."""
