"""The history of spectra as flat arrays, so that thousands of them are drawn with a few strokes. No Qt."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.window.reading.history import Past
from core.records import Complexes, Floats

HOUR = 3600.0
COLOURS = 32
"""Colours that tell the time of a spectrum."""

Integers = NDArray[np.int64]
Points = TypeVar("Points", Floats, Complexes)


@dataclass(frozen=True, eq=False)
class Strands:
    """Spectra one behind the other, oldest first, with a gap behind each.

    Attributes
    ----------
    frequency : ndarray, shape (n,)
        Hz; nan in the gaps.
    impedance : ndarray of complex, shape (n,)
        Ω; nan in the gaps, and where nothing was measured.
    start : ndarray of int, shape (k + 1,)
        Where each of the k spectra begins, and where the last one ends.
    hour : ndarray, shape (k,)
        Bench hours of the middle of each sweep.
    """

    frequency: Floats
    impedance: Complexes
    start: Integers
    hour: Floats

    def __len__(self) -> int:
        return len(self.hour)

    def spectrum_at(self, place: int) -> int:
        """Return which spectrum a place in the flat arrays belongs to."""
        return int(np.searchsorted(self.start, place, side="right")) - 1


@lru_cache(maxsize=4)
def strands(history: tuple[Past, ...], every: int = 1) -> Strands:
    """Return the history as flat arrays; the same object for the same history.

    Parameters
    ----------
    history : tuple of Past
    every : int
        Take every so manieth point of each spectrum only, the last one always among them.
    """
    gap = np.array([np.nan])
    frequency = [part for each in history for part in (_sparse(each.frequency, every), gap)]
    impedance = [part for each in history for part in (_sparse(each.impedance, every), gap)]
    sizes = [len(_sparse(each.frequency, every)) + 1 for each in history]
    return Strands(
        np.concatenate(frequency) if history else np.empty(0),
        np.concatenate(impedance).astype(complex) if history else np.empty(0, dtype=complex),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.array([each.time for each in history]) / HOUR,
    )


def _sparse(points: Points, every: int) -> Points:
    return points[(len(points) - 1) % every :: every]


def stretches(drawn: Strands, until: float) -> list[tuple[int, slice]]:
    """Return the pieces of the flat arrays that have one colour: its number of `COLOURS`, and which they are.

    Parameters
    ----------
    drawn : Strands
    until : float
        The hour of the strongest colour.
    """
    if not len(drawn):
        return []
    colour = colours_of(drawn.hour, float(drawn.hour[0]), until)
    edges = np.flatnonzero(np.diff(colour)) + 1
    begins, ends = np.concatenate([[0], edges]), np.concatenate([edges, [len(drawn)]])
    return [
        (int(colour[a]), slice(int(drawn.start[a]), int(drawn.start[b])))
        for a, b in zip(begins, ends, strict=True)
    ]


def share_of(hour: Floats | float, first: float, until: float) -> Floats:
    """Return how far hours are between the first and the last one, from 0 to 1."""
    span = until - first
    share = (np.asarray(hour) - first) / span if span > 0 else np.ones(np.shape(hour))
    return np.asarray(np.clip(share, 0.0, 1.0))


def colours_of(hour: Floats, first: float, until: float) -> Integers:
    """Return the number of the colour of each hour."""
    return np.asarray(np.rint(share_of(hour, first, until) * (COLOURS - 1)), dtype=np.int64)


def nearest(
    x: Floats, y: Floats, at: tuple[float, float], pixel: tuple[float, float], reach: float
) -> int | None:
    """Return which point is nearest to a place, None if none is within reach.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
    at : tuple of float
        The place, in the same units.
    pixel : tuple of float
        Width and height of a pixel in these units.
    reach : float
        In pixels.
    """
    if not len(x):
        return None
    away = ((x - at[0]) / pixel[0]) ** 2 + ((y - at[1]) / pixel[1]) ** 2
    if np.all(np.isnan(away)):
        return None
    found = int(np.nanargmin(away))
    return found if away[found] <= reach**2 else None
