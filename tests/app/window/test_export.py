"""Panels as files: what is on them, and what is said where they cannot be written."""

import csv
import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PyQt5.QtSvg import QSvgRenderer

from app.window.desk import Desk
from app.window.drawn import export
from app.window.qt import QtGui, QtWidgets
from app.window.window import Window

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def page(qtbot, url, live_run):
    window = Window(Desk(url))
    qtbot.addWidget(window)
    window.start()
    window.show()
    found = window.page("live")
    qtbot.waitUntil(lambda: not window.desk.feed.view.loading and found._drawn is not None)
    qtbot.wait(250)
    return found


@pytest.fixture
def exported(qtbot, page, monkeypatch, tmp_path):
    """Export a panel to a file, as if somebody had chosen it in the dialog; return path and words."""

    def exported(panel, kind, target=None):
        chosen = tmp_path / f"panel.{kind.lower()}" if target is None else target
        proposals = []

        def ask(parent, proposal, kind, then):
            proposals.append(proposal)
            then(str(chosen))

        monkeypatch.setattr(export, "ask_where", ask)
        with qtbot.waitSignal(page.desk.said) as said:
            panel.export(kind)
        return chosen, said.args[0], proposals[0]

    return exported


def test_a_picture_has_twice_the_pixels_and_is_not_blank(page, exported):
    path, words, proposal = exported(page.contact, "PNG")
    image = QtGui.QImage(str(path))
    assert image.width() == 2 * (page.contact.resistance.width() + 16)
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 20
    assert words == f"written: {path}"
    assert proposal == "run 1 LLZO-07-LiMg-03 contact.png"


def test_vectors_are_sound_say_where_they_come_from_and_are_clipped_to_the_frame(page, exported):
    path, _, _ = exported(page.voltage, "SVG")
    root = ET.parse(path).getroot()
    words = " ".join("".join(each.itertext()).strip() for each in root.iter(f"{SVG}text"))
    for each in ("Voltage and conditions", "run 1", "LLZO-07-LiMg-03", "SIMULATED", "MPa"):
        assert each in words
    clipped = [each for each in root.iter(f"{SVG}g") if each.get("clip-path")]
    names = {each.get("id") for each in root.iter(f"{SVG}clipPath")}
    assert len(clipped) == len(page.voltage.plots) == len(names)
    assert {f"url(#{name})" for name in names} == {each.get("clip-path") for each in clipped}
    assert all(
        len(list(each.iter(f"{SVG}path"))) > 0 or len(list(each.iter(f"{SVG}polyline"))) > 0
        for each in clipped
    )
    assert not list(root.iter(f"{SVG}image"))
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    assert renderer.defaultSize().width() == page.voltage.plot.width() + 16


def test_a_real_run_is_not_called_simulated(page, exported):
    page.contact.show_origin(page.contact.origin.__class__(7, "C", "P", page.contact.origin.started, False))
    path, _, _ = exported(page.contact, "SVG")
    assert "SIMULATED" not in path.read_text()


def test_a_panel_looks_the_same_after_it_was_exported(page, exported):
    before = page.contact.grab().toImage()
    exported(page.contact, "SVG")
    assert page.contact.grab().toImage() == before


def table(path):
    text = path.read_text("utf-8-sig")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    rows = list(
        csv.reader(io.StringIO("\n".join(line for line in text.splitlines() if not line.startswith("#"))))
    )
    return comments, rows[0], rows[1:]


def test_a_table_has_headings_with_units_and_says_where_it_comes_from(page, exported):
    path, _, _ = exported(page.contact, "CSV")
    comments, headings, rows = table(path)
    assert comments[0] == "# Contact"
    assert "run 1 · LLZO-07-LiMg-03" in comments[1]
    assert comments[1].endswith("SIMULATED")
    assert comments[2].startswith("# exported 20")
    assert headings[:3] == ["t / s", "Q / mAh cm⁻²", "R_int / kΩ cm²"]
    assert len(rows) == 24
    shown = page.contact.columns()
    assert np.array([float(row[2]) for row in rows]) == pytest.approx(shown["R_int / kΩ cm²"])


def test_a_table_of_traces_is_what_is_in_view(page, exported):
    page.voltage.plot.setXRange(1.0, 2.0, padding=0)
    _, headings, rows = table(exported(page.voltage, "CSV")[0])
    hours = [float(row[0]) for row in rows if row[0]]
    assert headings == ["t of E / h", "E / V", "t of T / h", "T / °C", "t of p / h", "p / MPa"]
    assert len(hours) == 37 + 2
    assert min(hours) == pytest.approx(1.0, abs=0.05)
    assert max(hours) == pytest.approx(2.0, abs=0.05)


def test_a_folder_that_is_gone_is_told_in_words(page, exported, tmp_path):
    target = tmp_path / "gone" / "x.svg"
    _, words, _ = exported(page.contact, "SVG", target)
    assert str(target) in words
    assert "was not written" in words
    assert "choose another folder" in words


def test_a_full_disk_leaves_what_was_there_before(page, exported, tmp_path, monkeypatch):
    target = tmp_path / "x.csv"
    target.write_text("before")

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    _, words, _ = exported(page.contact, "CSV", target)
    assert "No space left on device" in words
    assert target.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_panel_that_shows_nothing_yet_says_so_instead_of_an_empty_table(qtbot, page, exported, tmp_path):
    page.contact._contact = None
    path, words, _ = exported(page.contact, "CSV")
    assert words == "Contact shows nothing yet, so there is no table to write."
    assert not path.exists()


def test_the_dialog_keeps_nobody_from_the_window(qtbot, page):
    chosen = []
    export.ask_where(page.contact, "x.png", "PNG", chosen.append)
    dialog = page.contact.findChild(QtWidgets.QFileDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    dialog.fileSelected.emit("/somewhere/x.png")
    assert chosen == ["/somewhere/x.png"]
    dialog.close()
