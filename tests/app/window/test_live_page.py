"""The live page: one cursor through all panels, marks, switches, keys and what is remembered."""

import numpy as np
import pytest

from app.window.desk import Desk
from app.window.drawn.curves import LongCurve
from app.window.drawn.memory import Memory
from app.window.drawn.plot import Plot
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.reading.series import Pyramid
from app.window.shown.traces import LongTrace
from app.window.window import Window
from core.records import Event

Key, Left, Shift = QtCore.Qt.Key, QtCore.Qt.MouseButton.LeftButton, QtCore.Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def open_page(qtbot, url):
    """Open the real window; return it and its live page once the run has been read."""

    def open_page(memory=None):
        window = Window(Desk(url, None, memory))
        qtbot.addWidget(window)
        window.start()
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        page = window.page("live")
        qtbot.waitUntil(lambda: not window.desk.feed.view.loading and page._drawn is not None)
        qtbot.wait(250)
        window.setFocus()
        return window, page

    return open_page


def place(plot, x, y_share=0.5):
    """Where an x of a plot is, in pixels of its viewport."""
    low, high = plot.box.viewRange()[1]
    scene = plot.box.mapViewToScene(QtCore.QPointF(x, low + y_share * (high - low)))
    return plot.mapFromScene(scene)


def drag(qtbot, plot, begin, end, modifier=QtCore.Qt.KeyboardModifier.NoModifier):
    view, steps = plot.viewport(), 8
    qtbot.mousePress(view, Left, modifier, begin)
    for each in range(1, steps + 1):
        at = begin + (end - begin) * each / steps
        moved = QtGui.QMouseEvent(QtCore.QEvent.Type.MouseMove, QtCore.QPointF(at), Left, Left, modifier)
        QtWidgets.QApplication.sendEvent(view, moved)
        qtbot.wait(15)
    qtbot.mouseRelease(view, Left, modifier, end)


def lines(page):
    return [each.line for each in page.time_cursor._lines]


def test_a_click_in_the_voltage_points_all_panels_at_that_time(qtbot, open_page, live_run):
    window, page = open_page()
    assert not any(line.isVisible() for line in lines(page))
    assert page.line.chip.text() == "● live"
    qtbot.mouseClick(page.voltage.plot.viewport(), Left, pos=place(page.voltage.plot, 2.5))
    assert window.desk.cursor == pytest.approx(9000.0, abs=120.0)
    assert all(line.isVisible() for line in lines(page))
    in_charge, _, in_time = lines(page)[:3]
    assert in_time.value() == pytest.approx(window.desk.cursor / 3600)
    assert in_charge.value() == pytest.approx(0.1 * (window.desk.cursor / 3600 - 0.5), abs=5e-3)
    assert page.line.chip.text().startswith("◆ selected 2:")
    assert "press L for live" in page.line.chip.text()
    qtbot.waitUntil(lambda: page._drawn.selected is not None)
    qtbot.keyClick(window, Key.Key_L)
    assert window.desk.cursor is None
    assert not any(line.isVisible() for line in lines(page))


def test_a_click_in_the_contact_points_at_the_nearest_fit(qtbot, open_page, live_run):
    window, page = open_page()
    qtbot.mouseClick(page.contact.resistance.viewport(), Left, pos=place(page.contact.resistance, 0.2))
    times = page._drawn.column("time")
    assert window.desk.cursor in times
    assert window.desk.cursor == pytest.approx(1800 + 7200, abs=600)


def test_dragging_moves_the_cursor_and_with_shift_zooms(qtbot, open_page, live_run):
    window, page = open_page()
    plot = page.voltage.plot
    seen = []
    window.desk.pointed.connect(seen.append)
    drag(qtbot, plot, place(plot, 1.0), place(plot, 3.0))
    assert len(seen) > 3
    assert window.desk.cursor == pytest.approx(3 * 3600, abs=200)
    before = plot.box.viewRange()[0]
    drag(qtbot, plot, place(plot, 1.0, 0.2), place(plot, 2.0, 0.7), Shift)
    after = plot.box.viewRange()[0]
    assert after == pytest.approx([1.0, 2.0], abs=0.1)
    assert before[0] < after[0] < after[1] < before[1]
    assert window.desk.cursor == pytest.approx(3 * 3600, abs=200)
    assert page.voltage.pressure.box.viewRange()[0] == pytest.approx(after)


