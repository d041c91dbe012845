"""Activation energies from resistances at several temperatures, with an honest interval."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from analysis.normalise import BOLTZMANN_EV
from core.errors import BadInput
from core.records import Floats

CONFIDENCE = 0.95

Source = Literal["scatter", "errors", "nothing"]


@dataclass(frozen=True)
class Arrhenius:
    """A straight line through ln(T/R) against 1/kT.

    Attributes
    ----------
    energy : float
        E_A in eV, the negative slope.
    stderr : float
        Its standard error in eV; nan where there are two points and nothing is known of their errors.
    low, high : float
        95 % interval in eV; infinite where `stderr` is nan.
    intercept : float
        Of the line, ln(K/Ω) with R in Ω.
    source : str
        What the interval rests on: ``"scatter"`` of the points about the line, ``"errors"`` that came
        with them, or ``"nothing"``.
    points : int
    """

    energy: float
    stderr: float
    low: float
    high: float
    intercept: float
    source: Source
    points: int

    def resistance(self, temperature: float) -> float:
        """Return R in the line's unit at a temperature in K."""
        return temperature / math.exp(self.intercept - self.energy / (BOLTZMANN_EV * temperature))


def arrhenius(
    temperature: Floats,
    resistance: Floats,
    stderr: Floats | None = None,
    temperature_stderr: float = 0.0,
) -> Arrhenius:
    """Return the activation energy of a conductance by least squares.

    σT ∝ exp(−E_A/kT), so ln(T/R) falls on a straight line over 1/kT with slope −E_A. All points weigh
    the same. The scatter about the line gives a standard error with n − 2 degrees of freedom, and
    Student's t an interval; the errors of the points give another by propagation. The wider
    interval is reported. Two points scatter about no line, so there only the points' own errors count.

    Parameters
    ----------
    temperature : ndarray, shape (n,)
        K, at least two different ones.
    resistance : ndarray, shape (n,)
        Ω, positive.
    stderr : ndarray, shape (n,), optional
        Standard errors of `resistance`; nan where not known.
    temperature_stderr : float
        Of each temperature, independent of the others, in K.

    Raises
    ------
    BadInput
        For less than two temperatures, or values that are not positive and finite.
    """
    kelvin, ohm = np.asarray(temperature, dtype=float), np.asarray(resistance, dtype=float)
    if kelvin.shape != ohm.shape or kelvin.ndim != 1 or len(np.unique(kelvin)) < 2:
        raise BadInput(
            f"{len(np.unique(kelvin))} temperatures give no activation energy;", "measure at two at least."
        )
    if not (np.all(np.isfinite(ohm) & (ohm > 0)) and np.all(np.isfinite(kelvin) & (kelvin > 0))):
        raise BadInput("a resistance or temperature is not positive;", "leave out what was not measured.")
    x, y = 1 / (BOLTZMANN_EV * kelvin), np.log(kelvin / ohm)
    lever = x - x.mean()
    spread = float(lever @ lever)
    slope = float(lever @ y) / spread
    intercept = float(y.mean() - slope * x.mean())
    propagated = _propagated(lever / spread, kelvin, ohm, stderr, temperature_stderr, -slope)
    half, error = float(stats.norm.ppf((1 + CONFIDENCE) / 2)) * propagated, propagated
    source: Source = "errors"
    freedom = len(x) - 2
    if freedom > 0:
        rest = y - intercept - slope * x
        scatter = math.sqrt(float(rest @ rest) / freedom / spread)
        wide = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * scatter
        if not half > wide:
            half, error, source = wide, scatter, "scatter"
    elif math.isnan(propagated):
        half, source = math.inf, "nothing"
    return Arrhenius(-slope, error, -slope - half, -slope + half, intercept, source, len(x))


def _propagated(
    weight: Floats, kelvin: Floats, ohm: Floats, stderr: Floats | None, kelvins: float, energy: float
) -> float:
    """Return the standard error in eV that the errors of the points make; nan if those of R are unknown."""
    if stderr is None:
        return math.nan
    relative = np.asarray(stderr, dtype=float) / ohm
    # d ln(T/R) on the line for an error of T: the point lies where another temperature belongs.
    of_temperature = (1 / kelvin - energy / (BOLTZMANN_EV * kelvin**2)) * kelvins
    return math.sqrt(float(weight**2 @ (relative**2 + of_temperature**2)))
