"""D of an alloy from its transition time and from the potential at rest that follows, together.

While a current depletes the interface, magnesium is enriched there; without current it spreads again, and
the potential −f (kT/e) ln(1 − x_s) falls. How soon the interface was depleted and how the potential falls
afterwards depend on the same D, but differently in the two frames: so the data can tell the frames apart.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq, least_squares

from analysis.composition import BOLTZMANN_V
from analysis.diffusion.depleting import STEPS, deplete, expected_depletion
from analysis.diffusion.material import Alloy
from analysis.diffusion.mesh import CELLS
from analysis.diffusion.volumes import advance, surface
from core.errors import BadInput
from core.records import Floats

Law = Literal["constant", "exponential"]

ACTIVITY = 0.925
"""f, which gives Li0.9Mg0.1 its 2.5 mV at 25 °C (Krauskopf et al. 2019); an ideal solution has 1."""

TIME_ERROR = 0.01
"""Least relative error of t₀: a threshold of R_int is reached a little before lithium is gone."""

POTENTIAL_ERROR = 0.3e-3
"""V, of a potential at rest: offset of the instrument, the counter electrode, and what f leaves out."""

_SPAN = math.log(1e3)
"""D is looked for within so much of ln D on either side of what t₀ alone gives."""

_STEPS = (1e-3, 1e-2)
"""Of ln D and of β, over which slopes are taken: wide enough for what the solver rounds."""

_CONVERGED = 1e-5
"""Relative change of the misfit, and of the parameters, at which the fit ends."""

_STEEPEST = 20.0
"""|β| that is tried at most."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """What was measured of one electrode.

    Attributes
    ----------
    density : float
        A/m², positive, constant until depletion.
    thickness : float
        Of the foil, m.
    temperature : float
        K.
    time, time_error : float
        t₀ and its standard error in s.
    since : ndarray, shape (n,)
        s without current, rising and positive.
    potential : ndarray, shape (n,)
        V against lithium.
    """

    density: float
    thickness: float
    temperature: float
    time: float
    time_error: float
    since: Floats
    potential: Floats


@dataclass(frozen=True, eq=False)
class RelaxationFit:
    """One model fitted to a `Relaxation`.

    Attributes
    ----------
    alloy : Alloy
        With the D that was found, and the frame.
    law : str
        ``"constant"`` or ``"exponential"``.
    diffusivity_error : float
        Standard error in m²/s, from the misfit where that is larger than the errors of the data.
    steepness_error : float
        Of β; nan for a constant D.
    time : float
        t₀ of the model in s.
    potential : ndarray, shape (n,)
        V, of the model.
    rms : float
        V, of the difference between the potentials.
    information : float
        AICc of both kinds of data together.
    diffusivity_by_time : float
        D in m²/s that t₀ alone gives, for the same β.
    potential_by_time : ndarray, shape (n,)
        V, what the model predicts with that.
    """

    alloy: Alloy
    law: Law
    diffusivity_error: float
    steepness_error: float
    time: float
    potential: Floats
    rms: float
    information: float
    diffusivity_by_time: float
    potential_by_time: Floats


def potential_of(share: Floats, temperature: float, activity: float = ACTIVITY) -> Floats:
    """Return the potential against lithium in V of alloys with shares x of magnesium, at a K."""
    return -activity * BOLTZMANN_V * temperature * np.log1p(-share)


def rest_after_depletion(
    alloy: Alloy,
    thickness: float,
    density: float,
    since: Floats,
    cells: int = CELLS,
    steps: int = STEPS,
) -> tuple[float, Floats]:
    """Deplete a foil at a constant current, then leave it.

    Parameters
    ----------
    thickness, density : float
        m and A/m².
    since : ndarray, shape (n,)
        s without current.
    cells, steps : int
        Volumes, and steps of each of the two parts.

    Returns
    -------
    time : float
        t₀ in s.
    share : ndarray, shape (n,)
        x of magnesium at the interface.
    """
    stripped = deplete(alloy, thickness, np.array([density]), cells, steps)
    content, none = stripped.content, np.zeros(1)
    root = np.linspace(0.0, math.sqrt(float(np.max(since))), steps + 1)
    seen = [alloy.limit]
    for step in np.diff(root**2):
        content = advance(alloy, stripped.mesh, content, np.array([step]), (none, none))
        seen.append(float(surface(alloy, stripped.mesh, content, none)[0]))
    share = alloy.share(np.array(seen))
    return float(stripped.time[0]), CubicSpline(root, share)(np.sqrt(since))


def fit_relaxation(
    alloy: Alloy, measured: Relaxation, law: Law = "constant", activity: float = ACTIVITY
) -> RelaxationFit:
    """Fit D, and β of an exponential law, to t₀ and to the potential at rest.

    Least squares of ln t₀ and of the potentials, each divided by its error; the errors are at
    least `TIME_ERROR` and `POTENTIAL_ERROR`. All potentials together weigh as much as t₀ does: they
    are one curve, and its points are not independent.

    Parameters
    ----------
    alloy : Alloy
        Its frame and composition count; its D is only kept where β needs a start.
    measured : Relaxation
    law : {"constant", "exponential"}
    activity : float
        f of `potential_of`.

    Raises
    ------
    BadInput
        If the data are fewer than five potentials, or no D within a factor of 1000 of what t₀ alone
        gives describes them.
    """
    if len(measured.since) < 5 or not np.all(np.isfinite(measured.potential)):
        raise BadInput(
            f"{len(measured.since)} potentials at rest are too few for a fit of D;", "five are needed."
        )
    model = _Model(alloy.with_diffusivity(alloy.diffusivity, 0.0), measured, activity)
    start = np.log([model.by_time(0.0)])
    low, high = start - _SPAN, start + _SPAN
    if law == "exponential":
        start = np.append(start, 0.0)
        low, high = np.append(low, -_STEEPEST), np.append(high, _STEEPEST)
    found = least_squares(
        model.residuals,
        start,
        model.slopes,
        bounds=(low, high),
        x_scale=np.array(_STEPS)[: len(start)] * 100,
        ftol=_CONVERGED,
        xtol=_CONVERGED,
    )
    if not found.success or np.any(found.x[:1] <= low[:1] + 1e-6) or np.any(found.x[:1] >= high[:1] - 1e-6):
        raise BadInput(
            f"no D describes t0 = {measured.time / 3600:.3g} h and the potential at rest together;",
            "look at the readings of the relaxation.",
        )
    return model.conclude(found.x, found.jac, law)


class _Model:
    """Predictions for one electrode."""

    def __init__(self, alloy: Alloy, measured: Relaxation, activity: float) -> None:
        self.alloy, self.measured, self.activity = alloy, measured, activity
        self.time_error = max(measured.time_error / measured.time, TIME_ERROR)

    def at(self, parameters: Floats) -> Alloy:
        steepness = float(parameters[1]) if len(parameters) > 1 else 0.0
        return self.alloy.with_diffusivity(math.exp(float(parameters[0])), steepness)

    def predicted(self, alloy: Alloy) -> tuple[float, Floats]:
        one = self.measured
        time, share = rest_after_depletion(alloy, one.thickness, one.density, one.since, 60, 60)
        return time, potential_of(share, one.temperature, self.activity)

    def residuals(self, parameters: Floats) -> Floats:
        time, potential = self.predicted(self.at(parameters))
        each = (potential - self.measured.potential) / POTENTIAL_ERROR
        of_time = math.log(time / self.measured.time) / self.time_error
        return np.append(each / math.sqrt(len(each)), of_time)

    def slopes(self, parameters: Floats) -> Floats:
        """Return the derivatives of the residuals, by central differences."""
        columns = []
        for number, step in enumerate(_STEPS[: len(parameters)]):
            shift = np.zeros(len(parameters))
            shift[number] = step
            ends = [self.residuals(parameters + sign * shift) for sign in (1, -1)]
            columns.append((ends[0] - ends[1]) / (2 * step))
        return np.column_stack(columns)

    def by_time(self, steepness: float) -> float:
        """Return D in m²/s that t₀ alone gives."""
        one = self.measured

        def excess(logarithm: float) -> float:
            alloy = self.alloy.with_diffusivity(math.exp(logarithm), steepness)
            time = deplete(alloy, one.thickness, np.array([one.density]), 60, 60).time
            return math.log(float(time[0]) / one.time)

        first = self._scale(steepness)
        try:
            return math.exp(float(brentq(excess, first - _SPAN, first + _SPAN, xtol=1e-6)))
        except ValueError:
            raise BadInput(
                f"no D depletes {one.thickness * 1e6:.3g} µm at {one.density * 1e2:.4g} µA/cm² after "
                f"{one.time / 3600:.3g} h: the charge is more than the foil can give;",
                "check the thickness of the foil and the area of the electrode.",
            ) from None

    def _scale(self, steepness: float) -> float:
        """The ln D about which to look: where the expected t₀ is the measured one, or near it."""
        one, trial = self.measured, np.linspace(math.log(1e-19), math.log(1e-10), 200)
        expected = [
            float(
                expected_depletion(
                    self.alloy.with_diffusivity(math.exp(each), steepness),
                    one.thickness,
                    np.array([one.density]),
                )[0]
            )
            for each in trial
        ]
        return float(trial[int(np.argmin(np.abs(np.log(np.array(expected) / one.time))))])

    def conclude(self, parameters: Floats, slopes: Floats, law: Law) -> RelaxationFit:
        alloy, one = self.at(parameters), self.measured
        time, potential = self.predicted(alloy)
        by_time = self.by_time(alloy.steepness)
        squares = float(np.sum(self.residuals(parameters) ** 2))
        count, free = len(one.since) + 1, len(parameters)
        # the mean of two means: of the squares of all potentials, and that of t0
        misfit = squares / 2
        errors = np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes)) * max(misfit, 1.0))
        return RelaxationFit(
            alloy,
            law,
            alloy.diffusivity * float(errors[0]),
            float(errors[1]) if free > 1 else math.nan,
            time,
            potential,
            float(np.sqrt(np.mean((potential - one.potential) ** 2))),
            count * math.log(misfit) + 2 * free + 2 * free * (free + 1) / (count - free - 1),
            by_time,
            self.predicted(alloy.with_diffusivity(by_time))[1],
        )
