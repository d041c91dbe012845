"""The bin, notes after the end, and annotations, at the command line."""

import json

import pytest

from app.runner.campaign import spent
from core.cell import Cell
from core.records import Ended, Event, RunState
from storage import RunHeader, open_store


@pytest.fixture
def kept(store_url):
    """A store with two runs that have ended and one that goes on."""
    cell = Cell(name="Li [4]", anode="Li", electrode_diameter="6 mm")
    header = RunHeader("GeisStripping", {}, cell, "bench 2", simulated=True)
    store = open_store(store_url, create=True)
    journals = [store.begin_run(header) for _ in range(3)]
    for journal in journals[:2]:
        journal.event(Event("hot", "the chamber is at 90 °C", 1800.0, "alarm"))
        journal.finish(RunState.FINISHED, "stripped", 7200.0, Ended.CUT_OFF)
    yield store
    for each in (*journals, store):
        each.close()


def numbers(cli, store_url, *more):
    _, out, _ = cli("runs", "--json", "-", "--store", store_url, *more)
    return [(each["run"], each["binned"]) for each in json.loads(out)["runs"]]


def test_runs_are_put_in_the_bin_and_taken_out(kept, cli, store_url):
    status, out, _ = cli("bin", 2, 1, 2, "--reason", "trials", "--store", store_url)
    assert status == 0
    assert "run 2 of Li [4]: binned\nrun 1 of Li [4]: binned\n" in out
    assert "Nothing was deleted" in out
    assert numbers(cli, store_url) == [(3, False)]
    assert numbers(cli, store_url, "--binned") == [(1, True), (2, True)]
    assert "in the bin" in cli("show", 1, "--store", store_url)[1]
    assert cli("restore", 1, "--store", store_url)[:2] == (0, "run 1 of Li [4]: restored\n")
    assert numbers(cli, store_url) == [(1, False), (3, False)]
    assert "in the bin" not in cli("show", 1, "--store", store_url)[1]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["bin", 1, 3], "run 3 of Li [4] is running; a run that goes on cannot be put in the bin"),
        (["bin", 1, 9], "no run 9; it has runs 1–3"),
        (["restore", 1], "run 1 of Li [4] is not in the bin"),
    ],
)
def test_all_or_none_of_the_runs_are_moved(kept, cli, store_url, words, complaint):
    status, _, err = cli(*words, "--store", store_url)
    assert status == 2
    assert complaint in " ".join(err.split())
    assert [each.binned for each in kept.runs(None)] == [False] * 3


def test_an_electrode_whose_run_is_in_the_bin_stays_spent(kept):
    kept.annotate(1, "binned")
    kept.annotate(2, "binned")
    assert kept.run(2).summary().ended == "cut-off"
    assert spent(kept, "Li [4]") is Ended.CUT_OFF


def test_an_empty_listing_says_where_the_runs_are(kept, cli, store_url, tmp_path):
    assert cli("runs", "--binned", "--store", store_url)[1] == "No run is in the bin.\n"
    other = tmp_path / "other.sqlite"
    with open_store(other, create=True) as store:
        header = kept.run(1).header
        journal = store.begin_run(header)
        journal.finish(RunState.FINISHED, "")
        journal.close()
        store.annotate(1, "binned")
    assert "All runs are in the bin. List them: stripbench runs --binned" in cli("runs", "--store", other)[1]


def test_a_note_on_a_run_that_has_ended_is_kept_with_it(kept, cli, store_url):
    status, out, _ = cli("tell", 1, "note", "cracked", "in", "the [press]", "--store", store_url)
    assert (status, out) == (0, "note: kept with run 1, which is finished\n")
    (note,) = kept.run(1).annotations()
    assert (note.kind, note.text, note.time) == ("note", "cracked in the [press]", None)
    assert note.author
    assert kept.run(1).commands() == []
    status, _, err = cli("tell", 1, "pause", "--store", store_url)
    assert status == 2
    assert "run 1 of Li [4] is finished" in " ".join(err.split())


def test_a_note_to_a_run_that_goes_on_reaches_the_run(kept, cli, store_url, monkeypatch):
    monkeypatch.setattr("app.cli.tell.ANSWER_WITHIN", 0.0)
    assert cli("tell", 3, "note", "creaked", "--store", store_url)[0] == 4
    assert [(each.verb, each.argument) for each in kept.run(3).commands()] == [("note", "creaked")]
    assert kept.run(3).annotations() == []


def test_show_says_what_people_said_of_a_run(kept, cli, store_url):
    (alarm,) = kept.run(1).events()
    kept.annotate(1, "acknowledged", "door was open", about=alarm.id, author="kim")
    kept.annotate(1, "note", "creaked [loudly]", time=1800.0)
    kept.annotate(1, "binned")
    out = cli("show", 1, "--store", store_url)[1]
    lines = [line.strip() for line in out.splitlines() if " UTC" in line]
    said = "–  acknowledged: hot: the chamber is at 90 °C; door was open (20"
    assert lines[0].startswith(said)
    assert lines[0].endswith(" UTC by kim)")
    assert lines[1].startswith("0.500 h  note: creaked [loudly] (20")
    assert lines[2].startswith("–  binned (20")
    found = json.loads(cli("show", 1, "--store", store_url, "--json", "-")[1])
    assert found["binned"] is True
    assert [(each["kind"], each["about_event"], each["time_s"]) for each in found["annotations"]] == [
        ("acknowledged", alarm.id, None),
        ("note", None, 1800.0),
        ("binned", None, None),
    ]
    assert found["annotations"][0]["author"] == "kim"
