"""What the plots show, in the units of their axes: plain arrays, no Qt."""

from dataclasses import dataclass, field

import numpy as np

from analysis.model_curve import impedance_of
from app.window.criterion import ICE_POINT
from app.window.depletion import cut_off_of
from app.window.series import thin
from app.window.snapshot import Snapshot
from app.window.tiles import charge_before
from core.cell import Cell
from core.records import Bools, Complexes, Floats, Spectrum

MOST_POINTS = 50_000
"""Points of a trace that are handed to a plot; longer ones are thinned to their envelope."""

CURVE_POINTS = 200
HOUR = 3600.0
EMPTY: Floats = np.empty(0)


@dataclass(frozen=True, eq=False)
class Arc:
    """One spectrum in the Nyquist plot: Re Z and −Im Z in kΩ cm², shape (n,), and its hour."""

    x: Floats = field(default_factory=lambda: EMPTY)
    y: Floats = field(default_factory=lambda: EMPTY)
    hour: float = float("nan")


@dataclass(frozen=True, eq=False)
class Nyquist:
    """The Nyquist plot.

    Attributes
    ----------
    used, masked : Arc
        The last spectrum, in points that the fit used and points that it did not.
    fit : Arc
        The fitted circuit over the frequencies of the last spectrum.
    initial : Arc
        The last spectrum at open circuit before the current.
    history : tuple of Arc
        Some of those before the last, oldest first.
    """

    used: Arc
    masked: Arc
    fit: Arc
    initial: Arc
    history: tuple[Arc, ...]


def nyquist(snapshot: Snapshot) -> Nyquist:
    """Return the curves of the Nyquist plot."""
    cell = snapshot.header.cell
    initial = snapshot.initial
    started = arc_of(initial.spectrum, cell) if initial is not None else Arc()
    if snapshot.last is None:
        return Nyquist(Arc(), Arc(), Arc(), started, ())
    last, fit = snapshot.last, snapshot.fit_of_last
    used = _used(last.spectrum, None if fit is None else fit.mask)
    history = tuple(arc_of(each.spectrum, cell) for each in snapshot.history if each.id != last.id)
    curve = Arc()
    if fit is not None:
        impedance, hour = _fitted(snapshot, last.spectrum), last.spectrum.mid_time / HOUR
        curve = Arc() if impedance is None else _arc(impedance, cell, hour)
    return Nyquist(
        arc_of(last.spectrum, cell, used),
        arc_of(last.spectrum, cell, ~used),
        curve,
        started,
        history,
    )


def arc_of(spectrum: Spectrum, cell: Cell, chosen: Bools | None = None) -> Arc:
    """Return a spectrum, or some of its points; those that are not finite are left out."""
    keep = np.isfinite(spectrum.impedance)
    if chosen is not None:
        keep = keep & chosen
    return _arc(spectrum.impedance[keep], cell, spectrum.mid_time / HOUR)


def _arc(impedance: Complexes, cell: Cell, hour: float) -> Arc:
    scale = cell.areal_resistance(1.0)
    return Arc(impedance.real * scale, -impedance.imag * scale, hour)


def _used(spectrum: Spectrum, mask: Bools | None) -> Bools:
    whole = np.ones(len(spectrum), dtype=bool)
    return whole if mask is None or mask.shape != whole.shape else mask


def _fitted(snapshot: Snapshot, spectrum: Spectrum) -> Complexes | None:
    assert snapshot.fit_of_last is not None
    measured = spectrum.frequency[np.isfinite(spectrum.frequency) & (np.nan_to_num(spectrum.frequency) > 0)]
    if not len(measured):
        return None
    frequency = np.geomspace(measured.max(), measured.min(), CURVE_POINTS)
    order = np.argsort(spectrum.frequency)
    delay = np.interp(frequency, spectrum.frequency[order], spectrum.time[order] - spectrum.mid_time)
    return impedance_of(snapshot.fit_of_last, frequency, delay)


