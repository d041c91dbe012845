"""The window's own thread draws; it neither reads nor writes the store, whatever the operator does."""

import builtins
import sqlite3
import threading
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.window.desk import Desk
from app.window.pages.places import PLACES
from app.window.window import Window


@pytest.fixture
def window(qtbot, url, live_run):
    window = Window(Desk(url))
    qtbot.addWidget(window)
    window.start()
    window.show()
    qtbot.waitUntil(lambda: window.desk.feed.view.snapshot is not None and window.desk.catalogue.listing.read)
    return window


@contextmanager
def guarded(monkeypatch):
    """Note every statement, and every file that is opened, in the thread that draws."""
    seen, drawing = [], threading.get_ident()

    def statement(connection, cursor, text, *rest):
        if threading.get_ident() == drawing:
            seen.append(text)

    def connect(*given, plain=sqlite3.connect, **options):
        if threading.get_ident() == drawing:
            seen.append(f"connect {given}")
        return plain(*given, **options)

    sa.event.listen(sa.Engine, "before_cursor_execute", statement)
    monkeypatch.setattr(sqlite3, "connect", connect)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", statement)


def test_the_guard_sees_a_statement_of_the_drawing_thread(store, live_run, monkeypatch):
    with guarded(monkeypatch) as seen:
        store.runs()
    assert seen


def test_looking_at_every_page_reads_nothing_in_the_drawing_thread(qtbot, window, live_run, monkeypatch):
    with guarded(monkeypatch) as seen:
        for place in PLACES:
            window.go(place.name)
            qtbot.wait(450)
    assert not seen


def test_the_cursor_and_the_buttons_read_and_write_nothing_there_either(qtbot, window, url, monkeypatch):
    window.go("live")
    title = window.header.title
    qtbot.waitUntil(title.pause.isEnabled)
    with guarded(monkeypatch) as seen:
        window.desk.point(2.0 * 3600)
        qtbot.waitUntil(lambda: window.desk.feed.view.snapshot.selected is not None)
        for button in (title.pause, title.stop, title.abort):
            button.click()
        qtbot.waitUntil(lambda: all(told.kept for told in window.desk.told))
        window.desk.point(None)
        qtbot.waitUntil(lambda: window.desk.feed.view.snapshot.selected is None)
    assert not seen
    assert [told.verb for told in window.desk.told] == ["pause", "stop", "abort"]


def test_a_store_that_answers_slowly_does_not_keep_the_window_from_drawing(qtbot, window, monkeypatch):
    """A reader that hangs, as on a lost network share, hangs in its own thread."""
    held, reader = threading.Event(), window.desk.feed._data.reader
    entered = threading.Event()

    def hang():
        entered.set()
        held.wait(30)
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(reader, "summary", hang)
    try:
        qtbot.waitUntil(entered.is_set)
        drawn = []
        qtbot.wait(50)
        monkeypatch.setattr(window.footer, "show_parts", lambda parts, path: drawn.append(parts))
        qtbot.waitUntil(lambda: len(drawn) >= 3)
    finally:
        held.set()


def test_nothing_is_opened_for_writing_by_a_window_that_only_looks(qtbot, window, monkeypatch):
    opened, plain = [], builtins.open

    def watched(file, mode="r", *rest, **options):
        if set(mode) & set("wax+"):
            opened.append((file, mode))
        return plain(file, mode, *rest, **options)

    monkeypatch.setattr(builtins, "open", watched)
    qtbot.wait(600)
    assert not opened
