import sqlite3

import pytest

from app.window.commands import Commander
from app.window.feed import Feed
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.start import watch_run
from app.window.window import Window
from core.records import RunState


@pytest.fixture
def open_window(qtbot):
    """Open the real window; it is closed at the end of the test."""

    def open_window(url, run=None):
        window = Window(Feed(url, run), Commander(url))
        qtbot.addWidget(window)
        window.start()
        window.show()
        return window

    return open_window


def points(item):
    x, _ = item.getData()
    return 0 if x is None else len(x)


def test_it_shows_a_live_run_and_what_is_added_to_it(qtbot, open_window, url, live_run):
    window = open_window(url)
    qtbot.waitUntil(lambda: points(window.nyquist.used) == 67)
    assert points(window.nyquist.masked) == 2
    assert points(window.nyquist.fit) > 100
    assert points(window.contact.curves[0][0]) == 24
    assert window.header.title.word.text() == "stripping"
    assert window.header.title.badge.isVisible()
    assert "current on" in window.log.text.toPlainText()
    qtbot.waitUntil(lambda: not window.feed.view.loading)
    live_run.strip(3, every=600.0)
    qtbot.waitUntil(lambda: points(window.contact.curves[0][0]) == 27)
    qtbot.waitUntil(lambda: window.header.tiles[4].value.text() == "0.450")


def test_a_real_run_bears_no_badge(qtbot, open_window, url, make_run):
    make_run(simulated=False).rest()
    window = open_window(url)
    qtbot.waitUntil(lambda: window.header.title.cell.text() == "LLZO-07-LiMg-03")
    assert not window.header.title.badge.isVisible()
    assert not window.voltage.plot._mark.isVisible()


@pytest.mark.parametrize(("name", "keys"), [("stop", "Ctrl+Shift+S"), ("abort", "Ctrl+Shift+A")])
def test_a_button_and_its_keys_tell_the_run_and_show_the_answer(
    qtbot, open_window, url, store, live_run, name, keys
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
    live_run.journal.answer_command(command.id, f"{name}: current off")
    qtbot.waitUntil(lambda: f"{name}: current off (" in window.header.answer.text())
    qtbot.waitUntil(lambda: "current off" in window.log.text.toPlainText().split("command")[-1])
    assert button.isEnabled()


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


def test_a_note_is_written_with_the_keyboard(qtbot, open_window, url, store, live_run):
    window = open_window(url)
    qtbot.waitUntil(window.log.note.isEnabled)
    qtbot.mouseClick(window.header.title.note, QtCore.Qt.MouseButton.LeftButton)
    qtbot.keyClicks(window.log.note, "creaked µ")
    qtbot.keyClick(window.log.note, QtCore.Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [each.argument for each in store.run(1).commands()] == ["creaked µ"])
    assert window.log.note.text() == ""


def test_a_finished_run_disables_the_buttons_and_says_why(qtbot, open_window, url, finished_run):
    window = open_window(url)
    qtbot.waitUntil(lambda: window.header.title.word.text() == "finished: cut-off")
    for name in ("note", "pause", "stop", "abort"):
        button = getattr(window.header.title, name)
        assert button.isVisible()
        assert not button.isEnabled()
        assert "has ended" in button.toolTip()
    assert "has ended" in window.header.answer.text()


def test_an_empty_store_and_then_its_first_run(qtbot, open_window, url, store, make_run):
    window = open_window(url)
    qtbot.waitUntil(lambda: window.page.title.text() == "No run yet")
    assert window.body.currentIndex() == 1
    assert not window.header.title.stop.isEnabled()
    make_run().rest()
    qtbot.waitUntil(lambda: window.body.currentIndex() == 0)
    qtbot.waitUntil(lambda: points(window.nyquist.used) == 67)


def test_a_missing_store_is_explained(qtbot, open_window, url):
    window = open_window(url)
    qtbot.waitUntil(lambda: "There is no store" in window.page.text.text())
    assert window.header.title.stop.isVisible()


def test_a_store_that_vanishes_leaves_the_picture(qtbot, open_window, url, live_run, store_path):
    window = open_window(url)
    qtbot.waitUntil(lambda: points(window.nyquist.used) == 67)
    store_path.rename(store_path.with_suffix(".away"))
    qtbot.waitUntil(window.notice.isVisible)
    assert "not there any more" in window.notice.text()
    assert window.body.currentIndex() == 0
    store_path.with_suffix(".away").rename(store_path)
    qtbot.waitUntil(lambda: not window.notice.isVisible())


def test_a_newer_run_is_offered(qtbot, open_window, url, make_run, monkeypatch):
    monkeypatch.setattr("app.window.feed.LISTING_INTERVAL", 0.0)
    make_run().rest()
    window = open_window(url)
    qtbot.waitUntil(lambda: not window.feed.view.loading)
    make_run(simulated=False)
    qtbot.waitUntil(window.newer.isVisible)
    qtbot.mouseClick(window.newer.button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "run 2" in window.header.title.details.text())
    assert not window.header.title.badge.isVisible()
    qtbot.waitUntil(lambda: points(window.nyquist.used) == 0)


def test_long_traces_are_drawn_thinned_and_with_thin_pens(qtbot, open_window, url, live_run):
    window = open_window(url)
    assert window.voltage.voltage.opts["pen"].widthF() == 1
    for item in (window.voltage.voltage, *window.conditions.curves, window.contact.curves[0][0]):
        assert item.opts["autoDownsample"]
        assert item.opts["downsampleMethod"] == "peak"
        assert item.opts["clipToView"]


def test_closing_the_window_ends_its_threads_and_not_the_run(qtbot, open_window, url, store, live_run):
    window = open_window(url)
    qtbot.waitUntil(lambda: window.feed.view.snapshot is not None)
    window.close()
    assert not window.feed._thread.is_alive()
    assert store.run(1).summary().live


def picture(path):
    image = QtGui.QImage(str(path))
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    return (image.width(), image.height()), len(colours)


def test_screenshots(qapp, url, store, live_run, tmp_path):
    assert watch_run(url, None, tmp_path / "live.png") == 0
    size, colours = picture(tmp_path / "live.png")
    assert size == (1440, 900)
    assert colours > 30
    assert store.run(1).summary().live


def test_a_screenshot_of_what_cannot_be_read_has_an_exit_status(qapp, url, live_run, tmp_path, capsys):
    assert watch_run(url, 7, tmp_path / "error.png") == 2
    assert "no run 7" in capsys.readouterr().err
    assert picture(tmp_path / "error.png")[0] == (1440, 900)


def test_a_picture_that_cannot_be_written(qapp, url, live_run, tmp_path):
    from core.errors import BadInput

    with pytest.raises(BadInput, match="cannot be written"):
        watch_run(url, None, tmp_path / "no folder" / "x.png")


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
