"""What a kind of figure is: what it shows, what it needs, and how it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from app.conclusions import Conclusions

Width = Literal["single", "double"]
"""Of a column of a journal, or of both."""

WIDTHS: tuple[Width, ...] = ("single", "double")


@dataclass(frozen=True)
class FigureKind:
    """A figure that can be made of runs.

    Attributes
    ----------
    name : str
        As it is asked for, e.g. ``"sand"``.
    paper : str
        The numbers of the figure in Krauskopf et al. 2019, e.g. ``"5c"`` or ``"2d, 2e"``; empty
        if it has none.
    summary : str
        What it shows, in a line.
    needs : str
        Which data it needs, in a line.
    caption : callable
        Takes `Conclusions`; returns a caption that a paper could print.
    missing : callable
        Takes `Conclusions`; returns why the figure cannot be drawn and what to do about it, and an empty
        text if it can.
    draw : callable
        Takes `Conclusions` and a `Width`; returns a figure of matplotlib. Only to be called if
        nothing is missing.
    draw_truth : callable, optional
        Like `draw`, with what the simulated cells really were beside it; None if there is nothing to add.
    """

    name: str
    paper: str
    summary: str
    needs: str
    caption: "Callable[[Conclusions], str]"
    missing: "Callable[[Conclusions], str]"
    draw: "Callable[[Conclusions, Width], Figure]"
    draw_truth: "Callable[[Conclusions, Width], Figure] | None" = None

    @property
    def aliases(self) -> tuple[str, ...]:
        """Its names by the numbers of the paper, e.g. ``("fig2d", "fig2e")``; empty if it has none."""
        return tuple(f"fig{number}" for number in self.paper.split(", ") if number)
