"""One night at the window: an experiment is written, started, watched, helped, stopped and put away."""

import pytest

from app.runner.benches import SIMULATED_BENCH
from app.window.desk import Desk
from app.window.drawn.ask_card import AskCard
from app.window.drawn.cards import EventCard
from app.window.qt import QtCore, QtWidgets
from app.window.window import Window
from core.records import RunState

PATIENCE = 90_000
"""ms; the machine may be busy, and a test that is right must not fail for that."""
Key, Modifier = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier
LEFT = QtCore.Qt.MouseButton.LeftButton

BENCH = f"""{SIMULATED_BENCH}
[simulation.operator]
present = false
[interlocks]
dew_point = "60 °C"
dryer = ["a channel that this chamber does not have"]
"""
"""Nobody turns the screw but whoever is at the window, and the dryer gives an alarm that ends nothing."""


@pytest.fixture
def window(qtbot, store, url, tmp_path, monkeypatch):
    """The window on an empty store, from a home of its own; whatever it started is ended."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    window = Window(Desk(url))
    qtbot.addWidget(window)
    window.start()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    launched = window.page("experiment").starter.launched
    window.close()
    for each in launched:
        each.process.kill()
        each.process.wait()


def press(qtbot, window, key, modifier=Modifier.NoModifier):
    """Press a key where the keyboard is."""
    focus = QtWidgets.QApplication.focusWidget()
    qtbot.keyClick(window if focus is None else focus, key, modifier)
    # Nobody is so quick that what a key has opened is not there with the next one.
    QtWidgets.QApplication.processEvents()


def reach(qtbot, window, name):
    """Go on with Tab until the keyboard is at something of that name."""
    passed = []
    for _ in range(80):
        focus = QtWidgets.QApplication.focusWidget()
        passed.append(None if focus is None else (type(focus).__name__, focus.accessibleName()))
        if focus is not None and focus.accessibleName() == name:
            return focus
        press(qtbot, window, Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {name!r}, only {passed}")


def write(qtbot, window, name, text):
    """Go to a field with Tab and write in it."""
    field = reach(qtbot, window, name)
    if not isinstance(field, QtWidgets.QComboBox) or field.isEditable():
        press(qtbot, window, Key.Key_A, Modifier.ControlModifier)
    qtbot.keyClicks(field, text)


def choose_file(qtbot, page, path):
    """Choose a bench file in the dialog, which stands beside the window."""
    page.bench.open.setFocus()
    qtbot.keyClick(page.bench.open, Key.Key_Space)
    (dialog,) = page.findChildren(QtWidgets.QFileDialog)
    assert not dialog.isModal()
    line = dialog.findChild(QtWidgets.QLineEdit)
    line.setText(str(path))
    qtbot.keyClick(line, Key.Key_Return)


def shown_cards(window, kind):
    return [card for card in window.page("live").right.stack.cards if isinstance(card, kind)]


def snapshot_of(window):
    return window.desk.feed.view.snapshot


def happened(window, kind):
    snapshot = snapshot_of(window)
    return snapshot is not None and any(each.event.kind == kind for each in snapshot.events)


def test_a_night_from_the_empty_store_to_the_bin(qtbot, window, store, tmp_path):
    live, title = window.page("live"), window.header.title
    qtbot.waitUntil(lambda: live.empty.title.text() == "No run yet")

    fill_in_by_keyboard(qtbot, window, tmp_path)
    press(qtbot, window, Key.Key_Return, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: window.front is live, timeout=PATIENCE)
    qtbot.waitUntil(lambda: snapshot_of(window) is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: title.cell.text() == "night", timeout=PATIENCE)
    assert title.badge.isVisible()

    tighten(qtbot, window, store)
    qtbot.waitUntil(lambda: title.word.text() == "stripping", timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(snapshot_of(window).fits) >= 4, timeout=PATIENCE)

    see_the_alarm(qtbot, window, store)
    pause_and_go_on(qtbot, window, store)
    look_back(qtbot, window, store)

    qtbot.mouseClick(title.stop, LEFT)
    qtbot.waitUntil(lambda: "told stop → current off" in window.header.answer.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: title.word.text() == "stopped", timeout=PATIENCE)
    assert store.run(1).summary().state is RunState.STOPPED
    assert [each.verb for each in store.run(1).commands()].count("stop") == 1

    put_away_and_take_back(qtbot, window, store)
    assert store.check() == []


def fill_in_by_keyboard(qtbot, window, tmp_path):
    """Write the experiment without the mouse; a wrong value is refused in words."""
    press(qtbot, window, Key.Key_4, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: window.front.name == "experiment")
    page = window.front
    qtbot.waitUntil(lambda: bool(page.companion.catalogue.protocols), timeout=PATIENCE)
    write(qtbot, window, "Search protocols and templates", "pressure run")
    press(qtbot, window, Key.Key_Tab)
    for _ in range(3):
        if page.view.title.text() != "Pressure run":
            press(qtbot, window, Key.Key_Down)
    assert page.view.title.text() == "Pressure run"
    reach(qtbot, window, "Rest: show or fold the fields")
    press(qtbot, window, Key.Key_Space)
    write(qtbot, window, "Rest at least", "0.5 min")
    write(qtbot, window, "Rest at most", "1 min")
    reach(qtbot, window, "Under pressure: show or fold the fields")
    press(qtbot, window, Key.Key_Space)
    write(qtbot, window, "Stack pressure", "-3 MPa")
    write(qtbot, window, "Name", "night")
    write(qtbot, window, "Anode", "Li")
    write(qtbot, window, "Electrode diameter", "6 mm")
    write(qtbot, window, "Pace", "600")
    (tmp_path / "bench.toml").write_text(BENCH, encoding="utf-8")
    choose_file(qtbot, page, tmp_path / "bench.toml")
    qtbot.waitUntil(lambda: page.bench.bench.currentData() == str(tmp_path / "bench.toml"), timeout=PATIENCE)
    window.activateWindow()
    pressure = page.view.row("parameters.pressure")
    qtbot.waitUntil(lambda: bool(pressure.wrong.text()), timeout=PATIENCE)
    assert "between 0 and 1000 MPa" in pressure.wrong.text()
    assert not page.start_button.isEnabled()
    write(qtbot, window, "Stack pressure", "15 MPa")
    qtbot.waitUntil(lambda: not pressure.wrong.text(), timeout=PATIENCE)
    assert pressure.editor.text() == "15 MPa"
    qtbot.waitUntil(lambda: "Checking" not in page.card.headline.text(), timeout=PATIENCE)
    assert page.start_button.isEnabled(), page.card.text.text()
    assert pressure.beside.text() == "811.6 N"
    assert page.bench.speed.currentText() == "600"


def tighten(qtbot, window, store):
    """The run asks for a force on a card with a dial; Done, and it goes on."""
    qtbot.waitUntil(lambda: bool(shown_cards(window, AskCard)), timeout=PATIENCE)
    (card,) = shown_cards(window, AskCard)
    assert card.title.text().startswith("Tighten until 811.6")
    qtbot.waitUntil(lambda: card.dial.dial is not None and card.dial.dial.place is not None, timeout=PATIENCE)
    assert QtWidgets.QApplication.activeModalWidget() is None
    qtbot.mouseClick(card.buttons["acknowledge"], LEFT)
    qtbot.waitUntil(lambda: not shown_cards(window, AskCard), timeout=PATIENCE)
    assert store.run(1).requests()[0].author == window.desk.author


def see_the_alarm(qtbot, window, store):
    """The alarm has stayed although the run went on; acknowledged, it goes, and who saw it is kept."""
    (card,) = (each for each in shown_cards(window, EventCard) if each.severity == "alarm")
    assert "does not have" in card.text.text()
    assert card.remedy.text()
    press(qtbot, window, Key.Key_J, Modifier.ControlModifier)
    assert QtWidgets.QApplication.focusWidget() is card.button
    press(qtbot, window, Key.Key_Space)
    qtbot.waitUntil(lambda: card not in shown_cards(window, EventCard), timeout=PATIENCE)
    seen = [each for each in store.run(1).annotations() if each.kind == "acknowledged"]
    assert [each.author for each in seen] == [window.desk.author]


def pause_and_go_on(qtbot, window, store):
    """A note by keyboard, then a pause; both are the run's own words when they are answered."""
    live, title = window.page("live"), window.header.title
    press(qtbot, window, Key.Key_N, Modifier.ControlModifier)
    line = live.right.notes.note
    assert QtWidgets.QApplication.focusWidget() is line
    qtbot.keyClicks(line, "the pump is loud")
    press(qtbot, window, Key.Key_Return)
    qtbot.waitUntil(lambda: happened(window, "note"), timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: any("loud" in each.text for each in live.right.notes.list.lines.rows), timeout=PATIENCE
    )
    press(qtbot, window, Key.Key_P, Modifier.ControlModifier | Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: title.pause.text() == "Resume", timeout=PATIENCE)
    assert "Paused" in window.notice.text()
    assert store.run(1).summary().state is RunState.PAUSED
    fits = len(snapshot_of(window).fits)
    qtbot.waitUntil(title.pause.isEnabled, timeout=PATIENCE)
    press(qtbot, window, Key.Key_P, Modifier.ControlModifier | Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: title.pause.text() == "Pause", timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(snapshot_of(window).fits) > fits, timeout=PATIENCE)


