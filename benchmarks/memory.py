"""Time and memory from ten thousand to a million spectra.

Run with ``python -m benchmarks.memory [--most N] [--jobs N]``. Each count gets a process of its own, which
makes the spectra, fits them (guess-free, with covariance and Kramers–Kronig test) and asks the
operating system for the most memory it has ever had. Needs Linux or macOS.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

from benchmarks.ours import fit_unrelated
from benchmarks.processes import ONE_THREAD, PROJECT
from benchmarks.trajectories import Journey, simulate

COUNTS = (10_000, 100_000, 1_000_000)
GIBIBYTE = 2**30


def peak() -> float:
    """Return the most memory this process has had, in GiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / GIBIBYTE


def measure(count: int, jobs: int) -> dict[str, float]:
    """Fit so many spectra in this process."""
    fit_unrelated(simulate(Journey(spectra=2000), seed=5), jobs)
    trajectory = simulate(Journey(spectra=count), seed=4)
    before = peak()
    begun = time.perf_counter()
    fits = fit_unrelated(trajectory, jobs)
    seconds = time.perf_counter() - begun
    off = np.abs(fits.values["R_int"] / trajectory.truth["R_int"] - 1)
    return {
        "seconds": seconds,
        "spectra": before,
        "peak": peak(),
        "error": float(np.nanmedian(off)),
        "data": trajectory.impedance.nbytes / GIBIBYTE,
    }


def main() -> None:
    """Start one process a count and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=COUNTS[-1], help="largest count")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one is not None:
        print(json.dumps(measure(arguments.one, arguments.jobs)))
        return
    print(f"guess-free fits with covariance and Kramers–Kronig test, {arguments.jobs} threads")
    print(f"{'spectra':>10}{'s':>9}{'fits/s':>9}{'data, GiB':>11}{'before, GiB':>13}{'peak, GiB':>11}"
          f"{'R_int median, %':>17}")  # fmt: skip
    for count in COUNTS:
        if count > arguments.most:
            continue
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.memory", "--one", str(count), "--jobs", str(arguments.jobs)],
            cwd=PROJECT, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        if answer.returncode != 0:
            print(f"{count:>10}  ended with exit code {answer.returncode}")
            continue
        found = json.loads(answer.stdout)
        print(
            f"{count:>10}{found['seconds']:9.1f}{count / found['seconds']:9.0f}{found['data']:11.2f}"
            f"{found['spectra']:13.2f}{found['peak']:11.2f}{100 * found['error']:17.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
