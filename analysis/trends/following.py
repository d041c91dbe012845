"""Follows the parameters through a run: stiffness, jumps and outliers found, the joint problem solved."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from analysis.engine.choice import NUMPY, kernels
from analysis.trends.banded import solve
from analysis.trends.events import fine_events
from analysis.trends.slopes import slopes
from analysis.trends.stiffness import determined, first_softness, softness_nearby, stiffest, weights
from analysis.trends.stretch import Stretch, leave_out, stretch_of, times_of, usual_stderr, without_outliers
from core.records import Bools, Floats

ROUNDS = 6
"""Estimates of the softness of the whole run; it halves its distance to the end at each."""

LEARNING, STRETCHES = 2000, 4
"""Sweeps that the softness of the whole run is learnt from, and in how many pieces."""

FEWEST = 1e-6
"""Well determined second differences that are needed at least to learn anything."""

SEARCHES = 3
"""Times that the joint problem is searched for jumps and outliers."""

BLOCK, OVERLAP = 20_000, 400
"""Longer runs are solved in blocks; the trend's memory is less than a tenth of the overlap."""

LONG = 1000
"""Shorter runs numpy has smoothed before compiled code is loaded."""

Solver = Callable[..., bool]
Parabolas = Callable[[np.ndarray], tuple[Floats, Floats]]


class Smoothed(NamedTuple):
    """A run seen as a whole.

    Attributes
    ----------
    theta : ndarray, shape (N, p)
    covariance : ndarray, shape (N, p, p)
    softness : ndarray, shape (N, p)
        Variance of the change of slope per sweep, slopes being per sweep.
    restarted : ndarray of bool, shape (N, p)
        Where the trend of a parameter was interrupted because of a jump or a kink.
    outlier : ndarray of bool, shape (N,)
        Sweeps left out because the sweeps around them contradict them.
    single_stderr : ndarray, shape (N, p)
        What single fits know of each parameter there: their usual standard error.
    slope, slope_variance : ndarray, shape (N, p)
        dθ/dt in 1/s and its variance.
    """

    theta: Floats
    covariance: Floats
    softness: Floats
    restarted: Bools
    outlier: Bools
    single_stderr: Floats
    slope: Floats
    slope_variance: Floats

    def part(self, rows: slice) -> "Smoothed":
        """Return some of its sweeps."""
        return Smoothed._make(array[rows] for array in self)


def follow(
    time: Floats,
    information: Floats,
    right: Floats,
    prior_information: Floats,
    prior_right: Floats,
    usable: Bools | None = None,
) -> Smoothed:
    """Smooth a run; the effort grows in proportion to its length.

    Minimises Σ(½ θᵀHᵢθ − bᵢᵀθ) plus the priors once for the whole run plus the second differences of
    every parameter, weighted with a stiffness that is estimated from the run.

    Parameters
    ----------
    time : ndarray, shape (N,)
        Middle of each sweep, s.
    information : ndarray, shape (N, p, p)
        H, what the data of each sweep alone say.
    right : ndarray, shape (N, p)
        b.
    prior_information, prior_right : ndarray, shapes (p, p) and (p,)
        Of the circuit: ½ θᵀPθ − tᵀθ.
    usable : ndarray of bool, shape (N,), optional
        Sweeps to be used; the others are bridged. By default all that are finite.

    Returns
    -------
    Smoothed
        nan throughout where no sweep is usable, and where a time is not finite.
    """
    known = np.isfinite(right).all(axis=1) & np.isfinite(information).all(axis=(1, 2))
    if usable is not None:
        known = known & usable
    result = _unknown(*right.shape)
    blocks = follow_blocks(
        time,
        np.asarray(known, dtype=bool),
        lambda rows: (information[rows], right[rows]),
        prior_information,
        prior_right,
    )
    for rows, found in blocks:
        for whole, piece in zip(result, found, strict=True):
            whole[rows] = piece
    return result


