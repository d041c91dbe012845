"""The motorised press: driver, controller on the wire, simulated screw, and the gauge in the loop."""

import pytest
from pymeasure.adapters.protocol import ProtocolAdapter

from core.cell import Cell
from core.clock import VirtualClock
from core.errors import BadInput, InstrumentError
from core.files import GaugeFile, PressFile
from drivers.bench import Doubles, connect, parse_bench_file
from drivers.force_gauge import ForceReading
from drivers.mark10 import Mark10Gauge
from drivers.zaber import ZaberRejectedError, parse_reply
from drivers.zaber_press import ZaberPress
from simulators.bench import SimulatedBench
from simulators.gauge import SimulatedGauge
from simulators.press import PressParameters, SimulatedPress
from simulators.server import Fault
from simulators.stage import SPEED, SimulatedStage

TRUE = PressParameters(gauge_zero="0 N", gauge_noise="0 N", relaxation=0.0)
SHORT = 0.3


class Hand(VirtualClock):
    """A clock whose time is set by hand."""

    time = 0.0

    def now(self):
        return self.time


class Rig:
    """A driver over a simulated motor, screw and gauge, and the hand-set clock of all of them."""

    def __init__(self, parameters=TRUE, full_scale="20 kN", **table):
        self.clock = Hand()
        self.screw = SimulatedPress(parameters)
        gauge_file = GaugeFile(backend="simulated", full_scale=full_scale)
        self.table = PressFile(backend="simulated", **table)
        self.stage = SimulatedStage(self.clock, self.screw, self.table)
        self.display = SimulatedGauge(self.clock, self.screw, gauge_file)
        self.stage.start()
        self.display.start()
        self.gauge = Mark10Gauge(
            gauge_file.model_copy(update={"address": self.display.address}), timeout=SHORT
        )

    def connect(self):
        table = self.table.model_copy(update={"address": self.stage.address})
        self.press = ZaberPress(table, self.gauge.read, self.gauge.full_scale, timeout=SHORT)
        return self.press

    def force(self):
        return self.screw.force(self.clock.time)

    def settle(self, most=500):
        """Ask every second until the press says that it is done; return all forces on the way."""
        forces = []
        for _ in range(most):
            self.clock.time += 1.0
            going = self.press.moving()
            forces.append(self.force())
            if not going:
                return forces
        raise AssertionError("the press never came to rest")

    def close(self):
        for each in (self.gauge, self.stage, self.display):
            each.close()
        if hasattr(self, "press"):
            self.press.close()


@pytest.fixture
def build():
    rigs = []

    def make(**settings):
        rigs.append(Rig(**settings))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def rig(build):
    rig = build()
    rig.connect()
    return rig


# --- the loop ------------------------------------------------------------------------------------


def test_it_reaches_a_force_without_passing_it_and_leaves_it_alone(rig):
    assert rig.press.target() is None
    rig.press.set_force(405.8)
    assert rig.press.target() == 405.8
    assert rig.press.moving()
    forces = rig.settle()
    assert forces[-1] == pytest.approx(405.8, abs=5.0)
    assert max(forces) <= 405.8 + 0.1
    rig.clock.time += 3600.0
    assert not rig.press.moving()
    assert rig.force() == forces[-1]


def test_it_loosens_too_and_stays_above_the_target_on_the_way(rig):
    rig.press.set_force(811.6)
    rig.settle()
    rig.press.set_force(205.6)
    forces = rig.settle()
    assert forces[-1] == pytest.approx(205.6, abs=5.0)
    assert min(forces) >= 205.6 - 0.1


def test_with_noise_zero_error_and_relaxation_the_gauge_shows_the_target(build):
    rig = build(parameters=PressParameters(gauge_noise="0.5 N", relaxation=0.01))
    rig.connect().set_force(405.8)
    rig.settle()
    assert rig.gauge.read().force == pytest.approx(405.8, abs=6.0)


def test_opening_it_all_the_way_ends_at_the_end_of_travel(build):
    rig = build(parameters=PressParameters(gauge_zero="40 N", gauge_noise="0 N", relaxation=0.0))
    rig.connect().set_force(400.0)
    rig.settle()
    rig.press.set_force(0.0)
    rig.settle()
    assert rig.screw.travel(rig.clock.time) < 1e-6 or rig.gauge.read().force == pytest.approx(0.0, abs=5.0)
    assert rig.force() <= 45.0


@pytest.mark.parametrize("stiffness", ["8e6 N/m", "0.9e6 N/m"])
def test_a_wrong_stiffness_costs_steps_or_is_learned(build, stiffness):
    rig = build(stiffness=stiffness)
    rig.connect().set_force(405.8)
    forces = rig.settle()
    assert forces[-1] == pytest.approx(405.8, abs=5.0)


