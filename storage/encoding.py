"""How arrays and dictionaries become bytes and text, and back, bit by bit."""

import json
import math
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.records import Floats, Spectrum

ARRAYS = (
    "frequency",
    "z_re",
    "z_im",
    "time",
    "voltage",
    "current",
    "voltage_amplitude",
    "current_amplitude",
)
"""The array columns of the spectrum table, in the order of the checksum."""

_FLOAT = np.dtype("<f8")
_TAG = "$float"


def pack(values: NDArray[Any] | Sequence[float]) -> bytes:
    """Return the little-endian float64 bytes of an array, row by row."""
    return np.ascontiguousarray(values, dtype=_FLOAT).tobytes()


def unpack(data: bytes) -> Floats:
    """Return the float64 array, shape (n,), that `pack` made bytes of; it is read-only."""
    array = np.frombuffer(data, dtype=_FLOAT)
    return array if _FLOAT.isnative else array.astype(np.float64)


def pack_spectrum(spectrum: Spectrum) -> tuple[bytes, ...]:
    """Return the bytes of a spectrum's arrays in the order of `ARRAYS`.

    Raises
    ------
    ValueError
        If the spectrum is empty or its arrays are not all of one shape (n,).
    """
    impedance = spectrum.impedance
    arrays: tuple[NDArray[Any], ...] = (
        spectrum.frequency,
        impedance.real,
        impedance.imag,
        spectrum.time,
        spectrum.voltage,
        spectrum.current,
        spectrum.voltage_amplitude,
        spectrum.current_amplitude,
    )
    shape = spectrum.frequency.shape
    if len(shape) != 1 or not shape[0] or any(array.shape != shape for array in arrays):
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(ARRAYS, arrays, strict=True))
        raise ValueError(f"a spectrum needs arrays of one length, at least one point: {shapes}")
    return tuple(map(pack, arrays))


def unpack_impedance(real: bytes, imaginary: bytes) -> NDArray[np.complex128]:
    """Return the complex array, shape (n,); signs of zero and NaNs come back as they were."""
    impedance = np.empty(len(real) // _FLOAT.itemsize, dtype=np.complex128)
    impedance.real = unpack(real)
    impedance.imag = unpack(imaginary)
    return impedance


def checksum_of(technique: str, amplitude: float, pass_number: int, arrays: Sequence[bytes]) -> int:
    """Return the CRC-32 over a spectrum's arrays and the settings that give them meaning."""
    # SQLite gives -0.0 back as 0.0, which must not read as damage; adding 0.0 makes them one.
    settings = technique.encode() + struct.pack("<dq", amplitude + 0.0, pass_number)
    return zlib.crc32(b"".join((*arrays, settings)))


def checksum(spectrum: Spectrum) -> int:
    """Return the checksum that is stored with a spectrum: an unsigned CRC-32."""
    return checksum_of(spectrum.technique, spectrum.amplitude, spectrum.pass_number, pack_spectrum(spectrum))


def _plain(value: Any) -> Any:
    """Turn what JSON does not know into what it does; NaN and infinities are tagged."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {_TAG: repr(float(value))}
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return _plain(value.tolist())
    return value


def _untagged(found: dict[str, Any]) -> Any:
    return float(found[_TAG]) if len(found) == 1 and _TAG in found else found


def to_json(value: Any) -> str:
    """Write a value as JSON; every float comes back from `from_json` as the same number.

    JSON has no NaN and no infinity (and PostgreSQL refuses them), so these are written as
    ``{"$float": "nan"}``. Numpy's scalars and arrays become plain numbers and lists.
    """
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Any:
    """Read what `to_json` wrote."""
    return json.loads(text, object_hook=_untagged if _TAG in text else None)
