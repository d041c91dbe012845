"""Kramers–Kronig over arrays of spectra: the test of a band, and raising its lowest frequency.

Z is fitted by R0 + jωL + Σ R_k/(1 + jωτ_k) with three τ_k a decade over the measured band, which
is linear least squares and obeys Kramers–Kronig by construction (Boukamp 1995). For the verdict
only Im Z is fitted and Re Z is predicted from it: what has changed during the sweep shows as a shift
of Re Z in the lowest decade, so the signed mean there is judged, in units of its own standard
deviation. The number of elements is fixed, or chosen by Akaike's criterion; choosing it by the sign
of the R_k stops too early, and rejects valid spectra, when one arc is much larger than the others.
Where the spectrum does not end at low frequency (blocking electrodes, diffusion, a truncated arc),
a capacitance in series and one more τ_k are allowed; the test then says less, and knows it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.engine.choice import kernels
from analysis.engine.kk_settings import AICC, FIGURES, NOISE, SCATTER, SCATTER_SIGMA, SIGNED_MEAN
from core.errors import BadInput
from core.records import Bools, Complexes, Floats

Integers = NDArray[np.int64]
Kernel = Callable[[Floats, Complexes, Integers, float, Floats, Complexes], None]

PER_DECADE = 3.0
DENSITIES = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0)
"""Elements a decade: usually, and those that Akaike's criterion chooses from."""

MOST_SIGMA = 4.0
"""A signed mean further from zero than this fails."""

MOST_SCATTER = 2.0
"""Residuals of the lowest decade larger than this many times the noise fail, unless by chance."""

APEX_TO_CUT = 30.0
"""Points down to the apex of the interface arc divided by this are never dropped."""

MANY = 16
"""From so many spectra on, waiting for the compiled engine is quicker than doing without."""

STEP = 10 ** (1 / 3)


@dataclass(frozen=True, eq=False)
class BandTests:
    """The test of N bands.

    Attributes
    ----------
    figures : ndarray, shape (N, 5)
        The columns that the properties below return; nan where a band cannot be judged.
    residual : ndarray of complex, shape (N, n), or None
        (Z − fit)/|Z| of the complex fit, if it was asked for; nan where there is none.
    """

    figures: Floats
    residual: Complexes | None

    def __len__(self) -> int:
        return len(self.figures)

    @property
    def noise(self) -> Floats:
        """Return σ of Re Z and Im Z relative to |Z|, from the scatter of the residuals, shape (N,)."""
        return self.figures[:, NOISE]

    @property
    def signed_mean(self) -> Floats:
        """Return the signed means of the residuals of Re Z predicted from Im Z in the lowest decade.

        In sigma, shape (N,): their width is 1 on valid spectra, also where sigma is known from few
        points only (Student's t turned into a normal deviate).
        """
        return self.figures[:, SIGNED_MEAN]

    @property
    def scatter(self) -> Floats:
        """Return the rms of the complex fit's residuals in the lowest decade over the noise, shape (N,)."""
        return self.figures[:, SCATTER]

    @property
    def scatter_sigma(self) -> Floats:
        """Return how improbable so much scatter is, as a normal deviate, shape (N,)."""
        return self.figures[:, SCATTER_SIGMA]

    @property
    def aicc(self) -> Floats:
        """Return Akaike's corrected criterion of the complex fit, shape (N,)."""
        return self.figures[:, AICC]

    @property
    def testable(self) -> Bools:
        """Return False where there are too few points, or too narrow a band, to tell, shape (N,)."""
        return np.asarray(np.isfinite(self.signed_mean) & np.isfinite(self.scatter_sigma))

    @property
    def passed(self) -> Bools:
        """Return which bands are consistent, shape (N,)."""
        rough = (self.scatter > MOST_SCATTER) & (self.scatter_sigma > MOST_SIGMA)
        return self.testable & (np.abs(self.signed_mean) <= MOST_SIGMA) & ~rough

    def __getitem__(self, chosen: Integers) -> "BandTests":
        """Return the tests of some bands, as copies."""
        return BandTests(self.figures[chosen], None if self.residual is None else self.residual[chosen])

    def put(self, chosen: Integers, other: "BandTests") -> None:
        """Replace the tests of `chosen` by others."""
        self.figures[chosen] = other.figures
        if self.residual is not None and other.residual is not None:
            self.residual[chosen] = other.residual


@dataclass(frozen=True, eq=False)
class Cuts:
    """Where N spectra were cut, and the test before and after.

    Attributes
    ----------
    count : ndarray of int, shape (N,)
        Points kept, the first ones of each row.
    first, last : BandTests
        Of all points, and of those kept.
    """

    count: Integers
    first: BandTests
    last: BandTests


def _prepared(
    frequency: Floats, impedance: Complexes, count: Integers | None
) -> tuple[Floats, Complexes, Integers]:
    """Return the arrays as the kernels want them: contiguous, two-dimensional and writeable."""
    rows = _contiguous(frequency, np.float64, 2)
    whole = _contiguous(impedance, np.complex128, 2)
    if count is None:
        count = np.full(len(whole), whole.shape[1])
    return rows, whole, _contiguous(count, np.int64, 1)


def _contiguous(array: Any, kind: type, dimensions: int) -> Any:
    made: np.ndarray = np.asarray(array, dtype=kind, order="C")
    if made.ndim < dimensions:
        made = made[None]
    return made if made.flags.writeable else made.copy()


