"""The binding: typed function pointers of our own into the vendor's library."""

import ctypes
from ctypes import POINTER, c_bool, c_char_p, c_float, c_int32, c_uint8, c_uint32
from typing import Any, Protocol

from core.errors import InstrumentError
from drivers.eclib.errors import failure
from drivers.eclib.structs import (
    ChannelInfos,
    CurrentValues,
    DataBuffer,
    DataInfos,
    DeviceInfos,
    EccParams,
    HardwareConf,
)

_TEXT_BYTES = 1024
_MOST_MESSAGES = 64


class VendorLibrary(Protocol):
    """Anything that hands out function pointers by name, like ``ctypes.WinDLL``."""

    def __getitem__(self, name: Any) -> Any:
        """Return a fresh function pointer."""


# Text arguments are declared as addresses where the library writes into them.
_BUFFER = ctypes.c_void_p
_CHANNEL = (c_int32, c_uint8)

PROTOTYPES: dict[str, tuple[Any, ...]] = {
    "BL_GetLibVersion": (_BUFFER, POINTER(c_uint32)),
    "BL_GetErrorMsg": (c_int32, _BUFFER, POINTER(c_uint32)),
    "BL_Connect": (c_char_p, c_uint8, POINTER(c_int32), POINTER(DeviceInfos)),
    "BL_Disconnect": (c_int32,),
    "BL_LoadFirmware": (
        c_int32,
        POINTER(c_uint8),
        POINTER(c_int32),
        c_uint8,
        c_bool,
        c_bool,
        c_char_p,
        c_char_p,
    ),
    "BL_IsChannelPlugged": _CHANNEL,
    "BL_GetChannelInfos": (*_CHANNEL, POINTER(ChannelInfos)),
    "BL_GetChannelBoardType": (*_CHANNEL, POINTER(c_uint32)),
    "BL_GetMessage": (*_CHANNEL, _BUFFER, POINTER(c_uint32)),
    "BL_GetHardConf": (*_CHANNEL, POINTER(HardwareConf)),
    "BL_SetHardConf": (*_CHANNEL, HardwareConf),
    "BL_LoadTechnique": (*_CHANNEL, c_char_p, EccParams, c_bool, c_bool, c_bool),
    "BL_StartChannel": _CHANNEL,
    "BL_StopChannel": _CHANNEL,
    "BL_GetCurrentValues": (*_CHANNEL, POINTER(CurrentValues)),
    "BL_GetData": (*_CHANNEL, POINTER(DataBuffer), POINTER(DataInfos), POINTER(CurrentValues)),
    "BL_ConvertChannelNumericIntoSingle": (c_uint32, POINTER(c_float), c_uint32),
}
"""Argument types of the functions used. All return an int32 error code but the one below."""

_BOOLEAN = "BL_IsChannelPlugged"


class Functions:
    """The functions of one library that the driver uses, each with its own argument types.

    Pointers are taken by subscript: `ctypes` hands out a fresh one each time, so the types set
    here never reach another client of the same library.

    Parameters
    ----------
    library : VendorLibrary

    Raises
    ------
    InstrumentError
        If the library lacks a function.
    """

    def __init__(self, library: VendorLibrary) -> None:
        self._bound = {name: _bind(library, name) for name in PROTOTYPES}

    def __getitem__(self, name: str) -> Any:
        """Return the typed pointer of a function; call it for its error code."""
        return self._bound[name]

    def check(self, doing: str, code: int, messages: tuple[str, ...] = ()) -> None:
        """Raise an `InstrumentError` that explains `code` unless it is zero."""
        if code:
            raise failure(doing, code, self.error_text(code), messages)

    def error_text(self, code: int) -> str:
        """Return the library's own words for a code, empty if it has none."""
        return self._text("BL_GetErrorMsg", code)[1]

    def library_version(self) -> str:
        """Return the library's version, e.g. ``"6.08"``."""
        code, text = self._text("BL_GetLibVersion")
        self.check("asking the library for its version", code)
        return text

    def messages(self, connection: int, channel: int) -> tuple[str, ...]:
        """Take over the texts that the channel's firmware has queued, oldest first."""
        texts: list[str] = []
        for _ in range(_MOST_MESSAGES):
            code, text = self._text("BL_GetMessage", connection, channel)
            if code or not text:
                break
            texts.append(text)
        return tuple(texts)

    def convert(self, word: int, board_type: int) -> float:
        """Turn one data word into a number the way the library does for this board.

        Raises
        ------
        InstrumentError
            If the library refuses.
        """
        number = c_float()
        code = self["BL_ConvertChannelNumericIntoSingle"](word, ctypes.byref(number), board_type)
        self.check("converting a data word", code)
        return number.value

    def _text(self, name: str, *arguments: int) -> tuple[int, str]:
        buffer = ctypes.create_string_buffer(_TEXT_BYTES)
        # One byte is kept back, so that the text ends even if the library fills all it may.
        size = c_uint32(_TEXT_BYTES - 1)
        code: int = self[name](*arguments, buffer, ctypes.byref(size))
        return code, buffer.value.decode("cp1252", errors="replace").strip() if size.value else ""


def _bind(library: VendorLibrary, name: str) -> Any:
    try:
        function = library[name]
    except (AttributeError, KeyError, OSError) as error:
        raise InstrumentError(
            f"The potentiostat's library has no function {name}.",
            "Install a newer EC-Lab Development Package (6.04 or later).",
        ) from error
    function.argtypes = PROTOTYPES[name]
    function.restype = c_bool if name == _BOOLEAN else c_int32
    return function
