"""Work in the background: progress, an outcome, a problem in words, and an end when it is cancelled."""

import tempfile
import time
from pathlib import Path

import pytest

from app.launching import Rehearsal, Work
from app.launching.child import Child
from app.runner.benches import SIMULATED_BENCH
from app.runner.job import make_job
from app.runner.runner import run_job
from core.cell import Cell
from core.clock import VirtualClock
from core.records import RunState
from storage import RunHeader, open_store


@pytest.fixture
def started():
    """Close whatever a test has started."""
    children = []

    def keep(child):
        children.append(child)
        return child

    yield keep
    for child in children:
        child.close()


def over(child, until):
    return until(lambda: (found := child.poll()).over and found)


def test_a_rehearsal_ends_with_a_forecast(rest, started, until):
    rehearsal = started(Rehearsal(rest))
    assert rehearsal.poll().state == "working"
    found = over(rehearsal, until)
    assert found.state == "done", found.problem
    assert found.outcome["steps"][0]["protocol"] == "OcvRest"
    assert found.outcome["hours"] > 0
    assert any("OcvRest: finished" in line for line in found.lines)
    assert rehearsal.poll() is found


def test_a_campaign_file_is_rehearsed_where_it_lies(campaign, started, until, tmp_path):
    file = tmp_path / "night.toml"
    file.write_text(campaign, encoding="utf-8")
    found = over(started(Rehearsal(file)), until)
    assert [step["path"] for step in found.outcome["steps"]] == ["1.OcvRest", "2.OcvRest"]


def test_a_rehearsal_that_is_refused_says_why(rest, started, until):
    found = over(started(Rehearsal(rest.replace("OcvRest", "OcvRst"))), until)
    assert found.state == "failed"
    assert "did you mean" in found.problem
    assert not found.problem.startswith("error")


def test_a_cancelled_rehearsal_ends_and_leaves_nothing(stripping, started, until):
    before = set(Path(tempfile.gettempdir()).glob("stripbench-*"))
    rehearsal = started(Rehearsal(stripping, full=True))
    (own,) = set(Path(tempfile.gettempdir()).glob("stripbench-work-*")) - before
    until(lambda: any(own.glob("stripbench-rehearsal-*")))
    rehearsal.cancel()
    rehearsal.cancel()
    found = over(rehearsal, until)
    assert found.state == "cancelled"
    assert not own.exists()


def test_what_does_not_heed_being_cancelled_is_ended(stripping, started, until, monkeypatch):
    monkeypatch.setattr("app.launching.child.PATIENCE", 0.0)
    rehearsal = started(Rehearsal(stripping, full=True))
    monkeypatch.setattr(Child, "_signal", _only_hard(Child._signal))
    rehearsal.cancel()
    assert over(rehearsal, until).state == "cancelled"


def _only_hard(signal):
    def send(self, *, hard):
        if hard:
            signal(self, hard=True)

    return send


def test_closing_ends_it_at_once(stripping):
    rehearsal = Rehearsal(stripping, full=True)
    began = time.monotonic()
    rehearsal.close()
    print(f"closed after {time.monotonic() - began:.2f} s")
    assert rehearsal.poll().state == "cancelled"
    rehearsal.close()


@pytest.fixture
def spectra(tmp_path, store_url):
    """A store with a run of a few spectra."""
    text = (
        'protocol = "HighResolutionPeis"\n[cell]\nname = "a"\nanode = "Li"\nelectrode_diameter = "6 mm"\n'
        "[parameters]\nrepeats = 2\npoints_per_decade = 5\naverages = 1\n"
    )
    with open_store(store_url, create=True) as store:
        run_job(store, make_job(text, "e.toml", SIMULATED_BENCH, "b.toml"), VirtualClock())
    return store_url


def test_refit_and_replay_have_outcomes(spectra, started, until):
    refit = over(started(Work.refit(1, spectra, "--no-smooth")), until)
    assert refit.state == "done", refit.problem
    assert refit.outcome["runs"][0]["version"] == 2
    replay = over(started(Work.replay(1, spectra)), until)
    assert replay.outcome["differences"] == 0


def test_a_run_without_spectra_cannot_be_refitted_and_the_reason_is_told(store_url, started, until):
    with open_store(store_url, create=True) as store:
        cell = Cell(name="a", anode="Li", electrode_diameter="6 mm")
        journal = store.begin_run(RunHeader("OcvRest", {}, cell, "b", True))
        journal.finish(RunState.FINISHED, "", 1.0)
        journal.close()
    found = over(started(Work.refit(1, store_url)), until)
    assert (found.state, found.outcome) == ("failed", None)
    assert "run 1 has no spectra" in found.problem
