"""The Sand plot: t₀^(−1/2) over the current density, a line and an effective D for each metal."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.sand import LEAST_CONCENTRATION, SandLine, concentration, sand_line
from app.window.reading.compared import Compared
from app.window.shown.format import error_of, uncertain
from core.records import Floats

HOUR = 3600.0
SQRT_HOUR = 60.0
"""s^(1/2) in h^(1/2)."""
MICROAMPERE_CM2 = 1e-2
"""A/m² in one µA/cm²."""
MMOL_CM3 = 1e3
"""mol/m³ in one mmol/cm³."""

NONE_DEPLETED = "no run was depleted"
NO_SLOPE = "no line: t₀ does not shorten as the current rises"


@dataclass(frozen=True)
class SandPoint:
    """One run of the plot.

    Attributes
    ----------
    run : int
    current : float
        µA/cm².
    value : float
        t₀^(−1/2) in h^(−1/2); of a censored run that of the time it was watched, so the truth
        lies below.
    censored : bool
    """

    run: int
    current: float
    value: float
    censored: bool


@dataclass(frozen=True, eq=False)
class SandSeries:
    """The runs of one metal under the same conditions.

    Attributes
    ----------
    metal, conditions : str
    points : tuple of SandPoint
    line : SandLine or None
    x, y : ndarray
        The line, in the units of the points; empty without one.
    words, short : str
        What came of it: D_eff with its error, and the concentration drop it rests on; `short` without
        the units, cm²/s and mmol/cm³.
    """

    metal: str
    conditions: str
    points: tuple[SandPoint, ...]
    line: SandLine | None
    x: Floats
    y: Floats
    words: str
    short: str = ""

    @property
    def title(self) -> str:
        """Metal and conditions."""
        return f"{self.metal}, {self.conditions}"


@dataclass(frozen=True, eq=False)
class Sand:
    """The Sand plot.

    Attributes
    ----------
    series : tuple of SandSeries
    left_out : tuple of str
        Which runs are not in it, and why.
    """

    series: tuple[SandSeries, ...]
    left_out: tuple[str, ...]


def sand(runs: Iterable[Compared], to_c_min: bool = False) -> Sand:
    """Return the Sand plot of some runs.

    Parameters
    ----------
    runs : iterable of Compared
    to_c_min : bool
        Whether the alloys count as depleted where the β phase ends, at c_min, instead of at zero.
    """
    groups: dict[tuple[str, str], list[SandPoint]] = {}
    left_out = []
    for each in runs:
        density = each.header.parameters.get("current_density")
        if not isinstance(density, int | float) or not density:
            left_out.append(f"run {each.summary.run}: no single current")
        elif each.transition is None:
            left_out.append(f"run {each.summary.run}: {'not decided yet' if each.summary.live else 'no t₀'}")
        elif not each.transition.seconds > 0:
            left_out.append(f"run {each.summary.run}: depleted from the beginning")
        else:
            value = (each.transition.seconds / HOUR) ** -0.5
            point = SandPoint(each.summary.run, abs(float(density)), value, not each.transition.depleted)
            groups.setdefault((each.header.cell.anode, conditions(each)), []).append(point)
    series = [
        _series(metal, words, points, to_c_min)
        for (metal, words), points in sorted(groups.items(), key=_by_metal)
    ]
    return Sand(tuple(series), tuple(left_out))


def conditions(each: Compared) -> str:
    """Return what besides the current decides on t₀: temperature, pressure, and whether it was annealed."""
    given, parts = each.header.parameters, []
    temperature, pressure = given.get("temperature"), given.get("pressure")
    if isinstance(temperature, int | float):
        parts.append(f"{temperature:g} °C")
    if isinstance(pressure, int | float) and pressure:
        parts.append(f"{pressure:g} MPa")
    annealed = each.header.cell.history.annealed_for
    if annealed:
        parts.append(f"annealed {annealed / HOUR:g} h")
    return ", ".join(parts) or "conditions not told"


def _by_metal(item: tuple[tuple[str, str], list[SandPoint]]) -> tuple[float, str]:
    (metal, words), _ = item
    return -concentration(metal), words


def _series(metal: str, words: str, points: list[SandPoint], to_c_min: bool) -> SandSeries:
    c0 = concentration(metal)
    reduced = to_c_min and metal != "Li"
    drop = c0 - LEAST_CONCENTRATION if reduced else c0
    reached = [point for point in points if not point.censored]
    density = np.array([point.current for point in reached]) * MICROAMPERE_CM2
    time = np.array([point.value for point in reached]) ** -2.0 * HOUR
    line = sand_line(density, time, drop)
    points.sort(key=lambda point: (point.current, point.run))
    x = y = np.empty(0)
    if line is not None:
        x = np.array([0.0, 1.08 * max(point.current for point in points)])
        y = (line.intercept + line.slope * x * MICROAMPERE_CM2) * SQRT_HOUR
    if line is None:
        return SandSeries(metal, words, tuple(points), None, x, y, NO_SLOPE if reached else NONE_DEPLETED)
    drawn = ", through the origin" if line.through_origin else ""
    count = f"{line.points} run{'s' * (line.points != 1)}{drawn}"
    about = f"{drop / MMOL_CM3:.1f}"
    said = (
        f"D_eff = {diffusion(line)} cm² s⁻¹ from {count}, Δc = {'c₀ − c_min' if reduced else 'c₀'} = {about}"
    )
    short = f"{diffusion(line)}, {about}"
    return SandSeries(metal, words, tuple(points), line, x, y, f"{said} mmol cm⁻³", short)


def diffusion(line: SandLine) -> str:
    """Return the effective D in cm²/s, as papers give it: ``"(7.6 ± 0.3) × 10⁻¹²"``."""
    value, stderr = line.diffusion * 1e4, line.diffusion_error * 1e4
    power = math.floor(math.log10(value))
    scaled, spread = value / 10.0**power, stderr / 10.0**power
    times = f"× 10{str(power).translate(_UPPER)}"
    if not math.isfinite(spread):
        return f"{scaled:.1f} {times}"
    shown = f"{uncertain(scaled, spread)} {error_of(scaled, spread)}".strip()
    return f"({shown}) {times}"


_UPPER = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
