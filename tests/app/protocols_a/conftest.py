from types import SimpleNamespace

import pytest

from app.runner.benches import SIMULATED_BENCH
from app.runner.job import Job
from app.runner.runner import Runner
from app.runner.station import Station
from core.cell import Cell
from core.clock import VirtualClock
from drivers.bench import parse_bench_file
from protocols.registry import protocol
from storage import open_store

QUICK_CHAMBER = """
[simulation.chamber]
air_lag = "60 s"
cell_lag = "120 s"
ripple = "0.02 K"
"""
"""A small chamber, so that the tests of protocols need not soak for hours."""


def cell_of(anode="Li", **tables):
    pressure = {"Li": "12 MPa", "Li0.9Mg0.1": "20 MPa"}[anode]
    history = {"forming_pressure": pressure}
    given = {"name": "c 1", "anode": anode, "electrode_diameter": "6 mm", "history": history}
    return Cell.model_validate(given | tables)


@pytest.fixture
def bench(tmp_path):
    """A simulated bench over one cell and a real store, on which protocols are done one after another."""
    opened = []

    def mount(cell=None, extra=QUICK_CHAMBER, thin=1, drop=""):
        mounted = cell or cell_of()
        text = SIMULATED_BENCH + extra
        if drop:
            head, _, tail = text.partition(f"[{drop}]")
            text = head + tail[tail.index("\n[") :]
        store = open_store(f"sqlite:///{tmp_path / f'store{len(opened)}.sqlite'}", create=True)
        file, clock = parse_bench_file(text, "bench"), VirtualClock()
        station = Station(file, clock, mounted, thin)
        opened.append((station, store))

        def do(name, **parameters):
            chosen = protocol(name)(**parameters)
            job = Job(file, text, "", mounted, {}, chosen, path=name)
            job.plan()
            outcome = Runner(store, job, station).run()
            return Run(store.run(outcome.run), outcome, chosen.longest(station.abilities, mounted))

        return SimpleNamespace(do=do, station=station, cell=mounted, store=store, clock=clock)

    yield mount
    for station, store in opened:
        station.close()
        store.close()


class Run:
    """What a protocol left in the store."""

    def __init__(self, reader, outcome, longest):
        self.reader, self.outcome, self.longest = reader, outcome, longest

    @property
    def events(self):
        return [each.event for each in self.reader.events()]

    @property
    def results(self):
        found = [each for each in self.events if each.kind == "result"]
        return {each.data["name"]: each.data for each in found}

    @property
    def duration(self):
        return max(each.time for each in self.events)

    def of(self, kind):
        return [each for each in self.events if each.kind == kind]

    def decided(self, rule):
        found = [each.decision for each in self.reader.decisions()]
        return [each for each in found if each.rule == rule]
