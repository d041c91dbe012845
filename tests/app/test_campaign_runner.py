import math

import pytest

from app.campaign.expand import make_campaign
from app.laboratory import laboratory, read_cell
from app.runner.campaign import CampaignRunner, as_experiment, check, spent
from app.runner.job import make_job, read_bench
from core.clock import VirtualClock
from core.errors import BadInput
from core.records import Ended
from drivers.abilities import abilities_of
from protocols import GeisStripping, OcvRelaxation, OcvRest
from storage import open_store

CELLS = """
campaign = "in a hurry"
[cells.li]
count = 3
name = "LLZO-09-Li-{n:02d}"
anode = "Li"
electrode_diameter = "6 mm"
"""
STRIP_AND_RELAX = (
    CELLS
    + """
[[steps]]
name = "strip"
protocol = "GeisStripping"
cell = "li"
fresh = true
parameters = { current_density = "200 µA/cm²", sweep_time = "10 s", f_min = "100 Hz", rest_minimum = "1 min",
               rest_maximum = "2 min", charge_limit = "0.02 mAh/cm²" }
on = { limit = "relax", default = "stop" }
[[steps]]
name = "never"
protocol = "OcvRest"
cell = "li"
[[steps]]
name = "relax"
protocol = "OcvRelaxation"
cell = "li"
parameters = { duration = "0.2 h", f_min = "100 Hz" }
[[steps]]
name = "another"
protocol = "OcvRest"
cell = "li"
fresh = true
parameters = { rest_minimum = "1 min", rest_maximum = "2 min" }
"""
).replace(",\n               ", ", ")


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "store.sqlite"), create=True) as opened:
        yield opened


def worked_through(store, text, bench=None, **options):
    given = read_bench(bench)
    with CampaignRunner(store, given.file, given.text, VirtualClock(), **options) as runner:
        return runner.work_through(make_campaign(text, "campaign.toml"))


def test_steps_become_runs_on_a_bench_that_stays(store):
    done = worked_through(store, STRIP_AND_RELAX)
    assert [each.step.path for each in done] == ["1.strip", "3.relax", "4.another"]
    assert [each.outcome.ended for each in done] == [Ended.LIMIT, Ended.FINISHED, Ended.FINISHED]
    first, relax, following = (store.run(each.outcome.run) for each in done)
    origins = [run.summary().bench_origin for run in (first, relax, following)]
    assert origins[0] == 0.0
    assert origins[0] < origins[1] < origins[2]
    # The relaxation begins where the current ended, on the same cell and the same bench.
    gap = next(e.event for e in relax.events() if e.event.data.get("name") == "gap").data
    assert 0.0 <= gap["gap_s"] < 5.0
    charge = next(e.event for e in relax.events() if e.event.data.get("name") == "charge").data
    assert charge["charge_mAh_cm2"] == pytest.approx(0.02, rel=0.05)
    assert relax.truth()[1]["charge"][0] == pytest.approx(charge["charge_C"], rel=0.02)
    # Every run counts its seconds from its own start.
    assert all(run.events()[0].event.time == 0.0 for run in (first, relax, following))


def test_the_next_cell_is_mounted_by_whoever_is_asked(store):
    done = worked_through(store, STRIP_AND_RELAX)
    asked = store.run(done[-1].outcome.run).requests()
    assert len(asked) == 1
    assert "LLZO-09-Li-02" in asked[0].question
    assert "WE 2 of 3" in asked[0].question
    assert asked[0].answer == "acknowledged"
    assert asked[0].author == "virtual operator"
    assert not store.run(done[0].outcome.run).requests()


def test_an_operator_who_never_comes_ends_the_campaign(store, tmp_path, monkeypatch):
    monkeypatch.setattr("app.runner.runner.MOUNT_TIMEOUT", 600.0)
    bench = tmp_path / "bench.toml"
    bench.write_text(read_bench(None).text + "\n[simulation.operator]\nabsent = true\n", encoding="utf-8")
    done = worked_through(store, STRIP_AND_RELAX, bench)
    assert done[-1].outcome.ended is Ended.TIMED_OUT
    assert "nobody mounted LLZO-09-Li-02" in done[-1].outcome.end_reason


