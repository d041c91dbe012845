"""A run in which something fails: the current goes off, the store says so, the exit status is 4."""

import pytest

from app.runner.job import SIMULATED_BENCH, make_job
from app.runner.runner import run_job
from core.clock import VirtualClock
from core.errors import InstrumentError, StoreError
from core.records import Ended, RunState
from drivers.eclib.vmp300 import Vmp300
from drivers.weiss_simserv import WeissChamber
from storage import Journal, open_store

EXPERIMENT = """\
protocol = "GeisStripping"
[cell]
name = "failing"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
rest_minimum = "1 min"
rest_maximum = "2 min"
charge_limit = "0.01 mAh/cm²"
"""


@pytest.fixture
def run(tmp_path):
    """Run the experiment; returns the outcome and the reader of the run."""
    store = open_store(str(tmp_path / "store.sqlite"), create=True)

    def start(more="", charge="0.01 mAh/cm²"):
        text = EXPERIMENT.replace("0.01 mAh/cm²", charge) + more
        job = make_job(text, "experiment", SIMULATED_BENCH, "bench")
        outcome = run_job(store, job, VirtualClock())
        return outcome, store.run(outcome.run)

    return start


def after(calls, error, method):
    """Wrap a method so that it raises from its nth call on."""
    count = 0

    def wrapped(*arguments, **options):
        nonlocal count
        count += 1
        if count >= calls:
            raise error
        return method(*arguments, **options)

    return wrapped


def events(reader):
    return [each.event.kind for each in reader.events()]


@pytest.mark.parametrize(
    ("method", "calls"), [("start", 1), ("start", 3), ("poll", 1), ("poll", 50), ("poll", 200), ("stop", 1)]
)
def test_a_potentiostat_that_fails_ends_the_run_safely(run, monkeypatch, method, calls):
    error = InstrumentError("The potentiostat is on fire.", "Leave the room.")
    monkeypatch.setattr(Vmp300, method, after(calls, error, getattr(Vmp300, method)))
    outcome, reader = run()
    assert (outcome.state, outcome.exit_status) == (RunState.FAILED, 4)
    assert "on fire" in reader.summary().end_reason or method == "stop"
    assert "safe" in events(reader)
    assert all(step.ended is not None for step in reader.steps())


def test_an_unconfirmed_open_circuit_is_a_failed_run(run, monkeypatch):
    monkeypatch.setattr(Vmp300, "safe", lambda self: False)
    outcome, reader = run()
    assert outcome.exit_status == 4
    assert "open circuit could not be confirmed" in reader.summary().end_reason
    assert "not safe" in events(reader)


def test_a_defect_of_the_fit_ends_the_run_safely(run, monkeypatch):
    monkeypatch.setattr(
        "app.runner.runner.LiveFitter.__call__", after(3, ZeroDivisionError("oops"), lambda *a: 1 / 0)
    )
    outcome, reader = run()
    assert outcome.state is RunState.FAILED
    assert "ZeroDivisionError" in reader.summary().end_reason
    assert "safe" in events(reader)


def test_a_defect_under_current_is_no_conclusion(run, monkeypatch):
    monkeypatch.setattr(Journal, "fit", after(3, ZeroDivisionError("oops"), Journal.fit))
    _, reader = run()
    kinds = {each.event.kind: each.event.message for each in reader.events()}
    assert kinds["current off"] == "failed"
    assert events(reader).index("current off") < events(reader).index("safe")
    assert reader.steps()[-1].outcome == "failed"
    assert reader.decisions()[-1].decision.outcome == "censored"


@pytest.mark.parametrize("calls", [1, 2, 5])
def test_a_store_that_takes_no_more_spectra_ends_the_run_safely(run, monkeypatch, calls):
    safe = []
    monkeypatch.setattr(
        Journal, "spectrum", after(calls, StoreError("disk full;", "make room."), Journal.spectrum)
    )
    monkeypatch.setattr(Vmp300, "safe", lambda self, real=Vmp300.safe: safe.append(real(self)) or safe[-1])
    outcome, reader = run()
    assert outcome.exit_status == 4
    assert "disk full" in reader.summary().end_reason
    assert safe[-1] is True


def test_a_store_that_takes_nothing_more_still_gives_an_outcome(run, monkeypatch):
    dead = StoreError("the share is gone;", "mount it again.")
    for name in ("spectrum", "event", "decision", "end_step", "finish", "flush", "beat", "fit", "readings"):
        count = {"spectrum": 3}.get(name, 12 if name in ("event", "readings", "fit") else 4)
        monkeypatch.setattr(Journal, name, after(count, dead, getattr(Journal, name)))
    outcome, _ = run()
    assert outcome.exit_status == 4
    assert "share is gone" in outcome.end_reason


@pytest.mark.parametrize(
    "error", [InstrumentError("The chamber is gone.", "Find it."), ValueError("a defect")]
)
def test_a_chamber_that_stops_answering_is_said_and_the_run_goes_on(run, monkeypatch, error):
    started, start, temperature = [], Vmp300.start, WeissChamber.temperature

    def begin(self, program, e_max):
        started.append(True)
        start(self, program, e_max)

    def lost(self):
        if started:
            raise error
        return temperature(self)

    monkeypatch.setattr(Vmp300, "start", begin)
    monkeypatch.setattr(WeissChamber, "temperature", lost)
    outcome, reader = run()
    assert outcome.state is RunState.FINISHED
    alarms = [each.event for each in reader.events() if each.event.severity == "alarm"]
    # A defect of ours also leaves the interlock on its messages without eyes, and that is said.
    assert {alarm.kind for alarm in alarms} - {"interlock"} == {"instrument"}
    assert {each.role: each.health for each in reader.instruments()}["chamber"] == "failing"


