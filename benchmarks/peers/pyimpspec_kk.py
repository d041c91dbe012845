"""pyimpspec's Kramers–Kronig test with all its defaults, which uses all cores."""

from importlib.metadata import version

import pyimpspec
from kk_worker import run


def test_one(frequency, impedance):
    """Return the residuals, relative to |Z|."""
    found = pyimpspec.perform_kramers_kronig_test(pyimpspec.DataSet(frequency, impedance))
    return found.residuals


if __name__ == "__main__":
    run(test_one, f"pyimpspec {version('pyimpspec')}", warm_up=False)
