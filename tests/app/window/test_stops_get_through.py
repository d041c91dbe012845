"""A stop reaches the run that was meant, as soon as there is a way, and whoever pressed it is told."""

import sqlite3
import threading
from datetime import timedelta

import pytest

from app.window.qt import QtCore
from app.window.reading import commands
from app.window.reading.commands import ABORT, STOP, Commander, Told, why_not
from app.window.shown.answers import answer, foremost
from core.clock import utc_now
from core.errors import StoreError
from core.records import RunState
from storage import sqlite

PATIENCE = 20_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""
LEFT = QtCore.Qt.MouseButton.LeftButton


@pytest.fixture
def impatient(monkeypatch):
    """SQLite gives up on a lock soon, so that a test need not wait for it."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 0.1)


@pytest.fixture
def locked(store_path):
    """Keep the store locked for all who write, as another program may."""
    other = sqlite3.connect(store_path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    yield other
    if other.in_transaction:
        other.rollback()
    other.close()


def fall_silent(store_path, run=1):
    """Let the run's last word be a minute old; its process, which is this one, is still there."""
    with sqlite3.connect(store_path) as connection:
        connection.execute(
            "UPDATE run SET heartbeat_utc = ? WHERE id = ?", (stored(utc_now() - timedelta(minutes=1)), run)
        )


def stored(when):
    return when.strftime("%Y-%m-%d %H:%M:%S.%f")


def until(so):
    for _ in range(1000):
        if so():
            return True
        threading.Event().wait(0.02)
    return False


def test_an_emergency_stop_goes_out_when_a_lock_that_outlasts_sqlite_is_gone(
    url, store, live_run, impatient, locked
):
    commander = Commander(url)
    told = commander.tell(1, "abort")
    assert until(lambda: told.hindrance)
    assert "locked by another program" in told.line
    assert "NOT SENT YET" in answer(told).text
    assert answer(told).good is False
    assert not told.done
    locked.rollback()
    assert until(lambda: told.kept)
    assert [each.verb for each in store.run(1).commands()] == ["abort"]
    commander.close()


def test_an_answer_to_a_request_is_not_kept_for_a_later_one(url, live_run, impatient, locked):
    commander = Commander(url)
    told = commander.tell(1, "acknowledge")
    assert until(lambda: told.failure)
    assert "not sent" in told.line
    commander.close()


def test_a_window_that_closes_gives_up_on_a_locked_store_and_says_so(
    url, live_run, impatient, locked, monkeypatch, caplog
):
    monkeypatch.setattr(commands, "CLOSING", 0.3)
    commander = Commander(url)
    told = commander.tell(1, "stop")
    commander.close()
    assert "locked" in told.failure
    assert "stop was not sent to run 1" in caplog.text


def test_a_defect_on_the_way_to_the_store_is_told_and_not_waited_for(url, live_run, monkeypatch):
    def broken(*_arguments):
        raise ZeroDivisionError("nothing")

    monkeypatch.setattr(commands, "open_store", broken)
    commander = Commander(url)
    told = commander.tell(1, "abort")
    assert until(lambda: told.failure)
    assert "ZeroDivisionError" in answer(told).text
    commander.close()


def test_a_run_that_is_only_silent_can_be_told_to_end_and_nothing_else(store, store_path, live_run):
    fall_silent(store_path)
    summary = store.run(1).summary()
    assert (summary.state, summary.silent) == (RunState.INTERRUPTED, True)
    assert not why_not(summary, ABORT.word)
    assert not why_not(summary, STOP.word)
    assert why_not(summary, "pause")
    with pytest.raises(StoreError, match="nothing was heard"):
        store.tell(1, "pause")
    store.tell(1, "abort")
    assert [each.verb for each in live_run.journal.take_commands()] == ["abort"]


def test_a_run_whose_process_has_gone_cannot_be_told_to_end(store, store_path, live_run):
    fall_silent(store_path)
    with sqlite3.connect(store_path) as connection:
        connection.execute("UPDATE run SET boot = 'another'")
    summary = store.run(1).summary()
    assert not summary.silent
    assert why_not(summary, ABORT.word)
    with pytest.raises(StoreError, match="is gone"):
        store.tell(1, "abort")


def test_the_emergency_stop_stays_in_reach_while_nothing_is_heard_of_the_run(
    qtbot, open_window, url, store, store_path, live_run
):
    fall_silent(store_path)
    window = open_window(url)
    title = window.header.title
    qtbot.waitUntil(title.abort.isEnabled, timeout=PATIENCE)
    assert not title.pause.isEnabled()
    qtbot.mouseClick(title.abort, LEFT)
    qtbot.waitUntil(lambda: bool(store.run(1).commands()), timeout=PATIENCE)
    (told,) = window.desk.told
    assert not told.failure


def test_a_stop_goes_to_the_run_that_is_drawn_though_another_one_has_been_read(
    qtbot, open_window, url, store, make_run
):
    for _ in range(2):
        run = make_run()
        run.rest()
        run.strip(2, every=600.0)
    window = open_window(url, 1)
    qtbot.waitUntil(window.header.title.stop.isEnabled, timeout=PATIENCE)
    # The next look of the window does not come before the click does.
    window._timer.stop()
    window.desk.watch(2)
    qtbot.waitUntil(lambda: window.desk.run == 2, timeout=PATIENCE)
    assert "run 1" in window.header.title.details.toolTip() + window.header.title.details.text()
    qtbot.mouseClick(window.header.title.stop, LEFT)
    assert [told.run for told in window.desk.told] == [1]
    qtbot.waitUntil(lambda: bool(store.run(1).commands()), timeout=PATIENCE)
    assert store.run(2).commands() == []


def test_two_quick_clicks_are_one_command(qtbot, open_window, url, store, live_run):
    window = open_window(url)
    title = window.header.title
    qtbot.waitUntil(title.pause.isEnabled, timeout=PATIENCE)
    for button in (title.pause, title.stop, title.abort):
        qtbot.mouseClick(button, LEFT)
        qtbot.mouseDClick(button, LEFT)
    assert [told.verb for told in window.desk.told] == ["pause", "stop", "abort"]


def test_the_answer_to_a_stop_is_not_hidden_by_what_is_told_after_it():
    stop, note = Told(1, "stop"), Told(1, "note", outcome="note: kept")
    assert foremost([stop, note]) is stop
    stop.failure = "the store is locked"
    assert foremost([stop, note]) is stop
    stop.failure, stop.outcome = "", "stop: current off"
    assert foremost([stop, note]) is note
    assert foremost([]) is None


def test_words_of_a_page_do_not_hide_a_stop_on_its_way(qtbot, open_window, url, live_run, impatient, locked):
    window = open_window(url)
    qtbot.waitUntil(window.header.title.abort.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(window.header.title.abort, LEFT)
    window.desk.said.emit("Saved a picture.")
    qtbot.waitUntil(lambda: "NOT SENT YET" in window.header.answer.text(), timeout=PATIENCE)
    locked.rollback()
    qtbot.waitUntil(lambda: window.desk.told[0].kept, timeout=PATIENCE)
