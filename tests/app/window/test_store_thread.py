import threading

import pytest

from app.window.reading import store_thread
from app.window.reading.feed import Feed
from app.window.reading.listing import Catalogue
from app.window.reading.overlay import Overlay
from app.window.reading.store_thread import Trouble, explained
from core.clock import utc_now
from core.errors import StoreError


@pytest.fixture(params=[Feed, Catalogue, Overlay], ids=lambda kind: kind.__name__)
def reader(request, url, finished_run):
    """One of the threads that read for the window, not begun yet."""
    reader = request.param(url)
    if isinstance(reader, Overlay):
        reader.compare((1,))
    return reader


def look(reader):
    """Read once, and return what is amiss."""
    if isinstance(reader, Catalogue):
        return reader.read().trouble
    reader.round()
    return reader.view.trouble


def test_each_says_that_the_file_is_gone_since_when_and_goes_on_when_it_is_back(reader, store_path):
    assert look(reader) is None
    away = store_path.with_suffix(".away")
    store_path.rename(away)
    if isinstance(reader, Overlay):
        # What was read of a run that has ended is kept; another one is asked for.
        reader.compare((1, 2))
    found = look(reader)
    assert "is not there any more" in found.problem
    assert look(reader).since == found.since
    away.rename(store_path)
    assert look(reader) is None
    reader.close()


def test_closing_does_not_wait_for_a_read_that_hangs(reader, monkeypatch, caplog):
    entered, held = threading.Event(), threading.Event()

    def hang():
        entered.set()
        held.wait(30)
        raise StoreError("the share is gone")

    monkeypatch.setattr(store_thread, "PATIENCE", 0.05)
    monkeypatch.setattr(reader, "_open", hang)
    reader.start()
    assert entered.wait(10)
    reader.close()
    assert reader._thread.is_alive()
    assert "left to itself" in caplog.text
    held.set()
    reader._thread.join(10)
    assert not reader._thread.is_alive()


def test_a_defect_is_logged_and_told_like_any_trouble(caplog):
    told = []
    with explained(None, told.append):
        raise KeyError("R_int")
    assert "internal error while reading, KeyError: 'R_int'" in told[0].problem
    assert "runs are not affected" in told[0].remedy
    assert "reading the store failed" in caplog.text


def test_another_trouble_keeps_the_time_since_which_nothing_is_read():
    before = Trouble("locked", "wait.", utc_now())
    told = []
    with explained(before, told.append):
        raise StoreError("gone;", "bring it back.")
    assert (told[0].problem, told[0].since) == ("gone;", before.since)
    with explained(before, told.append):
        pass
    assert len(told) == 1
