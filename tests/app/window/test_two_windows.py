"""Windows on the same run, and on runs that have ended or end while they are watched."""

import pytest

from app.window.qt import QtCore
from core.records import RunState

PATIENCE = 20_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""
LEFT = QtCore.Qt.MouseButton.LeftButton


def snapshot_of(window):
    return window.desk.feed.view.snapshot


def shows(window, run=1):
    snapshot = snapshot_of(window)
    return snapshot is not None and snapshot.summary.run == run and not window.desk.feed.view.loading


def test_one_of_two_windows_closes_and_the_other_goes_on(qtbot, open_window, url, store, live_run):
    first, second = open_window(url), open_window(url)
    for window in (first, second):
        qtbot.waitUntil(lambda window=window: shows(window), timeout=PATIENCE)
    first.desk.point(7200.0)
    qtbot.waitUntil(lambda: snapshot_of(first).selected is not None, timeout=PATIENCE)
    assert second.desk.cursor is None
    assert snapshot_of(second).selected is None
    first.close()
    before = len(snapshot_of(second).fits)
    live_run.strip(2, every=600.0)
    qtbot.waitUntil(lambda: len(snapshot_of(second).fits) == before + 2, timeout=PATIENCE)
    assert store.run(1).summary().live
    assert store.run(1).commands() == []


def test_what_one_window_tells_the_run_is_seen_in_the_other(qtbot, open_window, url, store, live_run):
    first, second = open_window(url), open_window(url)
    for window in (first, second):
        qtbot.waitUntil(window.header.title.pause.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(first.header.title.pause, LEFT)
    qtbot.waitUntil(lambda: bool(store.run(1).commands()), timeout=PATIENCE)
    (command,) = live_run.journal.take_commands()
    live_run.journal.answer_command(command.id, "pause: cell at open circuit")
    live_run.journal.set_state(RunState.PAUSED)
    for window in (first, second):
        qtbot.waitUntil(lambda window=window: window.header.title.pause.text() == "Resume", timeout=PATIENCE)
        assert "Paused" in window.notice.text()
    qtbot.waitUntil(
        lambda: any(each.author == first.desk.author for each in snapshot_of(second).commands),
        timeout=PATIENCE,
    )


def test_a_note_of_one_window_appears_in_the_other(qtbot, open_window, url, store, finished_run):
    first, second = open_window(url), open_window(url)
    for window in (first, second):
        qtbot.waitUntil(lambda window=window: shows(window), timeout=PATIENCE)
    first.write_note()
    line = first.front.right.notes.note
    qtbot.waitUntil(line.isEnabled, timeout=PATIENCE)
    qtbot.keyClicks(line, "black spots on the foil")
    qtbot.keyClick(line, QtCore.Qt.Key.Key_Return)
    rows = second.front.right.notes.list.lines
    qtbot.waitUntil(lambda: any("black spots" in each.text for each in rows.rows), timeout=PATIENCE)


def test_a_run_that_ends_while_it_is_watched_is_shown_to_its_end(qtbot, open_window, url, live_run):
    window = open_window(url)
    title = window.header.title
    qtbot.waitUntil(title.stop.isEnabled, timeout=PATIENCE)
    live_run.strip(2, every=600.0)
    live_run.current_off("cut-off")
    live_run.end()
    qtbot.waitUntil(lambda: title.word.text() == "finished", timeout=PATIENCE)
    qtbot.waitUntil(lambda: shows(window) and len(snapshot_of(window).fits) == 27, timeout=PATIENCE)
    assert title.remark.text() == "cut-off"
    assert not title.stop.isEnabled()


@pytest.mark.parametrize("state", [RunState.FINISHED, RunState.STOPPED, RunState.ABORTED, RunState.FAILED])
def test_a_run_that_has_ended_is_shown_whole_and_can_be_told_nothing(
    qtbot, open_window, url, live_run, state
):
    live_run.current_off("cut-off")
    live_run.end(state, "the reason")
    window = open_window(url)
    qtbot.waitUntil(lambda: shows(window), timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.header.title.word.text() == state.value, timeout=PATIENCE)
    assert window.header.title.remark.text() == "the reason"
    assert len(snapshot_of(window).fits) == 25
    for button in (window.header.title.pause, window.header.title.stop, window.header.title.abort):
        assert not button.isEnabled()
    window.front.step(-1)
    qtbot.waitUntil(lambda: snapshot_of(window).selected is not None, timeout=PATIENCE)
