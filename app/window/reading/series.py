"""Arrays that grow, the thinning of long traces, and their pyramids of envelopes."""

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


class Pyramid:
    """A long trace with its envelopes, coarser and coarser, built as it grows.

    Every level holds the lowest and the highest sample of stretches of `FACTOR` times as many
    samples as the level below, so a view of any width is drawn from a few thousand points, and no peak
    is ever lost. One thread may extend it while others look.

    Notes
    -----
    Times are expected to rise. One that falls behind the time before it is taken as that time, and
    samples that are not finite are left out.
    """

    FACTOR = 8

    def __init__(self) -> None:
        self._building: list[tuple[Columns, Columns]] = []
        self._levels: tuple[tuple[Floats, Floats], ...] = ((np.empty(0), np.empty(0)),)

    def __len__(self) -> int:
        return len(self._levels[0][0])

    @property
    def first(self) -> float:
        """The time of the first sample, nan without one."""
        time = self._levels[0][0]
        return float(time[0]) if len(time) else float("nan")

    @property
    def last(self) -> float:
        """The time of the last sample, nan without one."""
        time = self._levels[0][0]
        return float(time[-1]) if len(time) else float("nan")

    def extend(self, time: Floats, value: Floats) -> None:
        """Append samples, shape (m,)."""
        time, value = np.asarray(time, dtype=float), np.asarray(value, dtype=float)
        finite = np.isfinite(time) & np.isfinite(value)
        time, value = time[finite], value[finite]
        if not len(time):
            return
        latest = self.last if len(self) else -np.inf
        self._append(0, np.maximum.accumulate(np.maximum(time, latest)), value)
        # Whoever looks meanwhile goes on with the levels as they were: they are replaced all at once.
        self._levels = tuple((times.view[:, 0], values.view[:, 0]) for times, values in self._building)

    def at(self, time: float) -> float:
        """Return the value of the sample nearest to a time, nan where there is none."""
        times, values = self._levels[0]
        if not len(times):
            return float("nan")
        after = min(int(np.searchsorted(times, time)), len(times) - 1)
        before = max(after - 1, 0)
        nearest = before if time - times[before] < times[after] - time else after
        return float(values[nearest])

    def along(self, time: Floats) -> Floats:
        """Return the value at times, shape (m,), on straight lines between the samples.

        Before the first and after the last sample it is theirs. Only looked up: `numpy.interp` would
        copy the whole trace, because it is not to be written to.
        """
        times, values = self._levels[0]
        if len(times) < 2:
            return np.full(len(time), values[0] if len(values) else np.nan)
        after = np.clip(np.searchsorted(times, time), 1, len(times) - 1)
        before = after - 1
        width = times[after] - times[before]
        share = np.clip((time - times[before]) / np.where(width > 0, width, 1.0), 0.0, 1.0)
        found: Floats = values[before] + share * (values[after] - values[before])
        return found

    def between(self, t0: float, t1: float, most: int) -> tuple[Floats, Floats]:
        """Return what is to be drawn of a stretch of time.

        The lowest and the highest value of the stretch are always among it, and so are the samples
        just before and just behind it, so that a line leaves the picture on both sides.

        Parameters
        ----------
        t0, t1 : float
        most : int
            Points wanted at most, at least 4.

        Returns
        -------
        time, value : ndarray, shape (m,), m ≤ most
            Not to be written to.
        """
        levels = self._levels
        times = levels[0][0]
        begin = max(int(np.searchsorted(times, t0, "left")) - 1, 0)
        end = min(int(np.searchsorted(times, t1, "right")) + 1, len(times))
        level = 0
        # The level is taken finer than needed, and thinned: so neighbouring widths look alike.
        while level + 1 < len(levels) and 2 * (end - begin) > most * self.FACTOR ** (level + 1):
            level += 1
        # Both ends are drawn whatever the blocks say, so that a line leaves the picture.
        inner = max(begin + 1, end - 1)
        pieces = self._pieces(levels, 0, begin, min(begin + 1, end))
        pieces += self._pieces(levels, level, min(begin + 1, end), inner)
        pieces += self._pieces(levels, 0, inner, end)
        time, value = (np.concatenate(part) for part in zip(*pieces, strict=True))
        return thin(time, value, most)

    def _pieces(
        self, levels: tuple[tuple[Floats, Floats], ...], level: int, begin: int, end: int
    ) -> list[tuple[Floats, Floats]]:
        """Put samples from `begin` to `end` together from whole blocks, and from finer levels at the ends."""
        time, value = levels[level]
        if level == 0:
            return [(time[begin:end], value[begin:end])]
        size = self.FACTOR**level
        low, high = -(-begin // size), min(end // size, len(time) // 2)
        if low >= high:
            return self._pieces(levels, level - 1, begin, end)
        return [
            *self._pieces(levels, level - 1, begin, low * size),
            (time[2 * low : 2 * high], value[2 * low : 2 * high]),
            *self._pieces(levels, level - 1, high * size, end),
        ]

    def _append(self, level: int, time: Floats, value: Floats) -> None:
        """Append to a level, and the envelope of every block that is now complete to the next one."""
        if level == len(self._building):
            self._building.append((Columns(1), Columns(1)))
        times, values = self._building[level]
        times.extend(time[:, None])
        values.extend(value[:, None])
        # A block of the level above: samples at the bottom, pairs of lowest and highest further up.
        size = self.FACTOR * (2 if level else 1)
        done = len(self._building[level + 1][0]) // 2 if level + 1 < len(self._building) else 0
        whole = len(times) // size
        if whole > done:
            stretch = slice(done * size, whole * size)
            self._append(level + 1, *_envelope(times.view[stretch, 0], values.view[stretch, 0], size))


def _envelope(time: Floats, value: Floats, size: int) -> tuple[Floats, Floats]:
    """Return the lowest and the highest sample of every block, in the order of time."""
    blocks = value.reshape(-1, size)
    found = np.stack([blocks.argmin(axis=1), blocks.argmax(axis=1)], axis=1)
    positions = (np.sort(found, axis=1) + size * np.arange(len(blocks))[:, None]).ravel()
    return time[positions], value[positions]
