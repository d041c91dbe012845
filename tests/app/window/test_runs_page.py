"""The runs page in the real window."""

import json

import pytest
from pytestqt.exceptions import TimeoutError as NeverCame

from app.export_names import SUMMARIES
from app.window.qt import QtCore
from app.window.shown.run_columns import COLUMNS
from core.cell import Cell
from core.records import RunState
from storage import CampaignHeader, RunHeader

Key = QtCore.Qt.Key


def wait(qtbot, true):
    """Wait as long as a busy machine may need."""
    qtbot.waitUntil(true, timeout=60_000)


@pytest.fixture
def three(make_run):
    """Two runs that have ended and one that goes on."""
    made = []
    for number, current in enumerate((50.0, 100.0, 200.0)):
        run = make_run(current_density=current)
        run.rest()
        run.strip(3, every=600.0)
        if number < 2:
            run.current_off("cut-off")
            run.end()
        made.append(run)
    return made


@pytest.fixture
def page(qtbot, open_window, url, three):
    window = open_window(url, page="runs")
    wait(qtbot, lambda: listed(window.front) == [3, 2, 1])
    window.front.table.setFocus()
    # The window is kept alive here; nobody else holds it.
    yield window.front
    assert window.front is not None


def listed(page) -> list[int]:
    return [line.row.run for line in page.table.runs.lines if line.row is not None]


