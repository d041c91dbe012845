"""A file of spectra from elsewhere: what is in it, and what its text says besides."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from core.cell import OHM_CM2
from core.errors import BadInput
from core.records import Spectrum
from storage.files import read_spectra

HEAD = 2**16
"""Bytes in which a file says where it comes from."""

UNSET_AREA = 0.001 * OHM_CM2
"""m²; what EC-Lab writes where nobody has entered an area."""

_AREA = re.compile(r"Electrode surface area\s*:\s*([\d.,]+)\s*cm")
_STARTED = {
    "run": re.compile(r"Run started on\s*:\s*(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d) UTC"),
    "acquisition": re.compile(r"Acquisition started on\s*:\s*(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d)"),
}
_CELL = re.compile(r"^Cell\s*:\s*(.+), working electrode (\S+)\s*$", re.MULTILINE)
_OURS = re.compile(r"\Arun,simulated,.*\r?\n\d+,True,")
"""The beginning of a tidy CSV table of a simulated run."""


@dataclass(frozen=True, eq=False)
class Source:
    """One file.

    Attributes
    ----------
    name : str
        Without its folder.
    sha256 : str
    spectra : tuple of Spectrum
        In the order of the file.
    notes : tuple of str
        What had to be assumed, each thing once.
    simulated : bool
        Whether it says so.
    area : float or None
        Of the electrode as it says, m².
    started : datetime or None
        When its times begin to count.
    cell, anode : str
        As it says; empty where it does not.
    """

    name: str
    sha256: str
    spectra: tuple[Spectrum, ...]
    notes: tuple[str, ...]
    simulated: bool
    area: float | None
    started: datetime | None
    cell: str = ""
    anode: str = ""


def source(path: Path) -> Source:
    """Read a file; raise a `BadInput` if it cannot be read."""
    found = read_spectra(path)
    content = path.read_bytes()
    head = content[:HEAD].decode("latin-1")
    notes = tuple(dict.fromkeys(note for each in found for note in each.notes))
    cell = _CELL.search(head)
    return Source(
        path.name,
        hashlib.sha256(content).hexdigest(),
        tuple(each.spectrum for each in found),
        notes,
        "SIMULATED" in head or "SIMULATED" in path.name or _OURS.match(head) is not None,
        _area(head),
        _started(head),
        cell[1] if cell else "",
        cell[2] if cell else "",
    )


def _area(head: str) -> float | None:
    match = _AREA.search(head)
    if match is None:
        return None
    try:
        area = float(match[1].replace(",", ".")) * OHM_CM2
    except ValueError:
        return None
    return area if area > 0 and abs(area - UNSET_AREA) > 1e-3 * UNSET_AREA else None


def _started(head: str) -> datetime | None:
    if match := _STARTED["run"].search(head):
        return _moment(match[1], "UTC")
    if match := _STARTED["acquisition"].search(head):
        return _moment(match[1], "")
    return None


def _moment(text: str, zone: str) -> datetime | None:
    """Return a date as EC-Lab writes it, month first; without a zone it is that of this computer."""
    try:
        found = datetime.strptime(text, "%m/%d/%Y %H:%M:%S")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if zone else found.astimezone(UTC)


def in_time(
    sources: Sequence[Source], interval: float | None
) -> tuple[list[Spectrum], datetime | None, list[str]]:
    """Return the spectra of files of one cell in the order of time, when time begins, and what was assumed.

    Files that say when their times begin are put where they belong; others follow each other.

    Raises
    ------
    BadInput
        If there are times, and another interval is asked for.
    """
    spectra = [each for one in sources for each in one.spectra]
    known = [bool(np.all(np.isfinite(each.time))) for each in spectra]
    if not all(known):
        return _evenly(spectra, interval), None, _without_times(len(spectra), sum(known), interval)
    if interval is not None:
        raise BadInput(
            f"{sources[0].name} says when it was measured, so --interval is refused;", "leave it out."
        )
    dates = [each.started for each in sources if each.started is not None]
    if len(dates) == len(sources):
        first = min(dates)
        shifts = [(date - first).total_seconds() for date in dates]
        notes: list[str] = []
    else:
        first, shifts, notes = None, *_one_after_the_other(sources)
    moved = [_moved(each, shift) for one, shift in zip(sources, shifts, strict=True) for each in one.spectra]
    return sorted(moved, key=lambda each: each.mid_time), first, notes


def _evenly(spectra: Sequence[Spectrum], interval: float | None) -> list[Spectrum]:
    step = 1.0 if interval is None else interval
    return [replace(each, time=np.full(len(each), number * step)) for number, each in enumerate(spectra)]


def _without_times(total: int, known: int, interval: float | None) -> list[str]:
    if total == 1:
        return ["the file does not say when it was measured"]
    some = f"{total - known} of {total} spectra do" if known else "the file does"
    if interval is not None:
        return [f"{some} not say when; they stand {interval:g} s apart, as asked for"]
    return [f"{some} not say when; they stand 1 s apart, so rates and times mean nothing: give --interval"]


def _one_after_the_other(sources: Sequence[Source]) -> tuple[list[float], list[str]]:
    shifts, end, notes = list[float](), -np.inf, list[str]()
    for each in sources:
        times = np.concatenate([spectrum.time for spectrum in each.spectra])
        shift = 0.0 if times.min() >= end else float(end - times.min())
        if shift:
            notes.append(f"{each.name} does not say when it began; it was put right after the file before it")
        shifts.append(shift)
        end = float(times.max()) + shift
    return shifts, notes


def _moved(spectrum: Spectrum, seconds: float) -> Spectrum:
    return replace(spectrum, time=spectrum.time + seconds) if seconds else spectrum
