import math
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.clock import utc_now
from core.errors import StoreError
from core.records import Ended, RunState
from storage import CampaignHeader, open_store

PLAN = ({"path": "1.press", "protocol": "InterfaceForming"}, {"path": "2.strip", "limit": math.inf})


@pytest.fixture
def campaign_header() -> CampaignHeader:
    return CampaignHeader(
        "fig4", "bench 2", simulated=True, title="Stripping, µ", text="[[step]]\n", plan=PLAN,
        bench_text="name = 'bench 2'\n", purpose="script",
    )  # fmt: skip


@pytest.fixture
def campaign(store, campaign_header):
    campaign = store.begin_campaign(campaign_header)
    yield campaign
    campaign.close()


def set_campaign(path: Path, **values) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for name, value in values.items():
            connection.execute(f"UPDATE campaign SET {name} = ?", (value,))
    connection.close()


def test_a_campaign_is_listed_before_anything_else_happens(store, campaign, campaign_header):
    (summary,) = store.campaigns()
    assert (summary.campaign, summary.name, summary.title) == (campaign.campaign, "fig4", "Stripping, µ")
    assert (summary.state, summary.live, summary.purpose) == (RunState.RUNNING, True, "script")
    assert (summary.simulated, summary.bench, summary.ended_utc) == (True, "bench 2", None)
    assert (summary.runs, summary.runs_ended) == (0, 0)
    assert summary.started_utc == campaign_header.started_utc
    found = store.campaign(campaign.campaign)
    assert found.header == campaign_header
    assert found.runs() == []


def test_runs_of_a_campaign_come_in_order_with_path_and_end(store, campaign, header, campaign_header):
    other = store.begin_campaign(campaign_header)
    ends = [Ended.NOT_REACHED, Ended.CUT_OFF]
    for number, end in enumerate(ends):
        mine = replace(
            header, campaign=campaign.campaign, path=f"{number}.strip", bench_origin=100.0 * number
        )
        journal = store.begin_run(mine)
        assert store.run(journal.run).header == mine
        for apart in (replace(header, campaign=other.campaign), header):
            store.begin_run(apart).close()
        assert store.campaign(campaign.campaign).runs()[-1].ended == ""
        journal.finish(RunState.FINISHED, "in words", 50.0, end)
        journal.close()
    runs = store.campaign(campaign.campaign).runs()
    assert [(each.run, each.path, each.ended, each.bench_origin) for each in runs] == [
        (1, "0.strip", "not reached", 0.0),
        (4, "1.strip", "cut-off", 100.0),
    ]
    assert [Ended(each.ended) for each in runs] == ends
    assert {each.campaign for each in runs} == {campaign.campaign}
    assert [(each.runs, each.runs_ended) for each in store.campaigns()] == [(2, 2), (2, 0)]
    assert [each.campaign for each in store.runs()] == [1, 2, None] * 2
    other.close()


def test_readers_see_a_campaign_change(store, campaign):
    reader = store.campaign(campaign.campaign)
    campaign.set_state(RunState.PAUSED, "by the operator")
    assert (reader.summary().state, reader.summary().end_reason) == (RunState.PAUSED, "by the operator")
    campaign.set_state(RunState.RUNNING, "")
    campaign.finish(RunState.STOPPED, "by the operator at 2.strip")
    summary = reader.summary()
    assert (summary.state, summary.end_reason) == (RunState.STOPPED, "by the operator at 2.strip")
    assert not summary.live
    assert summary.ended_utc >= summary.started_utc


def test_a_campaign_that_is_not_heard_of_reads_as_interrupted_until_it_is(store, campaign, path):
    silent = (utc_now() - timedelta(seconds=12)).replace(tzinfo=None)
    set_campaign(path, heartbeat_utc=str(silent))
    (summary,) = store.campaigns()
    assert (summary.state, summary.live) == (RunState.INTERRUPTED, False)
    assert "nothing was heard" in summary.end_reason
    campaign.beat()
    assert store.campaigns()[0].state == RunState.RUNNING


def test_a_campaign_whose_process_is_gone_reads_as_interrupted_unless_it_had_ended(store, campaign, path):
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    set_campaign(path, pid=child.pid)
    assert store.campaigns()[0].state == RunState.INTERRUPTED
    assert f"({child.pid} on" in store.campaigns()[0].end_reason
    campaign.finish(RunState.FINISHED, "all done")
    assert (store.campaigns()[0].state, store.campaigns()[0].end_reason) == (RunState.FINISHED, "all done")


def test_states_that_are_none_are_refused(store, campaign, journal):
    with pytest.raises(ValueError, match="cannot end as running"):
        campaign.finish(RunState.RUNNING, "")
    for state in (RunState.FINISHED, RunState.INTERRUPTED):
        with pytest.raises(ValueError, match="finish"):
            campaign.set_state(state)
    with pytest.raises(ValueError, match="somehow"):
        journal.finish(RunState.FINISHED, "", 1.0, "somehow")
    assert store.runs()[0].state == RunState.RUNNING
    campaign.close()
    campaign.close()
    with pytest.raises(StoreError, match="log of campaign 1 is closed"):
        campaign.beat()


def test_unknown_campaigns_are_refused_in_words(store, campaign, header):
    with pytest.raises(StoreError, match="no campaign 7; it has campaigns 1"):
        store.campaign(7)
    with pytest.raises(StoreError, match="no campaign 7"):
        store.begin_run(replace(header, campaign=7))
    assert store.runs() == []


