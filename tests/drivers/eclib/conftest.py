"""A small scripted EClib: C function pointers that write bytes laid out here by hand."""

import cmath
import ctypes
import struct
from collections import defaultdict, deque
from ctypes import CFUNCTYPE, c_bool, c_char_p, c_float, c_int32, c_uint8, c_uint32, c_void_p

import pytest

from core.files import PotentiostatFile
from drivers.eclib.vmp300 import Vmp300

CURRENT = struct.Struct("<iifffffffififfffiii")
INFOS = struct.Struct("<7idi")


class ByValue(ctypes.Structure):
    _pack_ = 4
    _fields_ = [("count", c_int32), ("address", c_void_p)]


class Ground(ctypes.Structure):
    _pack_ = 4
    _fields_ = [("connection", c_int32), ("ground", c_int32)]


def word(value):
    """The bits of a float."""
    return struct.unpack("<I", struct.pack("<f", value))[0]


def look(state=1, filled=0, base=24e-6, e=0.1, i=1e-5, elapsed=1.0, e_over=0, i_over=0, i_range=6, **_):
    """The 76 bytes of TCurrentValues."""
    return CURRENT.pack(
        state, filled, base, e, -5, 5, 0, -5, 5, e_over, i, i_range, i_over, elapsed, 10.0, 0, 0, 0, 0
    )


def batch(rows, technique=107, process=1, index=0, loop=0, start=0.0, irq=0, cols=None, count=None, **now):
    """One reply to BL_GetData: infos, words and current values."""
    columns = (len(rows[0]) if rows else 0) if cols is None else cols
    n = len(rows) if count is None else count
    words = [w for row in rows for w in row]
    infos = INFOS.pack(irq, n, columns, index, technique if n else 0, process, loop, start, -1)
    return infos, struct.pack("<1000I", *words, *[0] * (1000 - len(words))), look(**now)


def empty(**now):
    return batch([], irq=now.pop("irq", 0), **now)


def zeros():
    return bytes(40), bytes(4000), bytes(76)


def sweep_row(f, t, z=100 - 50j, i=1e-6, mean_i=1e-5):
    phase = cmath.phase(z)
    reals = [f, abs(z) * i, i, phase, 0.2, mean_i]
    rest = [0, word(float("nan")), word(1.0), word(0.0), word(0.0), 0, 0, word(t)]
    return [*map(word, reals), *rest]


