"""The relaxation of an electrode: which stripping it follows, and its potential while no current flows."""

from collections.abc import Sequence

import numpy as np

from app.conclusions.facts import Facts
from core.records import Floats
from storage import RunReader

RELAXATION = "OcvRelaxation"

LONGEST_GAP = 600.0
"""s between the end of the current and the beginning of a relaxation that follows it."""

FIRST = 300.0
"""s without current before which the potential is not diffusion's alone."""

POINTS = 24
"""Of the potential, at times that grow by the same factor; fewer where there are gaps."""

_AROUND = 1.0
"""s about a spectrum in which E is not counted as one at rest."""


def stripping_before(relaxation: Facts, facts: Sequence[Facts]) -> Facts | None:
    """Return the run whose current this relaxation follows on the same electrode; None if none is given."""
    gaps = [
        (gap_between(each, relaxation), each)
        for each in facts
        if each.ended is not None
        and each.cell.name == relaxation.cell.name
        and each.simulated == relaxation.simulated
        and each.run != relaxation.run
    ]
    near = [(gap, each) for gap, each in gaps if -1.0 <= gap <= LONGEST_GAP]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def gap_between(stripping: Facts, relaxation: Facts) -> float:
    """Return the s from the end of a run's current to the beginning of a relaxation."""
    apart = (relaxation.summary.started_utc - stripping.summary.started_utc).total_seconds()
    return apart - (stripping.ended or 0.0)


def potential_at_rest(reader: RunReader, gap: float) -> tuple[Floats, Floats]:
    """Return s without current and E in V: medians of readings between the spectra, shape (n,).

    Parameters
    ----------
    reader : RunReader
        Of the relaxation.
    gap : float
        s without current before it began.
    """
    _, time, potential = reader.readings("E")
    quiet = np.isfinite(potential)
    for stored in reader.spectra():
        begins, ends = stored.spectrum.time[0] - _AROUND, stored.spectrum.time[-1] + _AROUND
        quiet &= (time < begins) | (time > ends)
    since, potential = time[quiet] + gap, potential[quiet]
    late = since >= FIRST
    since, potential = since[late], potential[late]
    if len(since) < 2:
        return since, potential
    number = np.digitize(since, np.geomspace(FIRST, since[-1] * (1 + 1e-9), POINTS + 1))
    bins = np.unique(number)
    return (
        np.array([float(np.mean(since[number == each])) for each in bins]),
        np.array([float(np.median(potential[number == each])) for each in bins]),
    )
