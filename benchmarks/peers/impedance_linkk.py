"""impedance.py's linKK; the third argument is its c, which it stops adding elements by."""

import sys

import impedance as package
from impedance.validation import linKK
from kk_worker import run
from worker import pin


def test_one(frequency, impedance):
    """Return the residuals, relative to |Z|."""
    _, _, _, real, imaginary = linKK(frequency, impedance, c=float(sys.argv[3]), max_M=int(sys.argv[4]))
    return real + 1j * imaginary


if __name__ == "__main__":
    pin()
    run(test_one, f"impedance {package.__version__}")
