"""A few spectra that stand for a whole run, chosen while it grows."""

from collections.abc import Sequence

from storage import StoredSpectrum

MOST = 40
"""Spectra drawn faintly behind the last one."""

AT_A_TIME = 8
"""Spectra read in one go, so that opening a long run stays smooth."""


class History:
    """Every k-th fitted spectrum; k doubles when there are too many.

    So the choice is spread evenly over the run at any moment, and of a run of thousands of
    spectra only some dozens are ever read.
    """

    def __init__(self) -> None:
        self._offered = 0
        self._every = 1
        self._chosen: dict[int, int] = {}
        self._kept: dict[int, StoredSpectrum] = {}

    def offer(self, numbers: Sequence[int]) -> None:
        """Take note of further spectra, by id, in the order they were measured."""
        for position, number in enumerate(numbers, start=self._offered):
            if position % self._every == 0:
                self._chosen[number] = position
            if len(self._chosen) > MOST:
                self._every *= 2
                self._chosen = {
                    each: place for each, place in self._chosen.items() if place % self._every == 0
                }
        self._offered += len(numbers)
        self._kept = {number: each for number, each in self._kept.items() if number in self._chosen}

    def wanted(self) -> list[int]:
        """Return the ids of chosen spectra that have not been read yet, not too many at once."""
        return [number for number in self._chosen if number not in self._kept][:AT_A_TIME]

    def keep(self, spectrum: StoredSpectrum) -> None:
        """Take a chosen spectrum that has been read."""
        self._kept[spectrum.id] = spectrum

    def leave_out(self, number: int) -> None:
        """Do without a chosen spectrum that cannot be read."""
        self._chosen.pop(number, None)

    @property
    def spectra(self) -> tuple[StoredSpectrum, ...]:
        """The chosen spectra that have been read, in the order they were measured."""
        return tuple(sorted(self._kept.values(), key=lambda each: each.id))
