"""The button that writes a report, on the Runs page and on the Compare page."""

import pytest

from app.window.drawn.memory import Memory
from app.window.qt import QtCore

Key = QtCore.Qt.Key


def wait(qtbot, true):
    """Wait as long as a busy machine may need."""
    qtbot.waitUntil(true, timeout=120_000)


@pytest.fixture
def window(qtbot, open_window, url, finished_run):
    window = open_window(url, page="runs")
    wait(qtbot, lambda: bool(window.front.table.runs.lines))
    return window


def told(page) -> str:
    return " ".join(each.text() for each in page.works.labels)


def test_a_report_is_asked_for_by_key_and_written_in_the_background(qtbot, window, tmp_path):
    page = window.front
    page.table.setFocus()
    page.table.mark_runs([1])
    qtbot.keyClick(page.table, Key.Key_W)
    assert page.reporting.isVisible()
    assert page.reporting.file.text().endswith(".html")
    target = tmp_path / "report.html"
    page.reporting.file.setText(str(target))
    qtbot.keyClick(page.reporting.file, Key.Key_Return)
    assert not page.reporting.isVisible()
    wait(qtbot, lambda: "written to" in told(page))
    assert str(target) in told(page)
    assert "SIMULATED" in target.read_text(encoding="utf-8")


def test_a_report_over_a_file_that_exists_is_told_as_a_failure(qtbot, window, tmp_path):
    page = window.front
    target = tmp_path / "mine.html"
    target.write_text("mine")
    page.table.mark_runs([1])
    page.bar.buttons["report"].click()
    page.reporting.file.setText(str(target))
    qtbot.keyClick(page.reporting.file, Key.Key_Return)
    wait(qtbot, lambda: "failed" in told(page))
    assert "is there already" in told(page)
    assert target.read_text() == "mine"


def test_only_one_thing_is_asked_at_a_time_and_escape_leaves_it(qtbot, window):
    page = window.front
    page.table.mark_runs([1])
    page.act("export")
    page.act("report")
    assert page.reporting.isVisible()
    assert not page.exporting.isVisible()
    page.act("export")
    assert not page.reporting.isVisible()
    page.act("report")
    qtbot.keyClick(page.reporting.file, Key.Key_Escape)
    assert not page.reporting.isVisible()


def test_the_compare_page_reports_its_runs_with_the_drop_of_its_sand_plot(
    qtbot, open_window, url, finished_run, tmp_path, monkeypatch
):
    memory = Memory()
    memory.keep("compared", "1")
    window = open_window(url, memory=memory, page="compare")
    page = window.front
    asked = []
    monkeypatch.setattr(page.desk.works, "report", lambda *given: asked.append(given))
    page.sand.drop.setChecked(True)
    page.report.click()
    assert page.reporting.isVisible()
    page.reporting.file.setText(str(tmp_path / "r.pdf"))
    qtbot.keyClick(page.reporting.file, Key.Key_Return)
    assert asked == [((1,), tmp_path / "r.pdf", "c0-cmin")]
