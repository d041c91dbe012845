"""The memory of a channel: rows wait there, batch by batch, until somebody reads them."""

from collections import deque
from dataclasses import dataclass, field

from simulators.eclib.structs import DATA_WORDS
from simulators.eclib.tables import MEMORY_BYTES

_WORD = 4


@dataclass
class Batch:
    """Rows of one process of one technique in one pass.

    Attributes
    ----------
    technique, identity, process, passes : int
        Place in the list, technique ID, process index, passes of the loop so far.
    start : float
        Start of the technique in s since the channel's start.
    timebase : float
        Seconds of a tick.
    columns : int
        Words of a row.
    """

    technique: int
    identity: int
    process: int
    passes: int
    start: float
    timebase: float
    columns: int
    words: bytearray = field(default_factory=bytearray, repr=False)


class Memory:
    """First in, first out; what does not fit is dropped and counted.

    Parameters
    ----------
    capacity : int, optional
        Size in bytes.

    Attributes
    ----------
    filled : int
        Bytes that wait.
    skipped : int
        Rows dropped since the last read that brought rows.
    """

    def __init__(self, capacity: int | None = None) -> None:
        self.capacity = MEMORY_BYTES if capacity is None else capacity
        self.filled = 0
        self.skipped = 0
        self._batches: deque[Batch] = deque()

    def append(self, batch: Batch, rows: bytes) -> None:
        """Put rows, whole ones, at the end of `batch`, which is the latest one."""
        size = batch.columns * _WORD
        fitting = max(0, self.capacity - self.filled) // size * size
        if fitting < len(rows):
            self.skipped += (len(rows) - fitting) // size
            rows = rows[:fitting]
        if not rows:
            return
        if not self._batches or self._batches[-1] is not batch:
            self._batches.append(batch)
        batch.words += rows
        self.filled += len(rows)

    def take(self) -> tuple[Batch, bytes] | None:
        """Take the rows of one read from the oldest batch; None when nothing waits."""
        if not self._batches:
            return None
        batch = self._batches[0]
        size = batch.columns * _WORD
        length = min(len(batch.words), DATA_WORDS // batch.columns * size)
        if length == len(batch.words):
            rows = bytes(batch.words)
            batch.words.clear()
            self._batches.popleft()
        else:
            rows = bytes(batch.words[:length])
            del batch.words[:length]
        self.filled -= length
        return batch, rows

    def truncate(self, rows: int) -> None:
        """Lose the last `rows` rows."""
        while rows > 0 and self._batches:
            batch = self._batches[-1]
            size = batch.columns * _WORD
            lost = min(rows, len(batch.words) // size)
            del batch.words[len(batch.words) - lost * size :]
            self.filled -= lost * size
            rows -= lost
            if not batch.words:
                self._batches.pop()
