import numpy as np
import pytest

from app.window.qt import QtCore, QtGui, QtWidgets

HOUR = 3600.0


@pytest.fixture
def window(qtbot, url, store, live_run):
    from app.window.desk import Desk
    from app.window.drawn import style
    from app.window.window import Window

    style.use("light")
    made = Window(Desk(url))
    qtbot.addWidget(made)
    made.desk.feed.read_all()
    made.show()
    qtbot.waitExposed(made)
    refreshed(made)
    yield made
    made.close()


def refreshed(window):
    """Read and draw anew, as the two threads of a running window do by turns."""
    window.desk.feed.round()
    window.refresh()
    window.front.settle()
    QtWidgets.QApplication.processEvents()


def pixel_of(plot, x, y):
    scene = plot.getViewBox().mapViewToScene(QtCore.QPointF(x, y))
    return plot.mapFromScene(scene)


def click(qtbot, plot, x, y):
    qtbot.mouseClick(plot.viewport(), QtCore.Qt.MouseButton.LeftButton, pos=pixel_of(plot, x, y))


def hover(plot, x, y):
    scene = plot.getViewBox().mapViewToScene(QtCore.QPointF(x, y))
    plot.scene().sigMouseMoved.emit(scene)


def legend(panel):
    document = QtGui.QTextDocument()
    document.setHtml(panel.caption.legend.text())
    return document.toPlainText().replace("\u00a0", " ")


def test_a_click_on_a_spectrum_of_the_history_selects_it(qtbot, window):
    panel = window.front.nyquist
    drawn = panel._drawn
    chosen = len(drawn.past) // 2
    place = int(drawn.past.start[chosen + 1]) - 12
    panel.whole.setChecked(True)
    QtWidgets.QApplication.processEvents()
    click(qtbot, panel.plot, drawn.past_x[place], drawn.past_y[place])
    assert window.desk.cursor is not None
    refreshed(window)
    assert panel.which.text().startswith("selected, ")
    assert panel.which.text().split(", ")[1] == f"{window.desk.cursor / HOUR:.2f} h"
    assert len(panel.last.getData()[0]) == 69
    assert "last" in legend(panel)


def test_a_click_beside_all_spectra_selects_nothing(qtbot, window):
    panel = window.front.nyquist
    (left, right), (_, top) = panel.plot.viewRange()
    click(qtbot, panel.plot, left + 0.9 * (right - left), 0.97 * top)
    assert window.desk.cursor is None


def test_the_point_under_the_mouse_is_read_out(window):
    panel = window.front.nyquist
    drawn = panel._drawn
    hover(panel.plot, drawn.used.x[40], drawn.used.y[40])
    assert "Z′" in panel.caption.readout.text()
    assert f"{drawn.used.hour:.2f} h" in panel.caption.readout.text()
    assert panel.finder.ring.isVisible()
    QtWidgets.QApplication.sendEvent(panel.plot, QtCore.QEvent(QtCore.QEvent.Type.Leave))
    assert panel.caption.readout.text() == ""
    assert not panel.finder.ring.isVisible()


def test_the_spectrum_that_is_looked_at_fills_the_plot_until_all_are_wanted(window):
    panel = window.front.nyquist
    drawn = panel._drawn
    (left, right), (bottom, top) = panel.plot.viewRange()
    bounds = drawn.looked_at
    assert left <= bounds[0]
    assert right >= bounds[1]
    assert top >= bounds[3]
    assert min((right - left) / bounds[1], (top - bottom) / bounds[3]) < 2
    window.desk.point(drawn.past.hour[1] * HOUR)
    refreshed(window)
    narrow = panel.plot.viewRange()[0]
    assert narrow[1] <= right
    panel.whole.setChecked(True)
    assert panel.plot.viewRange()[0][1] >= panel._drawn.everything[1]
    panel.fit_ranges()
    assert not panel.whole.isChecked()
    assert panel.plot.viewRange()[0] == pytest.approx(narrow, abs=0.3 * narrow[1])


def test_a_range_that_somebody_chose_stays(window, live_run):
    panel = window.front.nyquist
    panel.plot.setXRange(0.1, 0.2, padding=0)
    panel.plot.getViewBox().sigRangeChangedManually.emit([True, True])
    chosen = panel.plot.viewRange()
    live_run.strip(2, every=600.0)
    refreshed(window)
    refreshed(window)
    assert panel.plot.viewRange() == chosen
    panel.fit_ranges()
    assert panel.plot.viewRange() != chosen


def test_masked_points_are_hollow(window):
    panel = window.front.nyquist
    assert len(panel.masked.getData()[0]) == 2
    assert panel.masked.inside == "#ffffff"
    assert "masked" in legend(panel)


def test_a_spectrum_of_nothing_but_nan_is_explained(window, live_run):
    nothing = live_run.journal.spectrum(live_run.step, spectrum_of_nan(live_run.time))
    assert nothing
    refreshed(window)
    refreshed(window)
    page = window.front
    assert page.nyquist.plot.words == "none of the 69 points of this spectrum is a number"
    for view in page.spectrum.VIEWS:
        page.spectrum.look_at(view)
        refreshed(window)
        face = page.spectrum.faces[page.spectrum.VIEWS.index(view)]
        assert "is a number" in face.plots[0].words


def spectrum_of_nan(time):
    from core.records import Spectrum

    nan, still = np.full(69, np.nan), np.full(69, 2.8e-6)
    times = time + np.linspace(0.4, 27.0, 69)
    return Spectrum("GEIS", np.geomspace(7e6, 1, 69), nan + 1j * nan, times, nan, nan, still, still, 2.8e-6)


