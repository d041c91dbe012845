import pytest

from app.window.drawn.row_list import Row, RowList
from app.window.drawn.style import Sign
from app.window.qt import QtCore
from core.records import RunState
from storage import CampaignHeader, RunHeader


@pytest.fixture
def rail(qtbot, open_window, url):
    def rail(run=None):
        window = open_window(url, run)
        qtbot.waitUntil(lambda: window.desk.catalogue.listing.read and window.desk.run is not None)
        qtbot.waitUntil(lambda: bool(window.front.left.runs.rows))
        return window.front.left

    return rail


def test_steps_instruments_and_runs_are_listed(qtbot, rail, live_run):
    left = rail()
    qtbot.waitUntil(lambda: [row.text for row in left.steps.rows][-1:] == ["stripping"])
    assert left.steps.rows[-1].strong
    qtbot.waitUntil(lambda: [row.text for row in left.bench.rows] == ["potentiostat"])
    assert left.bench.rows[0].below == "VMP-300, no. 0123, firmware 11.50"
    assert [row.right for row in left.runs.rows] == ["run 1"]
    assert not left.campaign.isVisible()


def test_a_run_is_picked_with_a_click_and_with_enter(qtbot, rail, make_run, live_run):
    make_run().rest()
    left = rail()
    assert [row.value for row in left.runs.rows] == [2, 1]
    place = left.runs.visualItemRect(left.runs.item(1)).center()
    qtbot.mouseClick(left.runs.viewport(), QtCore.Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: left.desk.run == 1)
    qtbot.waitUntil(lambda: left.runs.rows[1].strong)
    left.runs.setFocus()
    left.runs.setCurrentRow(0)
    qtbot.keyClick(left.runs, QtCore.Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: left.desk.run == 2)


def test_runs_are_searched_with_the_keyboard(qtbot, rail, make_run, finished_run):
    make_run().rest()
    left = rail()
    left.search.setFocus()
    qtbot.keyClicks(left.search, "finished")
    assert [row.value for row in left.runs.rows] == [1]
    qtbot.keyClick(left.search, QtCore.Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: left.desk.run == 1)
    qtbot.keyClicks(left.search, " nothing")
    assert left.runs.rows == []


def test_the_steps_of_a_campaign_are_read_behind_the_back_of_the_window(qtbot, rail, store, live_run):
    paths = ["1.form", "2.strip", "3.relax"]
    header = CampaignHeader("night", "bench 2", True, plan=[{"path": path, "lines": []} for path in paths])
    campaign = store.begin_campaign(header)
    begun = RunHeader(
        "GeisStripping", {}, live_run.cell, "bench 2", True, campaign=campaign.campaign, path="2.strip"
    )
    journal = store.begin_run(begun)
    left = rail(2)
    qtbot.waitUntil(lambda: [row.text for row in left.campaign.rows] == ["form", "strip", "relax"])
    assert left.campaign_title.text() == f"Campaign {campaign.campaign}"
    assert [row.value for row in left.campaign.rows] == [None, 2, None]
    journal.finish(RunState.FINISHED, "done", 1.0)
    journal.close()
    campaign.close()


def test_rows_that_stay_keep_the_place_that_is_looked_at(qtbot):
    rows = RowList("rows")
    qtbot.addWidget(rows)
    rows.resize(200, 100)
    rows.show()
    sign = Sign("#000000", "disc")
    many = [Row(sign, f"row {n}", value=n) for n in range(50)]
    assert rows.show_rows(many)
    bar = rows.verticalScrollBar()
    bar.setValue(300)
    assert not rows.show_rows(list(many))
    assert rows.show_rows([*many[:-1], Row(sign, "changed", value=49)])
    assert bar.value() == 300
    assert rows.item(49).text() == "changed"
    rows.show_rows([Row(sign, "newest", value=50), *many])
    assert bar.value() == 300
