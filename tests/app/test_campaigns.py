import json
import math
import threading
from dataclasses import replace

import pytest

from app.cli import tell as telling
from core.cell import Cell
from core.records import Ended, RunState
from storage import VERBS, CampaignHeader, RunHeader, open_store


@pytest.fixture
def wide(monkeypatch):
    """Set the width of the terminal, in characters."""
    from app.cli.output import out

    return lambda width: monkeypatch.setattr(out, "width", width)


@pytest.fixture
def kept(store_url):
    """A store with a run of its own and a campaign of two steps, the second of which asks."""
    cell = Cell(name="Li [4]", anode="Li", electrode_diameter="6 mm")
    header = RunHeader("GeisStripping", {}, cell, "bench 2", simulated=True)
    store = open_store(store_url, create=True)
    single = store.begin_run(header)
    single.finish(RunState.FINISHED, "stripped for 3 h", 10.0)
    campaign = store.begin_campaign(
        CampaignHeader("fig4", "bench 2", True, "Relaxation [Fig. 4]", plan=[{"path": "1.strip"}] * 3)
    )
    first = store.begin_run(replace(header, campaign=1, path="1.night/2/strip"))
    number = first.request("tighten until 405.8 ± 10 N", 3600.0, ("acknowledge", "skip"))
    first.answer_request(number, "holds", "", 3635.0)
    number = first.request("look", 3700.0)
    first.answer_request(number, "acknowledged", "kim")
    first.request("look again", 3800.0)
    first.finish(RunState.FINISHED, "the interface is empty", 4000.0, Ended.DEPLETED)
    second = store.begin_run(replace(header, campaign=1, path="1.night/2/relax", bench_origin=5400.0))
    details = {"kind": "mount", "timeout": math.inf}
    second.request("mount Li [5]", 0.0, ("acknowledge", "skip"), details)
    yield store
    for each in (single, first, second, campaign, store):
        each.close()


def test_listing_marks_the_runs_of_a_campaign(kept, cli, store_url, wide):
    wide(120)
    status, out, _ = cli("runs", "--store", store_url)
    heading, single, first, second = out.splitlines()
    assert status == 0
    assert heading.split()[:4] == ["run", "cell", "protocol", "step"]
    assert "1:…" not in single.split("running")[0]
    assert "1:…night/2/strip" in first
    assert "depleted; the in" in first
    assert "1:…night/2/relax" in second
    assert "Li [4]" in second


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_listing_keeps_a_line_a_run_at_any_width(kept, cli, store_url, wide, width):
    wide(width)
    lines = cli("runs", "--store", store_url)[1].splitlines()
    assert len(lines) == 4
    assert all(len(line.rstrip()) <= width for line in lines)
    assert all("SIMULATED" in line for line in lines[1:])
    assert "night/2/strip" in lines[2]


def test_listing_of_one_campaign(kept, cli, store_url):
    _, out, _ = cli("runs", "--campaign", 1, "--store", store_url, "--json", "-")
    runs = json.loads(out)["runs"]
    assert [(each["run"], each["campaign"], each["path"]) for each in runs] == [
        (2, 1, "1.night/2/strip"),
        (3, 1, "1.night/2/relax"),
    ]
    assert [(each["ended"], each["begins_s"]) for each in runs] == [("depleted", 0.0), ("", 5400.0)]
    _, out, _ = cli("runs", "--store", store_url, "--json", "-")
    assert [each["campaign"] for each in json.loads(out)["runs"]] == [None, 1, 1]
    status, _, err = cli("runs", "--campaign", 4, "--store", store_url)
    assert status == 2
    assert "no campaign 4; it has campaigns 1" in " ".join(err.split())


def test_campaigns_are_listed(kept, cli, store_url, tmp_path):
    _, out, _ = cli("campaigns", "--store", store_url)
    heading, line = out.splitlines()
    assert heading.split()[:2] == ["no.", "name"]
    assert line.split()[:4] == ["1", "fig4", "running", "SIMULATED"]
    _, out, _ = cli("campaigns", "--store", store_url, "--json", "-")
    (entry,) = json.loads(out)["campaigns"]
    assert (entry["name"], entry["state"], entry["runs"], entry["runs_ended"]) == ("fig4", "running", 2, 1)
    assert (entry["simulated"], entry["ended_utc"]) == (True, None)
    empty = tmp_path / "empty.sqlite"
    open_store(empty, create=True).close()
    assert "No campaign yet" in cli("campaigns", "--store", empty)[1]


