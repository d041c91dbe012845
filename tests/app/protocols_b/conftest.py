import json
from dataclasses import dataclass

import pytest

from app.replay import replay
from app.runner.benches import SIMULATED_BENCH
from app.runner.job import make_job
from app.runner.runner import Runner
from app.runner.station import Station
from core.clock import VirtualClock
from storage import open_store

EXPERIMENT = """\
protocol = "{protocol}"

[cell]
name = "test {anode}"
anode = "{anode}"
electrode_diameter = "6 mm"

[cell.history]
forming_pressure = "{formed}"

[parameters]
{parameters}
"""
RESTED = ("rest_minimum", "rest_maximum")


def job(protocol, *, anode="Li", formed="12 MPa", bench="", **parameters):
    if protocol != "InterfaceForming":
        parameters = {"rest_minimum": "0.5 min", "rest_maximum": "1 min"} | parameters
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in parameters.items())
    text = EXPERIMENT.format(protocol=protocol, anode=anode, formed=formed, parameters=lines)
    return make_job(text, "experiment", f"{SIMULATED_BENCH}\n{bench}", "bench")


@dataclass
class Done:
    outcome: object
    run: object

    def results(self, name):
        """The data of the results of this name."""
        found = [each.event.data for each in self.run.events() if each.event.kind == "result"]
        return [data for data in found if data["name"] == name]

    def result(self, name):
        (only,) = self.results(name)
        return only

    def events(self, *kinds):
        return [each.event for each in self.run.events() if each.event.kind in kinds]

    def decisions(self, rule):
        return [each.decision for each in self.run.decisions() if each.decision.rule == rule]

    @property
    def differences(self):
        return replay(self.run).differences


@pytest.fixture
def plan():
    """The lines of a protocol's plan on the simulated bench, and the longest that it may take in h."""

    def of(protocol, **options):
        made = job(protocol, **options)
        from drivers.abilities import abilities_of

        return made.plan(), made.protocol.longest(abilities_of(made.bench), made.cell) / 3600

    return of


@pytest.fixture
def bench_run(tmp_path):
    """Do a protocol to a cell on the simulated bench, and look at what the store has of it."""
    stores = []

    def run(protocol, *, thin=1, **options):
        made = job(protocol, **options)
        clock = VirtualClock()
        station = Station(made.bench, clock, made.cell, thin)
        stores.append(open_store(f"sqlite:///{tmp_path}/{len(stores)}.sqlite", create=True))
        try:
            outcome = Runner(stores[-1], made, station).run()
        finally:
            station.close()
        return Done(outcome, stores[-1].run(outcome.run))

    yield run
    for store in stores:
        store.close()