class FakeLibrary:
    """EClib with one channel, whose replies are scripted.

    `replies` holds what BL_GetData gives, then `after` for ever; `codes[name]` are error codes
    returned first; everything loaded is kept in `loaded`.
    """

    def __init__(self):
        self.replies, self.after = deque(), empty(state=0, i=0.0)
        self.now = None
        self.codes, self.calls = defaultdict(deque), []
        self.messages, self.loaded = deque(), []
        self.board_type, self.firmware, self.plugged = 2, 5, True
        self.infos_state, self.zero_infos = 0, 0
        self.ranges = (10, 4, 9)
        self.firmware_files, self.flags, self.ground = [], [], None
        self.convert = lambda bits: struct.unpack("<f", struct.pack("<I", bits))[0]
        self.running_looks = 0
        self.missing = ()
        self._thunks = {}
        self._define()

    def __getitem__(self, name):
        if name in self.missing:
            raise AttributeError(name)
        thunk = self._thunks[name]
        return CFUNCTYPE(c_int32)(ctypes.cast(thunk, c_void_p).value)

    def _export(self, name, *types):
        def decorate(function):
            def thunk(*arguments):
                self.calls.append(name)
                if self.codes[name]:
                    code = self.codes[name].popleft()
                    if code:
                        return code
                return function(*arguments) or 0

            self._thunks[name] = CFUNCTYPE(c_int32, *types)(thunk)

        return decorate

    def _text(self, address, size, text):
        raw = text.encode() + b"\0"
        ctypes.memmove(address, raw, len(raw))
        ctypes.memmove(size, struct.pack("<I", len(text)), 4)

    def _define(self):
        channel = (c_int32, c_uint8)

        @self._export("BL_GetLibVersion", c_void_p, c_void_p)
        def _(buffer, size):
            self._text(buffer, size, "6.08")

        @self._export("BL_GetErrorMsg", c_int32, c_void_p, c_void_p)
        def _(code, buffer, size):
            self._text(buffer, size, f"vendor text {code}")

        @self._export("BL_Connect", c_char_p, c_uint8, c_void_p, c_void_p)
        def _(address, timeout, identifier, infos):
            self.address = (address, timeout)
            ctypes.memmove(identifier, struct.pack("<i", 7), 4)
            ctypes.memmove(infos, struct.pack("<11i", 12, 0, 0, 1, 16, 1234, 2020, 2, 3, 0, 1), 44)

        @self._export("BL_Disconnect", c_int32)
        def _(connection):
            pass

        @self._export("BL_IsChannelPlugged", *channel)
        def _(connection, index):
            return int(self.plugged)

        @self._export("BL_GetChannelBoardType", *channel, c_void_p)
        def _(connection, index, kind):
            ctypes.memmove(kind, struct.pack("<I", self.board_type), 4)

        @self._export("BL_GetChannelInfos", *channel, c_void_p)
        def _(connection, index, infos):
            self.channel_index = index
            if self.zero_infos:
                self.zero_infos -= 1
                ctypes.memmove(infos, bytes(76), 76)
                return 0
            loaded = self.firmware == 5
            raw = struct.pack(
                "<19i", index, 1, 4711, self.firmware, 540 * loaded, 0xAA1F, 20, 0, 0, 0, 0, 0, 0, 0,
                self.infos_state, *self.ranges, 0,
            )  # fmt: skip
            ctypes.memmove(infos, raw, 76)
            return 0 if loaded else -308

        types = (c_void_p, c_void_p, c_uint8, c_bool, c_bool, c_char_p, c_char_p)

        @self._export("BL_LoadFirmware", c_int32, *types)
        def _(connection, flags, results, length, gauge, force, firmware, fpga):
            self.firmware_files.append((firmware, fpga, force))
            self.flags = list(ctypes.string_at(flags, length))
            self.firmware = 5

        @self._export("BL_GetMessage", *channel, c_void_p, c_void_p)
        def _(connection, index, buffer, size):
            self._text(buffer, size, self.messages.popleft() if self.messages else "")

        @self._export("BL_SetHardConf", *channel, Ground)
        def _(connection, index, conf):
            self.ground = (conf.connection, conf.ground)

        @self._export("BL_GetHardConf", *channel, c_void_p)
        def _(connection, index, conf):
            ctypes.memmove(conf, struct.pack("<ii", *(self.ground or (0, 0))), 8)

        @self._export("BL_LoadTechnique", *channel, c_char_p, ByValue, c_bool, c_bool, c_bool)
        def _(connection, index, ecc, params, first, last, display):
            if first:
                self.loaded.clear()
            raw = ctypes.string_at(params.address, 76 * params.count)
            self.loaded.append((ecc.decode(), raw, first, last))

        @self._export("BL_StartChannel", *channel)
        def _(connection, index):
            pass

        @self._export("BL_StopChannel", *channel)
        def _(connection, index):
            pass

        @self._export("BL_GetCurrentValues", *channel, c_void_p)
        def _(connection, index, current):
            if self.running_looks:
                self.running_looks -= 1
                raw = look(state=1)
            else:
                raw = self.now or look(state=0, i=0.0)
            ctypes.memmove(current, raw, 76)

        @self._export("BL_GetData", *channel, c_void_p, c_void_p, c_void_p)
        def _(connection, index, buffer, infos, current):
            reply = self.replies.popleft() if self.replies else self.after
            if isinstance(reply, int):
                return reply
            ctypes.memmove(infos, reply[0], 40)
            ctypes.memmove(buffer, reply[1], 4000)
            ctypes.memmove(current, reply[2], 76)
            return 0

        @self._export("BL_ConvertChannelNumericIntoSingle", c_uint32, c_void_p, c_uint32)
        def _(bits, number, board):
            ctypes.memmove(number, bytes(c_float(self.convert(bits))), 4)


@pytest.fixture
def library():
    return FakeLibrary()


@pytest.fixture
def settings():
    return PotentiostatFile(backend="hardware", address="192.168.0.1", channel=3)


@pytest.fixture
def pstat(library, settings):
    return Vmp300(library, settings)


class Bytes:
    """The helpers above, for tests that cannot import this file."""

    word = staticmethod(word)
    look = staticmethod(look)
    batch = staticmethod(batch)
    empty = staticmethod(empty)
    zeros = staticmethod(zeros)
    sweep_row = staticmethod(sweep_row)


@pytest.fixture(scope="session")
def wire():
    return Bytes
