import sqlite3

import pytest

from app.window.qt import QtCore, QtGui, QtWidgets
from core.records import RunState


def fields(window):
    """The live values of the header, by their names."""
    return {tile.caption.name: tile for tile in window.header.tiles}


def shows(window, run=1):
    snapshot = window.desk.feed.view.snapshot
    return snapshot is not None and snapshot.summary.run == run and not window.desk.feed.view.loading


def test_it_shows_a_live_run_and_what_is_added_to_it(qtbot, open_window, url, live_run):
    window = open_window(url)
    qtbot.waitUntil(lambda: window.header.title.word.text() == "stripping")
    assert window.header.title.badge.isVisible()
    qtbot.waitUntil(lambda: shows(window))
    live_run.strip(3, every=600.0)
    qtbot.waitUntil(lambda: fields(window)["Q"].value.text() == "0.450")
    assert fields(window)["elapsed"].value.text() == "5:00"


def test_a_real_run_bears_no_badge(qtbot, open_window, url, make_run):
    make_run(simulated=False).rest()
    window = open_window(url)
    qtbot.waitUntil(lambda: window.header.title.cell.text() == "LLZO-07-LiMg-03")
    assert not window.header.title.badge.isVisible()


@pytest.mark.parametrize(
    ("name", "keys", "word"),
    [("stop", "Ctrl+Shift+S", "stop"), ("abort", "Ctrl+Shift+A", "emergency stop")],
)
def test_a_button_and_its_keys_tell_the_run_and_show_the_answer(
    qtbot, open_window, url, store, live_run, name, keys, word
):
    window = open_window(url)
    button = getattr(window.header.title, name)
    qtbot.waitUntil(button.isEnabled)
    assert button.shortcut() == QtGui.QKeySequence(keys)
    assert "current off" in button.toolTip().lower()
    qtbot.mouseClick(button, QtCore.Qt.MouseButton.LeftButton)
    assert not button.isEnabled()
    qtbot.waitUntil(lambda: bool(store.run(1).commands()))
    (command,) = live_run.journal.take_commands()
    assert command.verb == name
    live_run.journal.answer_command(command.id, f"{name}: current off (after 0.2 s)")
    qtbot.waitUntil(lambda: window.header.answer.text() == f"told {word} → current off after 0.2 s")
    assert button.isEnabled()


def test_the_emergency_stop_is_called_so_and_needs_no_second_click(qtbot, open_window, url, store, live_run):
    window = open_window(url)
    button = window.header.title.abort
    qtbot.waitUntil(button.isEnabled)
    assert button.text().strip() == "Emergency stop"
    assert not button.icon().isNull()
    qtbot.mouseClick(button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [each.verb for each in store.run(1).commands()] == ["abort"])
    assert QtWidgets.QApplication.activeModalWidget() is None


def test_stop_says_what_it_will_do_before_it_is_pressed(qtbot, open_window, url, live_run):
    window = open_window(url)
    stop = window.header.title.stop
    qtbot.waitUntil(stop.isEnabled)
    before = window.header.answer.text()
    QtWidgets.QApplication.sendEvent(stop, QtCore.QEvent(QtCore.QEvent.Type.Enter))
    assert window.header.answer.text().startswith("Stop: current off, cell at open circuit")
    QtWidgets.QApplication.sendEvent(stop, QtCore.QEvent(QtCore.QEvent.Type.Leave))
    assert window.header.answer.text() == before
    focus = QtGui.QFocusEvent(QtCore.QEvent.Type.FocusIn, QtCore.Qt.FocusReason.TabFocusReason)
    QtWidgets.QApplication.sendEvent(stop, focus)
    assert "data kept" in window.header.answer.text()


def test_no_button_has_the_keys_when_the_window_opens(qtbot, open_window, url, live_run):
    window = open_window(url)
    qtbot.waitUntil(window.header.title.pause.isEnabled)
    assert not isinstance(window.focusWidget(), QtWidgets.QPushButton)


def test_pause_becomes_resume_with_the_same_keys(qtbot, open_window, url, store, live_run):
    window = open_window(url)
    button = window.header.title.pause
    qtbot.waitUntil(button.isEnabled)
    keys = button.shortcut()
    live_run.journal.set_state(RunState.PAUSED)
    qtbot.waitUntil(lambda: button.text() == "Resume")
    assert button.shortcut() == keys
    assert window.notice.isVisible()
    qtbot.mouseClick(button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [each.verb for each in store.run(1).commands()] == ["resume"])


def test_a_finished_run_disables_the_buttons_and_says_why(qtbot, open_window, url, finished_run):
    window = open_window(url)
    qtbot.waitUntil(lambda: window.header.title.word.text() == "finished")
    assert window.header.title.remark.text() == "cut-off"
    for name in ("pause", "stop", "abort"):
        button = getattr(window.header.title, name)
        assert button.isVisible()
        assert not button.isEnabled()
        assert "has ended" in button.toolTip()
    assert "has ended" in window.header.answer.text()


