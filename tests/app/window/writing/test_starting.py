"""What is started outlives window and theme, what is rehearsed ends with the window, and drafts are kept."""

import os

import pytest

from app.window.drawn import style
from app.window.drawn.memory import Memory
from app.window.qt import QtCore
from storage import open_store


@pytest.fixture
def light():
    yield
    style.use("light")


def test_a_run_started_from_the_form_survives_another_theme_and_outlives_the_window(
    qtbot, open_writing, url, light
):
    writing = open_writing()
    window, page = writing.window, writing.page
    writing.fill_in("GeisStripping", speed="60")
    for _ in range(2):
        qtbot.mouseClick(page.start_button, QtCore.Qt.MouseButton.LeftButton)
    assert page.starter.going
    assert not page.start_button.isEnabled()
    window.change_theme()
    anew = writing.page
    assert anew is not page
    assert anew.card.status.text().startswith("Starting")
    assert anew.experiment.form.text("cell.name") == "form test"
    writing.checked()
    assert not anew.start_button.isEnabled()
    anew.start()
    writing.until(lambda: window.front.name == "live" and window.desk.run == 1)
    assert not anew.starter.going
    window.close()
    (launched,) = anew.starter.launched
    assert launched.process.poll() is None
    with open_store(url) as store:
        (summary,) = store.runs()
        assert (summary.cell, summary.protocol) == ("form test", "GeisStripping")
        assert summary.live
        store.tell(1, "abort", author="test")
    launched.process.wait(60)


def test_a_rehearsal_goes_on_in_another_theme_and_ends_with_the_window(open_writing, light):
    writing = open_writing()
    writing.fill_in("GeisStripping")
    writing.page.rehearse()
    rehearser = writing.page.rehearser
    writing.until(lambda: rehearser.pid is not None)
    writing.window.change_theme()
    assert writing.page.middle.currentWidget() is writing.page.forecast
    assert rehearser.going
    os.kill(rehearser.pid, 0)
    writing.window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(rehearser.pid, 0)


def test_form_and_queue_are_there_again_after_a_restart(open_writing, tmp_path):
    path = tmp_path / "window.ini"
    first = open_writing(Memory(path), wait=False)
    for field, text in (("protocol", "GeisStripping"), ("parameters.current_density", "50 µA/cm²")):
        first.page.write(field, text)
    first.page.queue_button.click()
    first.window.close()
    again = open_writing(Memory(path))
    assert again.experiment.form.written.protocol == "GeisStripping"
    assert again.page.view.row("parameters.current_density").editor.text() == "50 µA/cm²"
    assert [each.protocol for each in again.page.companion.queue.steps] == ["GeisStripping"]


def test_a_window_that_was_closed_asks_nothing_any_more(qtbot, open_writing):
    writing = open_writing(wait=False)
    page = writing.page
    page.write("protocol", "OcvRest")
    writing.window.close()
    page.write("protocol", "GeisStripping")
    qtbot.wait(300)
    assert page.companion.drafts.pid is None
