from dataclasses import dataclass

import numpy as np
import pytest

from analysis.circuit import MODEL
from app.conclusions import conclude
from core.cell import Cell
from core.records import Decision, Event, Fit, KramersKronig, Reading, RunState, Spectrum, Value
from storage import RunHeader, open_store

FREQUENCY = np.geomspace(1e6, 1.0, 25)
FREE = ("ln R_bulk", "ln R_gb", "ln tau_gb", "ln R_int", "ln tau_int")
THRESHOLD = 1e4
"""Ω cm²."""


@dataclass(frozen=True)
class Plan:
    """A stripping: R_int = R₀/(1 − t/life) and C_int = C₀ (1 − t/life), with no noise."""

    name: str
    anode: str = "Li"
    density: float = 100.0
    life: float = 9 * 3600.0
    temperature: float = 25.0
    pressure: float = 0.0
    annealed: bool = False
    formed: str = "12 MPa"
    protocol: str = "GeisStripping"
    simulated: bool = True
    sweeps: int = 24


def _impedance(values, area):
    s = 2j * np.pi * FREQUENCY
    found = values["R_bulk"] / (1 + s * values["tau_bulk"])
    found = found + values["R_gb"] / (1 + (s * values["tau_gb"]) ** values["alpha_gb"])
    return found + values["R_int"] / (1 + (s * values["tau_int"]) ** values["alpha_int"])


class Writer:
    """Writes a run the way a runner does, with fits that are right."""

    def __init__(self, store, plan):
        history = {"forming_pressure": plan.formed}
        if plan.annealed:
            history |= {"annealed_for": "3 h", "annealed_at": "170 degC"}
        self.cell = Cell.model_validate(
            {"name": plan.name, "anode": plan.anode, "electrode_diameter": "6 mm", "history": history}
        )
        parameters = {"current_density": plan.density, "temperature": plan.temperature}
        parameters |= {"threshold": "10 kΩ cm²", "cut_off": None}
        header = RunHeader(plan.protocol, parameters, self.cell, "bench", plan.simulated, seed=1)
        self.plan, self.journal = plan, store.begin_run(header)
        self.step = self.journal.begin_step(f"1/{plan.protocol}/1", plan.protocol, "geis", {}, 0.0)
        self.time, self.number = 0.0, 0

    def sweep(self, technique, lost, current=0.0, voltage=0.0, charge=0.0):
        area, plan = self.cell.area, self.plan
        r_int = 0.027 / area / (1 - lost)
        c_int = 5e-3 * area * (1 - lost)
        values = {"R_bulk": 0.0215 / area, "tau_bulk": 1.3e-8, "R_gb": 6e-3 / area, "tau_gb": 2e-6}
        values |= {"alpha_gb": 0.9, "R_int": r_int, "tau_int": r_int * c_int, "alpha_int": 1.0, "L": 3e-7}
        times, still = self.time + np.linspace(0.4, 27.6, FREQUENCY.size), np.zeros(FREQUENCY.size)
        spectrum = Spectrum(
            technique, FREQUENCY, _impedance(values, area), times, still, still, still, still, 1e-6
        )
        stored = self.journal.spectrum(self.step, spectrum)
        kelvin = plan.temperature + 273.15
        values |= {"C_int": c_int, "C_int_brug": c_int, "T": kelvin, "p": plan.pressure * 1e6, "E": voltage}
        parameters = {name: Value(value, abs(4e-3 * value)) for name, value in values.items()}
        covariance, kept = np.diag(np.full(len(FREE), 1.6e-5)), FREQUENCY > 0
        self.number = self.journal.fit(
            stored,
            Fit(
                MODEL, 1, spectrum.mid_time, parameters, FREE, covariance, kept, "modulus", 2e-3,
                KramersKronig(True, 0.1),
            ),
        )  # fmt: skip
        force = plan.pressure * 1e6 * self.cell.pellet_area
        readings = [("E", voltage), ("I", current), ("Q", charge)]
        rows = [Reading(spectrum.mid_time, "potentiostat", name, value) for name, value in readings]
        rows.append(Reading(spectrum.mid_time, "chamber", "T", kelvin))
        rows.append(Reading(spectrum.mid_time, "gauge", "F", force))
        self.journal.readings(rows)
        self.time += 30.0

    def end(self, why):
        self.journal.end_step(self.step, self.time, "done")
        self.journal.finish(RunState.FINISHED, why, self.time)
        self.journal.close()


