"""Fits spectra one after the other while a run goes on."""

import math
from collections import deque
from dataclasses import replace

import numpy as np

from analysis.causal import CausalFilter
from analysis.circuits.model import Circuit, circuit
from analysis.engine.choice import prepare
from analysis.fits import Fits
from analysis.fitting import NEIGHBOURS, Earlier, earlier, fit_one
from analysis.hindsight import Look, second_look
from analysis.normalise import ROOM_TEMPERATURE
from analysis.quantities import INTERFACE_QUANTITIES
from analysis.smoothing import UNTRUSTED, VAGUE, coordinates_of
from core.errors import BadInput
from core.records import Fit, Floats, Spectrum


class LiveFitter:
    """Fits each spectrum as it arrives, starting from the fits before it.

    The first spectrum, and any that the trend does not lead to, is fitted from no guess at all.
    What a fit starts from are only the last few `Fit` records, so a resumed run that hands them
    back with `remember` goes on with identical numbers; its smoothed values begin anew.

    Parameters
    ----------
    area : float
        Electrode area in m², for the resolution limit of 2 Ω cm² only.
    temperature : float
        Of the cell in K; may be set again when it changes. It only says where the arcs of the
        electrolyte are expected, so a few kelvin do not matter.
    wait : bool
        Wait for the compiled engine before the first fit. A run whose clock waits with it loses
        nothing by that, and gets the same last digits every time; a real one is answered by the
        slower engine until the other is ready.

    model : Circuit, optional
        The three arcs by default.

    Raises
    ------
    BadInput
        If the area is not positive and finite.
    """

    def __init__(
        self,
        area: float,
        temperature: float = ROOM_TEMPERATURE,
        wait: bool = False,
        model: Circuit | None = None,
    ) -> None:
        if not (math.isfinite(area) and area > 0):
            raise BadInput(
                f"An electrode area of {area!r} m² is impossible;", "give the electrode's diameter."
            )
        self.area = area
        self.temperature = temperature
        self._wait = wait
        self._circuit = model or circuit()
        self._previous: deque[Earlier] = deque(maxlen=NEIGHBOURS)
        self._smoother = _Smoother(self._circuit)
        prepare()

    def __call__(self, spectrum: Spectrum, fit_from: Fit | None = None) -> Fit:
        """Fit one spectrum; never raises for bad data, see `analysis.fitting.fit`.

        Parameters
        ----------
        spectrum : Spectrum
        fit_from : Fit, optional
            Start from this fit instead of those before.
        """
        previous = list(self._previous) if fit_from is None else [earlier(fit_from, self._circuit)]
        fits = fit_one(spectrum, self._circuit, self.area, previous, self.temperature, self._wait)
        fit = self._smoother.smoothed(fits, self.temperature)
        self.remember(fit)
        return fit

    def again(self, before: Look, this: Look, after: Look) -> Fit | None:
        """Return a second look at `this`, see `analysis.hindsight.second_look`; changes nothing here."""
        return second_look((before, this, after), self._circuit, self.area, self.temperature, self._wait)

    def remember(self, fit: Fit) -> None:
        """Take an earlier fit of this run as if it had been made here; fits that failed are left out."""
        if "no fit" not in fit.flags:
            self._previous.append(earlier(fit, self._circuit))


class _Smoother:
    """Sees each fit together with those before it."""

    def __init__(self, model: Circuit) -> None:
        self._model = model
        self._coordinates = coordinates_of(model)
        self._filter: CausalFilter | None = None
        self._last = -math.inf

    def smoothed(self, fits: Fits, temperature: float) -> Fit:
        """Return the only fit of `fits` with its smoothed values."""
        fit = fits[0]
        if not fit.time > self._last or UNTRUSTED & set(fit.flags):
            return fit
        self._last = fit.time
        theta, covariance = self._seen(fits, temperature)
        slope = self._coordinates.slope(theta)
        values, stderrs = self._model.quantities(theta[None], (covariance / slope[:, None] / slope)[None])
        if not stderrs["R_int"][0] <= VAGUE * values["R_int"][0]:
            for name in INTERFACE_QUANTITIES:
                values[name] = stderrs[name] = np.full(1, np.nan)
        whole = replace(fits, smoothed=values, smoothed_stderrs=stderrs, smoothing="causal")
        return replace(fit, smoothed=whole.smoothed_values(0), smoothing="causal")

    def _seen(self, fits: Fits, temperature: float) -> tuple[Floats, Floats]:
        if self._filter is None:
            self._filter = self._begun(fits, temperature)
        parabola = self._coordinates.parabola(fits.theta[0], fits.information[0], fits.right[0])
        inside, covariance = self._filter.update(float(fits.time[0]), *parabola)
        return self._coordinates.theta(inside), covariance

    def _begun(self, fits: Fits, temperature: float) -> CausalFilter:
        """Return a filter that expects what the fits were told to expect: their pull says what that was."""
        prior = self._model.priors(1.0, temperature).information
        expected = (fits.information[0] + prior) @ fits.theta[0] - fits.right[0]
        return CausalFilter(*self._coordinates.parabola(fits.theta[0], prior, expected))