def test_what_is_not_seen_is_not_computed(window):
    spectrum, feed = window.front.spectrum, window.desk.feed
    refreshed(window)
    assert feed.view.snapshot.residuals is feed.view.snapshot.distribution is None
    spectrum.look_at("drt")
    refreshed(window)
    assert feed.view.snapshot.distribution is not None
    spectrum.setCurrentIndex(1)
    refreshed(window)
    assert feed.view.snapshot.residuals is not None
    assert feed.view.snapshot.distribution is None
    spectrum.hide()
    refreshed(window)
    assert feed.view.snapshot.residuals is None


def test_keys_reach_tabs_waterfall_and_range(qtbot, window):
    page = window.front
    shortcuts = {key.key().toString(): key for key in page.findChildren(QtWidgets.QShortcut)}
    shortcuts["W"].activated.emit()
    assert page.spectrum.bode.waterfall.isChecked()
    assert "shifted" in page.spectrum.bode.which.text()
    shortcuts["A"].activated.emit()
    assert page.nyquist.whole.isChecked()
    assert [page.spectrum.tabText(tab) for tab in range(3)] == ["&Bode", "&KK residuals", "D&RT"]


def test_all_spectra_are_read_and_drawn_when_they_are_wanted(window, live_run):
    live_run.strip(230, every=60.0)
    for _ in range(20):
        refreshed(window)
    page = window.front
    some = len(page.nyquist._drawn.past)
    page.nyquist.choice.action.trigger()
    for _ in range(20):
        refreshed(window)
    assert some <= 200 < len(page.nyquist._drawn.past)
    page.spectrum.bode.draw(window.desk.feed.view.snapshot)
    assert page.spectrum.bode.choice.action.isChecked()
    page.spectrum.bode.choice.action.trigger()
    refreshed(window)
    assert len(page.nyquist._drawn.past) <= 200


def test_an_unchanged_history_is_not_drawn_again(window, live_run, monkeypatch):
    panel = window.front.nyquist
    pieces = panel.past._pieces
    assert pieces
    panel.draw(panel._drawn)
    window.desk.point(2 * HOUR)
    refreshed(window)
    assert panel.past._pieces is pieces


def shade(strokes):
    """The picture of a history, as bytes."""
    image = strokes._shown.pixels.toImage()
    return image.constBits().asstring(image.sizeInBytes())


def test_a_history_is_painted_once_and_moved_while_the_plot_moves(qtbot, window, monkeypatch):
    plot, strokes = window.front.nyquist.plot, window.front.nyquist.past
    qtbot.waitUntil(lambda: strokes._shown is not None and not strokes._timer.isActive())
    first, painted = strokes._shown, []
    monkeypatch.setattr(strokes, "_stroke", lambda *_: painted.append(1))
    plot.getViewBox().translateBy(x=0.05)
    plot.viewport().repaint()
    assert not painted
    assert strokes._shown is first
    monkeypatch.undo()
    qtbot.waitUntil(lambda: strokes._shown is not first)
    assert strokes._shown.place != first.place


def test_what_is_painted_in_pieces_is_what_is_painted_at_once(qtbot, window, monkeypatch):
    strokes = window.front.nyquist.past
    qtbot.waitUntil(lambda: strokes._shown is not None and not strokes._timer.isActive())
    in_pieces = shade(strokes)
    window.front.nyquist.plot.getViewBox().translateBy(x=0.0)
    strokes._next = None
    strokes._timer.start(10_000)
    assert strokes.finish()
    assert shade(strokes) == in_pieces
    assert any(in_pieces)
    assert not strokes.finish()


def test_every_face_gives_its_columns_with_units(window):
    from app.window.shown.units import Units

    page = window.front
    for view in page.spectrum.VIEWS:
        page.spectrum.look_at(view)
        refreshed(window)
    panels = (page.nyquist, *page.spectrum.faces)
    headings = [list(panel.columns()) for panel in panels]
    assert headings[0][:4] == ["f / Hz", "Z′ / kΩ cm²", "−Z″ / kΩ cm²", "used by the fit"]
    assert headings[1][:3] == ["f / Hz", "|Z| / kΩ cm²", "−φ / °"]
    assert headings[2][:3] == ["f / Hz", "Re ΔZ/|Z| / %", "Im ΔZ/|Z| / %"]
    assert headings[3][:2] == ["τ / s", "γ / kΩ cm²"]
    columns = page.nyquist.columns()
    assert np.all(np.diff(columns["f / Hz"]) < 0)
    assert columns["used by the fit"].sum() == 67
    assert len(columns["history: time / h"]) == len(columns["history: f / Hz"]) == 69 * 25
    assert all(panel.remarks() for panel in panels[:2])
    window.desk.use_units(Units(areal=False))
    page.settle()
    assert "Z′ / kΩ" in page.nyquist.columns()


@pytest.mark.parametrize("view", ["bode", "residuals", "drt"])
def test_a_tab_can_be_asked_for_by_name(window, view):
    window.front.look_at(view)
    assert window.front.spectrum.VIEWS[window.front.spectrum.currentIndex()] == view


def test_a_small_panel_keeps_its_room_for_the_plot(window):
    page = window.front
    page.look_at("residuals")
    refreshed(window)
    window.resize(1100, 700)
    for _ in range(3):
        QtWidgets.QApplication.processEvents()
    panel = page.spectrum.residuals
    assert panel.plot.height() > panel.height() / 2


def test_a_shaded_stretch_without_its_plot_has_no_bounds(qapp):
    from app.window.drawn.residuals_panel import Stretch

    region = Stretch(values=(0.0, 1.0))
    assert region.boundingRect() == QtCore.QRectF()
