"""The one spectrum that is looked at: found by its time, read, and computed with where that is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from analysis.circuit import MODEL
from analysis.hindsight import INTERPOLATED
from app.window.reading.faces import (
    DISTRIBUTION,
    RESIDUALS,
    Distribution,
    Residuals,
    distribution_of,
    residuals_of,
)
from app.window.reading.snapshot import FIT_COLUMNS, Selected
from core.errors import StoreError
from core.records import Fit, Floats, Spectrum
from storage import RunReader, StoredSpectrum

REMEMBERED = 32
"""Spectra whose computed faces are kept, for those who go back and forth."""

Origin = tuple[int, int]
Key = TypeVar("Key")


@dataclass
class LookedAt:
    """Reads the spectrum that is pointed at, and computes what is wanted of the one looked at.

    Parameters
    ----------
    reader : RunReader

    Attributes
    ----------
    time : float or None
        Bench seconds that are pointed at; None while the window is live.
    faces : frozenset of str
        What is to be computed, of `RESIDUALS` and `DISTRIBUTION`.
    selected : Selected or None
    residuals : Residuals or None
    distribution : Distribution or None
    faults : list of str
        What could not be read and was passed over.
    """

    reader: RunReader
    time: float | None = None
    faces: frozenset[str] = frozenset()
    selected: Selected | None = None
    residuals: Residuals | None = None
    distribution: Distribution | None = None
    faults: list[str] = field(default_factory=list)
    _origin: Origin | None = None
    _unreadable: set[int] = field(default_factory=set)
    _residuals: dict[Origin, Residuals] = field(default_factory=dict)
    _distributions: dict[int, Distribution] = field(default_factory=dict)

    @property
    def behind(self) -> bool:
        """Whether somebody points elsewhere than at what has been read."""
        return self.time != (None if self.selected is None else self.selected.time)

    def read(self, fits: Floats, refits: int, model: str) -> bool:
        """Read the spectrum nearest to `time`, and its fit; return whether anything else is selected.

        Parameters
        ----------
        fits : ndarray, shape (m, k)
            The columns of `FIT_COLUMNS`.
        refits : int
            How many refits of the run there are; with another one the fit is read again.
        model : str
            Name of the circuit that the run decides by.
        """
        wanted = self.time
        if wanted is None or not len(fits):
            gone, self.selected, self._origin = self.selected is not None, None, None
            return gone
        number = self._nearest(fits, wanted)
        while number is not None and (number, refits) != self._origin:
            try:
                self.selected = Selected(
                    wanted, self.reader.spectrum(number), fit_of(self.reader, number, model)
                )
                self._origin = (number, refits)
                return True
            except StoreError as error:
                self._pass_over(number, error)
                number = self._nearest(fits, wanted)
        if number is None or self.selected is None or self.selected.time == wanted:
            return False
        self.selected = replace(self.selected, time=wanted)
        return True

    def compute(self, stored: StoredSpectrum | None, fit: Fit | None, fits: Floats) -> bool:
        """Compute what is wanted of the spectrum that is looked at; return whether anything is new."""
        before = (self.residuals, self.distribution)
        self.residuals = self.distribution = None
        if stored is not None and RESIDUALS in self.faces:
            origin = (stored.id, 0 if fit is None else fit.version)
            if origin not in self._residuals:
                around = self._around(stored.id, fit, fits)
                self._residuals[origin] = residuals_of(stored.id, stored.spectrum, fit, around)
                _shorten(self._residuals)
            self.residuals = self._residuals[origin]
        if stored is not None and DISTRIBUTION in self.faces:
            if stored.id not in self._distributions:
                self._distributions[stored.id] = distribution_of(stored.id, stored.spectrum)
                _shorten(self._distributions)
            self.distribution = self._distributions[stored.id]
        return before != (self.residuals, self.distribution)

    def _nearest(self, fits: Floats, time: float) -> int | None:
        numbers = fits[:, FIT_COLUMNS.index("spectrum")]
        distance = np.abs(fits[:, FIT_COLUMNS.index("time")] - time)
        if self._unreadable:
            distance = np.where(np.isin(numbers, list(self._unreadable)), np.nan, distance)
        return None if np.all(np.isnan(distance)) else int(numbers[np.nanargmin(distance)])

    def _pass_over(self, number: int, error: StoreError) -> None:
        """Do without a spectrum that cannot be read, unless the whole store cannot be."""
        self.reader.summary()
        self._unreadable.add(number)
        self.faults.append(str(error))

    def _around(self, number: int, fit: Fit | None, fits: Floats) -> Sequence[Spectrum]:
        """Return the sweeps before and after one whose impedances were interpolated between them."""
        if fit is None or INTERPOLATED not in fit.flags:
            return ()
        numbers = fits[:, FIT_COLUMNS.index("spectrum")]
        at = int(np.searchsorted(numbers, number))
        if not 0 < at < len(numbers) - 1:
            return ()
        return [self.reader.spectrum(int(numbers[each])).spectrum for each in (at - 1, at + 1)]


def fit_of(reader: RunReader, spectrum: int, model: str) -> Fit | None:
    """Return the latest fit of a spectrum with a circuit, None if there is none."""
    found = reader.fit_of(spectrum, model)
    return None if found is None else found.fit


def model_of(reader: RunReader) -> str | None:
    """Return the circuit that a run decides by: that of the fits made while it went on, None before any.

    Of data that was only fitted afterwards it is the standard circuit, or else the first one.
    """
    versions = reader.fit_versions()
    own = [each.model for each in versions if each.how is None]
    if own:
        return own[0]
    later = [each.model for each in versions]
    return MODEL if MODEL in later else next(iter(later), None)


def _shorten(kept: dict[Key, Any]) -> None:
    """Forget the oldest."""
    while len(kept) > REMEMBERED:
        del kept[next(iter(kept))]
