"""The usable points of many spectra, from high to low frequency, as padded arrays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from analysis.points import usable
from core.errors import BadInput
from core.records import Bools, Complexes, Floats, Spectrum

BLOCK = 1024
"""Spectra handled at once: enough to make Python's share small, few enough to stay in the cache."""


class Measured(NamedTuple):
    """Spectra as measured: arrays of shape (N, n), or (1, n) where all N have the same.

    Attributes
    ----------
    frequency : ndarray
        Hz; nan beyond the end of a shorter spectrum.
    impedance : ndarray of complex
        Ω.
    finished : ndarray
        Seconds at which each point was finished; nan where not known.
    amplitude_share : ndarray
        Measured amplitude over the one asked for; nan where not known.
    length : ndarray of int, shape (N,)
        Points of each spectrum.
    """

    frequency: Floats
    impedance: Complexes
    finished: Floats
    amplitude_share: Floats
    length: np.ndarray

    def __len__(self) -> int:
        return len(self.impedance)


@dataclass(frozen=True, eq=False)
class Batch:
    """N spectra of at most n usable points each.

    Attributes
    ----------
    frequency : ndarray, shape (N, n), or (1, n) where all spectra share it
        Hz, descending, then padded with ones.
    impedance : ndarray of complex, shape (N, n)
        Ω, padded with ones.
    delay : ndarray, shape (N, n) or (1, n)
        Seconds from the middle of the sweep to the middle of each point's own measurement; zeros
        where the times of the points are not known.
    count : ndarray of int, shape (N,)
        Usable points of each spectrum.
    position : ndarray of int, shape (N, n)
        Place of each point in its spectrum as measured; beyond `count` those of unusable points.
    time, duration : ndarray, shape (N,)
        Middle and length of the sweep in s; nan where not known.
    length : ndarray of int, shape (N,)
        Points of each spectrum as measured.
    damaged : ndarray of bool, shape (N,)
        Whether there are points that are no numbers at all.
    """

    frequency: Floats
    impedance: Complexes
    delay: Floats
    count: np.ndarray
    position: np.ndarray
    time: Floats
    duration: Floats
    length: np.ndarray
    damaged: Bools

    def __len__(self) -> int:
        return len(self.count)

    @property
    def inside(self) -> Bools:
        """Return which places hold a point, shape (N, n)."""
        return np.arange(self.impedance.shape[1]) < self.count[:, None]

    def take(self, chosen: np.ndarray) -> "Batch":
        """Return the spectra at these places."""
        return replace(
            self,
            frequency=_rows(self.frequency, chosen),
            impedance=self.impedance[chosen],
            delay=_rows(self.delay, chosen),
            count=self.count[chosen],
            position=self.position[chosen],
            time=self.time[chosen],
            duration=self.duration[chosen],
            length=self.length[chosen],
            damaged=self.damaged[chosen],
        )

    def only_first(self, count: np.ndarray) -> "Batch":
        """Return the same spectra with fewer points: the lowest frequencies are left out."""
        return replace(self, count=count)

    def lowest(self) -> Floats:
        """Return the lowest frequency of each spectrum, shape (N,), Hz."""
        last = np.maximum(self.count - 1, 0)
        if len(self.frequency) == 1:
            return np.asarray(self.frequency[0, last])
        return np.asarray(self.frequency[np.arange(len(last)), last])

    def scale(self) -> Floats:
        """Return a typical |Z| of each spectrum, shape (N,), Ω: a median; one where there is no point."""
        size = np.abs(self.impedance)
        if self.count.min() == size.shape[1]:
            middle = size.shape[1] // 2
            return np.asarray(np.partition(size, middle, axis=1)[:, middle])
        size = np.where(self.inside, size, np.nan)
        size[self.count == 0, :1] = 1.0
        return np.asarray(np.nanmedian(size, axis=1))

    def masks(self) -> list[Bools]:
        """Return for each spectrum as measured which points are in use."""
        # Of spectra taken from among longer ones, the padding is as long as those were.
        most = int(max(self.length.max(initial=0), self.position.max(initial=-1) + 1))
        if len(self) and self.count.min() == most:
            return list(np.ones((len(self), most), dtype=bool))
        used = np.zeros((len(self), most), dtype=bool)
        if used.size:
            np.put_along_axis(used, self.position, self.inside, axis=1)
        if np.all(self.length == most):
            return list(used)
        return [row[:length] for row, length in zip(used, self.length, strict=True)]


