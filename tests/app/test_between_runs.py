"""From one run to the next on the same bench, and with a person at it: nothing is lost, nothing sticks."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from app.campaign.expand import make_campaign
from app.runner.attendant import Attendant
from app.runner.campaign import CampaignRunner
from app.runner.job import make_job, read_bench
from app.runner.runner import Runner
from app.runner.station import Station
from core.clock import VirtualClock
from core.errors import InstrumentError
from core.records import Ended, RunState
from core.requests import Answer
from protocols.control import Control, Wish
from storage import open_store

TWO_CELLS = """
campaign = "two cells"
[cells.li]
count = 2
name = "LLZO-{n}"
anode = "Li"
electrode_diameter = "6 mm"
[[steps]]
protocol = "OcvRest"
cell = "li"
fresh = true
parameters = { rest_minimum = "1 min", rest_maximum = "2 min" }
on = { interlock = "next", aborted = "next" }
[[steps]]
protocol = "OcvRest"
cell = "li"
fresh = true
parameters = { rest_minimum = "1 min", rest_maximum = "2 min" }
"""
BY_HAND = """
name = "by hand"
[potentiostat]
backend = "simulated"
[gauge]
backend = "hardware"
model = "manual"
full_scale = "2 kN"
"""
PRESSED = """
protocol = "PressureRun"
[cell]
name = "pressed"
anode = "Li"
electrode_diameter = "6 mm"
[parameters]
pressure = "5 MPa"
current_density = "200 µA/cm²"
time_limit = "0.03 h"
rest_minimum = "1 min"
rest_maximum = "2 min"
sweep_time = "20 s"
f_min = "100 Hz"
pressure_hold = "20 s"
"""


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "store.sqlite"), create=True) as opened:
        yield opened


def worked_through(store, tmp_path, control, ended=lambda done: None, extra=""):
    path = tmp_path / "bench.toml"
    path.write_text(read_bench(None).text + extra, encoding="utf-8")
    bench = read_bench(path)
    clock = VirtualClock()
    clock.at_real_pace = nullcontext
    with CampaignRunner(store, bench.file, bench.text, clock, control=control, ended=ended) as runner:
        return runner.work_through(make_campaign(TWO_CELLS, "campaign.toml"))


def test_a_stop_while_the_next_cell_is_asked_for_ends_that_step_as_stopped(store, tmp_path):
    control, answers = Control(), []
    absent = "\n[simulation.operator]\nabsent = true\n"

    def ended(done):
        control.post(Wish("stop", answers.append))

    done = worked_through(store, tmp_path, control, ended, absent)
    assert [each.outcome.ended for each in done] == [Ended.FINISHED, Ended.STOPPED]
    assert done[1].outcome.state is RunState.STOPPED
    assert "LLZO-2" in done[1].outcome.end_reason
    assert answers[0].startswith("stop: nothing is waited for")


def test_an_interlock_of_one_run_does_not_end_the_next(store, tmp_path, monkeypatch):
    control = Control()
    original = Runner._session

    def tripping(self, journal):
        if journal.run == 1:
            control.trip("the cell is at 95 °C")
        return original(self, journal)

    monkeypatch.setattr(Runner, "_session", tripping)
    done = worked_through(store, tmp_path, control)
    assert [each.outcome.ended for each in done] == [Ended.INTERLOCK, Ended.FINISHED]


def test_an_abort_between_two_runs_begins_nothing_more(store, tmp_path):
    control, answers = Control(), []
    done = worked_through(store, tmp_path, control, lambda done: control.post(Wish("abort", answers.append)))
    assert [each.outcome.ended for each in done] == [Ended.FINISHED, Ended.ABORTED]
    assert "nothing more was begun" in answers[0]
    assert store.run(done[1].outcome.run).requests() == []


def test_nothing_is_done_on_a_bench_whose_current_could_not_be_seen_to_be_off(store):
    job = make_job(
        'protocol = "OcvRest"\n[cell]\nname = "c"\nanode = "Li"\nelectrode_diameter = "6 mm"\n'
        '[parameters]\nrest_minimum = "1 min"\nrest_maximum = "2 min"\n',
        "experiment",
        BY_HAND,
        "bench",
    )  # fmt: skip
    station = Station(job.bench, VirtualClock(), job.cell)
    station.open()
    works, station.bench.potentiostat.safe = station.bench.potentiostat.safe, lambda: False
    first = Runner(store, job, station).run()
    second = Runner(store, job, station).run()
    station.bench.potentiostat.safe = works
    third = Runner(store, job, station).run()
    station.close()
    assert "could not be confirmed" in first.end_reason
    assert "nothing is begun" in second.end_reason
    assert "OcvRest" not in [step.protocol for step in store.run(second.run).steps()]
    assert third.state is RunState.FINISHED


def test_a_force_that_only_a_person_can_read_is_waited_for(store):
    """Also after it was entered once: another cell in the press is another force."""
    job = make_job(PRESSED, "experiment", BY_HAND, "bench")
    clock = VirtualClock()
    clock.at_real_pace = nullcontext
    station = Station(job.bench, clock, job.cell)

    def look_at_the_display():
        clock.wait(120.0)
        station.bench.gauge.enter(100.0)
        clock.wait(120.0)
        station.bench.gauge.enter(270.0)

    mount = station.mount
    workers = []

    def mounted_already(*arguments):
        workers.append(clock.spawn("somebody", look_at_the_display))
        return mount(*arguments)

    station.mount = mounted_already
    outcome = Runner(store, job, station).run()
    workers[0].join()
    run = store.run(outcome.run)
    assert outcome.ended is Ended.LIMIT, outcome
    assert run.requests()[0].answer == "holds"
    assert not [e.event.message for e in run.events() if e.event.severity == "alarm"]
    assert run.readings("F")[2][-1] == 270.0

    other = job.cell.model_copy(update={"name": "another"})
    session = SimpleNamespace(
        cell=other, desk=SimpleNamespace(ask=lambda session, request: Answer.ACKNOWLEDGED)
    )
    mount(session, 60.0)
    with pytest.raises(InstrumentError, match="No force has been entered"):
        station.bench.gauge.read()
    station.close()


def test_a_command_that_fails_is_answered_and_the_next_one_is_heard():
    answers, control = {}, Control()
    told = [SimpleNamespace(id=n, verb=v, argument="", author="") for n, v in enumerate(("enter", "abort"))]

    class Journal:
        def take_commands(self):
            return [told.pop(0) for _ in tuple(told)]

        def answer_command(self, command, outcome):
            answers[command] = outcome

        def beat(self, time):
            pass

    def enter(text):
        raise ZeroDivisionError("no")

    attendant = Attendant(Journal(), control, VirtualClock(), 0.01, enter)
    attendant.start()
    for _ in range(500):
        if control.wanted:
            break
        attendant._done.wait(0.01)
    attendant.close()
    assert "nothing done, ZeroDivisionError" in answers[0]
    assert answers[1].startswith("abort")
