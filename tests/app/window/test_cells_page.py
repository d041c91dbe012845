import threading
import zlib

import pytest

from app.window.desk import Desk
from app.window.drawn.cell_detail import EDIT, LIKE, REGISTER, RETIRE, TAKE_BACK
from app.window.drawn.cell_work import decode, read_photo
from app.window.drawn.memory import Memory
from app.window.qt import QtCore, QtGui, QtWidgets
from app.window.start import watch_run
from app.window.window import Window
from core.cell import Cell
from core.errors import BadInput
from core.records import Ended, RunState
from storage import open_store
from storage.photos import LARGEST

Key = QtCore.Qt.Key
LI = {"anode": "Li", "electrode_diameter": "6 mm"}


def cell(name: str, **more) -> Cell:
    return Cell.model_validate({"name": name, **LI, **more})


def photo(width: int = 80, height: int = 60, kind: str = "PNG") -> bytes:
    image = QtGui.QImage(width, height, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor("#8090a0"))
    buffer = QtCore.QBuffer()
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)
    return bytes(buffer.data())


@pytest.fixture
def open_cells(qtbot, url):
    """Open the real window on its Cells page; it is closed at the end of the test."""

    opened = []

    def open_cells(memory: Memory | None = None):
        window = Window(Desk(url, None, memory), "cells")
        qtbot.addWidget(window)
        # Nothing else holds the window, and its pages go with it.
        opened.append(window)
        window.start()
        window.show()
        return window.front

    return open_cells


def names(page):
    return [line.name for line in page.side.list.lines if line.row is not None]


def write(qtbot, page, path, text):
    editor = page.form.rows[path].editor
    if isinstance(editor, QtWidgets.QComboBox):
        editor.setCurrentText(text)
    else:
        editor.clear()
        qtbot.keyClicks(editor, text)


def checked(qtbot, page):
    qtbot.waitUntil(lambda: page.form.checked.draft is page.form.draft)
    return page.form.checked


def test_an_empty_registry_says_what_it_is_for(qtbot, open_cells, store):
    page = open_cells()
    qtbot.waitUntil(lambda: page.empty_title.text() == "No cell yet")
    assert page.right.currentWidget() is page.empty
    assert "normalises force" in page.empty_text.text()
    assert "New cells" in page.empty_text.text()


def test_a_missing_store_is_explained(qtbot, open_cells):
    page = open_cells()
    qtbot.waitUntil(lambda: page.trouble.isVisible())
    assert "There is no store" in page.trouble.text()
    assert page.empty_title.text() == "The registry cannot be read"


def test_a_store_that_vanishes_leaves_what_was_read(qtbot, open_cells, store, store_path):
    store.register_cell(cell("LLZO-07-Li-01"))
    page = open_cells()
    qtbot.waitUntil(lambda: names(page) == ["LLZO-07-Li-01"])
    store_path.rename(store_path.with_suffix(".away"))
    page.desk.catalogue.look()
    qtbot.waitUntil(lambda: page.trouble.isVisible())
    assert "What was read before stays" in page.trouble.text()
    assert names(page) == ["LLZO-07-Li-01"]
    assert page.right.currentWidget() is page.detail
    store_path.with_suffix(".away").rename(store_path)


def test_a_cell_shows_its_areas_history_runs_and_entries(qtbot, open_cells, store, finished_run):
    thick = cell("LLZO-07-LiMg-03", foil_thickness="200 µm", history={"formed_at": "glovebox press"})
    store.register_cell(thick, author="kim")
    store.register_cell(thick.model_copy(update={"foil_thickness": 1e-4}), remarks="measured", author="lee")
    page = open_cells()
    qtbot.waitUntil(lambda: len(page.detail.entries) == 2)
    assert page.detail.areas.electrode.area.text() == "0.2827 cm²"
    assert "current" in page.detail.areas.electrode.normalises.text()
    assert page.detail.areas.pellet.area.text() == "0.5411 cm²"
    assert "force" in page.detail.areas.pellet.normalises.text()
    assert ("History of it", "formed (glovebox press)") in page.detail.facts
    assert "foil thickness: 200 µm → 100 µm" in page.detail.entries[0][1]
    assert [each.run for each in page.detail.runs.runs] == [1]


