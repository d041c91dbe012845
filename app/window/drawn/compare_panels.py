"""A panel of the comparison: one quantity of several runs, with its table for export."""

from collections.abc import Sequence

from app.window.drawn.compare_plots import ComparePlot, Drawn
from app.window.drawn.plot import Array, Panel

MOST_ROWS = 20_000
"""Rows of a curve that are exported; longer ones are thinned to their envelope."""


class ComparePanel(Panel):
    """One plot of several runs.

    Parameters
    ----------
    title : str
    left, bottom : str
        Labels of the axes, in rich text.
    logarithmic : bool
    heading_x, heading_y : str
        Of the columns, with units.
    """

    def __init__(self, title: str, left: str, bottom: str, logarithmic: bool = False) -> None:
        self.plot = ComparePlot(left, bottom, logarithmic)
        super().__init__(title, [(self.plot, 1)])
        self._headings = ("x", "y")
        self._drawn: Sequence[Drawn] = ()

    def draw(self, drawn: Sequence[Drawn], heading_x: str, heading_y: str, words: str) -> None:
        """Draw these runs and no others.

        Parameters
        ----------
        drawn : sequence of Drawn
        heading_x, heading_y : str
            Of the columns that are exported, with units.
        words : str
            Why nothing is drawn, where nothing is.
        """
        self._drawn, self._headings = drawn, (heading_x, heading_y)
        self.plot.show_curves([each for each in drawn if len(each.trace)])
        self.plot.say("" if any(len(each.trace) for each in drawn) else words)

    def columns(self) -> dict[str, Array]:
        """Return the curves as they are drawn when all of them is in view, two columns a run."""
        made: dict[str, Array] = {}
        for each in self._drawn:
            x, y = each.trace.between(float("-inf"), float("inf"), MOST_ROWS)
            made[f"{self._headings[0]}, run {each.run}"] = x / each.per_x
            made[f"{self._headings[1]}, run {each.run}"] = y
        return made
