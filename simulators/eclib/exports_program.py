"""Exports about techniques and their parameters."""

import ctypes
import struct
from typing import Any

from simulators.eclib.boundary import Address, export, put
from simulators.eclib.codes import Code, EclibError
from simulators.eclib.connections import Connections
from simulators.eclib.labels import Kind
from simulators.eclib.structs import EccParam, EccParams, TechniqueInfos

_ID, _CHANNEL = ctypes.c_int32, ctypes.c_uint8
_MOST_PARAMETERS = 10_000


class ProgramExports(Connections):
    """See the vendor's documentation for each export."""

    @export(_ID, _CHANNEL, ctypes.c_char_p, EccParams, ctypes.c_bool, ctypes.c_bool, ctypes.c_bool)
    def BL_LoadTechnique(
        self,
        identity: int,
        number: int,
        file: bytes | None,
        parameters: Any,
        first: bool,
        last: bool,
        display: bool,
    ) -> None:
        """Load a technique to the end of the list."""
        channel = self.channel(identity, number)
        channel.load(_name(file), _parameters(parameters), first, last, self.clock.now())

    @export(_ID, _CHANNEL, ctypes.c_int32, EccParams, ctypes.c_char_p)
    def BL_UpdateParameters(
        self, identity: int, number: int, index: int, parameters: Any, file: bytes | None
    ) -> None:
        """Change parameters of a running program."""
        channel = self.channel(identity, number)
        channel.update(index, _name(file), _parameters(parameters), self.clock.now())

    @export(_ID, _CHANNEL, ctypes.c_int32, Address)
    def BL_GetTechniqueInfos(self, identity: int, number: int, index: int, infos: int | None) -> None:
        """Write what is loaded at a place of the list; its arrays belong to the library."""
        techniques = self.channel(identity, number).program.techniques
        if not 0 <= index < len(techniques):
            raise EclibError(Code.INVALIDPARAMETERS)
        loaded = techniques[index]
        answer = TechniqueInfos(
            loaded.technique.kind.identity,
            index,
            len(loaded.parameters),
            len(loaded.settings),
            ctypes.addressof(loaded.parameters),
            ctypes.addressof(loaded.settings),
        )
        put(infos, bytes(answer))

    @export(ctypes.c_char_p, ctypes.c_bool, ctypes.c_int32, Address, connected=False)
    def BL_DefineBoolParameter(
        self, label: bytes | None, value: bool, index: int, parameter: int | None
    ) -> None:
        """Fill one parameter with a truth value."""
        _define(label, Kind.BOOL, int(value), index, parameter)

    @export(ctypes.c_char_p, ctypes.c_float, ctypes.c_int32, Address, connected=False)
    def BL_DefineSglParameter(
        self, label: bytes | None, value: float, index: int, parameter: int | None
    ) -> None:
        """Fill one parameter with a single-precision number, as its bits."""
        _define(label, Kind.SINGLE, struct.unpack("<I", struct.pack("<f", value))[0], index, parameter)

    @export(ctypes.c_char_p, ctypes.c_int32, ctypes.c_int32, Address, connected=False)
    def BL_DefineIntParameter(
        self, label: bytes | None, value: int, index: int, parameter: int | None
    ) -> None:
        """Fill one parameter with an integer."""
        _define(label, Kind.INT, value & 0xFFFFFFFF, index, parameter)


def _define(label: bytes | None, kind: Kind, value: int, index: int, parameter: int | None) -> None:
    if not label or len(label) > 63:
        raise EclibError(Code.INVALIDPARAMETERS)
    put(parameter, bytes(EccParam(label, kind, value, index)))


def _name(file: bytes | None) -> str:
    return (file or b"").decode("utf-8", "replace")


def _parameters(given: Any) -> list[EccParam]:
    """Copy the parameters that a client points at."""
    if not 0 <= given.length <= _MOST_PARAMETERS or (given.length and not given.address):
        raise EclibError(Code.INVALIDPARAMETERS)
    if not given.length:
        return []
    return list((EccParam * given.length).from_buffer_copy(_bytes(given.address, given.length)))


def _bytes(address: int, number: int) -> bytes:
    return ctypes.string_at(address, number * ctypes.sizeof(EccParam))
