"""What every peer's Kramers–Kronig test does: read spectra, test one after the other, write residuals.

Run as ``python PEER.py INPUT.npz OUTPUT.npz``. INPUT holds `frequency` (n,) in Hz and `impedance`
(N, n) in Ω. OUTPUT holds `residual` (N, n), complex, relative to |Z|; `seconds` (N,); and `version`.
"""

import sys
import time
import warnings

import numpy as np


def run(test_one, version, warm_up=True):
    """Test all spectra of the input with one package.

    Parameters
    ----------
    test_one : callable
        Called with a frequency (n,) and an impedance (n,); returns complex residuals (n,).
    version : str
    warm_up : bool
        Test the first spectrum once before times are taken.
    """
    warnings.simplefilter("ignore")
    with np.load(sys.argv[1]) as given:
        frequency, spectra = given["frequency"], given["impedance"]
    if warm_up:
        test_one(frequency, spectra[0])
    residual = np.empty(spectra.shape, dtype=complex)
    seconds = np.empty(len(spectra))
    for number, impedance in enumerate(spectra):
        begun = time.perf_counter()
        residual[number] = test_one(frequency, impedance)
        seconds[number] = time.perf_counter() - begun
    np.savez(sys.argv[2], residual=residual, seconds=seconds, version=version)
