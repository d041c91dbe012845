"""How right the fits are, on generated strippings whose truth is known.

Run with ``python -m benchmarks.accuracy [--spectra N] [--seed S]``. Four tables: tens of thousands of
spectra of cells nobody tuned for, by noise and by R_int; what smoothing gives; the bias that drift
during the sweep leaves. *The limit* is least squares started from the truth, with the true drift and
the same prior knowledge; it is what a fit that sees one spectrum can reach at best.
"""

import argparse
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, truncnorm

from analysis import Fits
from benchmarks.judgement import misfit, swapped
from benchmarks.limit import limit_of
from benchmarks.ours import drift_corrected, fit_live, fit_trajectory, smoothed
from benchmarks.trajectories import Trajectory, drifting, family, reference
from core.records import Floats

JUDGED_FROM = 10.0
"""Ω cm² from which on there may be no misfit and no swap."""

NORMAL_95 = float(norm.ppf(0.975))
UNSURE = frozenset({"below resolution", "not identifiable", "no fit", "poor fit", "few points"})
"""Flags by which a fit says that its R_int is not to be relied on."""

DRIFTS = (0.01, 0.03, 0.09, 0.18)
SEEDS = range(10, 16)
ENDS = 3
"""Sweeps at both ends that have no neighbours on one side and do not count for the bias."""


@dataclass(frozen=True, eq=False)
class Judged:
    """What was found and what is true, for N spectra; everything but `noise` and `areal` is per spectrum.

    Attributes
    ----------
    noise, areal : ndarray, shape (N,)
        Relative noise, and true R_int in Ω cm².
    off_R, off_C : ndarray, shape (N,)
        Relative errors; nan where no number was given.
    limit_R, limit_C : ndarray, shape (N,)
        The same of the limit.
    z_R, z_C : ndarray, shape (N,)
        Errors of the logarithms over their standard errors.
    covered_R, covered_C : ndarray of bool, shape (N,)
        Whether the 95 % interval holds the truth.
    unsure, misfit, swapped : ndarray of bool, shape (N,)
    """

    noise: Floats
    areal: Floats
    off_R: Floats
    off_C: Floats
    limit_R: Floats
    limit_C: Floats
    z_R: Floats
    z_C: Floats
    covered_R: np.ndarray
    covered_C: np.ndarray
    unsure: np.ndarray
    misfit: np.ndarray
    swapped: np.ndarray

    def part(self, chosen: np.ndarray) -> "Judged":
        """Return some of the spectra."""
        return Judged(**{name: values[chosen] for name, values in vars(self).items()})


def judge(trajectory: Trajectory, fits: Fits) -> Judged:
    """Compare fits with the truth and with the limit."""
    truth = trajectory.truth
    limit = limit_of(trajectory, beforehand=True)
    R, C = fits.values["R_int"], fits.values["C_int"]
    z_R = np.log(R / truth["R_int"]) / (fits.stderrs["R_int"] / R)
    z_C = np.log(C / truth["C_int"]) / (fits.stderrs["C_int"] / C)
    return Judged(
        noise=np.full(len(trajectory), trajectory.journey.noise),
        areal=trajectory.areal,
        off_R=R / truth["R_int"] - 1,
        off_C=C / truth["C_int"] - 1,
        limit_R=limit.R_int / truth["R_int"] - 1,
        limit_C=limit.C_int / truth["C_int"] - 1,
        z_R=z_R,
        z_C=z_C,
        covered_R=_covered(fits, truth["R_int"], z_R),
        covered_C=np.abs(z_C) <= NORMAL_95,
        unsure=np.array([bool(UNSURE & set(flags)) for flags in fits.flags]) | ~np.isfinite(R),
        misfit=misfit(trajectory, fits.rms_residual),
        swapped=swapped(trajectory, fits.values["tau_int"]),
    )


def _covered(fits: Fits, truth: Floats, z: Floats) -> np.ndarray:
    """Return where the 95 % interval of R_int holds the truth: by profile likelihood where it is given."""
    inside = np.abs(z) <= NORMAL_95
    low, high = (fits.values.get(name) for name in ("R_int_low", "R_int_high"))
    if low is None or high is None:
        return inside
    given = np.isfinite(low) | np.isfinite(high)
    between = (truth >= np.nan_to_num(low, nan=0.0)) & (truth <= np.nan_to_num(high, nan=np.inf))
    return np.where(given, between, inside)


def joined(parts: list[Judged]) -> Judged:
    """Return several sets as one."""
    return Judged(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0])}
    )


def width(z: Floats) -> float:
    """Return the standard deviation of what should be normal with width 1, from its middle 95 %."""
    known = z[np.isfinite(z)]
    if len(known) < 20:
        return float("nan")
    low, high = np.quantile(known, (0.025, 0.975))
    return float(np.std(known[(known >= low) & (known <= high)]) / truncnorm(-NORMAL_95, NORMAL_95).std())


def line(name: str, found: Judged) -> str:
    """Return one line of the table; errors and widths are of the fits that trust themselves."""
    sure = found.part(~found.unsure)
    if not len(sure.areal):
        return f"{name:26}{len(found.areal):7}{100.0:10.1f}"
    off_R, limit_R, off_C, limit_C = (
        float(np.median(np.abs(off))) for off in (sure.off_R, sure.limit_R, sure.off_C, sure.limit_C)
    )
    return (
        f"{name:26}{len(found.areal):7}{100 * np.mean(found.unsure):10.1f}"
        f"{np.sum(found.misfit):9}{np.sum(found.swapped & ~found.unsure):7}"
        f"{100 * off_R:9.3f}{off_R / limit_R:7.3f}{100 * off_C:9.3f}{off_C / limit_C:7.3f}"
        f"{width(sure.z_R):8.2f}{width(sure.z_C):6.2f}"
        f"{100 * np.mean(sure.covered_R):8.1f}{100 * np.mean(sure.covered_C):7.1f}"
    )