def band_tests(
    frequency: Floats,
    impedance: Complexes,
    count: Integers | None = None,
    *,
    elements: str = "fixed",
    residuals: bool = True,
    kernel: Kernel | None = None,
) -> BandTests:
    """Test N bands as they are, without dropping low frequencies.

    Parameters
    ----------
    frequency : ndarray, shape (n,), (1, n) or (N, n)
        Hz, descending; one row may serve all spectra.
    impedance : ndarray of complex, shape (N, n)
        Ω, not zero.
    count : ndarray of int, shape (N,), optional
        How many points of each row are valid, the first ones; by default all.
    elements : {"fixed", "aicc"}
        Three elements a decade, or the density with the smallest Akaike criterion.
    residuals : bool
        Whether to keep the residuals of the complex fit, 16 bytes a point.
    kernel : callable, optional
        What does the work; see `analysis.engine.kk_settings`. By default the engine that is ready.

    Returns
    -------
    BandTests

    Raises
    ------
    BadInput
        If `elements` is something else.
    """
    if elements not in ("fixed", "aicc"):
        raise BadInput(f"elements is {elements!r};", "use 'fixed' or 'aicc'.")
    rows, whole, valid = _prepared(frequency, impedance, count)
    best = _tests(rows, whole, valid, PER_DECADE, residuals, kernel)
    if elements == "aicc":
        for density in DENSITIES:
            other = _tests(rows, whole, valid, density, residuals, kernel)
            better = np.flatnonzero(other.testable & ~(other.aicc >= best.aicc))
            best.put(better, other[better])
    return best


def _tests(
    frequency: Floats,
    impedance: Complexes,
    count: Integers,
    per_decade: float,
    residuals: bool,
    kernel: Kernel | None,
) -> BandTests:
    figures = np.empty((len(impedance), FIGURES))
    residual = np.empty((len(impedance) if residuals else 0, impedance.shape[1]), dtype=complex)
    work = kernel or kernels(wait=len(impedance) >= MANY).band_block
    with np.errstate(all="ignore"):  # a damaged band comes out as nan and is not testable
        work(frequency, impedance, count, per_decade, figures, residual)
    return BandTests(figures, residual if residuals else None)


def raise_cuts(
    frequency: Floats,
    impedance: Complexes,
    count: Integers | None = None,
    *,
    apex: Floats | float | None = None,
    tests: BandTests | None = None,
    elements: str = "fixed",
    residuals: bool = True,
    kernel: Kernel | None = None,
) -> Cuts:
    """Drop low frequencies a third of a decade at a time until what is left passes.

    Parameters
    ----------
    frequency, impedance, count, elements, residuals, kernel
        As in `band_tests`.
    apex : ndarray, shape (N,), or float, optional
        Frequency of the interface arc's apex in Hz; points down to a thirtieth of it are kept
        whatever happens. By default, and where it is nan, `apparent_apexes`.
    tests : BandTests, optional
        Of all points, where they have been made already.

    Returns
    -------
    Cuts
    """
    rows, whole, valid = _prepared(frequency, impedance, count)
    first = tests or band_tests(rows, whole, valid, elements=elements, residuals=residuals, kernel=kernel)
    failing = np.flatnonzero(first.testable & ~first.passed)
    if not len(failing):
        return Cuts(valid, first, first)
    kept, last = valid.copy(), first[np.arange(len(first))]
    limit = _limits(rows, whole, valid, apex)[failing]
    cut = rows[failing if len(rows) > 1 else 0, valid[failing] - 1] * np.ones(len(failing))
    while len(failing):
        cut = cut * STEP
        go_on = cut <= limit
        failing, cut, limit = failing[go_on], cut[go_on], limit[go_on]
        if not len(failing):
            break
        chosen = rows[failing] if len(rows) > 1 else rows
        points = np.sum((chosen >= cut[:, None]) & (np.arange(whole.shape[1]) < valid[failing, None]), axis=1)
        narrower = band_tests(
            chosen, whole[failing], points, elements=elements, residuals=residuals, kernel=kernel
        )
        fine = narrower.testable
        last.put(failing[fine], narrower[np.flatnonzero(fine)])
        kept[failing[fine]] = points[fine]
        go_on = fine & ~narrower.passed
        failing, cut, limit = failing[go_on], cut[go_on], limit[go_on]
    return Cuts(kept, first, last)


def _limits(frequency: Floats, impedance: Complexes, count: Integers, apex: Floats | float | None) -> Floats:
    found = apparent_apexes(frequency, impedance, count)
    if apex is not None:
        given = np.broadcast_to(np.asarray(apex, dtype=float), found.shape)
        found = np.where(np.isnan(given), found, given)
    return found / APEX_TO_CUT


def apparent_apexes(frequency: Floats, impedance: Complexes, count: Integers) -> Floats:
    """Return where −Im Z is largest below 100 kHz, in Hz; the highest frequency if nowhere, shape (N,)."""
    rows = np.atleast_2d(frequency)
    low = (rows < 1e5) & (np.arange(impedance.shape[1]) < np.asarray(count)[:, None])
    largest = np.argmax(np.where(low, -impedance.imag, -np.inf), axis=1)
    found = rows[np.arange(len(impedance)) if len(rows) > 1 else 0, largest]
    return np.asarray(np.where(np.any(low, axis=1), found, rows[:, 0]))