@dataclass(frozen=True, eq=False)
class Contact:
    """R_int and C_int against areal charge.

    Attributes
    ----------
    charge : ndarray, shape (n,)
        mAh cm⁻² since the current was switched on, at the middle of each sweep.
    resistance : ndarray, shape (n,)
        kΩ cm²; nan where it is not known.
    relative : ndarray, shape (n,)
        C_int over that of the reference; nan without one.
    reserved : ndarray of bool, shape (n,)
        Fits that nothing is concluded from.
    reference : tuple of float or None
        R_int in kΩ cm² and C_int in µF cm⁻² of the last fit before the current.
    threshold : float or None
        R_int of depletion, in kΩ cm².
    """

    charge: Floats
    resistance: Floats
    relative: Floats
    reserved: Bools
    reference: tuple[float, float] | None
    threshold: float | None


def contact(snapshot: Snapshot) -> Contact:
    """Return R_int and C_int since the current was switched on."""
    cell, began = snapshot.header.cell, snapshot.current_on
    criterion = snapshot.criterion
    threshold = None if criterion is None else criterion.areal(cell)
    if began is None:
        return Contact(EMPTY, EMPTY, EMPTY, np.empty(0, dtype=bool), None, threshold)
    time = snapshot.column("time")
    flowing = time > began
    reference = _reference(snapshot, began)
    c_int = snapshot.column("C_int")[flowing]
    return Contact(
        charge=_charge_at(snapshot, time[flowing], began),
        resistance=snapshot.column("R_int")[flowing] * cell.areal_resistance(1.0),
        relative=c_int / (np.nan if reference is None else reference[1]),
        reserved=snapshot.column("reserved")[flowing] > 0,
        reference=None
        if reference is None
        else (cell.areal_resistance(reference[0]), cell.areal_capacitance(reference[1])),
        threshold=threshold,
    )


def _reference(snapshot: Snapshot, began: float) -> tuple[float, float] | None:
    """Return R_int and C_int of the last fit before the current that can be relied on."""
    before = (snapshot.column("time") <= began) & (snapshot.column("reserved") == 0)
    if not np.any(before):
        return None
    return float(snapshot.column("R_int")[before][-1]), float(snapshot.column("C_int")[before][-1])


def _charge_at(snapshot: Snapshot, time: Floats, began: float) -> Floats:
    trace = snapshot.traces["Q"]
    if not len(trace):
        return np.full(len(time), np.nan)
    before = charge_before(trace, began)
    flowing = trace[trace[:, 0] > began]
    passed = np.interp(time, [began, *flowing[:, 0]], [before, *flowing[:, 1]]) - before
    return passed * snapshot.header.cell.areal_charge(1.0)


@dataclass(frozen=True, eq=False)
class Traces:
    """E, T and p against time; each a pair of hours and values, shape (n,).

    Attributes
    ----------
    cut_off : float or None
        V.
    current_on : float or None
        h.
    """

    voltage: tuple[Floats, Floats]
    temperature: tuple[Floats, Floats]
    pressure: tuple[Floats, Floats]
    cut_off: float | None
    current_on: float | None


def traces(snapshot: Snapshot) -> Traces:
    """Return what is drawn against time."""
    temperature_time, temperature = _trace(snapshot, "T")
    force_time, force = _trace(snapshot, "F")
    return Traces(
        voltage=_trace(snapshot, "E"),
        temperature=(temperature_time, temperature - ICE_POINT),
        pressure=(force_time, force * snapshot.header.cell.pressure(1.0)),
        cut_off=cut_off_of(snapshot),
        current_on=None if snapshot.current_on is None else snapshot.current_on / HOUR,
    )


def _trace(snapshot: Snapshot, quantity: str) -> tuple[Floats, Floats]:
    rows = snapshot.traces[quantity]
    time, value = thin(rows[:, 0], rows[:, 1], MOST_POINTS)
    return time / HOUR, value
