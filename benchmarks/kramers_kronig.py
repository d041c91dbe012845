"""How often consistency tests cry wolf, how much drift they see, and what they cost.

Run with ``python -m benchmarks.kramers_kronig [SEED]``; one BLAS thread (OPENBLAS_NUM_THREADS=1)
makes the times those of one core. `spectra_for_detection` gives the same spectra to other programs.
"""

import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from analysis.consistency import MOST_SIGMA, band_tests, raise_cuts
from analysis.engine import interpreted_kk
from analysis.engine.choice import kernels
from analysis.zhit import zhit

AREA = 0.541
"""cm² of electrode."""

DRIFTS = (0.0, 0.005, 0.01, 0.02, 0.05, 0.10, 0.20)
RESISTANCES = (100, 1000, 8000)
"""d ln R_int a sweep, and R_int in Ω cm²."""

NOISE = 0.003
EACH = 300
VALID = 500
MANY = 4096


class Detection(NamedTuple):
    """Spectra to be told apart, all at the same frequencies.

    Attributes
    ----------
    frequency : ndarray, shape (69,)
        Hz, descending.
    valid : ndarray of complex, shape (500, 69)
        Ω; along a stripping run from 1 to 12 000 Ω cm², without drift.
    drifting : dict of (int, float) to ndarray of complex, shape (300, 69)
        Ω; by R_int in Ω cm² and drift of ln R_int over the sweep (0 among them); ln C_int falls
        half as fast.
    rng : numpy.random.Generator
        The generator as it is afterwards, for whoever wants more of the same.
    """

    frequency: np.ndarray
    valid: np.ndarray
    drifting: dict[tuple[int, float], np.ndarray]
    rng: np.random.Generator


def cell(rng: np.random.Generator, areal: np.ndarray, drift: float = 0.0, noise: float = NOISE) -> tuple:
    """Return frequencies, shape (69,), and a sweep for each R_int in Ω cm², shape (N, 69)."""
    f = np.geomspace(7e6, 1.0, 69)
    spent = 2.1 / f + 0.1
    seen = np.cumsum(spent) - spent / 2
    share = drift * ((seen - seen.mean()) / (seen[-1] - seen[0]))
    resistance = areal[:, None] / AREA * np.exp(share)
    capacitance = AREA * 1e-6 * (areal[:, None] / 10) ** -0.325 * np.exp(-share / 2)
    alpha = np.interp(np.log(areal), np.log([1, 12_000]), [0.95, 0.86])[:, None]
    z = 2j * np.pi * f * 0.6e-6 + 370 / (1 + 1j * f / 40e6) + 150 / (1 + (1j * f / 6e5) ** 0.9)
    z = z + resistance / (1 + (2j * np.pi * f * resistance * capacitance) ** alpha)
    random = rng.standard_normal(z.shape) + 1j * rng.standard_normal(z.shape)
    return f, z + noise * np.abs(z) * random


def spectra_for_detection(seed: int = 1) -> Detection:
    """Return the spectra of the detection table, the same for everybody."""
    rng = np.random.default_rng(seed)
    f, valid = cell(rng, np.geomspace(1, 12_000, VALID))
    drifting = {
        (r, drift): cell(rng, np.full(EACH, float(r)), drift)[1] for r in RESISTANCES for drift in DRIFTS
    }
    return Detection(f, valid, drifting, rng)


def complex_scatter(frequency: np.ndarray, impedance: np.ndarray) -> np.ndarray:
    """Return how improbable the scatter of the complex fit is in the lowest decade, in sigma."""
    return band_tests(frequency, impedance).scatter_sigma


def imaginary_to_real(frequency: np.ndarray, impedance: np.ndarray) -> np.ndarray:
    """Return the signed mean of Re Z predicted from Im Z in the lowest decade, in sigma."""
    return band_tests(frequency, impedance).signed_mean