def test_keys_step_from_spectrum_to_spectrum(qtbot, open_page, live_run):
    window, page = open_page()
    times = page._drawn.column("time")
    qtbot.keyClick(window, Key.Key_Left)
    assert window.desk.cursor == times[-1]
    qtbot.keyClick(window, Key.Key_Left)
    assert window.desk.cursor == times[-2]
    qtbot.keyClick(window, Key.Key_Home)
    assert window.desk.cursor == times[0]
    qtbot.keyClick(window, Key.Key_Right)
    assert window.desk.cursor == times[1]
    qtbot.waitUntil(lambda: page._drawn.selected is not None and page._drawn.selected.stored.id == 2)
    qtbot.keyClick(window, Key.Key_End)
    assert window.desk.cursor is None


def test_who_writes_does_not_step(qtbot, open_page, live_run):
    window, page = open_page()
    field = QtWidgets.QLineEdit(page)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.wait(250)
    qtbot.keyClicks(field, "flat [f]")
    qtbot.keyClick(field, Key.Key_Home)
    qtbot.keyClick(field, Key.Key_Right)
    assert field.text() == "flat [f]"
    assert window.desk.cursor is None
    assert page.parts.has_rail("left")
    assert page.parts.whole is None


def test_pins_say_what_happened_and_point_there(qtbot, open_page, live_run, store):
    live_run.journal.event(Event("note", "creaked", 5400.0))
    store.annotate(1, "note", "looked at it", time=10800.0, author="Eva")
    window, page = open_page()
    row = page.voltage.pins
    qtbot.waitUntil(lambda: len(row.clusters) == 2)
    note = row.clusters[1]
    assert note.text == "3:00 h  note: looked at it (Eva)"
    pixel = page.voltage.plot.mapFromScene(row.mapToScene(row.place_of(note)))
    assert row.cluster_at(row.place_of(note)) is note
    qtbot.mouseClick(page.voltage.plot.viewport(), Left, pos=pixel)
    assert window.desk.cursor == 10800.0


def test_contact_switches_between_charge_and_time_and_remembers(qtbot, open_page, live_run, tmp_path):
    window, page = open_page(Memory(tmp_path / "window.ini"))
    x, _ = page.contact.curves[0][0].getData()
    assert x.max() < 0.5
    page.contact.against_time.choose(1)
    x, _ = page.contact.curves[0][0].getData()
    assert x.max() > 4.0
    page.contact.relative.choose(1)
    _, relative = page.contact.curves[1][0].getData()
    assert relative.max() < 1.1
    window.close()
    _, again = open_page(Memory(tmp_path / "window.ini"))
    assert (again.contact.against_time.chosen, again.contact.relative.chosen) == (1, 1)


def test_contact_has_a_band_of_error_and_follows_the_units(qtbot, open_page, live_run):
    window, page = open_page()
    assert not page.contact.curves[0].band.path.isEmpty()
    before = page.contact.columns()["R_int / kΩ cm²"]
    window.desk.use_units(type(window.desk.units)(areal=False))
    page.settle()
    after = page.contact.columns()["R_int / kΩ"]
    assert after * 0.2827 == pytest.approx(before, rel=1e-3)


def test_the_contact_of_a_cycled_cell_is_drawn_where_the_charge_runs_back(qtbot, open_page, make_run):
    run = make_run()
    run.rest()
    run.strip(20, every=600.0)
    run.current = -run.current
    run.strip(20, every=600.0)
    _, page = open_page()
    x, _ = page.contact.curves[0][0].getData()
    assert len(x) == 40
    assert x.max() > 0.3
    assert x[-1] == pytest.approx(0.0, abs=0.02)


def test_an_empty_plot_says_why(qtbot, open_page, make_run):
    make_run()
    _, page = open_page()
    assert page.voltage.plot.words == "no reading yet"
    assert page.contact.resistance.words == "begins with the current"


def test_the_time_axis_can_read_as_a_clock(qtbot, open_page, live_run):
    _, page = open_page()
    axis = page.voltage.axes[2]
    low, high = axis.range

    def words():
        return axis.tickStrings(axis.tickValues(low, high, 400)[0][1], 1.0, 1.0)

    assert all(":" not in word for word in words())
    page.voltage.clock.choose(1)
    assert any(":" in word for word in words())
    assert "time of day" in axis.label.toPlainText()


