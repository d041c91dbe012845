"""pyimpspec with MINPACK's leastsq and modulus weights; ``auto`` as third argument: all defaults."""

import sys
from importlib.metadata import version

import numpy as np
import pyimpspec
from worker import pin, run

CDC = (
    "L{{L={L:.9E}F}}(R{{R={0:.9E}/1/1E7}}C{{C={1:.9E}/1E-13/1E-9}})"
    "(R{{R={2:.9E}/1/1E7}}Q{{Y={3:.9E}/1E-11/1E-5,n={gb:.9E}F}})"
    "(R{{R={4:.9E}/1/1E7}}Q{{Y={5:.9E}/1E-10/1E-3,n={6:.9E}/0.5/1}})"
)
"""With limits near the expected values: those set by default, up to 1 kF, leave lmfit's transform of a
bounded 10 pF two significant digits, and the optimiser does not move at all."""
AUTO = len(sys.argv) > 3 and sys.argv[3] == "auto"


def fit_one(circuit, impedance, start):
    """Return the fitted values."""
    text = CDC.format(*start[:6], min(start[6], 0.999), L=circuit.inductance, gb=circuit.alpha_gb)
    data = pyimpspec.DataSet(circuit.frequency, impedance)
    how = {} if AUTO else {"method": "leastsq", "weight": "modulus", "num_procs": 1}
    found = pyimpspec.fit_circuit(pyimpspec.parse_cdc(text), data, **how)
    elements = found.circuit.get_elements()
    R = [each.get_value("R") for each in elements if each.get_symbol() == "R"]
    C = [each.get_value("C") for each in elements if each.get_symbol() == "C"]
    Q = [(each.get_value("Y"), each.get_value("n")) for each in elements if each.get_symbol() == "Q"]
    return np.array([R[0], C[0], R[1], Q[0][0], R[2], *Q[1]])


if __name__ == "__main__":
    if not AUTO:
        pin()
    run(fit_one, f"pyimpspec {version('pyimpspec')}", warm_up=not AUTO)
