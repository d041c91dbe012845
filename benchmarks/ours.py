"""Every call of the benchmarks to the engine of this project, and the worker that times it.

Run by `benchmarks.fitting` as ``python -m benchmarks.ours INPUT.npz OUTPUT.npz WAY CORES``, in a fresh
process that keeps to so many cores. The engine is chosen by the environment, as for any user.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis import Fits, LiveFitter, fit, kramers_kronig
from analysis.drift_correction import correct_drift
from analysis.engine.choice import kernels
from analysis.smoothing import smooth
from benchmarks.peers.worker import pin
from benchmarks.trajectories import Trajectory, records
from core.records import Complexes, Fit, Floats, Spectrum

REPEATS = 5
COPIES = 20
"""The same spectra that many times over are enough for several blocks, hence for several cores."""


def fit_trajectory(trajectory: Trajectory, chain: bool = False, drift: bool = True, jobs: int = 1) -> Fits:
    """Fit a trajectory as a laboratory would, with the times of its points.

    Parameters
    ----------
    trajectory : Trajectory
    chain : bool
        Start each fit from the one before.
    drift : bool
        Whether the model may follow what changes during a sweep.
    jobs : int
        Threads.
    """
    given = (trajectory.frequency, trajectory.impedance, trajectory.time())
    return fit(given, area=trajectory.journey.area, chain=chain, drift=drift, jobs=jobs)


def fit_unrelated(trajectory: Trajectory, jobs: int) -> Fits:
    """Fit spectra without a guess and without a word about time, as arrays."""
    return fit((trajectory.frequency, trajectory.impedance), area=trajectory.journey.area, jobs=jobs)


def fit_records(spectra: list[Spectrum], circuit: str | None) -> Fits:
    """Fit unrelated records with a circuit, by default that of a lithium cell."""
    return fit(spectra, circuit)


def engine_name() -> str:
    """Return which engine answers a live fit now: ``"compiled"`` or ``"numpy"``."""
    return kernels().name


def smoothed(fits: Fits) -> Fits:
    """Return the fits of a trajectory seen together."""
    return smooth(fits)


def drift_corrected(trajectory: Trajectory) -> Fits:
    """Fit a trajectory after ln Z has been interpolated between sweeps to the middle of each."""
    return fit(correct_drift(trajectory.spectra()), area=trajectory.journey.area, drift=False)


def fit_live(spectra: list[Spectrum], area: float) -> tuple[list[Fit], Floats]:
    """Fit spectra as they would arrive; return the fits and how long each took, in s, shape (N,)."""
    fitter = LiveFitter(area)
    fits, seconds = [], np.empty(len(spectra))
    for number, spectrum in enumerate(spectra):
        begun = time.perf_counter()
        fits.append(fitter(spectrum))
        seconds[number] = time.perf_counter() - begun
    return fits, seconds


@dataclass(frozen=True, eq=False)
class Given:
    """What the worker is given: arrays as in `Trajectory`; `area` in m²."""

    frequency: Floats
    impedance: Complexes
    time: Floats
    area: float

    def copies(self, count: int) -> Complexes:
        """Return the impedances so many times one after the other."""
        return np.tile(self.impedance, (count, 1))


def timed(work: Callable[[], object], repeats: int) -> float:
    """Return the median of some repetitions, in s."""
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return float(np.median(seconds))


def measure(given: Given, way: str, cores: int) -> dict[str, Floats]:
    """Return R_int, C_int and rms, shape (N,), and seconds a spectrum, shape (1,), or (N,) when live.

    `way` is ``"guess-free"`` or ``"chain"``, each also with ``"+kk"``; ``"live"``; or ``"kk"``, for which
    see `measure_test`.
    """
    if way == "kk":
        return measure_test(given)
    test, chain = way.endswith("+kk"), way.startswith("chain")

    def fit_all(impedance: Complexes) -> Fits:
        pair = (given.frequency, impedance)
        return fit(pair, area=given.area, test=test, chain=chain, jobs=cores)

    found = fit_all(given.impedance)
    result = {"R_int": found.values["R_int"], "C_int": found.values["C_int"], "rms": found.rms_residual}
    if way == "live":
        fits, seconds = fit_live(records(given.frequency, given.impedance, given.time), given.area)
        result = {name: np.array([each[name] for each in fits]) for name in ("R_int", "C_int")}
        return result | {"rms": np.array([each.rms_residual for each in fits]), "seconds": seconds}
    slow = os.environ.get("STRIPBENCH_ENGINE") == "numpy"
    many = given.copies(1 if slow else COPIES)
    seconds = timed(lambda: fit_all(many), 1 if slow else REPEATS) / len(many)
    return result | {"seconds": np.array([seconds])}


def measure_test(given: Given) -> dict[str, Floats]:
    """Return whether each spectrum was objected to, shape (N,), and seconds a spectrum, shape (1,)."""
    found = kramers_kronig((given.frequency, given.impedance))
    many = given.copies(COPIES)
    seconds = timed(lambda: kramers_kronig((given.frequency, many)), REPEATS) / len(many)
    objected = [not verdict.passed or bool(verdict.reason) for verdict in found.verdicts]
    return {"objected": np.array(objected), "seconds": np.array([seconds])}


def stay_on(cores: int) -> None:
    """Keep to so many cores where the system lets a process say so."""
    if cores == 1:
        pin()
    elif hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:cores]))


def main() -> None:
    """Fit what is given, and write what was found and how long it took."""
    source, target, way, cores = sys.argv[1:]
    stay_on(int(cores))
    with np.load(source) as arrays:
        given = Given(arrays["frequency"], arrays["impedance"], arrays["time"], float(arrays["area"]))
    np.savez(target, **measure(given, way, int(cores)))


if __name__ == "__main__":
    main()
