"""What the Nyquist plot shows, in the units of its axes: plain arrays, no Qt."""

from dataclasses import dataclass, field

import numpy as np

from analysis.model_curve import impedance_of
from app.window.reading.snapshot import Snapshot
from app.window.shown.format import uncertain
from app.window.shown.looked_at import frequency_words, remarks, which, why_nothing
from app.window.shown.strands import HOUR, Strands, strands
from app.window.shown.units import Units
from core.records import Bools, Complexes, Fit, Floats, Spectrum

CURVE_POINTS = 200
EMPTY: Floats = np.empty(0)

LABELLED = (
    *(("1 Hz", 1.0), ("10³ Hz", 1e3), ("10⁶ Hz", 1e6), ("10⁻³ Hz", 1e-3)),
    *(("10 Hz", 1e1), ("10² Hz", 1e2), ("10⁴ Hz", 1e4), ("10⁵ Hz", 1e5)),
)
"""Frequencies that are written at their points, the most welcome first …"""

MOST_LABELS, APART = 3, 0.16
"""… not more than this, and so far from each other, as a share of the size of the spectrum."""

BESIDE = 0.13
"""Decades by which a point may miss the frequency that is written at it."""

AIR = 0.06
"""Share of its size that is left free around what is shown."""

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Arc:
    """A spectrum in the Nyquist plot: Re Z, −Im Z in kΩ cm² or kΩ, frequency in Hz, shape (n,); its hour."""

    x: Floats = field(default_factory=lambda: EMPTY)
    y: Floats = field(default_factory=lambda: EMPTY)
    frequency: Floats = field(default_factory=lambda: EMPTY)
    hour: float = float("nan")


@dataclass(frozen=True, eq=False)
class Nyquist:
    """The Nyquist plot.

    Attributes
    ----------
    used, masked : Arc
        The spectrum that is looked at, in points that the fit used and points that it did not.
    fit : Arc
        The fitted circuit over the frequencies of that spectrum.
    last : Arc
        The last spectrum, where another one is looked at.
    initial : Arc
        The last spectrum at open circuit before the current.
    past : Strands
        Spectra of the whole run …
    past_x, past_y : ndarray, shape (n,)
        … and where they are drawn.
    labels : tuple of (float, float, str)
        Where frequencies are written, and which.
    unit : str
    which : str
        Which spectrum is looked at.
    words : str
        Why there is nothing to see; empty if there is.
    remarks : str
        What is amiss with the spectrum or its fit.
    """

    used: Arc
    masked: Arc
    fit: Arc
    last: Arc
    initial: Arc
    past: Strands
    past_x: Floats
    past_y: Floats
    labels: tuple[tuple[float, float, str], ...]
    unit: str
    which: str
    words: str
    remarks: str

    @property
    def until(self) -> float:
        """The hour of the newest spectrum."""
        hours = [self.used.hour, self.masked.hour, self.last.hour, *self.past.hour[-1:]]
        known = [hour for hour in hours if np.isfinite(hour)]
        return max(known, default=float("nan"))

    @property
    def looked_at(self) -> Bounds | None:
        """The range that the spectrum that is looked at fills, None if there is none."""
        return _bounds(
            np.concatenate([self.used.x, self.masked.x]), np.concatenate([self.used.y, self.masked.y])
        )

    @property
    def everything(self) -> Bounds | None:
        """The range that all of it fills."""
        arcs = (self.used, self.masked, self.last, self.initial)
        return _bounds(
            np.concatenate([self.past_x, *(arc.x for arc in arcs)]),
            np.concatenate([self.past_y, *(arc.y for arc in arcs)]),
        )


def nyquist(snapshot: Snapshot, units: Units | None = None) -> Nyquist:
    """Return the curves of the Nyquist plot; areal ones if nothing else is said."""
    units = Units() if units is None else units
    scale = units.resistance(snapshot.header.cell)
    initial, pointed, fit = snapshot.initial, snapshot.pointed, snapshot.fit_of_pointed
    used = masked = curve = last = Arc()
    if pointed is not None:
        chosen = _used(pointed.spectrum, None if fit is None else fit.mask)
        used = arc_of(pointed.spectrum, scale, chosen)
        masked = arc_of(pointed.spectrum, scale, ~chosen)
        curve = Arc() if fit is None else _fitted(fit, pointed.spectrum, scale)
    if snapshot.last is not None and pointed is not None and snapshot.last.id != pointed.id:
        last = arc_of(snapshot.last.spectrum, scale)
    past = strands(snapshot.history)
    return Nyquist(
        used=used,
        masked=masked,
        fit=curve,
        last=last,
        initial=arc_of(initial.spectrum, scale) if initial is not None else Arc(),
        past=past,
        past_x=past.impedance.real * scale,
        past_y=-past.impedance.imag * scale,
        labels=_labels(used, masked),
        unit=units.resistance_unit,
        which=which(snapshot, units),
        words=why_nothing(snapshot),
        remarks=remarks(snapshot),
    )


