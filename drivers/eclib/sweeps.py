"""How long a sweep takes on this instrument, and how dense a sweep fits into a given time."""

import logging
import math

import numpy as np

from core.errors import BadInput
from drivers.eclib.checks import check_band
from drivers.techniques import Sweep

DENSITIES = (10, 8, 7, 6, 5)
"""Points a decade, best first."""

_log = logging.getLogger(__name__)


def sweep_duration(sweep: Sweep, overhead: float) -> float:
    """Return the expected duration of a sweep in s.

    Each frequency takes its averaged and waited-for periods and a dead time: sum over the points of
    (averages + wait)/f + overhead.

    Parameters
    ----------
    sweep : Sweep
    overhead : float
        Dead time of each frequency in s, as observed on the instrument.
    """
    frequencies = np.geomspace(sweep.f_max, sweep.f_min, sweep.points)
    return float((sweep.averages + sweep.wait) * np.sum(1 / frequencies) + sweep.points * overhead)


def points_of(density: float, f_max: float, f_min: float) -> int:
    """Return the number of frequencies for `density` points a decade, both ends included."""
    return round(density * math.log10(f_max / f_min)) + 1


def sweep_within(seconds: float, f_max: float, f_min: float, overhead: float) -> Sweep:
    """Return the densest sweep that fits in `seconds`.

    Two averages are given up only after 5 points a decade do not fit with them.

    Raises
    ------
    BadInput
        If not even 5 points a decade with one average fit, or the band is beyond the instrument.
    """
    check_band(f_max, f_min)
    tried = [
        Sweep(f_max, f_min, points_of(density, f_max, f_min), averages)
        for averages in (2, 1)
        for density in DENSITIES
    ]
    for sweep, density in zip(tried, DENSITIES * 2, strict=True):
        if sweep_duration(sweep, overhead) <= seconds:
            if sweep != tried[0]:
                _log.warning(
                    "a sweep within %g s has %d points a decade, averages %d: each point costs %g s",
                    seconds,
                    density,
                    sweep.averages,
                    overhead,
                )
            return sweep
    least = sweep_duration(tried[-1], overhead)
    raise BadInput(
        f"A sweep from {f_max:g} Hz to {f_min:g} Hz does not fit in {seconds:g} s: with {DENSITIES[-1]} "
        f"points a decade, one average and {overhead:g} s for each point it takes {least:.3g} s.",
        "Allow more time for a sweep, raise the lowest frequency, or correct `point_overhead`.",
    )
