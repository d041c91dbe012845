"""A run of spectra fitted one by one, with its truth: what smoothing starts from.

The circuit and the fit are written here independently of the package, and work on all spectra at once.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from analysis.fits import Fits
from core.records import KramersKronig

AREA = 0.541  # cm²
NOISE = 0.003
PERIOD = 20.0  # s from sweep to sweep
FREQUENCY = np.geomspace(7e6, 1.0, 69)
NAMES = (
    "L", "ln R_bulk", "ln tau_bulk", "ln R_gb", "ln tau_gb", "ln R_int", "ln tau_int", "logit alpha_int",
)  # fmt: skip
LN_R_INT, LN_TAU_INT = 5, 6
SLOW_START = 2.5


def alpha_of(logit):
    return 0.5 + 0.5 / (1 + np.exp(-logit))


def impedance_of(theta, frequency=FREQUENCY):
    """Z, shape (N, n), and dZ/dθ, shape (N, n, 8)."""
    s = 2j * np.pi * frequency
    column = [theta[:, k, None] for k in range(8)]
    derivative = np.empty((len(theta), len(frequency), 8), dtype=complex)
    derivative[..., 0] = 1e-6 * s
    alpha = alpha_of(column[7])
    for k, power in ((1, 1.0), (3, 0.9), (5, alpha)):
        ln_x = np.log(s) + column[k + 1]
        share = 1 / (1 + np.exp(power * ln_x))
        derivative[..., k] = np.exp(column[k]) * share
        bent = derivative[..., k] * (share - 1)
        derivative[..., k + 1] = power * bent
    derivative[..., 7] = 2 * (alpha - 0.5) * (1 - alpha) * bent * ln_x
    z = column[0] * derivative[..., 0] + derivative[..., 1] + derivative[..., 3] + derivative[..., 5]
    return z, derivative


# What is known beforehand: cables 0.6 ± 0.05 µH, the electrolyte's time constants, R_gb/R_bulk.
PRIOR_ROWS = np.zeros((8, 8))
PRIOR_TARGET = np.zeros(8)
for _row, (_terms, _mean, _spread) in enumerate(
    (
        ({0: 1}, 0.6, 0.05),
        ({2: 1}, -np.log(2 * np.pi * 40e6), 0.2),
        ({4: 1}, -np.log(2 * np.pi * 600e3), 0.3),
        ({3: 1, 1: -1}, np.log(29 / 71), 1.0),
        ({1: 1}, np.log(500), 5.0),
        ({5: 1}, np.log(500), 5.0),
        ({6: 1}, -np.log(2 * np.pi * 1e3), 3.0),
        ({7: 1}, np.log(0.4 / 0.1), 1.2),
    )
):
    for _column, _factor in _terms.items():
        PRIOR_ROWS[_row, _column] = _factor / _spread
    PRIOR_TARGET[_row] = _mean / _spread
PRIOR = PRIOR_ROWS.T @ PRIOR_ROWS
PRIOR_RIGHT = PRIOR_ROWS.T @ PRIOR_TARGET


@dataclass
class FittedRun:
    """Single fits as the smoother wants them; R_int in Ω, C_int in F."""

    time: np.ndarray
    truth: np.ndarray
    theta: np.ndarray
    information: np.ndarray
    right: np.ndarray
    prior_information: np.ndarray
    prior_right: np.ndarray
    rms: np.ndarray

    @property
    def arrays(self):
        return self.time, self.information, self.right, self.prior_information, self.prior_right

    def fits(self, flags=None):
        count = len(self.time)
        return Fits(
            model="L-RC-RQ-RQ",
            free=NAMES,
            time=self.time,
            theta=self.theta,
            covariance=self.covariance,
            information=self.information,
            right=self.right,
            values={},
            stderrs={},
            rms_residual=self.rms,
            noise=np.full(count, NOISE),
            masks=[np.ones(len(FREQUENCY), dtype=bool)] * count,
            kramers_kronig=[KramersKronig(True, 0.0)] * count,
            flags=flags or [()] * count,
        )

    @property
    def covariance(self):
        return np.linalg.inv(self.information + self.prior_information)

    def errors(self, theta):
        """|Δ ln R_int| and |Δ ln C_int|."""
        return np.abs(self.signed(theta))

    def signed(self, theta):
        far = theta - self.truth[: len(theta)]
        return np.array([far[:, LN_R_INT], far[:, LN_TAU_INT] - far[:, LN_R_INT]])


def truth_of(resistance, capacitance, alpha, rng, inductance=0.6):
    """θ along a run; R in Ω cm², C in F/cm², electrolyte with a slow wobble."""
    count = len(resistance)
    course = np.arange(count) / max(count - 1, 1)
    wobble = 0.004 * np.sin(2 * np.pi * (3 * course + rng.random())) + 0.02 * course
    theta = np.empty((count, 8))
    theta[:, 0] = inductance
    theta[:, 1] = np.log(370) + wobble
    theta[:, 2] = -np.log(2 * np.pi * 40e6) + wobble
    theta[:, 3] = np.log(150) + wobble
    theta[:, 4] = -np.log(2 * np.pi * 600e3) + wobble
    theta[:, 5] = np.log(resistance / AREA)
    theta[:, 6] = np.log(resistance * capacitance)
    share = (alpha - 0.5) / 0.5
    theta[:, 7] = np.log(share / (1 - share))
    return theta


def fitted(truth, rng, noise=NOISE, time=None):
    """Single fits of noisy spectra, each started from the truth (Marquardt)."""
    z, _ = impedance_of(truth)
    z = z + noise * np.abs(z) * (rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape))
    theta, damping = truth.copy(), np.full(len(truth), 1e-3)
    cost, curvature, gradient, _ = _normal_equations(z, theta, noise)
    for _ in range(25):
        damped = curvature * (1 + damping[:, None, None] * np.eye(8))
        step = np.linalg.solve(damped, gradient[..., None])[..., 0]
        step *= np.minimum(1, 1.5 / np.max(np.abs(step), axis=1))[:, None]
        trial = _normal_equations(z, theta + step, noise)
        better = trial[0] < cost
        theta = np.where(better[:, None], theta + step, theta)
        damping = np.where(better, damping / 10, damping * 10)
        cost, curvature, gradient, _ = _normal_equations(z, theta, noise)
    _, curvature, _, square = _normal_equations(z, theta, noise)
    variance = square / (2 * len(FREQUENCY) - 8)
    data = (curvature - PRIOR) / variance[:, None, None]
    right = np.einsum("iab,ib->ia", data + PRIOR, theta) - PRIOR_RIGHT
    time = PERIOD * np.arange(len(truth)) if time is None else time
    rms = noise * np.sqrt(square / (2 * len(FREQUENCY)))
    return FittedRun(time, truth, theta, data, right, PRIOR, PRIOR_RIGHT, rms)


def _normal_equations(z, theta, noise):
    model, derivative = impedance_of(theta)
    weight = 1 / (noise * np.abs(z))
    residual = (z - model) * weight
    far = PRIOR_TARGET - theta @ PRIOR_ROWS.T
    square = np.sum(np.abs(residual) ** 2, axis=1)
    jacobian = np.ascontiguousarray(derivative * weight[..., None])
    flat = np.concatenate([jacobian.real, jacobian.imag], axis=1)
    both = np.concatenate([residual.real, residual.imag], axis=1)
    curvature = np.matmul(flat.transpose(0, 2, 1), flat) + PRIOR
    gradient = np.einsum("ina,in->ia", flat, both) + far @ PRIOR_ROWS
    return square + np.sum(far**2, axis=1), curvature, gradient, square


def rising(count):
    """The interface of a stripping run: R from 10 to 12,000 Ω cm², C from 1 to 0.1 µF/cm²."""
    course = np.linspace(0, 1, count) ** SLOW_START
    return 10 * 1200**course, 1e-6 * 0.1**course, 0.95 - 0.09 * course


@pytest.fixture(scope="session")
def stripping():
    """500 spectra along a stripping run."""
    rng = np.random.default_rng(31)
    return fitted(truth_of(*rising(500), rng), rng)


@pytest.fixture(scope="session")
def make_run():
    """Makes shorter runs: make_run(resistance, capacitance, alpha, seed, …)."""

    def make(resistance, capacitance, alpha, seed=1, inductance=0.6, **options):
        rng = np.random.default_rng(seed)
        ones = np.ones(len(resistance))
        truth = truth_of(resistance, capacitance * ones, alpha * ones, rng, inductance)
        return fitted(truth, rng, **options)

    return make