def test_enter_on_a_run_watches_it_on_the_live_page(qtbot, open_cells, store, make_run):
    make_run().end()
    make_run().rest()
    store.register_cell(cell("LLZO-07-LiMg-03"))
    page = open_cells()
    window = page.window()
    qtbot.waitUntil(lambda: len(page.detail.runs.runs) == 2)
    page.detail.runs.selectRow(1)
    with qtbot.waitSignal(page.desk.run_changed) as told:
        qtbot.keyClick(page.detail.runs, Key.Key_Return)
    assert told.args == [1]
    assert window.front.name == "live"


def test_a_spent_electrode_is_unmistakable(qtbot, open_cells, store, make_run):
    run = make_run()
    run.rest()
    run.journal.finish(RunState.FINISHED, "cut-off", run.time, Ended.CUT_OFF)
    store.register_cell(cell("LLZO-07-LiMg-03"))
    page = open_cells()
    qtbot.waitUntil(lambda: page.detail.words.text() == "spent: cut-off")
    assert page.detail.sign.sign.shape == "cross"
    assert page.detail.banner.isVisible()
    assert "Mount a fresh one" in page.detail.banner.text()


def test_search_and_retired_cells(qtbot, open_cells, store):
    store.register_cells([cell("LLZO-07-Li-01"), cell("LLZO-08-Li-01")])
    store.register_cell(cell("LLZO-06-Li-01"), retired=True)
    page = open_cells()
    qtbot.waitUntil(lambda: names(page) == ["LLZO-07-Li-01", "LLZO-08-Li-01"])
    qtbot.mouseClick(page.side.retired, QtCore.Qt.MouseButton.LeftButton)
    assert "LLZO-06-Li-01" in names(page)
    qtbot.keyClick(page, "/")
    qtbot.waitUntil(lambda: page.side.search.hasFocus() or not page.isActiveWindow())
    qtbot.keyClicks(page.side.search, "llzo-08")
    assert names(page) == ["LLZO-08-Li-01"]
    assert page.detail.row.name == "LLZO-08-Li-01"
    qtbot.keyClicks(page.side.search, " nonsense")
    assert page.empty_title.text() == "No cell is found"


def test_the_list_is_gone_through_with_the_keyboard(qtbot, open_cells, store):
    store.register_cells([cell("LLZO-07-Li-01"), cell("LLZO-07-Li-02")])
    page = open_cells()
    qtbot.waitUntil(lambda: page.detail.row is not None)
    qtbot.keyClick(page.side.list, Key.Key_Down)
    assert page.detail.row.name == "LLZO-07-Li-02"


def test_a_name_that_only_runs_have_is_registered_as_its_newest_run_has_it(
    qtbot, open_cells, store, finished_run
):
    page = open_cells()
    qtbot.waitUntil(lambda: names(page) == ["LLZO-07-LiMg-03"])
    button = page.detail.buttons[REGISTER]
    assert button.text() == "Register from run 1"
    assert not page.detail.buttons[EDIT].isVisible()
    qtbot.mouseClick(button, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.detail.row.registered is not None)
    (found,) = store.cells()
    assert found.cell.anode == "Li0.9Mg0.1"
    assert page.detail.buttons[EDIT].isVisible()


def test_several_cells_are_registered_by_a_pattern(qtbot, open_cells, store):
    page = open_cells()
    qtbot.waitUntil(lambda: page.empty_title.text() == "No cell yet")
    page.side.new.click()
    assert page.right.currentWidget() is page.form
    for path, text in (("name", "LLZO-09-Li-{n:02d}"), ("count", "3"), ("anode", "Li")):
        write(qtbot, page, path, text)
    write(qtbot, page, "electrode_diameter", "6")
    assert not checked(qtbot, page).ready
    qtbot.waitUntil(lambda: "no unit" in page.form.rows["electrode_diameter"].error.text())
    assert not page.form.register.isEnabled()
    write(qtbot, page, "electrode_diameter", "6 mm")
    assert checked(qtbot, page).ready
    assert [page.form.names.item(row).text() for row in range(3)] == [f"✓ LLZO-09-Li-0{n}" for n in (1, 2, 3)]
    assert "0.2827 cm²" in page.form.areas.text()
    qtbot.mouseClick(page.form.register, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(names(page)) == 3)
    assert [each.name for each in store.cells()] == [f"LLZO-09-Li-0{n}" for n in (1, 2, 3)]
    assert page.right.currentWidget() is page.detail
    assert "3 cells are registered" in page.strip.text.text()


