"""Damped least squares (Marquardt 1963) with modulus weights, priors and Huber's robust cost.

Works for any circuit that returns its impedance and the derivatives with respect to its
parameters. Everything is numpy on small arrays, so the same input gives the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from analysis.priors import Priors
from core.records import Bools, Complexes, Floats

HUBER = 2.5
"""Residuals beyond this many standard deviations count linearly instead of quadratically."""

LONGEST_STEP = 1.5
TOLERANCE = 1e-6
MOST_STEPS = 40
STIFFEST = 1e10
SMALLEST_VARIANCE = 1e-16
SMALLEST_EIGENVALUE = 1e-13


class Circuit(Protocol):
    """Something with an impedance and derivatives."""

    def evaluate(self, theta: Floats) -> tuple[Complexes, Complexes]:
        """Return Z, shape (n,), and dZ/dθ, shape (p, n)."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A spectrum to be fitted.

    Attributes
    ----------
    circuit : Circuit
    impedance : ndarray of complex, shape (n,)
        Ω, as measured.
    noise : float
        Standard deviation of Re Z and of Im Z relative to |Z| (modulus weighting).
    priors : Priors
    """

    circuit: Circuit
    impedance: Complexes
    noise: float
    priors: Priors


@dataclass(frozen=True, eq=False)
class Solution:
    """A minimum.

    Attributes
    ----------
    problem : Problem
    theta : ndarray, shape (p,)
    cost : float
        Robust cost of data and priors; half of χ² when nothing is an outlier.
    residual : ndarray of complex, shape (n,)
        Relative residuals, (Z measured − Z model)/|Z measured|.
    jacobian : ndarray, shape (p, 2n)
        Derivatives of the relative residuals (real and imaginary parts in turn), sign reversed.
    converged : bool
    """

    problem: Problem
    theta: Floats
    cost: float
    residual: Complexes
    jacobian: Floats
    converged: bool

    @cached_property
    def information(self) -> Floats:
        """What the data say about the parameters, per unit of relative variance, shape (p, p)."""
        return self.jacobian @ self.jacobian.T

    @cached_property
    def rms(self) -> float:
        """Root mean square of the relative residuals of Re Z and Im Z."""
        return float(np.sqrt(np.mean(np.abs(self.residual) ** 2) / 2))

    @cached_property
    def variance(self) -> float:
        """Variance of a relative residual that belongs to the covariance of a robust fit.

        Huber (1973) for residuals in the complex plane: the mean square of the clipped residuals,
        divided by the square of the mean slope of the clipping function.
        """
        noise = self.problem.noise
        size = np.abs(self.residual) / noise
        clipped = np.minimum(size, HUBER)
        slope = float(np.mean(np.where(size <= HUBER, 1.0, 0.5 * HUBER / np.maximum(size, HUBER))))
        freedom = max(2 * len(size) - len(self.theta), 1)
        return max(float(clipped @ clipped) / freedom / slope**2 * noise**2, SMALLEST_VARIANCE)

    @cached_property
    def covariance(self) -> Floats:
        """Covariance of all parameters, shape (p, p), data scaled by χ² per degree of freedom."""
        return inverse(self.information / self.variance + self.problem.priors.information)

    def stderr(self, parameter: int) -> float:
        """Return the standard error of one parameter."""
        return float(np.sqrt(self.covariance[parameter, parameter]))


class _State:
    """Cost, gradient and curvature at one point."""

    def __init__(self, problem: Problem, theta: Floats) -> None:
        impedance, derivative = problem.circuit.evaluate(theta)
        weight = 1 / (problem.noise * np.abs(problem.impedance))
        residual = (problem.impedance - impedance) * weight
        size = np.abs(residual)
        clipped = np.minimum(size, HUBER)
        far = problem.priors.residual(theta)
        self.theta = theta
        self.residual = residual
        self.cost = float(np.sum(clipped * (size - 0.5 * clipped)) + 0.5 * (far @ far))
        self.jacobian = (derivative * weight).view(float)
        share = np.repeat(clipped / np.maximum(size, 1e-300), 2)
        weighted = self.jacobian * share
        rows = problem.priors.rows
        self.gradient = weighted @ residual.view(float) + rows.T @ far
        self.curvature = weighted @ self.jacobian.T + problem.priors.information

    @property
    def usable(self) -> bool:
        return bool(np.isfinite(self.cost)) and bool(np.all(np.isfinite(self.curvature)))


def minimise(problem: Problem, start: Floats, free: Bools | None = None) -> Solution | None:
    """Return the minimum reached from `start`, or None if the model cannot be evaluated there.

    Parameters
    ----------
    problem : Problem
    start : ndarray, shape (p,)
    free : ndarray of bool, shape (p,), optional
        Which parameters may move; by default all.
    """
    moving = np.flatnonzero(np.ones(len(start), dtype=bool) if free is None else free)
    with np.errstate(all="ignore"):
        state = _State(problem, np.array(start, dtype=float))
        if not state.usable:
            return None
        state, converged = _descend(problem, state, moving)
    return Solution(
        problem=problem,
        theta=state.theta,
        cost=state.cost,
        residual=state.residual * problem.noise,
        jacobian=state.jacobian * problem.noise,
        converged=converged,
    )


def _descend(problem: Problem, state: _State, moving: np.ndarray) -> tuple[_State, bool]:
    damping = 1e-3
    block = np.ix_(moving, moving)
    for _ in range(MOST_STEPS):
        curvature, gradient = state.curvature[block], state.gradient[moving]
        while True:
            damped = curvature + damping * np.diag(curvature.diagonal())
            step = np.linalg.solve(damped, gradient)
            gain = float(gradient @ step)
            if not gain > TOLERANCE:
                return state, True
            step *= min(1.0, LONGEST_STEP / float(np.max(np.abs(step))))
            theta = state.theta.copy()
            theta[moving] += step
            trial = _State(problem, theta)
            if trial.usable and trial.cost < state.cost:
                break
            damping *= 10
            if damping > STIFFEST:
                return state, True
        state, damping = trial, max(damping / 10, 1e-9)
    return state, False


def inverse(information: Floats) -> Floats:
    """Return the inverse of an information matrix; combinations it knows nothing of get a huge variance.

    nan where the matrix is not finite.
    """
    scale = 1 / np.sqrt(np.maximum(information.diagonal(), SMALLEST_VARIANCE))
    both = scale[:, None] * scale
    scaled = information * both
    if not np.all(np.isfinite(scaled)):
        return np.full_like(information, np.nan)
    values, vectors = np.linalg.eigh(scaled)
    return np.asarray((vectors / np.maximum(values, SMALLEST_EIGENVALUE)) @ vectors.T * both)


def best(solutions: Sequence[Solution | None]) -> Solution | None:
    """Return the solution of lowest cost, the first of equals, or None if there is none."""
    found = [solution for solution in solutions if solution is not None]
    return min(found, key=lambda solution: solution.cost) if found else None
