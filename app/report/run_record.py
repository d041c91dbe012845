"""What a report says of one run besides what was concluded from it: read once, in one pass."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.report.numbers import without_numbers
from core.errors import StoreError
from core.records import Spectrum
from storage.records import (
    Annotation,
    FitVersion,
    StoredDecision,
    StoredEvent,
    StoredInstrument,
)

if TYPE_CHECKING:
    from app.conclusions.facts import Facts

GAP = 5.0
"""A pause between two sweeps under current counts as a gap if it is so many times the usual one."""


@dataclass(frozen=True)
class Sweep:
    """How impedance was taken: of the spectrum in the middle of the run.

    Attributes
    ----------
    technique : str
    amplitude : float
        Peak; A for GEIS, V for PEIS.
    highest, lowest : float
        Hz.
    per_decade : float
        Frequencies in a decade.
    """

    technique: str
    amplitude: float
    highest: float
    lowest: float
    per_decade: float


@dataclass(frozen=True)
class Quality:
    """How good the spectra of a run, and their latest fits, are.

    Attributes
    ----------
    spectra, fitted : int
    passed : int
        Fits whose spectrum is consistent by the Kramers–Kronig test.
    dropped : int
        Fits for which frequencies had to be left out.
    reasons, flags : Counter
        Why frequencies were left out, and the reservations of the fits.
    residual, worst_residual : float
        Median and 95th percentile of the root mean square of the relative residuals.
    gaps : int
    longest_gap : float
        s without a spectrum while the current was on; 0 without a gap.
    """

    spectra: int
    fitted: int
    passed: int
    dropped: int
    reasons: Counter[str]
    flags: Counter[str]
    residual: float
    worst_residual: float
    gaps: int
    longest_gap: float


@dataclass(frozen=True, eq=False)
class RunRecord:
    """A run as a report has it."""

    facts: "Facts"
    events: list[StoredEvent]
    decisions: list[StoredDecision]
    annotations: list[Annotation]
    instruments: list[StoredInstrument]
    versions: list[FitVersion]
    sweep: Sweep | None
    quality: Quality

    @property
    def run(self) -> int:
        """Its number."""
        return self.facts.run


def record_of(facts: "Facts") -> RunRecord:
    """Read what a report says of a run."""
    reader = facts.reader
    return RunRecord(
        facts,
        reader.events(),
        reader.decisions(),
        reader.annotations(),
        reader.instruments(),
        reader.fit_versions(),
        _sweep(facts),
        _quality(facts),
    )


def _sweep(facts: "Facts") -> Sweep | None:
    ids = facts.reader.spectrum_ids()
    for spectrum in ids[len(ids) // 2 :]:
        try:
            found = facts.reader.spectrum(spectrum).spectrum
        except StoreError:
            # A damaged spectrum says nothing of how it was taken; the next one does.
            continue
        if len(found) > 1:
            return _described(found)
    return None


def _described(found: Spectrum) -> Sweep:
    highest, lowest = float(np.max(found.frequency)), float(np.min(found.frequency))
    decades = float(np.log10(highest / lowest)) if highest > lowest > 0 else 0.0
    each = (len(found) - 1) / decades if decades else 0.0
    return Sweep(found.technique, found.amplitude, highest, lowest, each)


def _quality(facts: "Facts") -> Quality:
    fits = facts.reader.verdicts()
    residuals = np.array([each.rms_residual for each in fits], dtype=float)
    residuals = residuals[np.isfinite(residuals)]
    middle, worst = np.percentile(residuals, [50, 95]) if len(residuals) else (np.nan, np.nan)
    gaps = _gaps(facts)
    return Quality(
        facts.summary.spectra,
        len(fits),
        sum(each.passed for each in fits),
        sum(each.dropped_below is not None for each in fits),
        Counter(without_numbers(each.reason) for each in fits if each.reason),
        Counter(flag for each in fits for flag in each.flags),
        float(middle),
        float(worst),
        len(gaps),
        max(gaps, default=0.0),
    )


def _gaps(facts: "Facts") -> list[float]:
    """Return the spans without a usable spectrum while the current was first on, in s."""
    if facts.began is None:
        return []
    end = (facts.ended or np.inf) - facts.began
    time = facts.curves.time
    waits = np.diff(np.sort(time[(time > 0) & (time <= end)]))
    if len(waits) < 3:
        return []
    usual = float(np.median(waits))
    return [float(wait) for wait in waits if wait > GAP * usual]
