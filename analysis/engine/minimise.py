"""Least squares for many spectra of one circuit: what goes in, and what comes out."""

from typing import NamedTuple

import numpy as np

from analysis.batch import Batch
from analysis.engine.choice import Kernels
from analysis.engine.program import Program
from analysis.priors import Priors
from core.records import Bools, Floats


class Minima(NamedTuple):
    """One minimum for each of N spectra, with p parameters.

    Attributes
    ----------
    theta : ndarray, shape (N, p)
    cost : ndarray, shape (N,)
        Robust cost of data and priors; half of χ² when nothing is an outlier; nan where the circuit
        could not be evaluated.
    converged : ndarray of bool, shape (N,)
    rms : ndarray, shape (N,)
        Root mean square of the relative residuals of Re Z and Im Z.
    variance : ndarray, shape (N,)
        Huber's variance of a residual in units of the noise that was assumed.
    information : ndarray, shape (N, p, p)
        Σ J Jᵀ/σ² of the data, at the assumed noise; divide by `variance`.
    covariance : ndarray, shape (N, p, p)
        Of θ, from data (scaled by `variance`) and priors together; nan where that is singular.
    along : ndarray, shape (N, p, 2p + 1) or (N, 0, 0)
        Where asked for, with L = J·delay: J Lᵀ, then L Lᵀ, then the residuals along L, all
        weighted by 1/σ (see `analysis.sweep_drift.own_drift`).
    """

    theta: Floats
    cost: Floats
    converged: Bools
    rms: Floats
    variance: Floats
    information: Floats
    covariance: Floats
    along: Floats

    def take(self, chosen: np.ndarray) -> "Minima":
        """Return the minima at these places."""
        return Minima(*(array[chosen] for array in self))

    def put(self, chosen: np.ndarray, others: "Minima") -> None:
        """Replace the minima at these places."""
        for mine, theirs in zip(self, others, strict=True):
            mine[chosen] = theirs


class Problem(NamedTuple):
    """N spectra of at most n points, a circuit of p parameters, and what is known beforehand.

    Attributes
    ----------
    program : Program
    batch : Batch
    z_re, z_im : ndarray, shape (N, n)
        The impedances, Ω.
    noise : ndarray, shape (N, 1) or (N, n)
        Standard deviation of Re Z and of Im Z relative to |Z|, of a spectrum or of each point.
    weight : ndarray, shape (N, n)
        1/(noise·|Z|).
    priors : Priors
        With `target` of shape (N, m).
    along : bool
        Whether `Minima.along` is wanted.
    """

    program: Program
    batch: Batch
    z_re: Floats
    z_im: Floats
    noise: Floats
    weight: Floats
    priors: Priors
    along: bool = False

    def take(self, chosen: np.ndarray) -> "Problem":
        """Return the problems at these places, which are in order."""
        if len(chosen) == len(self.z_re) and chosen.dtype != bool:
            return self
        return self._replace(
            batch=self.batch.take(chosen),
            z_re=self.z_re[chosen],
            z_im=self.z_im[chosen],
            noise=self.noise[chosen],
            weight=self.weight[chosen],
            priors=Priors(self.priors.rows, self.priors.target[chosen]),
        )


def pose(program: Program, batch: Batch, noise: Floats, priors: Priors, along: bool = False) -> Problem:
    """Return the problem of fitting a batch, with noise of shape (N,) or (N, n); see `Problem`."""
    of_points = noise if noise.ndim == 2 else noise[:, None]
    return Problem(
        program,
        batch,
        np.ascontiguousarray(batch.impedance.real),
        np.ascontiguousarray(batch.impedance.imag),
        of_points,
        1 / (of_points * np.abs(batch.impedance)),
        priors,
        along,
    )


def minimise(
    problem: Problem,
    start: Floats,
    kernels: Kernels,
    slope: Floats | None = None,
    free: Bools | None = None,
) -> Minima:
    """Return the minimum reached from `start` for every spectrum.

    Parameters
    ----------
    problem : Problem
    start : ndarray, shape (N, p)
        A nan stands for the last minimum that was found before.
    kernels : Kernels
    slope : ndarray, shape (N, p), optional
        Known dθ/dt during the sweep in 1/s: the parameters then belong to its middle, although
        every point saw others. Only slopes of arcs count.
    free : ndarray of bool, shape (p,), optional
        Which parameters may move; by default all.
    """
    program, batch = problem.program, problem.batch
    n, p = start.shape
    minima = Minima(
        np.empty((n, p)),
        np.empty(n),
        np.empty(n, dtype=bool),
        np.empty(n),
        np.empty(n),
        np.empty((n, p, p)),
        np.empty((n, p, p)),
        np.empty((n, p, 2 * p + 1) if problem.along else (n, 0, 0)),
    )
    kernels.minimise_block(
        program.nodes,
        program.children,
        program.slot_parameter,
        program.slots,
        2 * np.pi * batch.frequency,
        batch.count,
        problem.z_re,
        problem.z_im,
        problem.weight,
        batch.delay,
        np.zeros((1, p)) if slope is None else slope,
        problem.priors.rows,
        problem.priors.target,
        start,
        np.ones(p, dtype=bool) if free is None else free,
        *minima,
    )
    return minima
