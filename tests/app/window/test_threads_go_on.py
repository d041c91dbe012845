"""What the window does behind its own back goes on after a defect, and says what went wrong."""

import errno
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from app.window.reading import listing as listing_module
from app.window.reading.drafts import Drafts
from app.window.reading.feed import Feed
from app.window.reading.listing import Catalogue
from app.window.reading.run_data import RunData
from app.window.reading.works import Works
from core.errors import BadInput, StripbenchError
from core.records import RunState

ECHO = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"id": asked["id"], "answer": asked["do"]}), flush=True)
"""


def until(so):
    for _ in range(1500):
        if so():
            return True
        threading.Event().wait(0.02)
    return False


def test_a_picture_that_cannot_be_made_is_told_and_the_next_one_is_shown(url, live_run, monkeypatch):
    feed = Feed(url)
    feed.read_all()
    whole = RunData.snapshot

    def broken(_data):
        raise ZeroDivisionError("a picture")

    monkeypatch.setattr(RunData, "snapshot", broken)
    feed.start()
    assert until(lambda: feed.view.trouble is not None)
    assert "ZeroDivisionError" in feed.view.trouble.problem
    monkeypatch.setattr(RunData, "snapshot", whole)
    assert until(lambda: feed.view.trouble is None)
    feed.close()


def test_a_window_that_closes_does_not_wait_for_the_rest_of_a_long_run(url, live_run):
    feed = Feed(url)
    steps, read = RunData.steps, []

    def counted(data):
        for changed in steps(data):
            read.append(changed)
            feed._done = True
            yield changed

    RunData.steps = counted
    try:
        feed.round()
    finally:
        RunData.steps = steps
    assert len(read) == 1


def test_a_newer_run_is_found_and_one_in_the_bin_is_not_offered(url, store, live_run, make_run):
    feed = Feed(url, 1)
    second, third = make_run(), make_run()
    third.journal.finish(RunState.FINISHED, "done", 1.0)
    store.annotate(3, "binned")
    feed.round()
    assert feed.view.newer.run == 2
    assert [each.run for each in store.runs(after=1)] == [2]
    assert second.journal.run == 2


def test_somebody_who_cannot_be_answered_does_not_stop_the_listing(url, live_run):
    catalogue = Catalogue(url)
    catalogue.start()

    def gone(_result):
        raise RuntimeError("wrapped C/C++ object has been deleted")

    answered = []
    catalogue.do(lambda store: len(store.runs()), gone)
    catalogue.do(lambda store: len(store.runs()), answered.append)
    assert until(lambda: answered == [1])
    catalogue.close()


def test_a_listing_that_takes_long_is_not_read_all_the_time(url, live_run, monkeypatch):
    catalogue, waited = Catalogue(url), []

    class Wake:
        def set(self):
            """Nobody hears it."""

        def clear(self):
            """Nothing was heard."""

        def wait(self, seconds):
            waited.append(seconds)
            catalogue._done = True

    moments = iter([0.0, 1.3])
    monkeypatch.setattr(listing_module, "wall_time", lambda: next(moments))
    catalogue._wake = Wake()
    catalogue._follow()
    assert waited == [pytest.approx(13.0)]


def test_the_listing_asks_the_store_for_its_runs_once_a_look(url, store, live_run, finished_run, monkeypatch):
    catalogue, asked = Catalogue(url), []
    store.annotate(finished_run.journal.run, "binned")
    whole = type(store).overview

    def overview(self, binned=False):
        asked.append(binned)
        return whole(self, binned)

    monkeypatch.setattr(type(store), "overview", overview)
    listing = catalogue.read()
    assert asked == [None]
    assert [each.summary.run for each in listing.runs] == [live_run.journal.run]
    assert [each.summary.run for each in listing.binned] == [finished_run.journal.run]
    catalogue.close()


def test_a_job_that_cannot_begin_for_want_of_room_fails_and_the_next_one_is_done(url, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    works = Works(url)
    works.refit(1)
    works.refit(2)
    assert until(lambda: [job.state for job in works.jobs] == ["failed", "failed"])
    assert "No space left" in works.jobs[0].problem
    works.close()


def test_a_defect_in_starting_a_job_is_told(url):
    def broken(_arguments, _store):
        raise ZeroDivisionError("nothing")

    works = Works(url, broken)
    works.replay(1)
    assert until(lambda: works.jobs[0].over)
    assert "ZeroDivisionError" in works.jobs[0].problem
    works.close()


def test_a_question_that_cannot_be_put_or_handed_over_does_not_silence_the_next_one():
    drafts, answers = Drafts((sys.executable, "-c", ECHO)), []

    def gone(_answer):
        raise RuntimeError("wrapped C/C++ object has been deleted")

    drafts.ask("first", gone)
    drafts.ask("second", answers.append, what=object())
    drafts.ask("third", answers.append)
    assert until(lambda: len(answers) == 2)
    assert isinstance(answers[0], StripbenchError)
    assert answers[1] == "third"
    drafts.close()


def test_a_note_that_no_window_could_show_is_refused(store, live_run):
    long = "a" * 20_001
    with pytest.raises(BadInput, match="20001 characters"):
        store.tell(1, "note", long)
    with pytest.raises(BadInput, match="20001 characters"):
        store.annotate(1, "note", long)
    store.tell(1, "note", long[:-1])


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_device_is_not_read_for_a_photo():
    from app.window.drawn.cell_work import read_photo

    with pytest.raises(BadInput, match="is no file"):
        read_photo(Path("/dev/zero"))