def test_runs_of_a_cell_come_newest_first(store, header):
    other = header.cell.model_copy(update={"name": "another"})
    for cell, end in ((header.cell, Ended.CUT_OFF), (other, Ended.SHORTED), (header.cell, Ended.DEPLETED)):
        journal = store.begin_run(replace(header, cell=cell))
        journal.finish(RunState.FINISHED, "", 1.0, end)
        journal.close()
    assert [(each.run, each.ended) for each in store.last_of_cell(header.cell.name)] == [
        (3, Ended.DEPLETED),
        (1, Ended.CUT_OFF),
    ]
    assert [each.run for each in store.last_of_cell("another")] == [2]
    assert store.last_of_cell("nobody's") == []


def test_a_request_says_what_is_asked_and_whether_it_still_waits(store, journal, step):
    details = {"kind": "force", "target": 405.8, "tolerance": 10.0, "timeout": math.inf}
    first = journal.request("tighten", 10.0, ("acknowledge", "skip"), details)
    journal.request("look", 20.0)
    run = store.run(journal.run)
    one, two = run.requests()
    assert (one.details, two.details) == (details, {})
    assert (one.awaited, two.awaited) == (True, True)
    journal.answer_request(first, "holds", "", 14.5)
    one, two = run.requests()
    assert (one.answer, one.author, one.answered, one.awaited) == ("holds", "", 14.5, False)
    journal.finish(RunState.ABORTED, "by the operator")
    _, two = run.requests()
    assert (two.answer, two.answered_utc, two.awaited) == (None, None, False)


def test_a_request_of_an_interrupted_run_waits_no_more(store, journal, path):
    journal.request("look", 1.0)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE run SET heartbeat_utc = '2001-01-01 00:00:00.000000'")
    connection.close()
    assert not store.run(journal.run).requests()[0].awaited


LANE = """
import sys
import numpy as np
from core.cell import Cell
from core.records import Ended, Event, Reading, RunState, Spectrum
from storage import RunHeader, open_store

path, campaign, lane, runs, count = sys.argv[1], *map(int, sys.argv[2:])
cell = Cell(name=f"lane {lane}", anode="Li", electrode_diameter="6 mm")
with open_store(path) as store:
    for number in range(runs):
        header = RunHeader("GeisStripping", {}, cell, "bench", simulated=True,
                           campaign=campaign, path=f"{lane}/{number}")
        journal = store.begin_run(header)
        step = journal.begin_step("1", "GeisStripping", "geis", {}, 0.0)
        request = journal.request("tighten", 0.0, ("acknowledge",), {"kind": "force"})
        journal.answer_request(request, "holds", "", 1.0)
        for seed in range(count):
            columns = np.random.default_rng([lane, number, seed]).standard_normal((7, 69))
            journal.spectrum(step, Spectrum("GEIS", columns[0], columns[1] + 1j, *columns[2:], 3e-6, seed))
            journal.readings([Reading(float(seed), "gauge", "F", float(lane))])
            journal.beat(float(seed))
        journal.event(Event("current off", "", 1.0))
        journal.finish(RunState.FINISHED, "", float(count), Ended.DEPLETED)
        journal.close()
"""


def test_lanes_of_a_campaign_write_side_by_side(store, campaign, path):
    lanes, runs, count = 3, 3, 30
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", LANE, *map(str, (path, campaign.campaign, lane, runs, count))],
            env=environment,
        )
        for lane in range(lanes)
    ]
    reader = store.campaign(campaign.campaign)
    while any(process.poll() is None for process in processes):
        campaign.beat()
        assert reader.summary().live
        reader.runs()
    assert [process.returncode for process in processes] == [0] * lanes
    campaign.finish(RunState.FINISHED, "all lanes done")
    found = reader.runs()
    for lane in range(lanes):
        mine = [each for each in found if each.cell == f"lane {lane}"]
        assert [each.path for each in mine] == [f"{lane}/{number}" for number in range(runs)]
        assert {(each.ended, each.spectra) for each in mine} == {("depleted", count)}
        for each in mine:
            run = store.run(each.run)
            assert [kept.spectrum.pass_number for kept in run.spectra()] == list(range(count))
            assert run.readings("F")[2].tolist() == [float(lane)] * count
            assert [request.answer for request in run.requests()] == ["holds"]
    assert (reader.summary().runs, reader.summary().runs_ended) == (lanes * runs, lanes * runs)
    assert store.check() == []


def test_a_killed_campaign_keeps_what_it_acknowledged(store, path):
    script = (
        "import os, sys; from storage import CampaignHeader, open_store; from core.records import RunState\n"
        "store = open_store(sys.argv[1])\n"
        "header = CampaignHeader('night', 'bench', simulated=False, plan=[{'path': '1'}])\n"
        "log = store.begin_campaign(header)\n"
        "log.set_state(RunState.PAUSED, 'asks for a cell')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", script, str(path)], env=environment, check=False)
    with open_store(path) as again:
        (summary,) = again.campaigns()
        assert (summary.name, summary.state, summary.simulated) == ("night", RunState.INTERRUPTED, False)
        assert again.campaign(1).header.plan == ({"path": "1"},)
        assert again.check() == []
