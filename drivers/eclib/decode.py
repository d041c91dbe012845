"""Data words as rows: which columns each technique sends, and what they mean.

A row count, a column count or a technique that is not in the table is an error: nothing is ever
re-aligned, because a shifted column looks like a measurement.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InstrumentError
from core.records import Floats
from drivers.eclib.functions import Functions
from drivers.eclib.structs import DATA_WORDS, DataInfos
from drivers.potentiostat import TIME, Samples, SweepPoints
from drivers.techniques import (
    ConstantCurrent,
    ConstantVoltage,
    GalvanostaticImpedance,
    LimitedConstantCurrent,
    OpenCircuit,
    PotentiostaticImpedance,
    Technique,
)

Words = NDArray[np.uint32]

TECHNIQUE_IDS: dict[int, type] = {
    100: OpenCircuit,
    101: ConstantVoltage,
    102: ConstantCurrent,
    155: LimitedConstantCurrent,
    104: PotentiostaticImpedance,
    107: GalvanostaticImpedance,
}

COLUMNS = {
    (100, 0): 3,  # t_high, t_low, Ewe
    (101, 0): 5,  # t_high, t_low, Ewe, I, cycle
    (102, 0): 5,
    (155, 0): 5,
    (104, 0): 4,  # t_high, t_low, Ewe, I
    (107, 0): 4,
    (104, 1): 14,  # f, |Ewe|, |I|, phase, Ewe, I, -, |Ece|, |Ice|, phase of Ece, Ece, -, -, t
    (107, 1): 14,
}
"""Words in a row of (technique, process) on this family, without extra channels."""

_SWEEP = 1
_EWE, _CURRENT = 2, 3
_SWEEP_COLUMNS = np.array([0, 1, 2, 3, 4, 5, 13])
"""Where the columns of `SweepPoints` stand in a row of a sweep.

The counter-electrode columns between mean nothing on this family and may hold anything.
"""

# Ordinary numbers, both zeros, the smallest and the largest normal number, and a subnormal one
_PROBES = (0x3F800000, 0xC2F6E979, 0x00000000, 0x80000000, 0x00800000, 0x7F7FFFFF, 0x358637BD, 0x00000001)

_log = logging.getLogger(__name__)


@dataclass
class SweepTime:
    """Whether the time of a sweep's points counts from the channel's start or the technique's.

    Instruments of both kinds are met. A point cannot be finished before its technique began, so a
    time earlier than that shows the second kind, which then holds for the rest of the connection.
    """

    seen: str = "not seen yet"

    def since_start(self, time: Floats, technique_start: float) -> Floats:
        """Return the points' times in s since the channel was started."""
        if self.seen != "technique start" and technique_start > 1.0:
            relative = time[0] < technique_start - 1.0
            self.seen = "technique start" if relative else "channel start"
        return time + technique_start if self.seen == "technique start" else time


class Decoder:
    """Turns the words of one channel into rows.

    Parameters
    ----------
    functions : Functions
    board_type : int
        Decides how the library itself converts a word. If its results for a few bit patterns are
        the IEEE numbers with these bits, words are converted in bulk; otherwise one by one, by the
        library.
    """

    def __init__(self, functions: Functions, board_type: int) -> None:
        self._functions = functions
        self._board_type = board_type
        self.sweep_time = SweepTime()
        self.in_bulk = self._agrees_with_ieee()
        if not self.in_bulk:
            _log.warning("board type %d has a number format of its own; converting word by word", board_type)

    def rows(
        self, infos: DataInfos, words: Words, time_base: float, program: Sequence[Technique]
    ) -> Samples | SweepPoints:
        """Decode the rows of one BL_GetData call.

        Parameters
        ----------
        infos : DataInfos
            With at least one row.
        words : ndarray of uint32, shape (1000,)
        time_base : float
            Seconds of a tick, from the current values of the same call.
        program : sequence of Technique
            What was loaded; the rows must fit it.

        Returns
        -------
        Samples or SweepPoints

        Raises
        ------
        InstrumentError
            If technique, process, column count or row count is not what the program sends.
        """
        table = _table(infos, words, program)
        if infos.ProcessIndex == _SWEEP:
            return self._sweep_points(infos, table)
        return self._samples(infos, table, time_base)

    def _samples(self, infos: DataInfos, table: Words, time_base: float) -> Samples:
        ticks = (table[:, 0].astype(np.uint64) << np.uint64(32)) | table[:, 1]
        time = infos.StartTime + ticks * time_base
        values = self._numbers(table[:, _EWE : _CURRENT + 1])
        current = values[1] if len(values) > 1 else np.zeros(len(table))
        return Samples(infos.TechniqueIndex, infos.loop, time, values[0], current)

    def _sweep_points(self, infos: DataInfos, table: Words) -> SweepPoints:
        columns = self._numbers(table.take(_SWEEP_COLUMNS, axis=1))
        columns[TIME] = self.sweep_time.since_start(columns[TIME], infos.StartTime)
        return SweepPoints(infos.TechniqueIndex, infos.loop, columns)

    def _numbers(self, table: Words) -> Floats:
        """Return words of shape (rows, columns) as numbers of shape (columns, rows)."""
        if self.in_bulk:
            return table.view(np.float32).T.astype(np.float64, order="C")
        convert, board = self._functions.convert, self._board_type
        numbers = [[convert(int(word), board) for word in column] for column in table.T]
        return np.array(numbers, dtype=np.float64)

    def _agrees_with_ieee(self) -> bool:
        words = np.array(_PROBES, dtype=np.uint32)
        converted = [self._functions.convert(word, self._board_type) for word in _PROBES]
        return np.array(converted, dtype=np.float32).tobytes() == words.tobytes()


def _table(infos: DataInfos, words: Words, program: Sequence[Technique]) -> Words:
    """Return the filled words with shape (rows, columns) after checking what they are."""
    rows, columns, technique = infos.NbRows, infos.NbCols, infos.TechniqueID
    expected = COLUMNS.get((technique, infos.ProcessIndex))
    if expected is None:
        raise _unexpected(infos, "no such rows are asked for")
    if columns != expected:
        raise _unexpected(infos, f"they must have {expected} columns")
    if not 0 < rows * columns <= DATA_WORDS:
        raise _unexpected(infos, f"at most {DATA_WORDS // columns} rows fit")
    index = infos.TechniqueIndex
    if not 0 <= index < len(program) or type(program[index]) is not TECHNIQUE_IDS[technique]:
        raise _unexpected(infos, "the loaded program has another technique there")
    return words[: rows * columns].reshape(rows, columns)


def _unexpected(infos: DataInfos, why: str) -> InstrumentError:
    return InstrumentError(
        f"Potentiostat: unexpected data: {infos.NbRows} rows of {infos.NbCols} columns from technique "
        f"{infos.TechniqueID}, process {infos.ProcessIndex}, place {infos.TechniqueIndex}: {why}.",
        "The library, its .ecc files and the channel's firmware must come from one package: reinstall it and "
        "run `bench check`.",
    )
