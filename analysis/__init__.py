"""What the numbers mean: circuit, fit, Kramers–Kronig, depletion. Pure functions over arrays."""

from analysis.circuits.model import Circuit, circuit
from analysis.drift_correction import correct_drift
from analysis.drt import DRT, drt
from analysis.fits import Fits
from analysis.fitting import fit, fit_spectrum
from analysis.kramers_kronig import KramersKronigResult, KramersKronigResults, kramers_kronig
from analysis.live import LiveFitter
from analysis.noise_level import noise_from_neighbours
from analysis.smoothing import smooth
from analysis.systematics import systematic
from analysis.zhit import ZHitResult, zhit

__all__ = [
    "DRT",
    "Circuit",
    "Fits",
    "KramersKronigResult",
    "KramersKronigResults",
    "LiveFitter",
    "ZHitResult",
    "circuit",
    "correct_drift",
    "drt",
    "fit",
    "fit_spectrum",
    "kramers_kronig",
    "noise_from_neighbours",
    "smooth",
    "systematic",
    "zhit",
]