def follow_blocks(
    time: Floats, usable: Bools, parabolas: Parabolas, prior_information: Floats, prior_right: Floats
) -> Iterator[tuple[np.ndarray, Smoothed]]:
    """As `follow`, a block at a time: yields numbers of sweeps, and those sweeps as a part of the run.

    Parameters
    ----------
    time : ndarray, shape (N,)
    usable : ndarray of bool, shape (N,)
    parabolas : callable
        Takes the numbers of n sweeps and returns information (n, p, p) and right-hand sides (n, p);
        what it says of sweeps that are not usable is not looked at.
    prior_information, prior_right : ndarray, shapes (p, p) and (p,)
    """
    finite = np.isfinite(time)
    known = finite & usable
    if not known.any():
        yield np.arange(len(time)), _unknown(len(time), len(prior_right))
        return
    order = np.flatnonzero(finite)[np.argsort(time[finite], kind="stable")]
    unit = _usual_spacing(time[order])
    share = 1 / int(known.sum())
    engine = kernels(wait=True) if len(order) >= LONG else NUMPY

    def part(rows: np.ndarray) -> Stretch:
        return stretch_of(
            time[rows] / unit, *parabolas(rows), prior_information, prior_right, known[rows], share
        )

    softness = _learn(part, order, engine.joint_block)
    for start in range(0, len(order), BLOCK):
        first, last = max(start - OVERLAP, 0), min(start + BLOCK + OVERLAP, len(order))
        found = _follow(part(order[first:last]), softness, engine.joint_block)
        found = found._replace(slope=found.slope / unit, slope_variance=found.slope_variance / unit**2)
        kept = slice(start - first, min(start + BLOCK, len(order)) - first)
        yield order[start : start + BLOCK], found.part(kept)


def _usual_spacing(time: Floats) -> float:
    """Return the median time from sweep to sweep, 1 where there is none."""
    spacing = np.diff(time)
    positive = spacing[spacing > 0]
    return float(np.median(positive)) if len(positive) else 1.0


def _unknown(count: int, size: int) -> Smoothed:
    return Smoothed(
        theta=np.full((count, size), np.nan),
        covariance=np.full((count, size, size), np.nan),
        softness=np.full((count, size), np.nan),
        restarted=np.zeros((count, size), dtype=bool),
        outlier=np.zeros(count, dtype=bool),
        single_stderr=np.full((count, size), np.nan),
        slope=np.full((count, size), np.nan),
        slope_variance=np.full((count, size), np.nan),
    )


def _learn(part: Callable[[np.ndarray], Stretch], order: np.ndarray, solver: Solver) -> Floats:
    """Return the softness of the whole run, shape (p,), learnt from stretches of it."""
    runs = [without_outliers(part(rows)) for rows in _stretches(order)]
    guesses = [first_softness(run.theta[run.usable], times_of(run)[run.usable]) for run, _ in runs]
    softness = np.min(guesses, axis=0)
    largest = stiffest(np.concatenate([run.information for run, _ in runs]))
    for _ in range(ROUNDS):
        total = np.zeros((2, len(softness)))
        for run, free in runs:
            weight = weights(softness, run.spacing, free, largest)
            joint = solve(run.information, run.right, run.spacing, weight, solver)
            total += np.sum(determined(joint, softness, run.spacing, free), axis=1)
        softness = np.maximum(total[0] / np.maximum(total[1], FEWEST), 1 / largest)
    return softness


def _stretches(order: np.ndarray) -> list[np.ndarray]:
    """Return the sweeps the softness is learnt from: all, or stretches spread over the run."""
    if len(order) <= LEARNING:
        return [order]
    length = LEARNING // STRETCHES
    starts = np.linspace(0, len(order) - length, STRETCHES).astype(int)
    return [order[start : start + length] for start in starts]


def _follow(whole: Stretch, softness: Floats, solver: Solver) -> Smoothed:
    """Smooth one block: the joint problem, its softness nearby, and what it shows of jumps and outliers."""
    if not whole.usable.any():
        return _unknown(*whole.right.shape)
    run, free = without_outliers(whole)
    largest = stiffest(run.information)
    nearby = np.broadcast_to(np.maximum(softness, 1 / largest), run.right.shape)
    for search in range(SEARCHES + 1):
        weight = weights(nearby, run.spacing, free, largest)
        joint = solve(run.information, run.right, run.spacing, weight, solver)
        if search == SEARCHES:
            break
        bends, outlier = fine_events(joint, run.information, run.right, run.single, weight, free)
        if search and not (bends.any() or outlier.any()):
            break
        free = free | bends
        run = leave_out(run, outlier)
        nearby = np.maximum(softness_nearby(joint, nearby, run.spacing, free, softness), 1 / largest)
    usual = usual_stderr(whole)
    covariance = joint.covariance.copy()
    size = np.arange(usual.shape[1])
    covariance[:, size, size] += usual**4  # a parabola is wrong by about the square of its own error
    left_out = whole.usable & ~run.usable
    return Smoothed(joint.theta, covariance, nearby, free, left_out, usual, *slopes(joint, run.spacing, free))
