"""Where one sweep ends and the next begins, in a table that holds several below each other."""

from itertools import pairwise

import numpy as np

from core.records import Floats

BACK_AT_START = 0.99
"""A sweep begins again where the frequency returns to where the one before it began, within 1 %."""
TURNED = 3
"""So many steps against the direction of a sweep are a sweep back, not points out of order."""
SHORTEST = 3
"""Points of the shortest sweep."""


def split(frequency: Floats, groups: Floats | None = None) -> list[slice]:
    """Return the rows of each sweep.

    A sweep ends where a number that counts cycles or sequences changes, unless the frequency goes
    on as before; where the frequency returns to where the sweep began; and where it turns back for
    good. Points that are merely out of order stay together.

    Parameters
    ----------
    frequency : ndarray, shape (n,)
        Hz, in the order of the file.
    groups : ndarray, shape (k, n), optional
        Numbers that change from sweep to sweep.
    """
    edges = [0, len(frequency)]
    if groups is not None and groups.size:
        changed = np.any(np.diff(groups, axis=1) != 0, axis=0)
        places = [int(place) + 1 for place in np.flatnonzero(changed)]
        edges[1:1] = [place for place in places if not _goes_on(frequency, place)]
    result: list[slice] = []
    for first, end in pairwise(edges):
        cuts = _restarts(frequency[first:end])
        bounds = [first, *(first + cut for cut in cuts), end]
        result += [slice(a, b) for a, b in pairwise(bounds)]
    return result


def _goes_on(frequency: Floats, place: int) -> bool:
    """Return whether the step to `place` has the direction of the steps around it."""
    if not SHORTEST <= place <= len(frequency) - 2:
        return False
    around = np.sign(np.diff(frequency[place - SHORTEST : place + 2]))
    return bool(around[0] != 0 and np.all(around == around[0]))


def _restarts(frequency: Floats) -> list[int]:
    """Return where a sweep begins again or turns back, by the frequencies alone."""
    with np.errstate(all="ignore"):
        position = np.log(frequency)
    if len(position) < 2 * SHORTEST or not np.all(np.isfinite(position)):
        return []
    steps = np.sign(np.diff(position)).tolist()
    cuts: list[int] = []
    start, direction = 0, 0.0
    for place, step in enumerate(steps):
        if place < start or direction == 0.0:
            direction = step
        elif step == -direction:
            way_back = direction * (position[start] - position[place + 1])
            turned = steps[place : place + TURNED] == [-direction] * TURNED
            if way_back >= np.log(BACK_AT_START) or turned:
                # a turning point measured twice ends one sweep and begins the next
                start, direction = (place if steps[place - 1] == 0.0 else place + 1), 0.0
                cuts.append(start)
    pieces = np.diff([0, *cuts, len(position)])
    return cuts if np.all(pieces[:-1] >= SHORTEST) else []