HEADING = (
    f"{'':26}{'n':>7}{'unsure %':>10}{'misfits':>9}{'swaps':>7}{'R, %':>9}{'/limit':>7}{'C, %':>9}"
    f"{'/limit':>7}{'z ln R':>8}{'ln C':>6}{'95 % R':>8}{'C':>7}"
)


def family_table(spectra: int, seed: int) -> None:
    """Print how the fits of a family of strippings compare with their truth."""
    found = joined([judge(each, fit_trajectory(each)) for each in family(spectra, seed)])
    high = found.areal >= JUDGED_FROM
    print(f"{len(found.areal)} spectra of strippings nobody tuned for; errors are medians, the columns from")
    print("there on are of the fits that are not flagged as unsure\n")
    print(HEADING)
    print(line(f"R_int ≥ {JUDGED_FROM:g} Ω cm²", found.part(high)))
    for noise in np.unique(found.noise):
        print(line(f"  noise {noise:.1%}", found.part(high & (found.noise == noise))))
    edges = [1, 3, 10, 30, 100, 1_000, 10_000, 20_100]
    for low, top in itertools.pairwise(edges):
        chosen = (found.areal >= low) & (found.areal < top)
        print(line(f"  {low:g} to {top:g} Ω cm²", found.part(chosen)))
    confident = ~found.unsure & (np.abs(found.z_R) > 5) & (np.abs(found.off_R) > 0.1)
    print(
        f"\nconfident and wrong (5 standard errors and 10 % off, not flagged): "
        f"{np.sum(confident & high)} of {np.sum(high)} from {JUDGED_FROM:g} Ω cm² on, "
        f"{np.sum(confident & ~high)} of {np.sum(~high)} below"
    )


def smoothing_table() -> None:
    """Print what the neighbours give on the reference spectra."""
    trajectory = reference()
    fits = smoothed(fit_trajectory(trajectory))
    print(f"\n{len(trajectory)} spectra, 10 to 12,000 Ω cm², 0.3 % noise: |error| in %")
    print(f"{'':12}{'R median':>10}{'95 % below':>12}{'C median':>10}{'95 % below':>12}")
    for name, values in (("single", fits.values), ("smoothed", fits.smoothed)):
        row = ""
        for quantity in ("R_int", "C_int"):
            off = np.abs(values[quantity] / trajectory.truth[quantity] - 1)
            off = np.where(np.isfinite(off), off, np.inf)
            row += f"{100 * np.median(off):10.3f}{100 * np.quantile(off, 0.95):12.2f}"
        print(f"{name:12}{row}")


def live_values(trajectory: Trajectory) -> dict[str, Floats]:
    """Return R_int and C_int as a run would have shown them."""
    fits, _ = fit_live(trajectory.spectra(), trajectory.journey.area)
    return {name: np.array([fit[name] for fit in fits]) for name in ("R_int", "C_int", "drift_int")}


WAYS: dict[str, Callable[[Trajectory], dict[str, Floats]]] = {
    "naive": lambda trajectory: fit_trajectory(trajectory, drift=False).values,
    "live": live_values,
    "in-model": lambda trajectory: fit_trajectory(trajectory).values,
    "interpolated": lambda trajectory: drift_corrected(trajectory).values,
}
"""How drift is met: not at all; by the slope of the sweeps before; by that of all neighbours; by
interpolating ln Z between sweeps to mid-sweep."""


def _known(values: Floats) -> Floats:
    """Return the numbers among them; where there is none, as where no drift is looked for, a zero."""
    known = values[np.isfinite(values)]
    return known if len(known) else np.zeros(1)


def drift_table() -> None:
    """Print the bias that drift during the sweep leaves."""
    print("\nbias of R_int and C_int in %, at mid-sweep, and mean drift found, in % a sweep")
    print(f"{'true drift':12}" + "".join(f"{way:>26}" for way in WAYS))
    print(f"{'':12}" + f"{'R_int':>10}{'C_int':>8}{'drift':>8}" * len(WAYS))
    for drift in DRIFTS:
        trajectories = [drifting(drift, seed) for seed in SEEDS]
        row = ""
        for way in WAYS.values():
            off = {"R_int": [], "C_int": [], "drift_int": []}
            for each in trajectories:
                values = way(each)
                inner = slice(ENDS, -ENDS)
                for name in ("R_int", "C_int"):
                    off[name].append((values[name] / each.truth[name] - 1)[inner])
                off["drift_int"].append(values["drift_int"][inner] * each.journey.period)
            means = [100 * float(np.mean(_known(np.concatenate(off[name])))) for name in off]
            row += f"{means[0]:10.3f}{means[1]:8.3f}" + (f"{means[2]:8.2f}" if means[2] else f"{'–':>8}")
        print(f"{drift:<12.0%}{row}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spectra", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()
    family_table(arguments.spectra, arguments.seed)
    smoothing_table()
    drift_table()


if __name__ == "__main__":
    main()
