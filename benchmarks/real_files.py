"""Fit every spectrum of a folder of real files, and compare a dummy circuit with its known elements.

Run with ``python -m benchmarks.real_files [FOLDER]``; by default ``../shared/data`` beside the project.
Each spectrum is fitted with the circuit of a lithium cell, which most of these are not, and where
another circuit suits, with that as well. A fit that does not describe the data must say so.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.ours import fit_records
from core.errors import BadInput
from core.records import Fit
from storage.files import FileSpectrum, read_spectra

SUITED = {
    "Circuit1": "L0-R0-p(R1,C1)",
    "exampleData": "L0-R0-p(R1,CPE1)-p(R2,CPE2)-W1",
    "PEIS_LPSCl": "L0-R0-p(R1,CPE1)-CPE2",
    "zarc": "R0-p(R1,CPE1)",
    "geis": "L0-R0-p(R1,CPE1)-CPE2",
    "peis": "L0-R0-p(R1,CPE1)-CPE2",
}
"""By how the file's name begins: what else is fitted to it."""

DUMMY = "Circuit1"
ELEMENTS = {"R0": 29.1, "R1": 46.7, "C1": 10.4e-6}
"""Ω, Ω, F: a resistor in series with a resistor and a capacitor in parallel, as the documentation of
impedance.py describes the dummy circuit and reports its elements."""

SKIPPED = {".md"}
NOTEWORTHY = 0.03
"""Root mean square of relative residuals from which on a fit has to carry a flag."""


def described(fit: Fit) -> str:
    """Return residual, points, verdict of Kramers–Kronig and flags in one line."""
    verdict = "KK ok" if fit.kramers_kronig.passed else "KK no"
    flags = ", ".join(fit.flags) or "–"
    return f"rms {100 * fit.rms_residual:7.3f} %  {int(np.sum(fit.mask)):3} points  {verdict}  {flags}"


def show(one: FileSpectrum) -> list[Fit]:
    """Fit one spectrum with each circuit, print a line for each, return the fits."""
    name = Path(one.file).name
    frequency = one.spectrum.frequency
    print(f"{name} [{one.index}]  {len(frequency)} points, {frequency.max():.3g} to {frequency.min():.3g} Hz")
    for note in one.notes:
        print(f"    note: {note}")
    circuits = [None, *(text for start, text in SUITED.items() if name.startswith(start))]
    fits = []
    for text in circuits:
        fit = fit_records([one.spectrum], text)[0]
        fits.append(fit)
        print(f"    {fit.model:36} {described(fit)}")
    return fits


def compare(fit: Fit) -> None:
    """Print the elements of the dummy circuit beside those found."""
    print(f"\n{DUMMY}: its elements, and those found with {fit.model}")
    for name, known in ELEMENTS.items():
        found = fit.parameters[name]
        print(f"  {name:4} {known:10.4g}  found {found.value:10.4g} ± {found.stderr:.2g}"
              f"  ({100 * (found.value / known - 1):+.2f} %)")  # fmt: skip


def main() -> None:
    """Read, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("folder", type=Path, nargs="?", default=beside)
    folder = parser.parse_args().folder
    dummy, refused, silent, count = None, 0, 0, 0
    for path in sorted(folder.iterdir()):
        if path.suffix in SKIPPED or not path.is_file():
            continue
        try:
            spectra = read_spectra(path)
        except BadInput as problem:
            refused += 1
            print(f"{path.name}  refused: {problem}")
            continue
        for one in spectra:
            fits = show(one)
            count += 1
            silent += sum(not fit.flags and not fit.rms_residual <= NOTEWORTHY for fit in fits)
            if path.name.startswith(DUMMY):
                dummy = fits[-1]
    print(f"\n{count} spectra fitted, {refused} files refused; "
          f"{silent} fits off by more than {NOTEWORTHY:.0%} without a flag")  # fmt: skip
    if dummy is not None:
        compare(dummy)


if __name__ == "__main__":
    main()