def test_one_panel_fills_the_page_and_gives_it_back(qtbot, open_page, live_run):
    window, page = open_page()
    qtbot.mouseDClick(page.contact.heading, Left)
    assert page.contact.isVisible()
    assert not page.nyquist.isVisible()
    assert not page.voltage.isVisible()
    qtbot.keyClick(window, Key.Key_Escape)
    assert page.nyquist.isVisible()
    assert page.voltage.isVisible()
    page.voltage.plot.setFocus()
    qtbot.keyClick(window, Key.Key_F)
    qtbot.waitUntil(lambda: page.parts.whole is not None)
    qtbot.keyClick(window, Key.Key_F)
    assert page.parts.whole is None


def test_rails_fold_with_keys_and_are_remembered(qtbot, open_page, live_run, tmp_path):
    window, page = open_page(Memory(tmp_path / "window.ini"))
    qtbot.keyClick(window, Key.Key_BracketLeft)
    qtbot.keyClick(window, Key.Key_BracketRight)
    assert not page.left.isVisible()
    assert not page.right.isVisible()
    window.close()
    window, page = open_page(Memory(tmp_path / "window.ini"))
    assert not page.left.isVisible()
    qtbot.keyClick(window, Key.Key_BracketLeft)
    assert page.left.isVisible()


def test_a_narrow_window_folds_the_left_rail_without_remembering_it(qtbot, open_page, live_run):
    window, page = open_page()
    assert page.left.isVisible()
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: not page.left.isVisible())
    assert window.width() == 1100
    assert window.desk.memory.yes("rail left", True)
    window.resize(1440, 900)
    qtbot.waitUntil(page.left.isVisible)


def test_every_menu_offers_range_and_export(qtbot, open_page, live_run):
    _, page = open_page()
    for panel in page.panels():
        words = [action.text() for action in panel.menu.actions()]
        assert {"Fit range", "Export as SVG …", "Export as PNG …", "Export as CSV …"} <= set(words)
        assert panel.more.focusPolicy() & QtCore.Qt.FocusPolicy.TabFocus
    log = next(each for each in page.contact.menu.actions() if "R_int" in each.text())
    assert log.isChecked()
    log.trigger()
    assert not page.contact.resistance.logarithmic("y")
    assert page.contact.threshold.value() == pytest.approx(10.0)


def test_a_long_trace_hands_few_points_to_the_plot_at_any_zoom(qtbot):
    pyramid, time = Pyramid(), np.arange(1_000_000.0)
    value = np.sin(time / 3e4)
    value[777_777] = 50.0
    pyramid.extend(time, value)
    plot = Plot("<i>E</i> / V", "<i>t</i> / h")
    qtbot.addWidget(plot)
    curve = LongCurve("#000000")
    plot.addItem(curve)
    plot.resize(500, 200)
    plot.show()
    curve.show(LongTrace(pyramid))
    qtbot.wait(50)
    x, y = curve.getData()
    assert plot.box.viewRange()[0][1] >= 999_999 / 3600
    assert 100 < len(x) <= 1000
    assert y.max() == 50.0
    plot.setXRange(777_000 / 3600, 778_500 / 3600, padding=0)
    x, y = curve.getData()
    assert 100 < len(x) <= 1502
    assert y.max() == 50.0
    plot.setXRange(0, 10, padding=0)
    _, y = curve.getData()
    assert y.max() < 1.1
    assert curve.opts["pen"].widthF() == 1


def test_the_readout_shows_whole_values_only_and_the_rest_where_the_mouse_rests(qtbot, open_page, live_run):
    window, page = open_page()
    window.desk.point(9000.0)
    page.settle()
    whole = page.line.values.toolTip()
    for width in (1700, 1440, 1100):
        window.resize(width, 900)
        qtbot.wait(30)
        shown = page.line.values
        document = QtGui.QTextDocument()
        document.setDefaultFont(shown.font())
        document.setDocumentMargin(0)
        document.setHtml(shown.text())
        assert document.idealWidth() <= shown.width() + 1
    assert page.line.values.text().endswith("…")
    assert "MPa" in whole
