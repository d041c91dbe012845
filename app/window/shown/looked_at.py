"""Which spectrum is looked at, and what is amiss with it, in words. No Qt."""

import math

import numpy as np

from app.window.reading.snapshot import RESERVATIONS, Snapshot
from app.window.shown.format import uncertain
from app.window.shown.tiles import charge_before
from app.window.shown.units import Units

HOUR = 3600.0

ORDER = ("below resolution", "not identifiable", "truncated arc", "poor fit", "few points")
"""Reservations about a fit, the most telling first."""


def which(snapshot: Snapshot, units: Units) -> str:
    """Return which spectrum is looked at: ``"live, 8.35 h, 0.83 mAh cm⁻²"``; empty if there is none."""
    pointed = snapshot.pointed
    if pointed is None:
        return ""
    time = pointed.spectrum.mid_time
    parts = [state_of(snapshot), f"{time / HOUR:.2f} h", charge_at(snapshot, time, units)]
    return ", ".join(part for part in parts if part)


def state_of(snapshot: Snapshot) -> str:
    """Return why it is this one that is looked at: ``"selected"``, ``"live"``, or ``"last"`` of a run."""
    if snapshot.selected is not None:
        return "selected"
    return "live" if snapshot.summary.live else "last"


def charge_at(snapshot: Snapshot, time: float, units: Units) -> str:
    """Return the charge passed until a bench time in words; empty before the current, or if unknown."""
    began, trace = snapshot.current_on, snapshot.traces["Q"]
    if began is None or time < began or not len(trace):
        return ""
    passed = float(np.interp(time, trace[:, 0], trace[:, 1])) - charge_before(trace, began)
    return f"{uncertain(passed * units.charge(snapshot.header.cell))} {units.charge_unit}"


def why_nothing(snapshot: Snapshot) -> str:
    """Return why there is nothing to draw of the spectrum that is looked at; empty if there is something."""
    pointed = snapshot.pointed
    if pointed is None:
        if snapshot.summary.live:
            return "the first spectrum is still to come"
        return "this run has no spectrum"
    points = len(pointed.spectrum)
    if not np.any(np.isfinite(pointed.spectrum.impedance)):
        return f"none of the {points} points of this spectrum is a number" if points else "an empty spectrum"
    return ""


def remarks(snapshot: Snapshot) -> str:
    """Return what is amiss with the spectrum that is looked at, or with its fit; empty if nothing is."""
    pointed, fit = snapshot.pointed, snapshot.fit_of_pointed
    if pointed is None:
        return ""
    said = []
    bad = int(np.count_nonzero(~np.isfinite(pointed.spectrum.impedance)))
    if bad:
        said.append(f"{bad} of {len(pointed.spectrum)} points are no numbers")
    if fit is None:
        live = snapshot.selected is None and snapshot.summary.live
        said.append("not fitted yet" if live else "not fitted")
    elif "no fit" in fit.flags:
        others = [each for each in ORDER if each in fit.flags]
        said.append("no fit" + (f": {', '.join(others)}" if others else ""))
    elif RESERVATIONS.intersection(fit.flags):
        said.append("fit: " + ", ".join(each for each in ORDER if each in fit.flags))
    return "; ".join(said)


def frequency_words(hertz: float) -> str:
    """Return a frequency with three digits: ``"1.26 kHz"``."""
    if not (math.isfinite(hertz) and hertz > 0):
        return ""
    for size, unit in ((1e6, "MHz"), (1e3, "kHz"), (1.0, "Hz"), (1e-3, "mHz")):
        if hertz >= size * 0.9995 or unit == "mHz":
            shown = hertz / size
            return f"{shown:.{max(0, 2 - max(0, math.floor(math.log10(shown))))}f} {unit}"
    return ""
