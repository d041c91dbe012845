"""What every peer does: read spectra, fit them one after the other, write parameters and times.

Run as ``python PEER.py INPUT.npz OUTPUT.npz``. INPUT holds `frequency` (n,), `impedance` (N, n) in Ω,
`guess` (7,), `inductance` in H, `alpha_gb`, and `chain`, whether each fit starts from the one before.
OUTPUT holds `parameters` (N, 7) in the order of `NAMES`, SI and absolute, nan where the package
gave up; `seconds` (N,); and `version`. Needs NumPy only, of any version, and Python 3.10.
"""

import os
import sys
import time
import warnings

import numpy as np

NAMES = ("R_bulk", "C_bulk", "R_gb", "Q_gb", "R_int", "Q_int", "alpha_int")
"""The circuit is L-p(R,C)-p(R,CPE)-p(R,CPE) with the inductance and alpha_gb held."""


class Circuit:
    """What is held and at which frequencies.

    Attributes
    ----------
    frequency : ndarray, shape (n,)
        Hz.
    inductance : float
        H.
    alpha_gb : float
    """

    def __init__(self, frequency, inductance, alpha_gb):
        self.frequency = frequency
        self.s = 2j * np.pi * frequency
        self.inductance = inductance
        self.alpha_gb = alpha_gb
        self.power_gb = self.s**alpha_gb

    def impedance(self, values):
        """Return the impedance in Ω for values in the order of `NAMES`."""
        R_b, C_b, R_g, Q_g, R_i, Q_i, alpha = values
        return (
            self.s * self.inductance
            + R_b / (1 + self.s * R_b * C_b)
            + R_g / (1 + self.power_gb * R_g * Q_g)
            + R_i / (1 + self.s**alpha * R_i * Q_i)
        )

    def derivatives(self, values):
        """Return dZ/d(ln value), for alpha_int dZ/d(alpha), shape (7, n)."""
        R_b, C_b, R_g, Q_g, R_i, Q_i, alpha = values
        rows = []
        arcs = ((R_b, self.s * R_b * C_b), (R_g, self.power_gb * R_g * Q_g), (R_i, self.s**alpha * R_i * Q_i))
        for R, x in arcs:
            share = 1 / (1 + x)
            rows += [R * share * share, R * share * (share - 1)]
        rows.append(np.log(self.s) * rows[-1])
        return np.array(rows)


def pin():
    """Stay on one core where the system lets a process say so."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run(fit_one, version, warm_up=True):
    """Fit all spectra of the input with one package.

    Parameters
    ----------
    fit_one : callable
        Called with a `Circuit`, an impedance (n,) and start values (7,); returns values (7,).
    version : str
    warm_up : bool
        Fit the first spectrum once before times are taken.
    """
    warnings.simplefilter("ignore")
    given = np.load(sys.argv[1])
    circuit = Circuit(given["frequency"], float(given["inductance"]), float(given["alpha_gb"]))
    spectra, guess, chain = given["impedance"], given["guess"], bool(given["chain"])
    if warm_up:
        attempt(fit_one, circuit, spectra[0], guess)
    parameters = np.full((len(spectra), len(NAMES)), np.nan)
    seconds = np.empty(len(spectra))
    start = guess
    for number, impedance in enumerate(spectra):
        begun = time.perf_counter()
        parameters[number] = attempt(fit_one, circuit, impedance, start)
        seconds[number] = time.perf_counter() - begun
        if chain and np.all(np.isfinite(parameters[number])):
            start = parameters[number]
    np.savez(sys.argv[2], parameters=parameters, seconds=seconds, version=version)


def attempt(fit_one, circuit, impedance, start):
    """Return fitted values, nan if the package raised: how often it does is part of the result."""
    try:
        return np.asarray(fit_one(circuit, impedance, start), dtype=float)
    except (ArithmeticError, RuntimeError, ValueError, np.linalg.LinAlgError) as problem:
        print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
        return np.full(len(NAMES), np.nan)
