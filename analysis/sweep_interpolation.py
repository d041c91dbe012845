"""ln Z of every frequency, interpolated between consecutive sweeps to one instant of each, as arrays."""

from dataclasses import dataclass

import numpy as np

from analysis.between_sweeps import Change, Verdict, change_between, judge
from core.errors import BadInput
from core.records import Bools, Complexes, Floats

LONGEST_GAP = 4.0
"""Sweeps further apart than this many sweep durations are no neighbours."""

LARGEST = 0.7
"""Change of ln Z that is corrected at most."""

BLOCK = 2048
"""Spectra that are worked on at a time."""

BESIDE = 2
"""Sweeps on either side of a block that are looked at, too."""


@dataclass(frozen=True, eq=False)
class CorrectedArrays:
    """Corrected impedances of N sweeps of n frequencies, and how they came about.

    Attributes
    ----------
    impedance : ndarray of complex, shape (N, n)
    corrected, carried, jump : ndarray of bool, shape (N, n)
        Points that were changed; those of them whose drift was carried on from one side only; and
        points next to a jump.
    """

    impedance: Complexes
    corrected: Bools
    carried: Bools
    jump: Bools


def correct_arrays(
    frequency: Floats,
    impedance: Complexes,
    time: Floats,
    instant: Floats | None = None,
    linked: Bools | None = None,
) -> CorrectedArrays:
    """Correct many sweeps of the same frequencies.

    Parameters
    ----------
    frequency : ndarray, shape (n,)
        Hz, ascending or descending.
    impedance : ndarray of complex, shape (N, n)
        Ω; nan where there is no point.
    time : ndarray, shape (N, n)
        Middle of each point's own measurement, s.
    instant : ndarray, shape (N,), optional
        What to correct to, s; by default the middle between the first and the last point.
    linked : ndarray of bool, shape (N − 1,), optional
        Whether each sweep and the next are of one state; by default all are. Gaps are found here.
    """
    count, n = impedance.shape
    if np.shape(time) != (count, n) or np.shape(frequency) != (n,):
        raise BadInput(
            f"Times {np.shape(time)} and frequencies {np.shape(frequency)} do not fit impedances {count, n};",
            "give one frequency for each column and one time for each point.",
        )
    whole = CorrectedArrays(
        np.array(impedance, dtype=complex), *(np.zeros((count, n), dtype=bool) for _ in range(3))
    )
    together = np.ones(max(count - 1, 0), dtype=bool) if linked is None else linked
    for first in range(0, count, BLOCK):
        start, end = max(first - BESIDE, 0), min(first + BLOCK + BESIDE, count)
        rows, kept = slice(start, end), slice(first - start, min(first + BLOCK, count) - start)
        z, t = impedance[rows], time[rows]
        at = (np.nanmin(t, axis=1) + np.nanmax(t, axis=1)) / 2 if instant is None else instant[rows]
        nothing = np.full((1, n), np.nan)
        before = np.concatenate([nothing + 0j, z[:-1]]), np.concatenate([nothing, t[:-1]])
        after = np.concatenate([z[1:], nothing + 0j]), np.concatenate([t[1:], nothing])
        grid = np.broadcast_to(frequency, z.shape)
        found = interpolate(grid, z, t, at, before, after, near(t, at, together[start : end - 1]))
        inside = slice(first, first + BLOCK)
        for name in ("impedance", "corrected", "carried", "jump"):
            getattr(whole, name)[inside] = getattr(found, name)[kept]
    return whole


def near(time: Floats, instant: Floats, linked: Bools) -> Bools:
    """Return which sweeps and their next are of one state and close enough, shape (N − 1,)."""
    duration = np.nanmax(time, axis=1, initial=-np.inf) - np.nanmin(time, axis=1, initial=np.inf)
    gap = np.diff(instant)
    return np.asarray(linked & (gap > 0) & (gap <= LONGEST_GAP * np.maximum(duration[:-1], duration[1:])))


def interpolate(
    frequency: Floats,
    impedance: Complexes,
    time: Floats,
    instant: Floats,
    before: tuple[Complexes, Floats],
    after: tuple[Complexes, Floats],
    together: Bools,
) -> CorrectedArrays:
    """Correct consecutive sweeps whose neighbours are given at their own frequencies.

    Parameters
    ----------
    frequency, impedance, time : ndarray, shape (N, n)
        Hz, monotonic where finite; Ω; s.
    instant : ndarray, shape (N,)
        What to correct to, s.
    before, after : (ndarray, ndarray), shapes (N, n)
        Impedances of the sweep before and after, and when they were measured; nan where unknown.
    together : ndarray of bool, shape (N − 1,)
        Whether each sweep and the next are neighbours.
    """
    ends = np.zeros(1, dtype=bool)
    has_before, has_after = np.concatenate([ends, together]), np.concatenate([together, ends])
    ahead = _where(change_between(impedance, after[0], time, after[1]), has_after)
    behind = _where(change_between(before[0], impedance, before[1], time), has_before)
    verdict_ahead, verdict_behind = judge(frequency, ahead), judge(frequency, behind)
    lag = instant[:, None] - time
    moved = verdict_ahead.significant | verdict_behind.significant
    drifts = np.any(moved, axis=1, keepdims=True)
    later, later_carried = _shift(lag, ahead, verdict_ahead, behind, verdict_behind)
    sooner, sooner_carried = _shift(-lag, behind, verdict_behind, ahead, verdict_ahead)
    shift = np.where(lag >= 0, later, -sooner)
    with np.errstate(invalid="ignore"):
        small = np.abs(shift) < LARGEST
    good = np.asarray(drifts & small & np.isfinite(impedance), dtype=bool)
    carried = np.where(lag >= 0, later_carried, sooner_carried) & good
    corrected = impedance * np.exp(np.where(good, shift, 0.0))
    return CorrectedArrays(corrected, good, carried, verdict_ahead.jump | verdict_behind.jump)


def _shift(
    lag: Floats, towards: Change, verdict: Verdict, away: Change, away_verdict: Verdict
) -> tuple[Complexes, Bools]:
    """Return by how much ln Z changes over `lag` seconds towards a neighbour, and where it was carried on."""
    with np.errstate(invalid="ignore"):
        between = ~verdict.jump & (lag <= towards.span)
        shift = np.where(between, towards.rate * lag, np.nan)
        carried = ~np.isfinite(shift) & away_verdict.significant & ~away_verdict.jump
        return np.where(carried, away.smooth_rate * lag, shift), carried


def _where(change: Change, linked: Bools) -> Change:
    return Change(*(np.where(linked[:, None], part, np.nan) for part in change))
