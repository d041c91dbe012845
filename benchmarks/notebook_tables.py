"""How long the tables of a notebook take of a run with very many spectra.

Run with ``python -m benchmarks.notebook_tables [SPECTRA]``.
"""

import sys
import tempfile
import time
from pathlib import Path

import storage
from benchmarks.made_run import MadeRun
from storage import open_store

SPECTRA = 7700
"""As many as a stripping at 50 µA/cm² has that lasts sixty hours."""

ROUNDS = 3


def main(count: int) -> None:
    """Write a run, read it three times, and print the best times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        with open_store(path, create=True) as store:
            made = MadeRun(store)
            for _ in range(count):
                made.sweep()
            made.end()
        with storage.open(path) as opened:
            run = opened.run(made.journal.run)
            print(f"{count} spectra of 69 frequencies, best of {ROUNDS}")
            tables = {"spectra()": run.spectra, "to_xarray()": run.to_xarray, "fits()": run.fits}
            for name, read in (tables | {"readings()": run.readings}).items():
                taken = []
                for _ in range(ROUNDS):
                    began = time.perf_counter()
                    read()
                    taken.append(time.perf_counter() - began)
                print(f"{name:12} {min(taken):6.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SPECTRA)
