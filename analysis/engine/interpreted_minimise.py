"""Damped least squares (Marquardt 1963) for many spectra of one circuit, in numpy.

The same steps as `analysis.engine.compiled`, for a machine without a compiler and for the first
seconds of a fresh installation; slower, but with the same minima.
"""

import numpy as np

from analysis.engine.interpreted import evaluate
from analysis.engine.program import Integers, Program
from analysis.engine.settings import (
    GENTLEST,
    HUBER,
    LONGEST_STEP,
    MOST_STEPS,
    SMALLEST_VARIANCE,
    STIFFEST,
    TOLERANCE,
)
from core.records import Bools, Complexes, Floats


class _Spectrum:
    """One spectrum with its circuit and priors."""

    def __init__(
        self,
        program: Program,
        omega: Floats,
        impedance: Complexes,
        weight: Floats,
        delay: Floats | None,
        slope: Floats | None,
        rows: Floats,
        target: Floats,
    ) -> None:
        self.program, self.omega, self.impedance, self.weight = program, omega, impedance, weight
        self.delay, self.slope = delay, slope
        self.rows, self.target = rows, target


class _State:
    """Cost, residual and derivatives at one point."""

    def __init__(self, spectrum: _Spectrum, theta: Floats) -> None:
        impedance, derivative = evaluate(
            spectrum.program, spectrum.omega, theta, spectrum.delay, spectrum.slope
        )
        self.theta = theta
        self.residual = (spectrum.impedance - impedance) * spectrum.weight
        self.size = np.abs(self.residual)
        clipped = np.minimum(self.size, HUBER)
        self.far = spectrum.target - spectrum.rows @ theta
        self.cost = float(np.sum(clipped * (self.size - 0.5 * clipped)) + 0.5 * (self.far @ self.far))
        self.jacobian = np.ascontiguousarray(derivative * spectrum.weight).view(float)

    def gradient(self, spectrum: _Spectrum) -> Floats:
        return np.asarray(
            (self.jacobian * self._share()) @ self.residual.view(float) + spectrum.rows.T @ self.far
        )

    def curvature(self, spectrum: _Spectrum) -> Floats:
        data = (self.jacobian * self._share()) @ self.jacobian.T
        return np.asarray(data + spectrum.rows.T @ spectrum.rows)

    def _share(self) -> Floats:
        return np.repeat(np.minimum(1.0, HUBER / np.maximum(self.size, 1e-300)), 2)


def _descend(spectrum: _Spectrum, start: Floats, moving: Integers) -> tuple[_State, Floats, bool]:
    """Return the last state, the parameters (a last small step further), and whether it is a minimum."""
    state, damping, evaluations = _State(spectrum, start), 1e-3, 1
    block = np.ix_(moving, moving)
    while np.isfinite(state.cost) and evaluations < MOST_STEPS:
        gradient, curvature = state.gradient(spectrum)[moving], state.curvature(spectrum)[block]
        while evaluations < MOST_STEPS:
            damped = curvature + damping * np.diag(curvature.diagonal())
            step = _solve(damped, gradient)
            if step is None:
                damping *= 10
                if damping > STIFFEST:
                    return state, state.theta, True
                continue
            promise = float(gradient @ step)
            longest = float(np.max(np.abs(step), initial=0.0))
            theta = state.theta.copy()
            theta[moving] += step * (min(1.0, LONGEST_STEP / longest) if longest > 0 else 1.0)
            if not promise > TOLERANCE:
                return state, theta if promise >= 0 and damping < 1 else state.theta, True
            trial = _State(spectrum, theta)
            evaluations += 1
            if trial.cost < state.cost:
                state, damping = trial, max(damping / 10, GENTLEST)
                break
            damping *= 10
            if damping > STIFFEST:
                return state, state.theta, True
    return state, state.theta, False


def _solve(matrix: Floats, right: Floats) -> Floats | None:
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(np.linalg.solve(factor.T, np.linalg.solve(factor, right)))


def _variance(size: Floats, parameters: int) -> float:
    """Return Huber's (1973) variance of residuals in the complex plane, in units of the assumed noise²."""
    clipped = np.minimum(size, HUBER)
    slope = np.mean(np.where(size <= HUBER, 1.0, 0.5 * HUBER / np.maximum(size, HUBER)))
    freedom = max(2 * len(size) - parameters, 1)
    return max(float(clipped @ clipped) / freedom / float(slope) ** 2, SMALLEST_VARIANCE)


def minimise_block(
    nodes: Integers,
    children: Integers,
    slot_parameter: Integers,
    slots: Floats,
    omega: Floats,
    count: Integers,
    z_re: Floats,
    z_im: Floats,
    weight: Floats,
    delay: Floats,
    slope: Floats,
    rows: Floats,
    target: Floats,
    start: Floats,
    free: Bools,
    theta: Floats,
    cost: Floats,
    converged: Bools,
    rms: Floats,
    variance: Floats,
    information: Floats,
    covariance: Floats,
    along: Floats,
) -> None:
    """Minimise one spectrum after the other, as `analysis.engine.compiled.minimise_block` does."""
    program = Program(nodes, children, slot_parameter, *slots)
    moving = np.flatnonzero(free)
    last = -1
    for number, n in enumerate(count):
        grid, times, drift = (min(number, len(array) - 1) for array in (omega, delay, slope))
        impedance = z_re[number, :n] + 1j * z_im[number, :n]
        drifts = bool(np.any(slope[drift] != 0))
        spectrum = _Spectrum(
            program,
            omega[grid, :n],
            impedance,
            weight[number, :n],
            delay[times, :n] if drifts else None,
            slope[drift] if drifts else None,
            rows,
            target[number],
        )
        first = start[number].copy()
        unknown = np.isnan(first)
        if last >= 0 and np.any(unknown):
            first[unknown] = theta[last][unknown]
        with np.errstate(all="ignore"):
            state, theta[number], converged[number] = _descend(spectrum, first, moving)
            cost[number] = state.cost if np.isfinite(state.cost) else np.nan
            last = number if converged[number] else last
            relative = state.size / (weight[number, :n] * np.abs(impedance))
            rms[number] = np.sqrt(np.mean(relative**2) / 2) if n else np.nan
            variance[number] = _variance(state.size, len(first)) if n else np.nan
            information[number] = state.jacobian @ state.jacobian.T
            covariance[number] = _inverse(information[number] / variance[number] + rows.T @ rows)
        if along.shape[1]:
            along[number] = _along_time(state, np.repeat(delay[times, :n], 2))


def _inverse(information: Floats) -> Floats:
    """Return the inverse of a positive definite matrix, scaled to a unit diagonal on the way; or nan."""
    diagonal = information.diagonal()
    if np.all(diagonal > 0):
        scale = 1 / np.sqrt(diagonal)
        inverse = _solve(information * np.outer(scale, scale), np.eye(len(scale)))
        if inverse is not None:
            return np.asarray(inverse * np.outer(scale, scale))
    return np.full_like(information, np.nan)


def _along_time(state: _State, delay: Floats) -> Floats:
    late = state.jacobian * delay
    right = late @ np.ascontiguousarray(state.residual).view(float)
    return np.hstack([state.jacobian @ late.T, late @ late.T, right[:, None]])
