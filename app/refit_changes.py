"""What a refit changed: against the fits that the run was decided by."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from app.refit import Refitted
from app.results import by_fits, measured, smoothed
from core.records import Fit
from protocols.decisions import usable
from storage import RunReader, StoredFit

QUANTITIES = ("R_int", "C_int")
NO_FIT = "no fit"


@dataclass(frozen=True)
class Change:
    """By how much a quantity differs from version 1, relative, over `spectra` fits both can be used of.

    `median` and `largest` are of the absolute value; None where there is nothing to compare.
    """

    median: float | None
    largest: float | None
    spectra: int


@dataclass(frozen=True)
class Changes:
    """What came of a refit.

    Attributes
    ----------
    refused : int
        Spectra that could not be fitted.
    flags : dict of str to int
        How many fits have each reservation.
    alone, smoothed : dict of str to Change
        By quantity; `smoothed` is empty where nothing was smoothed.
    t0_h : dict of str to float or None
        Hours from current on to depletion: ``"decided"``, by the run's own rule on the fits
        ``"alone"`` and, where there are, on the ``"smoothed"`` ones.
    """

    refused: int
    flags: dict[str, int]
    alone: dict[str, Change]
    smoothed: dict[str, Change]
    t0_h: dict[str, float | None]

    def as_json(self) -> dict[str, Any]:
        """Return them for JSON."""
        return asdict(self)


def changes(run: RunReader, refitted: Refitted) -> Changes:
    """Compare a refit with version 1 of the same spectra."""
    new = [
        StoredFit(0, number, fit) for number, fit in zip(refitted.measured.ids, refitted.fits, strict=True)
    ]
    old = {stored.spectrum: stored.fit for stored in run.fits(version=1)}
    flags = Counter(flag for stored in new for flag in stored.fit.flags)
    t0 = {"decided": measured(run).t0_h, "alone": by_fits(run, new).t0_h}
    seen: dict[str, Change] = {}
    if refitted.fits.smoothing:
        together = smoothed(new)
        t0["smoothed"] = by_fits(run, together).t0_h
        seen = {name: _change(name, together, old) for name in QUANTITIES}
    return Changes(
        refused=flags[NO_FIT],
        flags=dict(flags.most_common()),
        alone={name: _change(name, new, old) for name in QUANTITIES},
        smoothed=seen,
        t0_h=t0,
    )


def _change(name: str, new: list[StoredFit], old: dict[int, Fit]) -> Change:
    pairs = [
        (stored.fit[name], old[stored.spectrum][name])
        for stored in new
        if stored.spectrum in old and _both(name, stored.fit, old[stored.spectrum])
    ]
    if not pairs:
        return Change(None, None, 0)
    ratio = np.array(pairs)
    relative = np.abs(ratio[:, 0] / ratio[:, 1] - 1)
    return Change(float(np.median(relative)), float(np.max(relative)), len(pairs))


def _both(name: str, one: Fit, other: Fit) -> bool:
    return all(usable(fit) and usable(fit, name) for fit in (one, other))