def press(qtbot, widget, key, modifier=QtCore.Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(widget, key, modifier)


def search(page, words):
    page.search.words.setText(words)


def test_search_words_narrow_the_table_and_escape_clears_them(qtbot, page):
    search(page, "i>50 state:finished")
    assert listed(page) == [2]
    assert page.search.count.text() == "1 of 3 runs"
    press(qtbot, page.search.words, Key.Key_Escape)
    assert listed(page) == [3, 2, 1]


def test_a_mistake_is_explained_while_the_table_stays(page):
    search(page, "i>50")
    search(page, "i>50 colour:red")
    assert "no field 'colour'" in page.search.problem.text()
    assert page.search.problem.isVisible()
    assert listed(page) == [3, 2]
    search(page, "i>100")
    assert not page.search.problem.isVisible()


def test_words_that_find_nothing_are_answered(page):
    search(page, "nothing like it")
    assert page.body.currentWidget() is page.nothing
    assert "No run is found" in page.nothing.text()


def test_a_click_on_a_heading_sorts_and_a_second_one_turns_it_round(page):
    page.table.sort_wanted.emit("i")
    assert listed(page) == [1, 2, 3]
    page.table.sort_wanted.emit("i")
    assert listed(page) == [3, 2, 1]
    titles = [page.table.runs.headerData(place, QtCore.Qt.Orientation.Horizontal) for place in range(15)]
    assert "i / µA cm⁻² ▾" in titles


def test_a_choice_of_state_narrows_the_table(page):
    chooser = page.search.choosers["state"]
    chooser.setCurrentIndex(chooser.findData("finished"))
    assert listed(page) == [2, 1]


def test_slash_goes_to_the_search_and_down_goes_back(qtbot, page):
    press(qtbot, page, Key.Key_Slash)
    assert page.search.words.hasFocus()
    press(qtbot, page.search.words, Key.Key_Down)
    assert page.table.hasFocus()


def test_enter_watches_the_run_on_the_live_page(qtbot, page):
    page.table.mark_runs([1])
    press(qtbot, page.table, Key.Key_Return)
    desk = page.desk
    wait(qtbot, lambda: desk.run == 1)
    assert page.window().front.name == "live"


def test_c_adds_the_marked_runs_to_the_comparison(qtbot, page):
    page.desk.memory.keep("compared", "3")
    page.table.mark_runs([1, 2])
    window = page.window()
    press(qtbot, page.table, Key.Key_C)
    assert window.front.name == "compare"
    assert page.desk.memory.text("compared") == "3 2 1"
    wait(qtbot, lambda: not window.front.overlay.view.reading and len(window.front.overlay.view.found) == 3)


def test_delete_puts_runs_in_the_bin_and_undo_takes_them_out(qtbot, page, store):
    page.table.mark_runs([1, 2])
    press(qtbot, page.table, Key.Key_Delete)
    wait(qtbot, lambda: listed(page) == [3])
    assert [each.run for each in store.runs(binned=True)] == [1, 2]
    assert page.undo.isVisible()
    assert "2 runs put in the bin; nothing was deleted" in page.undo.text.text()
    page.table.setFocus()
    press(qtbot, page.table, Key.Key_Z, QtCore.Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, lambda: listed(page) == [3, 2, 1])
    assert not page.undo.isVisible()


def test_the_offer_to_undo_ends_after_ten_seconds(qtbot, page, monkeypatch):
    from app.window.drawn import run_strips

    page.table.mark_runs([1])
    press(qtbot, page.table, Key.Key_Delete)
    wait(qtbot, page.undo.isVisible)
    now = run_strips.wall_time()
    monkeypatch.setattr(run_strips, "wall_time", lambda: now + 11)
    wait(qtbot, lambda: not page.undo.isVisible())


def test_a_live_run_is_not_binned_and_the_reason_is_told(qtbot, page, store):
    page.table.mark_runs([3])
    press(qtbot, page.table, Key.Key_Delete)
    wait(qtbot, lambda: "a run that goes on cannot be put in the bin" in page.said.text())
    assert not store.runs(binned=True)
    with pytest.raises(NeverCame):
        qtbot.waitUntil(page.undo.isVisible, timeout=300)


def test_the_bin_lists_what_is_in_it_and_restores_it(qtbot, page, store):
    store.annotate(1, "binned")
    wait(qtbot, lambda: page.search.bin.text() == "Bin (1)")
    page.search.bin.click()
    assert listed(page) == [1]
    assert page.bar.buttons["restore"].isVisible()
    assert not page.bar.buttons["bin"].isVisible()
    page.table.mark_runs([1])
    page.table.setFocus()
    press(qtbot, page.table, Key.Key_Delete, QtCore.Qt.KeyboardModifier.ShiftModifier)
    wait(qtbot, lambda: page.nothing.text() == "The bin is empty." and page.body.currentIndex() == 1)
    assert not store.runs(binned=True)


def test_t0_is_looked_up_for_what_is_in_view(qtbot, open_window, url, finished_run):
    window = open_window(url, page="runs")
    wait(
        qtbot, lambda: [row.t0_hours for row in window.front._rows.values()] == [pytest.approx(14.6, abs=0.1)]
    )


def test_what_was_marked_stays_marked_when_the_listing_is_read_again(qtbot, page, three):
    page.table.mark_runs([2])
    three[2].strip(2, every=600.0)
    before = page._rows[3].overview.summary.spectra
    wait(qtbot, lambda: page._rows[3].overview.summary.spectra > before)
    assert page.table.chosen() == (2,)
    three[2].journal.finish(RunState.FINISHED, "cut-off", three[2].time)
    wait(qtbot, lambda: page._rows[3].state is RunState.FINISHED)
    assert page.table.chosen() == (2,)


def test_a_campaign_is_folded_to_one_line_and_unfolded(qtbot, open_window, url, store):
    cell = Cell.model_validate({"name": "LLZO-07-Li-02", "anode": "Li", "electrode_diameter": "6 mm"})
    log = store.begin_campaign(CampaignHeader("fig5", "bench 2", True, title="Fig. 5"))
    for step in ("1.strip", "2.strip"):
        header = RunHeader("GeisStripping", {}, cell, "bench 2", True, campaign=log.campaign, path=step)
        journal = store.begin_run(header)
        journal.finish(RunState.FINISHED, "cut-off", 60.0)
        journal.close()
    window = open_window(url, page="runs")
    page = window.front
    wait(qtbot, lambda: listed(page) == [2, 1])
    table = page.table
    table.setFocus()
    table.setCurrentIndex(table.runs.index(0, 0))
    assert "Fig. 5" in table.runs.data(table.runs.index(0, 0))
    press(qtbot, table, Key.Key_Left)
    assert listed(page) == []
    assert page.search.count.text() == "2 runs"
    press(qtbot, table, Key.Key_Right)
    assert listed(page) == [2, 1]
    log.close()


def test_export_asks_in_the_page_and_its_end_is_told(qtbot, page, tmp_path):
    page.table.mark_runs([1])
    press(qtbot, page.table, Key.Key_E)
    assert page.exporting.isVisible()
    page.exporting.folder.setText(str(tmp_path / "exported"))
    press(qtbot, page.exporting.folder, Key.Key_Return)
    wait(qtbot, lambda: "written to" in "".join(each.text() for each in page.works.labels))
    known = json.loads(next((tmp_path / "exported").glob("*/run.json")).read_text(encoding="utf-8"))
    assert known["run"] == 1
    page.desk.works.put_away()
    wait(qtbot, lambda: not page.works.isVisible())


def test_export_offers_every_format_and_lets_the_name_of_a_package_end_as_it_has_to(qtbot, page, tmp_path):
    page.table.mark_runs([1])
    press(qtbot, page.table, Key.Key_E)
    form, target = page.exporting.form, page.exporting.folder
    assert [form.itemText(place) for place in range(form.count())] == list(SUMMARIES)
    target.setText(str(tmp_path / "exported"))
    form.setCurrentText("eln")
    assert target.text() == str(tmp_path / "exported.eln")
    form.setCurrentText("z")
    assert target.text() == str(tmp_path / "exported")
    press(qtbot, target, Key.Key_Return)
    wait(qtbot, lambda: "written to" in "".join(each.text() for each in page.works.labels))
    known = json.loads(next((tmp_path / "exported").glob("*/run.json")).read_text(encoding="utf-8"))
    assert {each.name for each in (tmp_path / "exported").glob("*/*.z")} == set(known["tables"]) != set()


def test_escape_leaves_the_question_for_a_folder(qtbot, page):
    page.table.mark_runs([1])
    press(qtbot, page.table, Key.Key_E)
    press(qtbot, page.exporting.folder, Key.Key_Escape)
    assert not page.exporting.isVisible()


def test_replay_of_two_runs_is_queued_and_told(qtbot, page):
    page.table.mark_runs([1, 2])
    press(qtbot, page.table, Key.Key_P)
    assert len(page.desk.works.jobs) == 2
    wait(qtbot, lambda: all(job.over for job in page.desk.works.jobs))
    wait(qtbot, lambda: "0 differences" in page.works.labels[-1].text())


def test_nothing_is_done_without_a_marked_run_and_that_is_told(qtbot, page):
    page.table.clearSelection()
    page.act("refit")
    assert "Mark a run first" in page.said.text()
    assert not page.bar.buttons["refit"].isEnabled()


def test_a_store_that_goes_away_is_told_and_what_was_read_stays(qtbot, page, store_path, store):
    store_path.rename(store_path.with_suffix(".gone"))
    wait(qtbot, lambda: "is not there any more" in page.said.text())
    assert listed(page) == [3, 2, 1]
    store_path.with_suffix(".gone").rename(store_path)


def test_how_it_was_searched_and_sorted_is_remembered(qtbot, page):
    search(page, "cell:LLZO")
    page.table.sort_wanted.emit("i")
    page.leave()
    again = type(page)(page.desk)
    qtbot.addWidget(again)
    assert again.search.words.text() == "cell:LLZO"
    assert again.order.column == "i"


def test_protocols_have_the_names_they_are_started_by(page):
    (line,) = (each for each in page.table.runs.lines if each.row is not None and each.row.run == 1)
    (column,) = (each for each in COLUMNS if each.name == "protocol")
    assert column.text(line.row) == "GEIS stripping"
    chooser = page.search.choosers["protocol"]
    assert (chooser.itemText(1), chooser.itemData(1)) == ("GEIS stripping", "GeisStripping")


def test_what_was_to_be_marked_is_not_asked_for_any_more_once_it_is(qtbot, page):
    page.act("refit")
    assert "Mark a run" in page.said.text()
    assert page.said.isVisible()
    press(qtbot, page.table, Key.Key_Down)
    assert page.table.chosen()
    assert not page.said.isVisible()
