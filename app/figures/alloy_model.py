"""The diffusion model held against the relaxation of an alloy electrode, in both frames."""

from typing import TYPE_CHECKING

import numpy as np

from app.figures.kind import FigureKind, Width
from app.figures.numbers import with_error
from app.figures.panels import Panel, Trace, drawn_panels
from app.figures.style import BLACK, GREEN, METAL_NAME, VERMILLION
from app.figures.words import CM2, HOUR, TIME, closing, figures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions
    from app.conclusions.facts import Facts
    from app.conclusions.model import AlloyModel


def _models(conclusions: "Conclusions") -> list["AlloyModel"]:
    """Return of the first electrode that has any the better model in each frame."""
    found = conclusions.alloy_models
    best: dict[str, AlloyModel] = {}
    for each in found:
        if each.runs == found[0].runs:
            other = best.get(each.frame, each)
            best[each.frame] = each if each.information <= other.information else other
    return [best[frame] for frame in FRAME_LOOK if frame in best]


def _missing_models(conclusions: "Conclusions") -> str:
    if _models(conclusions):
        return ""
    return (
        "no alloy electrode was stripped until depletion and then left to relax; name both the run that "
        "stripped it and the OcvRelaxation that followed."
    )


def _model_runs(conclusions: "Conclusions") -> list["Facts"]:
    numbers = {run for each in _models(conclusions) for run in each.runs}
    return [each for each in conclusions.facts if each.run in numbers]


FRAME_LOOK = {"fixed": (VERMILLION, "-"), "conserving": (GREEN, "--")}
LAW_NAME = {"constant": "$D$", "exponential": "$D(x_0)$"}
LAW_WORDS = {"constant": "constant D", "exponential": "D falling with magnesium from D(x₀)"}
FRAME_NAME = {"fixed": "fixed frame", "conserving": "Mg-conserving frame"}


def _draw_models(conclusions: "Conclusions", width: Width) -> "Figure":
    models = _models(conclusions)
    first = models[0]
    measured = Trace(
        first.runs[-1],
        first.relaxation * HOUR,
        first.measured_ocv * 1e3,
        "measured",
        BLACK,
        "",
        "-",
    )
    traces = [measured]
    for each in models:
        colour, dash = FRAME_LOOK[each.frame]
        fitted = _fitted_words(each).replace("10⁻¹¹ cm² s⁻¹", r"10$^{-11}$ cm² s$^{-1}$")
        label = f"{FRAME_NAME[each.frame]}, {LAW_NAME[each.law]} = {fitted}"
        traces.append(
            Trace(each.runs[-1], each.relaxation * HOUR, each.predicted_ocv * 1e3, label, colour, "", dash)
        )
    reach = float(np.percentile(first.measured_ocv, 99.5)) * 1e3
    highest = max(reach, *(float(np.percentile(each.predicted_ocv, 99.0)) * 1e3 for each in models))
    panel = Panel(
        METAL_NAME.get(first.metal, first.metal),
        TIME,
        r"$E$ / mV",
        tuple(traces),
        x_range=(0, None),
        y_range=(0, 1.15 * highest),
    )
    return drawn_panels([panel], width, any(each.simulated for each in _model_runs(conclusions)))


def _caption_models(conclusions: "Conclusions") -> str:
    parts = [
        f"{FRAME_NAME[each.frame]}: {LAW_WORDS[each.law]} = {_fitted_words(each)}, t₀ "
        f"{each.predicted_time * HOUR:.1f} h (measured {each.measured_time * HOUR:.1f} h), rms "
        f"{figures(each.rms * 1e3, 2)} mV{', preferred' if each.preferred else ''}"
        for each in _models(conclusions)
    ]
    metal = _models(conclusions)[0].metal
    return (
        f"Potential at rest of {metal} after stripping, and the diffusion model fitted to it and to t₀ "
        f"together, in both frames. {'; '.join(parts)}. {closing(_model_runs(conclusions))}"
    )


def _fitted_words(each: "AlloyModel") -> str:
    scale = CM2 * 1e11
    return f"({with_error(each.diffusivity * scale, each.diffusivity_error * scale)}) × 10⁻¹¹ cm² s⁻¹"


KINDS = (
    FigureKind(
        "relaxation-model",
        "",
        "The diffusion model in both frames, fitted to t₀ and to the potential at rest",
        "a stripping of an alloy until depletion and the OcvRelaxation after it",
        _caption_models,
        _missing_models,
        _draw_models,
    ),
)
"""Figures of the model and what was measured."""