def look_back(qtbot, window, store):
    """The cursor goes back to an earlier spectrum while the run goes on; L is live again."""
    window.setFocus()
    # A line that is written in keeps the keys of the page for itself until the next look.
    window.refresh()
    press(qtbot, window, Key.Key_Home)
    qtbot.waitUntil(lambda: snapshot_of(window).selected is not None, timeout=PATIENCE)
    assert snapshot_of(window).selected.stored.id < snapshot_of(window).last.id
    before = snapshot_of(window).last.id
    qtbot.waitUntil(lambda: snapshot_of(window).last.id > before, timeout=PATIENCE)
    assert snapshot_of(window).selected is not None
    press(qtbot, window, Key.Key_L)
    qtbot.waitUntil(lambda: snapshot_of(window).selected is None, timeout=PATIENCE)
    assert window.desk.cursor is None


def put_away_and_take_back(qtbot, window, store):
    """The run is in the table of runs; Del puts it into the bin, and Ctrl+Z takes it out again."""
    press(qtbot, window, Key.Key_2, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: window.front.name == "runs")
    page = window.front
    qtbot.waitUntil(lambda: len(page.table.runs.lines) == 1, timeout=PATIENCE)
    (line,) = page.table.runs.lines
    qtbot.waitUntil(lambda: page.table.runs.lines[0].row.state is RunState.STOPPED, timeout=PATIENCE)
    assert line.row.overview.summary.cell == "night"
    page.table.setFocus()
    press(qtbot, window, Key.Key_Down)
    assert page.table.chosen() == (1,)
    press(qtbot, window, Key.Key_Delete)
    qtbot.waitUntil(lambda: not page.table.runs.lines and page.undo.isVisible(), timeout=PATIENCE)
    assert store.runs() == []
    press(qtbot, window, Key.Key_Z, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page.table.runs.lines) == 1, timeout=PATIENCE)
    assert [each.run for each in store.runs()] == [1]
