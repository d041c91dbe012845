"""Byte layouts that cross the library's boundary: packed to four bytes, little endian.

Outputs are written with `struct.pack_into`-style formats in one go, because a run reads them a
hundred thousand times; inputs that arrive by value are ctypes structures.
"""

import ctypes
import struct

CURRENT_VALUES = struct.Struct("<2i7fif2i3f3i")
"""State, MemFilled | TimeBase, Ewe, its range, Ece, its range | Eoverflow | I | IRange, Ioverflow |
ElapsedTime, Freq, Rcomp | Saturation, OptErr, OptPos: 76 bytes."""

DATA_INFOS = struct.Struct("<7idi")
"""IRQskipped, NbRows, NbCols, TechniqueIndex, TechniqueID, ProcessIndex, loop | StartTime at byte
28 | MuxPad: 40 bytes."""

CHANNEL_INFOS = struct.Struct("<19i")
"""The 76 bytes that every version of the header has."""

DEVICE_INFOS = struct.Struct("<11i")
"""44 bytes, from DeviceCode to NbOfConnectedPC."""

DATA_WORDS = 1000
"""Words in the buffer of one read."""


class EccParam(ctypes.Structure):
    """One parameter of a technique: label, kind, raw 32-bit value and array index; 76 bytes."""

    _pack_ = 4
    _fields_ = [
        ("label", ctypes.c_char * 64),
        ("kind", ctypes.c_int32),
        ("value", ctypes.c_uint32),
        ("index", ctypes.c_int32),
    ]


class EccParams(ctypes.Structure):
    """Number of parameters and their address; 12 bytes, passed by value."""

    _pack_ = 4
    _fields_ = [("length", ctypes.c_int32), ("address", ctypes.c_void_p)]


class HardwareConf(ctypes.Structure):
    """Electrode connection and grounding; 8 bytes, passed by value."""

    _pack_ = 4
    _fields_ = [("connection", ctypes.c_int32), ("ground", ctypes.c_int32)]


class TechniqueInfos(ctypes.Structure):
    """What was loaded at one place of the list."""

    _pack_ = 4
    _fields_ = [
        ("id", ctypes.c_int32),
        ("index", ctypes.c_int32),
        ("parameters", ctypes.c_int32),
        ("settings", ctypes.c_int32),
        ("parameter_list", ctypes.c_void_p),
        ("setting_list", ctypes.c_void_p),
    ]


class ExperimentInfos(ctypes.Structure):
    """Free notes that a channel keeps; 272 bytes, passed by value when set."""

    _pack_ = 4
    _fields_ = [
        ("group", ctypes.c_int32),
        ("pc", ctypes.c_int32),
        ("hms", ctypes.c_int32),
        ("ymd", ctypes.c_int32),
        ("filename", ctypes.c_char * 256),
    ]
