"""Fitting the spectra of a run anew: read, correct for drift, fit, smooth, keep as the next version."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.circuits.model import Circuit
from analysis.drift_correction import correct_drift
from analysis.engine.choice import kernels
from analysis.fits import Fits
from analysis.fitting import fit
from analysis.normalise import ROOM_TEMPERATURE
from analysis.smoothing import smooth
from analysis.systematics import Systematic, systematic
from core.clock import wall_time
from core.errors import BadInput, StoreError
from core.records import Fit, Floats, Spectrum, Value
from core.telling import Tell
from storage import RunReader, Store, StoredSpectrum, installed_versions

BLOCK = 1024
"""Spectra between two looks at the progress."""

ICE_POINT = 273.15


@dataclass(frozen=True)
class Wishes:
    """What is asked of a refit.

    Attributes
    ----------
    circuit : Circuit
    interpolate : bool
        Bring every sweep to its middle with the help of the sweeps before and after it.
    smooth : bool
        Also see every fit together with its neighbours.
    jobs : int
        How many threads fit.
    """

    circuit: Circuit
    interpolate: bool = True
    smooth: bool = True
    jobs: int = 1

    def how(self) -> dict[str, object]:
        """Return what is kept with the version."""
        return {
            "circuit": self.circuit.text,
            "interpolate": self.interpolate,
            "smooth": self.smooth,
            "versions": installed_versions(),
        }


@dataclass(frozen=True, eq=False)
class Measured:
    """The spectra of a run, as far as they can be read.

    Attributes
    ----------
    ids : list of int
    spectra : list of Spectrum
    temperature : ndarray, shape (N,)
        K at the middle of each sweep.
    area : float
        Of the electrode, m².
    notes : list of str
        What could not be read and is left out, in words.
    """

    ids: list[int]
    spectra: list[Spectrum]
    temperature: Floats
    area: float
    notes: list[str]


@dataclass(frozen=True, eq=False)
class Refitted:
    """One refit of one run.

    Attributes
    ----------
    run, version : int
    measured : Measured
        What was fitted, as measured.
    corrected : list of Spectrum
        What was fitted, corrected.
    fits : Fits
    fits_per_second : float
        Of fitting alone.
    """

    run: int
    version: int
    measured: Measured
    corrected: list[Spectrum]
    fits: Fits
    fits_per_second: float


def refit(store: Store, run: int, wishes: Wishes, tell: Tell) -> Refitted:
    """Fit all spectra of a run anew and keep the fits as the next version.

    Nothing is kept before everything has been fitted, and what is kept shows all at once.

    Parameters
    ----------
    store : Store
    run : int
        It may still go on: what is there so far is fitted.
    wishes : Wishes
    tell : callable

    Raises
    ------
    BadInput
        If the run has no spectra.
    StoreError
        If there is no such run.
    """
    measured = read(store.run(run), tell)
    corrected = measured.spectra
    if wishes.interpolate:
        corrected = _corrected(measured.spectra, tell)
    kernels(wait=True)  # so that the pace is that of fitting, not of a first start
    began = wall_time()
    fits = fitted(corrected, measured, wishes, tell)
    seconds = wall_time() - began
    if wishes.smooth:
        fits = _smoothed(fits, measured.notes, tell)
    how = wishes.how() | {"smooth": bool(fits.smoothing)}
    with store.refit(run, wishes.circuit.model, how) as version:
        total = len(fits)
        for first in range(0, total, BLOCK):
            tell("keeping", first, total)
            block = range(first, min(first + BLOCK, total))
            version.add((measured.ids[n], _with_temperature(fits[n], measured.temperature[n])) for n in block)
        tell("keeping", total, total)
    return Refitted(run, version.version, measured, corrected, fits, len(fits) / max(seconds, 1e-9))


def read(run: RunReader, tell: Tell) -> Measured:
    """Read the spectra of a run; those that are damaged are left out and named."""
    numbers = run.spectrum_ids()
    if not numbers:
        raise BadInput(f"run {run.run} has no spectra;", "choose another run: stripbench runs lists them.")
    kept: list[StoredSpectrum] = []
    notes: list[str] = []
    for first in range(0, len(numbers), BLOCK):
        tell("reading", first, len(numbers))
        block = numbers[first : first + BLOCK]
        try:
            kept += run.spectra(after=block[0] - 1, limit=len(block))
        except StoreError:
            whole, damaged = _one_by_one(run, block)
            kept += whole
            notes += [f"left out: {problem}" for problem in damaged]
    tell("reading", len(numbers), len(numbers))
    if not kept:
        raise BadInput(f"run {run.run}: no spectrum can be read;", "take its store from a backup.")
    spectra = [each.spectrum for each in kept]
    middle = np.array([spectrum.mid_time for spectrum in spectra])
    area = run.header.cell.area
    return Measured([each.id for each in kept], spectra, temperatures(run, middle), area, notes)


def _one_by_one(run: RunReader, numbers: list[int]) -> tuple[list[StoredSpectrum], list[str]]:
    """Return the spectra that can be read, and what is wrong with the others."""
    whole, damaged = [], []
    for number in numbers:
        try:
            whole.append(run.spectrum(number))
        except StoreError as error:
            damaged.append(error.problem)
    return whole, damaged


def temperatures(run: RunReader, time: Floats) -> Floats:
    """Return the cell's temperature at bench seconds, shape (N,), K.

    That read last before each of them, as while the run went on; where there is none, the one
    that the run declares; else room temperature.
    """
    _, read_at, kelvin = run.readings("T")
    declared = run.header.parameters.get("temperature")
    usual = ROOM_TEMPERATURE if not isinstance(declared, int | float) else declared + ICE_POINT
    known = np.isfinite(kelvin)
    if not np.any(known):
        return np.full(len(time), usual)
    read_at, kelvin = read_at[known], kelvin[known]
    last = np.searchsorted(read_at, time, side="right") - 1
    return np.asarray(kelvin[np.maximum(last, 0)], dtype=np.float64)


def _corrected(spectra: list[Spectrum], tell: Tell) -> list[Spectrum]:
    tell("correcting", 0, len(spectra))
    result = correct_drift(spectra)
    tell("correcting", len(spectra), len(spectra))
    return result


def fitted(spectra: list[Spectrum], measured: Measured, wishes: Wishes, tell: Tell) -> Fits:
    """Fit spectra of a run with the circuit that is asked for."""
    total = len(spectra)
    tell("fitting", 0, total)
    return fit(
        spectra,
        wishes.circuit,
        area=measured.area,
        temperature=measured.temperature,
        jobs=wishes.jobs,
        progress=lambda done: tell("fitting", done, total),
    )


def _smoothed(fits: Fits, notes: list[str], tell: Tell) -> Fits:
    tell("smoothing", 0, len(fits))
    fits = smooth(fits)
    if not fits.smoothing:
        notes.append("not smoothed: the fits determine too little of this circuit")
    tell("smoothing", len(fits), len(fits))
    return fits


def assumptions(refitted: Refitted, wishes: Wishes, tell: Tell) -> Systematic:
    """Fit what was fitted again under other assumptions; nothing of it is kept."""
    measured, total = refitted.measured, len(refitted.fits)
    return systematic(
        refitted.corrected,
        refitted.fits,
        wishes.circuit,
        area=measured.area,
        temperature=measured.temperature,
        jobs=wishes.jobs,
        progress=lambda assumption, done: tell(assumption, done, total),
    )


def _with_temperature(fit: Fit, kelvin: float) -> Fit:
    return replace(fit, parameters={**fit.parameters, "T": Value(float(kelvin), float("nan"))})
