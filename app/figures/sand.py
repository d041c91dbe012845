"""The Sand plot: t₀^(−1/2) over the current density, Fig. 5c."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.figures.kind import FigureKind, Width
from app.figures.numbers import diffusion, with_error
from app.figures.style import (
    BLACK,
    METAL_COLOUR,
    METAL_MARKER,
    METAL_NAME,
    ORANGE,
    new_figure,
    styled,
)
from app.figures.words import HOUR, MICRO_AMPERE_CM2, celsius, closing, listed, runs_words, sorted_metals

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.sand import SandLine
    from app.conclusions import Conclusions
    from app.conclusions.facts import Facts
    from app.conclusions.sand_plot import SandResult

SAME_TEMPERATURE = 2.0
PER_ROOT_HOUR = HOUR**-0.5
"""From s^(−1/2) to h^(−1/2)."""

DROPS = {"c0": r"$c_0$", "c0 − c_min": r"$c_0 - c_\mathrm{min}$"}


def chosen(conclusions: "Conclusions") -> list["SandResult"]:
    """Return the results of one temperature, pressure and history, one of each metal.

    They are those that the most current densities went into; metals at one current only are left
    out where others have more.
    """
    lined = [each for each in conclusions.sand if _line(each) is not None]
    if not lined:
        return []
    best = max(lined, key=lambda each: (_currents(each), len(each.rows), not each.history))
    alike = [
        each
        for each in lined
        if abs(each.temperature - best.temperature) < SAME_TEMPERATURE
        and (each.pressure is None) == (best.pressure is None)
        and each.history == best.history
        and (_currents(each) > 1 or _currents(best) == 1)
    ]
    first: dict[str, SandResult] = {}
    for each in sorted(alike, key=_currents, reverse=True):
        first.setdefault(each.metal, each)
    return [first[metal] for metal in sorted_metals(first)]


def _line(result: "SandResult") -> "SandLine | None":
    return result.by_vanishing or result.by_threshold


def _currents(result: "SandResult") -> int:
    return len({round(row.density * MICRO_AMPERE_CM2 / 5) for row in result.rows if not row.censored})


def _missing(conclusions: "Conclusions") -> str:
    found = chosen(conclusions)
    if any(_currents(each) > 1 for each in found):
        return ""
    if found:
        points = "; ".join(_group_words(each) for each in conclusions.sand if _currents(each))
        return (
            f"there is one current density only wherever the runs agree in the rest ({points}), and a Sand "
            "plot mixes no temperatures, pressures or histories; name runs at two current densities or more, "
            "otherwise alike."
        )
    if conclusions.depletions:
        runs = ", ".join(str(each.run) for each in conclusions.depletions)
        return (
            f"no line through t₀ of run(s) {runs} gives a D; name runs that were stripped until depletion, "
            "at two current densities or more."
        )
    return "none of the runs was stripped until depletion; name runs of GeisStripping that reached their t₀."


def _group_words(result: "SandResult") -> str:
    runs = runs_words(row.run for row in result.rows if not row.censored)
    pressed = f", {result.pressure / 1e6:.3g} MPa" if result.pressure else ""
    history = f", {result.history}" if result.history else ""
    return f"{result.metal}, {celsius(result.temperature)}{pressed}{history}: {runs}"


def _runs(conclusions: "Conclusions") -> list["Facts"]:
    numbers = {row.run for each in chosen(conclusions) for row in each.rows}
    return [each for each in conclusions.facts if each.run in numbers]


def _caption(conclusions: "Conclusions") -> str:
    found = chosen(conclusions)
    parts = [_result_words(each) for each in found]
    first = found[0]
    censored = [str(row.run) for each in found for row in each.rows if row.censored]
    text = (
        f"Sand plot at {celsius(first.temperature)}: t₀ extrapolated to 1/R_int → 0 (filled), and by the "
        f"threshold of R_int (open, dashed). Lines with 95 % bands; effective D from the slope, with the "
        f"drop in concentration Δc it rests on (in brackets: 95 % interval). {'; '.join(parts)}."
    )
    if censored:
        text += f" Never depleted, and in no line: {listed(censored)}."
    drawn = {id(each) for each in found}
    others = [_group_words(each) for each in conclusions.sand if id(each) not in drawn and _currents(each)]
    if others:
        text += f" Under other conditions, and not drawn: {'; '.join(others)}."
    return f"{text} {closing(_runs(conclusions))}"


def _result_words(result: "SandResult") -> str:
    line = _line(result)
    assert line is not None
    intercept = (
        "line through the origin"
        if line.through_origin
        else (
            f"intercept {with_error(line.intercept * PER_ROOT_HOUR, line.intercept_error * PER_ROOT_HOUR)} "
            "h⁻½"
        )
    )
    words = (
        f"{result.metal}: D = {diffusion(line.diffusion, line.low, line.high)} with "
        f"Δc = {result.drop_name}, {intercept}, "
        f"n = {line.points}"
    )
    if result.bias is not None:
        words += f", by the threshold {100 * result.bias:+.1f} %".replace("-", "−")
    return words


def _draw(conclusions: "Conclusions", width: Width, truth: bool = False) -> "Figure":
    found = chosen(conclusions)
    with styled():
        height = 7.6 if width == "single" else 9.0
        figure = new_figure(width, height, any(each.simulated for each in _runs(conclusions)))
        axes = figure.subplots()
        reach = 1.12 * max(row.density for each in found for row in each.rows if not row.censored)
        for each in found:
            _draw_result(axes, each, reach, truth)
        axes.set_xlim(0, reach * MICRO_AMPERE_CM2)
        # A band of few points is wide; the axes are for the points.
        highest = max(row.time**-0.5 for each in found for row in each.rows if not row.censored)
        axes.set_ylim(0, 1.18 * highest * PER_ROOT_HOUR)
        axes.set_xlabel(r"$i$ / µA cm$^{-2}$")
        axes.set_ylabel(r"$t_0^{-1/2}$ / h$^{-1/2}$")
        axes.minorticks_on()
        # Lines rise from the origin, so that the upper left corner is free.
        axes.legend(
            loc="upper left",
            title=r"$D$ / 10$^{-11}$ cm² s$^{-1}$ (95 %), and its $\Delta c$",
            title_fontsize=7,
            alignment="left",
        )
    return figure


def _draw_result(axes: "Axes", result: "SandResult", reach: float, truth: bool) -> None:
    colour = METAL_COLOUR.get(result.metal, ORANGE)
    marker = METAL_MARKER.get(result.metal, "o")
    grid = np.linspace(0.0, reach, 120)
    x = grid * MICRO_AMPERE_CM2
    best, other = _line(result), result.by_threshold
    assert best is not None
    low, high = (edge * PER_ROOT_HOUR for edge in best.band(grid))
    axes.fill_between(x, low, high, color=colour, alpha=0.13, linewidth=0)
    axes.plot(x, best.at(grid) * PER_ROOT_HOUR, color=colour, gid=f"line-{result.metal}")
    if other is not None and other is not best:
        axes.plot(x, other.at(grid) * PER_ROOT_HOUR, color=colour, linewidth=0.7, dashes=(3, 2))
    if truth and result.true is not None:
        axes.plot(x, result.true.at(grid) * PER_ROOT_HOUR, color=BLACK, linewidth=0.7, linestyle=":")
    rows = [row for row in result.rows if not row.censored]
    _points(axes, rows, marker, colour, "white", "")
    gone = [row for row in rows if row.vanishing is not None]
    _points(axes, gone, marker, colour, colour, _legend(result, best))


def _points(axes: "Axes", rows: Sequence, marker: str, colour: str, face: str, label: str) -> None:
    """Draw t₀ with its error: that by vanishing contact filled, that by the threshold open."""
    filled = face != "white"
    if not rows:
        return
    time = np.array([row.vanishing if filled else row.time for row in rows], dtype=float)
    error = np.array([(row.vanishing_error if filled else row.error) or 0.0 for row in rows], dtype=float)
    y = time**-0.5 * PER_ROOT_HOUR
    axes.errorbar(
        [row.density * MICRO_AMPERE_CM2 for row in rows],
        y,
        yerr=y * error / time / 2,
        fmt=marker,
        color=colour,
        markerfacecolor=face,
        elinewidth=0.7,
        label=label or "_",
        gid="points" if filled else "threshold-points",
        zorder=3 if filled else 2.5,
    )


def _legend(result: "SandResult", line: "SandLine") -> str:
    words = diffusion(line.diffusion, line.low, line.high).replace(" × 10⁻¹¹ cm² s⁻¹", "")
    return f"{METAL_NAME.get(result.metal, result.metal)}: {words}, {DROPS[result.drop_name]}"


KINDS = (
    FigureKind(
        "sand",
        "5c",
        "Sand plot: t₀^(−1/2) over current density, with D, its interval and the drop in concentration",
        "strippings until depletion at two current densities or more",
        _caption,
        _missing,
        _draw,
        lambda conclusions, width: _draw(conclusions, width, truth=True),
    ),
)
"""Figures of t₀ over the current."""