def _rows(array: np.ndarray, chosen: np.ndarray | slice) -> np.ndarray:
    return array if len(array) == 1 else array[chosen]


def measured(spectra: Sequence[Spectrum]) -> Measured:
    """Return spectra as arrays; where one's own arrays differ in length, nothing of it is usable."""
    lengths = [len(spectrum.frequency) for spectrum in spectra]
    shape = (len(spectra), max(lengths, default=0))
    frequency, finished, share = (np.full(shape, np.nan) for _ in range(3))
    impedance = np.full(shape, complex(np.nan, np.nan))
    for row, (spectrum, n) in enumerate(zip(spectra, lengths, strict=True)):
        galvanostatic = spectrum.technique.upper().startswith("G")
        amplitude = spectrum.current_amplitude if galvanostatic else spectrum.voltage_amplitude
        if not len(spectrum.impedance) == len(spectrum.time) == len(amplitude) == n:
            continue
        frequency[row, :n] = spectrum.frequency
        impedance[row, :n] = spectrum.impedance
        finished[row, :n] = spectrum.time
        if np.isfinite(spectrum.amplitude) and spectrum.amplitude > 0:
            share[row, :n] = np.abs(np.asarray(amplitude)) / spectrum.amplitude
    return Measured(frequency, impedance, finished, share, np.array(lengths, dtype=np.int64))


def from_arrays(frequency: Floats, impedance: Complexes, time: Floats | None = None) -> Measured:
    """Return arrays as `Measured`, after a look at their shapes.

    Parameters
    ----------
    frequency : ndarray, shape (n,) or (N, n)
        Hz.
    impedance : ndarray of complex, shape (N, n) or (n,)
        Ω.
    time : ndarray, shape (n,) or (N, n), optional
        Seconds at which each point was finished.

    Raises
    ------
    BadInput
        If the shapes do not belong together.
    """
    frequency = np.atleast_2d(np.asarray(frequency, dtype=float))
    impedance = np.atleast_2d(np.asarray(impedance, dtype=complex))
    finished = np.full((1, frequency.shape[1]), np.nan) if time is None else np.atleast_2d(time)
    for name, array in (("frequencies", frequency), ("times", finished)):
        if array.ndim != 2 or array.shape[1] != impedance.shape[1] or len(array) not in (1, len(impedance)):
            raise BadInput(
                f"An array of {name} of shape {array.shape} does not go with impedances of shape "
                f"{impedance.shape};",
                f"give one of {impedance.shape[1]} {name} for all spectra, or one row for each.",
            )
    unknown = np.full((1, frequency.shape[1]), np.nan)
    return Measured(frequency, impedance, finished, unknown, np.full(len(impedance), impedance.shape[1]))


def blocks(everything: Measured, size: int = BLOCK) -> Iterator[Measured]:
    """Yield the spectra in blocks, in their order."""
    for start in range(0, len(everything), size):
        rows = slice(start, start + size)
        yield Measured(
            _rows(everything.frequency, rows),
            everything.impedance[rows],
            _rows(everything.finished, rows),
            _rows(everything.amplitude_share, rows),
            everything.length[rows],
        )


def batch_of(spectra: Measured) -> Batch:
    """Return the usable points of spectra, sorted from high to low frequency.

    What is usable is said in `analysis.points.usable`.
    """
    shape = spectra.impedance.shape
    good = usable(spectra.frequency, spectra.impedance, spectra.amplitude_share)
    frequency = spectra.frequency
    if len(frequency) > 1 and (frequency[1:] == frequency[:1]).all():
        frequency = frequency[:1]
    delay, time, duration = _timing(spectra.finished, frequency)
    if len(time) == 1 < shape[0]:
        time, duration = np.repeat(time, shape[0]), np.repeat(duration, shape[0])
    if good.all() and (np.diff(frequency) < 0).all():
        return Batch(
            frequency=frequency,
            impedance=spectra.impedance,
            delay=delay,
            count=np.full(shape[0], shape[1]),
            position=np.broadcast_to(np.arange(shape[1]), shape),
            time=time,
            duration=duration,
            length=spectra.length,
            damaged=np.zeros(shape[0], dtype=bool),
        )
    return _compressed(spectra, frequency, good, delay, time, duration)


