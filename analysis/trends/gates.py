"""How far from what was expected a sweep may lie before something must have happened."""

import math
from functools import cache

GATE = 5.0
"""Standard deviations beyond which something happened."""

CHANCE = math.erfc(GATE / math.sqrt(2))
"""That chance alone goes beyond the gate."""


@cache
def gate(rank: int) -> float:
    """Return the sum of squares that `rank` normal numbers exceed as rarely as one exceeds the gate."""
    from scipy.special import chdtri  # slow to load, and not needed by all

    return float(chdtri(rank, CHANCE))
