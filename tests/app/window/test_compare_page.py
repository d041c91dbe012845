"""The compare page in the real window."""

import numpy as np
import pytest

from app.window.qt import QtCore

Key = QtCore.Qt.Key


def wait(qtbot, true):
    """Wait as long as a busy machine may need."""
    qtbot.waitUntil(true, timeout=60_000)


@pytest.fixture
def stripped(make_run):
    """Make a run that is depleted within some hours."""

    def make(current=100.0, hours=3.0):
        run = make_run(current_density=current, life=hours * 3600)
        run.rest()
        run.strip(int(6 * hours), every=600.0)
        run.deplete()
        run.current_off("cut-off")
        run.end()
        return run.journal.run

    return make


@pytest.fixture
def page(qtbot, open_window, url, stripped, tmp_path):
    numbers = [stripped(50.0, 8.0), stripped(100.0, 2.0), stripped(200.0, 0.5)]
    window = open_window(url, page="runs")
    window.desk.memory.keep("compared", " ".join(map(str, numbers)))
    window.go("compare")
    front = window.front
    wait(qtbot, lambda: len(front.resistance.plot.curves) == 3 and not front.overlay.view.reading)
    wait(qtbot, lambda: front.status.text() == "3 runs")
    # The window is kept alive here; nobody else holds it.
    yield front
    assert window.front is not None


def test_it_says_what_to_do_while_there_is_nothing_to_compare(qtbot, open_window, url, live_run):
    window = open_window(url, page="compare")
    front = window.front
    assert front.body.currentWidget() is front.empty
    assert "Runs page" in front.empty.remedy.text()


def test_every_run_is_in_every_plot_and_in_the_legend(page):
    for panel in page.panels:
        assert set(panel.plot.curves) == {1, 2, 3}
    assert page.legend.count() == 3
    assert "run 1 · LLZO-07-LiMg-03" in page.legend.item(0).text()
    (series,) = page.sand._sand.series
    assert series.line.points == 3
    assert "D_eff" in page.sand.remarks()[0]


def test_simulated_runs_are_marked_in_every_plot(page):
    assert all(plot._mark.isVisible() for plot in page.plots())


def test_pointing_at_a_curve_brings_the_run_forward_everywhere(page):
    plot = page.resistance.plot
    x, y = plot.curves[2].visible_points
    place = plot.getViewBox().mapViewToScene(QtCore.QPointF(x[len(x) // 2], y[len(y) // 2]))
    found = plot.run_at(place)
    assert found in (1, 2, 3)
    page.bring_forward(2)
    assert [panel.plot.forward for panel in page.panels] == [2, 2, 2]
    assert page.legend.entered_run == 2
    assert plot.curves[2].opts["pen"].width() > plot.curves[1].opts["pen"].width()
    page.bring_forward(None)
    assert plot.forward is None


def test_nothing_is_pointed_at_far_from_every_curve(page):
    plot = page.voltage.plot
    assert plot.run_at(QtCore.QPointF(-100, -100)) is None


def test_another_abscissa_draws_anew_and_is_remembered(page):
    before = page.resistance.plot.curves[1].drawn.trace.last
    page.against.setCurrentText("t / h since current on")
    assert page.resistance.plot.curves[1].drawn.trace.last == pytest.approx(8.0, abs=0.2)
    assert before == pytest.approx(1.0, abs=0.05)
    assert page.desk.memory.text("compare against") == "t / h since current on"
    assert page.resistance.plot.getAxis("bottom").labelText.startswith("<i>t</i>")


def test_delete_takes_a_run_out_of_the_comparison_and_clear_takes_all(qtbot, page):
    page.legend.setFocus()
    page.legend.setCurrentRow(1)
    qtbot.keyClick(page.legend, Key.Key_Delete)
    assert page.desk.memory.text("compared") == "1 3"
    assert set(page.resistance.plot.curves) == {1, 3}
    page.clearing.click()
    assert page.body.currentWidget() is page.empty


def test_enter_in_the_legend_watches_the_run(qtbot, page):
    page.legend.setFocus()
    page.legend.setCurrentRow(0)
    window, desk = page.window(), page.desk
    qtbot.keyClick(page.legend, Key.Key_Return)
    assert window.front.name == "live"
    wait(qtbot, lambda: desk.run == 1)


def test_a_run_that_is_not_there_is_told_beside_the_others(qtbot, page):
    page.desk.memory.keep("compared", "1 77")
    page.come_forward()
    wait(qtbot, lambda: page.legend.count() == 2 and "no run 77" in page.legend.item(1).toolTip())
    assert set(page.resistance.plot.curves) == {1}


def test_the_other_concentration_drop_changes_the_coefficient(page):
    before = page.sand._sand.series[0].line.diffusion
    page.sand.drop.click()
    assert page.sand._sand.series[0].line.diffusion / before == pytest.approx(2.33, abs=0.01)
    assert "c_min" in page.sand.drop.text()


def test_columns_for_export_name_run_and_unit(page):
    columns = page.resistance.columns()
    assert "R_int / kΩ cm², run 2" in columns
    assert len(columns["Q/Q₀, run 2"]) == len(columns["R_int / kΩ cm², run 2"])
    assert np.all(np.diff(columns["Q/Q₀, run 1"]) >= 0)
    assert list(page.sand.columns()["run"]) == [1, 2, 3]


def test_a_panel_fills_the_page_and_escape_brings_the_others_back(qtbot, page):
    page.sand.maximised.emit()
    assert page.sand.isVisible()
    assert not page.resistance.isVisible()
    page.legend.setFocus()
    qtbot.keyClick(page.legend, Key.Key_Escape)
    assert page.resistance.isVisible()


def test_zooming_in_shows_finer_points_of_the_same_curve(qtbot, page):
    plot = page.voltage.plot
    plot.setXRange(1.0, 1.2, padding=0)
    x, _ = plot.curves[1].visible_points
    assert x[0] <= 1.0
    assert x[-1] >= 1.2
    assert len(x) < 40
