"""Safe state and watch over a simulated bench, through the real drivers."""

from types import SimpleNamespace

import pytest

from app.runner.benches import SIMULATED_BENCH
from app.runner.checks import Look
from app.runner.dew_point import DewPoint
from app.runner.interlocks import Interlocks
from app.runner.safe_state import safe_state
from core.cell import Cell
from core.clock import VirtualClock
from core.interlocks import InterlocksFile
from drivers.bench import Doubles, connect, parse_bench_file
from drivers.techniques import ConstantCurrent
from protocols.control import Control
from protocols.session import Latest
from simulators.bench import SimulatedBench


class Notes:
    def __init__(self):
        self.events, self.kept = [], []

    def event(self, event):
        self.events.append(event)

    def readings(self, readings):
        self.kept.extend(readings)


@pytest.fixture
def bench():
    """A connected simulated bench with 28 µA through the cell and the chamber at 50 °C."""
    file = parse_bench_file(SIMULATED_BENCH + '\n[interlocks]\nrecord_open_circuit = "20 s"', "bench")
    cell = Cell.model_validate({"name": "c", "anode": "Li", "electrode_diameter": "6 mm"})
    clock = VirtualClock()
    simulated = SimulatedBench(file, cell, clock)
    simulated.start()
    with clock.worker("test"):
        connected = connect(
            file, Doubles(simulated.library, simulated.chamber_address, simulated.gauge_address)
        )
        connected.chamber.set_temperature(323.15)
        connected.chamber.start()
        connected.potentiostat.start([ConstantCurrent(28e-6, 1e4)], 4.0)
        clock.wait(60.0)
        assert simulated.truth(clock.now())["current"] == pytest.approx(28e-6, rel=1e-3)
        yield SimpleNamespace(
            file=file, clock=clock, simulated=simulated, connected=connected, notes=Notes(),
            settings=file.interlocks,
        )  # fmt: skip
        connected.close()
        simulated.close()


def reach(bench, **options):
    return safe_state(
        bench.connected, bench.notes, bench.clock, bench.settings, recorder=bench.notes, **options
    )


def test_the_current_is_really_off_and_the_channel_still_recorded(bench):
    state = reach(bench)
    assert state.reached
    assert state.recorded
    assert bench.simulated.truth(bench.clock.now())["current"] == 0.0
    assert len([each for each in bench.notes.kept if each.quantity == "E"]) >= 20
    assert bench.connected.chamber.read().setpoint == pytest.approx(323.15)


def test_a_guilty_chamber_really_goes_to_idle(bench):
    assert reach(bench, chamber_guilty=True).chamber == "idle"
    assert bench.connected.chamber.read().setpoint == pytest.approx(298.15)


def test_an_unplugged_chamber_does_not_keep_the_current_on(bench):
    bench.simulated.chamber.close()
    state = reach(bench, chamber_guilty=True)
    assert state.open_circuit
    assert state.chamber == "unknown"
    assert bench.simulated.truth(bench.clock.now())["current"] == 0.0


def test_an_unplugged_potentiostat_is_said_to_be_unsafe(bench):
    bench.simulated.library.faults.loss = 1.0
    bench.simulated.library.faults.unreachable = True
    state = reach(bench)
    assert not state.open_circuit
    assert bench.notes.events[0].kind == "not safe"
    bench.simulated.library.faults.loss = 0.0
    bench.simulated.library.faults.unreachable = False
    assert reach(bench).reached, "once it is there again"


def test_an_alarm_on_the_wire_trips_the_watch(bench):
    session = SimpleNamespace(
        clock=bench.clock, file=bench.file, bench=bench.connected, latest=Latest(), wanted={},
        control=Control(),
    )  # fmt: skip
    watch = Interlocks(session, bench.notes)
    watch.look()
    assert not watch.reason
    bench.simulated.chamber.raise_message(4)
    bench.clock.wait(60.0)
    watch.look()
    watch.answered()
    assert "Over-temperature protection" in session.control.tripped
    assert watch.chamber_guilty


def test_the_dryer_is_switched_on_the_wire(bench):
    settings = InterlocksFile.model_validate(
        {"dew_point": "9 °C", "dryer": ["Air dryer", "Compressed air / N2"], "cell_lag": "0 s"}
    )
    chamber = bench.connected.chamber
    check = DewPoint(settings, chamber, 60.0)
    list(check.look(Look(0.0, {"T": 298.15}, {"T": 0.0}, {"T": 273.15})))
    assert chamber.switched("Air dryer")
    assert chamber.switched("Compressed air / N2")
    list(check.look(Look(60.0, {"T": 298.15}, {"T": 60.0}, {"T": 298.15})))
    assert not chamber.switched("Air dryer")
