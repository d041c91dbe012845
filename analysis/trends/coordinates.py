"""Coordinates in which the parabola of a single fit holds further from its minimum.

A bounded parameter (a CPE exponent) is fitted through a logit, which says ever less the nearer it comes
to its bound: fits that happen to lie there would count for nothing, and the mean of the others would be
wrong. So the exponent itself is smoothed.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.records import Floats

STEEPEST = 1e-3
"""Smallest slope of the parameter relative to its range; beyond it a fit has run against its bound."""

MARGIN = 1e-3
"""Smoothed parameters stay this share of their range away from their bounds."""


@dataclass(frozen=True, eq=False)
class Coordinates:
    """How the p fitted parameters are handled while they are smoothed.

    Attributes
    ----------
    low, high : ndarray, shape (p,)
        Where finite, the parameter stands for low + (high − low)/(1 + e^(−θ)), and that is smoothed.
    """

    low: Floats
    high: Floats

    @cached_property
    def bounded(self) -> np.ndarray:
        """Return the places of the bounded parameters."""
        return np.flatnonzero(np.isfinite(self.low) & np.isfinite(self.high))

    def inside(self, theta: Floats) -> Floats:
        """Return what is smoothed for θ, shape (…, p)."""
        result = np.array(theta, dtype=float)
        at = self.bounded
        low, high = self.low[at], self.high[at]
        result[..., at] = low + (high - low) / (1 + np.exp(-np.clip(result[..., at], -500, 500)))
        return result

    def theta(self, inside: Floats) -> Floats:
        """Return θ for what was smoothed, kept within the bounds."""
        result = np.array(inside, dtype=float)
        at = self.bounded
        share = (result[..., at] - self.low[at]) / (self.high[at] - self.low[at])
        share = np.clip(share, MARGIN, 1 - MARGIN)
        result[..., at] = np.log(share / (1 - share))
        return result

    def slope(self, theta: Floats) -> Floats:
        """Return d inside / dθ, shape (…, p)."""
        result = np.ones_like(theta)
        at = self.bounded
        share = 1 / (1 + np.exp(-np.clip(theta[..., at], -500, 500)))
        result[..., at] = (self.high[at] - self.low[at]) * np.maximum(share * (1 - share), STEEPEST)
        return result

    def parabola(self, theta: Floats, information: Floats, right: Floats) -> tuple[Floats, Floats]:
        """Return information and right-hand side of the same parabola at θ in these coordinates.

        Parameters
        ----------
        theta : ndarray, shape (…, p)
            Where the parabola was taken.
        information : ndarray, shape (…, p, p)
        right : ndarray, shape (…, p)
        """
        slope = self.slope(theta)
        gradient = (np.einsum("...ab,...b->...a", information, theta) - right) / slope
        moved = information / slope[..., :, None] / slope[..., None, :]
        return moved, np.einsum("...ab,...b->...a", moved, self.inside(theta)) - gradient
