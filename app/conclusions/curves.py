"""What the usable spectra of a run give, as curves over time."""

import math
from dataclasses import dataclass

import numpy as np

from app.fit_versions import LIVE_VERSION
from core.records import Bools, Floats
from protocols.decisions import usable
from storage import RunReader, StoredFit
from storage.run_reader import Integers


@dataclass(frozen=True, eq=False)
class Curves:
    """Of the spectra of a run that are usable, in time order, arrays of shape (n,); SI and areal.

    Attributes
    ----------
    spectrum : ndarray of int
    time : ndarray
        s since the current was first switched on, negative before; of runs without current since
        the run began.
    charge : ndarray
        C/m² that had passed by then, in either direction; nan if it is not known.
    resistance, resistance_error : ndarray
        R_int in Ω m², of the latest fit as it was measured, not smoothed. The run itself decided by
        the first version.
    capacitance, capacitance_error : ndarray
        C_int in F/m², Hsu–Mansfeld.
    bulk, boundary : ndarray
        R_bulk and R_gb in Ω m².
    temperature, pressure : ndarray
        K and Pa at the spectrum; nan if not known.
    voltage : ndarray
        E in V, mean over the sweep; nan if not known.
    passed, flagged : ndarray of bool
        Verdict of the Kramers–Kronig test, and whether the fit has reservations.
    """

    spectrum: Integers
    time: Floats
    charge: Floats
    resistance: Floats
    resistance_error: Floats
    capacitance: Floats
    capacitance_error: Floats
    bulk: Floats
    boundary: Floats
    temperature: Floats
    pressure: Floats
    voltage: Floats
    passed: Bools
    flagged: Bools

    def __len__(self) -> int:
        return len(self.time)


def curves_of(reader: RunReader, began: float | None) -> Curves:
    """Read the curves of a run.

    Parameters
    ----------
    reader : RunReader
    began : float or None
        Bench seconds from which times and charges are counted; None for the beginning of the run.
    """
    fits = sorted((each for each in _latest(reader) if usable(each.fit)), key=lambda each: each.fit.time)
    time = np.array([each.fit.time for each in fits], dtype=float)
    area = reader.header.cell.area

    def values(name: str, factor: float = 1.0) -> Floats:
        return np.array([_number(each, name, "value") for each in fits], dtype=float) * factor

    def errors(name: str, factor: float) -> Floats:
        return np.array([_number(each, name, "stderr") for each in fits], dtype=float) * factor

    return Curves(
        np.array([each.spectrum for each in fits], dtype=np.int64),
        time - (began or 0.0),
        charge_passed(reader, time, began) / area,
        values("R_int", area),
        errors("R_int", area),
        values("C_int", 1 / area),
        errors("C_int", 1 / area),
        values("R_bulk", area),
        values("R_gb", area),
        values("T"),
        values("p"),
        values("E"),
        np.array([each.fit.kramers_kronig.passed for each in fits], dtype=bool),
        np.array([bool(each.fit.flags) for each in fits], dtype=bool),
    )


def _latest(reader: RunReader) -> list[StoredFit]:
    """Return the latest fits with the circuits that the run decided by; others mean something else."""
    decided_by = {each.model for each in reader.fit_versions() if each.version == LIVE_VERSION}
    found: dict[int, StoredFit] = {}
    for model in sorted(decided_by):
        found |= {each.spectrum: each for each in reader.fits(model=model)}
    return list(found.values())


def _number(stored: StoredFit, name: str, part: str) -> float:
    value = stored.fit.parameters.get(name)
    return math.nan if value is None else float(getattr(value, part))


def charge_passed(reader: RunReader, time: Floats, began: float | None) -> Floats:
    """Return the charge in C that had passed since the current was on, whichever way it went.

    Parameters
    ----------
    reader : RunReader
    time : ndarray, shape (n,)
        Bench seconds.
    began : float or None
        Bench seconds of the first current; None counts from the beginning of the run.

    Returns
    -------
    ndarray, shape (n,)
        nan where no charge was read.
    """
    _, when, charge = reader.readings("Q")
    if not len(when):
        return np.full(len(time), np.nan)
    passed = np.cumsum(np.abs(np.diff(charge, prepend=charge[0])))
    before = 0.0 if began is None else float(np.interp(began, when, passed))
    return np.maximum(np.interp(time, when, passed) - before, 0.0)
