"""Spectra from files that other programs wrote: EC-Lab, ZView, Gamry, RelaxIS and plain tables."""

from storage.files.recognise import read_spectra
from storage.files.spectra import FileSpectrum

__all__ = ["FileSpectrum", "read_spectra"]
