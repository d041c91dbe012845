"""Exports that bring data: current values, rows, and the conversion of words."""

import ctypes
import struct

from simulators.eclib.boundary import Address, export, put
from simulators.eclib.codes import Code, EclibError
from simulators.eclib.connections import Connections
from simulators.eclib.structs import DATA_INFOS, DATA_WORDS

_ID, _CHANNEL = ctypes.c_int32, ctypes.c_uint8
_BUFFER_BYTES = 4 * DATA_WORDS
_NO_ROWS = DATA_INFOS.pack(0, 0, 0, 0, 0, 0, 0, 0.0, 0)
_NO_WORDS = bytes(_BUFFER_BYTES)
_BOARDS = (1, 2, 3)


class DataExports(Connections):
    """See the vendor's documentation for each export."""

    @export(_ID, _CHANNEL, Address)
    def BL_GetCurrentValues(self, identity: int, number: int, values: int | None) -> None:
        """Write what the channel shows now; no row is consumed."""
        channel = self.channel(identity, number)
        channel.require_kernel()
        put(values, channel.values(self.clock.now()))

    @export(_ID, _CHANNEL, Address, Address, Address)
    def BL_GetData(
        self, identity: int, number: int, buffer: int | None, infos: int | None, values: int | None
    ) -> int:
        """Write rows of one process, what they are, and what the channel shows now; the rows are consumed."""
        if not buffer or not infos or not values:
            return Code.INVALIDPARAMETERS
        channel = self.channel(identity, number)
        channel.require_kernel()
        now = self.clock.now()
        taken = channel.take(now)
        if taken is None:
            put(infos, _NO_ROWS)
            put(buffer, _NO_WORDS)
            put(values, channel.values(now))
            return Code.NOERROR
        batch, words, skipped = taken
        put(
            infos,
            DATA_INFOS.pack(
                skipped,
                len(words) // (4 * batch.columns),
                batch.columns,
                batch.technique,
                batch.identity,
                batch.process,
                batch.passes,
                batch.start,
                0,
            ),
        )
        put(buffer, words.ljust(_BUFFER_BYTES, b"\0"))
        put(values, channel.values_beside(now, batch.timebase))
        return Code.NOERROR

    @export(ctypes.c_uint32, Address, connected=False)
    def BL_ConvertNumericIntoSingle(self, word: int, single: int | None) -> None:
        """Write the number that a word means."""
        put(single, struct.pack("<I", word))

    @export(ctypes.c_uint32, Address, ctypes.c_uint32, connected=False)
    def BL_ConvertChannelNumericIntoSingle(self, word: int, single: int | None, board: int) -> None:
        """Write the number that a word from a board of this type means."""
        _check_board(board)
        put(single, struct.pack("<I", word))

    @export(Address, Address, ctypes.c_float, ctypes.c_uint32, connected=False)
    def BL_ConvertTimeChannelNumericIntoSeconds(
        self, words: int | None, seconds: int | None, timebase: float, board: int
    ) -> None:
        """Write the seconds that two words of ticks mean."""
        put(seconds, struct.pack("<d", _ticks(words, board) * timebase))

    @export(Address, Address, ctypes.c_uint32, connected=False)
    def BL_ConvertTimeChannelNumericIntoTimebases(
        self, words: int | None, ticks: int | None, board: int
    ) -> None:
        """Write the number of ticks that two words mean."""
        put(ticks, struct.pack("<d", float(_ticks(words, board))))


def _check_board(board: int) -> None:
    if board not in _BOARDS:
        raise EclibError(Code.INVALIDPARAMETERS)


def _ticks(words: int | None, board: int) -> int:
    _check_board(board)
    if not words:
        raise EclibError(Code.INVALIDPARAMETERS)
    high, low = struct.unpack("<2I", ctypes.string_at(words, 8))
    return int(high) << 32 | int(low)
