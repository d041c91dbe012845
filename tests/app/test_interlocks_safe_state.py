"""The safe state is reached from anywhere, never raises, and says what was not confirmed."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from app.runner.chamber_idle import ChamberIdle
from app.runner.safe_state import safe_state
from core.clock import RealClock, VirtualClock
from core.errors import InstrumentError, StoreError
from core.interlocks import InterlocksFile
from drivers.potentiostat import ChannelState, Live, Poll, Samples
from drivers.techniques import OpenCircuit

GONE = InstrumentError("It is gone.", "Find it.")
DEFECT = ZeroDivisionError("a defect of a driver")


class Cut:
    """A potentiostat that takes the current off, or fails in one of the ways there are."""

    def __init__(self, clock, safe=True):
        self.clock, self.result, self.calls, self.hang = clock, safe, [], threading.Event()
        self.begun = None

    def safe(self):
        self.calls.append("safe")
        if self.result == "hangs":
            self.hang.wait(20)
            return True
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def start(self, program, e_max):
        self.calls.append("start")
        assert all(isinstance(each, OpenCircuit) for each in program)
        self.begun = self.clock.now()

    def poll(self):
        time = self.clock.now() - self.begun
        rows = Samples(0, 0, np.array([time]), np.array([0.05]), np.array([0.0]))
        return Poll(
            Live(ChannelState.RUNNING if time < 10 else ChannelState.STOPPED, time, 0.05, 0.0), (rows,)
        )


class Chamber:
    def __init__(self, refuses=None, stuck=None):
        self.refuses, self.stuck, self.calls = refuses, stuck, []

    def set_temperature(self, kelvin):
        self.calls.append(("set", kelvin))
        if self.refuses:
            raise self.refuses

    def stop(self):
        self.calls.append(("stop",))
        if self.stuck:
            raise self.stuck


class Press:
    def __init__(self, moving=False, error=None):
        self.is_moving, self.error, self.stopped = moving, error, False

    def moving(self):
        if self.error:
            raise self.error
        return self.is_moving

    def stop(self):
        self.stopped = True


class Notes:
    def __init__(self, error=None):
        self.events, self.kept, self.error = [], [], error

    def event(self, event):
        if self.error:
            raise self.error
        self.events.append(event)

    def readings(self, readings):
        self.kept.extend(readings)


@pytest.fixture
def world():
    """Reach the safe state on a bench of stand-ins; returns what was reached and everything around it."""
    clock = VirtualClock()

    def reach(safe=True, chamber=None, press=None, notes=None, guilty=False, record=False, **table):
        potentiostat, notes = Cut(clock, safe), notes or Notes()
        bench = SimpleNamespace(potentiostat=potentiostat, chamber=chamber, gauge=object(), press=press)
        settings = InterlocksFile.model_validate({"record_open_circuit": "10 s"} | table)
        with clock.worker("test"):
            state = safe_state(
                bench, notes, clock, settings,
                chamber_guilty=guilty, recorder=notes if record else None, patience=0.2,
            )  # fmt: skip
        potentiostat.hang.set()
        return SimpleNamespace(
            state=state, notes=notes, potentiostat=potentiostat, chamber=chamber, press=press
        )

    return reach


def test_a_bench_that_answers_is_safe_and_the_chamber_keeps_its_set_point(world):
    found = world(chamber=Chamber())
    assert found.state.reached
    assert found.state.chamber == "left as it is"
    assert found.chamber.calls == []
    assert [(each.kind, each.severity) for each in found.notes.events] == [("safe", "info")]
    assert "current off" in found.notes.events[0].message
    assert "pressure left alone" in found.state.confirmed


@pytest.mark.parametrize("safe", [False, GONE, DEFECT, "hangs"])
def test_an_open_circuit_that_is_not_confirmed_is_an_alarm(world, safe):
    found = world(safe, chamber=Chamber())
    assert not found.state.open_circuit
    assert not found.state.reached
    event = found.notes.events[0]
    assert (event.kind, event.severity) == ("not safe", "alarm")
    assert "NOT CONFIRMED: open circuit" in event.message
    assert "by hand" in event.message
    assert found.state.chamber == "left as it is", "what follows is done all the same"


def test_a_guilty_chamber_goes_to_idle(world):
    found = world(chamber=Chamber(), guilty=True, idle_temperature="20 °C", shared_chamber=True)
    assert found.chamber.calls == [("set", pytest.approx(293.15))]
    assert found.state.chamber == "idle"
    assert found.state.reached


@pytest.mark.parametrize("refuses", [GONE, DEFECT])
def test_a_guilty_chamber_that_refuses_is_stopped(world, refuses):
    found = world(chamber=Chamber(refuses=refuses), guilty=True)
    assert [call[0] for call in found.chamber.calls] == ["set", "stop"]
    assert found.state.chamber == "stopped"


def test_a_guilty_chamber_that_does_nothing_is_said(world):
    found = world(chamber=Chamber(refuses=GONE, stuck=GONE), guilty=True)
    assert found.state.open_circuit
    assert not found.state.reached
    assert found.state.chamber == "unknown"
    assert (found.notes.events[0].kind, found.notes.events[0].severity) == ("safe", "alarm")
    assert "It is gone." in found.notes.events[0].message


def test_a_press_that_moves_is_halted_and_one_that_stands_is_left_alone(world):
    assert world(press=Press(moving=True)).press.stopped
    found = world(press=Press())
    assert not found.press.stopped
    assert "pressure left alone" in found.state.confirmed
    assert not world(press=Press(error=GONE)).state.reached


@pytest.mark.parametrize("error", [StoreError("disk full;", "make room."), DEFECT])
def test_a_store_that_takes_nothing_does_not_stand_in_the_way(world, error):
    found = world(chamber=Chamber(), notes=Notes(error), guilty=True, record=True)
    assert found.state.open_circuit
    assert found.state.chamber == "idle"
    assert found.potentiostat.calls[0] == "safe"


def test_the_open_circuit_is_recorded_and_confirmed_again(world):
    found = world(record=True)
    assert found.state.recorded
    assert found.potentiostat.calls == ["safe", "start", "safe"]
    assert {each.quantity for each in found.notes.kept} == {"E", "I"}
    assert len(found.notes.kept) == 2 * 11


@pytest.mark.parametrize("call", ["start", "poll"])
def test_a_record_that_fails_leaves_the_open_circuit_as_it_is(world, monkeypatch, call):
    monkeypatch.setattr(Cut, call, lambda self, *arguments: 1 / 0)
    found = world(record=True)
    assert found.state.reached
    assert not found.state.recorded
    assert found.potentiostat.calls[-1] == "safe"


def test_an_open_circuit_that_is_lost_by_the_record_is_said(world, monkeypatch):
    results = [True, False]
    monkeypatch.setattr(Cut, "safe", lambda self: results.pop(0))
    found = world(record=True)
    assert not found.state.open_circuit
    assert [each.kind for each in found.notes.events] == ["safe", "not safe"]


def test_nothing_is_recorded_where_no_open_circuit_was_confirmed(world):
    assert "start" not in world(False, record=True).potentiostat.calls
    assert "start" not in world(record=True, record_open_circuit="0 s").potentiostat.calls


def test_on_a_real_bench_it_is_said_at_once_and_tried_again(monkeypatch):
    monkeypatch.setattr("app.runner.current_off.TRY_EVERY", 0.01)
    clock, notes, results = RealClock(), Notes(), [False, False, False, True]
    monkeypatch.setattr(Cut, "safe", lambda self: results.pop(0))
    bench = SimpleNamespace(potentiostat=Cut(clock), chamber=None, gauge=None, press=None)
    state = safe_state(bench, notes, clock, InterlocksFile())
    assert state.reached
    assert [each.kind for each in notes.events] == ["not safe", "safe"]
    assert results == []


def idle(chamber, notes=None, **table):
    settings = InterlocksFile.model_validate({"idle_after": "30 min", "idle_temperature": "25 °C"} | table)
    return ChamberIdle(chamber, notes or Notes(), settings)


def test_the_chamber_goes_to_idle_after_its_time():
    clock, chamber, notes = VirtualClock(), Chamber(), Notes()
    with clock.worker("test"):
        worker = idle(chamber, notes).start(clock)
        clock.wait(1799.0)
        assert chamber.calls == []
        clock.wait(2.0)
        assert chamber.calls == [("set", pytest.approx(298.15))]
    worker.join()
    assert [each.severity for each in notes.events] == ["info", "info"]


def test_a_shared_chamber_is_never_touched():
    clock, chamber = VirtualClock(), Chamber()
    with clock.worker("test"):
        assert idle(chamber, shared_chamber=True).start(clock) is None
        clock.wait(1e5)
    assert chamber.calls == []


def test_whoever_needs_the_chamber_again_stops_it_from_going_idle():
    clock, chamber = VirtualClock(), Chamber()
    with clock.worker("test"):
        worker = idle(chamber).start(clock)
        clock.wait(60.0)
        clock.stop_worker(worker)
        clock.wait(1e5)
    worker.join()
    assert chamber.calls == []


def test_a_chamber_that_does_not_go_idle_is_an_alarm():
    clock, notes = VirtualClock(), Notes()
    with clock.worker("test"):
        worker = idle(Chamber(refuses=GONE, stuck=DEFECT), notes).start(clock)
        clock.wait(2000.0)
    worker.join()
    assert notes.events[-1].severity == "alarm"
    assert "NOT CONFIRMED" in notes.events[-1].message
