"""Strippings that nobody ran: t₀ by Sand's equation, with what goes wrong and what people say beside it."""

import numpy as np
import pytest

from analysis.circuit import MODEL
from core.cell import Cell
from core.records import Decision, Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from protocols.decisions import Depletion, KeptFit
from storage import CampaignHeader, RunHeader, open_store

HOUR = 3600.0
R0, C0 = 0.027, 9e-3
"""Ω m² and F/m²."""
REST = 600.0
SHARES = np.array([*np.arange(0.04, 0.94, 0.04), 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.994])
"""Of t₀ at which sweeps are taken."""


def strip(
    store,
    density=100.0,
    *,
    simulated=True,
    until=1.0,
    ended=True,
    campaign=None,
    threshold="10 kΩ cm²",
    name=None,
    metal="Li",
    gauge=True,
):
    """Write one stripping at a density in µA/cm² that loses contact as 1 − t/t₀; return its journal."""
    number = len(store.runs(binned=None)) + 1
    cell = Cell.model_validate(
        {"name": name or f"LLZO-07-Li-{number:02d}", "anode": metal, "electrode_diameter": "6 mm"}
        | {"history": {"forming_pressure": "12 MPa"}}
    )
    parameters = {"current_density": density, "threshold": threshold, "criterion": "raw", "amplitude": 10.0}
    header = RunHeader(
        "GeisStripping", parameters, cell, "bench 2", simulated, seed=7 if simulated else None,
        bench_text='name = "bench 2"\n', experiment_text='protocol = "GeisStripping"\n', campaign=campaign,
    )  # fmt: skip
    journal = store.begin_run(header)
    journal.instrument("potentiostat", "VMP-300", "0123", "11.50")
    if gauge:
        journal.instrument("gauge", "Mark-10 GCL2", "77", "1.0")
    step = journal.begin_step("1/GeisStripping/geis/1", "GeisStripping", "geis", {"cut_off_V": 4.0}, 0.0)
    current, life = cell.current(density), 9.6 * HOUR * (100.0 / density) ** 2
    rule, fits, decided = Depletion(1.0 / cell.area, f"R_int > {threshold}, raw"), [], False
    noise = np.random.default_rng(number)
    _sweep(journal, step, cell, "PEIS", REST / 2, 0.0, noise, simulated)
    journal.event(Event("current on", f"{current:.4g} A", REST))
    for share in SHARES[until > SHARES]:
        time = REST + share * life
        rows = [("potentiostat", "E", 0.1), ("potentiostat", "I", current), ("chamber", "T", 298.15)]
        rows += [("potentiostat", "Q", current * (time - REST))]
        rows += [("gauge", "F", 2.0)] if gauge else []
        journal.readings([Reading(time - 1.0, *row) for row in rows])
        number, fit = _sweep(journal, step, cell, "GEIS", time, share, noise, simulated)
        fits.append(number)
        decision = None if decided else rule.see(KeptFit(number, fit))
        if decision is not None:
            decided = True
            journal.decision(step, decision)
    for _ in range(3):
        journal.decision(step, Decision("drift", "begins: 1.27% of R_int in a sweep", time, {}, (fits[-1],)))
    journal.event(Event("overload", "E is 5.1 V", time, "warning"))
    if ended:
        if not decided:
            journal.decision(step, rule.end(time))
        journal.event(Event("current off", "cut-off", time))
        journal.end_step(step, time, "done")
        journal.finish(RunState.FINISHED, "cut-off", time)
    journal.flush()
    return journal


def _sweep(journal, step, cell, technique, time, share, noise, simulated):
    area = cell.area
    r_int, c_int = R0 / (1 - share) / area, C0 * (1 - share) * area
    frequency = np.geomspace(7e6, 1.0, 69)
    still, times = np.zeros(69), time + np.linspace(-13.0, 13.0, 69)
    impedance = 1000.0 + r_int / (1 + 2j * np.pi * frequency * r_int * c_int)
    amplitude = cell.current(10.0) if technique == "GEIS" else 0.01
    spectrum = journal.spectrum(
        step, Spectrum(technique, frequency, impedance, times, still, still, still, still, amplitude)
    )
    scatter = 1 + 1e-3 * float(noise.standard_normal())
    values = {
        "R_bulk": Value(700.0, 3.0), "R_gb": Value(300.0, 3.0), "R_int": Value(r_int * scatter, 1e-3 * r_int),
        "tau_int": Value(r_int * c_int, 1e-3 * r_int * c_int), "C_int": Value(c_int, 1e-3 * c_int),
        "alpha_int": Value(0.92, 0.003), "E": Value(2e-3, np.nan), "T": Value(298.15, np.nan),
        "p": Value(2.0 / cell.pellet_area, np.nan),
    }  # fmt: skip
    verdict = KramersKronig(True, 0.1)
    fit = Fit(MODEL, 1, time, values, ("ln R_int",), np.eye(1), frequency > 1.4, "modulus", 2e-3, verdict)
    if simulated:
        true = {"R_int": r_int, "C_int": c_int, "T": 298.15, "charge": 0.0}
        journal.truth(time, true, spectrum)
    return journal.fit(spectrum, fit), fit


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "store.sqlite", create=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def sand_store(tmp_path_factory):
    """Four simulated strippings of one campaign, three of them depleted; with what people said of them."""
    path = tmp_path_factory.mktemp("sand") / "store.sqlite"
    with open_store(path, create=True) as opened:
        log = opened.begin_campaign(CampaignHeader("sand", "bench 2", True, "Fig. 5: three currents"))
        for density, until in ((50.0, 1.0), (100.0, 1.0), (200.0, 1.0), (100.0, 0.6)):
            strip(opened, density, until=until, campaign=log.campaign).close()
        opened.annotate(1, "note", "pressed <b>twice</b> & more", author="U. Benutzer", time=60.0)
        warning = next(each.id for each in opened.run(1).events() if each.event.severity == "warning")
        opened.annotate(1, "acknowledged", about=warning, author="U. Benutzer")
        log.close()
        yield opened


@pytest.fixture
def write(store):
    """Write a stripping into the store; see `strip`."""
    journals = []

    def write(*arguments, **options):
        journals.append(strip(store, *arguments, **options))
        return journals[-1]

    yield write
    for journal in journals:
        journal.close()


@pytest.fixture(scope="session")
def reading():
    """The module that reads reports."""
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("reading_reports", Path(__file__).with_name("reading.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
