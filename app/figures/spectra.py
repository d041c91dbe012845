"""Spectra coloured by the time at which they were taken: Nyquist plots and phase against frequency."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.model_curve import impedance_of
from app.figures.kind import Width
from app.figures.style import METAL_NAME, WIDTH_CM, new_figure, styled, tag
from app.figures.words import HOUR
from core.records import Complexes, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

    from app.conclusions.facts import Facts

SPECTRA = 8
"""In a panel: more cover each other."""

KILO_OHM_CM2 = 10.0
CURVE_POINTS = 160
HIGH = 0.58
"""Height of a Nyquist plot over its width: a little more than a semicircle."""

LATEST = 0.92
"""Share of the colour map that the last spectrum has; the very end of it is too pale on paper."""

View = Literal["nyquist", "phase"]


@dataclass(frozen=True, eq=False)
class Sweep:
    """A spectrum as it is drawn.

    Attributes
    ----------
    hour : float
        When it was taken.
    frequency : ndarray, shape (n,)
        Hz.
    impedance : ndarray of complex, shape (n,)
        kΩ cm².
    fitted_frequency, fitted : ndarray
        The circuit that was fitted to it; empty without one.
    """

    hour: float
    frequency: Floats
    impedance: Complexes
    fitted_frequency: Floats
    fitted: Complexes


def sweeps(facts: "Facts", since: float, until: float) -> list[Sweep]:
    """Return some spectra of a run: the first, the last, and others in even steps of time between.

    Parameters
    ----------
    facts : Facts
    since, until : float
        Span in s, counted as `facts.curves.time` is.
    """
    curves = facts.curves
    inside = np.flatnonzero((curves.time >= since) & (curves.time <= until))
    if not len(inside):
        return []
    steps = np.linspace(curves.time[inside[0]], curves.time[inside[-1]], SPECTRA)
    places = sorted({int(inside[np.argmin(np.abs(curves.time[inside] - step))]) for step in steps})
    return [_sweep(facts, int(curves.spectrum[place]), float(curves.time[place])) for place in places]


def any_sweeps(facts: "Facts") -> list[Sweep]:
    """Return some spectra of a run, whatever their fits: the first, the last, and between."""
    numbers = facts.reader.spectrum_ids()
    places = np.unique(np.linspace(0, len(numbers) - 1, min(SPECTRA, len(numbers))).round().astype(int))
    return [_sweep(facts, numbers[place], None) for place in places]


def _sweep(facts: "Facts", number: int, time: float | None) -> Sweep:
    """Return a spectrum as it is drawn; without a time given, at the bench second of its middle."""
    spectrum = facts.reader.spectrum(number).spectrum
    versions = facts.reader.fit_versions()
    stored = facts.reader.fit_of(number, versions[0].model) if versions else None
    if stored is not None and not np.any(stored.fit.mask):
        stored = None
    # Of points that the fit left out nothing is claimed.
    kept = np.ones(len(spectrum), dtype=bool) if stored is None else stored.fit.mask
    measured = spectrum.frequency[kept]
    frequency = np.geomspace(measured.min(), measured.max(), CURVE_POINTS)
    fitted = None if stored is None else impedance_of(stored.fit, frequency)
    scale = facts.cell.area * KILO_OHM_CM2
    return Sweep(
        (spectrum.mid_time if time is None else time) * HOUR,
        measured,
        spectrum.impedance[kept] * scale,
        np.empty(0) if fitted is None else frequency,
        np.empty(0, dtype=complex) if fitted is None else fitted * scale,
    )


def drawn_spectra(
    panels: Sequence[tuple["Facts", Sequence[Sweep]]], view: View, width: Width, label: str
) -> "Figure":
    """Return a figure with a panel of spectra for each run, coloured by time.

    Parameters
    ----------
    panels : sequence of (Facts, sequence of Sweep)
    view : {"nyquist", "phase"}
    width : {"single", "double"}
    label : str
        Of the scale of colours.
    """
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    single = width == "single" or len(panels) == 1
    rows, columns = (len(panels), 1) if single else (1, len(panels))
    if view == "phase":
        height = (4.0 * rows + 1.4) if rows > 1 else 6.0
    else:
        # Both axes of a Nyquist plot have one scale, so the width of a panel settles its height.
        height = rows * (HIGH * (WIDTH_CM[width] - 2.0 - 1.4 * columns) / columns + 1.3) + 1.0
    hours = [sweep.hour for _, found in panels for sweep in found]
    # From the dark end to one that is still seen on white.
    dark = LinearSegmentedColormap.from_list("time", colormaps["viridis"](np.linspace(0, LATEST, 256)))
    colours = ScalarMappable(Normalize(min(0.0, *hours), max(hours)), dark)
    with styled():
        figure = new_figure(width, height, any(facts.simulated for facts, _ in panels))
        grid = figure.subplots(rows, columns, squeeze=False, sharex=view == "phase", sharey=view == "phase")
        for axes, (facts, found) in zip(grid.flat, panels, strict=True):
            _draw(axes, facts, found, view, colours)
        for axes in grid[:, 1:].flat:
            axes.set_ylabel("")
        for axes in grid[:-1].flat if view == "phase" else ():
            axes.set_xlabel("")
        figure.align_ylabels()
        if len(hours) > 1:
            bar = figure.colorbar(colours, ax=list(grid.flat), label=label, aspect=28, pad=0.02)
            bar.outline.set_linewidth(0.6)
    return figure


def _draw(
    axes: "Axes", facts: "Facts", found: Sequence[Sweep], view: View, colours: "ScalarMappable"
) -> None:
    for sweep in found:
        colour = colours.to_rgba(np.array([sweep.hour]))[0]
        x, y = _points(sweep.frequency, sweep.impedance, view)
        line = axes.plot(x, y, "o", color=colour, markersize=2.1, markeredgewidth=0)[0]
        line.set_gid(f"run-{facts.run}")
        axes.plot(*_points(sweep.fitted_frequency, sweep.fitted, view), "-", color=colour, linewidth=0.7)
    if view == "nyquist":
        axes.set_xlabel(r"Re $Z$ / kΩ cm²")
        axes.set_ylabel(r"−Im $Z$ / kΩ cm²")
        reach = 1.06 * max((float(sweep.impedance.real.max()) for sweep in found), default=1.0)
        axes.set_xlim(0, reach)
        axes.set_ylim(-0.04 * reach, (HIGH - 0.04) * reach)
        axes.set_aspect("equal", adjustable="box")
        axes.minorticks_on()
    else:
        axes.set_xscale("log")
        axes.set_xlabel(r"$f$ / Hz")
        axes.set_ylabel(r"−$\varphi$ / °")
    tag(axes, METAL_NAME.get(facts.metal, facts.metal))


def _points(frequency: Floats, impedance: Complexes, view: View) -> tuple[Floats, Floats]:
    if view == "nyquist":
        return impedance.real, -impedance.imag
    return frequency, -np.degrees(np.angle(impedance))