def test_a_campaign_shows_its_runs_and_what_it_asks(kept, cli, store_url):
    _, out, _ = cli("campaign", 1, "--store", store_url)
    assert "campaign 1 · fig4 · running  SIMULATED" in out
    assert "Relaxation [Fig. 4]" in out
    assert "2 runs begun of 3 steps planned, 1 ended" in out
    assert "run 3 asks: mount Li [5] – waits for an answer: stripbench tell 3 acknowledge|skip" in out
    assert "look again" not in out
    _, out, _ = cli("campaign", 1, "--store", store_url, "--json", "-")
    found = json.loads(out)
    assert [each["ended"] for each in found["runs"]] == ["depleted", ""]
    assert found["plan"] == [{"path": "1.strip"}] * 3
    (asked,) = found["asked"]
    assert (asked["run"], asked["question"]) == (3, "mount Li [5]")
    assert asked["details"] == {"kind": "mount", "timeout": None}
    assert cli("campaign", 2, "--store", store_url)[0] == 2


def test_show_says_what_was_asked_and_what_became_of_it(kept, cli, store_url):
    _, out, _ = cli("show", 2, "--store", store_url)
    assert "step 1.night/2/strip of campaign 1, 0.000 h after its start" in out
    assert "ended: depleted; the interface is empty" in out
    lines = [line.strip() for line in out.splitlines() if " request " in line]
    assert lines[0] == "1.000 h  request  tighten until 405.8 ± 10 N – holds after 35 s"
    assert lines[1].startswith("1.028 h  request  look – acknowledged by kim on 20")
    assert lines[2] == "1.056 h  request  look again – never answered, the run has ended"
    _, out, _ = cli("show", 3, "--store", store_url)
    assert "waits for an answer: stripbench tell 3 acknowledge|skip" in out
    _, out, _ = cli("show", 2, "--store", store_url, "--json", "-")
    found = json.loads(out)
    assert (found["campaign"], found["path"], found["ended"]) == (1, "1.night/2/strip", "depleted")
    assert [(each["answer"], each["author"], each["answered_s"]) for each in found["requests"]] == [
        ("holds", "", 3635.0),
        ("acknowledged", "kim", None),
        (None, None, None),
    ]
    assert [each["awaited"] for each in found["requests"]] == [False] * 3
    _, out, _ = cli("show", 1, "--store", store_url)
    assert "campaign" not in out


@pytest.fixture
def answering(kept):
    """A run that answers whatever it is told; gives its number and what it was told."""
    cell = Cell(name="Li", anode="Li", electrode_diameter="6 mm")
    journal = kept.begin_run(RunHeader("GeisStripping", {}, cell, "bench 2", simulated=True))
    done, told = threading.Event(), []

    def answer():
        while not done.wait(0.01):
            for command in journal.take_commands():
                told.append((command.verb, command.argument))
                journal.answer_command(command.id, f"heard {command.verb}")

    thread = threading.Thread(target=answer)
    thread.start()
    yield journal.run, told
    done.set()
    thread.join()
    journal.close()


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        (["acknowledge"], ""),
        (["skip"], ""),
        (["enter", "405 N"], "405 N"),
        (["enter", "7.5", "MPa"], "7.5 MPa"),
        (["override", "soft", "short"], "soft short"),
    ],
)
def test_tell_reaches_the_run_and_says_what_it_means(answering, cli, store_url, words, argument):
    run, told = answering
    status, out, err = cli("tell", run, *words, "--store", store_url)
    assert (status, out) == (0, f"heard {words[0]}\n")
    assert told == [(words[0], argument)]
    assert telling.MEANINGS[words[0]] in " ".join(err.split())


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["enter"], "neither a force nor a pressure"),
        (["enter", "405"], "neither a force nor a pressure"),
        (["enter", "405,8 N"], "decimal point"),
        (["override"], "name of a rule"),
        (["note"], "note is empty"),
        (["skip", "this"], "skip takes no text, but got 'this'"),
        (["acknowledge", "405 N"], "acknowledge takes no text"),
        (["halt"], "cannot be told 'halt'"),
    ],
)
def test_tell_refuses_what_means_nothing(kept, cli, store_url, words, complaint):
    status, _, err = cli("tell", 3, *words, "--store", store_url)
    assert status == 2
    assert complaint in " ".join(err.split())
    assert kept.run(3).commands() == []


def test_every_word_is_explained():
    assert tuple(telling.MEANINGS) == VERBS
