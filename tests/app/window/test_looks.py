"""How the window looks is chosen by keys, kept over a restart, and changes nothing else."""

import pytest

from app.window.drawn import style
from app.window.drawn.keys_sheet import keys_of
from app.window.drawn.memory import Memory
from app.window.qt import QtCore, QtWidgets
from app.window.shown.units import Units

Key = QtCore.Qt.Key


@pytest.fixture(autouse=True)
def as_it_was():
    yield
    style.use("light")
    style.enlarge(1.0)


@pytest.fixture
def watched(qtbot, open_window, url, finished_run):
    window = open_window(url)
    qtbot.waitUntil(lambda: window.desk.run == 1 and not window.desk.feed.view.loading)
    return window


def test_another_theme_keeps_run_page_cursor_and_size(qtbot, watched):
    watched.resize(1200, 800)
    watched.desk.point(7200.0)
    before, header = watched.centralWidget(), watched.header
    qtbot.mouseClick(watched.places.theme, QtCore.Qt.MouseButton.LeftButton)
    assert style.palette().name == "dark"
    assert watched.centralWidget() is not before
    assert watched.header is not header
    assert watched.desk.cursor == 7200.0
    assert watched.desk.run == 1
    assert (watched.width(), watched.height()) == (1200, 800)
    assert watched.front.name == "live"
    qtbot.waitUntil(lambda: watched.header.title.word.text() == "finished")
    assert watched.desk.memory.text("theme") == "dark"
    # What was there before is gone for good, and nothing still reaches for it.
    qtbot.wait(500)
    watched.desk.use_units(Units(areal=False))
    watched.desk.point(None)
    assert watched.places.units.text() == "kΩ"


def test_writing_is_enlarged_step_by_step_and_set_back(qtbot, watched):
    normal = watched.header.title.cell.font().pixelSize()
    watched.enlarge(1)
    watched.enlarge(1)
    assert watched.header.title.cell.font().pixelSize() == round(normal * 1.3)
    assert watched.desk.memory.text("scale") == "1.3"
    for _ in range(9):
        watched.enlarge(1)
    assert style.scale() == style.SCALES[-1]
    watched.enlarge(0)
    assert watched.header.title.cell.font().pixelSize() == normal


def test_units_change_in_the_tiles_and_are_remembered(qtbot, watched):
    units = {tile.caption.name: tile.unit.text() for tile in watched.header.tiles}
    assert units["R_int"] == "kΩ cm²"
    qtbot.mouseClick(watched.places.units, QtCore.Qt.MouseButton.LeftButton)
    units = {tile.caption.name: tile.unit.text() for tile in watched.header.tiles}
    assert (units["R_int"], units["Q"]) == ("kΩ", "mAh")
    assert not watched.desk.memory.yes("areal", True)


@pytest.mark.parametrize("keys", ["U", "T", "F1"])
def test_single_keys_stay_with_their_buttons(watched, keys):
    button = {"U": watched.places.units, "T": watched.places.theme, "F1": watched.places.keys}[keys]
    assert button.shortcut().toString() == keys


def test_a_letter_that_is_typed_into_a_field_is_no_shortcut(qtbot, watched):
    watched.front.left.search.setFocus()
    qtbot.keyClicks(watched.front.left.search, "ut?")
    assert watched.front.left.search.text() == "ut?"
    assert style.palette().name == "light"
    assert not watched.keys.isVisible()


def test_the_sheet_of_keys_is_in_the_way_of_nothing(qtbot, watched):
    qtbot.mouseClick(watched.places.keys, QtCore.Qt.MouseButton.LeftButton)
    assert watched.keys.isVisible()
    assert QtWidgets.QApplication.activeModalWidget() is None
    assert watched.rect().contains(watched.keys.geometry())
    qtbot.keyClick(watched.keys, Key.Key_Escape)
    assert not watched.keys.isVisible()


def test_the_sheet_has_the_keys_of_buttons_pages_and_the_window(watched):
    found = {key.keys: key.does for key in keys_of(watched)}
    assert found["Ctrl+Shift+S"] == "Stop: current off"
    assert found["Ctrl+N"] == "write a note"
    assert found["/"] == "search the newest runs"
    assert found["Ctrl+1"].startswith("Live: ")
    assert found["L"] == "live again"
    assert "U" in found
    assert all(found.values())


def test_the_sheet_has_no_keys_of_pages_that_are_not_in_front(qtbot, watched):
    watched.go("runs")
    watched.show_keys()
    shown = [each.text() for each in watched.keys.findChildren(QtWidgets.QLabel) if each.isVisible()]
    assert "live again" not in shown
    assert "write a note" in shown


def test_size_page_theme_and_units_are_there_again(qtbot, open_window, url, finished_run, tmp_path):
    settings = tmp_path / "window.ini"
    window = open_window(url, memory=Memory(settings))
    window.resize(1200, 820)
    window.change_theme()
    window.change_units()
    window.close()
    memory = Memory(settings)
    again = open_window(url, memory=memory, page="")
    assert (again.width(), again.height()) == (1200, 820)
    assert memory.text("theme") == "dark"
    assert memory.text("page") == "live"
    assert again.desk.units == Units(areal=False)


def test_a_page_that_is_not_there_any_more_is_not_gone_to(qtbot, open_window, url, finished_run):
    memory = Memory()
    memory.keep("page", "the page of another version")
    window = open_window(url, memory=memory, page="")
    assert window.front.name == "live"
    window.desk.page_wanted.emit("nowhere")
    assert window.front.name == "live"
