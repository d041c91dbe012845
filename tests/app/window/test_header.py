"""The header fits: nothing of it is cut, and nothing lies on something else."""

import pytest

from app.window.drawn import style
from app.window.drawn.footer import Footer
from app.window.drawn.labels import ElidedLabel
from app.window.drawn.marks import HeartDot
from app.window.drawn.value_tiles import LEAST, SIZES
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.shown.footing import FooterPart
from app.window.shown.health import lights
from core.clock import utc_now


def parts(window):
    """What carries text in the header, with its place in the window."""
    found = []
    for widget in window.header.findChildren(QtWidgets.QWidget):
        bears_text = isinstance(widget, QtWidgets.QLabel | QtWidgets.QPushButton)
        if widget.isVisible() and bears_text and widget.text():
            found.append((widget, QtCore.QRect(widget.mapTo(window, QtCore.QPoint()), widget.size())))
    return found


@pytest.fixture
def stripping(live_run):
    live_run.journal.instrument("chamber", "LabEvent T/110/70/3", "5", "SS:55")
    live_run.journal.instrument("gauge", "Mark-10", "", "V1.00")
    live_run.strip(30, every=600.0)
    return live_run


@pytest.mark.parametrize("size", [(1100, 700), (1440, 900), (2560, 1440)])
def test_nothing_is_cut_or_overlaps(qtbot, open_window, url, stripping, size):
    window = open_window(url)
    window.resize(*size)
    qtbot.waitUntil(lambda: "cut-off 4 V" in window.header.progress.text())
    qtbot.waitUntil(lambda: len(window.header.lights) == 3)
    assert window.size() == QtCore.QSize(*size)
    window.refresh()
    QtWidgets.QApplication.processEvents()
    found = parts(window)
    for widget, place in found:
        assert QtCore.QRect(0, 0, *size).contains(place), widget.text()
        if isinstance(widget, ElidedLabel):
            assert not widget.elided, widget.text()
        else:
            text = widget.text().replace("&", "")
            assert QtGui.QFontMetrics(widget.font()).horizontalAdvance(text) <= place.width(), text
    for index, (one, place) in enumerate(found):
        for other, another in found[index + 1 :]:
            assert not place.intersects(another), (one.text(), other.text())


@pytest.mark.parametrize(("width", "least"), [(1100, 24), (1440, 30)])
def test_the_live_values_are_all_of_one_size_and_large(qtbot, open_window, url, stripping, width, least):
    window = open_window(url)
    window.resize(width, 900)
    qtbot.waitUntil(lambda: window.header.tiles[0].value.text() != "–")
    window.refresh()
    pixels = {tile.value.font().pixelSize() for tile in window.header.tiles}
    assert len(pixels) == 1
    assert least <= pixels.pop() <= SIZES[0]


def test_enlarged_writing_leaves_the_live_values_whole(qtbot, open_window, url, stripping):
    style.enlarge(1.3)
    try:
        window = open_window(url)
        window.resize(1100, 700)
        qtbot.waitUntil(lambda: window.header.tiles[0].value.text() != "–")
        window.refresh()
        QtWidgets.QApplication.processEvents()
        for tile in window.header.tiles:
            for part in (tile.value, tile.unit):
                wanted = QtGui.QFontMetrics(part.font()).horizontalAdvance(part.text())
                assert wanted <= part.width(), part.text()
            assert tile.value.font().pixelSize() >= LEAST
    finally:
        style.enlarge(1.0)


def test_a_narrow_footer_leaves_out_what_nothing_can_be_wrong_with(qtbot):
    footer = Footer()
    qtbot.addWidget(footer)
    parts = (FooterPart("store ok", True), FooterPart("5 spectra"), FooterPart("bench 2, channel 1"))
    footer.resize(900, 24)
    footer.show_parts((*parts, FooterPart("disk 1 GB", False)), "/a/store.sqlite")
    assert "channel 1" in footer.text.text()
    footer.resize(360, 24)
    footer.show_parts((*parts, FooterPart("disk 1 GB", False)), "/a/store.sqlite")
    assert "channel 1" not in footer.text.text()
    assert "store ok" in footer.text.text()
    assert "disk 1 GB" in footer.text.text()


def test_a_long_reason_gives_way_to_the_buttons(qtbot, open_window, url, store, make_run):
    run = make_run()
    run.rest()
    run.end(reason="R_int is within the band of 0.27 ± 0.05 kΩ cm² for five minutes, at last")
    window = open_window(url)
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: window.header.title.word.text() == "finished")
    remark = window.header.title.remark
    assert "at last" in remark.toolTip()
    assert not window.header.title.word.elided
    edge = remark.mapTo(window, remark.rect().topRight()).x()
    assert edge < window.header.title.badge.mapTo(window, QtCore.QPoint()).x()


def test_a_shortened_label_has_all_of_its_words_in_its_tip(qtbot):
    label = ElidedLabel(16)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show_text("a line that does not fit into sixty pixels")
    assert label.elided
    assert label.toolTip() == "a line that does not fit into sixty pixels"
    label.resize(600, 20)
    label.show_text("a line that does not fit into sixty pixels")
    assert label.toolTip() == ""


def test_health_lights_have_a_shape_each_and_say_what_is_wrong(qtbot, open_window, url, stripping):
    window = open_window(url)
    qtbot.waitUntil(lambda: len(window.header.lights) == 3)
    stripping.journal.instrument_health("gauge", "failing", "no answer")
    gauge = window.header.lights[2]
    qtbot.waitUntil(lambda: "no answer" in gauge.toolTip())
    assert "Look at its display" in gauge.toolTip()
    assert "failing" in gauge.accessibleName()
    levels = {light.role: light.level for light in lights(window.desk.feed.view.snapshot)}
    shapes = {style.standing(level).shape for level in ("good", "late", "bad", "quiet")}
    assert len(shapes) == 4
    assert levels["gauge"] == "bad"


def test_the_heart_beats_when_the_run_was_heard_of_again(qtbot):
    dot = HeartDot()
    qtbot.addWidget(dot)
    now = utc_now()
    dot.show_heartbeat(now, late=False)
    assert dot.beats
    dot.BEAT = 0.0
    qtbot.waitUntil(lambda: (dot.show_heartbeat(now, late=False), not dot.beats)[1])
    dot.show_heartbeat(now, late=True)
    assert "not been heard of" in dot.toolTip()
    dot.show_heartbeat(None, late=False)
    assert "No run is live" in dot.toolTip()


def test_the_bar_bears_depletion_and_its_band(qtbot, open_window, url, stripping):
    window = open_window(url)
    qtbot.waitUntil(lambda: window.header.bar.mark is not None)
    bar = window.header.bar
    assert bar.share < bar.band[0] < bar.mark < bar.band[1] <= 1
    picture = bar.grab().toImage()
    middle = picture.height() // 2
    colour = picture.pixelColor(int(picture.width() * bar.mark) + 1, middle).name()
    assert colour == QtGui.QColor(style.palette().ink).name()
