"""Fits spectra one after the other while a run goes on."""

import math
from collections import deque

from analysis.fitting import fit_spectrum
from analysis.normalise import ROOM_TEMPERATURE
from analysis.search import NEIGHBOURS
from core.errors import BadInput
from core.records import Fit, Spectrum


class LiveFitter:
    """Fits each spectrum as it arrives, starting from the fits before it.

    The first spectrum, and any that the trend does not lead to, is fitted from no guess at all.
    What the fitter remembers are only the last few `Fit` records, so a resumed run that hands them
    back with `remember` goes on with identical numbers.

    Parameters
    ----------
    area : float
        Electrode area in m², for the resolution limit of 2 Ω cm² only.
    temperature : float
        Of the cell in K; may be set again when it changes. It only says where the arcs of the
        electrolyte are expected, so a few kelvin do not matter.

    Raises
    ------
    BadInput
        If the area is not positive and finite.
    """

    def __init__(self, area: float, temperature: float = ROOM_TEMPERATURE) -> None:
        if not (math.isfinite(area) and area > 0):
            raise BadInput(
                f"An electrode area of {area!r} m² is impossible;", "give the electrode's diameter."
            )
        self.area = area
        self.temperature = temperature
        self._previous: deque[Fit] = deque(maxlen=NEIGHBOURS)

    def __call__(self, spectrum: Spectrum, fit_from: Fit | None = None) -> Fit:
        """Fit one spectrum; never raises for bad data, see `analysis.fitting.fit_spectrum`.

        Parameters
        ----------
        spectrum : Spectrum
        fit_from : Fit, optional
            Start from this fit instead of those before.
        """
        previous = tuple(self._previous) if fit_from is None else (fit_from,)
        fit = fit_spectrum(spectrum, self.area, previous, self.temperature)
        self.remember(fit)
        return fit

    def remember(self, fit: Fit) -> None:
        """Take an earlier fit of this run as if it had been made here; fits that failed are left out."""
        if "no fit" not in fit.flags:
            self._previous.append(fit)
