import json

import pytest

from app.runner.benches import SIMULATED_BENCH
from app.runner.job import make_job
from app.runner.runner import Runner
from app.runner.station import Station
from core.clock import VirtualClock
from storage import open_store

EXPERIMENT = """\
protocol = "{protocol}"

[cell]
name = "{name}"
anode = "{anode}"
electrode_diameter = "6 mm"

[cell.history]
forming_pressure = "{formed}"

[parameters]
{parameters}
"""
QUICK_CHAMBER = """
[simulation.chamber]
air_lag = "60 s"
cell_lag = "120 s"
ripple = "0.02 K"
"""
"""A small chamber, so that nobody need soak for hours."""

NEVER_RESTED = ("InterfaceForming", "ArrheniusPeis")


@pytest.fixture
def conclusions_bench(tmp_path):
    """Do a protocol to a cell of its own on the simulated bench; return what reads the run."""
    store = open_store(f"sqlite:///{tmp_path}/bench.sqlite", create=True)

    def run(protocol, *, name="c 1", anode="Li", formed="12 MPa", thin=1, **parameters):
        if protocol not in NEVER_RESTED:
            parameters = {"rest_minimum": "0.5 min", "rest_maximum": "1 min"} | parameters
        lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in parameters.items())
        text = EXPERIMENT.format(protocol=protocol, name=name, anode=anode, formed=formed, parameters=lines)
        made = make_job(text, "experiment", f"{SIMULATED_BENCH}\n{QUICK_CHAMBER}", "bench")
        station = Station(made.bench, VirtualClock(), made.cell, thin)
        try:
            outcome = Runner(store, made, station).run()
        finally:
            station.close()
        return store.run(outcome.run)

    yield run
    store.close()
