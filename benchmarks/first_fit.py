"""How long an operator waits for the first fit of a fresh process.

Run with ``python -m benchmarks.first_fit``. Every line is a process of its own that imports what a run
imports and fits spectra live, one after the other: with the compiled engine on disk, without it
(in an empty cache folder, so that it has to be made again), and with the numpy engine alone.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time

from benchmarks.processes import PROJECT

FITS = 5
SPACING = 0.5
"""s between two live fits while the compiled engine is being made."""
LONGEST = 180.0
"""s after which the compiled engine is no longer waited for."""


def seconds_of(statement: str) -> float:
    """Return how long a fresh Python takes from its start until it has run a statement, in s."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], cwd=PROJECT, check=True)
    return time.perf_counter() - begun


def live(until_compiled: bool) -> dict[str, object]:
    """Fit live in this process; return the times of the first fits, and of those until it is compiled."""
    begun = time.perf_counter()
    from benchmarks.ours import engine_name, fit_live
    from benchmarks.trajectories import reference

    imported = time.perf_counter() - begun
    trajectory = reference(spectra=20)
    spectra, area = trajectory.spectra(), trajectory.journey.area
    _, seconds = fit_live(spectra[:FITS], area)
    first = [float(each) for each in seconds]
    meanwhile: list[float] = []
    started = time.perf_counter()
    while until_compiled and engine_name() == "numpy" and time.perf_counter() - started < LONGEST:
        meanwhile += [float(each) for each in fit_live(spectra[:FITS], area)[1]]
        threading.Event().wait(SPACING)
    ready = time.perf_counter() - begun
    _, seconds = fit_live(spectra, area)
    return {
        "imported": imported,
        "first": first,
        "meanwhile": meanwhile,
        "ready": ready,
        "engine": engine_name(),
        "after": sorted(float(each) for each in seconds),
    }


def measure(name: str, environment: dict[str, str], until_compiled: bool) -> None:
    """Run `live` in a fresh process and print what it found."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.first_fit", "--live", str(int(until_compiled))],
        cwd=PROJECT, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found = json.loads(answer.stdout)
    first = ", ".join(f"{1e3 * each:.1f}" for each in found["first"])
    print(f"{name}\n  import {found['imported']:.2f} s; first {FITS} fits: {first} ms")
    if found["meanwhile"]:
        slow = sorted(found["meanwhile"])
        print(
            f"  until the compiled engine was ready, after {found['ready']:.1f} s: {len(slow)} fits, "
            f"median {1e3 * slow[len(slow) // 2]:.1f} ms, longest {1e3 * slow[-1]:.1f} ms"
        )
    after = [1e3 * each for each in found["after"]]
    print(
        f"  then, with the {found['engine']} engine: {len(after)} fits, "
        f"median {after[len(after) // 2]:.2f} ms, longest {after[-1]:.2f} ms",
        flush=True,
    )


def main() -> None:
    """Measure all, or fit in this process when asked for it."""
    if sys.argv[1:2] == ["--live"]:
        print(json.dumps(live(sys.argv[2] == "1")))
        return
    empty = seconds_of("pass")
    for statement in ("import numpy", "import analysis", "import numba"):
        print(f"{statement:18}{seconds_of(statement) - empty:6.2f} s (after {empty:.2f} s for Python itself)")
    live(until_compiled=True)  # makes the compiled engine once, where it is not on disk yet
    measure("compiled engine on disk", {}, until_compiled=True)
    with tempfile.TemporaryDirectory() as folder:
        measure("nothing on disk", {"NUMBA_CACHE_DIR": folder}, until_compiled=True)
    measure("numpy engine alone", {"STRIPBENCH_ENGINE": "numpy"}, until_compiled=False)


if __name__ == "__main__":
    main()
