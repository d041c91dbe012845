"""How figures look: the widths of a journal's columns, its small type, colours that all eyes tell apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.figures.kind import Width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCH = 2.54
"""Centimetres."""

WIDTH_CM: dict[Width, float] = {"single": 8.5, "double": 17.5}

BLACK, GREY = "#000000", "#6b6b6b"
BLUE, GREEN, ORANGE, VERMILLION = "#0072B2", "#009E73", "#E69F00", "#D55E00"
PURPLE, SKY = "#CC79A7", "#56B4E9"
"""The colours of Okabe and Ito."""

ORDERED = (BLUE, GREEN, ORANGE, VERMILLION, PURPLE, SKY, BLACK)
"""Colours of conditions in their order: cold to hot, small to large."""

METAL_COLOUR = {"Li": BLUE, "Li0.95Mg0.05": GREEN, "Li0.9Mg0.1": VERMILLION}
METAL_MARKER = {"Li": "o", "Li0.95Mg0.05": "^", "Li0.9Mg0.1": "s"}
METAL_NAME = {
    "Li": "Li",
    "Li0.95Mg0.05": r"Li$_{0.95}$Mg$_{0.05}$",
    "Li0.9Mg0.1": r"Li$_{0.9}$Mg$_{0.1}$",
}
METALS = tuple(METAL_NAME)
"""The metals in the order in which figures name them."""

MARK = "SIMULATED"

SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    # It comes with matplotlib, so that a figure looks the same wherever it is made.
    "font.sans-serif": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": 7.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "axes.linewidth": 0.6,
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": True,
    "axes.axisbelow": False,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.45,
    "ytick.minor.width": 0.45,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.minor.size": 1.6,
    "ytick.minor.size": 1.6,
    "lines.linewidth": 1.0,
    "lines.markersize": 3.4,
    "lines.markeredgewidth": 0.7,
    "errorbar.capsize": 1.8,
    "legend.frameon": False,
    "legend.handlelength": 1.7,
    "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.3,
    "legend.labelspacing": 0.35,
    "legend.borderaxespad": 0.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "stripbench",
    "pdf.fonttype": 42,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw and write with the settings of these figures, and leave those of others as they were."""
    from matplotlib import rc_context
    from matplotlib.style import context

    with context("default"), rc_context(SETTINGS):
        yield


def new_figure(width: Width, height_cm: float, simulated: bool) -> "Figure":
    """Return an empty figure, with its mark if a run was simulated; to be called within `styled`.

    Parameters
    ----------
    width : {"single", "double"}
    height_cm : float
    simulated : bool
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_CM[width] / INCH, height_cm / INCH), layout="constrained")
    engine = figure.get_layout_engine()
    assert engine is not None
    foot = 0.32 / height_cm if simulated else 0.0
    engine.set(w_pad=0.04, h_pad=0.04, wspace=0.03, hspace=0.03, rect=(0, foot, 1, 1 - foot))  # type: ignore[call-arg]
    if simulated:
        figure.text(
            0.995, 0.06 / height_cm, MARK, ha="right", va="bottom", fontsize=5.5, color=GREY, gid="mark"
        )
    return figure


def tag(axes: "Axes", text: str) -> None:
    """Write what a panel is above its upper left corner, where it can cover nothing."""
    axes.annotate(
        text,
        (0, 1),
        xytext=(0, 3),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="left",
        va="bottom",
        fontsize=8,
    )


def colour_of(place: int) -> str:
    """Return the colour of the condition at a place in the order of conditions."""
    return ORDERED[place % len(ORDERED)]
