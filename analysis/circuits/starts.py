"""Where the fit of any circuit can start without a guess.

Elements in series are scanned (`analysis.circuits.scan`). Circuits with parallel branches are tried
at many quasi-random sets of parameters (Sobol, always the same) that suit the impedance at
frequencies within the band. Either way the most promising are led downhill for a few steps, and
those that end in different places are returned.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from analysis.circuits.compilation import NEAREST
from analysis.circuits.model import Circuit
from analysis.circuits.network import Kind
from analysis.circuits.scan import scan
from analysis.circuits.slots import Scale, Unit
from analysis.engine.interpreted import evaluate
from analysis.engine.many import impedances
from analysis.normalise import ROOM_TEMPERATURE
from analysis.priors import Priors
from core.records import Complexes, Floats

MOST_POINTS = 40
"""A search needs no more points than this; they are taken evenly."""

TRIES = 1024
LED_DOWN = 24
FIRST_STEPS = 7
KEPT = 8
STEPS = 12
SMALL_GAIN = 1e-3
NOISE = 0.004
"""Relative noise that is assumed while nothing is known: it weighs data against priors."""

APART = 0.7
"""Starts closer than this in every parameter that is compared are one."""

LONGEST_STEP = 2.0
MOST = 6
SIMILAR = 100.0
"""Starts whose cost is this many times the best one's are not worth trying."""


def starts(
    circuit: Circuit,
    frequency: Floats,
    impedance: Complexes,
    weight: Floats,
    temperature: float = ROOM_TEMPERATURE,
) -> list[Floats]:
    """Return starting points for the fit, the most promising first.

    Parameters
    ----------
    circuit : Circuit
    frequency : ndarray, shape (n,)
        Hz, positive.
    impedance : ndarray of complex, shape (n,)
        Ω, not zero.
    weight : ndarray, shape (n,)
        1/Ω: residuals are multiplied with it; only its shape matters.
    temperature : float
        Of the cell, K.

    Returns
    -------
    list of ndarray, shape (p,)
        At most six, in different basins as far as could be seen; at least one.
    """
    chosen = np.unique(np.linspace(0, len(frequency) - 1, MOST_POINTS).round().astype(int))
    omega, z = 2 * np.pi * frequency[chosen], impedance[chosen]
    size = weight[chosen] / float(np.median(weight * np.abs(impedance))) / NOISE
    scale = float(np.median(np.abs(impedance)))
    priors = circuit.priors(scale, temperature, (float(frequency.min()), float(frequency.max())))
    descent = _Descent(circuit, omega, z, size, priors)
    with np.errstate(all="ignore"):
        if np.any(circuit.program.nodes[:, 0] == Kind.PARALLEL):
            candidates = _scattered(circuit, omega, z)
            candidates = candidates[_distinct(candidates, LED_DOWN)]
            tried = sorted((descent(theta, FIRST_STEPS) for theta in candidates), key=_cost)
            candidates = np.array([theta for _, theta in tried[:KEPT]])
        else:
            candidates = _theta(circuit, scan(circuit, omega, z, size, priors))
            candidates = candidates[_distinct(candidates, KEPT, _times(circuit))]
        found = sorted((descent(theta, STEPS) for theta in candidates), key=_cost)
    theta = circuit.with_order(np.array([one for _, one in found]))
    near = [row for row in _distinct(theta, MOST) if found[row][0] <= SIMILAR * max(found[0][0], 1.0)]
    return [theta[row] for row in near or [0]]


def _cost(found: tuple[float, Floats]) -> float:
    return found[0]


def _times(circuit: Circuit) -> list[int]:
    """Return where the time constants are in θ."""
    return [
        place for place, name in enumerate(circuit.free) if name.startswith("ln tau") or name.endswith("_tau")
    ]


def _theta(circuit: Circuit, slots: Floats) -> Floats:
    """Return θ that gives these slots; of slots that are tied, the one they are tied to counts."""
    law = circuit.law
    theta = np.zeros((len(slots), len(circuit.free)))
    flat = [slot for own in circuit.slots for slot in own]
    for number, slot in enumerate(flat):
        at = law.parameter[number]
        if at < 0 or slot.follows:
            continue
        value = slots[:, number]
        low, width = law.low[number], law.high[number] - law.low[number]
        if np.isfinite(low):
            share = np.clip((value - low) / width, 10 * NEAREST, 1 - 10 * NEAREST)
            theta[:, at] = np.log(share / (1 - share))
        else:
            theta[:, at] = (value - law.offset[number]) / law.factor[number]
    return theta


def _distinct(theta: Floats, most: int, columns: Sequence[int] = ()) -> list[int]:
    """Return the rows, first ones first, that differ from all before them in some (of these) parameters."""
    compared = theta[:, list(columns)] if columns else theta
    rows: list[int] = []
    for row, one in enumerate(compared):
        if len(rows) == most:
            break
        if np.all(np.isfinite(one)) and all(np.max(np.abs(one - compared[other])) > APART for other in rows):
            rows.append(row)
    return rows or [0]


