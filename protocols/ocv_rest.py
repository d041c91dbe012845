"""The rest at open circuit before every experiment (Krauskopf et al. 2019, Experimental)."""

from core.cell import Cell
from core.records import Ended
from drivers.abilities import Abilities
from protocols.protocol import Protocol
from protocols.shared_parameters import RestParameters

LAST_MINUTES = 600.0
"""s at the end of the rest over which the open-circuit potential is averaged."""


class OcvRest(RestParameters, Protocol):
    """Rest at open circuit until E is stable, and record the open-circuit potential.

    No current flows. The cell does what it does by itself: contacts creep, concentrations even out.
    The rest ends when its least time is over and E moves slowly, or at its longest.
    """

    def execute(self) -> None:
        """Rest, and say what E came to."""
        stable = self.rest(self.rest_minimum * 60, self.rest_maximum * 60, self.rest_stability / 1e3 / 3600)
        over = min(LAST_MINUTES, self.rest_minimum * 60)
        voltage, scatter = self.potential.last(over)
        self.result(
            "OCV",
            f"{voltage * 1e3:.3f} ± {scatter * 1e3:.3f} mV over the last {over / 60:.3g} min, "
            f"{'stable' if stable else 'not stable yet'}",
            ocv_V=voltage,
            scatter_V=scatter,
            averaged_over_s=over,
            stable=stable,
        )
        if not stable:
            self.ends(Ended.NOT_REACHED, f"E was not stable after {self.rest_maximum:g} min")

    def plan(self, abilities: Abilities, cell: Cell) -> list[str]:
        """Say how it rests."""
        return [f"{self.plan_rest()}; no current"]

    def longest(self, abilities: Abilities, cell: Cell) -> float:
        """Return an upper bound of its duration in s."""
        return self.longest_rest