def _compressed(
    spectra: Measured, frequency: Floats, good: Bools, delay: Floats, time: Floats, duration: Floats
) -> Batch:
    """Return a batch with the usable points of each row first, from high to low frequency."""
    shape = spectra.impedance.shape
    if shape[0] == 1:
        return _one(spectra, frequency, good, delay, time, duration)
    if len(frequency) > 1 or not (good == good[:1]).all():
        frequency = np.broadcast_to(frequency, shape)
    order = np.argsort(np.where(good[: len(frequency)], -frequency, np.inf), axis=1, kind="stable")
    count = np.count_nonzero(good, axis=1)
    order = order[:, : int(count.max(initial=0))]
    inside = np.arange(order.shape[1]) < count[:, None]
    position = np.broadcast_to(order, (shape[0], order.shape[1]))
    own = np.where(inside[: len(frequency)], np.take_along_axis(frequency, order, axis=1), 1.0)
    if len(own) > 1 and (own[1:] == own[:1]).all():
        own = own[:1]
    if len(delay) > 1 or len(order) > 1:
        delay, order = np.broadcast_to(delay, shape), position
    return Batch(
        frequency=np.ascontiguousarray(own),
        impedance=np.where(inside, np.take_along_axis(spectra.impedance, position, axis=1), 1.0),
        delay=np.ascontiguousarray(np.take_along_axis(delay, order, axis=1)),
        count=count,
        position=position,
        time=time,
        duration=duration,
        length=spectra.length,
        damaged=~np.all(np.isfinite(spectra.impedance) & (spectra.frequency > 0), axis=1),
    )


def _one(
    spectra: Measured, frequency: Floats, good: Bools, delay: Floats, time: Floats, duration: Floats
) -> Batch:
    """Return the same for a single spectrum, which a live fit should not wait for."""
    order = np.flatnonzero(good[0])
    falling = frequency[0, order]
    if not (falling[1:] < falling[:-1]).all():
        order = order[np.argsort(-falling, kind="stable")]
    return Batch(
        frequency=frequency[:, order],
        impedance=spectra.impedance[:, order],
        delay=delay[:, order],
        count=np.array([len(order)]),
        position=order[None],
        time=time,
        duration=duration,
        length=spectra.length,
        damaged=~np.all(np.isfinite(spectra.impedance) & (spectra.frequency > 0), axis=1),
    )


def _timing(finished: Floats, frequency: Floats) -> tuple[Floats, Floats, Floats]:
    """Return delays (N, n), mid-times (N,) and durations (N,).

    The recorded time is when a point was finished; it was measured over the interval since the
    point before it.
    """
    known = np.isfinite(finished)
    if known.size and known.all() and (np.diff(finished) >= 0).all():
        first, last = finished[:, :1], finished[:, -1:]
        delay = finished - (first + last) / 2
        delay[:, 1:] -= np.diff(finished) / 2
        return delay, (first[:, 0] + last[:, 0]) / 2, last[:, 0] - first[:, 0]
    last = np.where(known, finished, -np.inf).max(axis=1, initial=-np.inf)
    first = finished[:, 0] if finished.shape[1] else np.full(len(finished), np.nan)
    time, duration = (first + last) / 2, last - first
    began = np.concatenate([finished[:, :1], finished[:, :-1]], axis=1)
    delay = (finished + began) / 2 - time[:, None]
    ends = ~known & ~np.isfinite(frequency)
    strange = ~np.all(known | ends, axis=1) | np.any(np.diff(finished, axis=1) < 0, axis=1)
    delay[strange] = 0.0
    time = np.where(np.isfinite(time), time, np.nan)
    duration = np.where(np.isfinite(duration), duration, np.nan)
    return np.where(np.isfinite(delay), delay, 0.0), time, duration
