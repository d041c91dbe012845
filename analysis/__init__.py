"""What the numbers mean: circuit, fit, Kramers–Kronig, depletion. Pure functions over arrays."""

from analysis.fitting import fit_spectrum
from analysis.kramers_kronig import KramersKronigResult, kramers_kronig
from analysis.live import LiveFitter

__all__ = ["KramersKronigResult", "LiveFitter", "fit_spectrum", "kramers_kronig"]
