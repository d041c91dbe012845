"""Volumes that a foil is divided into, fine where the current leaves it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.records import Floats

CELLS = 160
"""Volumes of a foil; half as many change the time of depletion by less than 0.2 %."""

_STEEPEST = 30.0
"""Exponent of the strongest grading; its finest volume is 1e-11 of the foil."""

_GRADINGS = 3000


@dataclass(frozen=True, eq=False)
class Mesh:
    """The volumes of several foils at once.

    Attributes
    ----------
    width : ndarray, shape (b, n)
        m, from the far side to the interface, which lies at the end of the last one.
    """

    width: Floats

    @property
    def distance(self) -> Floats:
        """Between the centres of neighbours in m, shape (b, n − 1)."""
        between: Floats = (self.width[:, 1:] + self.width[:, :-1]) / 2
        return between

    @property
    def centre(self) -> Floats:
        """Of the volumes, in m from the far side, shape (b, n)."""
        return np.cumsum(self.width, axis=1) - self.width / 2

    def amount(self, content: Floats) -> Floats:
        """Return the integral of a content over the foil in mol/m², shape (b,)."""
        return np.asarray(np.sum(content * self.width, axis=1))

    def of(self, chosen: NDArray[np.intp]) -> "Mesh":
        """Return the meshes of some of the foils."""
        return Mesh(self.width[chosen])


def graded(thickness: float, finest: Floats, cells: int = CELLS) -> Mesh:
    """Divide foils into volumes whose widths grow from the interface on, as a hyperbolic sine does.

    Parameters
    ----------
    thickness : float
        m.
    finest : ndarray, shape (b,)
        Width in m of the volume at the interface; equal volumes where that is wider than these.
    cells : int
    """
    steepness = np.linspace(1e-3, _STEEPEST, _GRADINGS)
    first = np.log(np.sinh(steepness / cells) / np.sinh(steepness))
    wanted = np.log(np.asarray(finest, dtype=float) / thickness)
    grading = np.interp(wanted, first[::-1], steepness[::-1])[:, None]
    edge = np.sinh(grading * np.linspace(0.0, 1.0, cells + 1)) / np.sinh(grading)
    return Mesh(thickness * np.diff(edge, axis=1)[:, ::-1])