def test_a_press_nobody_asks_any_more_stays_below_its_target(rig):
    rig.press.set_force(811.6)
    rig.clock.time += 1e5
    rig.stage._answer("/1 1")
    assert 600.0 < rig.force() < 811.6


def test_the_screw_moves_at_its_speed_and_stops_when_told(rig):
    rig.press.set_force(811.6)
    rig.clock.time += 1.0
    assert rig.press.moving()
    assert rig.screw.travel(1.0) == pytest.approx(SPEED)
    rig.press.stop()
    assert rig.press.target() is None
    rig.clock.time += 100.0
    assert not rig.press.moving()
    assert rig.screw.travel(101.0) == pytest.approx(SPEED, rel=1e-3)


def test_a_new_force_replaces_the_old_one_on_the_way(rig):
    rig.press.set_force(811.6)
    rig.clock.time += 1.0
    rig.press.moving()
    rig.press.set_force(50.0)
    assert rig.press.target() == 50.0
    assert rig.settle()[-1] == pytest.approx(50.0, abs=5.0)


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("newtons", [-1.0, 1600.0, 21_642.0, float("nan")])
def test_a_force_beyond_the_limits_is_refused_before_anything_moves(rig, newtons):
    assert rig.press.limits() == (0.0, 1500.0)
    with pytest.raises(BadInput, match="0 to 1500 N"):
        rig.press.set_force(newtons)
    assert rig.force() == 0.0


def test_no_force_beyond_the_gauge_may_be_asked_for(build):
    rig = build(full_scale="500 N", highest="1.5 kN")
    assert rig.connect().limits() == (0.0, 500.0)


def test_an_overload_stops_the_motor(rig):
    rig.press.set_force(811.6)
    rig.clock.time += 1.0
    rig.press.moving()
    rig.press._read_force = lambda: ForceReading(1700.0, 0.1, "1700.0 N")
    with pytest.raises(InstrumentError, match=r"shows '1700\.0 N'.*Open the press by hand"):
        rig.press.moving()
    assert (rig.press.target(), rig.stage._motion) == (None, None)


def test_a_gauge_that_falls_silent_stops_the_motor(rig):
    rig.press.set_force(811.6)
    rig.clock.time += 1.0
    rig.display.close()
    with pytest.raises(InstrumentError, match="force gauge"):
        rig.press.moving()
    assert rig.stage._motion is None


def test_a_screw_that_does_not_press_is_given_up(rig):
    rig.press._read_force = lambda: ForceReading(0.0, 0.1, "0.0 N")
    rig.press.set_force(1500.0)
    with pytest.raises(InstrumentError, match=r"took 100 steps|end of its travel") as caught:
        rig.settle(5000)
    assert caught.value.remedy
    assert rig.stage._motion is None


def test_a_motor_without_reference_or_with_a_fault_is_refused(build):
    rig = build()
    rig.stage.flag = "WR"
    with pytest.raises(InstrumentError, match=r"does not know its position.*home the axis"):
        rig.connect()
    rig.stage.flag = "FS"
    with pytest.raises(InstrumentError, match="fault FS"):
        rig.connect()


# --- the wire ------------------------------------------------------------------------------------


def test_bytes_on_the_wire():
    pairs = [
        (b"/1 1\r", b"@01 1 OK IDLE -- 0\r\n"),
        (b"/1 1 get limit.min\r", b"@01 1 OK IDLE -- 0\r\n"),
        (b"/1 1 get limit.max\r", b"@01 1 OK IDLE -- 305381\r\n"),
        (b"/1 1\r", b"@01 1 OK IDLE -- 0\r\n"),
        (b"/1 1 get pos\r", b"@01 1 OK IDLE -- 1000\r\n"),
        (b"/1 1 move rel 576\r", b"@01 1 OK BUSY -- 0\r\n"),
        (b"/1 1\r", b"@01 1 OK BUSY -- 0\r\n"),
        (b"/1 1 stop\r", b"@01 1 OK BUSY -- 0\r\n"),
        (b"/1 1\r", b"@01 1 OK IDLE -- 0\r\n"),
    ]
    adapter = ProtocolAdapter(pairs)
    press = ZaberPress(
        PressFile(backend="hardware"), lambda: ForceReading(0.0, 0.1, "0.0 N"), adapter=adapter
    )
    press.set_force(100.0)
    assert press.moving()
    press.stop()
    assert adapter._index == len(pairs)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("@01 1 RJ IDLE -- BADDATA", "out of range"),
        ("@01 1 RJ IDLE -- ODD", "ODD"),
        ("@02 1 OK IDLE -- 0", "no reply of device 1"),
        ("!01 1 IDLE --", "no reply"),
        ("1\xb621.0", "no reply"),
        ("@01 1 OK IDLE FD 0", "fault FD"),
    ],
)
def test_replies_that_are_none_are_quoted(reply, words):
    with pytest.raises(InstrumentError, match=words) as caught:
        parse_reply(reply, "The press")
    assert caught.value.remedy
    assert isinstance(caught.value, ZaberRejectedError) == ("RJ" in reply)


