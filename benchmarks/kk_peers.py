"""Kramers–Kronig tests side by side: how long, how many false alarms, how much drift is seen.

Run with ``python -m benchmarks.kk_peers [--environments FOLDER]``. The valid spectra are those of
`benchmarks.fitting`; the drifting ones have an interface of 1,000 Ω cm² whose ln R rises, and ln C falls
by half as much, by so much during one sweep. Other packages return residuals and no verdict: they
object where a residual of Re Z or Im Z exceeds 2 %, nearly seven times the noise. Ours objects where
it fails the spectrum or drops a point of it. Slow packages get few spectra.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import environments
from benchmarks.environments import Environment, NotInstalled, default_folder, python_of
from benchmarks.processes import Failed, run_module, run_script
from benchmarks.trajectories import Journey, Trajectory, reference, simulate
from core.records import Complexes

OBJECTION = 0.02
DRIFTS = (0.005, 0.01, 0.02, 0.05, 0.10, 0.20)
AREAL = 1000.0


@dataclass(frozen=True)
class Test:
    """One way to test; `valid` and `drifting` are how many spectra of each kind, and at each drift."""

    name: str
    valid: int
    drifting: int
    script: str = ""
    environments: tuple[Environment, ...] = ()
    arguments: tuple[str, ...] = ()


PYIMPSPEC = (environments.PYIMPSPEC, environments.PYIMPSPEC_OLD)
TESTS = (
    Test("ours", 500, 200),
    Test("impedance.py, c = 0.85 (its default)", 100, 10, "impedance_linkk", (environments.IMPEDANCE,),
         ("0.85", "50")),
    Test("impedance.py, c = 0.5", 50, 5, "impedance_linkk", (environments.IMPEDANCE,), ("0.5", "100")),
    Test("pyimpspec, all defaults (all cores)", 3, 0, "pyimpspec_kk", PYIMPSPEC),
)  # fmt: skip


def drifted(drift: float, count: int) -> Complexes:
    """Return spectra during each of which ln R_int rises by `drift`, shape (count, n)."""
    capacitance = 1e-6 * (AREAL / 10) ** (-1 / 3)
    journey = Journey(
        spectra=1, R=(AREAL, AREAL * float(np.exp(drift))),
        C=(capacitance, capacitance * float(np.exp(-drift / 2))), onset=None, stands_still=False,
    )  # fmt: skip
    return np.concatenate([simulate(journey, (6, number)).impedance for number in range(count)])


def measure(test: Test, trajectory: Trajectory, folder: Path) -> tuple[float, list[float]]:
    """Return ms a spectrum, and the share objected to: of valid spectra, then of each drift.

    Raises
    ------
    NotInstalled, Failed
        If the package cannot be installed or does not come back.
    """
    places = np.linspace(0, len(trajectory) - 1, test.valid).astype(int)
    sets = [trajectory.impedance[places]]
    if test.drifting:
        sets += [drifted(drift, test.drifting) for drift in DRIFTS]
    impedance = np.concatenate(sets)
    given = {"frequency": trajectory.frequency, "impedance": impedance}
    if test.script:
        found = run_script(_python(test, folder), test.script, given, *test.arguments)
        residual = found["residual"]
        objected = np.max(np.maximum(np.abs(residual.real), np.abs(residual.imag)), axis=1) > OBJECTION
        seconds = found["seconds"][: test.valid]
    else:
        more = {"time": np.zeros((1, 1)), "area": trajectory.journey.area}
        found = run_module("benchmarks.ours", given | more, "kk", "1")
        objected, seconds = found["objected"], found["seconds"]
    ends = np.cumsum([len(each) for each in sets])[:-1]
    return 1e3 * float(np.mean(seconds)), [float(np.mean(each)) for each in np.split(objected, ends)]


def _python(test: Test, folder: Path) -> Path:
    reasons = []
    for environment in test.environments:
        try:
            return python_of(environment, folder)
        except NotInstalled as problem:
            reasons.append(f"{environment.name}: {problem}")
    raise NotInstalled("; ".join(reasons))


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environments", type=Path, default=default_folder(), metavar="FOLDER")
    folder = parser.parse_args().environments
    print(f"{'':38}{'n':>5}{'ms each':>11}{'/ ours':>10}{'false alarms':>14}   objected to, drift a sweep of")
    print(" " * 81 + "".join(f"{drift:>7.1%}" for drift in DRIFTS))
    trajectory, own = reference(), float("nan")
    for test in TESTS:
        try:
            each, shares = measure(test, trajectory, folder)
        except NotInstalled as problem:
            print(f"{test.name:38} not installed: {problem}")
            continue
        except Failed as problem:
            print(f"{test.name:38} no result: {problem}")
            continue
        own = each if not test.script else own
        alarms = f"{round(shares[0] * test.valid)} of {test.valid}"
        row = "".join(f"{share:>7.0%}" for share in shares[1:])
        print(f"{test.name:38}{test.valid:5}{each:11.4g}{each / own:10.3g}{alarms:>14}   {row}", flush=True)


if __name__ == "__main__":
    main()