def test_words_of_a_page_are_shown_for_a_while(qtbot, open_window, url, live_run, monkeypatch):
    monkeypatch.setattr("app.window.window.SAID", 300)
    window = open_window(url)
    qtbot.waitUntil(lambda: shows(window))
    window.desk.said.emit("exported to nyquist.svg")
    assert window.header.answer.text() == "exported to nyquist.svg"
    qtbot.waitUntil(lambda: window.header.answer.text() == "")


def test_an_empty_store_and_then_its_first_run(qtbot, open_window, url, store, make_run):
    window = open_window(url)
    page = window.front
    qtbot.waitUntil(lambda: page.empty.title.text() == "No run yet")
    assert page.body.currentIndex() == 1
    assert not window.header.title.stop.isEnabled()
    make_run().rest()
    qtbot.waitUntil(lambda: page.body.currentIndex() == 0)


def test_a_missing_store_is_explained(qtbot, open_window, url):
    window = open_window(url)
    qtbot.waitUntil(lambda: "There is no store" in window.front.empty.title.text())
    assert window.header.title.stop.isVisible()


def test_a_run_that_does_not_exist_offers_those_that_do(qtbot, open_window, url, live_run):
    window = open_window(url, 9)
    empty = window.front.empty
    qtbot.waitUntil(lambda: any("run 1:" in button.text() for button in empty.buttons))
    (button,) = (each for each in empty.buttons if "run 1:" in each.text())
    qtbot.mouseClick(button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "run 1" in window.header.title.details.text())


def test_the_newest_run_is_one_click_away_from_a_run_that_does_not_exist(qtbot, open_window, url, live_run):
    window = open_window(url, 9)
    empty = window.front.empty
    qtbot.waitUntil(lambda: [b.text() for b in empty.buttons][:1] == ["Show the newest run"])
    qtbot.mouseClick(empty.buttons[0], QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shows(window))


def test_a_run_that_is_put_into_the_bin_meanwhile_stays_and_says_so(
    qtbot, open_window, url, store, make_run, finished_run
):
    make_run().rest()
    window = open_window(url, 1)
    qtbot.waitUntil(lambda: shows(window))
    store.annotate(1, "binned")
    qtbot.waitUntil(lambda: "in the bin" in window.notice.text())
    assert window.front.body.currentIndex() == 0
    qtbot.waitUntil(lambda: len(window.desk.catalogue.listing.binned) == 1)
    qtbot.mouseClick(window.notice.button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shows(window, 2))


def test_a_store_that_vanishes_leaves_the_picture(qtbot, open_window, url, live_run, store_path):
    window = open_window(url)
    qtbot.waitUntil(lambda: shows(window))
    store_path.rename(store_path.with_suffix(".away"))
    qtbot.waitUntil(window.notice.isVisible)
    assert "not there any more" in window.notice.text()
    assert window.front.body.currentIndex() == 0
    store_path.with_suffix(".away").rename(store_path)
    qtbot.waitUntil(lambda: not window.notice.isVisible())


def test_a_newer_run_is_offered(qtbot, open_window, url, make_run, monkeypatch):
    monkeypatch.setattr("app.window.reading.feed.LISTING_INTERVAL", 0.0)
    make_run().rest()
    window = open_window(url)
    qtbot.waitUntil(lambda: shows(window))
    make_run(simulated=False)
    qtbot.waitUntil(window.newer.isVisible)
    qtbot.mouseClick(window.newer.button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "run 2" in window.header.title.details.text())
    assert not window.header.title.badge.isVisible()


def test_closing_the_window_ends_its_threads_and_not_the_run(qtbot, open_window, url, store, live_run):
    window = open_window(url)
    qtbot.waitUntil(lambda: window.desk.feed.view.snapshot is not None)
    window.close()
    assert not window.desk.feed._thread.is_alive()
    assert not window.desk.catalogue._thread.is_alive()
    assert store.run(1).summary().live


def test_a_locked_store_does_not_block_the_window(qtbot, open_window, url, live_run, store_path):
    window = open_window(url)
    qtbot.waitUntil(window.header.title.stop.isEnabled)
    other = sqlite3.connect(store_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    qtbot.mouseClick(window.header.title.stop, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "being written to the store" in window.header.answer.text())
    other.rollback()
    other.close()
    qtbot.waitUntil(lambda: "waiting for the run" in window.header.answer.text())


def test_there_is_one_application(qapp):
    assert QtWidgets.QApplication.instance() is qapp
    assert qapp.platformName() == "offscreen"
