import sqlite3
from datetime import timedelta

import pytest

from app.window.reading.feed import Feed, View
from app.window.reading.listing import Catalogue, Listing
from app.window.reading.store_thread import Trouble
from app.window.shown.footing import footer, path_of, size
from app.window.shown.placeholders import ACTIONS, placeholder
from app.window.shown.run_lines import run_lines
from core.clock import utc_now
from storage import open_store


def shown(url, run=None):
    """What a window shows that opens on a store."""
    feed, catalogue = Feed(url, run), Catalogue(url)
    try:
        feed.round()
        return placeholder(feed.view, catalogue.read())
    finally:
        feed.close()
        catalogue.close()


def test_an_empty_store_says_what_to_do_next(url, store):
    page = shown(url)
    assert page.title == "No run yet"
    assert "stripbench demo" in page.remedy
    assert page.actions[0] == "experiment"


def test_a_missing_store(url):
    page = shown(url)
    assert page.title == "There is no store"
    assert "a run makes the store" in page.remedy
    assert "Runs do not depend on this window" in page.works
    assert "looks again every second" in page.remedy


def test_a_run_number_that_does_not_exist_offers_those_that_do(url, store, finished_run, make_run):
    make_run()
    page = shown(url, 7)
    assert page.title == "There is no such run"
    assert "it has runs 1 and 2" in page.remedy.lower() or "1" in page.remedy
    assert [line.run for line in page.runs] == [2, 1]
    assert page.actions == ("newest", "runs")


def test_a_store_of_a_newer_schema(url, store_path, store):
    store.close()
    with sqlite3.connect(store_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    page = shown(url)
    assert page.title == "The store is newer than this window"
    assert "Update stripbench" in page.remedy
    assert "Nothing was changed" in page.works


def test_a_file_that_is_no_store(url, store_path):
    store_path.write_bytes(b"nothing that SQLite would know" * 100)
    assert shown(url).title == "This is not a store"


def test_a_damaged_store(url, store_path, store, finished_run):
    store.close()
    content = bytearray(store_path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    store_path.write_bytes(bytes(content))
    assert shown(url).title == "The store is damaged"


@pytest.mark.parametrize(
    ("problem", "title"),
    [
        (
            "s.sqlite has been locked by another program for 5 s (locked);",
            "The store is locked",
        ),
        ("the store /x/s.sqlite is not there any more;", "The store has gone"),
        ("s.sqlite lies on a network drive (nfs4), where …;", "The store lies on a network drive"),
        ("s.sqlite cannot be read or written, the disk reports an error (…);", "The disk reports an error"),
        ("something nobody has thought of;", "The store cannot be read"),
    ],
)
def test_other_troubles_have_a_title_each(problem, title):
    page = placeholder(View("store", None, Trouble(problem, "do this.", utc_now())))
    assert page.title == title
    assert page.happened == problem[:1].upper() + problem[1:].rstrip(";") + "."
    assert page.remedy.startswith("Do this.")


def test_a_store_that_goes_while_it_is_open(url, store, store_path):
    feed = Feed(url)
    feed.round()
    store_path.rename(store_path.with_suffix(".away"))
    feed.round()
    feed.close()
    assert placeholder(feed.view).title == "The store has gone"


def test_runs_that_are_all_in_the_bin_are_said_to_be(url, store, finished_run):
    store.annotate(1, "binned")
    page = shown(url)
    assert page.title == "All runs are in the bin"
    assert "runs" in page.actions


def test_every_action_has_words():
    assert all(ACTIONS[word] for word in ("newest", "experiment", "queue", "runs"))


def test_a_run_to_be_shown_needs_no_page(look, live_run):
    assert placeholder(View("store", look())) is None


def test_runs_are_found_by_any_words(url, store, finished_run, make_run):
    make_run(simulated=False)
    runs = open_store(url).overview()
    assert [line.run for line in run_lines(runs)] == [2, 1]
    assert [line.run for line in run_lines(runs, "finished llzo-07")] == [1]
    assert [line.run for line in run_lines(runs, "SIMULATED")] == [1]
    assert [line.run for line in run_lines(runs, "2")] == [2]
    assert run_lines(runs, "nothing of the kind") == ()
    line = run_lines(runs)[1]
    assert (line.text, line.right) == ("LLZO-07-LiMg-03", "run 1")
    assert line.below.startswith("finished · SIMULATED · 100 µA/cm²")


def test_the_footer_doubts_a_late_heartbeat(look, live_run):
    snapshot = look()
    beat = snapshot.summary.heartbeat_utc
    view = View("sqlite:///a/b.sqlite", snapshot, loading=False, written=beat)
    listing = Listing(disk_free=81e9)
    texts = [part.text for part in footer(view, listing, beat + timedelta(seconds=0.4))]
    assert texts == [
        "store ok",
        "last spectrum 0.0 s ago",
        "last commit 0.4 s ago",
        "heartbeat ok",
        "25 spectra",
        "bench 2, channel 1",
        "disk 81 GB free",
    ]
    late = {part.text: part.good for part in footer(view, listing, beat + timedelta(seconds=20))}
    assert late["heartbeat 20 s ago"] is False
    assert late["last commit 20 s ago"] is False
    assert path_of(view.store) == "a/b.sqlite"


def test_the_footer_doubts_a_store_that_cannot_be_read_and_a_disk_that_is_nearly_full(look, live_run):
    view = View("store", look(), Trouble("it is locked;", "wait.", utc_now()))
    parts = footer(view, Listing(disk_free=6.4e8), utc_now())
    assert (parts[0].text, parts[0].good) == ("store not readable", False)
    assert (parts[-1].text, parts[-1].good) == ("disk 640 MB free", False)


def test_a_number_that_no_run_has_is_no_fault_of_the_store():
    view = View("store", None, Trouble("s.sqlite has no run 9;", "it has runs 1–4.", utc_now()))
    assert footer(view, Listing(), utc_now())[0].text == "store ok"


@pytest.mark.parametrize(("count", "text"), [(81e9, "81 GB"), (2.34e9, "2.3 GB"), (6.4e8, "640 MB")])
def test_sizes(count, text):
    assert size(count) == text


def test_the_listing_knows_the_room_on_the_drive_and_the_feed_when_the_store_was_written(url, live_run):
    feed, catalogue = Feed(url), Catalogue(url)
    feed.round()
    assert catalogue.read().disk_free > 0
    assert abs((utc_now() - feed.view.written).total_seconds()) < 60
    feed.close()
    catalogue.close()
