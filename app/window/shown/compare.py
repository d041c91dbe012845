"""The comparison of runs: their curves in the units of the axes, and how each is named. No Qt."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.window.reading.compared import Compared
from app.window.reading.overlay import MOST_RUNS, Overlaid
from app.window.reading.series import Pyramid
from app.window.shown.format import fixed, uncertain
from app.window.shown.run_rows import RunRow, span
from app.window.shown.sand import conditions
from core.records import Floats
from storage import RunOverview

HOUR = 3600.0


class Against(StrEnum):
    """What R_int and C_int are drawn against."""

    NORMALISED = "Q/Q₀"
    CHARGE = "Q / mAh cm⁻²"
    TIME = "t / h since current on"


AXES = {
    Against.NORMALISED: "<i>Q</i> / <i>Q</i><sub>0</sub>",
    Against.CHARGE: "<i>Q</i> / mAh cm⁻²",
    Against.TIME: "<i>t</i> / h since current on",
}
"""Labels, in rich text."""


@dataclass(frozen=True, eq=False)
class Curves:
    """What is drawn of one run.

    Attributes
    ----------
    run : int
    place : int
        Its place among the runs, which gives colour and symbol.
    resistance, relative : Pyramid
        R_int in kΩ cm² (or over R₀) and C_int over C₀, against what was chosen.
    voltage : Pyramid
        E in V against s since the current was on.
    """

    run: int
    place: int
    resistance: Pyramid
    relative: Pyramid
    voltage: Pyramid


def abscissa(each: Compared, against: Against) -> Floats:
    """Return where the fits of a run stand on the axis that was chosen; nan where that is not known."""
    if against is Against.TIME:
        return each.time / HOUR
    if against is Against.CHARGE:
        return each.charge * each.header.cell.areal_charge(1.0)
    whole = normalising_charge(each)
    return each.charge / whole if whole > 0 else np.full(len(each.charge), np.nan)


def normalising_charge(each: Compared) -> float:
    """Return Q₀ in C: the charge at depletion, or in all where there was none."""
    return each.charge_at_t0 if math.isfinite(each.charge_at_t0) else each.charge_in_all


def curves(each: Compared, place: int, against: Against, relative: bool) -> Curves:
    """Return the curves of one run.

    Parameters
    ----------
    each : Compared
    place : int
    against : Against
    relative : bool
        Whether R_int is divided by R₀, that of the last fit before the current.
    """
    x = abscissa(each, against)
    r_0, c_0 = each.reference if each.reference is not None else (math.nan, math.nan)
    r_int = each.r_int / r_0 if relative else each.r_int * each.header.cell.areal_resistance(1.0)
    return Curves(
        each.summary.run, place, _pyramid(x, _positive(r_int)), _pyramid(x, each.c_int / c_0), each.voltage
    )


def _pyramid(x: Floats, y: Floats) -> Pyramid:
    made = Pyramid()
    made.extend(x, y)
    return made


def _positive(values: Floats) -> Floats:
    """Leave out what a logarithmic axis cannot show."""
    return np.where(np.nan_to_num(values) > 0, values, np.nan)


@dataclass(frozen=True)
class Entry:
    """A run in the legend.

    Attributes
    ----------
    run : int
    title, details, remark : str
        Cell and run; metal and conditions; what has to be said of it.
    tip : str
    simulated : bool
    """

    run: int
    title: str
    details: str
    remark: str
    tip: str
    simulated: bool


def entry(run: int, overlaid: Overlaid, overview: RunOverview | None, against: Against) -> Entry:
    """Return how a run is named, also while it is being read, or where it cannot be.

    Parameters
    ----------
    run : int
    overlaid : Overlaid
    overview : RunOverview or None
        Of the listing, as long as the run itself has not been read.
    against : Against
    """
    each = overlaid.found.get(run)
    if run in overlaid.faults:
        return Entry(run, f"run {run}", "cannot be read", overlaid.faults[run], overlaid.faults[run], False)
    if each is None:
        if overview is None:
            return Entry(run, f"run {run}", "", "reading …", "", False)
        row = RunRow(overview)
        current = "" if row.current is None else f" · {row.current.text} µA cm⁻²"
        title = f"run {run} · {overview.summary.cell}"
        return Entry(run, title, f"{overview.anode}{current}", "reading …", "", overview.summary.simulated)
    summary, parameters = each.summary, each.header.parameters
    density = span([parameters.get("current_density")]) or span(
        [parameters.get("start"), parameters.get("stop")]
    )
    parts = [each.header.cell.anode, "" if density is None else f"{density.text} µA cm⁻²", conditions(each)]
    title = f"run {run} · {summary.cell}"
    details = " · ".join(filter(None, parts))
    tip = f"{title}\n{details}\n{summary.protocol}, {summary.state.value}\n{_outcome(each)}"
    whole = normalising_charge(each) * each.header.cell.areal_charge(1.0)
    if math.isfinite(whole):
        where = "at t₀" if math.isfinite(each.charge_at_t0) else "at the end"
        tip += f"\nQ₀ {uncertain(whole)} mAh cm⁻², the charge {where}"
    if each.left_out:
        tip += f"\n{each.left_out} fits that nothing is concluded from are left out"
    return Entry(run, title, details, _remark(each, against), tip, summary.simulated)


def _outcome(each: Compared) -> str:
    found = each.transition
    if found is None:
        return "t₀ not decided"
    hours = fixed(found.seconds / HOUR, 2)
    return f"t₀ {hours} h ({found.why})" if found.depleted else f"t₀ > {hours} h ({found.why})"


def _remark(each: Compared, against: Against) -> str:
    if not each.complete:
        return "reading …"
    if each.began is None:
        return "no current flowed"
    parts = []
    if each.transition is not None:
        hours = fixed(each.transition.seconds / HOUR, 2)
        parts.append(f"t₀ {hours} h" if each.transition.depleted else f"t₀ > {hours} h")
    if against is Against.NORMALISED:
        whole = normalising_charge(each)
        where = "at t₀" if math.isfinite(each.charge_at_t0) else "at the end"
        parts.append(f"Q₀ {where}" if math.isfinite(whole) else "Q₀ not known")
    if each.reference is None:
        parts.append("no C₀: no usable PEIS before the current")
    return " · ".join(parts)


def remembered(text: str) -> tuple[int, ...]:
    """Read the runs that were compared last from what was remembered."""
    numbers = [int(word) for word in text.split() if word.isdecimal()]
    return tuple(dict.fromkeys(numbers))[:MOST_RUNS]


def added(before: tuple[int, ...], more: tuple[int, ...]) -> tuple[tuple[int, ...], str]:
    """Add runs to those that are compared; the second is what has to be said of it."""
    wanted = tuple(dict.fromkeys((*before, *more)))
    left = wanted[MOST_RUNS:]
    if not left:
        return wanted, ""
    names = ", ".join(map(str, left[:5])) + (" …" if len(left) > 5 else "")
    return wanted[:MOST_RUNS], f"{MOST_RUNS} runs are the most that can be told apart; left out: {names}."


@dataclass(frozen=True)
class Look:
    """How a run is drawn: colour and symbol together are its own.

    Attributes
    ----------
    colour : int
        Place in the row of colours.
    symbol : str
        As pyqtgraph names them.
    dash : int
        0 for a solid line, more for others.
    """

    colour: int
    symbol: str
    dash: int


SYMBOLS = ("o", "s", "t1", "d", "t", "star", "p", "h")
COLOURS = 6


def look(place: int) -> Look:
    """Return how the run at a place is drawn; no two of `MOST_RUNS` look alike."""
    return Look(place % COLOURS, SYMBOLS[place % len(SYMBOLS)], place // COLOURS)
