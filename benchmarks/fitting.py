"""How fast and how right: our fits beside other people's, all on the same spectra.

Run with ``python -m benchmarks.fitting [--environments FOLDER] [--only WORD]``. Each package gets a
Python environment of its own, which the command makes when it is missing (a few minutes, once);
after that it takes about five minutes, most of which the slower packages need for 25 spectra.

The spectra are one stripping from 10 to 12,000 Ω cm² with 0.3 % noise. All packages fit
L-p(R,C)-p(R,CPE)-p(R,CPE); theirs hold the inductance at its true value, ours has it free within what
is known of cables. *Cold* is a sensible guess that is the same for all spectra; *warm* starts from
the spectrum before; *guess-free* is given nothing at all. *Wrong* is more than 10 % off in R_int or
30 % in C_int; the limit, least squares from the truth, is not free of it either at 10 Ω cm².
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import environments
from benchmarks.environments import Environment, NotInstalled, default_folder, python_of
from benchmarks.judgement import Found, errors, found_by_peer, misfit, wrong
from benchmarks.limit import limit_of
from benchmarks.processes import Failed, run_module, run_script
from benchmarks.trajectories import ALPHA_GB, TYPICAL_L, Trajectory, reference

GOOD_GUESS = np.array([300.0, 1e-11, 100.0, 1e-8, 1000.0, 1e-6, 0.9])
"""In the order of `benchmarks.peers.worker.NAMES`."""

WHOLE = slice(None)


@dataclass(frozen=True)
class Peer:
    """One way to use somebody else's package.

    Attributes
    ----------
    name : str
    script : str
        In ``benchmarks/peers``.
    environments : tuple of Environment
        Those it runs in, the best first; empty if SciPy, which we need ourselves, is enough.
    chosen : int or slice
        How many spectra, evenly spaced, or which neighbouring ones: slow packages get few.
    chain : bool
        Whether each fit starts from the one before.
    arguments : tuple of str
        For the script.
    """

    name: str
    script: str
    environments: tuple[Environment, ...]
    chosen: int | slice
    chain: bool = False
    arguments: tuple[str, ...] = ()


PYIMPSPEC = (environments.PYIMPSPEC, environments.PYIMPSPEC_OLD)

PEERS = (
    Peer("lmfit by hand, cold", "lmfit_by_hand", (environments.LMFIT,), 250),
    Peer("lmfit by hand, warm", "lmfit_by_hand", (environments.LMFIT,), WHOLE, chain=True),
    Peer("scipy, analytic derivatives, cold", "scipy_least_squares", (), WHOLE),
    Peer("scipy, analytic derivatives, warm", "scipy_least_squares", (), WHOLE, chain=True),
    Peer("impedance.py with care, cold", "impedance_with_care", (environments.IMPEDANCE,), 25),
    Peer("impedance.py with care, warm", "impedance_with_care", (environments.IMPEDANCE,),
         slice(225, 275), chain=True),
    Peer("pyimpspec leastsq with care, cold", "pyimpspec_leastsq", PYIMPSPEC, 25),
    Peer("pyimpspec leastsq with care, warm", "pyimpspec_leastsq", PYIMPSPEC, slice(225, 325), chain=True),
    Peer("pyimpspec, all defaults (all cores)", "pyimpspec_leastsq", PYIMPSPEC, 1, arguments=("auto",)),
)  # fmt: skip


@dataclass(frozen=True)
class Own:
    """One way to use ours; `way` and `cores` as in `benchmarks.ours.main`."""

    name: str
    way: str
    cores: int = 1
    engine: str = "compiled"


OURS = (
    Own("ours, guess-free + covariance", "guess-free"),
    Own("ours, guess-free + cov. + KK", "guess-free+kk"),
    Own("ours, guess-free + cov., 2 cores", "guess-free", cores=2),
    Own("ours, guess-free + cov. + KK, 2 cores", "guess-free+kk", cores=2),
    Own("ours, warm chain + covariance", "chain"),
    Own("ours, warm chain + cov. + KK", "chain+kk"),
    Own("ours without numba, guess-free + KK", "guess-free+kk", engine="numpy"),
    Own("ours without numba, warm chain + KK", "chain+kk", engine="numpy"),
    Own("ours live, one at a time + KK", "live"),
    Own("ours live without numba", "live", engine="numpy"),
)


@dataclass(frozen=True, eq=False)
class Row:
    """One line of the table."""

    name: str
    part: Trajectory
    rate: float
    found: Found
    note: str = ""

    @property
    def warm(self) -> bool:
        """Whether it is to be compared with warm fits."""
        return "warm" in self.name or "live" in self.name


def part_of(trajectory: Trajectory, chosen: int | slice) -> Trajectory:
    """Return so many evenly spaced spectra, or those neighbouring ones."""
    if isinstance(chosen, slice):
        return trajectory.part(chosen)
    middle = len(trajectory) // 2
    places = np.linspace(0, len(trajectory) - 1, chosen).astype(int) if chosen > 1 else [middle]
    return trajectory.part(np.asarray(places))


def measure_peer(peer: Peer, trajectory: Trajectory, folder: Path) -> Row:
    """Let a package fit its spectra.

    Raises
    ------
    NotInstalled
        If it cannot be installed here.
    Failed
        If it does not come back.
    """
    part = part_of(trajectory, peer.chosen)
    given = {
        "frequency": part.frequency,
        "impedance": part.impedance,
        "guess": GOOD_GUESS,
        "inductance": TYPICAL_L,
        "alpha_gb": ALPHA_GB,
        "chain": peer.chain,
    }
    result = run_script(_python(peer, folder), peer.script, given, *peer.arguments)
    found = found_by_peer(part, result["parameters"])
    return Row(peer.name, part, 1 / float(np.mean(result["seconds"])), found, str(result["version"]))


def _python(peer: Peer, folder: Path) -> str:
    if not peer.environments:
        return environments.sys.executable
    reasons = []
    for environment in peer.environments:
        try:
            return str(python_of(environment, folder))
        except NotInstalled as problem:
            reasons.append(f"{environment.name}: {problem}")
    raise NotInstalled("; ".join(reasons))


def measure_own(own: Own, trajectory: Trajectory) -> Row:
    """Fit the spectra ourselves, in a process of its own, too."""
    given = {
        "frequency": trajectory.frequency,
        "impedance": trajectory.impedance,
        "time": trajectory.time(),
        "area": trajectory.journey.area,
    }
    result = run_module(
        "benchmarks.ours", given, own.way, str(own.cores), environment={"STRIPBENCH_ENGINE": own.engine}
    )
    found = Found(result["R_int"], result["C_int"], result["rms"])
    seconds = result["seconds"]
    note = ""
    if own.way == "live":
        note = (
            f"median {1e3 * np.median(seconds):.2f} ms, 95 % below {1e3 * np.quantile(seconds, 0.95):.2f} ms"
        )
    return Row(own.name, trajectory, 1 / float(np.mean(seconds)), found, note)


def rows(trajectory: Trajectory, folder: Path, only: str) -> Iterator[Row | str]:
    """Yield the lines of the table as they are measured; text for what could not be."""
    for each in (*PEERS, *OURS):
        if only not in each.name:
            continue
        try:
            if isinstance(each, Peer):
                yield measure_peer(each, trajectory, folder)
            else:
                yield measure_own(each, trajectory)
        except NotInstalled as problem:
            yield f"{each.name:38} not installed: {problem}"
        except Failed as problem:
            yield f"{each.name:38} no result: {problem}"


def shown(row: Row, lmfit: dict[bool, float]) -> str:
    """Return one line of the table."""
    limit = limit_of(row.part, beforehand=False)
    off = errors(row.part, row.found)
    least = errors(row.part, Found(limit.R_int, limit.C_int, limit.rms))
    ratio = row.rate / lmfit[row.warm] if row.warm in lmfit else float("nan")
    return (
        f"{row.name:38}{len(row.part):5}{row.rate:10.4g}{ratio:10.3g}"
        + "".join(
            f"{100 * np.median(mine):8.3f} ({100 * np.median(best):.3f})"
            for mine, best in zip(off, least, strict=True)
        )
        + f"{100 * np.mean(wrong(row.part, row.found)):9.1f}"
        + f"{100 * np.mean(misfit(row.part, row.found.rms)):9.1f}   {row.note}"
    )


def heading(trajectory: Trajectory) -> str:
    """Return what stands above the table."""
    limit = limit_of(trajectory, beforehand=False)
    share = np.mean(wrong(trajectory, Found(limit.R_int, limit.C_int, limit.rms)))
    areal = trajectory.areal
    return "\n".join(
        [
            f"{len(trajectory)} spectra of {trajectory.journey.points} points, {areal[0]:.0f} to "
            f"{areal[-1]:.0f} Ω cm², {trajectory.journey.noise:.1%} noise; one core unless it is said",
            "ratio: to lmfit cold, of warm and live rows to lmfit warm; errors: medians, in brackets those",
            f"of the limit (least squares from the truth) on the same spectra; there {share:.1%} are wrong\n",
            f"{'':38}{'n':>5}{'fits/s':>10}{'ratio':>10}{'R_int, %':>16}{'C_int, %':>16}"
            f"{'wrong %':>9}{'misfit %':>9}",
        ]
    )


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environments", type=Path, default=default_folder(), metavar="FOLDER",
                        help="where the packages' environments are kept")  # fmt: skip
    parser.add_argument("--only", default="", metavar="WORD", help="only lines with this word in their name")
    arguments = parser.parse_args()
    trajectory = reference()
    print(heading(trajectory))
    lmfit: dict[bool, float] = {}
    for row in rows(trajectory, arguments.environments, arguments.only):
        if isinstance(row, str):
            print(row, flush=True)
            continue
        if row.name.startswith("lmfit"):
            lmfit[row.warm] = row.rate
        print(shown(row, lmfit), flush=True)


if __name__ == "__main__":
    main()