def test_the_controller_answers_as_its_manual_says(rig):
    answer = rig.stage._answer
    assert answer("/1 1 get pos") == "@01 1 OK IDLE -- 0"
    assert answer("/1 get deviceid").startswith("@01 0 OK IDLE -- ")
    assert answer("/1 1 get nothing") == "@01 1 RJ IDLE -- BADCOMMAND"
    assert answer("/1 1 move rel -5") == "@01 1 RJ IDLE -- BADDATA"
    assert answer("/1 1 move abs x") == "@01 1 RJ IDLE -- BADDATA"
    assert answer("/1 2 get pos") == "@01 2 RJ IDLE -- BADAXIS"
    assert answer("/2 1 get pos") is None
    assert answer("hello") is None
    assert answer("/1 1 move abs 1000") == "@01 1 OK BUSY -- 0"
    rig.clock.time = 1000 * rig.table.microstep / SPEED + 0.1
    assert answer("/1 1 get pos") == "@01 1 OK IDLE -- 1000"


@pytest.mark.parametrize("kind", ["silence", "drop", "delay", "split"])
def test_lost_replies_do_not_carry_it_beyond_the_target(rig, kind):
    rig.press.set_force(405.8)
    forces = []
    for _ in range(40):
        rig.stage.inject(Fault(kind, 1.2 * SHORT if kind == "delay" else 0.02))
        rig.clock.time += 1.0
        going = rig.press.moving()
        forces.append(rig.force())
        if not going:
            break
    assert forces[-1] == pytest.approx(405.8, abs=5.0)
    assert max(forces) <= 405.9


# --- on a bench ----------------------------------------------------------------------------------

BENCH = """
name = "pressed"
[potentiostat]
backend = "simulated"
[gauge]
backend = "simulated"
[press]
backend = "{backend}"
address = "ASRL9::INSTR"
{more}
"""


def test_a_simulated_bench_has_a_press_that_moves_its_screw():
    file = parse_bench_file(BENCH.format(backend="simulated", more=""), "bench.toml")
    clock = Hand()
    cell = Cell.model_validate({"name": "c", "anode": "Li", "electrode_diameter": "6 mm"})
    simulated = SimulatedBench(file, cell, clock)
    simulated.start()
    doubles = Doubles(
        simulated.library, simulated.chamber_address, simulated.gauge_address, simulated.press_address
    )
    bench = connect(file, doubles)
    try:
        identity = next(each for each in bench.identities if each.instrument == "press")
        assert identity.serial == "12345"
        assert identity.details["force"] == "0 to 1500 N, within 5 N"
        bench.press.set_force(205.6)
        while bench.press.moving():
            clock.time += 1.0
        assert bench.gauge.read().force == pytest.approx(205.6, abs=6.0)
        assert simulated.press.force(clock.time) > 150.0
    finally:
        bench.close()
        simulated.close()


def test_a_bench_without_a_press_has_none():
    text = 'name = "b"\n[potentiostat]\nbackend = "simulated"\n'
    file = parse_bench_file(text, "b")
    cell = Cell.model_validate({"name": "c", "anode": "Li", "electrode_diameter": "6 mm"})
    assert SimulatedBench(file, cell, Hand()).press_address == ""


def test_a_real_press_needs_its_limits_and_makes_the_bench_a_real_one():
    good = 'microstep = "100 nm"\nstiffness = "2 kN/mm"\nhighest = "1 kN"'
    for missing in ("microstep", "stiffness", "highest"):
        more = "\n".join(line for line in good.splitlines() if not line.startswith(missing))
        with pytest.raises(BadInput, match=rf"press\.{missing} is missing"):
            parse_bench_file(BENCH.format(backend="hardware", more=more), "b")
    file = parse_bench_file(BENCH.format(backend="hardware", more=good), "b")
    assert not file.wholly_simulated
    assert file.press.stiffness == 2e6


@pytest.mark.parametrize("gauge", ["", '[gauge]\nbackend = "simulated"\nmodel = "manual"\n'])
def test_a_press_without_a_gauge_to_go_by_is_refused(gauge):
    text = f'name = "b"\n[potentiostat]\nbackend = "simulated"\n{gauge}[press]\nbackend = "simulated"\n'
    with pytest.raises(BadInput, match="no gauge to go by"):
        parse_bench_file(text, "b")
