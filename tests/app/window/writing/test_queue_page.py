"""A queue put together, checked, saved, rehearsed and run as a campaign in the real window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.window.qt import QtCore, QtGui, QtWidgets
from storage import open_store

Key, Modifier = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier
Left = QtCore.Qt.MouseButton.LeftButton
LOOP = (
    'campaign = "loop"\n[cells.a]\nname = "A"\nanode = "Li"\nelectrode_diameter = "6 mm"\n'
    '[[steps]]\nrepeat = 3\ncell = "a"\n[[steps.steps]]\nprotocol = "OcvRest"\n'
)


def protocols(queue):
    return [each.protocol for each in queue.queue.steps]


def test_an_empty_queue_says_what_to_do_and_leads_to_the_start_page(qtbot, shared):
    shared.window.go("queue")
    queue = shared.window.front
    assert queue.empty.isVisible()
    assert not queue.card.isVisible()
    assert not queue.steps_bar.isVisible()
    qtbot.mouseClick(queue.empty.write, Left)
    assert shared.window.front is shared.page
    shared.fill_in()
    shared.page.queue_button.click()
    assert shared.window.front is queue
    assert queue.list.isVisible()
    assert queue.card.isVisible()
    assert not queue.empty.isVisible()


def test_steps_are_ordered_by_key_edited_in_the_form_and_brought_back(qtbot, shared):
    page = shared.page
    shared.fill_in()
    page.queue_button.click()
    page.write("parameters.rest_minimum", "1.5 min")
    queue = shared.queue("OcvRest")
    assert queue.list.count() == 2
    queue.list.setCurrentRow(1)
    queue.list.setFocus()
    qtbot.keyClick(queue.list, Key.Key_Up, Modifier.AltModifier)
    shared.until(lambda: queue.queue.steps[0].parameters["rest_minimum"] == "1.5 min")
    queue.bar.undo.click()
    assert queue.queue.steps[0].parameters["rest_minimum"] == "1 min"
    queue.list.setCurrentRow(0)
    queue.steps_bar.edit.click()
    assert shared.window.front is page
    assert page.queue_button.text() == "Keep as step 1 of the queue"
    assert not page.start_button.isVisible()
    page.write("parameters.rest_minimum", "1.2 min")
    page.queue_button.click()
    assert shared.window.front is queue
    assert queue.queue.steps[0].parameters["rest_minimum"] == "1.2 min"
    assert page.experiment.form.text("parameters.rest_minimum") == "1.5 min"


def test_a_step_is_copied_and_removed_and_the_next_one_is_selected(shared):
    shared.fill_in()
    queue = shared.queue("OcvRest", "OcvRelaxation")
    queue.list.setCurrentRow(0)
    queue.steps_bar.copy.click()
    assert protocols(queue) == ["OcvRest", "OcvRest", "OcvRelaxation"]
    assert queue.list.currentRow() == 1
    queue.list.setCurrentRow(2)
    queue.steps_bar.remove.click()
    assert protocols(queue) == ["OcvRest", "OcvRest"]
    assert queue.list.currentRow() == 1
    assert "Ctrl+Z" in queue.head.told.text()


@pytest.mark.skipif(sys.platform == "win32", reason="Qt has no platform called minimal there")
@pytest.mark.parametrize(("begin", "end"), [(0, 2), (2, 0)])
def test_a_step_is_dragged_by_the_mouse_to_its_place(begin, end):
    command = [sys.executable, Path(__file__).with_name("drag_a_step.py"), str(begin), str(end)]
    platform = {**os.environ, "QT_QPA_PLATFORM": "minimal"}
    done = subprocess.run(command, env=platform, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == [str(begin), str(end)]


def test_a_step_is_moved_to_where_it_is_dropped_and_stays_selected(shared):
    shared.fill_in()
    queue = shared.queue("OcvRest", "OcvRelaxation", "HighResolutionPeis")
    queue.list.setCurrentRow(0)
    target = queue.list.visualItemRect(queue.list.item(2)).center()
    drop = QtGui.QDropEvent(
        QtCore.QPointF(target), QtCore.Qt.DropAction.MoveAction, QtCore.QMimeData(), Left, Modifier.NoModifier
    )
    queue.list.dropEvent(drop)
    assert protocols(queue) == ["OcvRelaxation", "OcvRest", "HighResolutionPeis"]
    assert queue.list.currentRow() == 1


def test_how_many_electrodes_there_are_is_written_in_the_spin_box(qtbot, shared):
    shared.fill_in(**{"cell.name": "A-{n:02d}"})
    queue = shared.queue("GeisStripping", "OcvRest")
    queue.list.setCurrentRow(0)
    count = queue.steps_bar.count
    assert count.isEnabled()
    assert count.text() == "as mounted"
    count.selectAll()
    qtbot.keyClicks(count, "3")
    qtbot.keyClick(count, Key.Key_Return)
    assert queue.queue.steps[0].count == 3
    assert queue.queue.steps[1].count is None
    shared.checked_queue()
    queue.bar.undo.click()
    assert count.value() == 0
    queue.steps_bar.fresh.click()
    assert queue.queue.steps[0].fresh


def test_a_cell_without_a_number_in_its_name_has_one_electrode(shared):
    shared.fill_in()
    queue = shared.queue("OcvRest")
    assert not queue.steps_bar.count.isEnabled()


def test_a_wrong_pace_is_told_at_its_field_and_the_queue_cannot_be_started(qtbot, shared):
    shared.fill_in()
    queue = shared.queue("OcvRest")
    assert queue.start_button.isEnabled()
    line = queue.bench.speed.lineEdit()
    line.selectAll()
    qtbot.keyClicks(line, "-5")
    assert "'-5'" in queue.bench.wrong.text()
    assert queue.bench.speed.property("wrong")
    assert not queue.start_button.isEnabled()
    queue.queued.write("speed", "max")
    assert queue.bench.wrong.isHidden()
    assert queue.start_button.isEnabled()


def test_a_queue_is_saved_and_opened_through_the_dialogs(shared, tmp_path, choose_file):
    shared.fill_in()
    queue = shared.queue("OcvRest", "OcvRelaxation")
    path = tmp_path / "two.toml"
    asked = choose_file(path)
    queue.bar.save.click()
    shared.until(lambda: queue.head.told.text() == f"Saved {path}.")
    assert asked[-1][1] == QtWidgets.QFileDialog.AcceptMode.AcceptSave
    queue.list.setCurrentRow(0)
    queue.steps_bar.remove.click()
    queue.bar.open.click()
    shared.until(lambda: protocols(queue) == ["OcvRest", "OcvRelaxation"])
    assert "Opened" in queue.head.told.text()


def test_a_campaign_with_loops_is_shown_expanded_and_not_edited(shared, tmp_path, choose_file):
    path = tmp_path / "loop.toml"
    path.write_text(LOOP, encoding="utf-8")
    choose_file(path)
    shared.page._open()
    shared.until(lambda: shared.window.front.name == "queue" and shared.window.front.mode == "file")
    queue = shared.window.front
    assert shared.checked_queue().ready, queue.queued.shown
    assert queue.list.count() == 3
    assert queue.steps_bar.isHidden()
    assert queue.list.dragDropMode() == QtWidgets.QAbstractItemView.DragDropMode.NoDragDrop
    assert queue.start_button.isEnabled()
    queue.what.setCurrentIndex(0)
    assert queue.mode == "own"


def test_a_queue_is_rehearsed_and_the_forecast_stands_in_its_place(shared):
    shared.fill_in()
    queue = shared.queue("OcvRest")
    queue.rehearse_button.click()
    assert queue.middle.currentWidget() is queue.forecast
    shared.until(lambda: not queue.rehearser.going)
    assert queue.forecast.title.text().startswith("Queue: rehearsed")
    assert "1.OcvRest" in queue.forecast.text.toPlainText()
    queue.forecast.back.click()
    assert queue.list.isVisible()


@pytest.mark.parametrize("lanes", [1, 2])
def test_a_queue_runs_as_a_campaign_one_after_the_other_or_side_by_side(shared, lanes):
    shared.fill_in(**{"cell.name": f"L{lanes}-{{n}}"})
    queue = shared.queue("OcvRest", "OcvRest")
    queue.list.setCurrentRow(1)
    queue.steps_bar.fresh.click()
    assert shared.checked_queue().ready, queue.queued.shown
    queue.side_by_side.setValue(lanes)
    queue.start_button.click()
    queue.start_button.click()
    shared.until(lambda: queue.mode.isdigit())
    number = int(queue.mode)
    shared.until(lambda: "is finished" in queue.said.text())
    rows = [queue.list.item(at).data(QtCore.Qt.ItemDataRole.UserRole) for at in (0, 1)]
    assert [row.number for row in rows] == ["✓", "✓"]
    assert {row.cell for row in rows} == {f"L{lanes}-1", f"L{lanes}-2"}
    launched = queue.starter.launched[-1]
    launched.process.wait(60)
    assert ("--side-by-side" in launched.process.args) == (lanes > 1)
    with open_store(shared.window.desk.store_url) as store:
        assert len(store.campaign(number).runs()) == 2
    queue.what.setCurrentIndex(0)


def test_a_file_that_was_spoilt_since_its_check_is_told_in_the_words_of_the_process(
    shared, tmp_path, choose_file
):
    path = tmp_path / "loop.toml"
    path.write_text(LOOP, encoding="utf-8")
    choose_file(path)
    shared.window.go("queue")
    queue = shared.window.front
    queue.bar.open.click()
    shared.until(lambda: queue.mode == "file")
    assert shared.checked_queue().ready, queue.queued.shown
    path.write_text(LOOP.replace("OcvRest", "OcvNest"), encoding="utf-8")
    queue.start_button.click()
    shared.until(lambda: "without a run" in queue.card.status.text())
    assert "OcvNest" in queue.card.status.text()
    assert not queue.starter.going
    queue.what.setCurrentIndex(0)