def strip(store, plan):
    """Write a stripping until its life is over, with its decision on t0; returns its number."""
    run = Writer(store, plan)
    run.sweep("PEIS", 0.0)
    began, current = run.time, run.cell.current(plan.density)
    run.journal.event(Event("current on", f"{current:.4g} A", began))
    threshold = run.cell.resistance(THRESHOLD / 1e3)
    depleted = plan.life * (1 - 0.027 / (THRESHOLD * 1e-4))
    for share in 1 - np.geomspace(1.0, 0.015, plan.sweeps):
        run.time = began + share * plan.life
        passed = current * share * plan.life
        run.sweep("GEIS", share, current, 0.05 / (1 - share), passed)
    run.time = began + plan.life
    run.journal.event(Event("current off", "cut-off", run.time))
    run.journal.decision(
        run.step,
        Decision(
            "depletion",
            "depleted",
            run.time,
            {"threshold_ohm": threshold, "t_cross_s": began + depleted, "why": "R_int above 10 kΩ cm²"},
            (run.number,),
        ),
    )
    run.end("cut-off")
    return run.journal.run


def relax(store, plan):
    """Write a run at open circuit; returns its number."""
    run = Writer(store, plan)
    for place in range(8):
        run.time = 1800.0 * place
        run.sweep("PEIS", 0.9 - 0.05 * place, 0.0, 0.02 / (1 + place))
    run.end("finished")
    return run.journal.run


HOUR = 3600.0
ALLOY = "Li0.9Mg0.1"
PLANS = {
    "Li 50": Plan("a 01", density=50.0, life=38 * HOUR),
    "Li 100": Plan("a 02", density=100.0, life=9.4 * HOUR),
    "Li 200": Plan("a 03", density=200.0, life=2.4 * HOUR),
    "alloy 50": Plan("a 04", ALLOY, 50.0, 60 * HOUR),
    "alloy 100": Plan("a 05", ALLOY, 100.0, 15 * HOUR),
    "alloy 200": Plan("a 06", ALLOY, 200.0, 3.7 * HOUR),
    "cold": Plan("a 07", density=100.0, life=3.1 * HOUR, temperature=0.0),
    "pressed": Plan("a 08", density=200.0, life=4.0 * HOUR, pressure=7.5),
    "annealed": Plan("a 09", density=100.0, life=3.5 * HOUR, annealed=True),
    "ideal": Plan("a 10", density=100.0, life=9.5 * HOUR, formed="400 MPa"),
    "real": Plan("a 11", density=100.0, life=9.0 * HOUR, simulated=False),
    "relaxed": Plan("a 12", ALLOY, protocol="OcvRelaxation"),
}


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """Write the runs that figures are drawn of; return the URL of their store and their numbers."""
    url = f"sqlite:///{tmp_path_factory.mktemp('figures') / 'store.sqlite'}"
    store = open_store(url, create=True)
    numbers = {
        name: (relax if plan.protocol == "OcvRelaxation" else strip)(store, plan)
        for name, plan in PLANS.items()
    }
    store.close()
    return url, numbers


@pytest.fixture(scope="session")
def concluded(runs):
    """Conclude what some of the runs come to, by their names."""
    url, numbers = runs
    store = open_store(url)
    known = {}

    def of(*names, drop="c0"):
        if (names, drop) not in known:
            known[names, drop] = conclude(store, [numbers[name] for name in names], drop)
        return known[names, drop]

    yield of
    store.close()
