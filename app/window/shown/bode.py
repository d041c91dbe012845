"""What the Bode plots show, in the units of their axes: plain arrays, no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from app.window.reading.history import MOST, Past
from app.window.reading.snapshot import Snapshot
from app.window.shown.format import fixed, uncertain
from app.window.shown.looked_at import frequency_words, remarks, which, why_nothing
from app.window.shown.nyquist import fitted_curve
from app.window.shown.strands import HOUR, Strands, share_of, strands
from app.window.shown.units import Units
from core.records import Bools, Complexes, Floats

EMPTY: Floats = np.empty(0)

SPARSE = 3
"""Where there are very many spectra, every so manieth point of them is drawn."""

SPELT_OUT = 10
"""Spectra of the history that are drawn with their points and the fit."""

DECADES, DEGREES = 2.0, 60.0
"""By how much the newest spectrum of a waterfall is shifted against the oldest."""


OUTLIERS = (5.0, 95.0)
"""Percentiles of the history between which it rules the range."""


@dataclass(frozen=True, eq=False)
class Course:
    """A spectrum or a fit in the Bode plots, shape (n,).

    Attributes
    ----------
    frequency : ndarray
        log₁₀ of Hz.
    size : ndarray
        log₁₀ of |Z| in kΩ cm² or kΩ, shifted in a waterfall.
    phase : ndarray
        −φ in degrees, shifted in a waterfall.
    hour : float
    """

    frequency: Floats = field(default_factory=lambda: EMPTY)
    size: Floats = field(default_factory=lambda: EMPTY)
    phase: Floats = field(default_factory=lambda: EMPTY)
    hour: float = float("nan")


@dataclass(frozen=True, eq=False)
class Bode:
    """The Bode plots.

    Attributes
    ----------
    used, masked, fit, last, initial : Course
        As in `app.window.shown.nyquist.Nyquist`.
    past : Strands
        Spectra of the whole run, none of them in a waterfall …
    lines : Course
        … and where they are drawn.
    spelt_out : tuple of (Course, Course)
        Points and fit of some of them; of none where there are very many, unless in a waterfall.
    first, until : float
        Hours between which the colours change.
    waterfall : bool
    size_label, phase_label : str
        Of the axes, in rich text.
    shift : str
        By how much spectra are shifted against each other, in words; empty where they are not.
    unit, which, words, remarks : str
        As in `Nyquist`.
    """

    used: Course
    masked: Course
    fit: Course
    last: Course
    initial: Course
    past: Strands
    lines: Course
    spelt_out: tuple[tuple[Course, Course], ...]
    first: float
    until: float
    waterfall: bool
    size_label: str
    phase_label: str
    unit: str
    which: str
    shift: str
    words: str
    remarks: str

    @property
    def bounds(self) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]] | None:
        """The ranges of frequency, size and phase to be seen; outliers of the history do not rule them."""
        drawn = [self.used, self.masked, self.last, self.initial]
        drawn += [course for pair in self.spelt_out for course in pair] if self.waterfall else []
        frequency = np.concatenate([each.frequency for each in drawn])
        if not np.any(np.isfinite(frequency)):
            return None
        size, phase = (
            _range(np.concatenate([getattr(each, name) for each in drawn]), getattr(self.lines, name))
            for name in ("size", "phase")
        )
        return (float(np.nanmin(frequency)), float(np.nanmax(frequency))), size, phase


@dataclass(frozen=True)
class _Drawing:
    """How spectra become courses: the factor on Ω, the hours of the run, and whether they are shifted."""

    scale: float
    first: float
    until: float
    waterfall: bool

    def course(self, frequency: Floats, impedance: Complexes, hour: float) -> Course:
        shift = float(share_of(hour, self.first, self.until)) if self.waterfall else 0.0
        size, phase = _polar(impedance * self.scale)
        return Course(_logarithm(frequency), size + DECADES * shift, phase + DEGREES * shift, hour)

    def spelt_out(self, past: Past) -> tuple[Course, Course]:
        hour = past.time / HOUR
        # Dots of which none is anywhere cannot be drawn.
        good = _drawable(past.frequency, past.impedance)
        points = self.course(past.frequency[good], past.impedance[good], hour)
        return points, Course() if past.fitted is None else self.course(past.frequency, past.fitted, hour)


def bode(snapshot: Snapshot, units: Units | None = None, waterfall: bool = False) -> Bode:
    """Return the curves of the Bode plots.

    Parameters
    ----------
    snapshot : Snapshot
    units : Units, optional
        Areal ones by default.
    waterfall : bool
        Whether spectra are shifted against each other by their time.
    """
    units = Units() if units is None else units
    # Of thousands of lines nobody sees each point, but drawing them takes its time.
    many = len(snapshot.history) > MOST
    every = SPARSE if many else 1
    spelt_out = [] if many and not waterfall else evenly(snapshot.history, SPELT_OUT)
    past = strands(snapshot.history if not waterfall else (), every)
    hours = [each.time / HOUR for each in snapshot.history]
    newest = [each.spectrum.mid_time / HOUR for each in (snapshot.last,) if each is not None]
    first, until = min(hours + newest, default=0.0), max(hours + newest, default=0.0)
    drawing = _Drawing(units.resistance(snapshot.header.cell), first, until, waterfall)
    used, masked, fit = _looked_at(snapshot, drawing)
    nobody = waterfall or snapshot.initial is None
    size_label, phase_label = _labels(units.resistance_unit, waterfall)
    return Bode(
        used=used,
        masked=masked,
        fit=fit,
        last=Course() if snapshot.selected is None else _measured(snapshot.last, drawing),
        initial=Course() if nobody else _measured(snapshot.initial, drawing),
        past=past,
        lines=_lines(past, drawing.scale),
        spelt_out=tuple(drawing.spelt_out(each) for each in spelt_out),
        first=first,
        until=until,
        waterfall=waterfall,
        size_label=size_label,
        phase_label=phase_label,
        unit=units.resistance_unit,
        which=which(snapshot, units),
        shift=_shift_words(until - first) if waterfall else "",
        words=why_nothing(snapshot),
        remarks=remarks(snapshot),
    )


def evenly(history: Sequence[Past], most: int) -> list[Past]:
    """Return spectra evenly spread over the time of a history, at most so many."""
    if len(history) <= most:
        return list(history)
    times = np.array([each.time for each in history])
    wanted = np.linspace(times[0], times[-1], most)
    return [history[place] for place in sorted({int(np.argmin(np.abs(times - each))) for each in wanted})]


def words_of(course: Course, place: int, hour: float, drawn: Bode) -> str:
    """Return one point in words: frequency, |Z|, phase and the time of its spectrum, without any shift.

    Parameters
    ----------
    course : Course
    place : int
    hour : float
        Of the spectrum.
    drawn : Bode
        What the course is part of.
    """
    shift = float(share_of(hour, drawn.first, drawn.until)) if drawn.waterfall else 0.0
    size = 10.0 ** (float(course.size[place]) - DECADES * shift)
    phase = float(course.phase[place]) - DEGREES * shift
    return (
        f"{frequency_words(10.0 ** float(course.frequency[place]))}   |Z| {uncertain(size)} {drawn.unit}   "
        f"−φ {fixed(phase, 1)}°   {hour:.2f} h"
    )


def _looked_at(snapshot: Snapshot, drawing: _Drawing) -> tuple[Course, Course, Course]:
    pointed, fit = snapshot.pointed, snapshot.fit_of_pointed
    if pointed is None:
        return Course(), Course(), Course()
    spectrum, hour = pointed.spectrum, pointed.spectrum.mid_time / HOUR
    good = _drawable(spectrum.frequency, spectrum.impedance)
    mask = good if fit is None or fit.mask.shape != good.shape else good & fit.mask
    used, masked = (
        drawing.course(spectrum.frequency[chosen], spectrum.impedance[chosen], hour)
        for chosen in (mask, good & ~mask)
    )
    if fit is None:
        return used, masked, Course()
    frequency, impedance = fitted_curve(fit, spectrum)
    return used, masked, Course() if impedance is None else drawing.course(frequency, impedance, hour)


@lru_cache(maxsize=2)
def _lines(past: Strands, scale: float) -> Course:
    return _Drawing(scale, 0.0, 0.0, waterfall=False).course(past.frequency, past.impedance, float("nan"))


def _measured(stored: object, drawing: _Drawing) -> Course:
    spectrum = getattr(stored, "spectrum", None)
    if spectrum is None:
        return Course()
    return drawing.course(spectrum.frequency, spectrum.impedance, spectrum.mid_time / HOUR)


def _drawable(frequency: Floats, impedance: Complexes) -> Bools:
    """Return which points have a place on logarithmic axes."""
    found: Bools = np.isfinite(impedance) & (impedance != 0) & np.isfinite(frequency) & (frequency > 0)
    return found


def _range(drawn: Floats, lines: Floats) -> tuple[float, float]:
    known = drawn[np.isfinite(drawn)]
    lines = lines[np.isfinite(lines)]
    usual = np.percentile(lines, OUTLIERS) if len(lines) else np.empty(0)
    values = np.concatenate([known, usual])
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


def _labels(unit: str, waterfall: bool) -> tuple[str, str]:
    size, phase = f"|<i>Z</i>| / {unit}", "−<i>φ</i> / °"
    return (f"{size}, shifted", f"{phase}, shifted") if waterfall else (size, phase)


def _shift_words(hours: float) -> str:
    return f"shifted ×10 in {hours / DECADES:.2g} h and +30° in {hours / DEGREES * 30:.2g} h"


def _polar(impedance: Complexes) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.log10(np.abs(impedance))
    size = np.where(np.isfinite(size), size, np.nan)
    return size, np.where(np.isnan(size), np.nan, -np.degrees(np.angle(impedance)))


def _logarithm(frequency: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.log10(frequency)
    return np.where(np.isfinite(result), result, np.nan)