def test_a_step_can_be_run_again_by_itself(store):
    done = worked_through(store, STRIP_AND_RELAX)
    run = store.run(done[0].outcome.run)
    again = make_job(run.header.experiment_text, "kept", read_bench(None).text, "bench")
    assert again.protocol.values() == run.header.parameters
    assert again.cell == run.header.cell


def test_every_step_is_checked_before_the_first_begins(store):
    text = (
        STRIP_AND_RELAX
        + """
[[steps]]
name = "squeeze"
protocol = "PressureRun"
cell = "li"
parameters = { pressure = "400 MPa" }
"""
    )
    plan = make_campaign(text, "campaign.toml")
    with pytest.raises(BadInput, match=r"steps.5.*squeeze.*400 MPa.*N"):
        check(plan, abilities_of(read_bench(None).file))
    assert store.runs() == []


def test_a_real_electrode_that_is_spent_is_known_from_the_store(store):
    assert spent(store, "LLZO-09-Li-01") is None
    text = (
        CELLS
        + """
[[steps]]
protocol = "GeisStripping"
cell = "li"
fresh = true
[steps.parameters]
current_density = "2000 µA/cm²"
sweep_time = "10 s"
f_min = "100 Hz"
rest_minimum = "1 min"
rest_maximum = "2 min"
"""
    )
    done = worked_through(store, text)
    assert done[0].outcome.ended in (Ended.CUT_OFF, Ended.SHORTED)
    assert spent(store, "LLZO-09-Li-01") is done[0].outcome.ended


def test_a_script_runs_the_same_protocols(tmp_path):
    path = tmp_path / "night.sqlite"
    cell = {"name": "LLZO-11-Li-01", "anode": "Li", "electrode_diameter": "6 mm"}
    file = tmp_path / "cell.toml"
    file.write_text("\n".join(f'{key} = "{value}"' for key, value in cell.items()), encoding="utf-8")
    quick = {"sweep_time": "10 s", "f_min": "100 Hz", "rest_minimum": "1 min", "rest_maximum": "2 min"}
    with laboratory(store=str(path), title="a script") as lab:
        first = read_cell(file)
        stripped = lab.run(GeisStripping(current_density="2000 µA/cm²", **quick), first)
        with pytest.raises(BadInput, match=r"LLZO-11-Li-01 is spent"):
            lab.run(GeisStripping(current_density="100 µA/cm²", **quick), first)
        rested = lab.run(OcvRelaxation(duration="0.1 h", f_min="100 Hz"), first, name="relax")
        other = lab.run(
            OcvRest(rest_minimum="1 min", rest_maximum="2 min"), read_cell(file, name="LLZO-11-Li-02")
        )
        assert lab.reader(stripped).summary().path == "1.GeisStripping"
    assert [each.ended for each in (rested, other)] == [Ended.FINISHED, Ended.FINISHED]
    with open_store(str(path)) as store:
        (campaign,) = store.campaigns()
        assert (campaign.purpose, campaign.runs) == ("script", 3)
        assert [run.path for run in store.campaign(campaign.campaign).runs()][1] == "2.relax"


def test_a_script_that_fails_is_kept_as_failed(tmp_path):
    with pytest.raises(ZeroDivisionError), laboratory(store=str(tmp_path / "s.sqlite")):
        math.fsum([1 / 0])
    with open_store(str(tmp_path / "s.sqlite")) as store:
        assert str(store.campaigns()[0].state) == "failed"


def test_an_experiment_written_from_a_step_says_where_it_is_from():
    plan = make_campaign(STRIP_AND_RELAX, "campaign.toml")
    from app.campaign.walk import Walk

    step = Walk(plan).next()
    assert as_experiment(step).startswith("# from campaign.toml: steps.1\n")
