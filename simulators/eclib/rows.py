"""Scalar rows of a technique, written as words into the channel's memory."""

import math
import struct

from simulators.eclib.front_end import FrontEnd
from simulators.eclib.memory import Batch, Memory
from simulators.eclib.tables import EXTRA_COLUMNS


class ScalarRows:
    """Writes process 0 of a technique: t_high, t_low, E, and where there is control I and the cycle.

    Parameters
    ----------
    front : FrontEnd
    memory : Memory
    batch : Batch
        Where the rows go; its columns include the extra ones.
    extra : int
        Bits of the extra columns.
    start : float
        Start of the technique in bench seconds.

    Attributes
    ----------
    cycle : int
        Written into rows that have a column for it.
    last_time, last_voltage, last_current : float
        Of the latest row; ``nan`` before the first.
    """

    def __init__(self, front: FrontEnd, memory: Memory, batch: Batch, extra: int, start: float) -> None:
        self._front, self._memory, self._batch, self._start = front, memory, batch, start
        self._extra = [bit for bit in EXTRA_COLUMNS if extra & bit]
        self._plain = batch.columns - len(self._extra)
        self._charge = 0.0
        self.cycle = 0
        self.last_time = self.last_voltage = self.last_current = float("nan")

    def record(self, time: float) -> None:
        """Measure now and append a row."""
        ticks = round((time - self._start) / self._batch.timebase)
        voltage, current = self._front.sample(time)
        if not math.isnan(self.last_time):
            self._charge += 0.5 * (current + self.last_current) * (time - self.last_time)
        words = struct.pack("<2If", ticks >> 32, ticks & 0xFFFFFFFF, voltage)
        if self._plain > 3:
            words += struct.pack("<f", current)
        if self._plain > 4:
            words += struct.pack("<I", self.cycle)
        for bit in self._extra:
            words += self._column(bit)
        self._memory.append(self._batch, words)
        self.last_time, self.last_voltage, self.last_current = time, voltage, current

    def _column(self, bit: int) -> bytes:
        if bit == 0x80:
            return struct.pack("<I", self._front.range)
        # Ece and the inputs read zero: the counter electrode is the reference, and nothing is plugged in.
        value = {0x20: self._front.level, 0x40: self._charge}.get(bit, 0.0)
        return struct.pack("<f", value)
