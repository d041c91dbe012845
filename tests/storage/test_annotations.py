import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.clock import utc_now
from core.errors import BadInput, StoreError
from core.records import Event, RunState
from storage import CampaignHeader, open_store
from storage.annotations import KINDS


@pytest.fixture
def ended(journal):
    """The number of a run that has ended."""
    journal.finish(RunState.FINISHED, "cut-off", 100.0)
    return journal.run


def test_notes_are_kept_of_live_and_of_ended_runs_in_order(store, journal):
    before = utc_now()
    first = store.annotate(journal.run, "note", "  creaked\n", time=12, author="kim")
    journal.finish(RunState.FINISHED, "")
    second = store.annotate(journal.run, "note", "µ Ω ²")
    run = store.run(journal.run)
    creaked, later = run.annotations()
    assert (creaked.id, creaked.kind, creaked.text, creaked.time) == (first, "note", "creaked", 12.0)
    assert (creaked.about, creaked.author) == (None, "kim")
    assert before <= creaked.made_utc <= later.made_utc <= utc_now()
    assert (later.id, later.text, later.time, later.author) == (second, "µ Ω ²", None, "")
    assert run.annotations(after=first) == [later]


def test_annotations_belong_to_their_own_run(store, journal, header):
    other = store.begin_run(header)
    store.annotate(other.run, "note", "mine")
    other.close()
    assert store.run(journal.run).annotations() == []


def test_an_alarm_is_acknowledged_by_whoever_saw_it(store, journal):
    alarm = journal.event(Event("hot", "90 °C", 1.0, "alarm"))
    warning = journal.event(Event("slow", "the chamber lags", 2.0, "warning"))
    for event, author in ((alarm, "kim"), (alarm, "lee"), (warning, "kim")):
        store.annotate(journal.run, "acknowledged", about=event, author=author)
    said = [(each.kind, each.about, each.author) for each in store.run(journal.run).annotations()]
    assert said == [
        ("acknowledged", alarm, "kim"),
        ("acknowledged", alarm, "lee"),
        ("acknowledged", warning, "kim"),
    ]


def test_only_an_alarm_or_a_warning_of_the_run_is_acknowledged(store, journal, header):
    info = journal.event(Event("current on", "", 1.0))
    other = store.begin_run(header)
    foreign = other.event(Event("hot", "90 °C", 1.0, "alarm"))
    other.close()
    with pytest.raises(StoreError, match=r"event 1 of run 1 \(current on\) is of severity 'info'"):
        store.annotate(journal.run, "acknowledged", about=info)
    for number in (foreign, 99):
        with pytest.raises(StoreError, match=f"run 1 has no event {number}"):
            store.annotate(journal.run, "acknowledged", about=number)
    with pytest.raises(BadInput, match="not said which event"):
        store.annotate(journal.run, "acknowledged")
    assert store.run(journal.run).annotations() == []


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("mood", {"text": "fair"}, r"'mood' of a run; the words are note, acknowledged, binned, restored"),
        ("note", {"text": " \n"}, "note is empty"),
        ("note", {"text": "x", "time": float("nan")}, "nan is not a time"),
        ("note", {"text": "x", "time": -1.0}, "not a time"),
        ("binned", {"about": 1}, "leave the event out"),
    ],
)
def test_what_means_nothing_is_refused(store, ended, kind, given, words):
    with pytest.raises(BadInput, match=words):
        store.annotate(ended, kind, **given)
    assert store.run(ended).annotations() == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_can_be_said_of_a_run_there_is_not(store, ended, kind):
    with pytest.raises(StoreError, match="no run 9; it has runs 1"):
        store.annotate(9, kind, "x", about=1 if kind == "acknowledged" else None)


def test_the_bin_hides_a_run_and_gives_it_back_as_it_was(store, ended, header):
    store.begin_run(header).close()
    before = store.run(ended).summary()
    store.annotate(ended, "binned", "a trial", author="kim")
    assert [each.run for each in store.runs()] == [2]
    assert [each.run for each in store.runs(binned=True)] == [ended]
    assert [(each.run, each.binned) for each in store.runs(binned=None)] == [(1, True), (2, False)]
    assert store.run(ended).summary().binned
    assert store.run(ended).header.cell == header.cell
    assert [each.run for each in store.last_of_cell(header.cell.name)] == [2, 1]
    store.annotate(ended, "note", "found again")
    assert store.runs(binned=True)
    store.annotate(ended, "restored")
    assert store.run(ended).summary() == before
    assert (len(store.runs()), store.runs(binned=True)) == (2, [])
    store.annotate(ended, "binned")
    assert [each.kind for each in store.run(ended).annotations()] == ["binned", "note", "restored", "binned"]


def test_runs_of_a_campaign_are_all_listed_with_it(store, header):
    campaign = store.begin_campaign(CampaignHeader("fig4", "bench", simulated=True))
    journal = store.begin_run(replace(header, campaign=campaign.campaign, path="1"))
    journal.finish(RunState.FINISHED, "")
    store.annotate(journal.run, "binned")
    assert [each.binned for each in store.campaign(campaign.campaign).runs()] == [True]
    assert store.runs() == []
    journal.close()
    campaign.close()


def test_what_the_bin_does_not_take_or_give(store, journal):
    with pytest.raises(StoreError, match=r"run 1 of Li0.9Mg0.1 is running; a run that goes on cannot"):
        store.annotate(journal.run, "binned")
    journal.finish(RunState.FINISHED, "")
    with pytest.raises(StoreError, match="not in the bin"):
        store.annotate(journal.run, "restored")
    store.annotate(journal.run, "binned")
    with pytest.raises(StoreError, match="in the bin already"):
        store.annotate(journal.run, "binned")
    store.annotate(journal.run, "restored")
    with pytest.raises(StoreError, match="not in the bin"):
        store.annotate(journal.run, "restored")


def test_a_run_taken_for_dead_is_listed_again_once_it_is_heard_of(store, journal, path):
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE run SET heartbeat_utc = '2001-01-01 00:00:00.000000'")
    connection.close()
    store.annotate(journal.run, "binned")
    assert store.runs() == []
    journal.beat(1.0)
    assert [each.run for each in store.runs()] == [journal.run]
    assert [each.run for each in store.runs(binned=True)] == [journal.run]


def test_of_two_who_bin_a_run_at_once_one_is_told(store, ended, path):
    def put(_: int) -> str:
        with open_store(path) as mine:
            try:
                mine.annotate(ended, "binned")
            except StoreError as error:
                return error.problem
        return ""

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(put, range(4)))
    assert told[0] == ""
    assert all("in the bin already" in each for each in told[1:])
    assert [each.kind for each in store.run(ended).annotations()] == ["binned"]


def test_notes_of_several_people_at_once_are_all_kept(store, journal, path):
    def write(author: str) -> None:
        with open_store(path) as mine:
            for number in range(15):
                mine.annotate(journal.run, "note", str(number), author=author)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, ("kim", "lee")))
    said = store.run(journal.run).annotations()
    for author in ("kim", "lee"):
        assert [each.text for each in said if each.author == author] == [str(n) for n in range(15)]
