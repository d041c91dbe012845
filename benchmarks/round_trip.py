"""Runs to a package and back into an empty store: what differs (nothing should), how long, how large.

    python -m benchmarks.round_trip STORE RUN…

The store is only read. Everything else happens in a temporary folder.
"""

import argparse
import tempfile
from pathlib import Path

from app.export import export
from app.taking_in import bring_in
from core.clock import wall_time
from storage import open_store
from storage.slice import differences


def main() -> None:
    """Go there and back, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store")
    parser.add_argument("runs", type=int, nargs="+")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_store(asked.store) as here:
        began = wall_time()
        package = export(here, asked.runs, Path(folder) / "round trip.eln", "eln")
        packed = wall_time()
        with open_store(Path(folder) / "back.sqlite", create=True) as back:
            brought = bring_in(back, package)
            taken = wall_time()
            found = {run: differences(here, run, back, brought.runs[run]) for run in asked.runs}
        compared = wall_time()
        spectra = sum(here.run(run).summary().spectra for run in asked.runs)
        print(f"{len(asked.runs)} runs, {spectra} spectra; package {package.stat().st_size / 1e6:.1f} MB")
        print(f"packed in {packed - began:.1f} s, taken in in {taken - packed:.1f} s, ", end="")
        print(f"compared in {compared - taken:.1f} s")
        for run, each in found.items():
            for words in each[:10]:
                print(f"run {run}: {words}")
        print(f"differences: {sum(map(len, found.values()))}")


if __name__ == "__main__":
    main()