def arc_of(spectrum: Spectrum, scale: float, chosen: Bools | None = None) -> Arc:
    """Return a spectrum, or some of its points; those that are not finite are left out.

    Parameters
    ----------
    spectrum : Spectrum
    scale : float
        What Ω are multiplied by.
    chosen : ndarray of bool, shape (n,), optional
    """
    keep = np.isfinite(spectrum.impedance)
    if chosen is not None:
        keep = keep & chosen
    return _arc(spectrum.impedance[keep], spectrum.frequency[keep], scale, spectrum.mid_time / HOUR)


def words_of(arc: Arc, place: int, unit: str) -> str:
    """Return one point of an arc in words: frequency, Z′, −Z″ and the time of its spectrum."""
    return point_words(arc.frequency[place], arc.x[place], arc.y[place], arc.hour, unit)


def point_words(frequency: float, x: float, y: float, hour: float, unit: str) -> str:
    """Return a point in words; see `words_of`."""
    return f"{frequency_words(frequency)}   Z′ {uncertain(x)}   −Z″ {uncertain(y)} {unit}   {hour:.2f} h"


def range_for(bounds: Bounds, now: Bounds | None) -> Bounds:
    """Return the range that shows `bounds`: the one that is shown already, as long as it does well.

    So the axes rest while the spectrum grows a little from sweep to sweep, and move on in one go.

    Parameters
    ----------
    bounds : tuple of float
        Left, right, bottom and top of what is to be seen.
    now : tuple of float or None
        The range before.
    """
    left, right, bottom, top = bounds
    air = AIR * max(right - left, top - bottom)
    if now is not None:
        inside = now[0] <= left and right <= now[1] and now[2] <= bottom and top <= now[3]
        fills = max((right - left) / (now[1] - now[0]), (top - bottom) / (now[3] - now[2])) > 0.6
        if inside and fills:
            return now
    return left - air, right + 3 * air, bottom - air, top + 3 * air


def _bounds(x: Floats, y: Floats) -> Bounds | None:
    known = np.isfinite(x) & np.isfinite(y)
    if not np.any(known):
        return None
    x, y = x[known], y[known]
    size = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9)
    # What is inductive at high frequency may hang below, but does not rule the range; zero is always in it.
    low = max(float(y.min()), -0.15 * size)
    return min(float(x.min()), 0.0), float(x.max()), min(low, 0.0), max(float(y.max()), 0.1 * size)


def _labels(used: Arc, masked: Arc) -> tuple[tuple[float, float, str], ...]:
    frequency = np.concatenate([used.frequency, masked.frequency])
    x, y = np.concatenate([used.x, masked.x]), np.concatenate([used.y, masked.y])
    known = np.isfinite(frequency) & (np.nan_to_num(frequency) > 0)
    if not np.any(known):
        return ()
    logarithm = np.log10(np.where(known, frequency, 1e-30))
    apart = APART * max(float(np.ptp(x)), float(np.ptp(y)))
    found: list[tuple[float, float, str]] = []
    for text, hertz in LABELLED:
        place = int(np.argmin(np.abs(logarithm - np.log10(hertz))))
        near = [np.hypot(x[place] - one, y[place] - other) < apart for one, other, _ in found]
        if abs(logarithm[place] - np.log10(hertz)) <= BESIDE and not any(near) and len(found) < MOST_LABELS:
            found.append((float(x[place]), float(y[place]), text))
    return tuple(found)


def _arc(impedance: Complexes, frequency: Floats, scale: float, hour: float) -> Arc:
    return Arc(impedance.real * scale, -impedance.imag * scale, frequency, hour)


def _used(spectrum: Spectrum, mask: Bools | None) -> Bools:
    whole = np.ones(len(spectrum), dtype=bool)
    return whole if mask is None or mask.shape != whole.shape else mask


def _fitted(fit: Fit, spectrum: Spectrum, scale: float) -> Arc:
    frequency, impedance = fitted_curve(fit, spectrum)
    return Arc() if impedance is None else _arc(impedance, frequency, scale, spectrum.mid_time / HOUR)


def fitted_curve(fit: Fit, spectrum: Spectrum) -> tuple[Floats, Complexes | None]:
    """Return the fitted circuit over the frequencies of a spectrum, from high to low: Hz and Ω."""
    known = np.isfinite(spectrum.frequency) & (np.nan_to_num(spectrum.frequency) > 0)
    measured = spectrum.frequency[known]
    if not len(measured):
        return EMPTY, None
    frequency = np.geomspace(measured.max(), measured.min(), CURVE_POINTS)
    order = np.argsort(measured)
    delay = np.interp(frequency, measured[order], spectrum.time[known][order] - spectrum.mid_time)
    return frequency, impedance_of(fit, frequency, delay)
