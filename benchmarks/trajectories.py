"""Spectra along stripping trajectories, with the truth beside them.

The cell is lithium on a solid electrolyte: inductance of the cables, bulk, grain boundary and one
interface arc, whose resistance rises while its capacitance and its CPE exponent fall. Everything is
a function of time, so that every point of a sweep sees the cell as it is half way through the
measurement of that point. The generator shares no formula with the engine it is there to judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from core.records import Complexes, Floats, Spectrum

CM2 = 1e-4
"""Square metres in a square centimetre."""
MICROHENRY = 1e-6

ALPHA_GB = 0.9
TYPICAL_L, SPREAD_L = 0.6e-6, 0.05e-6
"""H; the spreads are those between samples, here and below."""
TYPICAL_TAU_BULK, SPREAD_LN_TAU_BULK = 1 / (2 * np.pi * 40e6), 0.2
TYPICAL_TAU_GB, SPREAD_LN_TAU_GB = 1 / (2 * np.pi * 600e3), 0.3
"""s; the arcs of LLZO at 25 °C lie at 40 MHz and 600 kHz."""

SECONDS_A_POINT, PERIODS_A_POINT = 0.1, 2.5
"""A point takes so long for the instrument to settle, and then so many periods."""
PAUSE, LONG_PAUSE = 0.4, 3600.0
"""s between two sweeps; the latter where the cell waits for the sweep and changes in between."""

AMPLITUDE = 5e-6
"""A, peak."""

BLOCK = 4096
"""Spectra made at once; it bounds the memory that making them takes."""


@dataclass(frozen=True)
class Journey:
    """One stripping: how the cell changes, and how it is measured.

    Attributes
    ----------
    spectra : int
        N.
    points : int
        n, equally spaced in ln f between `f_max` and `f_min` in Hz.
    area : float
        m².
    R, C, alpha : tuple of two floats
        Areal R_int in Ω cm² and C_int = τ/R in F/cm², and α_int, at the beginning and at the end.
    onset : float or None
        Share of the journey after which the interface begins to change; None if it changes evenly
        from the first sweep on.
    noise : float
        Standard deviation of Re Z and of Im Z, relative to |Z|.
    R_bulk, R_gb : float
        Ω, at the beginning.
    tau_bulk, tau_gb, L : float
        s, s and H.
    wave, trend : float
        The electrolyte's resistances swing by ± `wave` and fall by `trend` over the journey.
    stands_still : bool
        Whether the cell waits while a sweep is taken, and changes only between sweeps.
    """

    spectra: int = 500
    points: int = 69
    f_max: float = 7e6
    f_min: float = 1.0
    area: float = 0.541 * CM2
    R: tuple[float, float] = (10.0, 12_025.0)
    C: tuple[float, float] = (1e-6, 1e-7)
    alpha: tuple[float, float] = (0.95, 0.86)
    onset: float | None = 0.2
    noise: float = 0.003
    R_bulk: float = 370.0
    R_gb: float = 150.0
    tau_bulk: float = TYPICAL_TAU_BULK
    tau_gb: float = TYPICAL_TAU_GB
    L: float = TYPICAL_L
    wave: float = 0.004
    trend: float = 0.02
    stands_still: bool = True

    @property
    def frequency(self) -> Floats:
        """Frequencies in Hz, descending, shape (n,)."""
        return np.geomspace(self.f_max, self.f_min, self.points)

    @property
    def delay(self) -> Floats:
        """Seconds from the beginning of a sweep until each point is finished, shape (n,)."""
        return np.cumsum(self._seconds)

    @property
    def late(self) -> Floats:
        """Seconds from mid-sweep to the middle of each point's own measurement, shape (n,)."""
        return self.delay - self._seconds / 2 - self.middle

    @property
    def middle(self) -> float:
        """Seconds from the beginning of a sweep to half way between its first and its last point."""
        return float(self.delay[0] + self.delay[-1]) / 2

    @property
    def _seconds(self) -> Floats:
        return SECONDS_A_POINT + PERIODS_A_POINT / self.frequency

    @property
    def period(self) -> float:
        """Seconds from one sweep to the next."""
        return float(self.delay[-1]) + (LONG_PAUSE if self.stands_still else PAUSE)


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Spectra of one journey.

    Attributes
    ----------
    journey : Journey
    frequency : ndarray, shape (n,)
        Hz, descending.
    impedance : ndarray of complex, shape (N, n)
        Ω, with noise.
    start : ndarray, shape (N,)
        Seconds at which each sweep began.
    truth : dict of str to ndarray, shape (N,)
        At mid-sweep, SI and absolute: R_bulk, tau_bulk, R_gb, tau_gb, R_int, tau_int, alpha_int,
        Q_int, C_int, C_int_brug, L, and drift_int and drift_tau (d ln R_int/dt and d ln τ_int/dt
        during the sweep, 1/s).
    """

    journey: Journey
    frequency: Floats
    impedance: Complexes
    start: Floats
    truth: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.impedance)

    @property
    def areal(self) -> Floats:
        """True R_int in Ω cm², shape (N,)."""
        return self.truth["R_int"] * self.journey.area / CM2

    @property
    def sweep(self) -> float:
        """Seconds from the first to the last point of a sweep."""
        return float(self.journey.delay[-1] - self.journey.delay[0])

    def time(self, first: int = 0, last: int | None = None) -> Floats:
        """Return when each point was finished, in s, shape (N, n) or a slice of it."""
        return self.start[first:last, None] + self.journey.delay

    def part(self, chosen: slice | Floats) -> "Trajectory":
        """Return some of its spectra."""
        truth = {name: values[chosen] for name, values in self.truth.items()}
        return replace(self, impedance=self.impedance[chosen], start=self.start[chosen], truth=truth)

    def spectra(self) -> list[Spectrum]:
        """Return the spectra as records, as an instrument would have given them."""
        return records(self.frequency, self.impedance, self.time())


def records(frequency: Floats, impedance: Complexes, time: Floats) -> list[Spectrum]:
    """Return arrays, shape (n,), (N, n) and (N, n), as galvanostatic spectra."""
    nothing, amplitude = np.zeros(len(frequency)), np.full(len(frequency), AMPLITUDE)
    return [
        Spectrum(
            "GEIS", frequency, Z, finished, nothing, nothing, AMPLITUDE * np.abs(Z), amplitude,
            amplitude=AMPLITUDE, pass_number=number,
        )
        for number, (Z, finished) in enumerate(zip(impedance, time, strict=True))
    ]  # fmt: skip


def progress(journey: Journey, time: Floats) -> Floats:
    """Return how far the interface has changed, 0 to about 1, smoothly setting in at the onset.

    Parameters
    ----------
    journey : Journey
    time : ndarray
        s since the journey began, any shape.
    """
    share = time / (journey.spectra * journey.period)
    if journey.onset is None:
        return share
    softness = 0.03
    risen = softness * np.logaddexp(0.0, (share - journey.onset) / softness)
    return risen / (softness * np.logaddexp(0.0, (1 - journey.onset) / softness))


def state(journey: Journey, time: Floats) -> dict[str, Floats]:
    """Return the cell's true elements at the given times, SI and absolute.

    The bulk and grain-boundary capacitances are constant, so that their time constants follow their
    resistances; τ_int = R C, as in Hsu and Mansfeld (2001).
    """
    far = progress(journey, time)
    share = time / (journey.spectra * journey.period)
    electrolyte = 1 + journey.wave * np.sin(6 * np.pi * share) - journey.trend * share
    areal = journey.R[0] * np.exp(far * np.log(journey.R[1] / journey.R[0]))
    capacitance = journey.C[0] * np.exp(far * np.log(journey.C[1] / journey.C[0]))
    return {
        "R_bulk": journey.R_bulk * electrolyte,
        "tau_bulk": journey.tau_bulk * electrolyte,
        "R_gb": journey.R_gb * electrolyte,
        "tau_gb": journey.tau_gb * electrolyte,
        "R_int": areal * CM2 / journey.area,
        "tau_int": areal * capacitance,
        "alpha_int": journey.alpha[0] + far * (journey.alpha[1] - journey.alpha[0]),
    }


def impedance_of(frequency: Floats, elements: dict[str, Floats], inductance: float) -> Complexes:
    """Return the impedance in Ω; the elements broadcast against the frequencies in Hz."""
    s = 2j * np.pi * frequency
    interface = elements["R_int"] / (1 + (s * elements["tau_int"]) ** elements["alpha_int"])
    boundary = elements["R_gb"] / (1 + s**ALPHA_GB * elements["tau_gb"] ** ALPHA_GB)
    bulk = elements["R_bulk"] / (1 + s * elements["tau_bulk"])
    return s * inductance + bulk + boundary + interface


def simulate(journey: Journey, seed: int | tuple[int, ...]) -> Trajectory:
    """Measure a journey.

    Made in blocks with noise keyed by seed and block, so that the numbers do not depend on how much
    is made, and a million spectra take little more memory than they fill.

    Parameters
    ----------
    journey : Journey
    seed : int or tuple of int
    """
    frequency, late = journey.frequency, journey.late
    start = journey.period * np.arange(journey.spectra)
    middle = start + journey.middle
    impedance = np.empty((journey.spectra, journey.points), dtype=complex)
    keys = seed if isinstance(seed, tuple) else (seed,)
    for block, first in enumerate(range(0, journey.spectra, BLOCK)):
        rows = slice(first, first + BLOCK)
        time = middle[rows, None] if journey.stands_still else middle[rows, None] + late
        clean = impedance_of(frequency, state(journey, time), journey.L)
        chance = np.random.default_rng([*keys, block]).standard_normal((*clean.shape, 2))
        impedance[rows] = clean + journey.noise * np.abs(clean) * chance.view(complex)[..., 0]
    return Trajectory(journey, frequency, impedance, start, truth_of(journey, middle))


def truth_of(journey: Journey, middle: Floats) -> dict[str, Floats]:
    """Return the truth of `Trajectory` at the given times."""
    truth = state(journey, middle)
    R, tau, alpha = truth["R_int"], truth["tau_int"], truth["alpha_int"]
    electrolyte = truth["R_bulk"] + truth["R_gb"]
    truth["Q_int"] = tau**alpha / R
    truth["C_int"] = tau / R
    truth["C_int_brug"] = truth["Q_int"] ** (1 / alpha) * (1 / electrolyte + 1 / R) ** ((alpha - 1) / alpha)
    truth["L"] = np.full_like(R, journey.L)
    step = 1e-3 * journey.period
    before, after = state(journey, middle - step), state(journey, middle + step)
    moves = 0.0 if journey.stands_still else 1 / (2 * step)
    truth["drift_int"] = moves * np.log(after["R_int"] / before["R_int"])
    truth["drift_tau"] = moves * np.log(after["tau_int"] / before["tau_int"])
    return truth


def reference(spectra: int = 500, seed: int = 1) -> Trajectory:
    """Return the trajectory that all packages are compared on: 10 to 12,025 Ω cm², 0.3 % noise."""
    return simulate(Journey(spectra=spectra), seed)


def drifting(per_sweep: float, seed: int = 2, spectra: int = 150) -> Trajectory:
    """Return a trajectory on which ln R_int rises by so much from each sweep to the next.

    R_int rises from 100 Ω cm² to at most 12,000 Ω cm² from the first sweep on; C_int falls half as
    fast as R_int rises, so that τ_int drifts, too.
    """
    count = min(spectra, max(20, round(float(np.log(120)) / per_sweep)))
    span = per_sweep * count
    return simulate(
        Journey(
            spectra=count, R=(100.0, 100.0 * np.exp(span)), C=(1e-6, 1e-6 * np.exp(-span / 2)),
            onset=None, stands_still=False,
        ),
        seed,
    )  # fmt: skip


def random_journey(chance: np.random.Generator) -> Journey:
    """Return a stripping of a cell nobody tuned for.

    Time constants and inductance scatter as they do between samples (see the constants of this
    module), R_int lies between 1 and 20,000 Ω cm², noise is 0.1, 0.3 or 1 %, and ln R_int rises by
    0 to 20 % a sweep.
    """
    begin = float(10 ** chance.uniform(0.0, 3.0))
    speed = 0.0 if chance.random() < 0.2 else float(10 ** chance.uniform(-3.0, np.log10(0.2)))
    longest = float(np.log(20_000.0 / begin))
    standing = speed == 0.0
    span = longest * float(chance.uniform(0.3, 1.0)) if standing else min(longest, 200 * speed)
    spectra = 150 if standing else int(np.clip(span / speed, 20, 200))
    capacitance = 1e-6 * (begin / 10) ** (-1 / 3) * float(np.exp(0.4 * chance.standard_normal()))
    bulk = 370.0 * float(np.exp(0.2 * chance.standard_normal()))
    alpha = float(chance.uniform(0.85, 0.97))
    return Journey(
        spectra=spectra,
        points=int(chance.choice([35, 49, 69, 99])),
        f_min=float(chance.choice([0.1, 1.0, 1.0, 10.0])),
        area=float(chance.choice([0.2, 0.541, 0.785, 1.13])) * CM2,
        R=(begin, begin * float(np.exp(span))),
        C=(capacitance, capacitance * float(np.exp(-span / 3))),
        alpha=(alpha, max(0.75, alpha - float(chance.uniform(0.0, 0.1)))),
        onset=float(chance.uniform(0.0, 0.3)) if standing else None,
        noise=float(chance.choice([0.001, 0.003, 0.01])),
        R_bulk=bulk,
        R_gb=bulk * 150 / 370 * float(np.exp(0.3 * chance.standard_normal())),
        tau_bulk=TYPICAL_TAU_BULK * float(np.exp(SPREAD_LN_TAU_BULK * chance.standard_normal())),
        tau_gb=TYPICAL_TAU_GB * float(np.exp(SPREAD_LN_TAU_GB * chance.standard_normal())),
        L=TYPICAL_L + SPREAD_L * float(chance.standard_normal()),
        stands_still=standing,
    )


def family(least: int = 30_000, seed: int = 3) -> Iterator[Trajectory]:
    """Yield random journeys until at least so many spectra have been made."""
    made, number = 0, 0
    while made < least:
        journey = random_journey(np.random.default_rng([seed, number]))
        yield simulate(journey, (seed, number, 1))
        made, number = made + journey.spectra, number + 1
