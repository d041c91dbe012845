"""The library's structures and numbers, packed to four bytes as the vendor documents them."""

import ctypes
from enum import IntEnum

DATA_WORDS = 1000
CHANNELS = 16
LABEL_BYTES = 64


class DeviceInfos(ctypes.Structure):
    """What BL_Connect tells about the instrument; 44 bytes."""

    _pack_ = 4
    _fields_ = [
        ("DeviceCode", ctypes.c_int32),
        ("RAMSize", ctypes.c_int32),
        ("CPU", ctypes.c_int32),
        ("NumberOfChannels", ctypes.c_int32),
        ("NumberOfSlots", ctypes.c_int32),
        ("FirmwareVersion", ctypes.c_int32),
        ("FirmwareDate_yyyy", ctypes.c_int32),
        ("FirmwareDate_mm", ctypes.c_int32),
        ("FirmwareDate_dd", ctypes.c_int32),
        ("HTdisplayOn", ctypes.c_int32),
        ("NbOfConnectedPC", ctypes.c_int32),
    ]


class ChannelInfos(ctypes.Structure):
    """What a channel says about itself.

    76 bytes in the older packages and 84 in the newer ones; `Reserve` keeps a package that is
    newer still from writing past the end.
    """

    _pack_ = 4
    _fields_ = [
        ("Channel", ctypes.c_int32),
        ("BoardVersion", ctypes.c_int32),
        ("BoardSerialNumber", ctypes.c_int32),
        ("FirmwareCode", ctypes.c_int32),
        ("FirmwareVersion", ctypes.c_int32),
        ("XilinxVersion", ctypes.c_int32),
        ("AmpCode", ctypes.c_int32),
        ("NbAmps", ctypes.c_int32),
        ("Lcboard", ctypes.c_int32),
        ("Zboard", ctypes.c_int32),
        ("MUXboard", ctypes.c_int32),
        ("GPRAboard", ctypes.c_int32),
        ("MemSize", ctypes.c_int32),
        ("MemFilled", ctypes.c_int32),
        ("State", ctypes.c_int32),
        ("MaxIRange", ctypes.c_int32),
        ("MinIRange", ctypes.c_int32),
        ("MaxBandwidth", ctypes.c_int32),
        ("NbOfTechniques", ctypes.c_int32),
        ("FloatFormat", ctypes.c_int32),
        ("CPUCIE", ctypes.c_int32),
        ("Reserve", ctypes.c_int32 * 32),
    ]


class CurrentValues(ctypes.Structure):
    """Instantaneous values of a channel; 76 bytes."""

    _pack_ = 4
    _fields_ = [
        ("State", ctypes.c_int32),
        ("MemFilled", ctypes.c_int32),
        ("TimeBase", ctypes.c_float),
        ("Ewe", ctypes.c_float),
        ("EweRangeMin", ctypes.c_float),
        ("EweRangeMax", ctypes.c_float),
        ("Ece", ctypes.c_float),
        ("EceRangeMin", ctypes.c_float),
        ("EceRangeMax", ctypes.c_float),
        ("Eoverflow", ctypes.c_int32),
        ("I", ctypes.c_float),
        ("IRange", ctypes.c_int32),
        ("Ioverflow", ctypes.c_int32),
        ("ElapsedTime", ctypes.c_float),
        ("Freq", ctypes.c_float),
        ("Rcomp", ctypes.c_float),
        ("Saturation", ctypes.c_int32),
        ("OptErr", ctypes.c_int32),
        ("OptPos", ctypes.c_int32),
    ]


class DataInfos(ctypes.Structure):
    """What the rows of one BL_GetData call are; 40 bytes, `StartTime` at offset 28."""

    _pack_ = 4
    _fields_ = [
        ("IRQskipped", ctypes.c_int32),
        ("NbRows", ctypes.c_int32),
        ("NbCols", ctypes.c_int32),
        ("TechniqueIndex", ctypes.c_int32),
        ("TechniqueID", ctypes.c_int32),
        ("ProcessIndex", ctypes.c_int32),
        ("loop", ctypes.c_int32),
        ("StartTime", ctypes.c_double),
        ("MuxPad", ctypes.c_int32),
    ]


class DataBuffer(ctypes.Structure):
    """The words of one BL_GetData call; 4000 bytes."""

    _pack_ = 4
    _fields_ = [("data", ctypes.c_uint32 * DATA_WORDS)]


class EccParam(ctypes.Structure):
    """One parameter of a technique; 76 bytes. `ParamVal` holds the raw bits of any type."""

    _pack_ = 4
    _fields_ = [
        ("ParamStr", ctypes.c_char * LABEL_BYTES),
        ("ParamType", ctypes.c_int32),
        ("ParamVal", ctypes.c_uint32),
        ("ParamIndex", ctypes.c_int32),
    ]


class EccParams(ctypes.Structure):
    """A list of parameters, handed over by value; 12 bytes on a 64-bit machine."""

    _pack_ = 4
    _fields_ = [
        ("len", ctypes.c_int32),
        ("pParams", ctypes.POINTER(EccParam)),
    ]


class HardwareConf(ctypes.Structure):
    """Electrode connection and ground, handed over by value; 8 bytes."""

    _pack_ = 4
    _fields_ = [
        ("Conn", ctypes.c_int32),
        ("Ground", ctypes.c_int32),
    ]


class ParamType(IntEnum):
    """How the bits of `EccParam.ParamVal` are to be read."""

    INTEGER = 0
    BOOLEAN = 1
    SINGLE = 2


class State(IntEnum):
    """What a channel is doing."""

    STOP = 0
    RUN = 1
    PAUSE = 2
    SYNC = 3


class Firmware(IntEnum):
    """Whose firmware a channel runs."""

    NONE = 0
    EC_LAB = 1
    UNKNOWN = 4
    KERNEL = 5
    INVALID = 8
    ECAL = 10
    ECAL4 = 11


class Ground(IntEnum):
    """How the channel's measurement is referred to earth."""

    GROUNDED = 0
    FLOATING = 1


DEVICE_NAMES = {
    12: "VMP-300",
    16: "SP-300",
    20: "VSP-300",
    21: "SP-200",
    23: "SP-100",
    27: "SP-240",
    32: "BP-300",
}
"""Device codes of the VMP-300 family."""
