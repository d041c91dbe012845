"""Spectra that stand for a whole run, chosen while it grows."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.records import Complexes, Floats
from storage import StoredSpectrum

MOST = 200
"""Spectra drawn behind the one that is looked at …"""

MOST_OF_ALL = 2000
"""… and when all of them are wanted."""

AT_A_TIME = 20
"""Spectra read in one go, so that opening a long run stays smooth."""


@dataclass(frozen=True, eq=False)
class Past:
    """What is kept of a spectrum of the history, to draw it: a small part of what was measured.

    Attributes
    ----------
    id : int
    time : float
        Bench seconds at the middle of the sweep.
    frequency : ndarray, shape (n,)
        Hz.
    impedance : ndarray of complex, shape (n,)
        Ω.
    fitted : ndarray of complex, shape (n,), or None
        The fitted circuit at the same frequencies, Ω; None where there is no fit, or it was not asked for.
    """

    id: int
    time: float
    frequency: Floats
    impedance: Complexes
    fitted: Complexes | None = None


class History:
    """Every k-th fitted spectrum; k is the power of two that leaves not too many.

    So the choice is spread evenly over the run at any moment, and of a run of thousands of
    spectra only some hundreds are ever read.

    Attributes
    ----------
    spectra : tuple of Past
        The chosen spectra that have been read, in the order they were measured; another tuple
        whenever anything has changed.
    """

    def __init__(self) -> None:
        self.spectra: tuple[Past, ...] = ()
        self._most = MOST
        self._every = 1
        self._numbers = array("q")
        self._left_out: set[int] = set()
        self._kept: dict[int, Past] = {}
        self._missing: list[int] = []
        self._frequency: Floats = np.empty(0)

    @property
    def most(self) -> int:
        """How many spectra are chosen at most; may be set at any time."""
        return self._most

    @most.setter
    def most(self, most: int) -> None:
        if most != self._most:
            self._most, self._every = most, 1
            self._choose()

    def offer(self, numbers: Sequence[int]) -> None:
        """Take note of further spectra, by id, in the order they were measured."""
        before = len(self._numbers)
        self._numbers.extend(numbers)
        if len(self._numbers) > self._every * self._most:
            self._choose()
        else:
            first = -before % self._every
            self._missing.extend(number for number in numbers[first :: self._every])

    def wanted(self) -> list[int]:
        """Return the ids of chosen spectra that have not been read yet, not too many at once."""
        return self._missing[:AT_A_TIME]

    def keep(self, spectrum: StoredSpectrum, fitted: Complexes | None = None) -> None:
        """Take a chosen spectrum that has been read.

        Parameters
        ----------
        spectrum : StoredSpectrum
        fitted : ndarray of complex, shape (n,), optional
            See `Past`.
        """
        measured = spectrum.spectrum
        frequency, impedance = self._shared(measured.frequency), measured.impedance.copy()
        self._kept[spectrum.id] = Past(spectrum.id, measured.mid_time, frequency, impedance, fitted)
        self._done(spectrum.id)

    def leave_out(self, number: int) -> None:
        """Do without a chosen spectrum that cannot be read."""
        self._left_out.add(number)
        self._done(number)

    def forget(self, numbers: Sequence[int]) -> None:
        """Read spectra again, because they have another fit now."""
        again = [number for number in numbers if number in self._kept]
        for number in again:
            del self._kept[number]
        self._missing.extend(again)

    def _done(self, number: int) -> None:
        self._missing.remove(number)
        if not len(self._missing) % AT_A_TIME:
            self._arrange()

    def _arrange(self) -> None:
        self.spectra = tuple(sorted(self._kept.values(), key=lambda each: each.id))

    def _choose(self) -> None:
        while len(self._numbers) > self._every * self._most:
            self._every *= 2
        chosen = self._numbers[:: self._every]
        allowed = set(chosen) - self._left_out
        self._kept = {number: each for number, each in self._kept.items() if number in allowed}
        self._missing = [number for number in chosen if number in allowed and number not in self._kept]
        self._arrange()

    def _shared(self, frequency: Floats) -> Floats:
        """Return the frequencies of another spectrum where they are the same: one array serves all."""
        if not np.array_equal(self._frequency, frequency):
            self._frequency = frequency.copy()
        return self._frequency
