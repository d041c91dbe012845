"""What a run asks of the person at the bench."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from core.cell import Cell


class Answer(StrEnum):
    """How a request came to its end."""

    HOLDS = "holds"
    ACKNOWLEDGED = "acknowledged"
    SKIPPED = "skipped"
    TIMED_OUT = "timed out"


@dataclass(frozen=True)
class Request:
    """Something only a hand can do.

    Attributes
    ----------
    kind : str
        ``"force"``: turn the screw until the gauge shows a force; ``"mount"``: put a cell in;
        ``"confirm"``: look, and say so.
    question : str
        In words, e.g. ``"tighten until 405.8 ± 10 N"``.
    options : tuple of str
        The answers that are understood.
    target, tolerance : float or None
        Of a force, in N.
    hold : float
        s for which the force has to stay within its tolerance.
    timeout : float
        Bench seconds after which nobody is waited for any more.
    cell : Cell or None
        What is to be mounted.
    working_electrode : str
        Which one it is, e.g. ``"WE 2 of 6 on this counter"``.
    """

    kind: Literal["force", "mount", "confirm"]
    question: str
    options: tuple[str, ...] = ("acknowledge", "skip")
    target: float | None = None
    tolerance: float | None = None
    hold: float = 0.0
    timeout: float = math.inf
    cell: Cell | None = None
    working_electrode: str = ""

    def met_by(self, force: float) -> bool:
        """Whether a force in N is what was asked for."""
        if self.target is None or self.tolerance is None:
            return False
        return abs(force - self.target) <= self.tolerance