def test_a_taken_name_is_marked_and_cannot_be_registered(qtbot, open_cells, store):
    store.register_cell(cell("LLZO-09-Li-02"))
    page = open_cells()
    qtbot.waitUntil(lambda: bool(names(page)))
    page.press(LIKE)
    write(qtbot, page, "counter.working_electrode_number", "1")
    write(qtbot, page, "count", "2")
    assert checked(qtbot, page).taken == 1
    assert page.form.names.item(1).text() == "✕ LLZO-09-Li-02: registered already"
    assert "1 of the 2 names" in page.form.verdict.text()
    assert not page.form.register.isEnabled()


def test_a_name_that_is_taken_meanwhile_is_marked_while_one_types(qtbot, open_cells, store):
    page = open_cells()
    page.side.new.click()
    for path, text in (("name", "LLZO-11"), ("anode", "Li"), ("electrode_diameter", "6 mm")):
        write(qtbot, page, path, text)
    assert checked(qtbot, page).ready
    store.register_cell(cell("LLZO-11"))
    page.desk.catalogue.look()
    qtbot.waitUntil(lambda: page.form.checked.taken == 1)
    assert not page.form.register.isEnabled()


def test_an_edit_adds_an_entry_and_can_be_undone(qtbot, open_cells, store):
    store.register_cell(cell("LLZO-07-Li-01"), remarks="edge")
    page = open_cells()
    qtbot.waitUntil(lambda: page.detail.row is not None)
    page.press(EDIT)
    assert not page.form.rows["name"].editor.isEnabled()
    assert "runs keep the cell as it was" in page.form.hint.text()
    write(qtbot, page, "foil_thickness", "50 um")
    assert checked(qtbot, page).ready
    page.form.register.click()
    qtbot.waitUntil(lambda: len(page.detail.entries) == 2)
    entries = store.cell_entries("LLZO-07-Li-01")
    assert entries[-1].cell.foil_thickness == pytest.approx(50e-6)
    assert entries[-1].remarks == "edge"
    page.strip.undo.click()
    qtbot.waitUntil(lambda: len(store.cell_entries("LLZO-07-Li-01")) == 3)
    assert store.cells()[0].cell == entries[0].cell


def test_escape_leaves_the_form_and_changes_nothing(qtbot, open_cells, store):
    store.register_cell(cell("LLZO-07-Li-01"))
    page = open_cells()
    qtbot.waitUntil(lambda: page.detail.row is not None)
    page.press(EDIT)
    assert not page.side.isVisible()
    qtbot.mouseClick(page.form.cancel, QtCore.Qt.MouseButton.LeftButton)
    assert page.right.currentWidget() is page.detail
    assert page.side.isVisible()
    assert len(store.cell_entries("LLZO-07-Li-01")) == 1


def test_a_cell_is_retired_undone_and_taken_back(qtbot, open_cells, store):
    store.register_cell(cell("LLZO-07-Li-01"), remarks="edge")
    page = open_cells()
    page.side.retired.setChecked(True)
    qtbot.waitUntil(lambda: page.detail.row is not None)
    page.detail.buttons[RETIRE].click()
    qtbot.waitUntil(lambda: page.detail.row.retired)
    assert page.strip.text.text() == "✓ LLZO-07-Li-01 is retired."
    page.strip.undo.click()
    qtbot.waitUntil(lambda: not page.detail.row.retired)
    page.detail.buttons[RETIRE].click()
    qtbot.waitUntil(lambda: page.detail.buttons[TAKE_BACK].isVisible())
    page.detail.buttons[TAKE_BACK].click()
    qtbot.waitUntil(lambda: not page.detail.row.retired)
    assert [each.retired for each in store.cell_entries("LLZO-07-Li-01")] == [False, True, False, True, False]
    assert store.cells()[0].remarks == "edge"


def test_photos_are_shown_enlarged_and_put_back_by_the_keyboard(qtbot, open_cells, store):
    store.register_cell(cell("LLZO-07-Li-01"))
    first = store.add_photo("LLZO-07-Li-01", photo(), "mounted")
    second = store.add_photo("LLZO-07-Li-01", photo(40, 80, "JPG"), "stripped")
    page = open_cells()
    photos = page.detail.photos
    qtbot.waitUntil(lambda: len(photos.small) == 2)
    qtbot.waitUntil(lambda: all(not each.button.icon().isNull() for each in photos.small.values()))
    qtbot.keyClick(photos.small[first].button, Key.Key_Space)
    qtbot.waitUntil(lambda: photos.large.picture.shown.width() > 0)
    assert photos.large.photo.id == first
    qtbot.keyClick(photos.large.picture, Key.Key_Right)
    assert photos.large.photo.id == second
    qtbot.keyClick(photos.large.picture, Key.Key_Escape)
    assert photos.large.isHidden()


