"""Arrays that grow, and the thinning of long traces."""

import numpy as np

from core.records import Floats


class Columns:
    """Rows of numbers that are appended while somebody else draws them.

    What `view` has handed out never changes afterwards: appending writes behind its end or moves to
    a larger array, and replacing a row moves to a copy.

    Parameters
    ----------
    width : int
        Numbers in a row.
    """

    def __init__(self, width: int) -> None:
        self._rows = np.empty((256, width))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, rows: Floats) -> None:
        """Append rows, shape (m, width)."""
        needed = self._length + len(rows)
        if needed > len(self._rows):
            larger = np.empty((max(needed, 2 * len(self._rows)), self._rows.shape[1]))
            larger[: self._length] = self._rows[: self._length]
            self._rows = larger
        self._rows[self._length : needed] = rows
        self._length = needed

    def replace(self, position: int, row: Floats) -> None:
        """Put another row, shape (width,), at a position."""
        self._rows = self._rows.copy()
        self._rows[position] = row

    @property
    def view(self) -> Floats:
        """The rows so far, shape (n, width); not to be written to."""
        rows = self._rows[: self._length]
        rows.flags.writeable = False
        return rows


def thin(time: Floats, value: Floats, most: int) -> tuple[Floats, Floats]:
    """Thin a trace to its envelope: the lowest and the highest sample of equal stretches.

    Every peak stays visible, and so do the first and the last sample. Values that are not finite
    are left out.

    Parameters
    ----------
    time, value : ndarray, shape (n,)
    most : int
        Points wanted at most, at least 4; a shorter trace comes back as it is.

    Returns
    -------
    time, value : ndarray, shape (m,), m ≤ most
    """
    finite = np.isfinite(value)
    if not np.all(finite):
        time, value = time[finite], value[finite]
    if len(time) <= most:
        return time, value
    size = -(-(len(time) - 2) // ((most - 2) // 2))
    inside = value[1:-1]
    blocks = np.pad(inside, (0, -len(inside) % size), mode="edge").reshape(-1, size)
    found = np.stack([blocks.argmin(axis=1), blocks.argmax(axis=1)], axis=1)
    found += size * np.arange(len(blocks))[:, None]
    positions = 1 + np.minimum(np.sort(found, axis=1).ravel(), len(inside) - 1)
    chosen = np.concatenate([[0], positions, [len(time) - 1]])
    return time[chosen], value[chosen]