def z_hit(frequency: np.ndarray, impedance: np.ndarray) -> np.ndarray:
    """Return the mean of ln|Z| predicted from the phase in the lowest decade, in sigma."""
    return np.array([result.signed_mean for result in zhit((frequency, impedance))])


STATISTICS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "complex": complex_scatter,
    "imaginary → real": imaginary_to_real,
    "Z-HIT": z_hit,
}


def detection_table(spectra: Detection) -> Table:
    """Return the share of sweeps found at 4 sigma, and at 1 % false alarms, against drift."""
    table = Table(title=f"Drift found, % of {EACH} sweeps: at {MOST_SIGMA:g} sigma / at 1 % false alarms")
    for heading in ("R_int, Ω cm²", "statistic", *(f"{drift:.1%} a sweep" for drift in DRIFTS)):
        table.add_column(heading, justify="right")
    for r in RESISTANCES:
        for name, statistic in STATISTICS.items():
            scores = [np.abs(statistic(spectra.frequency, spectra.drifting[r, drift])) for drift in DRIFTS]
            limit = np.quantile(scores[0], 0.99)
            shares = [f"{np.mean(s > MOST_SIGMA):.0%} / {np.mean(s > limit):.0%}" for s in scores]
            table.add_row(str(r), name, *shares)
    return table


def false_alarm_table(spectra: Detection) -> Table:
    """Return what the tests say about valid spectra."""
    table = Table(title=f"False alarms on {VALID} valid spectra, 1 to 12 000 Ω cm²")
    for heading in ("test", "noise", "alarms", "width", "largest"):
        table.add_column(heading, justify="right")
    for noise in (0.001, 0.003, 0.01):
        f, valid = cell(spectra.rng, np.geomspace(1, 12_000, VALID), noise=noise)
        for option in ("fixed", "aicc"):
            tests = band_tests(f, valid, elements=option)
            mean = tests.signed_mean
            row = f"{np.sum(~tests.passed)}", f"{np.std(mean):.2f}", f"{np.max(np.abs(mean)):.1f}"
            table.add_row(f"Kramers–Kronig, {option}", f"{noise:.1%}", *row)
        score = z_hit(f, valid)
        row = f"{np.sum(np.abs(score) > MOST_SIGMA)}", f"{np.std(score):.2f}", f"{np.max(np.abs(score)):.1f}"
        table.add_row("Z-HIT", f"{noise:.1%}", *row)
    return table


def best_of(work: Callable[[], object], turns: int) -> float:
    """Return the shortest time of a few, in µs."""
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1e6 * min(times)


def cost_table(spectra: Detection) -> Table:
    """Return the time a spectrum of 69 points takes, on as many cores as BLAS uses."""
    f, many = cell(spectra.rng, np.geomspace(1, 12_000, MANY))
    one, few = many[:1], many[:500]
    table = Table(title="µs a spectrum")
    for heading in ("engine", f"{MANY} at once", "with cuts, 20 % drift", "one alone"):
        table.add_column(heading, justify="right")
    drifting = cell(spectra.rng, np.full(MANY, 1000.0), 0.2)[1]
    for name, kernel in (
        ("numpy", interpreted_kk.band_block),
        (kernels(True).name, kernels(True).band_block),
    ):
        table.add_row(
            name,
            f"{best_of(lambda k=kernel: band_tests(f, many, kernel=k), 5) / MANY:.0f}",
            f"{best_of(lambda k=kernel: raise_cuts(f, drifting, kernel=k), 3) / MANY:.0f}",
            f"{best_of(lambda k=kernel: raise_cuts(f, one, kernel=k), 200):.0f}",
        )
    table.add_row("Z-HIT", f"{best_of(lambda: zhit((f, few)), 3) / len(few):.0f}", "", "")
    return table


def main() -> None:
    """Print the three tables."""
    spectra = spectra_for_detection(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    console = Console()
    for make in (false_alarm_table, detection_table, cost_table):
        console.print(make(spectra))


if __name__ == "__main__":
    main()
