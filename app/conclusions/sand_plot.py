"""The Sand plot of several runs: a line and an effective D for each metal under the same conditions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.composition import LEAST_CONCENTRATION, concentration
from analysis.sand import SandLine, diffusion_coefficient, sand_line
from app.conclusions.alike import unlike_thresholds
from app.conclusions.facts import MICROAMPERE_CM2, Facts, rounded
from app.conclusions.refused import Refused
from app.conclusions.transitions import Depletion, depletions, felt_far_side
from core.units import ZERO_CELSIUS

Drop = Literal["c0", "c0-cmin"]

SAME_TEMPERATURE = 2.0
"""K within which runs count as at one temperature."""

SAME_PRESSURE = 1.0e6
"""Pa, likewise."""


@dataclass(frozen=True)
class PointD:
    """D that one run stands for by Sand's equation, in m²/s.

    Attributes
    ----------
    run : int
    density : float
        A/m².
    by_vanishing, by_threshold : float or None
        From t0 extrapolated to 1/R_int → 0, and from t0 by the threshold. Of a censored run
        `by_threshold` is a lower bound.
    error : float or None
        Standard error that that of t0 makes; what differs between electrodes is not in it.
    bias : float or None
        D by the threshold over D by vanishing contact, minus 1.
    bound : bool
        Whether the run is censored.
    """

    run: int
    density: float
    by_vanishing: float | None
    by_threshold: float
    error: float | None
    bias: float | None
    bound: bool


@dataclass(frozen=True)
class SandResult:
    """The Sand plot of one metal at one temperature, pressure and history.

    Attributes
    ----------
    metal : str
    temperature : float
        K, mean of the runs.
    pressure : float or None
        Pa; None where none was held.
    annealed : bool
    history : str
        In words; empty where it is the usual.
    rows : tuple of Depletion
        Also those in no line: the censored ones, and those of foils that were too thin.
    by_vanishing, by_threshold : SandLine or None
        Through t0 extrapolated to 1/R_int → 0, and through t0 by the threshold; the first is the
        result, the second shows what the threshold makes of it; None where thresholds differ.
    drop_name : str
        ``"c0"`` or ``"c0 − c_min"``; belongs to every D.
    drop : float
        mol/m³.
    per_point : tuple of PointD
    true, true_by_threshold : SandLine or None
        Of the simulated cells: through their true t0, by the same criteria.
    """

    metal: str
    temperature: float
    pressure: float | None
    annealed: bool
    history: str
    rows: tuple[Depletion, ...]
    by_vanishing: SandLine | None
    by_threshold: SandLine | None
    drop_name: str
    drop: float
    per_point: tuple[PointD, ...]
    true: SandLine | None
    true_by_threshold: SandLine | None

    @property
    def conditions(self) -> str:
        """Metal, temperature, pressure and history in words."""
        return conditions(self.rows)

    @property
    def bias(self) -> float | None:
        """D by the threshold over D by vanishing contact, minus 1; None without both lines."""
        if self.by_vanishing is None or self.by_threshold is None:
            return None
        return self.by_threshold.diffusion / self.by_vanishing.diffusion - 1


def sand(
    facts: Sequence[Facts],
    drop: Drop = "c0",
    found: Sequence[Depletion] | None = None,
    *,
    together: bool = False,
) -> tuple[list[SandResult], list[Refused]]:
    """Return the Sand plots of some runs.

    Parameters
    ----------
    facts : sequence of Facts
    drop : str
        Which concentration drop D rests on: all lithium (``"c0"``), or that down to the end of the β
        phase (``"c0-cmin"``), which only the alloys have.
    found : sequence of Depletion, optional
        Those of the facts, where they are known already.
    together : bool
        Put all of them in one plot; refused where their metal, temperature, pressure or history
        differ, which would give a D of nothing.

    Returns
    -------
    results : list of SandResult
        Lithium first, then by temperature and pressure.
    refused : list of Refused
        Plots without a line, without an interval, and runs that are in none.
    """
    rows = list(depletions(facts)[0]) if found is None else list(found)
    groups = _groups(rows)
    if together and len(groups) > 1:
        named = "; ".join(f"{_runs(each)}: {conditions(each)}" for each in groups)
        why = f"the runs differ in more than the current: {named}."
        every = tuple(each.run for each in rows)
        return [], [Refused("Sand plot", why, "choose runs that differ in the current only.", every)]
    results = [_result(each, drop) for each in groups]
    return results, [problem for each in results for problem in _problems(each)]


def conditions(rows: Sequence[Depletion]) -> str:
    """Return in words what runs have in common besides the current."""
    first = rows[0]
    parts = [first.metal, f"{_mean_temperature(rows) - ZERO_CELSIUS:.0f} °C".replace("-0 °C", "0 °C")]
    if first.pressure is not None:
        parts.append(f"{first.pressure / 1e6:.1f} MPa")
    return ", ".join([*parts, first.history] if first.history else parts)


def _mean_temperature(rows: Sequence[Depletion]) -> float:
    return float(np.mean([each.temperature for each in rows]))


def _runs(rows: Sequence[Depletion]) -> str:
    numbers = ", ".join(str(each.run) for each in rows)
    return f"run{'s' * (len(rows) != 1)} {numbers}"


def _groups(rows: Sequence[Depletion]) -> list[list[Depletion]]:
    """Sort runs into those that differ in the current only."""
    groups: list[list[Depletion]] = []
    for row in sorted(rows, key=_in_order):
        group = next((each for each in groups if _alike(each[0], row)), None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    return [sorted(group, key=lambda row: (abs(row.density), row.run)) for group in groups]


def _in_order(row: Depletion) -> tuple[float, str, float, float, int]:
    return -concentration(row.metal), row.history, row.temperature, row.pressure or 0.0, row.run


def _alike(one: Depletion, other: Depletion) -> bool:
    return (
        (one.metal, one.history) == (other.metal, other.history)
        and abs(one.temperature - other.temperature) <= SAME_TEMPERATURE
        and (one.pressure is None) == (other.pressure is None)
        and abs((one.pressure or 0.0) - (other.pressure or 0.0)) <= SAME_PRESSURE
    )


def _result(rows: list[Depletion], drop: Drop) -> SandResult:
    metal = rows[0].metal
    reduced = drop == "c0-cmin" and metal != "Li"
    value = concentration(metal) - (LEAST_CONCENTRATION if reduced else 0.0)
    reached = [row for row in rows if not row.censored and not felt_far_side(row, value)]
    judged_alike = [] if unlike_thresholds(reached) else reached
    return SandResult(
        metal,
        _mean_temperature(rows),
        rows[0].pressure,
        rows[0].annealed,
        rows[0].history,
        tuple(rows),
        _line(reached, [each.vanishing for each in reached], value, [e.vanishing_error for e in reached]),
        _line(judged_alike, [e.time for e in judged_alike], value, [e.error for e in judged_alike]),
        "c0 − c_min" if reduced else "c0",
        value,
        tuple(_point(row, value) for row in rows),
        _line(reached, [each.true_vanishing for each in reached], value),
        _line(judged_alike, [each.true_time for each in judged_alike], value),
    )


def _line(
    rows: Sequence[Depletion],
    times: Sequence[float | None],
    drop: float,
    errors: Sequence[float | None] | None = None,
) -> SandLine | None:
    density = np.array([abs(each.density) for each in rows])
    time = np.array([math.nan if each is None else each for each in times], dtype=float)
    if errors is None:
        return sand_line(density, time, drop)
    error = np.array([math.nan if each is None else each for each in errors], dtype=float)
    return sand_line(density, time, drop, error / time)


def _point(row: Depletion, drop: float) -> PointD:
    density = abs(row.density)
    by_threshold = diffusion_coefficient(row.time, drop, density)
    point = PointD(row.run, row.density, None, by_threshold, None, None, row.censored)
    if row.vanishing is None:
        return point
    by_vanishing = diffusion_coefficient(row.vanishing, drop, density)
    error = None if row.vanishing_error is None else by_vanishing * row.vanishing_error / row.vanishing
    return replace(point, by_vanishing=by_vanishing, error=error, bias=by_threshold / by_vanishing - 1)


def _problems(result: SandResult) -> list[Refused]:
    """Return what a plot does not allow to be concluded."""
    censored = [row for row in result.rows if row.censored]
    thin = [row for row in result.rows if not row.censored and felt_far_side(row, result.drop)]
    reached = [row for row in result.rows if not row.censored and row not in thin]
    found = []
    if censored:
        found.append(_of_censored(result, censored, reached))
    if thin:
        found.append(_of_thin(result, thin))
    if unlike := unlike_thresholds(reached):
        why = f"the runs were judged by different thresholds: {unlike}."
        remedy = "take runs of one threshold; t0 for 1/R_int → 0 knows none, and is not touched by it."
        found.append(Refused(f"D by the threshold of {result.conditions}", why, remedy, _numbers(reached)))
    known = [row for row in reached if row.vanishing is not None]
    if reached and not known:
        why = f"{_runs(reached)}: 1/R_int gives no t0; R_int rose less than threefold, or in too few spectra."
        remedy = "strip on to the cut-off; D by the threshold stands alone, and is too small."
        found.append(Refused(f"D for 1/R_int → 0 of {result.conditions}", why, remedy, _numbers(reached)))
    elif reached and result.by_vanishing is None:
        why = f"{_runs(known)}: t0 does not shorten significantly as the current rises."
        remedy = "add runs at other currents."
        found.append(Refused(f"D of {result.conditions}", why, remedy, _numbers(known)))
    elif len(known) == 1:
        why = f"run {known[0].run} is its only point, and electrodes differ from one another."
        remedy = "strip electrodes at three currents at least; its own D has the error of its t0 only."
        found.append(Refused(f"interval of D of {result.conditions}", why, remedy, _numbers(known)))
    return found


def _of_thin(result: SandResult, thin: Sequence[Depletion]) -> Refused:
    share = concentration(result.metal) / result.drop
    stripped = "; ".join(f"run {row.run}: {(row.used or 0.0) * share:.0%}" for row in thin)
    why = f"so much of {result.drop_name} in the foil was gone at t0 that its far side was felt: {stripped}."
    remedy = "use a thicker foil or a higher current; the model of the foil has no such limit."
    return Refused(f"points of the Sand plot of {result.conditions}", why, remedy, _numbers(thin))


def _of_censored(result: SandResult, censored: Sequence[Depletion], reached: Sequence[Depletion]) -> Refused:
    what = "t0 in the Sand plot" if reached else "Sand plot"
    watched = "; ".join(
        f"run {row.run} at {rounded(abs(row.density) / MICROAMPERE_CM2)} µA/cm² was not depleted within "
        f"{row.time / 3600:.2f} h"
        for row in censored
    )
    remedy = "its D is a lower bound and in no line; strip longer, or at a higher current."
    return Refused(f"{what} of {result.conditions}", f"{watched}.", remedy, _numbers(censored))


def _numbers(rows: Sequence[Depletion]) -> tuple[int, ...]:
    return tuple(row.run for row in rows)
