"""Sums, medians and maxima over the sweeps around each."""

import numpy as np

from core.records import Floats

NEIGHBOURHOOD = 31
"""Sweeps that say how large something usually is."""


def median_nearby(values: Floats) -> Floats:
    """Return the median of the stretch of the run that each sweep lies in, shape (N, p)."""
    pieces = max(len(values) // NEIGHBOURHOOD, 1)
    edges = np.linspace(0, len(values), pieces + 1).astype(int)
    length = int(np.max(np.diff(edges)))
    rows = np.minimum(edges[:-1, None] + np.arange(length), edges[1:, None] - 1)
    return np.repeat(np.median(values[rows], axis=1), np.diff(edges), axis=0)


def sum_nearby(values: Floats, width: int) -> Floats:
    """Return the sum over an odd number of sweeps around each, shape (N, p); nothing lies beyond the ends.

    Sums of 1, 2, 4, … sweeps are put together: a running sum would carry the rounding of large values
    on to small ones.
    """
    padded = np.zeros((len(values) + width - 1, *values.shape[1:]))
    padded[width // 2 : width // 2 + len(values)] = values
    total, done, piece, length = np.zeros_like(values), 0, padded, 1
    while done < width:
        if width & length:
            total += piece[done : done + len(values)]
            done += length
        piece = piece[:-length] + piece[length:]
        length *= 2
    return total


def largest_nearby(values: Floats, width: int) -> Floats:
    """Return the maximum over an odd number of sweeps around each, shape (N,)."""
    half = width // 2
    padded = np.pad(values, half, constant_values=-np.inf)
    return np.max(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)
