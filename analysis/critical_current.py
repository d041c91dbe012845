"""The current density at which lithium grows through, and the charge until then."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.records import Floats


@dataclass(frozen=True)
class CriticalDensity:
    """A critical current density, as far as a ramp of steps tells it.

    Attributes
    ----------
    value : float or None
        The first current density at which the cell shorted; None where it did not, so that it is
        larger than `held`.
    held : float or None
        The highest one that did no harm in any of its half cycles; None if there is none.
    """

    value: float | None
    held: float | None

    @property
    def reached(self) -> bool:
        """Whether the cell shorted at all; False means censored."""
        return self.value is not None


def critical_density(
    density: Sequence[float], survived: Sequence[bool], shorted: Sequence[bool]
) -> CriticalDensity:
    """Judge the half cycles of a ramp.

    Parameters
    ----------
    density : sequence of float
        Of each half cycle, without sign.
    survived, shorted : sequence of bool
        Whether its whole charge passed, and whether it ended in a short circuit. Neither is the case
        where the cut-off came first: contact was lost, and no critical current density found.
    """
    rows = list(zip(density, survived, shorted, strict=True))
    failed = [each for each, whole, _ in rows if not whole]
    held = [each for each, whole, _ in rows if whole and (not failed or each < min(failed))]
    return CriticalDensity(
        min((each for each, _, short in rows if short), default=None), max(held, default=None)
    )


def cumulative_charge(charge: Floats) -> float:
    """Return the charge that has passed in both directions together, from a course of the charge.

    Parameters
    ----------
    charge : ndarray, shape (n,)
        In any unit, counted with its sign; values that are not finite are passed over.
    """
    known = np.asarray(charge, dtype=float)
    known = known[np.isfinite(known)]
    return float(np.sum(np.abs(np.diff(known))))
