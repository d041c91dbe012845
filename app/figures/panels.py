"""Curves in panels: what most figures are made of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.figures.kind import Width
from app.figures.style import new_figure, styled, tag
from core.records import Floats

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

MOST_POINTS = 400
"""Of a curve: more make a file large and a figure no better."""

SHORT = 60.0
"""A logarithmic axis with a smaller ratio of its ends has numbers between the powers of ten, too."""

MARKS = 9
"""Symbols along a curve."""


@dataclass(frozen=True, eq=False)
class Trace:
    """A curve of one run.

    Attributes
    ----------
    run : int
    x, y : ndarray, shape (n,)
        In the units of the axes.
    label : str
        What the legend calls it; curves of the same label share an entry. Empty for none.
    colour : str
    marker : str
        As matplotlib names it; empty for a line without symbols.
    dash : str
        As matplotlib names it; empty for symbols without a line.
    """

    run: int
    x: Floats
    y: Floats
    label: str
    colour: str
    marker: str = ""
    dash: str = "-"


@dataclass(frozen=True, eq=False)
class Panel:
    """Axes with curves.

    Attributes
    ----------
    tag : str
        What is written above its corner.
    x_label, y_label : str
    traces : tuple of Trace
    log : bool
        Whether y is logarithmic.
    x_range, y_range : tuple of float or None
        Where the axes begin and end; None where the data say so.
    rule : float or None
        Where a thin line goes across, e.g. the threshold.
    """

    tag: str
    x_label: str
    y_label: str
    traces: tuple[Trace, ...]
    log: bool = False
    x_range: tuple[float | None, float | None] = (None, None)
    y_range: tuple[float | None, float | None] = (None, None)
    rule: float | None = None


def thinned(x: Floats, y: Floats, most: int = MOST_POINTS) -> tuple[Floats, Floats]:
    """Return at most so many points of a curve: its ends, and the lowest and highest of every stretch."""
    known = np.isfinite(x) & np.isfinite(y)
    x, y = np.asarray(x, dtype=float)[known], np.asarray(y, dtype=float)[known]
    if len(x) <= most:
        return x, y
    kept = {0, len(x) - 1}
    for stretch in np.array_split(np.arange(1, len(x) - 1), (most - 2) // 2):
        kept |= {int(stretch[np.argmin(y[stretch])]), int(stretch[np.argmax(y[stretch])])}
    places = sorted(kept)
    return x[places], y[places]


def drawn_panels(
    panels: Sequence[Panel], width: Width, simulated: bool, columns: int | None = None, share_y: bool = False
) -> "Figure":
    """Return a figure of panels: beside each other over two columns, below each other in one.

    Parameters
    ----------
    panels : sequence of Panel
    width : {"single", "double"}
    simulated : bool
    columns : int, optional
        How many panels stand beside each other in a figure of two columns; all of them by default.
    share_y : bool
        Whether panels beside each other have the same y axis.
    """
    across = 1 if width == "single" else min(columns or len(panels), len(panels))
    down = -(-len(panels) // across)
    height = {1: 6.4, 2: 10.0, 3: 13.6}.get(down, 4.2 * down + 1.2)
    if width == "double":
        height = (6.6 if len(panels) > 1 else 8.5) if down == 1 else 5.4 * down + 1.0
    with styled():
        figure = new_figure(width, height, simulated)
        grid = figure.subplots(down, across, squeeze=False, sharey="row" if share_y else False)
        for axes, panel in zip(grid.flat, panels, strict=False):
            _fill(axes, panel)
        for spare in grid.flat[len(panels) :]:
            spare.set_visible(False)
        for left in grid[:, 1:].flat if share_y else ():
            left.set_ylabel("")
        for row in range(down - 1):
            for column in range(across):
                below = (row + 1) * across + column
                if below < len(panels) and panels[below].x_label == panels[row * across + column].x_label:
                    grid[row, column].set_xlabel("")
        figure.align_ylabels()
        legend(figure, width)
    return figure


def _fill(axes: "Axes", panel: Panel) -> None:
    for place, trace in enumerate(panel.traces):
        x, y = thinned(trace.x, trace.y)
        every = max(1, len(x) // MARKS)
        line = axes.plot(
            x,
            y,
            label=trace.label or "_",
            color=trace.colour,
            linestyle=trace.dash or "none",
            marker=trace.marker or "none",
            markevery=(place * every // 3 % every, every) if trace.dash else None,
            markerfacecolor="white" if trace.dash else trace.colour,
        )[0]
        line.set_gid(f"run-{trace.run}")
    if panel.rule is not None:
        axes.axhline(panel.rule, color="#6b6b6b", linewidth=0.6, linestyle=(0, (4, 3)), zorder=0.5)
    if panel.log:
        axes.set_yscale("log")
        plain_numbers(axes.yaxis)
    axes.set_xlabel(panel.x_label)
    axes.set_ylabel(panel.y_label)
    axes.set_xlim(*panel.x_range)
    axes.set_ylim(*panel.y_range)
    if panel.tag:
        tag(axes, panel.tag)
    if not panel.log:
        axes.minorticks_on()


def plain_numbers(axis: "Axis") -> None:
    """Write 0.1, 1 and 10 at a logarithmic axis instead of powers, and 2 and 5 as well where it is short."""
    from matplotlib.ticker import FuncFormatter

    low, high = axis.get_view_interval()
    short = high / low < SHORT

    def between(number: float, _: int | None) -> str:
        return f"{number:g}" if short and f"{number:e}"[0] in "25" else ""

    axis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:g}"))
    axis.set_minor_formatter(FuncFormatter(between))


def legend(figure: "Figure", width: Width) -> None:
    """Put one legend above all panels, where it covers no data; the same label stands in it once."""
    entries: dict[str, Artist] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    if not entries:
        return
    longest = max(len(re.sub(r"[${}_^]|\\mathrm", "", label)) for label in entries)
    fitting = max(1, int((66 if width == "single" else 165) / (longest + 7)))
    figure.legend(
        list(entries.values()), list(entries), loc="outside upper center", ncols=min(fitting, len(entries))
    )