@lru_cache(maxsize=32)
def _quasi_random(dimensions: int) -> Floats:
    from scipy.stats import qmc  # slow to load, and elements in series do without

    engine = qmc.Sobol(dimensions, scramble=True, seed=1)
    return np.asarray(engine.random(TRIES))


def _scattered(circuit: Circuit, omega: Floats, impedance: Complexes) -> Floats:
    """Return quasi-random parameters, shape (b, p), ranked by the shape of their spectra.

    Each element is given the size it needs to matter at some frequency of the band. Spectra are
    compared in ln Z, and all impedances of a set are then multiplied so that it fits best.
    """
    flat = [slot for own in circuit.slots for slot in own]
    share = _quasi_random(len(flat))
    order = np.argsort(omega)
    ln_omega, ln_z = np.log(omega[order]), np.log(np.abs(impedance[order]))
    slots = np.zeros((TRIES, len(flat)))
    exponent = np.zeros(TRIES)
    for number in range(len(flat) - 1, -1, -1):
        slot = flat[number]
        at = ln_omega[0] + share[:, number] * (ln_omega[-1] - ln_omega[0])
        size = np.interp(at, ln_omega, ln_z)
        if slot.held is not None:
            slots[:, number] = slot.held
        elif slot.scale is Scale.EXPONENT:
            slots[:, number] = max(slot.low, 0.5) + share[:, number] * (slot.high - max(slot.low, 0.5))
        elif slot.scale is Scale.LINEAR:
            most = max(float(impedance[order[-1]].imag), 0.0) + 0.1 * abs(impedance[order[-1]])
            slots[:, number] = share[:, number] ** 2 * most / omega.max()
        else:
            slots[:, number] = {
                Unit.OHM: ln_z.min() - 1 + share[:, number] * (ln_z.max() - ln_z.min() + 2),
                Unit.SECOND: -at,
                Unit.FARAD: -size - at,
                Unit.HENRY: size - at,
                Unit.CPE: -size - exponent * at,
                Unit.WARBURG: size + 0.5 * at,
            }[slot.unit]
        exponent = slots[:, number] if slot.scale is Scale.EXPONENT else exponent
    theta = _theta(circuit, slots)
    ratio = np.log(impedance / impedances(circuit.program, omega, theta))
    shift = np.mean(ratio.real, axis=1) if _is_scalable(circuit) else np.zeros(TRIES)
    cost = np.sum(np.abs(ratio - shift[:, None]) ** 2, axis=1)
    best = np.argsort(np.where(np.isfinite(cost), cost, np.inf), kind="stable")
    return _theta(circuit, _scaled(circuit, slots, shift))[best]


_POWERS = {Unit.OHM: 1, Unit.WARBURG: 1, Unit.HENRY: 1, Unit.FARAD: -1, Unit.CPE: -1}


def _is_scalable(circuit: Circuit) -> bool:
    """Return whether all impedances can be multiplied by the same number."""
    flat = [slot for own in circuit.slots for slot in own]
    return all(slot.held is None and not slot.bounded for slot in flat if slot.unit in _POWERS)


def _scaled(circuit: Circuit, slots: Floats, shift: Floats) -> Floats:
    result = slots.copy()
    for number, slot in enumerate(slot for own in circuit.slots for slot in own):
        if slot.scale is Scale.LINEAR:
            result[:, number] *= np.exp(shift)
        elif slot.unit in _POWERS:
            result[:, number] += _POWERS[slot.unit] * shift
    return result


class _Descent:
    """A few damped Gauss–Newton steps (Marquardt 1963) towards the nearest minimum."""

    def __init__(
        self, circuit: Circuit, omega: Floats, impedance: Complexes, weight: Floats, priors: Priors
    ) -> None:
        self._program, self._omega = circuit.program, omega
        self._impedance, self._weight, self._priors = impedance, weight, priors

    def __call__(self, theta: Floats, steps: int) -> tuple[float, Floats]:
        """Return cost and parameters after that many steps at most."""
        cost, jacobian, residual = self._state(theta)
        damping = 1e-2
        for _ in range(steps):
            if not np.isfinite(cost):
                return np.inf, theta
            curvature, gradient = jacobian @ jacobian.T, jacobian @ residual
            if not np.all(np.isfinite(curvature)):
                break
            step = np.linalg.solve(curvature + damping * np.diag(curvature.diagonal()), gradient)
            step *= min(1.0, LONGEST_STEP / max(float(np.max(np.abs(step))), LONGEST_STEP))
            trial = self._state(theta + step)
            if not trial[0] < cost:
                damping *= 10
                continue
            gain, damping = cost - trial[0], max(damping / 10, 1e-9)
            theta, (cost, jacobian, residual) = theta + step, trial
            if gain < SMALL_GAIN * cost:
                break
        return cost, theta

    def _state(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Return cost, derivatives and residuals of data and priors."""
        z, derivative = evaluate(self._program, self._omega, theta)
        residual = ((self._impedance - z) * self._weight).view(float)
        far = self._priors.residual(theta)
        jacobian = np.ascontiguousarray(derivative * self._weight).view(float)
        both = np.concatenate([jacobian, self._priors.rows.T], axis=1)
        return float(residual @ residual + far @ far), both, np.concatenate([residual, far])
