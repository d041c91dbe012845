"""How good a set of fits is, judged by the truth; the same for every package."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from benchmarks.peers.worker import Circuit
from benchmarks.trajectories import ALPHA_GB, Trajectory
from core.records import Floats

WRONG_R, WRONG_C = 0.10, 0.30
"""A fit further off than this in R_int or in C_int is wrong."""

CHANCE = 1e-7
"""A fit whose residuals would be as large as they are by so little chance is a misfit; with 69 points
that is 1.3 times the noise."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a package found for N spectra.

    Attributes
    ----------
    R_int, C_int : ndarray, shape (N,)
        Ω and F (C_int = τ/R, Hsu and Mansfeld 2001).
    rms : ndarray, shape (N,)
        Root mean square of the relative residuals of Re Z and Im Z; nan where nothing was found.
    """

    R_int: Floats
    C_int: Floats
    rms: Floats


def found_by_peer(trajectory: Trajectory, parameters: Floats) -> Found:
    """Return what a peer found, from its parameters as in `benchmarks.peers.worker`."""
    R, Q, alpha = parameters[:, 4], parameters[:, 5], parameters[:, 6]
    circuit = Circuit(trajectory.frequency, trajectory.journey.L, ALPHA_GB)
    with np.errstate(all="ignore"):
        C = (Q * R) ** (1 / alpha) / R
        model = np.array([circuit.impedance(values) for values in parameters])
        off = (trajectory.impedance - model) / np.abs(trajectory.impedance)
    return Found(R, C, np.sqrt(np.mean(np.abs(off) ** 2, axis=1) / 2))


def errors(trajectory: Trajectory, found: Found) -> tuple[Floats, Floats]:
    """Return |relative error| of R_int and of C_int, infinite where nothing was found."""
    truth = trajectory.truth
    pairs = ((found.R_int, truth["R_int"]), (found.C_int, truth["C_int"]))
    off_R, off_C = (np.abs(value / true - 1) for value, true in pairs)
    return np.nan_to_num(off_R, nan=np.inf), np.nan_to_num(off_C, nan=np.inf)


def wrong(trajectory: Trajectory, found: Found) -> np.ndarray:
    """Return which fits are wrong, shape (N,)."""
    off_R, off_C = errors(trajectory, found)
    return (off_R > WRONG_R) | (off_C > WRONG_C)


def misfit(trajectory: Trajectory, rms: Floats) -> np.ndarray:
    """Return which fits do not describe the data within its noise, shape (N,)."""
    numbers = 2 * trajectory.journey.points
    return ~(rms <= trajectory.journey.noise * np.sqrt(chi2.isf(CHANCE, numbers) / numbers))


def swapped(trajectory: Trajectory, tau_int: Floats) -> np.ndarray:
    """Return where the interface arc was taken for the grain boundary's, shape (N,).

    That is where the fitted τ_int is nearer, in ln τ, to the true τ_gb than to the true τ_int.
    """
    logarithm = np.log(tau_int)
    to_boundary = np.abs(logarithm - np.log(trajectory.truth["tau_gb"]))
    return to_boundary < np.abs(logarithm - np.log(trajectory.truth["tau_int"]))
