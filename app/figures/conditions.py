"""Curves of strippings under several currents, temperatures or pressures: Figs. 5a, 5b, 6, 7 and S7."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.figures.choosing import Chosen, Condition, gathered, varying
from app.figures.kind import FigureKind, Width
from app.figures.panels import Panel, Trace, drawn_panels
from app.figures.series import LOGARITHMIC, X_LABEL, Y_LABEL, Across, Up, series
from app.figures.style import METAL_MARKER, METAL_NAME, colour_of
from app.figures.words import (
    KILO_OHM_CM2,
    celsius,
    closing,
    conditions,
    density_words,
    listed,
    megapascal,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions

WORDS: dict[Condition, Callable[[float], str]] = {
    "density": density_words,
    "temperature": celsius,
    "pressure": megapascal,
}
NAMES: dict[Condition, str] = {
    "density": "current densities",
    "temperature": "temperatures",
    "pressure": "stack pressures",
}
SHOWN: dict[Up, str] = {
    "voltage": "Potential of the working electrode",
    "resistance": "Interface resistance R_int",
    "resistance at 25 °C": "Interface resistance R_int, brought to 25 °C with E_A = 0.37 eV (Eq. 3)",
    "capacitance": "Interface capacitance C_int (Hsu–Mansfeld)",
    "relative capacitance": "Interface capacitance C_int over its value before the current",
}
CONTACT_CAVEAT = (
    "C_int/C_int(0) is an apparent contact: the constriction of the current adds to the same arc, "
    "so it is no measured area."
)


@dataclass(frozen=True)
class _Curves:
    """A figure with a panel for each metal, and a curve in it for each run."""

    condition: Condition
    across: Across
    up: Up

    def chosen(self, conclusions: "Conclusions") -> Chosen:
        found = varying(conclusions.facts, self.condition)
        # A metal under one condition only says nothing of the condition.
        compared = [
            each for each in found.runs if len({found.level[one.run] for one in found.of(each.metal)}) > 1
        ]
        return gathered(compared or found.runs, self.condition)

    def missing(self, conclusions: "Conclusions") -> str:
        chosen = self.chosen(conclusions)
        if not chosen.runs:
            return (
                "none of the runs strips at a constant current with impedance; "
                "name runs of GeisStripping, TemperatureSeries or PressureRun."
            )
        if len(chosen.levels) < 2:
            only = WORDS[self.condition](chosen.levels[0])
            return (
                f"the runs were all stripped at {only} where they are alike otherwise; name runs at two "
                f"{NAMES[self.condition]} at least, with all other conditions the same."
            )
        return ""

    def caption(self, conclusions: "Conclusions") -> str:
        chosen = self.chosen(conclusions)
        text = (
            f"{SHOWN[self.up]} of {listed(chosen.metals)} during stripping at several "
            f"{NAMES[self.condition]} ({conditions(chosen.runs)})."
        )
        if self._rule(conclusions, chosen) is not None:
            text += " The dashed line is the threshold that defines t₀."
        if self.up == "relative capacitance":
            text += f" {CONTACT_CAVEAT}"
        return f"{text} {closing(chosen.runs)}"

    def draw(self, conclusions: "Conclusions", width: Width) -> "Figure":
        chosen = self.chosen(conclusions)
        panels = [self._panel(conclusions, chosen, metal) for metal in chosen.metals]
        return drawn_panels(panels, width, any(each.simulated for each in chosen.runs), share_y=True)

    def _panel(self, conclusions: "Conclusions", chosen: Chosen, metal: str) -> Panel:
        traces = []
        for each in chosen.of(metal):
            x, y = series(each, self.across, self.up, conclusions.depletions)
            place = chosen.level[each.run]
            label = WORDS[self.condition](chosen.levels[place])
            traces.append(Trace(each.run, x, y, label, colour_of(place), METAL_MARKER.get(metal, "o")))
        return Panel(
            METAL_NAME.get(metal, metal),
            X_LABEL[self.across],
            Y_LABEL[self.up],
            tuple(traces),
            log=self.up in LOGARITHMIC,
            x_range=(0, None),
            y_range=(None, None) if self.up in LOGARITHMIC else (0, None),
            rule=self._rule(conclusions, chosen),
        )

    def _rule(self, conclusions: "Conclusions", chosen: Chosen) -> float | None:
        return threshold(conclusions, chosen) if self.up == "resistance" else None


def threshold(conclusions: "Conclusions", chosen: Chosen) -> float | None:
    """Return the threshold of R_int in kΩ cm² if it is one and the same for all runs, else None."""
    runs = {each.run for each in chosen.runs}
    found = {round(each.threshold * KILO_OHM_CM2, 6) for each in conclusions.depletions if each.run in runs}
    return found.pop() if len(found) == 1 else None


def _kind(name: str, paper: str, condition: Condition, across: Across, up: Up) -> FigureKind:
    curves = _Curves(condition, across, up)
    return FigureKind(
        name,
        paper,
        f"{SHOWN[up]} at several {NAMES[condition]}",
        f"strippings at two {NAMES[condition]} at least, otherwise alike",
        curves.caption,
        curves.missing,
        curves.draw,
    )


KINDS = (
    _kind("potential-current", "5a", "density", "time", "voltage"),
    _kind("resistance-current", "5b", "density", "charge", "resistance"),
    _kind("capacitance-current", "S7", "density", "charge", "capacitance"),
    _kind("potential-temperature", "6a", "temperature", "time", "voltage"),
    _kind("resistance-temperature", "6b", "temperature", "charge", "resistance at 25 °C"),
    _kind("capacitance-temperature", "6c", "temperature", "charge", "relative capacitance"),
    _kind("potential-pressure", "7a", "pressure", "time", "voltage"),
    _kind("resistance-pressure", "7b", "pressure", "charge", "resistance"),
    _kind("capacitance-pressure", "7c", "pressure", "charge", "relative capacitance"),
)
"""Figures of the paper that compare conditions."""