def test_photos_are_decoded_outside_the_windows_thread(qtbot, open_cells, store, monkeypatch):
    store.register_cell(cell("LLZO-07-Li-01"))
    store.add_photo("LLZO-07-Li-01", photo(), "mounted")
    threads = []

    def noting(data, room):
        threads.append(threading.current_thread())
        return decode(data, room)

    monkeypatch.setattr("app.window.pages.cells.decode", noting)
    open_cells()
    qtbot.waitUntil(lambda: bool(threads))
    assert threading.main_thread() not in threads


def test_a_dropped_file_becomes_a_photo(qtbot, open_cells, store, tmp_path):
    store.register_cell(cell("LLZO-07-Li-01"))
    (tmp_path / "after stripping.png").write_bytes(photo())
    page = open_cells()
    qtbot.waitUntil(lambda: page.detail.row is not None)
    mime = QtCore.QMimeData()
    mime.setUrls([QtCore.QUrl.fromLocalFile(str(tmp_path / "after stripping.png"))])
    copy = QtCore.Qt.DropAction.CopyAction
    nothing = QtCore.Qt.KeyboardModifiers(QtCore.Qt.KeyboardModifier.NoModifier)
    drop = QtGui.QDropEvent(QtCore.QPointF(9, 9), copy, mime, QtCore.Qt.MouseButton.LeftButton, nothing)
    page.detail.dropEvent(drop)
    qtbot.waitUntil(lambda: len(page.detail.photos.photos) == 1)
    assert page.detail.photos.photos[0].caption == "after stripping"
    assert "is in the store" in page.strip.text.text()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("notes.png", b"no picture", "neither PNG nor JPEG"),
        ("half.png", photo()[:40], "cannot be decoded"),
        ("large.png", bytes(LARGEST + 1), "MiB, more than 8 MiB"),
        ("missing.png", None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_photo_is_refused_in_words(qtbot, open_cells, store, tmp_path, name, data, words):
    store.register_cell(cell("LLZO-07-Li-01"))
    if data is not None:
        (tmp_path / name).write_bytes(data)
    page = open_cells()
    qtbot.waitUntil(lambda: page.detail.row is not None)
    page.add_photos([tmp_path / name])
    qtbot.waitUntil(lambda: words in page.strip.text.text())
    assert "No photo was added" in page.strip.text.text()
    assert store.photos("LLZO-07-Li-01") == []
    assert not page.strip.undo.isVisible()


def test_a_photo_of_too_many_pixels_is_not_decoded(tmp_path):
    data = bytearray(photo())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    with pytest.raises(BadInput, match="60000 × 60000 pixels"):
        decode(bytes(data), QtCore.QSize(64, 64))
    (tmp_path / "huge.png").write_bytes(bytes(data))
    with pytest.raises(BadInput, match=r"huge\.png: the photo has"):
        read_photo(tmp_path / "huge.png")


def test_what_was_looked_at_is_remembered(qtbot, open_cells, store):
    store.register_cells([cell("LLZO-07-Li-01"), cell("LLZO-07-Li-02")])
    memory = Memory()
    page = open_cells(memory)
    qtbot.waitUntil(lambda: len(names(page)) == 2)
    page.choose("LLZO-07-Li-02")
    page.window().close()
    again = open_cells(memory)
    qtbot.waitUntil(lambda: len(names(again)) == 2)
    assert again.detail.row.name == "LLZO-07-Li-02"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_of_the_page_is_complete(store, url, tmp_path, theme, monkeypatch):
    store.register_cell(cell("LLZO-07-Li-01"))
    store.add_photo("LLZO-07-Li-01", photo(), "mounted")
    seen = []
    monkeypatch.setattr(
        "app.window.drawn.cell_photos.CellPhotos.show_small",
        lambda _self, number, _image: seen.append(number),
    )
    # A registry without a run: the picture is drawn.
    assert watch_run(url, None, tmp_path / "cells.png", "cells", theme) == 0
    assert QtGui.QImage(str(tmp_path / "cells.png")).width() >= 1440
    assert seen == [1]


def test_two_windows_see_what_the_other_one_registers(qtbot, open_cells, url, store):
    page = open_cells()
    qtbot.waitUntil(lambda: page.empty_title.text() == "No cell yet")
    with open_store(url) as other:
        other.register_cell(cell("LLZO-12-Li-01"))
    page.desk.catalogue.look()
    qtbot.waitUntil(lambda: names(page) == ["LLZO-12-Li-01"])