def test_a_lost_reply_while_the_chamber_settles_is_waited_out(run, monkeypatch):
    calls, temperature = [], WeissChamber.temperature

    def now_and_then(self):
        calls.append(True)
        if len(calls) in (20, 21):
            raise InstrumentError("The chamber did not answer.", "Look at it.")
        return temperature(self)

    monkeypatch.setattr(WeissChamber, "temperature", now_and_then)
    assert run()[0].state is RunState.FINISHED


def test_a_program_left_by_a_killed_runner_is_stopped_and_said(run, monkeypatch):
    real = Vmp300.__init__

    def connect(self, library, settings):
        from drivers.techniques import ConstantCurrent

        real(self, library, settings)
        self.start([ConstantCurrent(28e-6, 1e4)], 4.0)

    monkeypatch.setattr(Vmp300, "__init__", connect)
    outcome, reader = run()
    assert outcome.state is RunState.FINISHED
    taken = [each.event for each in reader.events() if each.event.kind == "taken over"]
    assert len(taken) == 1
    assert taken[0].time == 0.0


def test_limits_hold_although_the_instrument_is_slower_than_its_file(run, monkeypatch):
    from simulators.eclib import SimulatedEClib

    real = SimulatedEClib.__init__
    monkeypatch.setattr(
        SimulatedEClib, "__init__", lambda self, *a, **o: real(self, *a, **(o | {"point_overhead": 0.7}))
    )
    outcome, reader = run()
    assert outcome.end_reason == "charge or time limit"
    began = next(each.event.time for each in reader.events() if each.event.kind == "current on")
    _, times, charge = reader.readings("Q")
    passed = charge[-1] - charge[times <= began][-1]
    assert reader.header.cell.areal_charge(float(passed)) == pytest.approx(0.01, rel=0.01)


def test_limits_hold_although_the_instrument_is_quicker_than_its_file(run, monkeypatch):
    from simulators.eclib import SimulatedEClib

    real = SimulatedEClib.__init__
    monkeypatch.setattr(
        SimulatedEClib, "__init__", lambda self, *a, **o: real(self, *a, **(o | {"point_overhead": 0.05}))
    )
    outcome, reader = run()
    assert (outcome.state, outcome.ended) == (RunState.FINISHED, Ended.LIMIT)
    # The program ran out of passes before the charge was there: a gap, which is said and marks t0.
    assert any(each.event.kind == "program renewed" for each in reader.events())
    assert reader.decisions()[-1].decision.parameters["disturbed"] is True
    _, _, charge = reader.readings("Q")
    assert reader.header.cell.areal_charge(float(charge[-1])) == pytest.approx(0.01, rel=0.02)


def test_a_short_circuit_is_an_alarm(run):
    outcome, reader = run('current_density = "2000 µA/cm²"\n', charge="0.5 mAh/cm²")
    found = [each.decision for each in reader.decisions() if each.decision.rule == "short circuit"]
    assert (outcome.state, outcome.ended) == (RunState.FINISHED, Ended.SHORTED)
    assert len(found) == 1
    assert found[0].changes_bench
    off = next(each.event for each in reader.events() if each.event.kind == "current off")
    assert off.time - found[0].time <= 1.0
    assert any(each.event.severity == "alarm" for each in reader.events())


def test_a_cell_is_soaked_until_its_electrolyte_is_steady(run):
    outcome, reader = run('temperature = "40 °C"\n')
    assert outcome.state is RunState.FINISHED
    verbs = [step.verb for step in reader.steps()]
    assert verbs.count("peis") > 6
    times, truth = reader.truth()
    began = next(each.event.time for each in reader.events() if each.event.kind == "current on")
    assert abs(truth["T"][times < began][-1] - 313.15) < 0.7
    assert not [each for each in reader.decisions() if each.decision.rule == "soft short"]


HOT = """
[interlocks]
highest_cell_temperature = "40 °C"
[simulation.chamber]
initial_temperature = "45 °C"
"""


def test_a_safety_limit_ends_a_run_in_the_safe_state(tmp_path):
    job = make_job(EXPERIMENT, "experiment", SIMULATED_BENCH + HOT, "bench")
    with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
        outcome = run_job(store, job, VirtualClock())
        reader = store.run(outcome.run)
    assert (outcome.state, outcome.ended) == (RunState.FAILED, Ended.INTERLOCK)
    assert "interlock" in outcome.end_reason
    assert reader.summary().ended == "interlock"
    events = [stored.event for stored in reader.events()]
    assert not any(event.kind == "current on" for event in events)
    # The temperature is at fault, so the chamber does not keep its set-point …
    assert any(event.kind in ("safe", "not safe") and "25.0 °C" in event.message for event in events)
    # … and E at open circuit is recorded for a while afterwards.
    tripped = next(event.time for event in events if event.severity == "alarm")
    assert reader.readings("E")[1][-1] > tripped + 50
