"""An experiment written, checked, opened, saved and rehearsed in the real window, with the real processes."""

import os
import signal
import sys

import pytest

from app.window.qt import QtCore, QtWidgets
from storage import open_store

Key, Modifier = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier
REAL = (
    'name = "bench 9"\n[potentiostat]\nbackend = "hardware"\nmodel = "vmp300"\naddress = "192.0.2.1"\n'
    'library = "C:/EC-Lab Development Package/lib"\n'
)


def test_an_untouched_form_says_what_to_do_and_scolds_nobody(shared):
    page = shared.page
    assert shared.checked().headline.startswith("Choose a protocol")
    assert page.view.row("cell.name").wrong.isHidden()
    assert not page.start_button.isEnabled()


@pytest.mark.parametrize(
    ("protocol", "path", "text", "words"),
    [
        ("GeisStripping", "parameters.current_density", "0.1 A", "cannot be read as µA/cm²"),
        ("GeisStripping", "parameters.current_density", "20 mA/cm²", "between 1 and 10000"),
        ("GeisStripping", "parameters.charge_limit", "nan", "is not a quantity"),
        ("GeisStripping", "parameters.confirmations", "2.5", "whole number"),
        ("GeisStripping", "parameters.threshold", "10 V", "the two differ"),
        ("ArrheniusPeis", "parameters.temperatures", "hot", "hot"),
        ("GeisStripping", "cell.name", "", "missing"),
        ("GeisStripping", "cell.electrode_diameter", "20 mm", "larger than the pellet"),
        ("GeisStripping", "cell.counter.thickness", "-1 µm", "-1"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_can_be_started(shared, protocol, path, text, words):
    page = shared.page
    assert not shared.fill_in(protocol, **{path: text}).ready
    assert words in " ".join(each.words for each in page.experiment.shown.problems if each.path == path)
    row = page.view.row(path)
    assert row.editor.property("wrong")
    assert row.wrong.text().startswith("■")
    assert not page.start_button.isEnabled()
    page.start()
    assert not page.starter.going


@pytest.mark.parametrize(
    ("path", "text"), [("bench", "/nowhere/bench.toml"), ("speed", "sideways"), ("speed", "0")]
)
def test_a_wrong_bench_or_pace_is_told_at_its_field_and_nothing_can_be_started(shared, path, text):
    page = shared.page
    assert not shared.fill_in(**{path: text}).ready
    assert text in page.bench.wrong.text()
    assert getattr(page.bench, path).property("wrong")
    assert page.experiment.shown.problems[-1].path == path
    page.start()
    assert not page.starter.going
    assert shared.fill_in(bench="", speed="60").ready
    assert page.bench.wrong.isHidden()
    assert not getattr(page.bench, path).property("wrong")


def test_typing_a_pace_is_checked_as_the_rest_is(qtbot, shared):
    page = shared.page
    shared.fill_in()
    line = page.bench.speed.lineEdit()
    line.selectAll()
    qtbot.keyClicks(line, "fast")
    assert not shared.checked().ready
    assert "'fast'" in page.bench.wrong.text()


def test_typing_is_checked_after_a_moment_and_undone_with_the_keys(qtbot, shared):
    page = shared.page
    shared.fill_in("GeisStripping", **{"parameters.current_density": ""})
    line = page.view.row("parameters.current_density").editor
    line.setFocus()
    qtbot.keyClicks(line, "0.1 mA/cm²")
    assert shared.checked().ready
    assert page.view.row("parameters.current_density").beside.text() == "28.27 µA"
    qtbot.keyClick(line, Key.Key_Z, Modifier.ControlModifier)
    shared.until(lambda: line.text() == "")
    assert page.experiment.form.text("cell.name") == "form test"


def test_real_instruments_need_a_tick_of_their_own_on_the_bench_file_that_is_chosen(
    shared, tmp_path, choose_file
):
    page = shared.page
    bench = tmp_path / "real.toml"
    bench.write_text(REAL, encoding="utf-8")
    shared.fill_in("GeisStripping")
    asked = choose_file(bench)
    page.bench.open.click()
    assert asked == [("Choose a bench file", QtWidgets.QFileDialog.AcceptMode.AcceptOpen, False)]
    assert shared.checked().ready, page.experiment.shown
    assert page.bench.bench.currentText() == "real.toml"
    assert page.bench.speed.isHidden()
    assert "192.0.2.1" in page.card.real.text()
    assert "Current will flow" in page.card.real.text()
    assert page.card.text.text().index("What will be done") < page.card.text.text().index("Takes")
    assert not page.start_button.isEnabled()
    page.card.confirm.setChecked(True)
    assert page.start_button.isEnabled()
    page.write("parameters.current_density", "200 µA/cm²")
    shared.checked()
    assert not page.card.confirm.isChecked()
    assert not page.start_button.isEnabled()


def test_an_experiment_is_saved_and_opened_through_the_dialogs(shared, tmp_path, choose_file):
    page = shared.page
    shared.fill_in()
    path = tmp_path / "one.toml"
    asked = choose_file(path)
    page._save()
    shared.until(lambda: page.bar.said.text() == f"Saved {path}.")
    assert asked[-1][1] == QtWidgets.QFileDialog.AcceptMode.AcceptSave
    path.write_text(path.read_text(encoding="utf-8").replace("form test", "from a file"), encoding="utf-8")
    page._open()
    shared.until(lambda: page.experiment.form.text("cell.name") == "from a file")
    assert asked[-1][1] == QtWidgets.QFileDialog.AcceptMode.AcceptOpen
    shared.checked()
    choose_file(tmp_path / "none.toml")
    page._open()
    shared.until(lambda: "none.toml" in page.bar.said.text())
    choose_file(tmp_path / "no folder" / "one.toml")
    page._save()
    shared.until(lambda: "cannot be written" in page.bar.said.text())


def test_what_cannot_start_is_not_saved_and_no_dialog_is_opened(shared, tmp_path, choose_file):
    shared.fill_in(**{"cell.name": ""})
    asked = choose_file(tmp_path / "one.toml")
    shared.page._save()
    assert not asked
    assert "nothing is to be mended" in shared.page.bar.said.text()


def test_a_cell_is_registered_and_chosen_again(shared):
    page = shared.page
    shared.fill_in(**{"cell.name": "LLZO-{n:02d}"})
    assert "LLZO-01" in page.cell.number.text()
    page.cell.register.click()
    shared.until(lambda: page.cell.known.count() > 1)
    with open_store(page.desk.store_url) as store:
        assert [each.name for each in store.cells()] == ["LLZO-01"]
    shared.until(lambda: "LLZO-02" in page.cell.number.text())
    page.cell.known.setCurrentIndex(1)
    page.cell.known.activated.emit(1)
    shared.until(lambda: page.experiment.form.text("cell.name") == "LLZO-01")
    assert page.experiment.form.text("cell.electrode_diameter") == "6 mm"


def test_a_cell_in_which_something_is_wrong_is_not_registered(shared):
    shared.fill_in(**{"cell.electrode_diameter": "20 mm"})
    shared.page.cell.register.click()
    assert "not registered" in shared.page.bar.said.text()


def test_templates_are_kept_filled_in_removed_and_lie_among_the_removed(shared, home):
    page = shared.page
    shared.fill_in("GeisStripping", **{"parameters.current_density": "50 µA/cm²"})
    page.template_line.ask("slow", ())
    page.template_line.button.click()

    def names():
        return [page.list.templates.item(at).text() for at in range(page.list.templates.count())]

    shared.until(lambda: "slow" in names())
    page.write("protocol", "OcvRest")
    page.list.templates.itemActivated.emit(page.list.templates.item(names().index("slow")))
    assert page.experiment.form.text("parameters.current_density") == "50 µA/cm²"
    page.list.templates.setCurrentRow(names().index("slow"))
    page.list.remove.click()
    shared.until(lambda: "slow" not in names())
    folder = home / "XDG_DATA_HOME" / "stripbench" / "templates" / "removed"
    assert [each.name for each in folder.iterdir() if each.name.startswith("slow")]


def test_a_rehearsal_is_cancelled_and_then_shows_its_forecast_in_place_of_the_form(shared):
    page = shared.page
    assert shared.fill_in().ready
    page.rehearse()
    assert page.middle.currentWidget() is page.forecast
    page.forecast.cancel.click()
    shared.until(lambda: not page.rehearser.going)
    assert "cancelled" in page.forecast.title.text()
    page.rehearse()
    shared.until(lambda: not page.rehearser.going)
    assert page.forecast.said.text().startswith("Takes"), page.forecast.said.text()
    assert "OcvRest" in page.forecast.text.toPlainText()
    page.forecast.back.click()
    assert page.middle.currentWidget() is page.view


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_the_companion_process_killed_is_started_again_and_that_is_said(shared):
    page = shared.page
    shared.fill_in()
    os.kill(page.companion.drafts.pid, signal.SIGKILL)
    page.write("parameters.rest_minimum", "2 min")
    assert shared.checked().ready
    shared.until(lambda: "started again" in page.bar.said.text())
