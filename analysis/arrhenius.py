"""Activation energies from what was measured at several temperatures, with an honest interval."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.normalise import BOLTZMANN_EV, ROOM_TEMPERATURE
from analysis.straight_line import Source, straight_line
from core.errors import BadInput
from core.records import Floats

REPEATED = 2.0
"""K; temperatures closer than this are one that was gone to again."""


@dataclass(frozen=True)
class Arrhenius:
    """A straight line through ln(T/R), or through ln D, against 1/kT.

    Attributes
    ----------
    energy : float
        E_A in eV, the negative slope.
    stderr : float
        Its standard error in eV; nan where there are two points and nothing is known of their errors.
    low, high : float
        95 % interval in eV; infinite where `stderr` is nan.
    intercept : float
        Of the line: ln(K/Ω) with R in Ω, or ln(m²/s).
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
        """Return R in the line's unit at a temperature in K, of a line through ln(T/R)."""
        return temperature / math.exp(self.intercept - self.energy / (BOLTZMANN_EV * temperature))

    def diffusion(self, temperature: float = ROOM_TEMPERATURE) -> float:
        """Return D in m²/s at a temperature in K, of a line through ln D."""
        return math.exp(self.intercept - self.energy / (BOLTZMANN_EV * temperature))


def arrhenius(
    temperature: Floats,
    resistance: Floats,
    stderr: Floats | None = None,
    temperature_stderr: float = 0.0,
    thermometer_stderr: float = 0.0,
) -> Arrhenius:
    """Return the activation energy of a conductance by least squares.

    σT ∝ exp(−E_A/kT), so ln(T/R) falls on a straight line over 1/kT with slope −E_A (the form of Eq. 3 of
    Krauskopf et al. 2019, with E_A in eV and the Boltzmann constant). How points are weighed and where
    the interval comes from is told in `analysis.straight_line`. Two points scatter about no line, so there
    only the points' own errors count.

    Parameters
    ----------
    temperature : ndarray, shape (n,)
        K, at least two different ones.
    resistance : ndarray, shape (n,)
        Ω, positive.
    stderr : ndarray, shape (n,), optional
        Standard errors of `resistance`; nan where not known.
    temperature_stderr : float
        Of each temperature, independent of the others, in K. Points at one temperature share it.
    thermometer_stderr : float
        Of all temperatures together, in K.

    Raises
    ------
    BadInput
        For less than two temperatures, or values that are not positive and finite.
    """
    kelvin, ohm = _checked(temperature, resistance, "resistance")
    relative = None if stderr is None else np.asarray(stderr, dtype=float) / ohm
    return _line(kelvin, np.log(kelvin / ohm), relative, (temperature_stderr, thermometer_stderr), 1.0)


def arrhenius_of_diffusion(
    temperature: Floats,
    diffusion: Floats,
    stderr: Floats | None = None,
    temperature_stderr: float = 0.0,
    thermometer_stderr: float = 0.0,
) -> Arrhenius:
    """Return the activation energy of a diffusion coefficient by least squares.

    D = D₀ exp(−E_A/kT), Eq. 2 of Krauskopf et al. 2019: ln D over 1/kT, without a factor of T. Errors,
    weights and interval are those of `arrhenius`.

    Parameters
    ----------
    temperature : ndarray, shape (n,)
        K, at least two different ones.
    diffusion : ndarray, shape (n,)
        m²/s, positive.
    stderr : ndarray, shape (n,), optional
        Standard errors of `diffusion`.
    temperature_stderr, thermometer_stderr : float
        K, of each and of all together.

    Raises
    ------
    BadInput
        For less than two temperatures, or values that are not positive and finite.
    """
    kelvin, found = _checked(temperature, diffusion, "diffusion coefficient")
    relative = None if stderr is None else np.asarray(stderr, dtype=float) / found
    return _line(kelvin, np.log(found), relative, (temperature_stderr, thermometer_stderr), 0.0)


def _checked(temperature: Floats, value: Floats, what: str) -> tuple[Floats, Floats]:
    kelvin, found = np.asarray(temperature, dtype=float), np.asarray(value, dtype=float)
    if kelvin.shape != found.shape or kelvin.ndim != 1 or len(np.unique(kelvin)) < 2:
        raise BadInput(
            f"{len(np.unique(kelvin))} temperatures give no activation energy;", "measure at two at least."
        )
    if not (np.all(np.isfinite(found) & (found > 0)) and np.all(np.isfinite(kelvin) & (kelvin > 0))):
        raise BadInput(f"a {what} or temperature is not positive;", "leave out what was not measured.")
    return kelvin, found


def _line(
    kelvin: Floats, y: Floats, relative: Floats | None, kelvins: tuple[float, float], power: float
) -> Arrhenius:
    """Return the line through y over 1/kT; `power` is that of T within y."""
    x = 1 / (BOLTZMANN_EV * kelvin)
    rough = -straight_line(x, y).slope
    # dy on the line for an error of 1 K: the point lies where another temperature belongs.
    of_a_kelvin = power / kelvin - rough / (BOLTZMANN_EV * kelvin**2)
    lever = x - x.mean()
    common = abs(float(lever @ of_a_kelvin) / float(lever @ lever)) * kelvins[1]
    each = of_a_kelvin * kelvins[0]
    error = None if relative is None else np.hypot(relative, each)
    if len(x) > 2 and _levels(kelvin) == 2:
        # What repeats at one temperature share does not show in their scatter.
        common = math.hypot(common, math.sqrt(2 * float(np.mean(each**2))) / float(np.ptp(x)))
    line = straight_line(x, y, error, common)
    return Arrhenius(
        -line.slope, line.stderr, -line.high, -line.low, line.intercept, line.source, line.points
    )


def _levels(kelvin: Floats) -> int:
    """Return how many temperatures there are, repeats counted once."""
    return 1 + int(np.sum(np.diff(np.sort(kelvin)) > REPEATED))
