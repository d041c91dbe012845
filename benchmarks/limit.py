"""The limit: least squares started from the truth, which nothing that sees one spectrum can beat.

Written on its own in batched NumPy (Gauss–Newton with Marquardt's damping on normal equations), so
that it judges the engine independently. Modulus weights. What is known of the cell beforehand, the
scatter of time constants and inductance between samples, may be given to it, too.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.trajectories import (
    ALPHA_GB,
    MICROHENRY,
    SPREAD_L,
    SPREAD_LN_TAU_BULK,
    SPREAD_LN_TAU_GB,
    TYPICAL_L,
    TYPICAL_TAU_BULK,
    TYPICAL_TAU_GB,
    Trajectory,
)
from core.records import Complexes, Floats

NAMES = ("ln R_bulk", "ln tau_bulk", "ln R_gb", "ln tau_gb", "ln R_int", "ln tau_int", "alpha_int", "L")
"""Order of the parameters; L in µH."""

BLOCK = 512
STEPS = 30


@dataclass(frozen=True, eq=False)
class Limit:
    """Least squares from the truth.

    Attributes
    ----------
    theta : ndarray, shape (N, 8)
        In the order of `NAMES`.
    rms : ndarray, shape (N,)
        Root mean square of the relative residuals of Re Z and Im Z.
    """

    theta: Floats
    rms: Floats

    @property
    def R_int(self) -> Floats:
        """R_int in Ω, shape (N,)."""
        return np.exp(self.theta[:, 4])

    @property
    def C_int(self) -> Floats:
        """C_int = τ/R in F, shape (N,)."""
        return np.exp(self.theta[:, 5] - self.theta[:, 4])


def limit_of(trajectory: Trajectory, beforehand: bool) -> Limit:
    """Fit every spectrum from its truth, with the true drift during each sweep.

    Parameters
    ----------
    trajectory : Trajectory
    beforehand : bool
        True: inductance and the electrolyte's time constants are free within their scatter. False:
        the inductance is held at its true value and nothing else is known.
    """
    truth = trajectory.truth
    theta = np.column_stack(
        [np.log(truth[name]) for name in ("R_bulk", "tau_bulk", "R_gb", "tau_gb", "R_int", "tau_int")]
        + [truth["alpha_int"], truth["L"] / MICROHENRY]
    )
    rms = np.empty(len(theta))
    late = trajectory.journey.late
    for first in range(0, len(theta), BLOCK):
        rows = slice(first, first + BLOCK)
        problem = _Problem(
            trajectory.frequency,
            trajectory.impedance[rows],
            late * truth["drift_int"][rows, None],
            late * truth["drift_tau"][rows, None],
            *_beforehand(trajectory.journey.noise, beforehand),
        )
        theta[rows] = _descend(problem, theta[rows])
        rms[rows] = np.sqrt(np.mean(problem.residual(theta[rows])[0] ** 2, axis=1))
    return Limit(theta, rms)


def _beforehand(noise: float, given: bool) -> tuple[Floats, Floats]:
    """Return expected values and their information, in units of the relative noise."""
    center, spread = np.zeros(len(NAMES)), np.full(len(NAMES), np.inf)
    center[[1, 3, 7]] = np.log(TYPICAL_TAU_BULK), np.log(TYPICAL_TAU_GB), TYPICAL_L / MICROHENRY
    if given:
        spread[[1, 3, 7]] = SPREAD_LN_TAU_BULK, SPREAD_LN_TAU_GB, SPREAD_L / MICROHENRY
    information = (noise / spread) ** 2
    if not given:
        information[7] = np.inf
    return center, information


@dataclass(frozen=True, eq=False)
class _Problem:
    frequency: Floats
    impedance: Complexes
    growth: Floats
    shift: Floats
    center: Floats
    information: Floats

    def residual(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return weighted residuals, shape (B, 2n), and their derivatives, shape (B, 2n, 8)."""
        s = 2j * np.pi * self.frequency
        R_b, tau_b, R_g, tau_g, R_i, tau_i = np.exp(theta[:, :6]).T[..., None]
        alpha, inductance = theta[:, 6:7], theta[:, 7:8]
        derivative = np.empty((*self.impedance.shape, len(NAMES)), dtype=complex)
        share = 1 / (1 + s * tau_b)
        derivative[..., 0] = R_b * share
        derivative[..., 1] = R_b * share * (share - 1)
        share = 1 / (1 + (s * tau_g) ** ALPHA_GB)
        derivative[..., 2] = R_g * share
        derivative[..., 3] = ALPHA_GB * R_g * share * (share - 1)
        logarithm = np.log(s) + np.log(tau_i) + self.shift
        share = 1 / (1 + np.exp(alpha * logarithm))
        derivative[..., 4] = R_i * np.exp(self.growth) * share
        derivative[..., 5] = alpha * derivative[..., 4] * (share - 1)
        derivative[..., 6] = logarithm * derivative[..., 4] * (share - 1)
        derivative[..., 7] = s * MICROHENRY
        model = derivative[..., [0, 2, 4]].sum(axis=-1) + inductance * s * MICROHENRY
        weight = 1 / np.abs(self.impedance)
        off = (self.impedance - model) * weight
        slope = derivative * weight[..., None]
        return (
            np.concatenate([off.real, off.imag], axis=1),
            np.concatenate([slope.real, slope.imag], axis=1),
        )

    def cost(self, theta: Floats, off: Floats) -> Floats:
        """Return what is minimised, shape (B,)."""
        known = np.where(np.isfinite(self.information), self.information, 0.0)
        return np.sum(off**2, axis=1) + np.sum(known * (theta - self.center) ** 2, axis=1)


def _descend(problem: _Problem, theta: Floats) -> Floats:
    """Go down from `theta`, shape (B, 8), all spectra side by side."""
    free = np.isfinite(problem.information)
    known = problem.information[free]
    damping = np.full(len(theta), 1e-4)
    off, slope = problem.residual(theta)
    cost = problem.cost(theta, off)
    for _ in range(STEPS):
        slope = slope[..., free]
        normal = slope.transpose(0, 2, 1) @ slope + np.diag(known)
        right = np.einsum("bnp,bn->bp", slope, off) + known * (problem.center - theta)[:, free]
        scale = 1 / np.sqrt(np.einsum("bpp->bp", normal))
        normal = normal * scale[:, :, None] * scale[:, None, :]
        normal += (1e-14 + damping)[:, None, None] * np.eye(len(known))
        step = np.zeros_like(theta)
        step[:, free] = scale * np.linalg.solve(normal, (scale * right)[..., None])[..., 0]
        tried = theta + np.clip(step, -1.0, 1.0)
        new_off, new_slope = problem.residual(tried)
        new_cost = problem.cost(tried, new_off)
        better = new_cost <= cost
        theta = np.where(better[:, None], tried, theta)
        damping = np.where(better, np.maximum(damping / 10, 1e-12), np.minimum(damping * 10, 1e8))
        if np.all(np.abs(new_cost - cost) < 1e-9 * cost):
            break
        cost = np.where(better, new_cost, cost)
        off, slope = problem.residual(theta) if not np.all(better) else (new_off, new_slope)
    return theta
