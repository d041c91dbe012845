"""Runs in small stores, to be exported."""

from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from analysis import circuit
from core.cell import Cell
from core.records import Decision, Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from storage import RunHeader, open_store

CELL = Cell.model_validate({"name": "LLZO-07-Li-02", "anode": "Li", "electrode_diameter": "6 mm"})
FREQUENCY = np.geomspace(7e6, 1.0, 8)
CURRENT = 2.8274333882308137e-05


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def store(url):
    with open_store(url, create=True) as opened:
        yield opened


def sweep(technique="GEIS", begun=0.0, points=8, size=1000.0, amplitude=2.8274333882308137e-06):
    """Return a spectrum of an arc, as an instrument would give it."""
    frequency = FREQUENCY[:points]
    impedance = 300.0 + size / (1 + 2j * np.pi * frequency * 1e-4)
    time = begun + np.linspace(1, 27, 8)[:points]
    still = np.full(points, 1.0)
    current = CURRENT if technique == "GEIS" else 0.0
    return Spectrum(
        technique, frequency, impedance, time, 0.03 * still, current * still, 0.002 * still, 3e-6 * still,
        amplitude,
    )  # fmt: skip


@pytest.fixture
def swept():
    """Spectra of one run: PEIS before the current, then GEIS, the last of which was cut short."""
    geis = [sweep("GEIS", begun) for begun in (130.0, 160.0)]
    return [sweep("PEIS", 60.0, amplitude=0.01), *geis, sweep("GEIS", 190.0, points=5, size=1500.0)]


@pytest.fixture
def made(store, swept):
    """Write a run with spectra, fits, readings, events and decisions; returns its number."""

    def write(simulated=True, spectra=None, ended=True):
        header = RunHeader("GeisStripping", {"current_density": 100.0}, CELL, "bench 2", simulated, seed=7)
        journal = store.begin_run(header)
        first = journal.begin_step("1/GeisStripping/peis/0", "GeisStripping", "peis", {}, 50.0)
        journal.end_step(first, 90.0, "done")
        step = journal.begin_step("1/GeisStripping/geis/1", "GeisStripping", "geis", {}, 120.0)
        journal.event(Event("current on", "28.3 µA", 120.0))
        for spectrum in swept if spectra is None else spectra:
            number = journal.spectrum(step, spectrum)
            fitted = journal.fit(number, fit_of(spectrum)) if np.isfinite(spectrum.mid_time) else None
        # The voltage is read between sweeps, temperature and force at times of their own.
        for time in (40.0, 100.0, 125.0, 220.0):
            journal.readings([
                Reading(time, "potentiostat", "E", 0.03),
                Reading(time, "potentiostat", "I", CURRENT if time > 120 else 0.0),
                Reading(time, "potentiostat", "Q", CURRENT * max(time - 120, 0.0)),
            ])  # fmt: skip
        journal.readings([Reading(t, "chamber", "T", 298.15 + t / 100) for t in (0.0, 100.0, 200.0)])
        journal.readings([Reading(t, "gauge", "F", 200.0) for t in (0.0, 50.0, 2000.0)])
        journal.event(Event("note", 'says "hallo",\nand goes on', 150.0, data={"a": 1}))
        if spectra is None:
            journal.decision(step, Decision("depletion", "depleted", 200.0, {"t_cross_s": 70.0}, (fitted,)))
        if ended:
            journal.finish(RunState.FINISHED, "cut-off", 230.0)
        journal.close()
        return journal.run

    return write


def fit_of(spectrum):
    parameters = {"R_int": Value(1000.0, 4.0), "C_int": Value(1e-7, 1e-9), "alpha_int": Value(0.92, np.nan)}
    standard = circuit()
    return Fit(
        standard.model, 1, spectrum.mid_time, parameters, standard.free, np.eye(len(standard.free)),
        spectrum.frequency > 5, "modulus", 2e-3, KramersKronig(True, 0.1), (), {"R_int": Value(1001.0, 2.0)},
        "causal",
    )  # fmt: skip


@pytest.fixture
def damage(url):
    """Spoil a stored spectrum."""

    def spoil(number):
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.execute(sa.text(f"update spectrum set z_re = z_im where id = {number}"))
        engine.dispose()

    return spoil
