from contextlib import nullcontext

import pytest

from app.runner.job import SIMULATED_BENCH, make_job
from app.runner.runner import Runner
from app.runner.station import Station
from core.clock import VirtualClock
from core.records import RunState
from protocols.control import Wish
from storage import open_store

EXPERIMENT = """\
protocol = "GeisStripping"
[cell]
name = "paused"
anode = "Li0.9Mg0.1"
electrode_diameter = "6 mm"
[parameters]
current_density = "200 µA/cm²"
charge_limit = "0.72 mAh/cm²"
rest_minimum = "1 min"
rest_maximum = "2 min"
"""
STRIPPED = 3.55 * 3600


@pytest.fixture(scope="module")
def paused(tmp_path_factory):
    """A stripping that was paused for two hours shortly before its end, at the pace of the machine."""
    clock = VirtualClock()
    clock.at_real_pace = nullcontext
    job = make_job(EXPERIMENT, "experiment", SIMULATED_BENCH, "bench")
    answers = []
    with open_store(str(tmp_path_factory.mktemp("paused") / "store.sqlite"), create=True) as store:
        station = Station(job.bench, clock, job.cell, thin=10)
        workers = []

        def resume():
            clock.wait(7200.0)
            runner.control.post(Wish("resume", answers.append))

        def look(spectrum, checksum):
            if clock.now() > STRIPPED and not workers:
                runner.control.post(Wish("pause", answers.append))
                workers.append(clock.spawn("operator", resume))

        runner = Runner(store, job, station, announce=look)
        outcome = runner.run()
        workers[0].join()
        station.close()
        yield store.run(outcome.run), outcome, answers


def test_the_interruption_stands_in_the_charge_balance(paused):
    run, outcome, answers = paused
    assert outcome.state is RunState.FINISHED
    assert [answer.split(":")[0] for answer in answers] == ["pause", "resume"]
    events = {stored.event.kind: stored.event for stored in run.events()}
    begun, over = events["paused"], events["resumed"]
    assert over.data["seconds"] == pytest.approx(7200.0, abs=5.0)
    assert over.data["charge_C"] == pytest.approx(begun.data["charge_C"], rel=1e-6)
    # E goes on being recorded, and falls as the concentration evens out.
    _, times, voltage = run.readings("E")
    during = voltage[(times > begun.time + 5) & (times < over.time)]
    assert len(during) > 100
    assert during[0] > during[-1] > 0.001
    # The limit counts what was measured, before and after.
    _, _, charge = run.readings("Q")
    assert run.header.cell.areal_charge(float(charge[-1])) == pytest.approx(0.72, rel=0.01)


def test_resuming_asks_when_the_cell_has_moved(paused):
    run, _, _ = paused
    moved = next(stored.event for stored in run.events() if stored.event.kind == "after the pause")
    assert moved.data["after_ohm"] < 0.95 * moved.data["before_ohm"]
    (request,) = run.requests()
    assert "before the pause" in request.question
    assert request.answer == "acknowledged"


def test_t0_is_marked_as_disturbed(paused):
    run, _, _ = paused
    decided = [stored.decision for stored in run.decisions() if stored.decision.rule == "depletion"]
    assert decided[-1].parameters["disturbed"] is True
