"""What stack pressure does: R_int over pressure, the critical pressure, and how near to melting it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.straight_line import Source, straight_line
from core.errors import BadInput
from core.records import Floats

MELTING = {"Li": 453.65}
"""Melting temperatures in K. Li: CRC Handbook. The alloys melt over a range of temperatures, and no source
for where theirs begins is at hand, so they are not here."""


def homologous(metal: str, temperature: float) -> float | None:
    """Return T/T_m of a metal at a temperature in K; None where its melting temperature is not known."""
    melting = MELTING.get(metal)
    return None if melting is None else temperature / melting


@dataclass(frozen=True)
class PowerLaw:
    """R ∝ p^exponent.

    Attributes
    ----------
    exponent, stderr : float
    low, high : float
        95 % interval of the exponent.
    source : str
        What it rests on, as of `analysis.straight_line.StraightLine`.
    factor : float
        R at 1 Pa.
    points : int
    """

    exponent: float
    stderr: float
    low: float
    high: float
    source: Source
    factor: float
    points: int

    def resistance(self, pressure: float) -> float:
        """Return R at a pressure in Pa."""
        return self.factor * pressure**self.exponent


def power_law(
    pressure: Floats, resistance: Floats, stderr: Floats | None = None, pressure_stderr: float = 0.0
) -> PowerLaw:
    """Draw the straight line through ln R over ln p.

    What the gauge is wrong by is the same at every pressure: it moves all points together and bends the
    line, which no scatter shows, and it is added to the error of the exponent.

    Parameters
    ----------
    pressure : ndarray, shape (n,)
        Pa, positive, two different ones at least.
    resistance : ndarray, shape (n,)
        Positive, any unit.
    stderr : ndarray, shape (n,), optional
        Standard errors of `resistance`.
    pressure_stderr : float
        Of all pressures together, in Pa.

    Raises
    ------
    BadInput
        For fewer than two pressures, or values that are not positive.
    """
    p, r = np.asarray(pressure, dtype=float), np.asarray(resistance, dtype=float)
    if len(np.unique(p)) < 2 or p.shape != r.shape:
        raise BadInput(f"{len(np.unique(p))} pressures give no exponent;", "measure at two at least.")
    if not np.all(np.isfinite(p) & (p > 0) & np.isfinite(r) & (r > 0)):
        raise BadInput("a pressure or resistance is not positive;", "leave out what was not measured.")
    x, y = np.log(p), np.log(r)
    lever = x - x.mean()
    rough = float(lever @ y) / float(lever @ lever)
    common = abs(rough * float(lever @ (1 / p)) / float(lever @ lever)) * pressure_stderr
    line = straight_line(x, y, None if stderr is None else np.asarray(stderr, dtype=float) / r, common)
    return PowerLaw(
        line.slope, line.stderr, line.low, line.high, line.source, math.exp(line.intercept), line.points
    )


@dataclass(frozen=True)
class Bracket:
    """Between which pressures contact begins to be kept.

    Attributes
    ----------
    low, high : float or None
        Pa: the highest that lost the contact and the lowest that kept it; None where there is none.
    consistent : bool
        False where contact was lost at a higher pressure than one that kept it.
    """

    low: float | None
    high: float | None
    consistent: bool


def critical_pressure(pressure: Sequence[float], kept: Sequence[bool]) -> Bracket:
    """Return the bracket of the critical stack pressure.

    Parameters
    ----------
    pressure : sequence of float
        Pa.
    kept : sequence of bool
        Whether contact was kept there.
    """
    pairs = list(zip(pressure, kept, strict=True))
    low = max((each for each, held in pairs if not held), default=None)
    high = min((each for each, held in pairs if held), default=None)
    return Bracket(low, high, low is None or high is None or low < high)
