"""The boundary to clients: C thunks around Python methods, and bare pointers to them.

A client that loads the vendor's library with ctypes gets function pointers that return an int and
know nothing about their arguments; it declares structures and argument types of its own. The same
is handed out here: a pointer at the address of a thunk, so real bytes cross.
"""

import ctypes
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.eclib.codes import Code, EclibError

_log = logging.getLogger(__name__)

Address = ctypes.c_void_p
"""Argument that is an address; arrives as an int, or None for NULL."""


class BarePointer(ctypes._CFuncPtr):  # type: ignore[name-defined]
    """What attribute access on a loaded library gives: returns an int, knows no argument types."""

    _flags_ = 1  # FUNCFLAG_CDECL
    _restype_ = ctypes.c_int


@dataclass(frozen=True)
class Signature:
    """C types of an export.

    Attributes
    ----------
    arguments : tuple of ctypes types
    result : ctypes type
    connected : bool
        Whether its first argument is a connection, which can be lost.
    """

    arguments: tuple[Any, ...]
    result: Any
    connected: bool


def export(*arguments: Any, result: Any = ctypes.c_int, connected: bool = True) -> Callable[[Any], Any]:
    """Declare a method to be an export with these C argument types."""

    def declare(method: Any) -> Any:
        method.signature = Signature(arguments, result, connected)
        return method

    return declare


def guarded(
    name: str,
    method: Callable[..., int | None],
    lock: threading.Lock,
    patience: Callable[[], float],
    strike: Callable[[], int],
) -> Callable[..., int]:
    """Wrap an export: one caller at a time, faults first, every exception turned into a code.

    Parameters
    ----------
    name : str
    method : callable
        Returns a value, or None for success.
    lock : Lock
        Shared by all exports of a library.
    patience : callable
        Seconds that a caller waits for the lock before it gets FUNCTIONINPROGRESS.
    strike : callable
        Code of a fault that hits this call, or 0.
    """

    def call(*arguments: Any) -> int:
        if not lock.acquire(timeout=patience()):
            return int(Code.FUNCTIONINPROGRESS)
        try:
            return strike() or method(*arguments) or 0
        except EclibError as failure:
            return int(failure.code)
        except BaseException:  # noqa: BLE001 - one that left a C callback would be lost, and look like success
            _log.exception("%s failed inside the simulated library", name)
            return int(Code.FUNCTIONFAILED)
        finally:
            lock.release()

    return call


def put(address: int | None, data: bytes) -> None:
    """Write bytes to an address that a client gave.

    Raises
    ------
    EclibError
        INVALIDPARAMETERS for NULL.
    """
    if not address:
        raise EclibError(Code.INVALIDPARAMETERS)
    ctypes.memmove(address, data, len(data))


def put_text(address: int | None, size_address: int | None, text: str) -> None:
    """Write text and its length; the size that comes in is the room there is, with the final NUL."""
    if not address or not size_address:
        raise EclibError(Code.INVALIDPARAMETERS)
    size = ctypes.c_uint32.from_address(size_address)
    written = text.encode("ascii", "replace")[: max(0, size.value - 1)]
    if size.value:
        ctypes.memmove(address, written + b"\0", len(written) + 1)
    size.value = len(written)
