"""Random numbers keyed by seed, stream and sample, not by the order of calls.

A reading that is taken twice, or a reading more or less elsewhere, changes no other number, so
the same seed gives the same run whatever else was asked for.
"""

import zlib
from functools import cache, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint64(1)
_S30, _S27, _S31, _S11 = (np.uint64(bits) for bits in (30, 27, 31, 11))
_M1, _M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Finalise 64-bit counters (splitmix64); array arithmetic wraps around silently."""
    x = (x ^ (x >> _S30)) * _M1
    x = (x ^ (x >> _S27)) * _M2
    return x ^ (x >> _S31)


@cache
def _keys(seed: int, *streams: str) -> NDArray[np.uint64]:
    """Return one key for each stream, as a column."""
    base = np.array([seed & 0xFFFFFFFFFFFFFFFF], np.uint64) * _GOLDEN
    keys = [_mix(base + np.uint64(zlib.crc32(stream.encode()))) for stream in streams]
    return np.stack(keys)


def _uniform(keys: NDArray[np.uint64], sample: ArrayLike) -> NDArray[np.float64]:
    index = np.atleast_1d(np.asarray(sample)).astype(np.uint64)
    bits = _mix(keys + (index + _ONE) * _GOLDEN)
    return ((bits >> _S11).astype(np.float64) + 0.5) * 2.0**-53


def uniform(seed: int, stream: str, sample: ArrayLike) -> NDArray[np.float64]:
    """Return numbers between 0 and 1 (exclusive), one for each sample.

    Parameters
    ----------
    seed : int
    stream : str
        Instrument and quantity, e.g. ``"gauge/force"``.
    sample : array_like of int
        Number of each sample, 0 or more.
    """
    return _uniform(_keys(seed, stream), sample)[0]


def normal(seed: int, stream: str, sample: ArrayLike) -> NDArray[np.float64]:
    """Return standard normal numbers, one for each sample; see `uniform`."""
    first, second = _uniform(_keys(seed, stream, stream + "/angle"), sample)
    return np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second)


BLOCK = 256
"""Samples drawn together by `Normals`: to draw one costs as much as to draw some hundred."""


class Normals:
    """Standard normal numbers of one stream, asked for one at a time; see `normal`.

    Parameters
    ----------
    seed : int
    stream : str
    stride : int
        How far apart the samples are that are asked for one after another, where that is known.
        Any sample may be asked for; others take longer.
    """

    def __init__(self, seed: int, stream: str, stride: int = 1) -> None:
        self._seed, self._stream, self._stride = seed, stream, stride
        self._block = lru_cache(maxsize=16)(self._draw)

    def _draw(self, block: int, offset: int) -> NDArray[np.float64]:
        numbers = np.arange(block * BLOCK, (block + 1) * BLOCK)
        return normal(self._seed, self._stream, numbers * self._stride + offset)

    def __call__(self, sample: int) -> float:
        """Return the number of one sample."""
        number, offset = divmod(sample, self._stride)
        return self._block(number // BLOCK, offset).item(number % BLOCK)
