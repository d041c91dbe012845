"""Strip cells nobody tuned for and compare every fit with the simulated truth.

Run with ``python -m benchmarks.random_cells [N] [SEED]``. Prints the errors of t0 and of R_int above
30 Ω cm², and lists the misfits: usable fits that are more than 10 % off.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from core.cell import OHM_CM2
from protocols.decisions import usable
from storage import RunReader, open_store

SMALLEST = 30.0
"""Ω cm² below which a fit is allowed to be unsure."""
MISFIT = 0.10


def errors(run: RunReader) -> tuple[np.ndarray, list[str], int]:
    """Return the relative errors of R_int of a run, its misfits in words, and how many fits said no."""
    area, found, misfits, refused = run.header.cell.area, [], [], 0
    for stored in run.fits(version=1):
        truth = run.truth_of(stored.spectrum)["R_int"]
        if truth * area / OHM_CM2 < SMALLEST:
            continue
        if not usable(stored.fit):
            refused += 1
            continue
        error = stored.fit["R_int"] / truth - 1
        found.append(error)
        if abs(error) > MISFIT:
            misfits.append(
                f"run {run.run} spectrum {stored.spectrum}: {error:+.1%} "
                f"of {truth * area / OHM_CM2:.0f} Ω cm²"
            )
    return np.array(found), misfits, refused


def main() -> None:
    """Run the demo on random cells, then compare."""
    count = sys.argv[1] if len(sys.argv) > 1 else "10"
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    with tempfile.TemporaryDirectory() as folder:
        store, result = Path(folder) / "store.sqlite", Path(folder) / "demo.json"
        subprocess.run(
            [sys.executable, "-m", "app.cli.main", "demo", "--random-cells", count, "--seed", seed,
             "--store", str(store), "--json", str(result)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        times, all_errors, misfits, refused = [], [], [], 0
        with open_store(str(store)) as kept:
            for run in json.loads(result.read_text(encoding="utf-8"))["runs"]:
                true = run["truth"]["t0_h"]
                error, bad, said_no = errors(kept.run(run["run"]))
                shown = "–" if run["t0_h"] is None or true is None else f"{run['t0_h'] / true - 1:+.4%}"
                print(
                    f"run {run['run']:3} {run['cell']:11} "
                    f"t0 {run['t0_h'] or float('nan'):7.3f} h, error {shown:>9}; "
                    f"R_int: {len(error)} fits, median |error| {np.median(np.abs(error)):.3%}, "
                    f"largest {np.max(np.abs(error)):.2%}, {said_no} declined"
                )
                if run["t0_h"] is not None and true is not None:
                    times.append(abs(run["t0_h"] / true - 1))
                all_errors.append(np.abs(error))
                misfits += bad
                refused += said_no
    together = np.concatenate(all_errors)
    print(f"\nt0: median |error| {np.median(times):.4%}, largest {np.max(times):.4%}, of {len(times)} runs")
    print(f"R_int above {SMALLEST:g} Ω cm²: median |error| {np.median(together):.3%}, 95 % below "
          f"{np.percentile(together, 95):.2%}, of {len(together)} fits; {refused} declined")  # fmt: skip
    print(f"misfits (more than {MISFIT:.0%} off): {len(misfits)}")
    for line in misfits:
        print(f"  {line}")


if __name__ == "__main__":
    main()
