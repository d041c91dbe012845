"""What the numbers mean: circuit, fit, Kramers–Kronig, depletion. Pure functions over arrays."""

from analysis.circuits.model import Circuit, circuit
from analysis.fits import Fits
from analysis.fitting import fit, fit_spectrum
from analysis.kramers_kronig import KramersKronigResult, kramers_kronig
from analysis.live import LiveFitter

__all__ = [
    "Circuit",
    "Fits",
    "KramersKronigResult",
    "LiveFitter",
    "circuit",
    "fit",
    "fit_spectrum",
    "kramers_kronig",
]
